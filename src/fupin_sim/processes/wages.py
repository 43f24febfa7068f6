"""Wages: what migrants earn and send or bring home (工资性收入)."""

from __future__ import annotations

import numpy as np

from fupin_sim import maths
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World


class Wages(Process):
    """A migrant's wage hangs on schooling, the place the household comes from and lasting luck."""

    mean = Parameter(
        14_500.0, unit="yuan per migrant-year", range=(10_000, 25_000), limits=(0, 1e7), mark="fitted",
        doc="net of the cost of living away from home, at the start of the scenario",
    )  # fmt: skip
    schooling = Parameter(
        0.06, unit="share per year of schooling", range=(0.04, 0.09), limits=(-0.15, 0.15), mark="unverified",
        doc="return to schooling",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        if world.clock.opens_a_year:
            years = home.schooling.astype(np.float64) - 6.5
            place = world.of_village(maths.exp(world.whole.villages.advantage))
            yuan = self.mean / 12 * home.wage_premium * (1.0 + self.schooling * years)
            home.wage[:] = world.fen(np.maximum(yuan, 0.0) * place)
        factor = world.growth["wage"] * world.rate("wage")
        fen = home.migrants * home.wage
        fen *= factor
        world.ledger.post("wage", np.rint(fen, out=fen))
