"""What a moved line does to the numbers: the part of their change that is no change of anybody's life (贫困标准)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.mean import ratio
from fupin_sim.measures.returns import exited_before
from fupin_sim.plugins import Measure
from fupin_sim.processes.line import MEMORY, remembered
from fupin_sim.world import Flags, World


def split(old_at_old: float, old_at_new: float, new_at_old: float, new_at_new: float) -> tuple[float, float]:
    """The line part and the real part of a change of the headcount: the Shapley value, symmetric in both.

    old_at_new: last year's incomes held against this year's line, and so on. Each part is the mean of what it does
    when it moves first and when it moves second, so neither year is the base, and the two add up to the change.
    Source: Shorrocks 2013, Journal of Economic Inequality 11.

    >>> line, real = split(0.10, 0.16, 0.05, 0.09)
    >>> round(line, 3), round(real, 3)
    (0.05, -0.06)
    """
    line = ((new_at_new - new_at_old) + (old_at_new - old_at_old)) / 2
    real = ((new_at_new - old_at_new) + (new_at_old - old_at_old)) / 2
    return line, real


class HeadcountChange(Measure):
    """Change of the headcount since last December: what the line did, and what incomes did (线变与实变)."""

    grouped = True
    unit, every = "share of persons", "year"

    def take(self, world: World) -> dict[str, float]:
        counties, home = world.counties, world.households
        old = ratio(float(counties.poor_last_december.sum()), float(counties.people_last_december.sum()))
        members, income = home.members.astype(np.int64), world.income_pc()
        now, before = counties.line, counties.line_last_december
        new = _share(members, income < world.of_county(now))
        if not before.all():  # no December has been lived
            line, real = math.nan, math.nan
        elif (now == before).all():
            line, real = split(old, old, new, new)
        elif MEMORY in world.memory:
            incomes, persons = remembered(world)
            old_at_new = _share(persons.astype(np.int64), incomes < world.of_county(now))
            line, real = split(old, old_at_new, _share(members, income < world.of_county(before)), new)
        else:  # a branch moved a line that stood still until then
            line, real = math.nan, math.nan
        return {"change:line": line, "change:real": real, "change:all": new - old}


def _share(members: NDArray[np.int64], poor: Flags) -> float:
    return ratio(float(members[poor].sum()), float(members.sum()))


class ReturnByCause(Measure):
    """Return of exited households that would be one at last December's line, and that a new line makes (统计性返贫)."""

    grouped = True
    unit, every = "share of exited households per year", "year"

    def take(self, world: World) -> dict[str, float]:
        """Statistical return is measured minus real return; below 0 where a lower line hides real ones."""
        income, before = world.income_pc(), world.counties.line_last_december
        at_risk = exited_before(world) & ~world.households.poor_last_december
        number = float(at_risk.sum())
        real = float((at_risk & (income < world.of_county(before))).sum())
        measured = float((at_risk & (income < world.line)).sum())
        return {"return:real": ratio(real, number), "return:statistical": ratio(measured - real, number)}
