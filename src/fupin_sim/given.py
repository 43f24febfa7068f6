"""What a caller gives a run beside its scenario, refused where it makes no sense."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput
from fupin_sim.scenario import ScenarioSection

_SEED = ScenarioSection.seed


def seed_of(given: Any, name: str = "seed") -> int:
    """A seed as a whole number, the same ones as in a file; text of digits will do, as for Mesa. Raises BadInput.

    >>> seed_of("7"), seed_of(3)
    (7, 3)
    """
    number = int(given) if isinstance(given, str) and given.isdecimal() and len(given) < 20 else given
    accepted, mistakes = _SEED.check(number)
    if mistakes:
        raise BadInput([name + mistake for mistake in mistakes])
    return int(accepted)


def last_seed(first: int, replicates: int) -> None:
    """Refuse replicates that count on from a seed beyond what is a seed; raises BadInput."""
    _, mistakes = _SEED.check(first + replicates - 1)
    if mistakes:
        raise BadInput(f"seed = {first}: {replicates:,} replicates count on from it, and the last is too large")


def block_of(given: Any) -> int:
    """Households in a block; raises BadInput unless it is a whole number from 1."""
    if isinstance(given, bool) or not isinstance(given, int | np.integer) or given < 1:
        raise BadInput(f"block = {given!r}: must be a whole number of households, at least 1")
    return int(given)


def counties_of(given: Sequence[int], there: NDArray[np.integer]) -> NDArray[np.int64]:
    """The counties wanted, ascending, each once; raises BadInput for those that the population does not have.

    >>> counties_of([2, 0, 2], np.array([0, 0, 1, 2])).tolist()
    [0, 2]
    """
    known = np.unique(there)
    wanted = np.unique(np.atleast_1d(np.asarray(given))).tolist()
    strange = [number for number in wanted if number not in known.tolist()]
    if strange or not wanted:
        told = f"no county {strange[0]}" if strange else "none of them"
        raise BadInput(f"counties = {given}: this population has {told}; it has {known[0]} to {known[-1]}")
    return np.array(wanted, np.int64)
