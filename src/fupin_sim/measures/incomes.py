"""Incomes: what people live on in a calendar year, and where it comes from."""

from __future__ import annotations

import numpy as np

from fupin_sim.ledger import COSTS, INCOME
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.processes.illness import NON_FOOD, reference_consumption
from fupin_sim.world import World

OPENED = ("project", "dividend", "captured")
"""Sources of income that are there only with a policy or process that `earns` by them."""


class Income(Measure):
    """Mean income per person of the calendar year from all sources, net of what it costs to earn it (可支配收入)."""

    unit, every, better = "yuan per person-year", "year", "higher"

    def take(self, world: World) -> float:
        flows = world.tally.flows
        return (sum(flows[name] for name in INCOME) - sum(flows[name] for name in COSTS)) / 100 / people(world)


class IncomeBySource(Measure):
    """Mean income per person by source; reimbursed medical bills apart, for official statistics count them.

    Projects, dividends and what elites pocket are shown in scenarios that have what opens them.
    """

    grouped = True
    unit, every = "yuan per person-year", "year"

    def take(self, world: World) -> dict[str, float]:
        plugins = (*world.policies.values(), *world.processes.values())
        opened = {source for plugin in plugins for source in getattr(plugin, "earns", ())}
        yuan = {name: world.tally.flows[name] / 100 / people(world) for name in (*INCOME, "reimbursement")}
        yuan["business"] -= sum(world.tally.flows[name] for name in COSTS) / 100 / people(world)
        return {f"source:{name}": yuan[name] for name in yuan if name not in OPENED or name in opened}


class CatastrophicSpending(Measure):
    """Share of households whose own medical cost reached 40 % of non-food consumption in the year."""

    unit, every, better = "share of households", "year", "lower"

    def take(self, world: World) -> float:
        home, illness = world.households, world.processes["illness"]
        reference = reference_consumption(
            home.income12 / 100.0, home.members, illness.consumption_share, world.processes["consumption"].need
        )
        struck = home.medical_of_year / 100.0 >= 0.4 * NON_FOOD * reference
        return ratio(float(struck.sum()), float(len(world)))


class MigrantsShare(Measure):
    """Migrants as a share of persons, at the end of the year."""

    unit, every = "share of persons", "year"

    def take(self, world: World) -> float:
        return float(world.households.migrants.sum(dtype=np.int64)) / people(world)


class Debt(Measure):
    """Debt per person at the end of the year, all creditors together."""

    unit, every, better = "yuan per person", "year", "lower"

    def take(self, world: World) -> float:
        return float(world.ledger.owed().sum()) / 100 / people(world)


class Hunger(Measure):
    """Share of households that ate below the floor this month."""

    unit, every, better = "share of households", "month", "lower"

    def take(self, world: World) -> float:
        return ratio(float(world.households.hungry.sum()), float(len(world)))


def people(world: World) -> float:
    """How many persons live in the world."""
    return float(world.households.members.sum(dtype=np.int64))
