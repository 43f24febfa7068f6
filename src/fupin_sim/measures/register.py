"""Register: whether exits last without support, what was written up, which counties pass their test."""

from __future__ import annotations

import math

from fupin_sim.agents.household import NEVER
from fupin_sim.measures.mean import ratio
from fupin_sim.measures.targeting import excess_mass
from fupin_sim.plugins import Measure
from fupin_sim.processes.county_exit import assessed
from fupin_sim.world import World

BIN, REACH, LEAST = 0.02, 0.3, 100
"""Width of the bin at the standard in which lifted incomes are counted, and how far around it one looks, and the
fewest households there of which it is worth saying anything."""


class StableExitShare(Measure):
    """Share of households struck off, and not listed again, whose exit is stable: income without policy income has
    been at the stable standard for as many Decembers as the stable rule asks for, whatever rule is in force."""

    unit, every, better = "share of exited households", "year", "higher"

    def take(self, world: World) -> float:
        home, register = world.households, world.processes["register"]
        out = (home.exited_on != NEVER) & (home.exited_on < world.clock.month) & ~home.registered
        # This December is entered in the count of years only after it is measured.
        now = home.income12 - home.support12 >= register.stable_at * (home.members * (world.line * 100.0))
        stable = now & (home.secure_years + 1 >= register.stable_for // 12)
        return ratio(float((out & stable).sum()), float(out.sum()))


class GamedExits(Measure):
    """Share of this December's exits in which income was lifted to the standard on paper (数字脱贫)."""

    unit, every, better = "share of exits", "year", "lower"

    def take(self, world: World) -> float:
        home, month = world.households, world.clock.month
        out = home.exited_on == month
        return ratio(float((out & (home.gamed_on == month)).sum()), float(out.sum()))


class Bunching(Measure):
    """Excess of reported incomes just at the standard of exit, over what those around it lead to expect."""

    unit, every, better = "share of what is expected", "year", "lower"

    def take(self, world: World) -> float:
        register = world.processes["register"]
        standard = world.line * (register.stable_at if register.exit == "stable" else 1.0)
        reported = world.households.reported_income / standard
        near = reported[(reported >= 1.0 - REACH) & (reported < 1.0 + REACH)]
        if len(near) < LEAST:
            return math.nan
        return excess_mass(near, 1.0, BIN, 1.0 - register.gaming_from, REACH)


class CountyExitTest(Measure):
    """The exit test of counties on true incomes: mean shares over counties, and the share that has passed so far."""

    grouped = True
    unit, every, better = "share", "year", ""

    def take(self, world: World) -> dict[str, float]:
        found, number = assessed(world), float(len(world.counties.number))
        return {
            "test:incidence": float(found.incidence.sum()) / number,
            "test:wrong_exits": float(found.wrong_exits.sum()) / number,
            "test:omissions": float(found.omissions.sum()) / number,
            "test:passed": float((world.counties.exited_on != NEVER).sum()) / number,
        }
