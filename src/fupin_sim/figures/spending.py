"""Figure: what each instrument spent, and which tenth of the people got it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.figures.data import CONSTANT, Units, grid, groups, mean, replicates_note, units_told
from fupin_sim.figures.lines import draw_stack, year_axis, zero_line
from fupin_sim.figures.parts import parts_of
from fupin_sim.figures.style import LOOKS, axis_unit, beside, footnote, name_value_axis, page, say_instead
from fupin_sim.intervals import student
from fupin_sim.replicates import Replicate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TENTHS = range(1, 11)


def spending(results: Sequence[Replicate], units: Units | None = None) -> Figure:
    """Above, spending by instrument over time; below, the share of it that each tenth by income received."""
    figure = page(5.9, results[0].scenario.title)
    footnote(figure, replicates_note(results, "bars with ends") + CONSTANT)
    above, below = figure.subplots(2, 1)
    _by_instrument(above, results, units_told(results, units))
    _by_tenth(below, results)
    return figure


def shares_by_tenth(results: Sequence[Replicate]) -> NDArray[np.float64]:
    """Per cent of what all households received that went to each income tenth, shape (10, replicates); NaN if none."""
    values = [grid(results, "received_by_decile", f"decile:{tenth}").values for tenth in TENTHS]
    got = np.stack([np.nan_to_num(value).sum(axis=0) for value in values])
    with np.errstate(invalid="ignore"):
        return np.asarray(100 * got / got.sum(axis=0))


def _by_instrument(axes: Axes, results: Sequence[Replicate], units: dict[str, str]) -> None:
    axes.set_title("Spending by instrument")
    parts = parts_of(results, "spending_by_policy", "policy", {})
    if parts is None or not any(np.nansum(part) > 0 for part in parts.values):
        whole = grid(results, "spending")
        quiet = parts is not None or (not whole.empty and not mean(whole.values).any())
        say_instead(axes, "No policy spent anything." if quiet else "This run did not record spending_by_policy.")
        return
    scale, text = axis_unit(units.get("spending_by_policy", ""))
    areas = draw_stack(axes, parts.time, [part * scale for part in parts.values], parts.looks, yearly=parts.yearly)
    name_value_axis(axes, text or "spending")
    axes.yaxis.set_major_formatter("{x:,.6g}")
    zero_line(axes, 0)
    year_axis(axes, results[0].scenario)
    beside(axes, areas[::-1], parts.names[::-1])


def _by_tenth(axes: Axes, results: Sequence[Replicate]) -> None:
    axes.set_title("Who got it")
    shares = shares_by_tenth(results)
    found = student(shares)
    if np.isnan(found.mean).all():
        recorded = groups(results, "received_by_decile", "decile")
        say_instead(axes, "Nobody received anything." if recorded else "This run did not record received_by_decile.")
        return
    shown: dict[str, Any] = {"received": axes.bar(TENTHS, found.mean, 0.75, color=LOOKS[5].colour)}
    if (found.n > 1).any():
        half = found.high - found.mean
        ends = axes.errorbar(TENTHS, found.mean, half, fmt="none", ecolor="black", elinewidth=1, capsize=3)
        shown["95 % interval"] = ends
    shown["an equal share"] = axes.axhline(10, color="black", linestyle=(0, (4, 2)), linewidth=1)
    axes.set_xlabel("tenth by income of the year before, 1 the poorest")
    axes.set_ylabel("% of all that was received")
    axes.set_xticks(list(TENTHS))
    axes.set_xlim(0.4, 10.6)
    axes.yaxis.set_major_formatter("{x:g}")
    zero_line(axes, 0)
    beside(axes, list(shown.values()), list(shown))
