"""Ranking: rows in ascending order of a column, ties by row or by luck key."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIGN = np.uint64(1 << 63)


def ascending(values: NDArray[np.float64], luck: NDArray[np.uint64] | None = None) -> NDArray[np.int64]:
    """The rows of a column in ascending order of its values; equal values by luck key, or by row without one.

    values: shape (n,), no NaN. luck: distinct keys, shape (n,). Returns row numbers, shape (n,).
    The same as `np.lexsort((luck, values))`, five to ten times as fast: row numbers are written into the last bits of
    the values and whole words are sorted, which NumPy does faster than it sorts row numbers by value.

    >>> ascending(np.array([2.0, -1.0, 2.0]), np.array([9, 5, 3], dtype=np.uint64))
    array([1, 2, 0])
    """
    values = values + 0.0  # -0.0 becomes 0.0, which it equals
    rows = np.uint64((1 << max(len(values) - 1, 0).bit_length()) - 1)
    words = values.view(np.uint64)
    # Floats in ascending order are words in ascending order once the sign is turned, and below zero every bit.
    negative = bool((values < 0).any()) or bool((values == np.inf).any())
    words = np.where(words & SIGN, ~words, words | SIGN) if negative else words.copy()
    words &= ~rows
    words |= np.arange(len(values), dtype=np.uint64)
    # From zero upwards words are finite floats themselves, and sorted faster as such.
    (words if negative else words.view(np.float64)).sort()
    order = (words & rows).view(np.int64)
    words |= rows  # what is left of the values: equal where their order may be wrong
    _repair(order, words[1:] == words[:-1], values, luck)
    return order


def _repair(
    order: NDArray[np.int64], alike: NDArray[np.bool_], values: NDArray[np.float64], luck: NDArray[np.uint64] | None
) -> None:
    """Put right what the lost bits left in the order of rows; alike: neighbours in it whose values may be so."""
    if not alike.any():
        return
    among = np.concatenate([alike, [False]])
    among[1:] |= alike
    rows = order[among]
    # Runs of neighbours stand in ascending order, so that all of them can be sorted at once.
    order[among] = rows[np.lexsort((rows if luck is None else luck[rows], values[rows]))]
