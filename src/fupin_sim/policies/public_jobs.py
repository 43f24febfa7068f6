"""Public jobs (公益性岗位): paid work for the village, for those who can hardly leave it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, WHOM, Instrument, among
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.world import Array, Flags, World

NOT_YET, NO, YES = -1, 0, 1


class PublicJobs(Instrument):
    """Each January the poorest who can work get a post for the year; it takes part of a worker from farm and search."""

    by_application = AUTOMATIC
    whom = Parameter("registered", choices=WHOM, mark="choice", doc="those on the register, or everybody")
    wage = Dated(
        6_000.0, unit="yuan per post-year", range=(5_000, 10_000), limits=(0, 1e6), mark="assumed", claim="S12",
        doc="paid by the month to who has a worker at home to do the work",
    )  # fmt: skip
    posts = Parameter(
        0.05, unit="posts per household of the county", range=(0.01, 0.15), limits=(0.0, 1.0), mark="choice"
    )
    time = Parameter(
        0.3, unit="workers", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S12",
        doc="share of one worker that a post takes from home and from the search for work elsewhere",
    )  # fmt: skip
    administration = Parameter(0.04, unit="share of outlay", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        holds = world.recall(self.name, "holds", np.int8, NOT_YET)
        if world.clock.january or (holds == NOT_YET).any():
            holds[:] = self._chosen(world)
        flags: Flags = holds == YES
        return flags

    def worth(self, world: World) -> Array:
        yuan: Array = (workers_at_home(world.households) > 0) * (self.wage / 12)
        return yuan

    def adjust(self, world: World) -> None:
        """Who was paid for a post works in it: so much less is left for everything else."""
        worked = self._worked(world)
        if self.in_force(world) and self.time and worked.any():
            able = np.maximum(workers_at_home(world.households), 1)
            world.rates.adjust("labour", 1.0 - self.time * worked.astype(np.float64) / able, self.name)

    def paid(self, world: World, amount: Money) -> None:
        month = float(world.fen(self.wage / 12))
        self._worked(world)[:] = amount / month if month else 0.0

    def _worked(self, world: World) -> Array:
        return world.recall(self.name, "worked", np.float32, 0.0)

    def _chosen(self, world: World) -> NDArray[np.int8]:
        """The poorest of those it is meant for who have able workers, up to the posts of each county."""
        home = world.households
        able = among(world, self.whom) & (home.workers > home.disabled)
        income, chosen = world.processes["observation"].apparent_pc(world), np.full(len(world), NO, np.int8)
        for rows in world.counties_as_rows():
            order = np.lexsort((home.luck[rows], income[rows], ~able[rows]))
            number = min(round(self.posts * len(order)), int(able[rows].sum()))
            chosen[rows.start + order[:number]] = YES
        return chosen
