"""Disaster relief (灾害救助): food money for a stricken village, and part of what was destroyed."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import NEVER
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, Instrument
from fupin_sim.world import Array, Flags, World


class DisasterRelief(Instrument):
    """For some months after a natural disaster strikes the village."""

    by_application = AUTOMATIC
    level = Dated(
        150.0, unit="yuan per person-month", range=(50, 400), limits=(0, 1e5), mark="assumed", claim="S38",
        doc="food money for everybody in the village",
    )  # fmt: skip
    months = Parameter(3, unit="months", range=(1, 6), limits=(1, 120), mark="assumed", doc="of food money")
    assets = Parameter(
        0.2, unit="share of assets lost", range=(0.0, 0.5), limits=(0.0, 1.0), mark="assumed",
        doc="paid at once for productive capital that the disaster destroyed",
    )  # fmt: skip
    relief_share = Parameter(
        1.0, unit="share of the relief", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S12",
        doc="on which dependence grows",
    )  # fmt: skip

    def adjust(self, world: World) -> None:
        """Before the disaster strikes, write down what there is to lose."""
        if self._strikes(world) and self.assets and self.in_force(world):
            self._before(world)[:] = world.households.capital

    def titled(self, world: World) -> Flags:
        struck = world.recall(self.name, "struck_on", np.int32, NEVER)
        if self._strikes(world):
            struck[world.of_village(world.villages.disaster)] = world.clock.month
        flags: Flags = (struck != NEVER) & (world.clock.month - struck < self.months)
        return flags

    def worth(self, world: World) -> Array:
        home = world.households
        yuan: Array = home.members * self.level
        if self._strikes(world) and self.assets:
            lost = np.maximum(self._before(world) - home.capital, 0.0)
            yuan = yuan + self.assets * lost * world.processes["business"].yuan_per_unit
        return yuan

    def _strikes(self, world: World) -> bool:
        """Whether this is the month of the year in which disasters destroy assets."""
        month: int = world.processes["disaster"].month
        return world.clock.month % 12 == month - 1

    def _before(self, world: World) -> Array:
        return world.recall(self.name, "capital_before", np.float64, 0.0)
