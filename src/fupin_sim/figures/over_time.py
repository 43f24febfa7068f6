"""Figure: measures over time by arm, small multiples with bands."""

from __future__ import annotations

from math import gcd
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin_sim.dated import month_number
from fupin_sim.figures.lines import year_axis
from fupin_sim.figures.style import GREY, LOOKS, footnote, page, readable
from fupin_sim.figures.tidy import broken, checked, difference_unit, in_order, measure_unit, pairs_told

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("month", "arm", "measure", "mean", "low", "high")
MOST_BESIDE = 4


def over_time(frame: pd.DataFrame, title: str, baseline: str = "", *, differences: bool = False) -> Figure:
    """Each measure over time, a panel an arm, all panels of a measure on one scale.

    frame: a row a month, arm and measure: month ("2016-12"), arm, measure, unit, mean, low, high, n. baseline: an arm
    that is drawn thin and grey in the panels of all others. differences: to a baseline; a zero line is drawn. Months
    that are missing are gaps. Raises ValueError.
    """
    checked(frame, COLUMNS)
    arms, measures = in_order(frame["arm"]), in_order(frame["measure"])
    shown = [arm for arm in arms if arm != baseline] or arms
    beside = min(len(shown), MOST_BESIDE)
    per_measure = -(-len(shown) // beside)
    rows = per_measure * len(measures)
    wrapped = 38 if beside <= 2 else 26 if beside == 3 else 20
    titles = max(broken(arm, wrapped).count("\n") + 1 for arm in shown)
    figure = page(0.8 + rows * (1.45 + 0.15 * titles), title)
    places = figure.subplots(rows, beside, sharex=True, sharey=False, squeeze=False)
    years = _years(frame)
    for nth, measure in enumerate(measures):
        mine = places[nth * per_measure : (nth + 1) * per_measure]
        _measure(mine, frame, measure, (shown, baseline, wrapped), years, differences)
    figure.align_ylabels()
    told = pairs_told(frame).replace("pairs", "pairs" if differences else "replicates")
    beside_it = f"grey, dashed: {readable(baseline)}" if baseline in arms and shown != arms else ""
    parts = (told, "bands: 95 % Student intervals in each month", beside_it)
    footnote(figure, "; ".join(each for each in parts if each) + ".")
    return figure


def _measure(
    places: Any, frame: pd.DataFrame, measure: str, arms: tuple[list[str], str, int], years: Any, differences: bool
) -> None:
    shown, baseline, wrapped = arms
    scale, unit = measure_unit(frame, measure)
    rows = frame[frame["measure"] == measure]
    flat, beside = places.ravel(), places.shape[1]
    for nth, axes in enumerate(flat):
        if nth >= len(shown):
            axes.set_axis_off()
            flat[nth - beside].tick_params(axis="x", which="both", labelbottom=True)
            continue
        if baseline and baseline != shown[nth]:
            _line(axes, rows[rows["arm"] == baseline], scale, GREY, (0, (3, 1.5)), thin=True)
        _line(axes, rows[rows["arm"] == shown[nth]], scale, LOOKS[0].colour, "-", thin=False)
        axes.set_title(broken(shown[nth], wrapped), fontsize=8, fontweight="normal")
        axes.grid(axis="y")
        axes.yaxis.set_major_formatter("{x:,.6g}")
        year_axis(axes, years)
        if beside > 2:
            axes.tick_params(axis="x", which="minor", labelrotation=90, labelsize=7.5)
        if nth % beside:
            axes.tick_params(axis="y", labelleft=False)
        else:
            said = difference_unit(scale, unit) if differences else unit
            axes.set_ylabel("\n".join(broken(each, 20) for each in (measure, said) if each))
        if differences:
            axes.axhline(0, color=GREY, linewidth=1, zorder=1)
    _one_scale(flat[: len(shown)])


def _line(axes: Axes, rows: pd.DataFrame, scale: float, colour: str, line: Any, *, thin: bool) -> None:
    """One arm on a regular grid of months, so that what is missing is a gap and not a slope."""
    if not len(rows):
        return
    rows = rows.assign(number=[month_number(str(month)) for month in rows["month"]]).set_index("number").sort_index()
    step = gcd(*(int(month - rows.index[0]) for month in rows.index)) or 12
    rows = rows.reindex(range(rows.index[0], rows.index[-1] + 1, step))
    yearly = step % 12 == 0
    time = np.array([month // 12 + 0.5 if yearly else (month + 0.5) / 12 for month in rows.index])
    mean, low, high = (rows[name].to_numpy(np.float64) * scale for name in ("mean", "low", "high"))
    if not thin:
        axes.fill_between(time, low, high, color=colour, alpha=0.25, linewidth=0)
    marker = "o" if yearly and not thin else ""
    axes.plot(time, mean, color=colour, linestyle=line, linewidth=1.0 if thin else 1.6, marker=marker, markersize=3)


def _years(frame: pd.DataFrame) -> Any:
    """First month and number of years, as the axis of years asks of a scenario."""
    months = [month_number(str(month)) for month in frame["month"].unique()]
    first = min(months) // 12
    return SimpleNamespace(start=12 * first, years=max(months) // 12 - first + 1)


def _one_scale(places: Any) -> None:
    low = min(axes.get_ylim()[0] for axes in places)
    high = max(axes.get_ylim()[1] for axes in places)
    for axes in places:
        axes.set_ylim(low, high)
