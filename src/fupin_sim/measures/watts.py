"""Watts's index of poverty: how many times over the poor would have to be richer, in logarithms."""

from __future__ import annotations

import numpy as np

from fupin_sim import maths
from fupin_sim.measures.checks import at_least, checked
from fupin_sim.measures.mean import ratio, weighted_mean
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, World


def watts(income: Array, line: Array | float, weight: Array) -> float:
    """W: the mean over all persons of ln(z/y), 0 for who is not below the line z.

    income: per person, above 0, shape (n,). line: same unit, a number or shape (n,). weight: persons, shape (n,).
    Missing (NaN) when there are no persons. Raises NotMeasured for incomes that are not above 0: see `floored`.
    Source: Watts 1968; Zheng 1993.

    >>> round(watts(np.array([1., 2, 3, 4, 5, 6, 8, 10, 14, 20]), 5.5, np.ones(10)), 7)
    0.3736249
    """
    checked(line, income=income, weight=weight)
    at_least(0.0, "income", income, "Watts takes logarithms: lift them to a floor, and say how many", above=True)
    return weighted_mean(maths.log(np.where(income < line, line / income, 1.0)), weight)


def floored(income: Array, floor: Array | float) -> tuple[Array, int]:
    """Incomes lifted to a floor, and how many households were; floor: above 0, a number or shape (n,).

    >>> floored(np.array([-3.0, 0.0, 5.0]), 0.5)
    (array([0.5, 0.5, 5. ]), 2)
    """
    return np.maximum(income, floor), int((income < floor).sum())


class Watts(Measure):
    """Mean of ln(line / income), the non-poor counting 0, and the share of persons whose income had to be lifted."""

    grouped, by_default = True, False
    unit, every, better = "logarithm", "year", "lower"
    floor = Parameter(
        0.05, unit="share of the line", range=(0.01, 0.2), limits=(1e-9, 1.0), mark="choice",
        doc="income below it is lifted to it, for the logarithm of nothing is infinite",
    )  # fmt: skip

    def take(self, world: World) -> dict[str, float]:
        persons, income = world.households.members.astype(np.float64), world.income_pc()
        lifted, _ = floored(income, self.floor * world.line)
        short = float(persons[lifted > income].sum())
        return {"watts:index": watts(lifted, world.line, persons), "watts:lifted": ratio(short, float(persons.sum()))}
