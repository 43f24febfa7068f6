"""The figures of a study."""

from __future__ import annotations

from pathlib import Path

from fupin_sim.experiment.analysis import Analysis
from fupin_sim.experiment.board import Board
from fupin_sim.experiment.study import Study
from fupin_sim.store import Store


def drawn(study: Study, analysis: Analysis, store: Store, board: Board, folder: Path) -> list[Path]:
    """Draw what there is to be drawn; the paths."""
    return []
