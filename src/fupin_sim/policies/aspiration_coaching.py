"""Aspiration coaching (扶志): somebody who comes to the house, listens, and encourages."""

from __future__ import annotations

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC
from fupin_sim.policies.service import Service
from fupin_sim.world import Array, World


class AspirationCoaching(Service):
    """Visits lift motivation, wear down dependence, and at the first of them aspiration rises, once."""

    by_application = AUTOMATIC
    cost = Dated(500.0, unit="yuan per household-year", range=(200, 2_000), limits=(1.0, 1e6), mark="assumed")
    administration = Parameter(0.15, unit="share of outlay", range=(0.08, 0.25), limits=(0.0, 1.0), mark="assumed")
    visits = Parameter(
        0.5, unit="full visits a month", range=(0.0, 1.0), limits=(0.0, 10.0), mark="assumed", claim="S30",
        doc="what a visit does stands with motivation, dependence and aspiration",
    )  # fmt: skip

    def bring(self, world: World, served: Array) -> None:
        world.intensify("coach", self.visits * served, self.name)
