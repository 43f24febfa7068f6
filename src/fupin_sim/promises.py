"""Promises: what policies undertake at the beginning of a month to pay for events that come later in it.

A share of each medical bill is no promise but the named rate `out_of_pocket`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput, nearest
from fupin_sim.ledger import CREDITORS

Array = NDArray[np.float64]


@dataclass(frozen=True)
class StopLoss:
    """To pay a share of what a household's own medical cost of the calendar year exceeds.

    above: yuan of own cost since January. share: 0 to 1, a number or shape (households,).
    """

    above: float
    share: Array | float


@dataclass(frozen=True)
class Guarantee:
    """To pay the lender a share of what is written off; creditor: one of CREDITORS, share: 0 to 1."""

    creditor: str
    share: float


class Promises:
    """This month's promises by the name of who gave them; one stop-loss and one guarantee each."""

    def __init__(self) -> None:
        self.stop_losses: dict[str, StopLoss] = {}
        self.guarantees: dict[str, Guarantee] = {}

    def reset(self) -> None:
        """Forget all: who wants to promise again next month does so."""
        self.stop_losses.clear()
        self.guarantees.clear()

    def stop_loss(self, above: float, share: Array | float, by: str) -> None:
        """Promise a stop-loss on this year's own medical cost."""
        self.stop_losses[by] = StopLoss(above, share)

    def guarantee(self, creditor: str, share: float, by: str) -> None:
        """Promise a lender part of what it writes off; raises BadInput for one that is no creditor."""
        if creditor not in CREDITORS:
            told = f'{by}: no creditor called "{creditor}".{nearest(creditor, CREDITORS)}'
            raise BadInput(f"{told}  Creditors: {', '.join(CREDITORS)}")
        self.guarantees[by] = Guarantee(creditor, share)
