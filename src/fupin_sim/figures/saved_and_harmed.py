"""Figure: households that a policy saved and harmed, by group, to the right and to the left of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fupin_sim.counterfactual.summary import summary
from fupin_sim.figures.style import GREY, LOOKS, footnote, page, say_instead

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TITLES = {
    "decile": "by tenth of income before, 1 the poorest", "cause": "by what made them poor",
    "county": "by county", "village": "by village", "outcome": "by outcome",
}  # fmt: skip
AXES = {"decile": "tenth of income", "cause": "", "county": "county", "village": "village", "outcome": ""}
COUNTED = ("saved", "harmed", "averted", "caused")
MOST = 30
"""Groups that a page has room for; of more, those with most saved and harmed are drawn."""


def saved_and_harmed(frame: pd.DataFrame, by: str = "decile", title: str = "") -> Figure:
    """Left, households saved and harmed by group; right, the poor person-years they were spared and given.

    frame: see `compare_households`. by: decile, cause, county or village. Bars to the right are for the better, bars to
    the left for the worse, hatched, each with its number.
    """
    all_ = summary(frame).iloc[0]
    return _drawn(summary(frame, by).rename(columns={by: "group"}), by, _note(all_), title)


def saved_and_harmed_on_average(whole: pd.DataFrame, groups: pd.DataFrame, by: str, title: str) -> Figure:
    """The same of several replicates: means, with their 95 % limits as lines.

    whole, groups: what was counted of one arm beside another, see `experiment.lifted`: what, mean, low, high, n, and
    by and group in the second. Raises ValueError where there is nothing of that grouping.
    """
    mine = groups[groups["by"] == by]
    if mine.empty:
        raise ValueError(f"there are no groups by {by}")
    names = list(dict.fromkeys(mine["group"]))
    wide = {limit: mine.pivot(index="group", columns="what", values=limit) for limit in ("mean", "low", "high")}
    table = wide["mean"].loc[names].reset_index()
    for limit in ("low", "high"):
        for what in COUNTED:
            table[f"{what}_{limit}"] = wide[limit].loc[names, what].to_numpy(float)
    n = int(whole["n"].iloc[0])
    told = f" Means of {n:,} replicates; lines: 95 % Student intervals." if n > 1 else ""
    return _drawn(table, by, _note(whole.set_index("what")["mean"]) + told, title)


def _drawn(table: pd.DataFrame, by: str, note: str, title: str) -> Figure:
    """table: a row a group, with group and COUNTED, and their _low and _high where known."""
    table = table[(table["saved"] + table["harmed"]) > 0]
    left_out = max(0, len(table) - MOST)
    if left_out:
        kept = (table["saved"] + table["harmed"]).to_numpy().argsort(kind="stable")[::-1][:MOST]
        table = table.iloc[np.sort(kept)]
    figure = page(1.6 + 0.27 * max(len(table), 4), title or "Saved and harmed")
    if table.empty:
        say_instead(figure.subplots(), "The policy saved nobody and harmed nobody.")
        return figure
    more = f" {left_out:,} groups with fewer are left out." if left_out else ""
    footnote(figure, f"Groups {TITLES[by]}. {note}{more}")
    one, two = figure.subplots(1, 2, sharey=True)
    _bars(one, table, "saved", "harmed", "households")
    _bars(two, table, "averted", "caused", "poor person-years")
    one.set_ylabel(AXES[by], color=GREY)
    for axes, handle in zip((one, two), one.get_legend_handles_labels()[0], strict=True):
        axes.legend(handles=[handle], loc="lower left", bbox_to_anchor=(0.0, 1.0))
    return figure


def _note(row: pd.Series[Any]) -> str:
    """row: the counts of all households, by name."""
    return (
        "Saved: fewer poor person-years with the policy than without it, under the same luck; harmed: more. "
        f"Of {row['households']:,.0f} households {row['saved']:,.0f} were saved, {row['harmed']:,.0f} harmed and "
        f"{row['households'] - row['saved'] - row['harmed']:,.0f} unchanged."
    )


def _bars(axes: Axes, table: pd.DataFrame, for_better: str, for_worse: str, unit: str) -> None:
    """Better to the right, worse to the left, with numbers at the ends, behind the limits where these are known."""
    names = [str(group) for group in table["group"]]
    better, worse = (table[name].to_numpy(float) for name in (for_better, for_worse))
    ends = [_ends(table, name, bars) for name, bars in ((for_better, better), (for_worse, worse))]
    at = np.arange(len(names))
    look, other = LOOKS[0], LOOKS[1]
    axes.barh(at, better, 0.72, color=look.colour, label="saved (to the right)")
    axes.barh(at, -worse, 0.72, color="white", edgecolor=other.colour, hatch=other.hatch, label="harmed (to the left)")
    most = float(max(ends[0].max(initial=0.0), ends[1].max(initial=0.0), 1e-9))
    _whiskers(axes, at, table, for_better, 1.0)
    _whiskers(axes, at, table, for_worse, -1.0)
    for y, up, down, right, left in zip(at.tolist(), better, worse, *ends, strict=True):
        axes.text(right + 0.02 * most, y, _number(up), va="center", ha="left", fontsize=7.5)
        if down:
            axes.text(-left - 0.02 * most, y, _number(down), va="center", ha="right", fontsize=7.5)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(at, names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-max(1.25 * ends[1].max(initial=0.0), 0.16 * most), 1.2 * ends[0].max(initial=0.0) + 0.05 * most)
    axes.xaxis.set_major_formatter(lambda x, _: f"{abs(x):,.6g}")
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(unit, color=GREY)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == 0 or value > 0.5 else "<1"


def _ends(table: pd.DataFrame, name: str, bars: np.ndarray) -> np.ndarray:
    """Where numbers stand: at the end of the bar, or of the line across it."""
    high = table[f"{name}_high"].to_numpy(float) if f"{name}_high" in table else bars
    return np.asarray(np.fmax(bars, high))


def _whiskers(axes: Axes, at: np.ndarray, table: pd.DataFrame, name: str, side: float) -> None:
    """Limits of means, not beyond nothing."""
    from matplotlib.patheffects import withStroke

    if f"{name}_low" in table:
        low, high = (np.maximum(table[f"{name}_{limit}"].to_numpy(float), 0.0) for limit in ("low", "high"))
        axes.hlines(at[high > low], side * low[high > low], side * high[high > low], color="black", linewidth=0.9,
                    path_effects=[withStroke(linewidth=2.2, foreground="white")])  # fmt: skip
