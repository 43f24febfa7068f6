"""What a study shows: levels, paired effects, who is probably best, what an averted poor year costs, as tidy frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from fupin_sim.experiment.board import FAILED, OK, Board
from fupin_sim.experiment.looks import Effect, effects_of
from fupin_sim.experiment.study import Cell, Study
from fupin_sim.intervals import student
from fupin_sim.paired import chance_of_best, cost_per_averted, holm, pairing_saved
from fupin_sim.replicates import units_of

COSTS = ("fiscal_cost", "social_cost")
YEARS = "poor_person_years_discounted"


@dataclass(frozen=True)
class Analysis:
    """Tidy frames; every one begins with point, the factors of the sweep, and arm.

    n: replicates in all of them. levels: measure, unit, mean, low, high, n. effects: against, measure, unit, mean, low,
    high, half, n, skew, p, p_holm, times_fewer, of arm − against on the same luck. best: measure, probability.
    costs: against, account, yuan per averted poor person-year with low and high, verdict, told: the
    same in words. runs: one line a run, a column a
    measure. refused: runs that are missing or failed among the first n; of their cells nothing is said above.
    households, households_by_group: see `experiment.lifted`; empty where households are not followed.
    """

    n: int
    levels: pd.DataFrame
    effects: pd.DataFrame
    best: pd.DataFrame
    costs: pd.DataFrame
    runs: pd.DataFrame
    refused: pd.DataFrame
    households: pd.DataFrame = field(default_factory=pd.DataFrame)
    households_by_group: pd.DataFrame = field(default_factory=pd.DataFrame)


def analysed(board: Board, n: int) -> Analysis:
    """What the first n replicates show. A cell of which one is missing is refused, and everything that needs it."""
    usable = {(cell.point, cell.arm) for i, cell in enumerate(board.cells) if n and (board.state[i, :n] == OK).all()}
    effects = _effects(board, n, usable)
    return Analysis(
        n, _levels(board, n, usable), effects, _best(board, n, usable), _costs(board, n, usable), _runs(board, n),
        _refused(board, n),
    )  # fmt: skip


def _frame(study: Study, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Rows with their point's factors between point and arm."""
    factors = {point.number: dict(point.factors) for point in study.points}
    full = [{"point": row["point"], **factors[row["point"]], **row} for row in rows]
    return pd.DataFrame(full, columns=["point", *study.factors, *columns])


def _levels(board: Board, n: int, usable: set[tuple[int, str]]) -> pd.DataFrame:
    rows = []
    for i, cell in enumerate(board.cells):
        if (cell.point, cell.arm) not in usable:
            continue
        units = units_of(cell.scenario)
        for measure in board.measures:
            found = student(board.of(i, measure, n))
            told = {name: float(getattr(found, name)) for name in ("mean", "low", "high")}
            rows.append(_named(cell, measure, units) | told | {"n": n})
    return _frame(board.study, rows, ["arm", "measure", "unit", "mean", "low", "high", "n"])


def _named(cell: Cell, measure: str, units: Mapping[str, str]) -> dict[str, Any]:
    unit = units.get(measure.split(" ")[0], "")
    return {"point": cell.point, "arm": cell.arm, "measure": measure, "unit": unit}


EFFECT = ("mean", "low", "high", "half", "n", "skew", "p")


def _effects(board: Board, n: int, usable: set[tuple[int, str]]) -> pd.DataFrame:
    study, place = board.study, board.place()
    units = units_of(board.cells[0].scenario)
    columns = ["arm", "against", "measure", "unit", *EFFECT, "p_holm", "times_fewer"]
    rows = []
    for effect in effects_of(board, n, board.measures, usable) if n > 1 else ():
        cell = board.cells[place[effect.point, effect.arm]]
        rows.append(
            _named(cell, effect.measure, units)
            | {"against": effect.against, "times_fewer": _saved(board, effect, n)}
            | {name: getattr(effect.paired, name) for name in EFFECT}
        )
    frame = _frame(study, rows, columns)
    for _, mine in frame.groupby("measure", sort=False):
        frame.loc[mine.index, "p_holm"] = holm(mine["p"].to_numpy(float))
    return frame.astype({"p_holm": float})


def _saved(board: Board, effect: Effect, n: int) -> float:
    place = board.place()
    arm, against = (board.of(place[effect.point, name], effect.measure, n) for name in (effect.arm, effect.against))
    return pairing_saved(arm, against)


def _best(board: Board, n: int, usable: set[tuple[int, str]]) -> pd.DataFrame:
    """For measures that say which way is better, where every arm of a point is there."""
    study, place, rows = board.study, board.place(), []
    better: dict[str, Any] = {
        entry.name: getattr(entry.cls, "better", "") for entry in board.cells[0].scenario.measures
    }
    units = units_of(board.cells[0].scenario)
    for point in study.points:
        cells = [place[point.number, arm.name] for arm in study.arms]
        if n < 2 or len(cells) < 2 or any((point.number, arm.name) not in usable for arm in study.arms):
            continue
        for measure in board.measures:
            if not (way := better.get(measure, "")):
                continue
            matrix = np.array([board.of(cell, measure, n) for cell in cells]).T
            for cell, chance in zip(cells, chance_of_best(matrix, way), strict=True):
                rows.append(_named(board.cells[cell], measure, units) | {"better": way, "probability": float(chance)})
    return _frame(study, rows, ["arm", "measure", "better", "probability"])


def _costs(board: Board, n: int, usable: set[tuple[int, str]]) -> pd.DataFrame:
    """Yuan per averted poor person-year, where the study has both measures."""
    study, rows = board.study, []
    accounts = [account for account in COSTS if account in board.measures and YEARS in board.measures and n > 1]
    for point in study.points:
        for arm, against in study.pairs():
            if {(point.number, arm), (point.number, against)} <= usable:
                named = {"point": point.number, "arm": arm, "against": against}
                rows += [named | {"account": account} | _ratio(board, named, account, n) for account in accounts]
    return _frame(study, rows, ["arm", "against", "account", "yuan", "low", "high", "verdict", "told"])


def _ratio(board: Board, named: Mapping[str, Any], account: str, n: int) -> dict[str, Any]:
    place = board.place()
    arm, against = (place[named["point"], named[name]] for name in ("arm", "against"))
    cost, years, cost_against, years_against = (
        board.of(cell, name, n) for cell in (arm, against) for name in (account, YEARS)
    )
    found = cost_per_averted(cost, years, cost_against, years_against)
    return {name: getattr(found, name) for name in ("yuan", "low", "high", "verdict")} | {"told": str(found)}


def _runs(board: Board, n: int) -> pd.DataFrame:
    rows = []
    for replicate in range(n):
        for i, cell in enumerate(board.cells):
            if board.state[i, replicate] == OK:
                values = dict(zip(board.measures, board.values[i, replicate].tolist(), strict=True))
                known = {"point": cell.point, "arm": cell.arm, "replicate": replicate}
                rows.append(
                    {**known, "seed": board.study.seed_of(replicate), "run": board.keys[replicate][i], **values}
                )
    return _frame(board.study, rows, ["arm", "replicate", "seed", "run", *board.measures])


def _refused(board: Board, n: int) -> pd.DataFrame:
    rows = [
        {
            "point": board.cells[i].point, "arm": board.cells[i].arm, "replicate": replicate,
            "run": board.keys[replicate][i], "why": "failed" if board.state[i, replicate] == FAILED else "missing",
        }
        for replicate in range(n) for i in range(len(board.cells)) if board.state[i, replicate] != OK
    ]  # fmt: skip
    return _frame(board.study, rows, ["arm", "replicate", "run", "why"])
