"""What is drawn over time: lines with bands, parts that add up, the axis of years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.figures.data import Grid
from fupin_sim.figures.style import GREY, Look
from fupin_sim.intervals import student

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes


def draw_line(axes: Axes, shown: Grid, look: Look, scale: float, *, thin: bool, nth: int = 0) -> list[Artist]:
    """The mean over replicates with its 95 % band, and thin lines for the single replicates if asked.

    nth: how many lines were drawn before; each is a little narrower, so that two that coincide are both seen.
    Returns the artists for a legend: line, then band, then thin line, as far as they are drawn.
    """
    values = shown.values * scale
    found = student(values)
    more: list[Artist] = []
    if values.shape[1] > 1:
        band: Any = {"color": look.colour, "alpha": 0.25, "linewidth": 0}
        more.append(axes.fill_between(shown.time, found.low, found.high, zorder=1, **band))
        if thin:
            more += axes.plot(shown.time, values, color=look.colour, linewidth=0.4, alpha=0.4, zorder=1.5)[:1]
    marker = look.marker if shown.yearly else ""
    width, size = (1.8, 4) if thin else (2.6 * 0.7**nth, 6.5 * 0.75**nth)
    (line,) = axes.plot(
        shown.time, found.mean, color=look.colour, linestyle=look.line, marker=marker,
        linewidth=width, markersize=size, zorder=3, clip_on=False,
    )  # fmt: skip
    alone = _alone(found.mean)
    if alone.any():  # a point between two gaps has neither line nor band to be seen by
        point: Any = {"fmt": look.marker, "color": look.colour, "capsize": 3, "elinewidth": 1}
        axes.errorbar(shown.time[alone], found.mean[alone], (found.high - found.mean)[alone], **point)
    return [line, *more]


def draw_stack(
    axes: Axes, time: NDArray[np.float64], parts: Sequence[NDArray[np.float64]], looks: Sequence[Look], *, yearly: bool
) -> list[Any]:
    """Parts stacked on each other, as areas or, if yearly, as bars; what is negative hangs below zero.

    time: (m,), parts: each (m,), NaN where missing. Returns one artist per part, for the legend.
    """
    up = np.zeros(len(time))
    down = np.zeros(len(time))
    drawn: list[Any] = []
    for part, look in zip(parts, looks, strict=True):
        filled = np.nan_to_num(part)
        base = np.where(filled >= 0, up, down)
        top = base + filled
        face: Any = {"facecolor": look.colour, "hatch": look.hatch, "edgecolor": "#333333", "linewidth": 0.4}
        if yearly:
            drawn.append(axes.bar(time, filled, 0.8, bottom=base, **face))
        else:
            drawn.append(axes.fill_between(time, base, np.where(np.isnan(part), np.nan, top), **face))
        up, down = np.where(filled >= 0, top, up), np.where(filled < 0, top, down)
    return drawn


def year_axis(axes: Axes, scenario: Any) -> None:
    """The scenario's years. A few: ticks where years meet, their names in between. Many: every second, fifth … name."""
    from matplotlib.ticker import FixedFormatter, FixedLocator

    first = int(scenario.start) // 12
    last = -(-(int(scenario.start) + 12 * int(scenario.years)) // 12)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= 9 or step == 100)
    named = [year for year in range(first, last) if year % step == 0]
    where_years_meet = list(range(first, last + 1)) if step == 1 else []
    axes.xaxis.set_major_locator(FixedLocator(where_years_meet))
    axes.xaxis.set_major_formatter(FixedFormatter([""] * len(where_years_meet)))
    axes.xaxis.set_minor_locator(FixedLocator([year + 0.5 for year in named]))
    axes.xaxis.set_minor_formatter(FixedFormatter([str(year) for year in named]))
    axes.tick_params(axis="x", which="minor", length=0 if step == 1 else 3.5, pad=3)
    axes.set_xlim(first, last)


def from_zero(axes: Axes, highest: float) -> bool:
    """Begin at zero and end not far above the highest mean, lest a wide band flatten the lines; was a band cut?"""
    room = min(axes.get_ylim()[1], 2.5 * highest) if highest > 0 else 1.0
    axes.set_ylim(0, room)
    axes.grid(axis="y")
    return bool(axes.dataLim.y0 < 0 or axes.dataLim.y1 > room)


def zero_line(axes: Axes, lowest: float) -> None:
    """Begin at zero; only if something lies below it, go there and draw the zero."""
    if lowest < 0:
        axes.axhline(0, color=GREY, linewidth=0.8)
    else:
        axes.set_ylim(bottom=0)
    axes.grid(axis="y")


def _alone(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    there = np.pad(np.isfinite(values), 1)
    return np.asarray(there[1:-1] & ~there[:-2] & ~there[2:])
