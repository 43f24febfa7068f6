"""Medical reimbursement (医疗救助、大病保险): a larger part of bills, and a limit to a year's own cost."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import NOT_MONITORED
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World


class MedicalReimbursement(Instrument):
    """Pays what its cover adds to basic insurance, and beyond a year's own cost a share of the rest.

    The register is that of the last month: who is listed in the first month of the scenario is covered from the
    second. It draws on its fund when bills are paid, after all who claim in the support stroke.
    """

    registered = Dated(
        0.85, unit="share of the bill", range=(0.6, 0.95), limits=(0.0, 1.0), mark="unverified", claim="S38",
        doc="paid back to households with a title, basic insurance included",
    )  # fmt: skip
    ordinary = Dated(
        0.5, unit="share of the bill", range=(0.3, 0.7), limits=(0.0, 1.0), mark="unverified", claim="S38",
        doc="paid back to all others, basic insurance included; below what that covers, it makes it thinner",
    )  # fmt: skip
    monitored = Dated(
        0.75, unit="share of the bill", range=(0.6, 0.9), limits=(0.0, 1.0), mark="unverified", claim="S37",
        doc="paid back to households on the list of monitoring, basic insurance included, if that is more",
    )  # fmt: skip
    stop_loss = Dated(
        5_000.0, kind="float", unit="yuan of own cost per household-year", range=(3_000, 20_000), limits=(0, 1e9),
        mark="assumed", claim="S38", optional=True, doc="above it the stop-loss pays; none: there is none",
    )  # fmt: skip
    stop_loss_share = Dated(
        0.8, unit="share of own cost", range=(0.5, 1.0), limits=(0.0, 1.0), mark="assumed", doc="beyond that limit"
    )
    stop_loss_for = Parameter("registered", choices=WHOM, mark="choice", doc="those with a title, or everybody")
    administration = Parameter(0.05, unit="share of outlay", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        return among(world, "registered")

    def claim(self, world: World) -> None:
        """Nothing in the support stroke: it pays when bills are paid."""

    def adjust(self, world: World) -> None:
        if not self.in_force(world):
            return
        share = self.share(world, self.titled(world))
        cover = self.ordinary + (self.registered - self.ordinary) * share
        listed = np.flatnonzero(world.households.monitored != NOT_MONITORED)
        cover[listed] = np.maximum(cover[listed], self.monitored)
        world.rates.adjust("out_of_pocket", (1.0 - cover) / (1.0 - world.processes["illness"].covered), self.name)
        if self.stop_loss is not None:
            limited: Array | float = share if self.stop_loss_for == "registered" else 1.0
            world.promises.stop_loss(self.stop_loss, self.stop_loss_share * limited, self.name)
