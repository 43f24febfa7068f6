"""Poverty by subgroup: what each group adds to the poverty of all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.mean import ratio
from fupin_sim.measures.poverty import fgt
from fupin_sim.world import Array


@dataclass(frozen=True)
class ByGroup:
    """By group, shape (groups,): labels, share of persons, own FGT_α, and share of all poverty (missing without any).

    whole: Σ share·own, the FGT_α of all.
    """

    groups: NDArray[Any]
    share: Array
    own: Array
    contribution: Array
    whole: float


def fgt_by_group(income: Array, line: Array | float, weight: Array, group: NDArray[Any], alpha: int) -> ByGroup:
    """FGT_α = Σ share_g·FGT_α,g. group: labels, shape (n,); else as in `fgt`. Source: Foster, Greer & Thorbecke 1984.

    >>> found = fgt_by_group(np.array([1.0, 3.0, 2.0, 5.0]), 4.0, np.ones(4), np.array(["a", "a", "b", "b"]), 0)
    >>> found.own.tolist(), found.contribution.round(4).tolist()
    ([1.0, 0.5], [0.6667, 0.3333])
    """
    whole = fgt(income, line, weight, alpha)
    labels, of = np.unique(group, return_inverse=True)
    people = np.bincount(of, weight, len(labels))
    lines = np.broadcast_to(np.asarray(line, dtype=np.float64), income.shape)
    rows = np.split(np.argsort(of, kind="stable"), np.cumsum(np.bincount(of, minlength=len(labels)))[:-1])
    own = np.array([fgt(income[mine], lines[mine], weight[mine], alpha) for mine in rows])
    parts = people * np.where(people > 0, own, 0.0)
    total = float(parts.sum())
    return ByGroup(labels, people / people.sum(), own, np.array([ratio(part, total) for part in parts.tolist()]), whole)
