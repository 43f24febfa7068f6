"""Register: who is listed as poor, who is struck off, who comes back (建档立卡动态管理)."""

from __future__ import annotations

from fupin_sim.agents.household import NEVER
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.ranking import ascending
from fupin_sim.world import Flags, World


class Register(Process):
    """Opened at the start of the scenario, managed each December; here income is observed without error."""

    local = False

    rule = Parameter(
        "quota", choices=("quota", "line"), mark="choice", claim="S14",
        doc="open the register with the poorest share of each county, or with all who are below the line",
    )  # fmt: skip
    share = Parameter(
        0.30, unit="share of households", range=(0.1, 0.4), limits=(0.0, 1.0), mark="assumed",
        doc="size of the register at the start, under the quota rule",
    )  # fmt: skip
    readmit = Parameter(
        True, mark="choice", claim="S33", doc="list those who are found below the line in a later December"
    )

    def run(self, world: World) -> None:
        if world.clock.december and not world.clock.in_burn_in:
            self.manage(world)

    def open(self, world: World) -> None:
        """List households on their income of the twelve months before the start."""
        home = world.households
        income = world.income_pc()
        listed = income < world.line
        if self.rule == "quota":
            for rows in world.counties_as_rows():
                order = ascending(income[rows], home.luck[rows])
                listed[rows] = False
                listed[rows.start + order[: round(self.share * len(order))]] = True
        list_households(world, listed)

    def manage(self, world: World) -> None:
        """Strike off who is no longer poor; list who is."""
        home, month = world.households, world.clock.month
        exits = home.registered & ~home.poor
        home.registered[exits] = False
        home.exited_on[exits] = month
        home.returned_on[exits] = NEVER
        home.first_exited_on[exits & (home.first_exited_on == NEVER)] = month
        if self.readmit:
            list_households(world, home.poor & ~home.registered)


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
            world.processes["register"].open(world)
