"""Atkinson's index of inequality: the part of all income that equality would make superfluous."""

from __future__ import annotations

import numpy as np

from fupin_sim import maths
from fupin_sim.measures.checks import NotMeasured, at_least, checked
from fupin_sim.measures.mean import ratio, weighted_mean
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, World


def atkinson(income: Array, weight: Array, aversion: float = 1.0) -> float:
    """A = 1 − (mean of (y/μ)^(1−ε))^(1/(1−ε)); for ε = 1, 1 − exp(mean of ln(y/μ)).

    income: per person, at least 0, shape (n,). weight: persons, shape (n,). aversion: ε, at least 0.
    0 when all incomes are equal; 1, the limit, when ε ≥ 1 and some person has nothing; missing (NaN) when there is no
    income or nobody. Raises NotMeasured for negative incomes or ε. Source: Atkinson 1970.

    >>> [round(atkinson(np.array([1.0, 3.0]), np.ones(2), e), 7) for e in (0.0, 0.5, 1.0, 2.0)]
    [0.0, 0.0669873, 0.1339746, 0.25]
    """
    checked(income=income, weight=weight)
    at_least(0.0, "income", income, "Atkinson's index is not defined for them")
    if not aversion >= 0:
        raise NotMeasured(f"aversion: must be at least 0, not {aversion}")
    mean = weighted_mean(income, weight)
    if not mean > 0:
        return ratio(0.0, 0.0)
    part, rest = income / mean, 1.0 - aversion
    if aversion >= 1.0 and weight[part <= 0].sum() > 0:
        return 1.0
    part = np.where(weight > 0, part, 1.0)
    if rest == 0.0:
        return float(1.0 - maths.exp(np.array(weighted_mean(maths.log(part), weight))))
    return float(1.0 - maths.power(np.array(weighted_mean(maths.power(part, rest), weight)), 1.0 / rest))


class Atkinson(Measure):
    """Atkinson index of twelve-month income per person; incomes below the floor are lifted to it."""

    by_default = False
    unit, every, better = "0 to 1", "year", "lower"
    aversion = Parameter(1.0, unit="", range=(0.5, 2.0), limits=(0.0, 20.0), mark="choice", doc="to inequality")
    floor = Parameter(
        0.05, unit="share of the line", range=(0.01, 0.2), limits=(0.0, 1.0), mark="choice",
        doc="income below it is lifted to it, for one person without any would make the index 1",
    )  # fmt: skip

    def take(self, world: World) -> float:
        income = np.maximum(world.income_pc(), self.floor * world.line)
        return atkinson(income, world.households.members.astype(np.float64), self.aversion)
