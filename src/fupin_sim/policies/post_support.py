"""Post-support (后扶持): capital or a job, and somebody who comes to the house, for those monitored who can work."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World

Rows = NDArray[np.intp]


class PostSupport(Instrument):
    """Development instead of relief: once what a business lacks, or month by month a way to a job; visits with both."""

    by_application = AUTOMATIC
    flow = "service"

    whom = Parameter("monitored", choices=WHOM, mark="choice", claim="S37", doc="whom of those who can work")
    package = Parameter(
        "fitting", choices=("fitting", "capital", "job"), mark="choice", claim="S37",
        doc="fitting: a job to those likelier than not to take work elsewhere, capital to the others",
    )  # fmt: skip
    capital = Dated(
        5_000.0, unit="yuan per listing", range=(2_000, 10_000), limits=(0, 1e5), mark="assumed", claim="S12",
        doc="productive capital given once, in kind, as far as the business can keep it up",
    )  # fmt: skip
    job = Dated(
        300.0, unit="yuan per household-year", range=(100, 1_000), limits=(0, 1e5), mark="assumed",
        doc="cost of placement",
    )  # fmt: skip
    finding = Parameter(
        0.5, unit="share", range=(0.0, 1.5), limits=(0.0, 20.0), mark="assumed", claim="S37",
        doc="by which placement raises the chance to find a job",
    )  # fmt: skip
    visiting = Dated(500.0, unit="yuan per household-year", range=(200, 2_000), limits=(0, 1e5), mark="assumed")
    visits = Parameter(
        0.5, unit="full visits a month", range=(0.0, 1.0), limits=(0.0, 10.0), mark="assumed", claim="S30",
        doc="of somebody who listens and encourages",
    )  # fmt: skip
    administration = Parameter(0.10, unit="share of outlay", range=(0.05, 0.15), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        home = world.households
        flags: Flags = among(world, self.whom) & (home.workers > home.disabled)
        return flags

    def worth(self, world: World) -> Array:
        rows = np.flatnonzero(self.titled(world))
        yuan = np.zeros(len(world))
        yuan[rows] = self._worth(world, rows, self._lacking(world, rows))
        return yuan

    def paid(self, world: World, amount: Money) -> None:
        """Capital is bought at once with its part of what was paid; the rest is felt next month."""
        served, given = self._served(world), self._given(world)
        served[:] = 0.0
        rows = np.flatnonzero(amount > 0)
        lacking = self._lacking(world, rows)
        part = amount[rows] / np.maximum(world.fen(self._worth(world, rows, lacking)), 1.0)
        served[rows] = part
        bought = part * lacking
        world.households.capital[rows] += bought / (world.processes["business"].yuan_per_unit * 100.0)
        given[rows] += bought
        given[~among(world, self.whom)] = 0.0  # who is listed anew is given anew

    def adjust(self, world: World) -> None:
        served = self._served(world)
        if not (self.in_force(world) and served.any()):
            return
        if self.visits:
            world.intensify("coach", self.visits * served.astype(np.float64), self.name)
        if self.finding:
            factor, rows = np.ones(len(world)), np.flatnonzero(served)
            factor[rows] += self.finding * served[rows] * self._to_a_job(world, rows)
            world.rates.adjust("job_finding", factor, self.name)

    def _worth(self, world: World, rows: Rows, lacking: Money) -> Array:
        """A month of placement and visits and what is still to be given of capital, yuan, shape (rows,)."""
        monthly = np.where(self._to_a_job(world, rows), self.job, 0.0) + self.visiting
        yuan: Array = monthly / 12 + lacking / 100.0
        return yuan

    def _to_a_job(self, world: World, rows: Rows) -> Flags:
        if self.package != "fitting":
            return np.full(len(rows), self.package == "job")
        flags: Flags = world.households.migration_wish[rows] > 0.5
        return flags

    def _lacking(self, world: World, rows: Rows) -> Money:
        """What is still to be given of the capital of this listing, fen, as far as the business can keep it up."""
        home = world.households
        room = (home.aim_high[rows] - home.capital[rows]) * (world.processes["business"].yuan_per_unit * 100.0)
        lacking = np.floor(np.minimum(self.capital * 100.0 - self._given(world)[rows], room))
        return np.where(self._to_a_job(world, rows), 0.0, np.maximum(lacking, 0.0))

    def _given(self, world: World) -> Array:
        return world.recall(self.name, "given", np.float32, 0.0)

    def _served(self, world: World) -> Array:
        return world.recall(self.name, "served", np.float32, 0.0)
