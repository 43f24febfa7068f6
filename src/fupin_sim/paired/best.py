"""The chance of being best: how probable it is that an arm has the best mean of all, given the replicates."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim.draws import Draws, luck_key
from fupin_sim.paired.effect import Array, IncompleteBlock, NotPaired

TRIALS = 20_000
SEED = 0
STREAM = "chance of being best"
AT_ONCE = 500_000
"""Draws held at the same time, so that thousands of replicates need no more memory than a few."""


def chance_of_best(values: ArrayLike, better: Literal["lower", "higher"] = "lower", trials: int = TRIALS) -> Array:
    """For each arm the probability that its mean is the best one, from replicates that share their luck.

    values: shape (replicates, arms), a row a replicate. The means have their Student posterior under a flat prior,
    jointly: μ = x̄ + t, where t is multivariate Student with n − 1 degrees of freedom and the covariance of the
    replicates over n. So what all arms share cancels. It is drawn `trials` times by luck of its own, always the same:
    equal replicates give equal chances. Arms that tie share a trial. For two arms it is Student's one-sided p.
    Returns shape (arms,), which sums to 1. Raises NotPaired, IncompleteBlock. Source: Box & Tiao 1973, ch. 2 and 8.

    >>> luck = np.array([0.0, 3.0, 6.0, 9.0, 12.0])
    >>> chance_of_best(np.stack([luck, luck + 1.0, luck], axis=1)).tolist()
    [0.5, 0.0, 0.5]
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 2 or not table.shape[1]:
        raise NotPaired(f"chance of being best: needs two replicates of an arm at least, not shape {table.shape}")
    if not np.isfinite(table).all():
        raise IncompleteBlock("chance of being best: a value is missing; none is given for the other arms either")
    best = _drawn(table if better == "lower" else -table, trials)
    return np.asarray((best / best.sum(axis=1, keepdims=True)).mean(axis=0))


def _drawn(table: Array, trials: int) -> Array:
    """Which arms have the lowest mean in each trial, shape (trials, arms), 1 or 0."""
    from scipy.special import gammaincinv

    n, _ = table.shape
    # differences to the first arm: what all arms share would only cost digits
    apart = table - table[:, :1]
    mean = apart.mean(axis=0)
    off = (apart - mean) / np.sqrt(n * (n - 1.0))
    draws = Draws(SEED)
    each, some = np.arange(trials), max(1, AT_ONCE // n)
    shift = np.concatenate([_shift(draws, each[i : i + some], off) for i in range(0, trials, some)])
    chi = 2.0 * gammaincinv((n - 1) / 2.0, draws.uniform(STREAM, 1, luck_key(each)))
    drawn = mean + shift * np.sqrt((n - 1) / chi)[:, None]
    lowest = drawn.min(axis=1, keepdims=True)
    near = 1e-12 * max(float(np.abs(table).max()), 1e-300)
    return np.asarray(drawn <= lowest + near, dtype=np.float64)


def _shift(draws: Draws, trials: NDArray[np.intp], off: Array) -> Array:
    """By how much the means of the arms are off in some trials, in their standard errors; shape (trials, arms)."""
    normals = draws.normal(STREAM, 0, luck_key(trials[:, None], np.arange(len(off))))
    return np.stack([(normals * column).sum(axis=1) for column in off.T], axis=1)
