"""Transitions between poor, marginal and safe from one date to the next (贫困状态转移)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, World

States = NDArray[np.int8]
NOT_SEEN = -1
"""The state of who was not observed."""
NAMES = ("poor", "marginal", "safe")
DEEP_NAMES = ("deep poor", *NAMES)


def states(income: Array, line: Array | float, marginal: float = 1.5, deep: float | None = None) -> States:
    """0 poor, y < z; 1 marginal, y in [z, 1.5 z); 2 safe. With `deep`, 0 deep poor, y < deep·z, and the others + 1.

    income: any shape; NaN gives NOT_SEEN. line: a number or of the shape of income.

    >>> states(np.array([900.0, 1000.0, 1500.0, np.nan]), 1000.0).tolist()
    [0, 1, 2, -1]
    >>> states(np.array([400.0, 900.0, 1000.0]), 1000.0, deep=0.5).tolist()
    [0, 1, 2]
    """
    limits = [1.0, marginal] if deep is None else [deep, 1.0, marginal]
    found = sum((income >= limit * line).astype(np.int8) for limit in limits)
    return np.where(np.isnan(income), NOT_SEEN, found).astype(np.int8)


@dataclass(frozen=True)
class Transitions:
    """From row to column, shape (states, states). counts: pairs seen at both dates; weighted where weights were given.

    share: of the row, NaN where nobody was. low, high: Wilson's 95 % limits of the share for a simple random sample
    of so many pairs; for clustered surveys they are too narrow, and of runs intervals are over replicates.
    """

    counts: Array
    share: Array
    low: Array
    high: Array


def transition_matrix(before: States, after: States, number: int, weight: Array | None = None) -> Transitions:
    """Counts a → b over balanced pairs, who is NOT_SEEN at either date left out.

    before, after: states from 0 to number − 1, shape (n,) or (n, dates). weight: shape (n,); the limits go by the
    number of pairs. Raises NotMeasured.
    Source of the limits: Wilson 1927; Brown, Cai & DasGupta 2001.

    >>> found = transition_matrix(np.array([0, 0, 0, 1]), np.array([0, 1, 1, -1]), 2)
    >>> found.counts.tolist(), found.share[0].round(4).tolist(), found.low[0].round(4).tolist()
    ([[1.0, 2.0], [0.0, 0.0]], [0.3333, 0.6667], [0.0615, 0.2077])
    """
    if before.shape != after.shape or max(before.max(initial=-1), after.max(initial=-1)) >= number:
        raise NotMeasured(f"states: before and after must have one shape and be below {number}")
    pairs = (before != NOT_SEEN) & (after != NOT_SEEN)
    cell = (before.astype(np.int64) * number + after)[pairs]
    each = np.ones(before.shape) if weight is None else (np.ones(before.shape).T * weight).T
    checked(states=before, weight=each)
    counts = np.asarray(np.bincount(cell, each[pairs], number * number), dtype=np.float64).reshape(number, number)
    n = np.bincount(cell, minlength=number * number).reshape(number, number).sum(axis=1, keepdims=True)
    row = counts.sum(axis=1, keepdims=True)
    share = np.where(row > 0, counts / np.where(row > 0, row, 1.0), np.nan)
    low, high = wilson(share, n)
    return Transitions(counts, share, low, high)


def wilson(share: Array, n: NDArray[np.integer], level: float = 0.95) -> tuple[Array, Array]:
    """Wilson's limits of a share among n independent cases, any shape; NaN where the share is.

    >>> [round(float(limit), 4) for limit in wilson(np.array(0.0), np.array(10))]
    [0.0, 0.2775]
    """
    z = float(maths.normal(np.array(0.5 + level / 2)))
    n = np.maximum(n, 1)
    middle, whole = share + z * z / (2 * n), 1.0 + z * z / n
    half = z * np.sqrt(np.maximum(share * (1.0 - share) / n + z * z / (4.0 * n * n), 0.0))
    return np.maximum((middle - half) / whole, 0.0), np.minimum((middle + half) / whole, 1.0)


class YearlyTransitions(Measure):
    """Share of the households poor, marginal or safe last December that are so now."""

    grouped, by_default = True, False
    unit, every = "share of households of the state before", "year"

    def take(self, world: World) -> dict[str, float]:
        home = world.households
        before = np.where(home.poor_last_december, 0, np.where(home.marginal_last_december, 1, 2)).astype(np.int8)
        now = states(world.income_pc(), world.line, world.processes["year_end"].marginal)
        share = transition_matrix(before, now, len(NAMES)).share
        return {f"{a}>{b}": ratio(float(share[i, j]), 1.0) for i, a in enumerate(NAMES) for j, b in enumerate(NAMES)}
