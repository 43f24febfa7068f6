"""Tallies of the calendar year so far: what yearly measures need and no household has to remember."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fupin_sim.ledger import FLOWS, Money

DECILES = 11
"""Ten, and 0 for those who have none yet."""


@dataclass
class Tally:
    """Sums over all households, whole fen.

    flows: by flow. spent: outlay by policy. leaked: the part of it that leaked. overheads: by institution.
    """

    flows: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0.0))
    spent: dict[str, float] = field(default_factory=dict)
    leaked: dict[str, float] = field(default_factory=dict)
    overheads: dict[str, float] = field(default_factory=dict)
    received: Money = field(default_factory=lambda: np.zeros(DECILES))

    def clear(self) -> None:
        """Begin a new year."""
        self.flows = dict.fromkeys(FLOWS, 0.0)
        self.spent, self.leaked, self.overheads = {}, {}, {}
        self.received = np.zeros(DECILES)
