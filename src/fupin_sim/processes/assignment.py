"""Assignment: which team goes to which village (精准选配), on what is known of villages' needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.agents.cadre import FIELDS
from fupin_sim.agents.household import NEVER
from fupin_sim.agents.team import NOWHERE
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.caseload import count_cases, covered
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.processes.recruitment import members_of
from fupin_sim.processes.teams import skills_of_teams
from fupin_sim.world import Array, World, place

RULES = ("none", "random", "seniority", "poorest_first", "need_match")
GRAIN = 2.0**30
"""Scores are matched in whole parts of this size, so that equal sums are equal whatever the order of adding."""
MOST = 2.0**20


class Dispatch(Process):
    """The first sending, as soon as the register has been opened."""

    local = False

    def run(self, world: World) -> None:
        if not len(world.teams) or world.clock.in_burn_in or (world.villages.team_months > 0).any():
            return
        count_cases(world)
        world.processes["assignment"].send(world, again=False)


class Assignment(Process):
    """Each December teams at home are sent to villages without one; with re-assignment all teams change places.

    none: nobody is sent. random: by lot. seniority: the team of the oldest first secretary chooses first, and the
    nearest village. poorest_first: the best team goes to the poorest village. need_match: the sum of severity times
    expected skill is as large as it can be.
    """

    local = False

    rule = Parameter("random", choices=RULES, mark="choice", claim="S03", doc="who goes where")
    reassign = Parameter(False, mark="choice", claim="S03", doc="whether all teams are put up again each December")
    diagnosis_error = Parameter(
        0.5, unit="log", range=(0.0, 1.0), limits=(0.0, 5.0), mark="assumed", claim="S03",
        doc="error in each need as it is diagnosed, drawn anew each year; 0: needs are known",
    )  # fmt: skip
    new_faces = Parameter(
        0.2, unit="share", range=(0.0, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S17",
        doc="of trust lost in a village whose team is exchanged for another",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not len(world.teams) or not world.clock.december or world.clock.in_burn_in:
            return
        count_cases(world)
        self.send(world, again=self.reassign)

    def send(self, world: World, again: bool) -> None:
        """Send teams, county by county. again: also those that are in a village already."""
        if self.rule == "none":
            return
        villages, teams = world.villages, world.teams
        severity, need = diagnose(world)
        villages.need_organization[:], villages.need_industry[:] = need[:, 0], need[:, 1]
        villages.need_welfare[:], villages.need_jobs[:] = need[:, 2], need[:, 3]
        error = np.stack(
            [world.draws.normal(f"diagnosis {field}", world.clock.month, villages.luck) for field in FIELDS], axis=-1
        )
        seen = diagnosed(need, error, self.diagnosis_error)
        waiting = (villages.team == NOWHERE) & world.processes["withdrawal"].may_have_one(world)
        free = teams.village == NOWHERE
        goes = teams.village.copy()
        for county in np.unique(teams.county[free] if not again else teams.county).tolist():
            mine = np.flatnonzero((teams.county == county) & (free | again))
            here = np.flatnonzero((villages.county == county) & (waiting | (again & (villages.team != NOWHERE))))
            to = self.choose(world, mine, here, severity[here], seen[here])
            goes[mine] = np.where(to >= 0, villages.number[here[to]] if len(here) else NOWHERE, NOWHERE)
        self._move(world, goes)

    def choose(
        self, world: World, teams: NDArray[np.intp], here: NDArray[np.intp], severity: Array, seen: Array
    ) -> NDArray[np.int64]:
        """For each team the place of its village among those of `here`, or −1; shape (teams,).

        teams, here: rows of the teams and villages of one county. severity: shape (villages,). seen: diagnosed needs,
        shape (villages, 4).
        """
        if not len(here):
            return np.full(len(teams), -1)
        skill = skills_of_teams(world)[teams]
        if self.rule == "need_match":
            return matched(scores(severity, seen, skill))
        month, villages = world.clock.month, world.villages
        if self.rule == "random":
            first = np.argsort(world.draws.uniform("lot of teams", month, world.teams.luck[teams]), kind="stable")
            best = np.argsort(world.draws.uniform("lot of villages", month, villages.luck[here]), kind="stable")
        elif self.rule == "seniority":
            posts = teams * members_of(world)
            first = np.lexsort((world.teams.luck[teams], -world.cadres.age[posts]))
            best = np.lexsort((villages.luck[here], villages.remoteness_at_start[here]))
        else:
            first = np.lexsort((world.teams.luck[teams], -skill.sum(axis=1)))
            best = np.lexsort((villages.luck[here], -severity))
        return in_order(first, best)

    def _move(self, world: World, goes: NDArray[np.int32]) -> None:
        """Let teams move to the villages they are sent to; those that are there already stay as they are."""
        villages, teams = world.villages, world.teams
        before, month = villages.team.copy(), world.clock.month
        moving = np.flatnonzero(goes != teams.village)
        left = moving[teams.village[moving] != NOWHERE]
        rows = place(villages.number, teams.village[left])
        villages.team[rows], villages.team_since[rows] = NOWHERE, NEVER
        teams.village[moving] = goes[moving]
        to = moving[goes[moving] != NOWHERE]
        rows = place(villages.number, goes[to])
        villages.team[rows], villages.team_since[rows] = teams.number[to], month
        teams.since[moving] = np.where(goes[moving] != NOWHERE, month, NEVER)
        exchanged = (before != NOWHERE) & (villages.team != before)
        if exchanged.any() and self.new_faces:
            world.processes["trust"].lose(world, self.new_faces * exchanged)


def diagnose(world: World) -> tuple[Array, Array]:
    """Severity of poverty and the true needs of each village, shapes (villages,) and (villages, 4).

    Severity is the share of households that a team would look after, and what they are seen to lack to the line, as a
    share of it.
    The needs are 1 − O, and the shares of the covered with able hands and less capital than usual in the county, with
    the ill, disabled or old, and with idle hands or children of school age; all divided by their sum.
    """
    home, villages = world.households, world.villages
    cases = covered(world)
    number = world.by_village(cases.astype(np.int64))
    some = np.maximum(number, 1)
    seen = world.processes["observation"].apparent_pc(world)
    missing = np.rint(np.clip(1.0 - seen / world.line, 0.0, 1.0) * cases * 1e6)
    severity = (number + world.by_village(missing) / 1e6) / villages.households
    hands = workers_at_home(home)
    units = np.rint(home.capital * 1e3)
    usual = world.of_county(world.by_county(units) / world.counties.households)
    poor_farm = (hands + home.migrants > 0) & (units < usual)
    weak = (home.months_sick > 0) | (home.disabled > 0) | (home.elders > 0)
    unused = (hands > 1) | (home.children > 0) | (home.pupils_senior > 0)
    shares = [world.by_village((cases & flags).astype(np.int64)) / some for flags in (poor_farm, weak, unused)]
    need = np.stack([1.0 - villages.organization, *shares], axis=-1)
    total = need.sum(axis=-1, keepdims=True)
    return severity, np.where(total > 0, need / np.where(total > 0, total, 1.0), 1.0 / len(FIELDS))


def diagnosed(need: Array, error: Array, spread: float) -> Array:
    """Needs as they are seen: each multiplied by exp(spread · error), and all divided by their sum.

    need: shape (villages, 4), rows sum to 1. error: standard normals, the same shape.

    >>> diagnosed(np.array([[0.4, 0.3, 0.2, 0.1]]), np.ones((1, 4)), 0.0)
    array([[0.4, 0.3, 0.2, 0.1]])
    """
    if spread == 0.0:
        return need
    seen = need * maths.exp(spread * error)
    total = seen.sum(axis=-1, keepdims=True)
    parts: Array = np.where(total > 0, seen / np.where(total > 0, total, 1.0), 1.0 / need.shape[-1])
    return parts


def scores(severity: Array, need: Array, skill: Array) -> Array:
    """What each team is worth in each village: severity times Σ need · skill, shape (teams, villages).

    >>> scores(np.array([2.0]), np.array([[1.0, 0.0, 0.0, 0.0]]), np.array([[0.5, 0.1, 0.1, 0.1]]))
    array([[1.]])
    """
    worth: Array = severity * (skill[:, None, :] * need[None, :, :]).sum(axis=-1)
    return worth


def matched(worth: Array) -> NDArray[np.int64]:
    """The village of each team such that the sum of worth is as large as can be; −1 for teams left over.

    worth: shape (teams, villages), at most 2²⁰. As many pairs are made as there are teams or villages, whichever are
    fewer. Counted in whole parts, so that which of two equally good matches is found hangs on no rounding.

    >>> matched(np.array([[3.0, 2.0], [2.0, 0.0]])).tolist(), matched(np.array([[1.0], [2.0]])).tolist()
    ([1, 0], [-1, 0])
    """
    from scipy.optimize import linear_sum_assignment  # half a second, which only those who match pay

    chosen = np.full(len(worth), -1)
    rows, columns = linear_sum_assignment(np.rint(np.clip(worth, 0.0, MOST) * GRAIN), maximize=True)
    chosen[rows] = columns
    return chosen


def in_order(first: NDArray[np.integer], best: NDArray[np.integer]) -> NDArray[np.int64]:
    """The first team gets the best village, the next the next; −1 for teams left over.

    >>> in_order(np.array([2, 0, 1]), np.array([1, 0])).tolist()
    [0, -1, 1]
    """
    chosen = np.full(len(first), -1)
    pairs = min(len(first), len(best))
    chosen[first[:pairs]] = best[:pairs]
    return chosen
