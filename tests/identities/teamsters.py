"""A plugin of the tests: something that works in villages as teams do, so much in each county."""

from __future__ import annotations

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Policy


class Teamster(Policy):
    """Sets the strength, the skills and the exposure of every other village; of all with `everywhere`."""

    strength = Parameter(0.6, limits=(0.0, 1.0), mark="choice")
    skill = Parameter(0.7, limits=(0.0, 1.0), mark="choice")
    exposure = Parameter(0.4, limits=(0.0, 1.0), mark="choice")
    everywhere = Parameter(False, mark="choice")

    def adjust(self, world):
        if world.clock.in_burn_in:
            return
        villages = world.villages
        there = (villages.number % 2 == 0) | self.everywhere
        villages.team_strength[:] = self.strength * there
        villages.exposure[:] = villages.exposure_observed[:] = self.exposure * there
        for name in ("organization", "industry"):
            getattr(villages, f"skill_{name}")[:] = self.skill * there
