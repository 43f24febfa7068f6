"""Property: interest on savings and rent of land (财产性收入)."""

from __future__ import annotations

import numpy as np

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World


class PropertyIncome(Process):
    """A small share of liquid wealth a year."""

    interest = Parameter(
        0.015, unit="per year", range=(0.0, 0.03), limits=(0.0, 0.5), mark="assumed", doc="return on liquid wealth"
    )

    def run(self, world: World) -> None:
        fen = np.maximum(world.households.wealth, 0.0)
        fen *= self.interest / 12
        world.ledger.post("property", np.rint(fen, out=fen))
