"""Branching: many futures of one moment, and how vulnerable each household is by them (未来分支)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.checks import NotMeasured
from fupin_sim.model import PovertyModel, Snapshot

WITHIN = (12, 36)
"""Months to look ahead: one year, three years."""


@dataclass(frozen=True)
class Futures:
    """vulnerability: by horizon in months, the share of futures in which a household has a poor month, shape (n,).
    luck: the keys of the households, shape (n,). poor: whether it is poor at the moment itself. futures: how many."""

    vulnerability: dict[int, NDArray[np.float64]]
    luck: NDArray[np.uint64]
    poor: NDArray[np.bool_]
    futures: int


def simulated_vulnerability(moment: Snapshot, seeds: Sequence[int], within: Sequence[int] = WITHIN) -> Futures:
    """The share of futures with a poor month within so many months, each future having another luck from here on.

    moment: see `fupin_sim.simulation.snapshot`. seeds: one a future, all different. within: months, at least 1. In the
    model this is the truth that VEP estimates. Raises NotMeasured where the scenario ends before the last horizon.
    """
    spec = moment.scenario
    last = spec.start + spec.months - 1
    mistakes = []
    if not seeds or len(set(seeds)) < len(seeds):
        mistakes.append("seeds: must be some, and all different")
    if not within or min(within) < 1 or moment.month + max(within) > last:
        mistakes.append(f"within: {list(within)}; must be from 1 to {last - moment.month}, where the scenario ends")
    if mistakes:
        raise NotMeasured(mistakes)
    first = PovertyModel(snapshot=moment)
    home = first.world.households
    times = {months: np.zeros(len(first.world)) for months in within}
    for seed in seeds:
        for months, hit in _poor_within(moment, seed, within).items():
            times[months] += hit
    shares = {months: number / len(seeds) for months, number in times.items()}
    return Futures(shares, home.luck.copy(), home.poor.copy(), len(seeds))


def _poor_within(moment: Snapshot, seed: int, within: Sequence[int]) -> dict[int, NDArray[np.bool_]]:
    """Who has a poor month within each horizon, in one future."""
    model = PovertyModel(snapshot=moment, seed=seed)
    ever = np.zeros(len(model.world), dtype=bool)
    found = {}
    for ahead in range(1, max(within) + 1):
        model.live_until(moment.month + ahead)
        ever |= model.world.households.poor
        if ahead in within:
            found[ahead] = ever.copy()
    return found
