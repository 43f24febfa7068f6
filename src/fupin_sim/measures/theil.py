"""Theil's two indices of inequality, which fall apart into inequality within groups and between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.measures.checks import at_least, checked
from fupin_sim.measures.mean import ratio, weighted_mean
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, World


def theil(income: Array, weight: Array) -> float:
    """T = mean of (y/μ)·ln(y/μ), 0·ln 0 being 0: generalised entropy with parameter 1, from 0 to ln n.

    income: per person, at least 0, shape (n,). weight: persons, shape (n,). 0 when all incomes are equal, missing
    (NaN) when there is no income or nobody. Raises NotMeasured for negative incomes. Source: Theil 1967.

    >>> round(theil(np.array([1.0, 3.0]), np.ones(2)), 7)
    0.130812
    """
    checked(income=income, weight=weight)
    at_least(0.0, "income", income, "Theil's index takes logarithms")
    mean = weighted_mean(income, weight)
    if not mean > 0:
        return ratio(0.0, 0.0)
    part = income / mean
    return weighted_mean(part * maths.log(np.where(part > 0, part, 1.0)), weight)


def mean_log_deviation(income: Array, weight: Array) -> float:
    """L = mean of ln(μ/y), Theil's second index: generalised entropy with parameter 0.

    income: above 0; else as in `theil`. Raises NotMeasured for incomes that are not above 0.

    >>> round(mean_log_deviation(np.array([1.0, 3.0]), np.ones(2)), 7)
    0.143841
    """
    checked(income=income, weight=weight)
    at_least(0.0, "income", income, "the mean log deviation takes logarithms", above=True)
    return weighted_mean(maths.log(weighted_mean(income, weight) / income), weight)


@dataclass(frozen=True)
class Parts:
    """Inequality within groups and between their means; the two add up. groups: labels; own: each group's own index."""

    within: float
    between: float
    groups: NDArray[Any]
    own: Array


def theil_by_group(income: Array, weight: Array, group: NDArray[Any]) -> Parts:
    """T = Σ s_g·T_g + Σ s_g·ln(μ_g/μ), with s_g the group's share of all income.

    group: labels, shape (n,); else as in `theil`. The own index of a group without
    income is missing (NaN). Source: Shorrocks 1980, Econometrica 48.

    >>> parts = theil_by_group(np.array([1.0, 1.0, 3.0, 3.0]), np.ones(4), np.array(["a", "a", "b", "b"]))
    >>> parts.within, round(parts.between, 7)
    (0.0, 0.130812)
    """
    whole = theil(income, weight)
    labels, of = np.unique(group, return_inverse=True)
    money, people = np.bincount(of, weight * income, len(labels)), np.bincount(of, weight, len(labels))
    some = money > 0
    means = np.divide(money, people, out=np.ones(len(labels)), where=some)
    part = np.where(some[of], income / means[of], 0.0)
    terms = weight * income * maths.log(np.where(part > 0, part, 1.0))
    own = np.divide(np.bincount(of, terms, len(labels)), money, out=np.full(len(labels), math.nan), where=some)
    within = ratio(float((money * np.where(some, own, 0.0)).sum()), float(money.sum()))
    return Parts(within, whole - within, labels, own)


class Theil(Measure):
    """Theil index of twelve-month income per person; incomes below 0 count as 0."""

    by_default = False
    unit, every, better = "0 to ln of persons", "year", "lower"

    def take(self, world: World) -> float:
        return theil(np.maximum(world.income_pc(), 0.0), world.households.members.astype(np.float64))
