"""Poverty: twelve-month accounts, the line held against them, and spells in and out."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import NEVER
from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.consumption import income_of_month
from fupin_sim.processes.line import remember_year
from fupin_sim.ranking import ascending
from fupin_sim.world import World

LONG = 100
"""Years beyond which security is no longer counted."""


class Bookkeeping(Process):
    """Enter the month into the twelve-month accounts."""

    count_reimbursement = Parameter(
        False, mark="choice",
        doc="count medical bills paid back as income, as official statistics do; the ill then look richer",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home, flows, month = world.households, world.ledger.flows, world.clock.month
        income = income_of_month(world)
        if self.count_reimbursement:
            income = income + flows["reimbursement"]
        world.accounts.enter(home, "income12", month, income)
        world.accounts.enter(home, "support12", month, flows["support"])
        if world.clock.january:
            home.consumption_of_year[:] = 0.0
            home.medical_of_year[:] = 0.0
        home.consumption_of_year += flows["consumption"]
        own = flows["medical_bill"] - flows["reimbursement"]
        home.medical_of_year += own
        own += flows["school_bill"]
        world.accounts.enter(home, "bills12", month, own)
        relief: Money | None = None
        for name, paid in sorted(world.whole.paid.items()):
            if getattr(world.policies[name], "relief", False):
                relief = paid[world.rows] if relief is None else relief + paid[world.rows]
        world.accounts.enter(home, "relief12", month, np.zeros(len(world)) if relief is None else relief)


class Spells(Process):
    """Who is poor, for how long, and who has returned since exit; strict: poor means below the line."""

    def run(self, world: World) -> None:
        home = world.households
        poor = home.income12 < home.members * (world.line * 100.0)
        crossed = poor != home.poor
        home.spell += 1
        home.spell[crossed] = 1
        home.spell_censored &= ~crossed
        home.poor[:] = poor
        if world.clock.december:
            month = world.clock.month
            back = poor & (home.exited_on != NEVER) & (home.exited_on < month) & (home.returned_on == NEVER)
            home.returned_on[back] = month


class YearEnd(Process):
    """After the year is recorded: this December becomes the last one."""

    local = False

    marginal = Parameter(
        1.5, unit="share of the poverty line", range=(1.2, 2.0), limits=(1.0, 100.0), mark="assumed", claim="S33",
        doc="below which a household that is not poor is called marginal",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not world.clock.december:
            return
        home = world.households
        line = home.members * (world.line * 100.0)
        home.marginal_last_december[:] = ~home.poor & (home.income12 < self.marginal * line)
        secure = home.income12 - home.support12 >= world.processes["register"].stable_at * line
        home.secure_years[:] = np.where(secure, np.minimum(home.secure_years, LONG - 1) + 1, 0)
        remember_year(world)
        home.poor_last_december[:] = home.poor
        home.poor_last_december_net_of_policy[:] = world.income_pc("net_of_policy") < world.line
        home.poor_last_december_net_of_bills[:] = world.income_pc("net_of_bills") < world.line
        income = world.income_pc()
        for rows in world.counties_as_rows():
            order = ascending(income[rows], home.luck[rows])
            people = np.cumsum(home.members[rows][order].astype(np.int64))
            # A household belongs to the decile of persons in which its first member stands.
            before = people - home.members[rows][order]
            home.decile[rows.start + order] = 1 + 10 * before // people[-1]
