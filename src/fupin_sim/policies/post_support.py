"""Post-support (后扶持): capital or a job, and somebody who comes to the house, for those monitored who can work."""

from __future__ import annotations

import numpy as np

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World


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
        monthly = np.where(self._to_a_job(world)[rows], self.job, 0.0) + self.visiting
        yuan[rows] = monthly / 12 + self._lacking(world)[rows] / 100.0
        return yuan

    def paid(self, world: World, amount: Money) -> None:
        """Capital is bought at once with its part of what was paid; the rest is felt next month."""
        full = np.maximum(world.fen(self.worth(world)), 1.0)
        served, lacking, home = amount / full, self._lacking(world), world.households
        self._served(world)[:] = served
        rows = np.flatnonzero((served > 0) & (lacking > 0))
        given = self._given(world)
        if len(rows):
            bought = served[rows] * lacking[rows]
            home.capital[rows] += bought / (world.processes["business"].yuan_per_unit * 100.0)
            given[rows] += bought
        given[~among(world, self.whom)] = 0.0  # who is listed anew is given anew

    def adjust(self, world: World) -> None:
        served = self._served(world)
        if not (self.in_force(world) and served.any()):
            return
        if self.visits:
            world.intensify("coach", self.visits * served.astype(np.float64), self.name)
        if self.finding:
            placed = served * self._to_a_job(world).astype(np.float64)
            world.rates.adjust("job_finding", 1.0 + self.finding * placed, self.name)

    def _to_a_job(self, world: World) -> Flags:
        if self.package != "fitting":
            return np.full(len(world), self.package == "job")
        flags: Flags = world.households.migration_wish > 0.5
        return flags

    def _lacking(self, world: World) -> Money:
        """What is still to be given of the capital of this listing, fen, as far as the business can keep it up."""
        home, given = world.households, self._given(world)
        room = (home.aim_high - home.capital) * (world.processes["business"].yuan_per_unit * 100.0)
        lacking = np.floor(np.minimum(self.capital * 100.0 - given, room))
        return np.where(self._to_a_job(world), 0.0, np.maximum(lacking, 0.0))

    def _given(self, world: World) -> Array:
        return world.recall(self.name, "given", np.float32, 0.0)

    def _served(self, world: World) -> Array:
        return world.recall(self.name, "served", np.float32, 0.0)
