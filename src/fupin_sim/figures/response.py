"""Figure: how measures respond to one factor, a line with a band an arm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from fupin_sim.figures.style import GREY, footnote, name_value_axis, page, readable
from fupin_sim.figures.tidy import (
    broken,
    checked,
    difference_unit,
    in_order,
    looks_of,
    measure_unit,
    pairs_told,
    path_broken,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLUMNS = ("arm", "measure", "mean", "low", "high")
MOST_BANDS = 4
MOST_TICKS = 8


def response(frame: pd.DataFrame, factor: str, title: str, unit: str = "", *, differences: bool = False) -> Figure:
    """Mean of each measure over the values of a factor, by arm, with bands, a panel a measure.

    frame: a row a value, arm and measure: FACTOR, arm, measure, unit, mean, low, high, n. factor: the column; its
    values are numbers, or words, which stand side by side in the order given. unit: of the factor. differences: the
    means are differences to a baseline, so a zero line is drawn. Of more than four arms bars are drawn, not bands,
    which would cover one another. Raises ValueError.
    """
    checked(frame, (factor, *COLUMNS))
    arms, measures = in_order(frame["arm"]), in_order(frame["measure"])
    looks = looks_of(arms)
    lines = 0 if len(arms) == 1 else len(arms) if _long(arms) else -(-len(arms) // 2)
    figure = page(1.1 + 2.0 * len(measures) + 0.2 * lines, title)
    *places, below = figure.subplots(len(measures) + 1, 1, height_ratios=[2.0] * len(measures) + [0.2 * lines + 0.01])
    below.set_axis_off()
    words = frame[factor].dtype.kind not in "iuf"
    values = in_order(frame[factor]) if words else sorted(frame[factor].unique())
    bars = words or len(arms) > MOST_BANDS
    shift = _shift(values, words, arms) if bars else 0.0
    for axes, measure in zip(places, measures, strict=True):
        handles = _panel(axes, frame, factor, measure, looks, (values, words, bars, shift), differences)
        axes.tick_params(labelbottom=axes is places[-1])
    places[-1].set_xlabel(path_broken(factor, unit, 70))
    for axes in places if words else ():
        axes.set_xticks(range(len(values)), [broken(str(value), 14) for value in values])
    for axes in places if not words and len(values) <= MOST_TICKS else ():
        axes.set_xticks(values)  # where arms stand beside one another it must be seen at which value
    if len(arms) > 1:
        told_arms = [broken(arm, 80 if _long(arms) else 40) for arm in arms]
        below.legend(handles, told_arms, loc="upper left", ncols=1 if _long(arms) else 2, borderaxespad=0)
    figure.align_ylabels()
    told = pairs_told(frame).replace("pairs", "pairs" if differences else "replicates")
    footnote(
        figure,
        "; ".join(
            each for each in (told, f"{'bars' if bars else 'bands'}: 95 % Student intervals at each value") if each
        )
        + ".",
    )
    return figure


def _panel(
    axes: Axes, frame: pd.DataFrame, factor: str, measure: str, looks: dict[str, Any],
    at: tuple[list[Any], bool, bool, float], differences: bool,
) -> list[Any]:  # fmt: skip
    values, words, bars, shift = at
    scale, unit = measure_unit(frame, measure)
    handles: list[Any] = []
    for nth, (arm, look) in enumerate(looks.items()):
        rows = frame[(frame["measure"] == measure) & (frame["arm"].astype(str) == arm)]
        x = np.array([values.index(str(value)) for value in rows[factor]], float) if words else rows[factor].to_numpy()
        order = np.argsort(x, kind="stable")
        x, mean, low, high = (
            np.asarray(each, dtype=np.float64)[order] * (scale if i else 1.0)
            for i, each in enumerate((x, rows["mean"], rows["low"], rows["high"]))
        )
        off = (nth - (len(looks) - 1) / 2) * shift
        kind: Any = {"color": look.colour, "marker": look.marker, "linestyle": "" if words else look.line}
        if bars:
            axes.errorbar(x + off, mean, [mean - low, high - mean], fmt="none", ecolor=look.colour, capsize=2.5)
        else:
            axes.fill_between(x, low, high, color=look.colour, alpha=0.18, linewidth=0)
            for edge in (low, high):  # in grey print bands that cross are told apart by their edges
                axes.plot(x, edge, color=look.colour, linestyle=look.line, linewidth=0.5, alpha=0.8)
        handles += axes.plot(x + off, mean, markersize=5, markeredgecolor="#333333", markeredgewidth=0.5, **kind)
    if differences:
        axes.axhline(0, color=GREY, linewidth=1, zorder=1)
    axes.set_title(readable(measure.replace("_", " ")))
    name_value_axis(axes, difference_unit(scale, unit) if differences else unit or measure.replace("_", " "))
    axes.yaxis.set_major_formatter("{x:,.6g}")
    axes.grid(axis="y")
    return handles


def _shift(values: list[Any], words: bool, arms: list[str]) -> float:
    """How far arms stand beside one another, so that their bars do not cover one another."""
    room = 0.6 if words else 0.25 * float(np.diff(values).min()) if len(values) > 1 else 0.0
    return room / len(arms) if len(arms) > 1 else 0.0


def _long(arms: list[str]) -> bool:
    return max(map(len, arms)) > 34
