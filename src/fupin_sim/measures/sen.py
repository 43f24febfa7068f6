"""Sen's index of poverty and that of Shorrocks and Thon: how many, how deep, how unequally, in one number."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.checks import at_least, checked
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.mean import ratio, weighted_mean
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, World


def sen(income: Array, line: Array | float, weight: Array, finite: bool = False) -> float:
    """S = H·[I + (1 − I)·G_p]: headcount H, mean gap ratio of the poor I, Gini *among the poor* G_p.

    finite: the form of Sen 1976 for q poor persons, H·[1 − (1 − I)(1 − G_p·q/(q+1))], q being the sum of the weights
    of the poor; it alone depends on the size of the population.
    income: per person, at least 0, shape (n,). line: same unit, a number or shape (n,). weight: persons, shape (n,).
    0 when nobody is poor, missing (NaN) when there are no persons. Raises NotMeasured for negative incomes, of which
    G_p means nothing. Source: Sen 1976, Econometrica 44.

    >>> y, one = np.array([1., 2, 3, 4, 5, 6, 8, 10, 14, 20]), np.ones(10)
    >>> round(sen(y, 5.5, one), 7), round(sen(y, 5.5, one, finite=True), 7)
    (0.3, 0.2878788)
    """
    checked(line, income=income, weight=weight)
    at_least(0.0, "income", income, "the Gini among the poor means nothing for them")
    poor = income < line
    number, people = float(weight[poor].sum()), float(weight.sum())
    if number <= 0:
        return ratio(0.0, people)
    part, share = (income / line)[poor], weight[poor]
    left = weighted_mean(part, share)  # 1 − I
    unequal = gini(part, share) if left > 0 else 0.0
    if finite:
        return number / people * (1.0 - left * (1.0 - unequal * number / (number + 1.0)))
    return number / people * (1.0 - left + left * unequal)


def sen_shorrocks_thon(income: Array, line: Array | float, weight: Array) -> float:
    """SST = mean gap · (1 + Gini of the gap ratios over the *whole* population, 0 for the non-poor).

    income: per person, shape (n,); may be negative. line, weight: as in `sen`. 0 when nobody is poor, missing (NaN)
    when there are no persons. Source: Shorrocks 1995, Econometrica 63; Xu & Osberg 2002.

    >>> round(sen_shorrocks_thon(np.array([1., 2, 3, 4, 5, 6, 8, 10, 14, 20]), 5.5, np.ones(10)), 7)
    0.3772727
    """
    checked(line, income=income, weight=weight)
    gap = np.where(income < line, (line - income) / line, 0.0)
    mean = weighted_mean(gap, weight)
    return mean * (1.0 + gini(gap, weight)) if mean > 0 else mean


class Sen(Measure):
    """Sen's index of poverty; incomes below 0 count as 0."""

    by_default = False
    unit, every, better = "0 to 1", "year", "lower"

    def take(self, world: World) -> float:
        return sen(np.maximum(world.income_pc(), 0.0), world.line, world.households.members.astype(np.float64))


class SenShorrocksThon(Measure):
    """The index of poverty of Sen, Shorrocks and Thon."""

    by_default = False
    unit, every, better = "0 to 1", "year", "lower"

    def take(self, world: World) -> float:
        return sen_shorrocks_thon(world.income_pc(), world.line, world.households.members.astype(np.float64))
