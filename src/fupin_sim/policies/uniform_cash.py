"""Uniform cash (普惠性转移支付): the same for every person."""

from __future__ import annotations

import numpy as np

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, Instrument
from fupin_sim.world import Array, Flags, World


class UniformCash(Instrument):
    """So much per person and year, whoever they are."""

    by_application = AUTOMATIC
    level = Dated(
        690.0, unit="yuan per person-year", range=(0, 3_000), limits=(0, 1e6), mark="fitted", claim="S08",
        doc="at the start of the scenario; it grows with `process.growth.transfers`",
    )  # fmt: skip
    administration = Parameter(0.02, unit="share of outlay", range=(0.01, 0.05), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        return np.ones(len(world), bool)

    def worth(self, world: World) -> Array:
        yuan: Array = world.households.members * (self.level * world.growth["transfers"] / 12)
        return yuan
