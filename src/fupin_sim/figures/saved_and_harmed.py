"""Figure: households that a policy saved and harmed, by group, to the right and to the left of nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
MOST = 30
"""Groups that a page has room for; of more, those with most saved and harmed are drawn."""


def saved_and_harmed(frame: pd.DataFrame, by: str = "decile", title: str = "") -> Figure:
    """Left, households saved and harmed by group; right, the poor person-years they were spared and given.

    frame: see `compare_households`. by: decile, cause, county or village. Bars to the right are for the better, bars to
    the left for the worse, hatched, each with its number.
    """
    table = summary(frame, by)
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
    footnote(figure, _note(summary(frame), TITLES[by]) + more)
    one, two = figure.subplots(1, 2, sharey=True)
    names = [str(group) for group in table[by]]
    _bars(one, names, table["saved"].to_numpy(float), table["harmed"].to_numpy(float), "households")
    _bars(two, names, table["averted"].to_numpy(float), table["caused"].to_numpy(float), "poor person-years")
    handles, labels = one.get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside upper right", ncols=2)
    return figure


def _note(all_: pd.DataFrame, grouped: str) -> str:
    row = all_.iloc[0]
    return (
        f"Groups {grouped}. Saved: fewer poor person-years with the policy than without it, under the same luck; "
        f"harmed: more. "
        f"Of {row['households']:,.0f} households {row['saved']:,.0f} were saved, {row['harmed']:,.0f} harmed and "
        f"{row['unchanged']:,.0f} unchanged."
    )


def _bars(axes: Axes, names: list[str], better: np.ndarray, worse: np.ndarray, unit: str) -> None:
    """Better to the right, worse to the left, with numbers at the ends."""
    at = np.arange(len(names))
    look, other = LOOKS[0], LOOKS[1]
    axes.barh(at, better, 0.72, color=look.colour, label="saved (to the right)")
    axes.barh(at, -worse, 0.72, color="white", edgecolor=other.colour, hatch=other.hatch, label="harmed (to the left)")
    most = float(max(better.max(initial=0.0), worse.max(initial=0.0), 1e-9))
    for y, up, down in zip(at.tolist(), better, worse, strict=True):
        axes.text(up + 0.02 * most, y, f"{up:,.0f}", va="center", ha="left", fontsize=7.5)
        if down:
            told = f"{down:,.0f}" if down > 0.5 else "<1"
            axes.text(-down - 0.02 * most, y, told, va="center", ha="right", fontsize=7.5)
    axes.axvline(0, color="black", linewidth=0.8)
    axes.set_yticks(at, names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(-max(1.25 * worse.max(initial=0.0), 0.16 * most), 1.2 * better.max(initial=0.0) + 0.05 * most)
    axes.xaxis.set_major_formatter(lambda x, _: f"{abs(x):,.6g}")
    axes.locator_params(axis="x", nbins=5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(unit, color=GREY)
