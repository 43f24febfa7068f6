"""Cadres (驻村干部): what drives, teaches and wears them down, and when they leave."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.agents.cadre import FIELDS
from fupin_sim.agents.team import NOWHERE
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.recruitment import AT_REST, members_of
from fupin_sim.processes.teams import hands, needs, present
from fupin_sim.world import Array, Flags, World, place

MOST_OVERLOAD = 2.0
"""Households beyond three times what a team can visit are simply not visited, and tire nobody further."""
YOUNG = 25.0
ENOUGH = 0.25
"""Push from which effort is what the smooth curve says; below it in proportion, and without any push there is none."""


class Cadres(Process):
    """Assessment, prospects, support and example raise effort; exhaustion lowers it and drives people away."""

    local = False

    effort = Parameter(
        0.5, unit="share", range=(0.4, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S18",
        doc="of those whom nothing drives but duty (政治责任); 0: duty drives nobody",
    )  # fmt: skip
    assessment = Parameter(
        0.3, unit="share", range=(0.0, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S05",
        doc="effort that full assessment adds",
    )  # fmt: skip
    promotion = Parameter(
        0.1, unit="share", range=(0.0, 0.2), limits=(0.0, 1.0), mark="assumed", claim="S20",
        doc="effort that a sure promotion adds; the prospect hangs on the rank of measured exits in the county",
    )  # fmt: skip
    support = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S25",
        doc="political, material and psychological support (安心安身安业)",
    )  # fmt: skip
    supported = Parameter(
        0.1, unit="share", range=(0.0, 0.2), limits=(0.0, 1.0), mark="assumed", claim="S25",
        doc="effort that full support adds",
    )  # fmt: skip
    honour = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S20",
        doc="publicity for those of the highest rank, and less for the others",
    )  # fmt: skip
    imitation = Parameter(
        0.1, unit="share", range=(0.0, 0.3), limits=(0.0, 1.0), mark="assumed", claim="S20",
        doc="of the distance to the mean effort in the county",
    )  # fmt: skip
    weariness = Parameter(
        0.3, unit="share", range=(0.2, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S25",
        doc="effort that full exhaustion takes",
    )  # fmt: skip
    idleness = Parameter(
        0.4, unit="share", range=(0.3, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S23",
        doc="effort that an idler spares",
    )  # fmt: skip
    learning = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S16",
        doc="part of what is still to be learnt that a month of full effort teaches, were there one need only",
    )  # fmt: skip
    slower_with_age = Parameter(
        0.01, unit="per year above 25", range=(0.0, 0.02), limits=(0.0, 0.028), mark="assumed", claim="S02",
        doc="by which older cadres learn less",
    )  # fmt: skip
    forgotten = Parameter(
        0.3, unit="share", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S16",
        doc="of what was learnt in the post that is lost on return home",
    )  # fmt: skip
    training = Parameter(
        0.0, unit="share of cadres", range=(0.0, 1.0), limits=(0.0, 1.0), mark="choice", claim="S24",
        doc="who are trained in their weakest field",
    )  # fmt: skip
    trained = Parameter(
        0.01, unit="per month", range=(0.0, 0.03), limits=(0.0, 1.0), mark="assumed", claim="S24",
        doc="part of what is still to be learnt that training teaches",
    )  # fmt: skip
    recall = Parameter(
        0.02, unit="per month", range=(0.0, 0.05), limits=(0.0, 1.0), mark="assumed", claim="S24",
        doc="chance that an idler is recalled where selection is strictest",
    )  # fmt: skip
    tiring = Parameter(0.01, unit="per month", range=(0.005, 0.02), limits=(0.0, 1.0), mark="assumed", doc="exhaustion")
    tiring_load = Parameter(
        0.03, unit="per month", range=(0.01, 0.05), limits=(0.0, 1.0), mark="assumed", claim="S07",
        doc="exhaustion from twice as many households as can be visited",
    )  # fmt: skip
    tiring_paperwork = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S05"
    )
    rest = Parameter(0.01, unit="per month", range=(0.005, 0.02), limits=(0.0, 1.0), mark="assumed", doc="recovery")
    rest_support = Parameter(0.03, unit="per month", range=(0.0, 0.06), limits=(0.0, 1.0), mark="assumed", claim="S25")
    rest_honour = Parameter(0.01, unit="per month", range=(0.0, 0.02), limits=(0.0, 1.0), mark="assumed", claim="S20")
    rest_home = Parameter(
        0.05, unit="per month", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed", doc="recovery at home"
    )
    leaving = Parameter(0.01, unit="per month", range=(0.005, 0.02), limits=(0.0, 1.0), mark="assumed", doc="at least")
    leaving_worn = Parameter(
        0.05, unit="per month", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed", claim="S25",
        doc="more of those who are worn out",
    )  # fmt: skip
    worn_out = Parameter(
        0.7, unit="share", range=(0.5, 0.9), limits=(0.0, 1.0), mark="assumed", doc="exhaustion of half"
    )
    retirement = Parameter(60, unit="years", range=(55, 65), limits=(40, 80), mark="second-hand", doc="age of leaving")

    def run(self, world: World) -> None:
        cadres, villages = world.cadres, world.villages
        if not len(cadres):
            return
        if world.clock.january:
            cadres.left_this_year[:] = 0
        villages.team_left[:] = 0.0
        held, where = present(world).ravel(), np.repeat(world.teams.village, members_of(world))
        posted = np.flatnonzero(held & (where != NOWHERE))
        at_home = np.flatnonzero(where == NOWHERE)
        cadres.burnout[at_home] += self.rest_home * (AT_REST - cadres.burnout[at_home])
        if len(posted):
            self._work(world, posted, place(villages.number, where[posted]))
            self._leave(world, posted)

    def _work(self, world: World, posted: NDArray[np.intp], village: NDArray[np.integer]) -> None:
        """A month of effort, learning and wear. village: row of the village of each posted cadre."""
        cadres, villages, team = world.cadres, world.villages, posted // members_of(world)
        county = place(world.counties.number, cadres.county[posted])
        busy = world.processes["recruitment"].paperwork(world)[county]
        rank = world.teams.rank[team]
        before = cadres.effort[posted]
        worn = cadres.burnout[posted]
        push, backing = self._push(world.counties.assessment[county], rank), self.supported * self.support
        drive = push + (backing + self.imitation * example(before, county))
        drive -= self.weariness * worn + self.idleness * cadres.idle[posted]
        cadres.effort[posted] = effort = efforts(push + backing, drive)
        self._learn(world, posted, needs(villages)[village], effort)
        capacity = world.processes["teams"].visits * np.maximum(hands(world)[team], 1)
        over = np.clip(villages.caseload[village] / np.maximum(capacity, 1e-9) - 1.0, 0.0, MOST_OVERLOAD)
        up = self.tiring_load * over + self.tiring_paperwork * busy + self.tiring
        down = self.rest_support * self.support + self.rest_honour * self.honour * rank + self.rest
        cadres.burnout[posted] = np.clip(worn + up * (1.0 - worn) - down * worn, 0.0, 1.0)
        cadres.months[posted] += 1
        cadres.age[posted] += 1.0 / 12.0

    def _push(self, assessment: Array, rank: Array) -> Array:
        """What duty, assessment and prospects add up to, shape (cadres,)."""
        push: Array = self.effort + self.assessment * assessment + self.promotion * prospect(rank)
        return push

    def _learn(self, world: World, posted: NDArray[np.intp], need: Array, effort: Array) -> None:
        cadres = world.cadres
        pace = self.learning * np.maximum(1.0 - self.slower_with_age * (cadres.age[posted] - YOUNG), 0.0) * effort
        columns = [getattr(cadres, f"skill_{name}") for name in FIELDS]
        skill = np.stack([column[posted] for column in columns], axis=-1)
        skill += pace[:, None] * need * (1.0 - skill)
        if self.training:
            weakest, each = np.argmin(skill, axis=1), np.arange(len(posted))
            skill[each, weakest] += self.trained * self.training * (1.0 - skill[each, weakest])
        for field, column in enumerate(columns):
            column[posted] = skill[:, field]

    def _leave(self, world: World, posted: NDArray[np.intp]) -> None:
        """Some go: worn out, recalled for idleness, retired, or for reasons of their own."""
        cadres, recruitment = world.cadres, world.processes["recruitment"]
        luck, month = cadres.luck[posted], world.clock.month
        hazard = self.leaving + self.leaving_worn * maths.sigmoid((cadres.burnout[posted] - self.worn_out) / 0.05)
        gone = world.draws.uniform("cadre leaves", month, luck) < hazard
        unfit = cadres.idle[posted] & (
            world.draws.uniform("cadre is recalled", month, luck) < self.recall * recruitment.strictness
        )
        rows = posted[gone | unfit | (cadres.age[posted] >= self.retirement)]
        cadres.months[rows], cadres.vacant[rows] = -1, recruitment.vacancy
        cadres.left_this_year[rows] += 1
        team = rows // members_of(world)
        number = np.bincount(team, minlength=len(world.teams))
        teams = np.flatnonzero(number)
        villages = place(world.villages.number, world.teams.village[teams])
        world.villages.team_left[villages] = number[teams] / members_of(world)

    def come_home(self, world: World, teams: Flags) -> None:
        """Let the members of some teams, shape (teams,), go home, where a part of what they learnt is lost."""
        cadres = world.cadres
        rows = np.flatnonzero(np.repeat(teams, members_of(world)) & (cadres.months >= 0))
        if not len(rows):
            return
        born = world.processes["recruitment"].persons(
            world.draws, cadres.luck[rows], cadres.level[rows], cadres.number[rows], rows // members_of(world)
        )
        for name in FIELDS:
            column, at_first = getattr(cadres, f"skill_{name}"), born[f"skill_{name}"]
            column[rows] -= self.forgotten * np.maximum(column[rows] - at_first, 0.0)
        cadres.months[rows] = 0


class Appraisal(Process):
    """Each December teams are ranked in their county by the share of their cases who left the register (考核)."""

    local = False

    def run(self, world: World) -> None:
        teams = world.teams
        if not len(teams) or not world.clock.december or world.clock.in_burn_in:
            return
        home, villages = world.households, world.villages
        out = world.by_village((home.exited_on == world.clock.month).astype(np.int64))
        share = out / np.maximum(villages.caseload, 1)
        teams.rank[:] = 0.5
        for county in np.unique(teams.county).tolist():
            rows = np.flatnonzero((teams.county == county) & (teams.village != NOWHERE))
            if len(rows):
                teams.rank[rows] = ranks(share[place(villages.number, teams.village[rows])])


def bounded(drive: Array) -> Array:
    """Effort between 0 and 1 from what adds up: as it is around ½, and less and less of it towards the bounds.

    ½ + x/√(1 + 4x²) with x the distance from ½; shape (n,). A sum that is cut off at 0 and 1 would stand at a bound
    for years where drives are strong.

    >>> bounded(np.array([0.5, 0.6, 0.8, 2.0])).round(3)
    array([0.5  , 0.598, 0.757, 0.974])
    """
    x = drive - 0.5
    effort: Array = 0.5 + x / np.sqrt(1.0 + 4.0 * x * x)
    return effort


def example(effort: Array, county: NDArray[np.integer]) -> Array:
    """How much more the cadres of a county do on average than each of them; all of shape (cadres,).

    >>> example(np.array([0.25, 0.75, 0.5]), np.array([0, 0, 2]))
    array([ 0.25, -0.25,  0.  ])
    """
    usual = np.bincount(county, effort) / np.maximum(np.bincount(county), 1)
    more: Array = usual[county] - effort
    return more


def efforts(push: Array, drive: Array | float) -> Array:
    """Effort of those who have some push, and whose drive in all is what exhaustion and the like leave of it.

    What a smooth curve makes of no drive at all is not nothing; so a push below ENOUGH counts in proportion. Both of
    shape (n,).

    >>> efforts(np.array([0.5, 0.1, 0.0]), np.array([0.5, 0.5, 0.9]))
    array([0.5, 0.2, 0. ])
    """
    effort: Array = bounded(np.asarray(drive)) * np.minimum(push / ENOUGH, 1.0)
    return effort


def prospect(rank: Array) -> Array:
    """The chance of promotion that a team sees: σ(2(rank − ½)), shape (n,).

    >>> prospect(np.array([0.5]))
    array([0.5])
    """
    return maths.sigmoid(2.0 * (rank - 0.5))


def ranks(values: Array) -> Array:
    """Ranks from 0 to 1, equal values sharing the middle of theirs; ½ for one alone; shape (n,).

    >>> ranks(np.array([5.0, 1.0, 5.0])), ranks(np.array([3.0]))
    (array([0.75, 0.  , 0.75]), array([0.5]))
    """
    ordered = np.sort(values)
    middle = 0.5 * (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right") - 1)
    return middle / (len(values) - 1) if len(values) > 1 else np.full(1, 0.5)
