"""Inequality: the Gini coefficient of income and of consumption."""

from __future__ import annotations

import math

import numpy as np

from fupin_sim.measures.checks import checked
from fupin_sim.plugins import Measure
from fupin_sim.ranking import ascending
from fupin_sim.world import Array, World


def gini(values: Array, weight: Array) -> float:
    """Gini coefficient by Lorenz trapezoids: 1 − Σ (S_i + S_{i−1}) w_i / S_n, in ascending order.

    values: shape (n,); with values below 0 it may exceed 1. weight: persons, shape (n,). 0 when all values are equal,
    missing (NaN) when nothing is to be shared or nobody shares it. Raises NotMeasured.
    Equal to Σ(2i−n−1)y_(i)/(nΣy) for equal weights. O(n log n).

    >>> round(gini(np.array([1., 2, 3, 4, 5, 6, 8, 10, 14, 20]), np.ones(10)), 7)
    0.4150685
    """
    checked(values=values, weight=weight)
    order = ascending(values)
    w = weight[order]
    share, people = np.cumsum(values[order] * w), float(w.sum())
    if len(w) == 0 or people <= 0 or share[-1] <= 0:
        return math.nan
    below = np.concatenate([[0.0], share[:-1]])
    return float(1.0 - ((share + below) * w).sum() / (share[-1] * people))


class GiniIncome(Measure):
    """Gini of twelve-month income per person, at the end of December."""

    unit, every, better = "0 to 1", "year", "lower"

    def take(self, world: World) -> float:
        return gini(world.income_pc(), world.households.members.astype(np.float64))


class GiniConsumption(Measure):
    """Gini of the calendar year's consumption per person, own bills included."""

    unit, every, better = "0 to 1", "year", "lower"

    def take(self, world: World) -> float:
        home = world.households
        return gini((home.consumption_of_year + home.bills12) / home.members, home.members.astype(np.float64))
