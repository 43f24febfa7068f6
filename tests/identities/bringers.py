"""Plugins of the tests: a policy that brings so much of a named intensity to everybody or to each household."""

from __future__ import annotations

import numpy as np

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Policy


class Bringer(Policy):
    """Brings an intensity, the same to all, from some month of the scenario on."""

    intensity = Parameter("coach", mark="choice")
    amount = Parameter(1.0, limits=(0.0, 10.0), mark="choice")
    every_other = Parameter(False, mark="choice")
    in_burn_in = Parameter(False, mark="choice")

    def adjust(self, world):
        if world.clock.in_burn_in and not self.in_burn_in:
            return
        some = np.arange(len(world)) % 2 * self.amount if self.every_other else self.amount
        world.intensify(self.intensity, some, self.name)
