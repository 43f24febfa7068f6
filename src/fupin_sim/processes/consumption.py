"""Consumption: a floor that comes first, then a share of income and of wealth."""

from __future__ import annotations

import numpy as np

from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World


class Consumption(Process):
    """What is eaten and used, without bills; nobody spends more than the purse holds."""

    need = Parameter(
        4_000.0, unit="yuan per person-year", range=(3_000, 5_000), limits=(0, 1e6), mark="assumed",
        doc="what a person needs; it does not move when a poverty line is redefined",
        source="the rural poverty line of 2,300 yuan of 2010 at 2020 prices",
    )  # fmt: skip
    floor_share = Parameter(
        0.66, unit="share of the need", range=(0.5, 0.8), limits=(0.0, 1.0), mark="assumed", doc="least consumption"
    )
    of_income = Parameter(
        0.70, unit="share of income", range=(0.6, 0.85), limits=(0.0, 1.0), mark="assumed", doc="of the month's income"
    )
    of_wealth = Parameter(
        0.02, unit="share of wealth per month", range=(0.01, 0.04), limits=(0.0, 1.0), mark="assumed",
        doc="of liquid wealth",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        floor = self.floor(world)
        spent = self.of_income * income_of_month(world)
        spent += self.of_wealth * home.wealth
        np.rint(spent, out=spent)
        np.maximum(spent, floor, out=spent)
        np.minimum(spent, home.wealth, out=spent)
        home.hungry[:] = spent < floor
        world.ledger.post("consumption", spent)

    def floor(self, world: World) -> Money:
        """Least consumption of each household in a month, whole fen."""
        floor: Money = np.rint(world.households.members * (self.floor_share * self.need * 100.0 / 12))
        return floor


def income_of_month(world: World) -> Money:
    """The month's income of each household, fen, not to be written to: business, wage, property and support."""
    return world.ledger.income()
