"""Organisation: the capacity of village branch and committee to get things done (村级组织)."""

from __future__ import annotations

import numpy as np

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.migration import share
from fupin_sim.world import Array, World


class Organization(Process):
    """A team can teach the committee, or do its work for it; the young come home or go; secretaries change."""

    local = False

    on = Parameter(False, mark="choice", doc="whether capacity moves at all; otherwise it stays what it is")
    teaching = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S28",
        doc="part of the missing capacity that a team of full strength and skill builds",
    )  # fmt: skip
    crowding = Parameter(
        0.3, unit="share", range=(0.0, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S28",
        doc="of the committee's work that a team does in its place (包办代替)",
    )  # fmt: skip
    disuse = Parameter(
        0.01, unit="per month", range=(0.0, 0.03), limits=(0.0, 1.0), mark="assumed", claim="S28",
        doc="part of its capacity that a committee loses whose work is all done by a strong team",
    )  # fmt: skip
    youth = Parameter(
        0.005, unit="per month", range=(0.0, 0.01), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="gained were all able workers at home who used to be away; lost as they go",
    )  # fmt: skip
    turnover = Parameter(
        0.01, unit="per change", range=(0.0, 0.05), limits=(0.0, 1.0), mark="assumed",
        doc="lost when the village secretary changes",
    )  # fmt: skip
    changes = Parameter(
        0.2, unit="per village-year", range=(0.1, 0.4), limits=(0.0, 1.0), mark="assumed",
        doc="chance that the village secretary changes",
    )  # fmt: skip
    back = Parameter(
        0.01, unit="per month", range=(0.005, 0.03), limits=(0.0, 1.0), mark="assumed", doc="return to the set point"
    )

    def run(self, world: World) -> None:
        if not self.on:
            return
        villages = world.villages
        team, skill = world.processes["team_channels"].at_work(world, "organization")
        rates = (self.teaching, self.crowding, self.disuse, self.back)
        moved = organized(villages.organization, villages.organization_setpoint, team, skill, rates)
        if world.clock.opens_a_year:
            self._look_who_is_home(world)
            u = world.draws.uniform("village secretary changes", world.clock.month, villages.luck)
            moved -= self.turnover * (u < self.changes)
        moved += self.youth * villages.youth_return
        villages.organization[:] = np.clip(moved, 0.0, 1.0)

    def _look_who_is_home(self, world: World) -> None:
        """How many more of the able are at home than used to be; what is usual is frozen with the burn-in."""
        home, villages = world.households, world.villages
        able = np.maximum(home.workers - home.disabled, 0)
        away = world.by_village(home.migrants.astype(np.float64))
        at_home = 1.0 - share(away, world.by_village(able.astype(np.float64)))
        if world.clock.in_burn_in or world.clock.month == world.clock.first:
            villages.usually_home[:] = at_home
        villages.youth_return[:] = at_home - villages.usually_home


def organized(
    capacity: Array, setpoint: Array, team: Array, skill: Array, rates: tuple[float, float, float, float]
) -> Array:
    """Capacity after a month with or without a team.

    capacity, setpoint, team (strength), skill (of the team in organisation): 0 to 1, shape (villages,). rates:
    teaching, crowding, disuse, back. Without a team and at the set point not a bit changes.

    >>> o = np.array([0.4, 0.4, 0.5])
    >>> organized(o, np.array([0.4, 0.4, 0.4]), np.array([0, 1, 0]), np.array([0, 1, 0]), (0.02, 0.3, 0.01, 0.01))
    array([0.4   , 0.4072, 0.499 ])
    """
    teaching, crowding, disuse, back = rates
    change = teaching * (1.0 - crowding) * (team * skill) * (1.0 - capacity)
    change -= disuse * crowding * (team * capacity)
    change -= back * (capacity - setpoint)
    moved: Array = capacity + change
    return moved
