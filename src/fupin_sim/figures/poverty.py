"""Figure: poverty and return to poverty over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fupin_sim.figures.data import Units, grid, mean, missing_note, replicates_note, units_told
from fupin_sim.figures.lines import draw_line, from_zero, year_axis
from fupin_sim.figures.style import LOOKS, axis_unit, beside, footnote, name_value_axis, page, say_instead
from fupin_sim.replicates import Replicate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Panel:
    """title; what its values are called in the note; what to say if all are missing; measures with their labels."""

    title: str
    what: str
    nobody: str
    measures: dict[str, str]


PANELS = (
    Panel("Poverty headcount", "the headcount", "There was nobody to count.", {"headcount": "headcount"}),
    Panel(
        "Return to poverty of those who had left the register",
        "the rates of return",
        "Nobody had left the register, so nobody could return to poverty.",
        {
            "return_rate": "by income with policy income",
            "return_rate_net_of_policy": "net of policy income",
            "return_rate_net_of_bills": "net of own medical and school bills",
        },
    ),
    Panel(
        "New poverty of those never on the register",
        "new poverty",
        "There was nobody who had never been on the register.",
        {"new_poverty_rate": "new poverty"},
    ),
)


def poverty_and_return(results: Sequence[Replicate], units: Units | None = None) -> Figure:
    """Headcount, rates of return by three notions of income, new poverty; with bands over replicates."""
    figure = page(7.6, results[0].scenario.title)
    told = units_told(results, units)
    places = figure.subplots(3, 1, height_ratios=[1.2, 1.2, 1])
    cut = [_draw(axes, results, panel, told) for axes, panel in zip(places, PANELS, strict=True)]
    figure.align_ylabels()
    note = replicates_note(results)
    if len(results) > 1:
        note += " Thin lines: single replicates." + (" Bands are cut off at the axes." if any(cut) else "")
    values = {panel.what: [grid(results, measure).values for measure in panel.measures] for panel in PANELS}
    footnote(figure, note + missing_note(values))
    return figure


def _draw(axes: Axes, results: Sequence[Replicate], panel: Panel, units: dict[str, str]) -> bool:
    """One panel; whether a band was cut off at its axes."""
    axes.set_title(panel.title)
    grids = {measure: grid(results, measure) for measure in panel.measures}
    lacking = [measure for measure, shown in grids.items() if shown.time.size == 0]
    there = {measure: shown for measure, shown in grids.items() if not shown.empty}
    if not there:
        say_instead(axes, f"This run did not record {', '.join(lacking)}." if lacking else panel.nobody)
        return False
    scale, text = axis_unit(next((units[measure] for measure in there if units.get(measure)), ""))
    looks = dict(zip(panel.measures, LOOKS, strict=False))
    single = len(panel.measures) == 1
    drawn = {
        measure: draw_line(axes, shown, looks[measure], scale, thin=single, nth=nth)
        for nth, (measure, shown) in enumerate(there.items())
    }
    name_value_axis(axes, text or panel.what.removeprefix("the "))
    axes.yaxis.set_major_formatter("{x:g}")
    cut = from_zero(axes, scale * max(float(np.nanmax(mean(shown.values))) for shown in there.values()))
    year_axis(axes, results[0].scenario)
    if not single:
        beside(axes, [line for line, *_ in drawn.values()], [panel.measures[measure] for measure in there])
    elif len(results) > 1:
        beside(axes, next(iter(drawn.values())), ["mean of the replicates", "95 % interval", "one replicate"])
    return cut
