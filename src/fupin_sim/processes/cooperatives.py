"""Cooperatives (合作社): a better price and less risk for members, for a fee; or a shell that only takes the fee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.adoption import Adoption
from fupin_sim.world import World

REAL, SHELL = 1, 2


class Cooperatives(Adoption):
    """Some villages have one, some of these are shells (空壳合作社); members cannot tell before they have joined."""

    founded = Parameter(
        0.4, unit="share of villages", range=(0.1, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="that have a cooperative",
    )  # fmt: skip
    shells = Parameter(
        0.3, unit="share of cooperatives", range=(0.1, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="that exist on paper, for a subsidy and a fee",
    )  # fmt: skip
    at_start = Parameter(
        0.15, unit="share of households", range=(0.0, 0.4), limits=(0.0, 1.0), mark="assumed",
        doc="of villages with a cooperative that are members in the first month",
    )  # fmt: skip
    premium = Parameter(
        0.10, unit="share of the price", range=(0.08, 0.12), limits=(0.0, 5.0), mark="assumed", claim="S40",
        doc="that members get more for what they sell",
    )  # fmt: skip
    pooling = Parameter(
        0.8, unit="factor", range=(0.6, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="on the spread of members' own luck in a year, which they share",
    )  # fmt: skip
    fee = Parameter(
        0.03, unit="share of business income", range=(0.01, 0.05), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="kept by the cooperative",
    )  # fmt: skip
    disappointed = Parameter(
        0.3, unit="per year", range=(0.1, 0.6), limits=(0.0, 1.0), mark="assumed",
        doc="further chance that a member of a shell leaves",
    )  # fmt: skip

    @property
    def earns(self) -> tuple[str, ...]:
        """Dividends are a source of income where there are cooperatives."""
        return ("dividend",) if self.on else ()

    def run(self, world: World) -> None:
        if not self.on:
            return
        home, villages = world.households, world.villages
        if world.clock.opens_a_year:
            villages.cooperative[:] = self._kinds(world)
            if world.clock.month == world.clock.first:
                joined = world.draw(f"{self.name}: at the start") < self.at_start
                home.cooperative[:] = joined & world.of_village(villages.cooperative > 0)
            self.decide(world, home.cooperative, villages.cooperative > 0, self.premium - self.fee)
            self._disappoint(world)
        members = self.members(world)
        if self.premium and len(members):
            better = np.ones(len(world))
            better[members] += self.premium
            world.rates.adjust("business_income", better, self.name)

    def members(self, world: World) -> NDArray[np.intp]:
        """The rows of the members of real cooperatives."""
        if not self.on:
            return np.empty(0, np.intp)
        return np.flatnonzero(world.households.cooperative & world.of_village(world.whole.villages.cooperative == REAL))

    def _kinds(self, world: World) -> NDArray[np.int8]:
        """What each village has: nothing, a real cooperative or a shell; for good."""
        luck = world.villages.luck
        founded = world.draws.uniform(f"{self.name}: founded", 0, luck) < self.founded
        shell = world.draws.uniform(f"{self.name}: shell", 0, luck) < self.shells
        kinds: NDArray[np.int8] = np.where(founded, np.where(shell, SHELL, REAL), 0).astype(np.int8)
        return kinds

    def _disappoint(self, world: World) -> None:
        has = world.households.cooperative
        rows = np.flatnonzero(has & world.of_village(world.villages.cooperative != REAL))
        gone = world.draw(f"{self.name} disappointed", rows) < self.disappointed
        gone |= world.of_village(world.villages.cooperative == 0)[rows]
        has[rows[gone]] = False


class CooperativeFees(Process):
    """What cooperatives keep of what their members earn in business."""

    def run(self, world: World) -> None:
        cooperatives = world.processes["cooperatives"]
        if cooperatives.on and cooperatives.fee:
            rows = np.flatnonzero(world.households.cooperative)
            world.ledger.post("fee", np.floor(cooperatives.fee * world.ledger.flows["business"][rows]), rows)
