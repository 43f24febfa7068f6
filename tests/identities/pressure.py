"""A plugin of the tests: what other institutions would bring about, the quality of delivery and work of teams."""

from __future__ import annotations

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Shock


class Pressure(Shock):
    """Sets them month by month; teams have worked in every other village."""

    quality = Parameter(0.0, limits=(0.0, 1.0), mark="choice")
    exposure = Parameter(0.0, limits=(0.0, 1.0), mark="choice")

    def adjust(self, world):
        world.counties.delivery_quality[:] = self.quality
        world.villages.exposure_observed[:] = self.exposure * (world.villages.number % 2)
        world.villages.exposure_delivered[:] = world.villages.exposure_observed
