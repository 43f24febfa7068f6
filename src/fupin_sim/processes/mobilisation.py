"""Mobilised money: what a team brings to its village, from its sender and by joining funds (整合项目资金)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.cadre import LEVELS
from fupin_sim.agents.team import NOWHERE
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.teams import efforts_of_teams
from fupin_sim.world import Array, World, place

SOURCE = "Cheng & Wu 2022: 230,000 yuan of its own and 710,000 coordinated per administrative village and year"


class Mobilisation(Process):
    """How much each village is to have this month; the policies team_projects and team_grants spend it.

    Without them no money moves. A part of what is coordinated would have been spent in villages without a team.
    """

    local = False

    own = Parameter(
        230_000.0, unit="yuan per village-year", range=(100_000, 400_000), limits=(0, 1e9), mark="measured",
        claim="S11", source=SOURCE, doc="of the sender's own, for a village of usual size",
    )  # fmt: skip
    coordinated = Parameter(
        710_000.0, unit="yuan per village-year", range=(300_000, 1_200_000), limits=(0, 1e9), mark="measured",
        claim="S11", source=SOURCE, doc="project money of others that the team brings together",
    )  # fmt: skip
    residents = Parameter(
        1_500.0, unit="persons", range=(1_000, 2_000), limits=(1.0, 1e6), mark="assumed",
        doc="of a village of usual size; money is in proportion to residents",
    )  # fmt: skip
    by_county = Parameter(0.8, unit="factor", range=(0.6, 1.0), limits=(0, 10.0), mark="assumed", claim="S04")
    by_city = Parameter(1.1, unit="factor", range=(0.9, 1.3), limits=(0, 10.0), mark="assumed", claim="S04")
    by_province = Parameter(1.0, unit="factor", range=(0.8, 1.3), limits=(0, 10.0), mark="assumed", claim="S04")
    by_centre = Parameter(1.2, unit="factor", range=(0.9, 1.5), limits=(0, 10.0), mark="assumed", claim="S04")
    fragmented = Parameter(
        0.25, unit="share", range=(0.0, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S11",
        doc="of money that is lost to unjoined projects where the team has no skill in organisation",
    )  # fmt: skip
    diverted = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S11",
        doc="of coordinated money that is taken from the county's villages without a team",
    )  # fmt: skip

    def run(self, world: World) -> None:
        """Allot a year's money in January or when a team comes, and bring this month's part of it."""
        villages, teams = world.villages, world.teams
        if not len(teams):
            return
        if not _spent(world):
            villages.mobilised[:], villages.diverted[:] = 0.0, 0.0
            return
        there = np.flatnonzero(teams.village != NOWHERE)
        rows = place(villages.number, teams.village[there])
        people = world.by_village(world.households.members.astype(np.float64))
        month, months = world.clock.month, 12 - world.clock.month % 12
        # Nothing is left of last year's, of another village's, or of a time in which nobody would have spent it.
        new = (teams.allotted_on[there] // 12 < month // 12) | (teams.since[there] == month)
        teams.allotted_on[there[new]] = month
        factor = np.array([getattr(self, f"by_{level}") for level in LEVELS])[teams.level[there]]
        year = factor * people[rows] / self.residents * (months / 12.0) * 100.0
        effort = efforts_of_teams(world)[there] * joined(villages.skill_organization[rows], self.fragmented)
        brought = []
        for name, yuan in (("own_left", self.own), ("coordinated_left", self.coordinated)):
            left = getattr(teams, name)
            left[teams.village == NOWHERE] = 0.0
            left[there[new]] = np.rint(year[new] * yuan)
            fen = np.rint(left[there] / months * np.minimum(effort, 1.0))
            left[there] -= fen
            brought.append(fen)
        villages.mobilised[:] = 0.0
        villages.mobilised[rows] = brought[0] + brought[1]
        self._divert(world, rows, brought[1], people)

    def _divert(self, world: World, rows: NDArray[np.integer], coordinated: Array, people: Array) -> None:
        """Say how much villages without a team go without, and what of the money is therefore not additional."""
        villages = world.villages
        bare = villages.team == NOWHERE
        county = place(world.counties.number, villages.county)
        wanted = np.bincount(county[rows], np.rint(self.diverted * coordinated), len(world.counties))
        without = np.bincount(county, people * bare, len(world.counties))
        each = np.where(without > 0, wanted / np.maximum(without, 1.0), 0.0)
        villages.diverted[:] = np.floor(each[county] * people * bare)
        missing = np.bincount(county, villages.diverted, len(world.counties)).astype(np.float64)
        world.charge("diverted", -missing)


def _spent(world: World) -> bool:
    """Whether any policy of the scenario spends this month what teams mobilise."""
    spending: list[Any] = [policy for policy in world.policies.values() if getattr(policy, "mobilised", False)]
    return any(policy.in_force(world) for policy in spending)


def joined(skill: Array, loss: float) -> Array:
    """The part of the money that is left once projects are joined: 1 − loss · (1 − skill in organisation).

    >>> joined(np.array([0.0, 1.0]), 0.25)
    array([0.75, 1.  ])
    """
    return 1.0 - loss * (1.0 - skill)


class CollectiveIncome(Process):
    """What villages own together pays a dividend to all who live there, by the head, and wears out (村集体经济)."""

    local = False

    dividend = Parameter(
        0.06, unit="per year", range=(0.0, 0.12), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="of what was put into collective industry",
    )  # fmt: skip
    wear = Parameter(0.10, unit="per year", range=(0.05, 0.2), limits=(0.0, 1.0), mark="assumed", claim="S40")

    def run(self, world: World) -> None:
        villages = world.villages
        if not villages.collective_assets.any():
            return
        people = np.maximum(world.by_village(world.households.members.astype(np.float64)), 1.0)
        each = villages.collective_assets * (self.dividend / 12.0) / people
        rows = np.flatnonzero(world.of_village(each > 0))
        fen = np.floor(world.of_village(each)[rows] * world.households.members[rows])
        world.ledger.post("dividend", fen, rows)
        villages.collective_assets[:] = np.floor(villages.collective_assets * (1.0 - self.wear / 12.0))
