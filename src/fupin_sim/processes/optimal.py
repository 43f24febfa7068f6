"""The optimal year: a household alone with its capital, which keeps each December what the dynamic programme says.

There is no labour, illness, season, wage, debt or policy here; a unit of capital is worth what a unit of output is.
It is the life the aims of the month were solved for, lived by the simulation's own tables, books and luck.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from fupin_sim.dynamic_programme import NO_SHOCKS, SHIPPED, SHOCKS, Policy, policy
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.business import output
from fupin_sim.world import Array, World

STEP = 0.02
"""Between abilities for which the policy is solved; in between two policies are averaged by nearness."""


class OptimalOutput(Process):
    """A year's output, sold in December."""

    local = False

    def run(self, world: World) -> None:
        if world.clock.december:
            home, business = world.households, world.processes["business"]
            units = output(home.capital, home.ability, SHIPPED[business.technology])
            world.ledger.post("business", world.fen(units * business.yuan_per_unit))


class OptimalConsumption(Process):
    """All that is not kept; where capital is run down it is eaten before it is sold, within the month."""

    local = False

    def run(self, world: World) -> None:
        if world.clock.december:
            built, sold = _change(world)
            world.ledger.post("consumption", world.ledger.flows["business"] - built + sold)


class OptimalInvestment(Process):
    """What is kept is kept, and a shock strikes all of it."""

    local = False

    risk = Parameter(True, mark="choice", doc="whether shocks strike and are foreseen; otherwise the future is certain")

    def run(self, world: World) -> None:
        if world.clock.december:
            built, sold = _change(world)
            world.ledger.post("investment", built)
            world.ledger.post("sale", sold)
            world.households.capital[:] = _kept(world) * self._left(world)

    def _left(self, world: World) -> Array | float:
        """The share of its capital that the year's shock leaves to each household, shape (households,)."""
        if not self.risk:
            return 1.0
        shares, chances = np.array(SHOCKS).T
        ends = np.cumsum(chances)
        left: Array = shares[np.searchsorted(ends[:-1], world.draw("optimal shock"), side="right")]
        return left


def _kept(world: World) -> Array:
    """What the optimal policy keeps of each household's resources, units, shape (households,)."""
    home, rules = world.households, world.processes
    least, most = np.floor(home.ability.min() / STEP), np.ceil(home.ability.max() / STEP)
    solved = _policy(
        rules["business"].technology, rules["investment"].depreciation, rules["optimal_investment"].risk,
        int(least), int(most),
    )  # fmt: skip
    return solved.keeps(home.capital, home.ability)


def _change(world: World) -> tuple[Array, Array]:
    """Capital bought, and sold, beyond what has worn away, whole fen, shape (households,)."""
    unit = world.processes["business"].yuan_per_unit
    worn = (1.0 - world.processes["investment"].depreciation) * world.households.capital
    fen = world.fen((_kept(world) - worn) * unit)
    return np.clip(fen, 0.0, world.ledger.flows["business"]), np.maximum(-fen, 0.0)


@lru_cache(maxsize=8)
def _policy(technology: str, depreciation: float, risk: bool, first: int, last: int) -> Policy:
    """The optimal policy from one ability to another, in steps."""
    abilities = np.arange(first, last + 1) * STEP
    shocks = SHOCKS if risk else NO_SHOCKS
    return policy(SHIPPED[technology], abilities, depreciation=depreciation, shocks=shocks)
