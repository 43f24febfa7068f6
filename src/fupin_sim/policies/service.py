"""A service: an instrument that gives in kind, at so much per household, to those it reaches.

What is paid for this month is felt from the next on: so a service without money does nothing, and one that reaches
nobody changes nothing.
"""

from __future__ import annotations

import numpy as np

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World


class Service(Instrument):
    """Say who can use it and what it brings; reach, cost and clocks are common to all services."""

    flow = "service"

    whom = Parameter("registered", choices=WHOM, mark="choice", doc="those on the register, or everybody")
    reach = Parameter(
        0.3, unit="share of households", range=(0.1, 1.0), limits=(0.0, 1.0), mark="choice",
        doc="of those it is meant for, drawn anew each year",
    )  # fmt: skip
    cost = Dated(1_000.0, unit="yuan per household-year", range=(200, 5_000), limits=(1.0, 1e6), mark="assumed")

    def usable(self, world: World) -> Flags:
        """Who could use it this month, shape (households,)."""
        return np.ones(len(world), bool)

    def bring(self, world: World, served: Array) -> None:
        """Adjust rates or add to intensities; served: 0 to 1, shape (households,)."""
        raise NotImplementedError

    def titled(self, world: World) -> Flags:
        return among(world, self.whom)

    def worth(self, world: World) -> Array:
        rows = self.usable(world).nonzero()[0]
        if self.reach < 1.0:
            this_year = world.clock.month - world.clock.month % 12
            u = world.draws.uniform(f"{self.name} reaches", this_year, world.households.luck[rows])
            rows = rows[u < self.reach]
        yuan = np.zeros(len(world))
        yuan[rows] = self.cost / 12
        return yuan

    def paid(self, world: World, amount: Money) -> None:
        self.served(world)[:] = amount / float(world.fen(self.cost / 12))

    def served(self, world: World) -> Array:
        """How fully each household was served last month, 0 to 1, kept from month to month."""
        return world.recall(self.name, "served", np.float32, 0.0)

    def adjust(self, world: World) -> None:
        served = self.served(world)
        if self.in_force(world) and served.any():
            self.bring(world, served.astype(np.float64))
