"""Register: who is listed as poor, who is struck off, who comes back (建档立卡动态管理)."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import NEVER
from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.ranking import ascending
from fupin_sim.world import Flags, World

MEMORY = "process.register"


class Register(Process):
    """Opened at the start of the scenario, managed each December, on the income that officials see.

    Who looks above the standard of the exit rule, and has what the rule guarantees, is struck off. Cadres under
    assessment may lift incomes just below the standard to it on paper (数字脱贫).
    """

    local = False

    rule = Parameter(
        "quota", choices=("quota", "line"), mark="choice", claim="S14",
        doc="open the register with the poorest share of each county, or with all who look below the line",
    )  # fmt: skip
    share = Parameter(
        0.30, unit="share of households", range=(0.1, 0.4), limits=(0.0, 1.0), mark="assumed",
        doc="size of the register at the start, under the quota rule",
    )  # fmt: skip
    readmit = Parameter(
        True, mark="choice", claim="S33", doc="list those who are found below the line in a later December"
    )
    observation = Parameter(
        "exact", choices=("exact", "observed"), mark="choice", claim="S14",
        doc="see true incomes, or incomes with the error, the assets and the favour of `process.observation`",
    )  # fmt: skip
    exit = Parameter(
        "income", choices=("income", "nominal", "stable"), mark="choice", claim="S41",
        doc="income: at the line; nominal: at the line, nobody out of school for want, insured, not hungry; stable: "
        "the same guarantees, and income without policy income above the stable standard for `stable_for`",
    )  # fmt: skip
    stable_at = Parameter(
        1.2, unit="share of the poverty line", range=(1.0, 1.5), limits=(0.0, 10.0), mark="assumed", claim="S41",
        doc="standard of the stable rule, on income without policy income",
    )  # fmt: skip
    stable_for = Parameter(
        24, unit="months", range=(12, 36), limits=(12, 240), mark="assumed", claim="S41",
        doc="for which it must be held; looked at each December, so in whole years",
    )  # fmt: skip
    gaming = Parameter(
        0.3, unit="share of cases", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S19",
        doc="of registered households just below the standard that are lifted to it on paper, where assessment is full "
        "and delivery worst; in proportion to assessment and to what delivery lacks",
    )  # fmt: skip
    gaming_from = Parameter(
        0.9, unit="share of the standard", range=(0.8, 0.95), limits=(0.0, 1.0), mark="assumed", claim="S19",
        doc="where just below the standard begins",
    )  # fmt: skip
    cost = Parameter(
        40.0, unit="yuan per household-year", range=(20, 80), limits=(0, 1e5), mark="assumed",
        doc="of managing the register, for each household on it when its December review begins",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if world.clock.december and not world.clock.in_burn_in:
            self.manage(world)

    def open(self, world: World) -> None:
        """List households on their apparent income of the twelve months before the start."""
        home = world.households
        income = world.processes["observation"].apparent(world) / (home.members * 100.0)
        listed = income < world.line
        if self.rule == "quota":
            for rows in world.counties_as_rows():
                order = ascending(income[rows], home.luck[rows])
                listed[rows] = False
                listed[rows.start + order[: round(self.share * len(order))]] = True
        home.observed_income[:] = income
        list_households(world, listed)

    def manage(self, world: World) -> None:
        """Strike off who meets the standard; list who is seen below the line."""
        home, month = world.households, world.clock.month
        self._charge(world)
        seen = world.processes["observation"].apparent(world)
        home.observed_income[:] = seen / (home.members * 100.0)
        exits = home.registered & self.meets_standard(world, seen) & self.guaranteed(world)
        home.registered[exits] = False
        home.exited_on[exits] = month
        home.returned_on[exits] = NEVER
        home.first_exited_on[exits & (home.first_exited_on == NEVER)] = month
        if self.readmit:
            list_households(world, (seen < line_of(world)) & ~home.registered & ~exits)

    def meets_standard(self, world: World, seen: Money) -> Flags:
        """Who is found above the standard of the exit rule, on paper; seen: apparent income, fen, shape (n,)."""
        home, standard = world.households, line_of(world)
        if self.exit == "stable":
            seen = world.processes["observation"].apparent(world, "net_of_policy")
            standard = self.stable_at * standard
        written = self.written(world, seen, standard)
        home.reported_income[:] = np.where(home.registered, written / (home.members * 100.0), 0.0)
        above: Flags = written >= standard
        if self.exit != "stable":
            return above
        secure = world.recall(MEMORY, "secure", np.int8, 0)
        secure[:] = np.where(above, np.minimum(secure, 119) + 1, 0)
        held: Flags = secure >= self.stable_for // 12
        return held

    def written(self, world: World, seen: Money, standard: Money) -> Money:
        """What is put in the files: what is seen, or just the standard where cadres lift it; fen, shape (n,)."""
        home, counties = world.households, world.counties
        chance = self.gaming * counties.assessment * (1.0 - counties.delivery_quality)
        if not chance.any():
            return seen
        near = home.registered & (seen >= self.gaming_from * standard) & (seen < standard)
        rows = np.flatnonzero(near)
        rows = rows[world.draw("gaming", rows) < world.of_county(chance)[rows]]
        home.gamed_on[rows] = world.clock.month
        written = seen.copy()
        written[rows] = standard[rows]
        return written

    def guaranteed(self, world: World) -> Flags | bool:
        """Who is fed, insured, and has no child out of school (两不愁三保障), as far as the model knows of these."""
        if self.exit == "income":
            return True
        home = world.households
        own = (1.0 - world.processes["illness"].covered) * world.rate("out_of_pocket")
        flags: Flags = ~home.out_of_school & ~home.hungry & (own < 1.0)
        return flags

    def _charge(self, world: World) -> None:
        listed = world.by_county(world.households.registered.astype(np.float64))
        world.charge("register", world.fen(self.cost * listed))


def line_of(world: World) -> Money:
    """The poverty line times members, fen a year, shape (households,)."""
    fen: Money = world.households.members * (world.line * 100.0)
    return fen


def list_households(world: World, flags: Flags) -> None:
    """Put households on the register this month, and remember when."""
    home, month = world.households, world.clock.month
    home.registered |= flags
    home.listed_on[flags] = month
    home.first_listed_on[flags & (home.first_listed_on == NEVER)] = month


class Enrolment(Process):
    """The first listing, in the first month of the scenario and before anybody is supported."""

    local = False

    def run(self, world: World) -> None:
        if world.clock.elapsed == 0:
            observation = world.processes["observation"]
            if observation.erring(world):
                observation.weigh(world)
            world.processes["register"].open(world)
