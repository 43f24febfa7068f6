"""Growth: wages, farm prices and transfers rise year by year in real terms."""

from __future__ import annotations

from fupin_sim import maths
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World

SOURCE = "poor-area income rose 8.6 % a year in nominal terms 2020–24; the split is assumed"


class Growth(Process):
    """Wages, farm prices and transfers rise in real terms; without growth all progress would be credited to policy."""

    local = False

    on = Parameter(True, mark="choice", doc="switch of all growth")
    wage = Parameter(0.06, unit="share per year", range=(0.0, 0.08), limits=(-0.2, 0.3), mark="assumed", source=SOURCE)
    business = Parameter(
        0.04, unit="share per year", range=(0.0, 0.06), limits=(-0.2, 0.3), mark="assumed", source=SOURCE
    )
    transfers = Parameter(
        0.05, unit="share per year", range=(0.0, 0.08), limits=(-0.2, 0.3), mark="assumed", source=SOURCE
    )

    def run(self, world: World) -> None:
        world.growth = {name: self.since_start(world, name) for name in ("wage", "business", "transfers")}

    def since_start(self, world: World, name: str) -> float:
        """The factor on a series since the start of the scenario; exactly 1 without growth and in burn-in."""
        rate = self.values[name] if self.on else 0.0
        if rate == 0.0 or world.clock.years == 0.0:
            return 1.0
        return float(maths.exp(world.clock.years * maths.log(1.0 + rate)))
