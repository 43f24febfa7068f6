"""Targeted transfer (精准帮扶): what the registered are given under the campaign."""

from __future__ import annotations

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import Instrument
from fupin_sim.world import Array, Flags, World


class TargetedTransfer(Instrument):
    """So much per person and year for registered households; clocks count from exit."""

    level = Dated(
        2_000.0, unit="yuan per person-year", range=(0, 4_000), limits=(0, 1e6), mark="fitted", claim="S08",
        doc="at the start of the scenario; it grows with `process.growth.transfers`",
    )  # fmt: skip

    relief_share = Parameter(
        0.3, unit="share of the transfer", range=(0.0, 0.9), limits=(0.0, 1.0), mark="assumed", claim="S12",
        doc="that is relief at discretion, on which dependence grows; the rest supports work",
    )  # fmt: skip

    def titled(self, world: World) -> Flags:
        flags: Flags = world.households.registered
        return flags

    def worth(self, world: World) -> Array:
        yuan: Array = world.households.members * (self.level * world.growth["transfers"] / 12)
        return yuan
