"""Plugins of the tests: a policy that adjusts a rate, and one that writes down what it hears."""

from __future__ import annotations

import numpy as np

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Policy


class Adjuster(Policy):
    """Multiplies one rate by a factor, as a number or as the same number for each household."""

    rate = Parameter("wage", mark="choice")
    factor = Parameter(1.0, limits=(0.0, 10.0), mark="choice")
    for_each = Parameter(False, mark="choice")

    def adjust(self, world):
        factor = np.full(len(world), self.factor) if self.for_each else self.factor
        world.rates.adjust(self.rate, factor, self.name)


class Listener(Policy):
    """Claims nothing, for nobody or from everybody, and hears what was paid."""

    claims = Parameter("none", choices=("none", "zeros"), mark="choice")

    def claim(self, world):
        return np.zeros(len(world)) if self.claims == "zeros" else None

    def paid(self, world, amount):
        assert not amount.any()
