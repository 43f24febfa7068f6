"""The figures of a study: effects, responses to what is varied, maps of two factors, series over time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.experiment.analysis import Analysis
from fupin_sim.experiment.board import OK, Board
from fupin_sim.experiment.study import Study
from fupin_sim.store import Store

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

MOST_MEASURES, MOST_POINTS = 4, 6
NAMES = ("effects", "response", "over_time", "map_*", "saved_and_harmed_*")
"""What may be in the folder of figures; what no longer holds goes."""


def drawn(study: Study, analysis: Analysis, store: Store, board: Board, folder: Path) -> list[Path]:
    """Draw what there is to be drawn; the paths. What cannot be drawn is warned about."""
    from fupin_sim.figures import drawing, save

    folder.mkdir(exist_ok=True)
    for name in NAMES:
        for old in folder.glob(f"{name}.*"):
            old.unlink()
    files: list[Path] = []
    every = [] if analysis.n < 2 or not len(analysis.levels) else list(_figures(study, analysis, store, board))
    for name, make in [*every, *_households(study, analysis)]:
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


def _households(study: Study, analysis: Analysis) -> Iterator[tuple[str, Callable[[], Figure]]]:
    """Saved and harmed of each pair of arms, by tenth of income and by cause, at each of the first points."""
    whole, groups = analysis.households, analysis.households_by_group
    pairs = groups[["point", "arm", "against"]].drop_duplicates() if len(groups) else groups
    for point, arm, against in pairs.itertuples(index=False):
        if point >= MOST_POINTS:
            break
        factors = study.points[point].factors
        at = "".join(f", {factor} {value}" for factor, value in factors.items())
        title = f"{arm} beside {against}{at}: households saved and harmed"
        mine, theirs = (
            frame[(frame["point"] == point) & (frame["arm"] == arm) & (frame["against"] == against)]
            for frame in (whole, groups)
        )
        name = f"saved_and_harmed_{arm}_beside_{against}{f'_{point}' if factors else ''}"
        for by in ("decile", "cause"):
            yield f"{name}_by_{by}", partial(_saved_and_harmed, mine, theirs, by, title)


def _saved_and_harmed(whole: pd.DataFrame, groups: pd.DataFrame, by: str, title: str) -> Figure:
    from fupin_sim.figures.saved_and_harmed import saved_and_harmed_on_average

    return saved_and_harmed_on_average(whole, groups, by, title)


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
