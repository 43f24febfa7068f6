"""The figures of a study: effects, responses to what is varied, maps of two factors, series over time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.experiment.analysis import Analysis
from fupin_sim.experiment.board import OK, Board
from fupin_sim.experiment.study import Study
from fupin_sim.store import Store

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_MEASURES = 4
NAMES = ("effects", "response", "over_time", "map_*")
"""What may be in the folder of figures; what no longer holds goes."""


def drawn(study: Study, analysis: Analysis, store: Store, board: Board, folder: Path) -> list[Path]:
    """Draw what there is to be drawn; the paths. What cannot be drawn is warned about."""
    from fupin_sim.figures import drawing, save

    folder.mkdir(exist_ok=True)
    for name in NAMES:
        for old in folder.glob(f"{name}.*"):
            old.unlink()
    files: list[Path] = []
    if analysis.n < 2 or not len(analysis.levels):
        return files
    for name, make in _figures(study, analysis, store, board):
        try:
            with drawing():
                files += save(make(), folder, name)
        except ValueError as error:
            warnings.warn(f"Figure {name}: {error}", stacklevel=2)
    return files


def _figures(
    study: Study, analysis: Analysis, store: Store, board: Board
) -> Iterator[tuple[str, Callable[[], Figure]]]:
    from fupin_sim import figures

    title, baseline = study.title, study.baseline or ""
    effects = analysis.effects[analysis.effects["against"] == baseline]
    if len(study.points) == 1:
        if len(effects):
            yield "effects", lambda: figures.effects(effects, title, baseline)
        yield "over_time", lambda: figures.over_time(_over_time(study, analysis, store, board), title, baseline)
    elif len(study.factors) == 1:
        few = _few(analysis.levels, board)
        yield "response", lambda: figures.response(few, study.factors[0], title, _unit(study, study.factors[0]))
    elif len(study.factors) == 2:
        units = (_unit(study, study.factors[0]), _unit(study, study.factors[1]))
        for measure in board.measures[:MOST_MEASURES]:
            yield f"map_{measure.replace(' ', '_')}", _map(study, analysis, measure, units)


def _map(study: Study, analysis: Analysis, measure: str, units: tuple[str, str]) -> Callable[[], Figure]:
    from fupin_sim.figures import heat_map

    frame = analysis.levels[analysis.levels["measure"] == measure]
    across, up = study.factors
    return lambda: heat_map(frame, (across, up), study.title, units)


def _unit(study: Study, factor: str) -> str:
    """The unit of a factor, as its parameter says."""
    parameters: dict[str, Any] = study.cells()[0].scenario.parameters()
    found = parameters.get(factor.partition("@")[0])
    return str(found.unit) if found else ""


def _few(frame: pd.DataFrame, board: Board) -> pd.DataFrame:
    return frame[frame["measure"].isin(board.measures[:MOST_MEASURES])]


def _over_time(study: Study, analysis: Analysis, store: Store, board: Board) -> pd.DataFrame:
    """Means over replicates with Student's intervals, by month, arm and measure."""
    import pandas as pd

    from fupin_sim.intervals import student

    told = analysis.levels.set_index(["arm", "measure"])["unit"]
    frames = []
    for i, cell in enumerate(board.cells):
        if not (board.state[i, : analysis.n] == OK).all():
            continue
        keys = [board.keys[replicate][i] for replicate in range(analysis.n)]
        series = store.series(set(keys), board.measures[:MOST_MEASURES])
        series = series[series["group"] == ""]
        wide = series.pivot(index=["measure", "month"], columns="key", values="value")
        found = student(wide.to_numpy())
        rows = wide.index.to_frame(index=False).assign(arm=cell.arm, mean=found.mean, low=found.low, high=found.high)
        rows = rows[found.n > 0]
        frames.append(
            rows.assign(n=found.n[found.n > 0], unit=[told.get((cell.arm, name), "") for name in rows["measure"]])
        )
    return pd.concat(frames, ignore_index=True)
