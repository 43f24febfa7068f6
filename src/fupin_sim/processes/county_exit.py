"""County exit: the test a poor county must pass to leave the list (贫困县退出, 摘帽)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, Flags, World

SOURCE = "rules of 2016–17 on the exit of poor counties, from memory"


@dataclass(frozen=True)
class Assessment:
    """What a third party finds in each county, persons, all of shape (counties,).

    residents. listed: on the register. exited: struck off and not listed again. wrong: of these, poor. others: never
    listed or exited. omitted: of these, poor.
    """

    residents: Array
    listed: Array
    exited: Array
    wrong: Array
    others: Array
    omitted: Array

    @property
    def incidence(self) -> Array:
        """(listed + wrongly struck off + omitted) / residents (综合贫困发生率)."""
        return _share(self.listed + self.wrong + self.omitted, self.residents)

    @property
    def wrong_exits(self) -> Array:
        """Poor persons among those struck off (错退率); 0 where nobody was."""
        return _share(self.wrong, self.exited)

    @property
    def omissions(self) -> Array:
        """Poor persons among those never listed (漏评率); 0 where all were."""
        return _share(self.omitted, self.others)

    def passed(self, incidence: Array | float, wrong_exits: float, omissions: float) -> NDArray[np.bool_]:
        """Which counties are strictly below all three limits.

        >>> of_1000 = [np.array([float(persons)] * 2) for persons in (1000, 24, 200, 1, 776, 0)]
        >>> Assessment(*of_1000).passed(np.array([0.02, 0.03]), 0.02, 0.02)
        array([False,  True])
        """
        passed: NDArray[np.bool_] = self.incidence < incidence
        return passed & (self.wrong_exits < wrong_exits) & (self.omissions < omissions)


class CountyExit(Process):
    """Each December a county that has not left yet is assessed by persons, on true incomes."""

    local = False

    incidence = Parameter(
        0.02, unit="share of persons", range=(0.01, 0.05), limits=(0.0, 1.0), mark="unverified", source=SOURCE,
        claim="S41", doc="those still poor, wrongly struck off or overlooked must be fewer",
    )  # fmt: skip
    incidence_west = Parameter(
        0.03, unit="share of persons", range=(0.01, 0.05), limits=(0.0, 1.0), mark="unverified", source=SOURCE,
        claim="S41", doc="the same in western counties",
    )  # fmt: skip
    west = Parameter([], kind="list[int]", mark="choice", doc="numbers of the western counties")
    wrong_exits = Parameter(
        0.02, unit="share of persons struck off", range=(0.01, 0.05), limits=(0.0, 1.0), mark="unverified",
        source=SOURCE, claim="S41", doc="who are poor must be fewer",
    )  # fmt: skip
    omissions = Parameter(
        0.02, unit="share of persons never listed", range=(0.01, 0.05), limits=(0.0, 1.0), mark="unverified",
        source=SOURCE, claim="S41", doc="who are poor must be fewer",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not world.clock.december or world.clock.in_burn_in:
            return
        counties = world.counties
        limit = np.where(np.isin(counties.number, self.west), self.incidence_west, self.incidence)
        passed = assessed(world).passed(limit, self.wrong_exits, self.omissions)
        counties.exited_on[passed & (counties.exited_on == NEVER)] = world.clock.month


def assessed(world: World) -> Assessment:
    """What a full count of every county finds this December, after its review."""
    home = world.households
    exited = (home.exited_on != NEVER) & ~home.registered
    others = (home.exited_on == NEVER) & ~home.registered
    return Assessment(
        *(
            _persons(world, flags)
            for flags in (
                np.ones(len(world), bool), home.registered, exited, exited & home.poor, others, others & home.poor
            )
        )
    )  # fmt: skip


def _persons(world: World, flags: Flags) -> Array:
    persons: Array = world.by_county(np.where(flags, world.households.members, 0).astype(np.float64))
    return persons


def _share(part: Array, whole: Array) -> Array:
    """part / whole; 0 where there is nobody."""
    return part / np.maximum(whole, 1.0)
