"""A plugin of the tests: cadres under assessment where little is delivered well, and team work in some villages."""

from __future__ import annotations

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Shock


class Pressure(Shock):
    """Sets what other institutions would bring about."""

    assessment = Parameter(1.0, limits=(0.0, 1.0), mark="choice")
    quality = Parameter(0.0, limits=(0.0, 1.0), mark="choice")
    exposure = Parameter(0.0, limits=(0.0, 1.0), mark="choice")

    def adjust(self, world):
        world.counties.assessment[:] = self.assessment
        world.counties.delivery_quality[:] = self.quality
        world.villages.exposure[:] = self.exposure * (world.villages.number % 2)
