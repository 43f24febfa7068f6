"""Shares of income of the poorest and the richest, and Palma's ratio of them."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.checks import checked
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.ranking import ascending
from fupin_sim.world import Array, World


def share_of_poorest(income: Array, weight: Array, part: float) -> float:
    """The Lorenz curve at `part`: the share of all income that the poorest part of persons has.

    income: per person, shape (n,). weight: persons, shape (n,). A household across the limit counts with the part of
    its persons below it. Missing (NaN) when all income together is nothing, or nobody is there.

    >>> round(share_of_poorest(np.array([1., 2, 3, 4, 5, 6, 8, 10, 14, 20]), np.ones(10), 0.4), 7)
    0.1369863
    """
    checked(income=income, weight=weight)
    order = ascending(income)
    persons = weight[order]
    ends = np.cumsum(persons)
    below = np.clip(part * ends[-1:] - (ends - persons), 0.0, persons)
    return ratio(float((income[order] * below).sum()), float((income * weight).sum()))


def palma(income: Array, weight: Array) -> float:
    """Income of the richest tenth of persons over that of the poorest four tenths.

    Shapes as in `share_of_poorest`. 1/4 when all incomes are equal; missing (NaN) when the poorest, or all together,
    have nothing or less: no ratio tells anything of that.
    Source: Palma 2011; Cobham & Sumner 2013.

    >>> round(palma(np.array([1., 2, 3, 4, 5, 6, 8, 10, 14, 20]), np.ones(10)), 7)
    2.0
    """
    poorest = share_of_poorest(income, weight, 0.4)
    some = poorest > 0 and float((income * weight).sum()) > 0
    return ratio(1.0 - share_of_poorest(income, weight, 0.9), poorest if some else 0.0)


class Palma(Measure):
    """Income of the richest tenth of persons over that of the poorest four tenths, twelve months."""

    by_default = False
    unit, every, better = "ratio", "year", "lower"

    def take(self, world: World) -> float:
        return palma(world.income_pc(), world.households.members.astype(np.float64))
