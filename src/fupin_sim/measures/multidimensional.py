"""Multidimensional poverty by counting deprivations, after Alkire and Foster (多维贫困)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, Flags, World

ROUNDING = 1e-9
"""Scores this little below the cut-off reach it: .1 + .2 is to be .3."""


@dataclass(frozen=True)
class AlkireFoster:
    """headcount H, intensity A (missing when nobody is poor) and adjusted headcount M0 = H·A.

    deprived: share of persons deprived in each dimension. censored: the same, who are also poor. contribution: each
    dimension's share of M0, missing when M0 is 0. All three of shape (dimensions,). poor: shape (n,).
    """

    headcount: float
    intensity: float
    adjusted: float
    deprived: Array
    censored: Array
    contribution: Array
    poor: Flags


def alkire_foster(deprived: Flags, dimension_weight: ArrayLike, cutoff: float, weight: Array) -> AlkireFoster:
    """Score c = Σ w_j·deprived_j; poor iff c ≥ k; H their share, A their mean score, M0 = H·A.

    deprived: shape (n, dimensions). dimension_weight: w, above 0, sums to 1. cutoff: k, above 0, at most 1.
    weight: persons, shape (n,). All missing (NaN) when there are no persons; H = M0 = 0 when nobody is poor.
    Raises NotMeasured. Source: Alkire & Foster 2011, Journal of Public Economics 95.

    >>> health, school, living, work = [1, 0, 1, 1, 0], [1, 0, 0, 1, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 0]
    >>> deprived = np.array([health, school, living, work], dtype=bool).T
    >>> found = alkire_foster(deprived, [0.25] * 4, 0.5, np.ones(5))
    >>> round(found.headcount, 4), round(found.intensity, 4), round(found.adjusted, 4)
    (0.6, 0.75, 0.45)
    """
    w = np.asarray(dimension_weight, dtype=np.float64)
    _check(deprived, w, cutoff, weight)
    score = (deprived * w).sum(axis=1)
    poor = score >= cutoff - ROUNDING
    people = float(weight.sum())
    adjusted = ratio(float((weight * score)[poor].sum()), people)
    number = float(weight[poor].sum())
    every = np.array([ratio(float(weight[column].sum()), people) for column in deprived.T])
    both = np.array([ratio(float(weight[column & poor].sum()), people) for column in deprived.T])
    parts = np.array([ratio(part, adjusted) for part in w * both])
    intensity = ratio(float((weight * score)[poor].sum()), number)
    return AlkireFoster(ratio(number, people), intensity, adjusted, every, both, parts, poor)


@dataclass(frozen=True)
class Subgroups:
    """By group, shape (groups,): share of persons, own M0, and contribution to the M0 of all (they sum to 1)."""

    groups: NDArray[Any]
    share: Array
    adjusted: Array
    contribution: Array


def by_subgroup(
    deprived: Flags, dimension_weight: ArrayLike, cutoff: float, weight: Array, group: NDArray[Any]
) -> Subgroups:
    """M0 = Σ share_g·M0_g: what each group adds to it. group: labels, shape (n,); else as in `alkire_foster`.

    >>> d = np.array([[1, 1], [1, 0], [0, 0], [1, 1]], dtype=bool)
    >>> found = by_subgroup(d, [0.5, 0.5], 1.0, np.ones(4), np.array(["a", "a", "b", "b"]))
    >>> found.adjusted, found.contribution
    (array([0.5, 0.5]), array([0.5, 0.5]))
    """
    whole = alkire_foster(deprived, dimension_weight, cutoff, weight)
    labels, of = np.unique(group, return_inverse=True)
    score = np.where(whole.poor, (deprived * np.asarray(dimension_weight)).sum(axis=1), 0.0)
    people, sums = np.bincount(of, weight, len(labels)), np.bincount(of, weight * score, len(labels))
    own = np.array([ratio(part, each) for part, each in zip(sums.tolist(), people.tolist(), strict=True)])
    parts = np.array([ratio(part, float(sums.sum())) for part in sums.tolist()])
    return Subgroups(labels, people / people.sum(), own, parts)


class Multidimensional(Measure):
    """Multidimensional poverty in income, health, schooling and food: H, A, M0 and what makes it up (多维贫困)."""

    grouped, by_default = True, False
    unit, every, better = "share", "year", "lower"
    cutoff = Parameter(
        0.5, unit="share of four equal weights", range=(0.25, 1.0), limits=(0.01, 1.0), mark="choice",
        doc="score of deprivations from which a household is poor",
    )  # fmt: skip
    least_schooling = Parameter(
        6.0, unit="years", range=(3.0, 9.0), limits=(0.0, 25.0), mark="choice",
        doc="mean schooling of the adults below which a household is deprived",
    )  # fmt: skip

    def take(self, world: World) -> dict[str, float]:
        """Deprived: income below the line; somebody ill or disabled; unschooled or a child out of school; hunger."""
        home = world.households
        ill = (home.months_sick > 0) | (home.disabled > 0)
        unschooled = (home.schooling < self.least_schooling) | home.out_of_school
        parts = {"income": home.poor, "health": ill, "schooling": unschooled, "food": home.hungry}
        w, persons = [1.0 / len(parts)] * len(parts), home.members.astype(np.float64)
        found = alkire_foster(np.stack(list(parts.values()), axis=-1), w, self.cutoff, persons)
        told = {"mpi:headcount": found.headcount, "mpi:intensity": found.intensity, "mpi:adjusted": found.adjusted}
        return told | {f"part:{name}": float(part) for name, part in zip(parts, found.contribution, strict=True)}


def _check(deprived: Flags, w: Array, cutoff: float, weight: Array) -> None:
    mistakes = []
    if deprived.ndim != 2 or deprived.dtype != np.bool_:
        raise NotMeasured("deprived: must be true or false, a row a household, a column a dimension")
    checked(deprived=deprived, weight=weight)
    if w.shape != deprived.shape[1:]:
        mistakes.append(f"dimension_weight: {w.size} weights for {deprived.shape[1]} dimensions")
    elif not (w > 0).all() or abs(float(w.sum()) - 1.0) > ROUNDING:
        mistakes.append(f"dimension_weight: must be above 0 and sum to 1, not to {float(w.sum()):g}")
    if not 0 < cutoff <= 1:
        mistakes.append(f"cutoff: must be above 0 and at most 1, not {cutoff}")
    if mistakes:
        raise NotMeasured(mistakes)
