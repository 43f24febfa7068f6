"""Spending: what policies cost, by instrument and by who got it."""

from __future__ import annotations

from fupin_sim.measures.incomes import people
from fupin_sim.plugins import Measure
from fupin_sim.tally import DECILES
from fupin_sim.world import World


class Spending(Measure):
    """Public outlay of all policies in the calendar year, administration included."""

    unit, every, better = "yuan per resident-year", "year", "lower"

    def take(self, world: World) -> float:
        return sum(world.tally.spent.values()) / 100 / people(world)


class SpendingByPolicy(Measure):
    """Public outlay in the calendar year by policy, administration included."""

    grouped = True
    unit, every = "yuan per resident-year", "year"

    def take(self, world: World) -> dict[str, float]:
        return {f"policy:{name}": fen / 100 / people(world) for name, fen in sorted(world.tally.spent.items())}


class InstitutionCosts(Measure):
    """What institutions cost in the calendar year beside the outlays of policies: the register and its like."""

    grouped = True
    unit, every = "yuan per resident-year", "year"

    def take(self, world: World) -> dict[str, float]:
        costs = sorted(world.tally.overheads.items())
        return {f"institution:{name}": fen / 100 / people(world) for name, fen in costs}


class ReceivedByDecile(Measure):
    """What households got from policies in any way, by decile of last December's income within the county."""

    grouped = True
    unit, every = "yuan per resident-year", "year"

    def take(self, world: World) -> dict[str, float]:
        received = world.tally.received
        return {f"decile:{i}": float(received[i]) / 100 / people(world) for i in range(1, DECILES)}
