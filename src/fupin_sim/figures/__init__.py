"""The figures of a run, and of a study."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fupin_sim.figures.data import Units
from fupin_sim.figures.effects import effects
from fupin_sim.figures.heat_map import heat_map
from fupin_sim.figures.income import income_by_source
from fupin_sim.figures.over_time import over_time
from fupin_sim.figures.poverty import poverty_and_return
from fupin_sim.figures.response import response
from fupin_sim.figures.spending import spending
from fupin_sim.figures.style import drawing, save
from fupin_sim.figures.survival import survival_since_exit
from fupin_sim.replicates import Replicate, same_scenario

FIGURES = {
    "poverty_and_return": poverty_and_return,
    "income_by_source": income_by_source,
    "survival_since_exit": survival_since_exit,
    "spending": spending,
}

__all__ = [
    "FIGURES",
    "draw_all",
    "drawing",
    "effects",
    "heat_map",
    "income_by_source",
    "over_time",
    "poverty_and_return",
    "response",
    "save",
    "spending",
    "survival_since_exit",
]


def draw_all(results: Sequence[Replicate], folder: str | Path, units: Units | None = None) -> list[Path]:
    """Draw every figure of one scenario's replicates into the folder, as PNG (200 dpi) and PDF; the paths written.

    units: by measure, for the labels of the axes; default: what the scenario's own measure plugins declare.
    The same replicates give the same bytes. Raises ValueError for no replicates or for different scenarios.
    """
    same_scenario(results)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    with drawing():
        for name, draw in FIGURES.items():
            paths += save(draw(results, units), folder, name)
    return paths
