"""Counts and states by chance, from uniforms, so that luck stays coupled when a probability moves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def binomial(u: Array, n: NDArray[Any], p: Array | float) -> NDArray[np.int8]:
    """How many of n succeed: the quantile of the binomial distribution at u.

    u: uniforms in (0, 1), shape (m,). n: trials, shape (m,), at most 100. p: probability, a number or shape (m,).
    Returns shape (m,). High u means many; the count never falls when p or n rises.

    >>> binomial(np.array([.2, .9, .999]), np.array([2, 2, 2]), .3)
    array([0, 1, 2], dtype=int8)
    """
    count = np.zeros(len(u), np.int8)
    p = np.minimum(np.maximum(p, 0.0), 1.0)
    rows = may_succeed(u, n, p)
    if len(rows):
        count[rows] = successes(u[rows], n[rows], np.broadcast_to(p, count.shape)[rows])
    return count


def may_succeed(u: Array, n: NDArray[Any], p: Array | float) -> NDArray[np.intp]:
    """The rows in which anybody of n can succeed with a chance of at most p each; usually few.

    (1−p)^n is at least 1−np, so where u is below that the binomial quantile is surely 0 and need not be computed.
    """
    return (u > 1.0 - n * p).nonzero()[0]


def successes(u: Array, n: NDArray[Any], p: Array) -> NDArray[np.int64]:
    """The binomial quantile, as `binomial`, for probabilities between 0 and 1; all of shape (m,)."""
    n, often = n.astype(np.int64), p > 0.5
    if not often.any():
        return _successes(u, n, p)
    # Of successes and failures the rarer ones are counted; failures are few when u is high.
    rare = _successes(np.where(often, 1.0 - u, u), n, np.where(often, 1.0 - p, p))
    return np.where(often, n - rare, rare)


def _successes(u: Array, n: NDArray[np.int64], p: Array) -> NDArray[np.int64]:
    """The binomial quantile for p of at most a half: u is held against P(0), then P(0) + P(1), and so on."""
    count = np.zeros(len(u), np.int64)
    rows, odds = np.arange(len(u)), p / (1.0 - p)
    term = _power(1.0 - p, n)
    below = term
    for k in range(1, int(n.max(initial=0)) + 1):
        # Only who had more than k − 1 successes can have more than k.
        more = ((u > below) & (n >= k)).nonzero()[0]
        if len(more) == 0:
            break
        rows, u, n = rows[more], u[more], n[more]
        odds, term, below = odds[more], term[more], below[more]
        count[rows] = k
        term = term * ((n - (k - 1)) / k) * odds
        below = below + term
    return count


def _power(q: Array, n: NDArray[np.int64]) -> Array:
    """q to the power of whole n, by squaring: made of multiplications only, so the same on every machine."""
    result, square = np.where(n & 1, q, 1.0), q
    for bit in range(1, int(n.max(initial=0)).bit_length()):
        square = square * square
        rows = (n >> bit & 1).nonzero()[0]
        result[rows] *= square[rows]
    return result


def markov(u: Array, state: NDArray[np.bool_], p: Array | float, correlation: float) -> NDArray[np.bool_]:
    """The next state of a yearly two-state chain whose long-run share is p.

    correlation: autocorrelation of the state from year to year, 0 to 1; the chance is p + c(1−p) after a bad year
    and p(1−c) after a good one.

    >>> markov(np.array([.3, .3]), np.array([True, False]), .1, .5)
    array([ True, False])
    """
    chance = np.where(state, p + correlation * (1.0 - np.asarray(p)), np.asarray(p) * (1.0 - correlation))
    return np.asarray(u < chance)


def second_smallest(u: Array) -> Array:
    """A Beta(2, m−1) variable from m uniforms: their second smallest.

    u: shape (n, m). Returns shape (n,). Exact, and made of comparisons only, so the same on every machine.
    """
    ordered: Array = np.sort(u, axis=1)[:, 1]
    return ordered
