"""Foster–Greer–Thorbecke poverty: how many are poor, how deep, how unequally."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio, weighted_mean
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, World


def fgt(income: Array, line: Array | float, weight: Array, alpha: int) -> float:
    """FGT_α: the mean over all persons of max(0, (z−y)/z)^α, α = 0 counting the poor.

    income: per person, shape (n,). line: z > 0, same unit, a number or shape (n,). weight: persons, shape (n,).
    alpha: 0, 1 or 2.
    Poor means strictly below the line. Missing (NaN) when there are no persons. Raises NotMeasured.
    Source: Foster, Greer & Thorbecke 1984.

    >>> y, one = np.array([1., 2, 3, 4, 5, 6, 8, 10, 14, 20]), np.ones(10)
    >>> [round(fgt(y, 5.5, one, a), 7) for a in (0, 1, 2)]
    [0.5, 0.2272727, 0.1363636]
    """
    if alpha not in (0, 1, 2):
        raise NotMeasured(f"alpha: must be 0, 1 or 2, not {alpha}")
    checked(line, income=income, weight=weight)
    poor = income < line
    if alpha == 0:
        return weighted_mean(poor.astype(np.float64), weight)
    gap = np.where(poor, (line - income) / line, 0.0)
    return weighted_mean(gap if alpha == 1 else gap * gap, weight)


class _FGT(Measure):
    unit, every, better = "share of persons", "year", "lower"
    alpha = 0

    def take(self, world: World) -> float:
        return fgt(world.income_pc(), world.line, world.households.members.astype(np.float64), self.alpha)


class Headcount(_FGT):
    """Share of persons below the line, on income with policy income at the end of December (贫困发生率)."""


class HeadcountMonthly(_FGT):
    """Share of persons below the line at the end of every month: shows when support that ends throws people back."""

    every = "month"

    def take(self, world: World) -> float:
        members = world.households.members
        return ratio(float((members * world.households.poor).sum(dtype=np.int64)), float(members.sum(dtype=np.int64)))


class PovertyGap(_FGT):
    """Mean distance to the line as a share of it, the non-poor counting 0 (贫困深度)."""

    unit, alpha = "share of the line", 1


class SquaredGap(_FGT):
    """Mean squared distance to the line: weighs the poorest most (贫困强度)."""

    unit, alpha = "share of the line, squared", 2
