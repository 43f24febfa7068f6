"""Marginal households (边缘户): not poor, but near enough to the line to fall below it at any shock."""

from __future__ import annotations

from fupin_sim.agents.household import NEVER
from fupin_sim.measures.incomes import people
from fupin_sim.measures.returns import return_rate
from fupin_sim.plugins import Measure
from fupin_sim.processes.register import line_of
from fupin_sim.world import World


class MarginalShare(Measure):
    """Share of persons from the line to one and a half of it, at the end of December (边缘人口)."""

    unit, every = "share of persons", "year"

    def take(self, world: World) -> float:
        home = world.households
        near = ~home.poor & (home.income12 < world.processes["year_end"].marginal * line_of(world))
        return float(home.members[near].sum(dtype="int64")) / people(world)


class MarginalNewPovertyRate(Measure):
    """Share of never-registered households marginal last December that are poor now: new poverty, not return."""

    unit, every, better = "share of marginal households per year", "year", "lower"

    def take(self, world: World) -> float:
        home = world.households
        never = (home.first_listed_on == NEVER) | (home.first_listed_on == world.clock.month)
        return return_rate(never & home.marginal_last_december, home.poor_last_december, home.poor)
