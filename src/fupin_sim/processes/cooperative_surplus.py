"""Surplus: what a village's cooperative keeps, and who has it at the end of the year."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.cooperatives import SHELL
from fupin_sim.processes.upkeep import built
from fupin_sim.world import World

Rows = NDArray[np.intp]


class CooperativeSurplus(Process):
    """In December a part goes to members, the rest into village works; of a shell's, a part goes to its elite."""

    local = False

    refund = Parameter(
        0.5, unit="share", range=(0.2, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="of what a real cooperative has kept that its members get back, in equal parts",
    )  # fmt: skip
    elite_share = Parameter(
        0.4, unit="share", range=(0.2, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="of what a shell has kept that goes to its elite; the rest is eaten up by its office",
    )  # fmt: skip
    elite = Parameter(
        2, unit="households", range=(1, 5), limits=(1, 100), mark="assumed", doc="the wealthiest members of a shell"
    )
    raises = Parameter(
        0.05, unit="index per 100 yuan per person", range=(0.0, 0.15), limits=(0.0, 10.0), mark="assumed", claim="S40",
        doc="of infrastructure, from the usual level of 1, by village works",
    )  # fmt: skip

    def run(self, world: World) -> None:
        villages = world.villages
        if world.clock.january and villages.cooperative_income.any():
            villages.cooperative_income[:] = 0.0
        if world.ledger.postings.has("fee"):
            kept = world.by_village(world.ledger.flows["fee"])
            villages.cooperative_income += kept
            villages.cooperative_purse += kept
        if world.clock.december and villages.cooperative_purse.any():
            self._divide(world)

    def _divide(self, world: World) -> None:
        villages, purse = world.villages, world.villages.cooperative_purse
        shell = villages.cooperative == SHELL
        share = np.where(shell, self.elite_share, self.refund)
        rows = self._who_gets(world, shell)
        village = world.villages_of(rows)
        many = np.bincount(village, minlength=len(purse))
        each = np.floor(share * purse / np.maximum(many, 1))
        fen = each[village]
        world.ledger.post("dividend", fen[fen > 0], rows[fen > 0])
        left: Money = purse - each * many
        people = world.by_village(world.households.members.astype(np.float64))
        works = np.where(shell, 0.0, left) / people / 1e4
        villages.infrastructure[:] = built(villages.infrastructure, self.raises * works)
        purse[:] = 0.0

    def _who_gets(self, world: World, shell: NDArray[np.bool_]) -> Rows:
        """The members of real cooperatives, and of shells the wealthiest few."""
        home = world.households
        rows = np.flatnonzero(home.cooperative)
        there = world.of_village(shell)[rows]
        few = wealthiest(home.village[rows[there]], home.wealth[rows[there]], home.luck[rows[there]], self.elite)
        return np.sort(np.concatenate([rows[~there], rows[there][few]]))


def wealthiest(village: NDArray[np.integer], wealth: Money, luck: NDArray[np.uint64], number: int) -> NDArray[np.intp]:
    """The rows of the wealthiest of each village, at most so many, ties by luck; all of shape (n,).

    >>> wealthiest(np.array([0, 0, 0, 1]), np.array([5.0, 9.0, 9.0, 1.0]), np.array([1, 3, 2, 4], np.uint64), 1)
    array([2, 3])
    """
    order = np.lexsort((luck, -wealth, village))
    mine = village[order]
    first = np.flatnonzero(np.concatenate([[True], mine[1:] != mine[:-1]])) if len(mine) else np.empty(0, np.intp)
    rank = np.arange(len(mine)) - np.repeat(first, np.diff(first, append=len(mine)))
    chosen: NDArray[np.intp] = order[rank < number]
    return chosen
