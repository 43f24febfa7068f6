"""Figure: effects of arms against the baseline with their paired intervals, a panel a measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fupin_sim.figures.style import GREY, Look, footnote, page, readable
from fupin_sim.figures.tidy import (
    broken,
    checked,
    difference_unit,
    few_ticks,
    in_order,
    looks_of,
    measure_unit,
    pairs_told,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("arm", "measure", "mean", "low", "high")
MOST_BESIDE = 3
INK = "#333333"
"""Of bars and edges, for a yellow bar would not be seen on paper."""


def effects(frame: pd.DataFrame, title: str, baseline: str = "") -> Figure:
    """Difference of each arm to the baseline by measure, with interval and zero line.

    frame: a row an arm and measure: arm, measure, unit, mean, low, high, n, in the order in which they are shown; mean,
    low and high of the differences in the unit of the measure. An effect without interval (NaN) is a point alone.
    baseline: its name. Raises ValueError for no rows, missing columns or more than eight arms.
    """
    checked(frame, COLUMNS)
    arms, measures = in_order(frame["arm"]), in_order(frame["measure"])
    looks = looks_of(arms)
    beside = min(len(measures), MOST_BESIDE)
    rows = -(-len(measures) // beside)
    figure = page(0.9 + rows * (0.95 + 0.36 * max(len(arms), 2)), title)
    places = np.atleast_1d(figure.subplots(rows, beside, sharey=True, squeeze=False)).ravel()
    for axes, measure in zip(places, measures, strict=False):
        _panel(axes, frame, measure, arms, looks)
    for axes in places[len(measures) :]:
        axes.set_axis_off()
    against = f" {readable(baseline)}" if baseline else " the baseline"
    told = ", ".join(each for each in (pairs_told(frame), "bars: paired 95 % Student intervals") if each)
    filled = "filled marker: the interval excludes 0" if frame["low"].notna().any() else ""
    footnote(figure, f"Differences to{against}, replicate by replicate on the same luck; {told}"
             f"{'; ' + filled if filled else ''}.")  # fmt: skip
    return figure


def _panel(axes: Axes, frame: pd.DataFrame, measure: str, arms: list[str], looks: dict[str, Look]) -> None:
    from matplotlib.ticker import FuncFormatter

    scale, unit = measure_unit(frame, measure)
    rows = frame[frame["measure"] == measure]
    axes.axvline(0, color=GREY, linewidth=1, zorder=1)
    for place, arm in enumerate(arms):
        for mean, low, high in rows.loc[rows["arm"] == arm, ["mean", "low", "high"]].to_numpy(np.float64) * scale:
            _effect(axes, place, mean, low, high, looks[arm])
    axes.set_title(broken(measure, 24))
    axes.set_xlabel(broken(difference_unit(scale, unit), 30))
    axes.set_yticks(range(len(arms)), [broken(arm, 24) for arm in arms])
    axes.set_ylim(len(arms) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.6g}".replace("-", "−")))
    axes.margins(x=0.12)
    few_ticks(axes)
    axes.grid(axis="x")


def _effect(axes: Axes, place: int, mean: float, low: float, high: float, look: Look) -> None:
    """One effect; the marker is hollow where the interval holds 0, or there is none."""
    apart = low > 0 or high < 0
    if np.isfinite(low) and np.isfinite(high):
        axes.plot([low, high], [place, place], color=INK, linewidth=1.4, solid_capstyle="butt", zorder=2)
        axes.plot([low, high], [place, place], color=INK, marker="|", linestyle="", markersize=7, zorder=2)
    axes.plot(
        [mean], [place], marker=look.marker, markersize=7, linestyle="", zorder=3, markeredgecolor=INK,
        markerfacecolor=look.colour if apart else "white", markeredgewidth=0.9,
    )  # fmt: skip
