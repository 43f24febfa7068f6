"""Teams (驻村工作队): how strong each is, how often it visits, and what of it stays in the village."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.agents.cadre import FIELDS
from fupin_sim.agents.team import NOWHERE
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.caseload import covered
from fupin_sim.processes.recruitment import members_of
from fupin_sim.team_scales import Scales, scales_of
from fupin_sim.world import Array, World, place

FULL_TEAM = 3.0
"""Members from which more of them add skill and visits, but no strength of their own."""


class Teams(Process):
    """Skill that fits the village's needs, times effort, makes strength; exposure follows it and outlives the team."""

    local = False

    per_village = Parameter(
        0.0, unit="teams per village", range=(0.0, 1.0), limits=(0.0, 3.0), mark="choice", claim="S01",
        doc="how many teams each county has; 0: none, and nothing of them",
    )  # fmt: skip
    members = Parameter(
        3, unit="cadres", range=(3, 6), limits=(3, 12), mark="measured", claim="S07", doc="posts of a team",
        source="at least three members for at least two years: rules of the campaign",
    )  # fmt: skip
    size = Parameter(
        0.7, unit="exponent", range=(0.5, 1.0), limits=(0.0, 2.0), mark="assumed", claim="S07",
        doc="by which a team that misses members is weaker",
    )  # fmt: skip
    visits = Parameter(
        20.0, unit="households per cadre-month", range=(10, 40), limits=(0.0, 1000.0), mark="assumed", claim="S07",
        doc="that one cadre can visit",
    )  # fmt: skip
    far = Parameter(
        0.3, unit="share", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S42",
        doc="of visits that the remotest village loses",
    )  # fmt: skip
    paperwork = Parameter(
        0.4, unit="share", range=(0.0, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S05",
        doc="of strength and visits that full paperwork takes (形式主义)",
    )  # fmt: skip
    without_organization = Parameter(
        0.5, unit="share", range=(0.4, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S28",
        doc="of its strength that a team has where the village organisation has no capacity",
    )  # fmt: skip
    settling = Parameter(
        3, unit="months", range=(0, 6), limits=(0, 60), mark="assumed", doc="of half effort after coming to a village"
    )
    cost = Parameter(
        30_000.0, unit="yuan per cadre-year", range=(20_000, 60_000), limits=(0, 1e7), mark="assumed", claim="S01",
        doc="of a cadre in a village, to the treasury: allowances, travel, quarters; where arms are compared, [cost] "
        "says what a cadre costs in either account",
    )  # fmt: skip
    cost_training = Parameter(
        6_000.0, unit="yuan per cadre-year", range=(3_000, 12_000), limits=(0, 1e6), mark="assumed", claim="S24",
        doc="of training a cadre",
    )  # fmt: skip
    lag = Parameter(
        12.0,
        unit="months",
        range=(6, 24),
        limits=(1.0, 120.0),
        mark="assumed",
        doc="in which exposure follows strength",
    )
    fading = Parameter(
        0.05, unit="per month", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed", claim="S06",
        doc="of exposure once the team is gone, where the organisation has no capacity; none where it has all",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not len(world.teams):
            return
        villages, teams = world.villages, world.teams
        there = np.flatnonzero(teams.village != NOWHERE)
        rows = place(villages.number, teams.village[there]) if len(there) else there
        skill, effort, present = skills_of_teams(world)[there], efforts_of_teams(world)[there], hands(world)[there]
        busy = world.processes["recruitment"].paperwork(world)[place(world.counties.number, villages.county[rows])]
        free = 1.0 - self.paperwork * busy
        effort = np.where(world.clock.month - teams.since[there] < self.settling, 0.5 * effort, effort)
        fit = (needs(villages)[rows] * skill).sum(axis=1)
        capacity = self.without_organization + (1.0 - self.without_organization) * villages.organization[rows]
        villages.team_strength[:], villages.visits[:] = 0.0, 0.0
        villages.team_strength[rows] = manned(present, self.size) * fit * effort * free * capacity
        reach = self.visits * present * free * (1.0 - self.far * villages.remoteness[rows])
        villages.visits[rows] = np.minimum(1.0, reach / np.maximum(villages.caseload[rows], 1))
        for field, name in enumerate(FIELDS):
            column = getattr(villages, f"skill_{name}")
            column[:] = 0.0
            column[rows] = skill[:, field]
        self._expose(world)
        self._charge(world, villages.county[rows], present)
        villages.team_months[rows] += 1

    def _charge(self, world: World, county: NDArray[np.integer], number: NDArray[np.integer]) -> None:
        """Enter what the cadres in villages cost this month."""
        cadres = np.bincount(place(world.counties.number, county), number, len(world.counties))
        world.charge("team", world.fen(self.cost / 12.0 * cadres))
        if share := world.processes["cadres"].training:
            world.charge("team_training", world.fen(share * self.cost_training / 12.0 * cadres))

    def _expose(self, world: World) -> None:
        villages = world.villages
        villages.exposure[:] = exposed(
            villages.exposure, villages.team_strength, villages.team != NOWHERE, villages.organization, self.lag,
            self.fading,
        )  # fmt: skip
        world.processes["team_channels"].expose(world)


class TeamChannels(Process):
    """What exposure to a team does to the households it looks after; each channel can be switched off by itself."""

    local = False

    effect = Parameter(
        0.03, unit="share of income", range=(-0.02, 0.10), limits=(-0.05, 0.15), mark="assumed", claim="S01",
        doc="what poor households whom a team looks after gain at an exposure of 0.2 after 24 months, with all four "
        "channels on and no money; the scale of production, jobs and delivery is solved for it",
        source="no study read gives a usable effect in yuan",
    )  # fmt: skip
    production = Parameter(True, mark="choice", claim="S26", doc="teaching and advice for farm and business")
    jobs = Parameter(True, mark="choice", claim="S26", doc="work elsewhere is found sooner")
    delivery = Parameter(True, mark="choice", claim="S26", doc="policies see better, reach further, leak less")
    motivation = Parameter(True, mark="choice", claim="S26", doc="visits encourage")
    finding = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 5.0), mark="assumed", claim="S13",
        doc="by which full exposure to full skill raises the chance to find work, before scaling",
    )  # fmt: skip

    def run(self, world: World) -> None:
        villages = world.villages
        if not len(world.teams) or not villages.exposure.any():
            return
        cases, scales, exposure = covered(world).astype(np.float64), self.scales(), villages.exposure
        reached = exposure * villages.visits

        def of_cases(column: Array, besides: float = 0.0) -> Array:
            """A column over villages for those whom a team looks after, nothing for the others, and so much for all."""
            spread = world.of_village(column)
            spread *= cases
            if besides:
                spread += besides
            return spread

        if self.production:
            world.intensify("technique_training", of_cases(reached * villages.skill_industry), self.name)
            advice = np.maximum(1.0 + scales.production * exposure, 0.0) - 1.0
            world.rates.adjust("business_income", of_cases(advice, 1.0), self.name)
        if self.jobs:
            sooner = np.maximum(1.0 + scales.jobs * self.finding * exposure * villages.skill_jobs, 0.0) - 1.0
            world.rates.adjust("job_finding", of_cases(sooner, 1.0), self.name)
        if self.motivation:
            world.intensify("coach", of_cases(reached), self.name)

    def expose(self, world: World) -> None:
        """Say how much of exposure the channel of delivery lets others read."""
        villages = world.villages
        if not self.delivery:
            villages.exposure_observed[:], villages.exposure_delivered[:] = 0.0, 0.0
            return
        villages.exposure_observed[:] = villages.exposure
        villages.exposure_delivered[:] = np.clip(self.scales().delivery * villages.exposure, -1.0, 1.0)

    def at_work(self, world: World, field: str) -> tuple[Array, Array]:
        """Strength and skill of the team in each village now, as far as the channel it works by is open.

        Skill in industry works by the channel of production, skill in organisation by that of delivery. Both of
        shape (villages,), and 0 where the channel is closed.
        """
        villages, channels = world.villages, {"industry": self.production, "organization": self.delivery}
        if not channels[field]:
            return np.zeros(len(villages.number)), np.zeros(len(villages.number))
        return villages.team_strength, getattr(villages, f"skill_{field}")

    tried: Scales | None = None
    """Scales that are tried, when the table is solved; otherwise those of the table hold."""

    def scales(self) -> Scales:
        """The scales of the channels that are switched on, for the effect asked for; 0 for those that are off."""
        found = scales_of(self.effect) if self.tried is None else self.tried
        return Scales(found.production * self.production, found.jobs * self.jobs, found.delivery * self.delivery)


def needs(villages: Any) -> Array:
    """Needs by field, shape (villages, 4)."""
    return np.stack([getattr(villages, f"need_{name}") for name in FIELDS], axis=-1)


def present(world: World) -> NDArray[np.bool_]:
    """Which posts are held, shape (teams, members)."""
    held: NDArray[np.bool_] = (world.cadres.months >= 0).reshape(len(world.teams), members_of(world))
    return held


def posted(world: World) -> NDArray[np.intp]:
    """The rows of cadres who are in a village."""
    if not len(world.cadres):
        return np.zeros(0, np.intp)
    return np.flatnonzero(present(world).ravel() & np.repeat(world.teams.village != NOWHERE, members_of(world)))


def hands(world: World) -> NDArray[np.int64]:
    """How many members each team has now, shape (teams,)."""
    number: NDArray[np.int64] = present(world).sum(axis=1)
    return number


def skills_of_teams(world: World) -> Array:
    """Skill of each team by field: half of its best member's and half of its mean, shape (teams, 4)."""
    cadres, held = world.cadres, present(world)
    each = np.stack([getattr(cadres, f"skill_{name}") for name in FIELDS], axis=-1).reshape(*held.shape, len(FIELDS))
    return best_and_mean(each, held)


def best_and_mean(skills: Array, held: NDArray[np.bool_]) -> Array:
    """½ max + ½ mean over the members who are there; 0 where nobody is.

    skills: shape (teams, members, fields). held: shape (teams, members).

    >>> best_and_mean(np.array([[[0.2], [0.6], [0.9]]]), np.array([[True, True, False]]))
    array([[0.5]])
    """
    there = skills * held[:, :, None]
    number = np.maximum(held.sum(axis=1), 1)[:, None]
    half: Array = 0.5 * there.max(axis=1, initial=0.0) + 0.5 * (there.sum(axis=1) / number)
    return half


def efforts_of_teams(world: World) -> Array:
    """Mean effort of the members of each team who are there, shape (teams,)."""
    held = present(world)
    total = (world.cadres.effort.reshape(held.shape) * held).sum(axis=1)
    effort: Array = total / np.maximum(held.sum(axis=1), 1)
    return effort


def manned(number: NDArray[np.integer], exponent: float) -> Array:
    """min(1, (N/3)^exponent).

    >>> manned(np.array([0, 3, 6]), 0.7)
    array([0., 1., 1.])
    """
    share = np.minimum(number / FULL_TEAM, 1.0)
    some = np.maximum(share, 1e-9)
    return np.where(share > 0, maths.power(some, exponent), 0.0)


def exposed(
    exposure: Array, strength: Array, team: NDArray[np.bool_], organization: Array, lag: float, fading: float
) -> Array:
    """Exposure a month later: towards the strength of the team, or fading where there is none; shape (villages,).

    >>> exposed(np.array([0.0, 0.4]), np.array([0.24, 0.0]), np.array([True, False]), np.array([0.4, 0.5]), 12, 0.05)
    array([0.02, 0.39])
    """
    return np.where(team, exposure + (strength - exposure) / lag, exposure - fading * (1.0 - organization) * exposure)
