"""Figure: how long those who left the register stay out of poverty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fupin_sim.figures.data import Units, replicates_note
from fupin_sim.figures.style import GREY, LOOKS, footnote, page, say_instead
from fupin_sim.intervals import student
from fupin_sim.replicates import Replicate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


TITLE = "Still out of poverty after leaving the register"


def out_of_poverty(at_risk: NDArray[np.float64], returned: NDArray[np.float64]) -> NDArray[np.float64]:
    """Life-table survival ∏(1 − returned / at risk) along the first axis, years 1, 2, …; NaN once nobody is at risk.

    The product-limit estimate of Kaplan and Meier (1958), exact here since everybody is looked at once a year.

    >>> out_of_poverty(np.array([7.0, 6, 4, 3, 2]), np.array([1.0, 1, 1, 0, 1])).round(4)
    array([0.8571, 0.7143, 0.5357, 0.5357, 0.2679])
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        stay = np.where(at_risk > 0, 1 - returned / at_risk, np.nan)
    return np.asarray(np.cumprod(stay, axis=0))


def survival_since_exit(results: Sequence[Replicate], units: Units | None = None) -> Figure:
    """Share not yet returned, by years since exit, with bands over replicates and numbers at risk beneath."""
    at_risk, returned = (_years_by_replicate(results, column) for column in ("at_risk", "returned"))
    figure = page(4.2, results[0].scenario.title)
    if not at_risk.any():
        footnote(figure, replicates_note(results, intervals=""))
        axes = figure.subplots()
        axes.set_title(TITLE)
        say_instead(axes, "Nobody left the register early enough to be looked at a year later.")
        return figure
    note = replicates_note(results) + (" Thin lines: single replicates." if len(results) > 1 else "")
    footnote(figure, note + " Exits of all years are pooled; each is followed until its return or the end.")
    above, beneath = figure.subplots(2, 1, height_ratios=[6, 1], sharex=True)
    _curve(above, out_of_poverty(at_risk, returned))
    _numbers(beneath, {"at risk": at_risk.mean(axis=1), "returned": returned.mean(axis=1)}, len(results))
    return figure


def _years_by_replicate(results: Sequence[Replicate], column: str) -> NDArray[np.float64]:
    """A column of the survival tables, shape (years, replicates), years 1, 2, …; 0 where a replicate has no row."""
    years = [result.survival["years_since_exit"].to_numpy(dtype=int) for result in results]
    laid = np.zeros((max((int(year.max(initial=0)) for year in years), default=0), len(results)))
    for i, (result, year) in enumerate(zip(results, years, strict=True)):
        later = year >= 1  # in the December of the exit itself nobody has returned yet
        laid[year[later] - 1, i] = result.survival[column].to_numpy(dtype=np.float64)[later]
    return laid


def _curve(axes: Axes, out: NDArray[np.float64]) -> None:
    steps = 100 * np.vstack([np.ones(out.shape[1]), out])
    steps = np.vstack([steps, steps[-1:]])
    years = np.append(np.arange(len(out) + 1), len(out) + 0.4)  # the last step is held a little, to be seen
    found = student(steps)
    look = LOOKS[0]
    if steps.shape[1] > 1:
        axes.plot(years, steps, drawstyle="steps-post", color=look.colour, linewidth=0.4, alpha=0.4)
        axes.fill_between(years, found.low, found.high, step="post", color=look.colour, alpha=0.25, linewidth=0)
    marked = list(range(len(out) + 1))
    axes.plot(years, found.mean, drawstyle="steps-post", color=look.colour, marker=look.marker, markevery=marked)
    lowest = float(np.nanmin(steps))
    floor = 0.0 if lowest < 50 else np.floor((lowest - 1) / 5) * 5
    axes.set_title(TITLE)
    axes.set_ylim(floor, 100 + (100 - floor) * 0.02)
    axes.set_xlim(-0.15, len(out) + 0.4)
    axes.set_ylabel("not returned, % of households" + (f"\n(axis begins at {floor:.0f} %)" if floor else ""))
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(axis="y")


def _numbers(axes: Axes, rows: dict[str, NDArray[np.float64]], replicates: int) -> None:
    """Numbers beneath the curve, on its axis of years."""
    count = len(next(iter(rows.values())))
    step = -(-count // 12)
    axes.set_ylim(-len(rows), 0)
    axes.set_yticks([-0.5 - i for i in range(len(rows))], list(rows))
    axes.tick_params(axis="both", length=0)
    axes.set_xticks(range(0, count + 1, step))
    axes.spines[:].set_visible(False)
    for i, values in enumerate(rows.values()):
        for year in range(step, count + 1, step):
            digits = 1 if replicates > 1 and 0 < values[year - 1] < 10 else 0
            number = f"{values[year - 1]:,.{digits}f}"
            axes.text(year, -0.5 - i, number, ha="center", va="center", fontsize=8, color=GREY)
    what = "households" if replicates == 1 else "households, mean of the replicates"
    axes.set_xlabel(f"years since leaving the register (numbers: {what})")
