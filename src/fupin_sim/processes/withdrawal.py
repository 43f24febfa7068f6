"""Withdrawal (撤队): when a team may go home, and which villages may have one (不稳定脱贫不撤队伍)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.agents.team import NOWHERE
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.caseload import covered
from fupin_sim.world import Flags, World, place

RULES = ("never", "fixed_term", "at_exit", "when_stable")


class Withdrawal(Process):
    """Looked at each December; a county's teams are fixed in number, so one that is kept here is missing elsewhere.

    never: teams stay. fixed_term: after so many months. at_exit: once hardly anybody of the village is on the register.
    when_stable: once most of those who are or were on the register are seen to have lived well above the line without
    policy income for long enough, and at the latest after `longest` months. Officials decide on what they see.
    """

    local = False

    rule = Parameter("fixed_term", choices=RULES, mark="choice", claim="S06", doc="when a team goes home")
    least = Parameter(
        24, unit="months", range=(12, 36), limits=(0, 600), mark="measured", claim="S06",
        doc="that a team stays at least, whatever the rule",
        source="at least three members for at least two years: rules of the campaign",
    )  # fmt: skip
    term = Parameter(60, unit="months", range=(24, 96), limits=(0, 1200), mark="choice", claim="S06", doc="fixed term")
    listed = Parameter(
        0.02, unit="share of households", range=(0.0, 0.05), limits=(0.0, 1.0), mark="measured", claim="S41",
        doc="on the register, at which a village counts as out of poverty",
        source="national rule for villages and counties: 2 %, in the west 3 %",
    )  # fmt: skip
    stable = Parameter(
        0.80, unit="share of cases", range=(0.70, 0.95), limits=(0.0, 1.0), mark="assumed", claim="S06",
        doc="who must live safely for exit to be stable",
    )  # fmt: skip
    safe = Parameter(
        1.2, unit="lines", range=(1.0, 1.5), limits=(0.0, 10.0), mark="assumed", claim="S41",
        doc="income without policy income that is safe",
    )  # fmt: skip
    months = Parameter(
        24, unit="months", range=(12, 36), limits=(1, 600), mark="assumed", claim="S06", doc="of stability in a row"
    )
    longest = Parameter(
        96, unit="months", range=(60, 144), limits=(0, 1200), mark="assumed", claim="S06",
        doc="after which a team goes home although exit is not stable",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not len(world.teams) or world.clock.in_burn_in:
            return
        if self.rule == "when_stable":
            self._watch(world)
        if world.clock.december:
            self.withdraw(world, self.due(world))

    def _watch(self, world: World) -> None:
        villages = world.villages
        stable = safe_share(world, self.safe) >= self.stable
        villages.stable_months[:] = np.where(stable, villages.stable_months + 1, 0)

    def due(self, world: World) -> Flags:
        """The villages whose team goes home now, shape (villages,)."""
        villages = world.villages
        stayed = world.clock.month - villages.team_since + 1
        here: Flags = (villages.team != NOWHERE) & (stayed >= self.least)
        if self.rule == "fixed_term":
            here &= stayed >= self.term
        elif self.rule == "at_exit":
            here &= self.out(world)
        elif self.rule == "when_stable":
            here &= (villages.stable_months >= self.months) | (stayed >= self.longest)
        else:
            here[:] = False
        return here

    def may_have_one(self, world: World) -> Flags:
        """The villages that a team may be sent to, shape (villages,): with cases, and not withdrawn from for good."""
        villages = world.villages
        wanted: Flags = villages.caseload > 0
        served = villages.team_months > 0
        if self.rule == "fixed_term":
            wanted &= ~served
        elif self.rule == "at_exit":
            wanted &= ~(served & self.out(world))
        elif self.rule == "when_stable":
            wanted &= (villages.stable_months < self.months) & (villages.team_months < self.longest)
        return wanted

    def out(self, world: World) -> Flags:
        """The villages that count as out of poverty, shape (villages,)."""
        listed = world.by_village(world.households.registered.astype(np.int64))
        few: Flags = listed <= self.listed * world.villages.households
        return few

    def withdraw(self, world: World, due: Flags) -> None:
        """Let the teams of some villages, shape (villages,), go home."""
        teams, villages = world.teams, world.villages
        if not due.any():
            return
        out = np.flatnonzero(teams.village != NOWHERE)
        home = np.zeros(len(teams), bool)
        home[out] = due[place(villages.number, teams.village[out])]
        world.processes["cadres"].come_home(world, home)
        teams.village[home], teams.since[home], teams.rank[home] = NOWHERE, NEVER, 0.5
        villages.team[due], villages.team_since[due] = NOWHERE, NEVER


def safe_share(world: World, lines: float) -> NDArray[np.float64]:
    """The share of each village's cases seen to have so many lines without policy income; 1 without cases."""
    cases = covered(world).nonzero()[0]
    safe = world.processes["observation"].sees_at_least(world, "net_of_policy", cases, lines * world.line_of(cases))
    number, well = (world.count_by_village(rows) for rows in (cases, cases[safe.nonzero()[0]]))
    return np.where(number > 0, well / np.maximum(number, 1), 1.0)
