"""Entry into poverty by cause: which part of income fell when a household fell below the line (致贫原因)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio
from fupin_sim.world import Array, Flags


@dataclass(frozen=True)
class Causes:
    """By component, shape (components,). largest: share of entries in which it fell most. fall: its part in the net
    fall of all who entered, below 0 where it rose; these sum to 1. unexplained: share of entries in which nothing
    fell, as when the line rose. entries: how many, weighted."""

    largest: Array
    fall: Array
    unexplained: float
    entries: float


NOTHING_FELL = -1


def largest_fall(falls: Array) -> NDArray[np.intp]:
    """Which component fell most, shape (n,); of those that fell alike the first, NOTHING_FELL where none fell.

    falls: by household and component, below 0 where it rose, shape (n, components).

    >>> largest_fall(np.array([[1.0, 3.0], [2.0, 2.0], [-1.0, 0.0]])).tolist()
    [1, 0, -1]
    """
    if not falls.size:
        return np.full(len(falls), NOTHING_FELL, np.intp)
    return np.where(falls.max(axis=1) > 0, np.argmax(falls, axis=1), NOTHING_FELL)


def entry_by_cause(before: Array, after: Array, entered: Flags, weight: Array) -> Causes:
    """Components of income a year ago and now; a cost, such as bills, counts with a minus.

    before, after: shape (n, components). entered: who was not poor before and is now, shape (n,). weight: shape (n,).
    Of components that fell alike the first is named. Missing (NaN) when nobody entered. Raises NotMeasured.
    Source: after Bane & Ellwood 1986; Jenkins 2000.

    >>> before = np.array([[10.0, 5.0], [10.0, 5.0], [10.0, 5.0]])
    >>> after = np.array([[4.0, 5.0], [9.0, 1.0], [10.0, 5.0]])
    >>> found = entry_by_cause(before, after, np.array([True, True, False]), np.ones(3))
    >>> found.largest.tolist(), found.fall.round(4).tolist()
    ([0.5, 0.5], [0.6364, 0.3636])
    """
    checked(before=before, after=after, entered=entered, weight=weight)
    if before.shape != after.shape or before.ndim != 2:
        raise NotMeasured("before, after: must have one shape, a row a household, a column a component")
    falls, share = (before - after)[entered], weight[entered]
    entries, parts = float(share.sum()), falls.shape[1]
    most = largest_fall(falls)
    fell = most != NOTHING_FELL
    number = np.bincount(most[fell], share[fell], parts)
    total = (falls.T * share).sum(axis=1)
    return Causes(
        np.array([ratio(each, entries) for each in number.tolist()]),
        np.array([ratio(each, float(total.sum())) for each in total.tolist()]),
        ratio(float(share[~fell].sum()), entries), entries,
    )  # fmt: skip
