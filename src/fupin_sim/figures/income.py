"""Figure: what income is made of, over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from fupin_sim.figures.data import CONSTANT, Units, replicates_note, units_told
from fupin_sim.figures.lines import draw_stack, year_axis, zero_line
from fupin_sim.figures.parts import parts_of
from fupin_sim.figures.style import axis_unit, beside, footnote, name_value_axis, page, say_instead
from fupin_sim.replicates import Replicate

if TYPE_CHECKING:
    from matplotlib.figure import Figure

NAMES = {
    "wage": "wages",
    "business": "own farm or business",
    "property": "property",
    "support": "support from policies",
    "project": "supported projects",
    "dividend": "cooperatives",
    "reimbursement": "medical reimbursement, not counted as income",
}


def income_by_source(results: Sequence[Replicate], units: Units | None = None) -> Figure:
    """Income per person by source, the mean over replicates, stacked; the legend stands in the order of the stack."""
    figure = page(3.7, results[0].scenario.title)
    footnote(figure, replicates_note(results, intervals="") + CONSTANT)
    axes = figure.subplots()
    axes.set_title("Income by source")
    parts = parts_of(results, "income_by_source", "source", NAMES)
    if parts is None:
        say_instead(axes, "This run did not record income by source (measure income_by_source).")
        return figure
    scale, text = axis_unit(units_told(results, units).get("income_by_source", ""))
    areas = draw_stack(axes, parts.time, [part * scale for part in parts.values], parts.looks, yearly=parts.yearly)
    name_value_axis(axes, text or "income")
    axes.yaxis.set_major_formatter("{x:,.0f}")
    zero_line(axes, min(float(np.nanmin(part)) for part in parts.values))
    year_axis(axes, results[0].scenario)
    beside(axes, areas[::-1], parts.names[::-1])
    return figure
