"""Bills: insurance pays back its part, the household pays the rest from its purse."""

from __future__ import annotations

import numpy as np

from fupin_sim.plugins import Process
from fupin_sim.world import World


class Bills(Process):
    """Bills are entered when they fall due; here insurance answers, and what the purse lacks is left to coping.

    The purse may stand below nothing between this verb and the next; never at the end of a month.
    """

    def run(self, world: World) -> None:
        bill = world.ledger.flows["medical_bill"]
        ill = np.flatnonzero(bill > 0)
        cover = world.processes["illness"].covered
        own = (1.0 - cover) * world.rate("out_of_pocket")
        if isinstance(own, np.ndarray):
            own = own[ill]
        world.ledger.post("reimbursement", np.rint(bill[ill] * np.clip(1.0 - own, 0.0, 1.0)), ill)
