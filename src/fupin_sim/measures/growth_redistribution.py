"""A change of poverty split into growth of mean income and a change of its distribution."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.mean import weighted_mean
from fupin_sim.measures.poverty import fgt
from fupin_sim.world import Array

Index = Callable[[Array, float, Array], float]


@dataclass(frozen=True)
class Change:
    """change = growth + redistribution. residual: what Datt & Ravallion 1992 leave when growth and distribution are
    both measured from the first date; here it is shared between the two."""

    change: float
    growth: float
    redistribution: float
    residual: float


def headcount(income: Array, line: float, weight: Array) -> float:
    """FGT₀."""
    return fgt(income, line, weight, 0)


def growth_redistribution(
    before: Array, weight_before: Array, after: Array, weight_after: Array, line: float, index: Index = headcount
) -> Change:
    """The Shapley value of scaling all incomes, and of moving to the other Lorenz curve.

    before, after: income per person at constant prices, shapes (n,) and (m,), each with its weights. line: one for
    both dates. index: of (income, line, weight), such as FGT_α. Means must be above 0; raises NotMeasured.
    Source: Datt & Ravallion 1992; Kakwani 2000; Shorrocks 2013.

    >>> import numpy as np
    >>> one = np.ones(4)
    >>> found = growth_redistribution(np.array([1.0, 3, 5, 7]), one, np.array([2.0, 6, 10, 14]), one, 4.0)
    >>> found.change, found.growth, found.redistribution
    (-0.25, -0.25, 0.0)
    """
    means = [weighted_mean(before, weight_before), weighted_mean(after, weight_after)]
    if not min(means) > 0:
        raise NotMeasured(f"income: mean must be above 0 at both dates, and is {means[0]:g} and {means[1]:g}")
    factor = means[1] / means[0]
    first, last = index(before, line, weight_before), index(after, line, weight_after)
    grown, shrunk = index(before * factor, line, weight_before), index(after / factor, line, weight_after)
    growth = ((grown - first) + (last - shrunk)) / 2.0
    spread = ((last - grown) + (shrunk - first)) / 2.0
    return Change(last - first, growth, spread, last - grown - shrunk + first)
