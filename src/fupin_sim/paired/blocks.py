"""Complete blocks: every replicate of every arm at every point, or an error that names what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fupin_sim.paired.effect import Array, IncompleteBlock, NotPaired

if TYPE_CHECKING:
    import pandas as pd

Cell = tuple[int, str]
MOST_TOLD = 12
"""Missing runs that are told one by one; of more only the number."""


@dataclass(frozen=True)
class Block:
    """What was measured of a study, complete.

    values: by (point, arm, measure) one number a replicate, shape (n,), in the order of `replicates`.
    """

    replicates: tuple[int, ...]
    values: Mapping[tuple[int, str, str], Array]

    def of(self, arm: str, measure: str, point: int = 0) -> Array:
        """One measure of one arm."""
        return self.values[point, arm, measure]

    def table(self, arms: Sequence[str], measure: str, point: int = 0) -> Array:
        """One measure of several arms side by side, shape (n, arms)."""
        return np.stack([self.of(arm, measure, point) for arm in arms], axis=1)


def complete_block(
    headlines: pd.DataFrame,
    measures: Sequence[str],
    cells: Sequence[Cell],
    replicates: Sequence[int],
    study: str = "STUDY",
) -> Block:
    """The block of all cells (point, arm) and replicates, if nothing at all is missing in it.

    headlines: a row a run: point, arm, replicate, seed, status ("ok" or why not), and a column a measure. study: its
    name, for the command that is offered. Raises IncompleteBlock naming points, arms, replicates and measures;
    NotPaired where two arms had another seed in one replicate, or one run stands there twice.
    """
    wanted = {(point, arm, replicate) for point, arm in cells for replicate in replicates}
    rows = headlines[headlines["replicate"].isin(list(replicates))]
    key = list(zip(rows["point"], rows["arm"], rows["replicate"], strict=True))
    rows = rows[[each in wanted for each in key]]
    found = rows.set_index(["point", "arm", "replicate"])
    _refuse_unpaired(rows, found)
    faults = [*_not_there(found, cells, replicates), *_no_values(found, measures, cells)]
    if faults:
        raise _error(faults, study)
    values = {
        (point, arm, measure): _values(found, point, arm, measure, replicates)
        for point, arm in cells
        for measure in measures
    }
    return Block(tuple(replicates), values)


def _values(found: pd.DataFrame, point: int, arm: str, measure: str, replicates: Sequence[int]) -> Array:
    column = found[measure].to_dict()
    return np.array([column[point, arm, replicate] for replicate in replicates], dtype=np.float64)


def _refuse_unpaired(rows: pd.DataFrame, found: pd.DataFrame) -> None:
    if found.index.has_duplicates:
        point, arm, replicate = found.index[found.index.duplicated()][0]
        raise NotPaired(f"{_place(point, arm)}: replicate {replicate} stands there twice")
    seeds = rows.groupby("replicate")["seed"].nunique()
    if (seeds > 1).any():
        replicate = seeds.index[seeds > 1][0]
        raise NotPaired(f"replicate {replicate}: arms or points had different seeds, so they do not share their luck")


def _not_there(found: pd.DataFrame, cells: Sequence[Cell], replicates: Sequence[int]) -> Iterator[str]:
    """Runs that were never made, or did not end well."""
    status = found["status"].to_dict()
    for point, arm in cells:
        by_reason: dict[str, list[int]] = {}
        for replicate in replicates:
            reason = status.get((point, arm, replicate), "not run")
            if reason != "ok":
                by_reason.setdefault(reason, []).append(replicate)
        for reason, which in by_reason.items():
            yield f"{_place(point, arm)}: {reason}: {_replicates(which)}"


def _no_values(found: pd.DataFrame, measures: Sequence[str], cells: Sequence[Cell]) -> Iterator[str]:
    """Measures that a run, though it ended well, has no number for."""
    ended = found[found["status"] == "ok"]
    for point, arm in cells:
        here = ended[(ended.index.get_level_values(0) == point) & (ended.index.get_level_values(1) == arm)]
        for measure in measures:
            if measure not in here:
                yield f"{_place(point, arm)}: {measure} was not measured"
                continue
            lacking = here.index[~np.isfinite(here[measure].to_numpy(np.float64))].get_level_values(2)
            if len(lacking) and len(lacking) == len(here):
                yield f"{_place(point, arm)}: {measure} is missing in every run; it has no meaning there, leave it out"
            elif len(lacking):
                yield f"{_place(point, arm)}: {measure} is missing: {_replicates(list(lacking))}"


def _error(faults: Sequence[str], study: str) -> IncompleteBlock:
    more = [f"… and {len(faults) - MOST_TOLD} more"] if len(faults) > MOST_TOLD else []
    offer = f"{study} is not complete; what failed is run again by: fupin-sim study retry-failed {study}"
    return IncompleteBlock([*faults[:MOST_TOLD], *more], offer)


def _place(point: int, arm: str) -> str:
    return f"point {point}, arm {arm}" if point else f"arm {arm}"


def _replicates(which: Sequence[int]) -> str:
    told = ", ".join(map(str, which[:8])) + (f" and {len(which) - 8} more" if len(which) > 8 else "")
    return f"replicate{'s' if len(which) > 1 else ''} {told}"
