"""The board: every run of a study by cell and replicate, what has come of it, and its measures, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.experiment.run_key import run_key
from fupin_sim.experiment.study import Cell, Study

if TYPE_CHECKING:
    from fupin_sim.store import Store

MISSING, OK, FAILED = 0, 1, 2
MEASURES = ("headcount", "return_rate", "poverty_gap", "spending", "fiscal_cost", "poor_person_years_discounted")
"""What arms are compared by if nobody says: poverty, return, and what both cost."""


@dataclass(frozen=True)
class Spot:
    """One run on the board. cell: its place among the study's cells; replicate: 0, 1, …"""

    cell: int
    replicate: int


class Board:
    """The runs of a study, cells × replicates. Cells that say the same share their runs."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.cells: tuple[Cell, ...] = study.cells()
        self.measures = measures_of(study)
        self.state = np.zeros((len(self.cells), 0), dtype=np.int8)
        self.values = np.zeros((len(self.cells), 0, len(self.measures)))
        self.keys: list[list[str]] = []
        self.spots: dict[str, list[Spot]] = {}

    @property
    def width(self) -> int:
        """How many replicates have a place."""
        return len(self.keys)

    def widen(self, n: int) -> None:
        """Make room for n replicates of every cell."""
        more = n - self.width
        if more <= 0:
            return
        shape = (len(self.cells), more)
        self.state = np.concatenate([self.state, np.zeros(shape, dtype=np.int8)], axis=1)
        none = np.full((*shape, len(self.measures)), np.nan)
        self.values = np.concatenate([self.values, none], axis=1)
        for replicate in range(self.width, n):
            seed = self.study.seed_of(replicate)
            self.keys.append([run_key(cell.scenario, seed) for cell in self.cells])
            for place, key in enumerate(self.keys[-1]):
                self.spots.setdefault(key, []).append(Spot(place, replicate))

    def load(self, store: Store) -> None:
        """Enter what the store has of these runs and what is complete; a run that failed there is missing here."""
        frame = store.headlines()
        frame = frame[(frame["status"] == "ok") & frame["key"].isin(list(self.spots))].drop_duplicates("key")
        columns = [frame[name].to_numpy(float) if name in frame else None for name in self.measures]
        for i, key in enumerate(frame["key"]):
            self.enter(key, [np.nan if column is None else float(column[i]) for column in columns])

    def enter(self, key: str, values: Sequence[float] | None) -> None:
        """A run has its measures, in the order of `measures`; None for a run that failed."""
        for spot in self.spots.get(key, ()):
            found = values is not None and not np.isnan(values).any()
            self.state[spot.cell, spot.replicate] = OK if found else FAILED
            self.values[spot.cell, spot.replicate] = values if values is not None else np.nan

    def missing(self, n: int) -> Iterator[tuple[str, Spot]]:
        """Runs of the first n replicates not there yet, each once, replicate first, then cell by cell."""
        seen: set[str] = set()
        for replicate in range(n):
            for place, key in enumerate(self.keys[replicate]):
                if self.state[place, replicate] == MISSING and key not in seen:
                    seen.add(key)
                    yield key, Spot(place, replicate)

    def plan(self, n: int) -> Iterator[tuple[str, int, str, int]]:
        """Key, point, arm and replicate of the runs of the first n replicates."""
        for replicate in range(n):
            for place, cell in enumerate(self.cells):
                yield self.keys[replicate][place], cell.point, cell.arm, replicate

    def counted(self, state: int, n: int | None = None) -> int:
        """How many different runs of the first n replicates are in this state."""
        width = self.width if n is None else n
        return len({self.keys[r][c] for c, r in np.argwhere(self.state[:, :width] == state).tolist()})

    def whole(self, n: int) -> bool:
        """Whether every run of the first n replicates is ok."""
        return self.width >= n and bool((self.state[:, :n] == OK).all())

    def balanced(self) -> int:
        """The first replicates of which every cell has all, failed runs included."""
        there = (self.state != MISSING).all(axis=0)
        return int(np.argmin(there)) if not there.all() else self.width

    def paired(self, arm: int, against: int) -> int:
        """The first replicates that both cells have."""
        both = (self.state[arm] == OK) & (self.state[against] == OK)
        return int(np.argmin(both)) if not both.all() else self.width

    def of(self, cell: int, measure: str, n: int) -> NDArray[np.float64]:
        """A measure in the first n replicates of a cell; NaN where a run failed or is missing."""
        values: NDArray[np.float64] = self.values[cell, :n, self.measures.index(measure)]
        return values

    def place(self) -> Mapping[tuple[int, str], int]:
        """The place of a point's arm among the cells."""
        return {(cell.point, cell.arm): i for i, cell in enumerate(self.cells)}


def measures_of(study: Study) -> tuple[str, ...]:
    """The headlines that arms are compared by: measures of the study without groups, and groups that the rule names.

    Where nobody has chosen, everything is recorded, much of which has no value without the policy it is about; then it
    is those of MEASURES that are among it.
    """
    kinds = {entry.name: entry.cls for cell in study.cells()[: len(study.arms)] for entry in cell.scenario.measures}
    chosen = study.measures
    if all(name in chosen for name, cls in BUILT_IN.measures.items() if getattr(cls, "by_default", True)):
        chosen = tuple(name for name in MEASURES if name in chosen)
    plain = tuple(name for name in chosen if not getattr(kinds[name], "grouped", False))
    return tuple(dict.fromkeys((*plain, *study.replicates.until)))
