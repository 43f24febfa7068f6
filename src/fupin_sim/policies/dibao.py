"""Dibao (低保): income topped up to a level, with benefits that hang on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import Instrument
from fupin_sim.processes.dependence import just_below
from fupin_sim.world import Array, Flags, World


class Dibao(Instrument):
    """Who fails the means test is paid the gap to the level, and tied benefits on top: the notch."""

    relief = True

    level = Dated(
        0.65, unit="share of the poverty line", range=(0.4, 1.2), limits=(0.0, 5.0), mark="unverified", claim="S38",
        doc="up to which income is topped up",
    )  # fmt: skip
    tied = Dated(
        2_000.0, unit="yuan per household-year", range=(0, 4_000), limits=(0, 1e6), mark="assumed", claim="S34",
        doc="benefits that a household has only while it is on dibao, and so loses at one stroke",
    )  # fmt: skip
    observation = Parameter(
        "register", choices=("register", "exact"), mark="choice", claim="S14",
        doc="whether the means test sees incomes as the register does, with its error if it has one, or as they are",
    )  # fmt: skip
    administration = Parameter(0.05, unit="share of outlay", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed")

    def adjust(self, world: World) -> None:
        """Recipients just below the limit withhold some labour, lest they lose what hangs on it."""
        habit = world.processes["dependence"]
        withheld = habit.notch * habit.strength
        if not (withheld and self.tied and self.in_force(world)):
            return
        rows = self.receiving(world).nonzero()[0]
        income = self.seen(world, rows)
        near = rows[just_below(income, self.level * world.line_of(rows), habit.notch_width)]
        if len(near):
            offered = np.ones(len(world))
            offered[near] = 1.0 - withheld
            world.rates.adjust("labour", offered, self.name)

    def paid(self, world: World, amount: Money) -> None:
        self.receiving(world)[:] = amount > 0

    def receiving(self, world: World) -> Flags:
        """Who was paid last month."""
        return world.recall(self.name, "receiving", bool, False)

    def titled(self, world: World) -> Flags:
        return self.offer(world)[0]

    def worth(self, world: World) -> Array:
        return self.offer(world)[1]

    def offer(self, world: World) -> tuple[Flags, Array]:
        gap = self.gap(world)
        title: Flags = gap > 0
        # Tied benefits are all that is left to those who keep their support by the clocks and have no gap.
        yuan = np.full(len(gap), self.tied / 12)
        rows = title.nonzero()[0]
        yuan[rows] = (gap[rows] * world.households.members[rows] + self.tied) / 12
        return title, yuan

    def gap(self, world: World) -> Array:
        """Level minus income per person, yuan a year, on last year's income without relief.

        With relief counted, the test would pay only half the gap.
        """
        gap: Array = self.level * world.line - self.seen(world)
        return gap

    def seen(self, world: World, rows: NDArray[np.intp] | None = None) -> Array:
        """The income that the means test goes by, yuan per person-year, of all households or of some rows."""
        income, officials = world.income_pc("net_of_relief", rows), world.processes["observation"]
        if self.observation == "exact" or not officials.erring(world):
            return income
        factor: NDArray[np.float32] = officials.factor(world)
        return income * (factor if rows is None else factor[rows])
