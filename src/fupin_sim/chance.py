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
    p = np.broadcast_to(np.clip(p, 0.0, 1.0), (len(u),))
    rows = may_succeed(u, n, p)
    if len(rows) == 0:
        return count
    un, nn, q = 1.0 - u[rows], n[rows].astype(np.int64), 1.0 - p[rows]
    most = int(nn.max())
    # P(more than k) is summed from the top, where q may be 0 and the terms small.
    above = np.zeros(len(rows))
    found = np.zeros(len(rows), np.int8)
    for k in range(most, 0, -1):
        above += _term(nn, k, 1.0 - q, q)
        found = np.where((un < above) & (found == 0), k, found).astype(np.int8)
    count[rows] = found
    return count


def may_succeed(u: Array, n: NDArray[Any], p: Array | float) -> NDArray[np.intp]:
    """The rows in which anybody of n can succeed with a chance of at most p each; usually few.

    (1−p)^n is at least 1−np, so where u is below that the binomial quantile is surely 0 and need not be computed.
    """
    return np.flatnonzero(u > 1.0 - n * p)


def _term(n: NDArray[np.int64], k: int, p: Array, q: Array) -> Array:
    """C(n, k) p^k q^(n−k), by multiplication only; 0 where k > n."""
    term = np.ones(len(n))
    for i in range(k):
        term = term * (n - i) / (i + 1) * p
    for i in range(int(n.max()) - k):
        term = np.where(n - k > i, term * q, term)
    return np.where(n >= k, term, 0.0)


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
