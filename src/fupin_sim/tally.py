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

    flows: by flow. spent: outlay by policy. benefits: the part of it that households should have, administration
    apart. leaked: the part of that which leaked. overheads: by institution. titles: household-months with a title to
    what must be applied for, and those of them in which it was taken up, by policy.
    """

    flows: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0.0))
    spent: dict[str, float] = field(default_factory=dict)
    benefits: dict[str, float] = field(default_factory=dict)
    leaked: dict[str, float] = field(default_factory=dict)
    overheads: dict[str, float] = field(default_factory=dict)
    received: Money = field(default_factory=lambda: np.zeros(DECILES))
    titles: dict[str, tuple[int, int]] = field(default_factory=dict)

    def clear(self) -> None:
        """Begin a new year."""
        self.flows = dict.fromkeys(FLOWS, 0.0)
        self.spent, self.benefits, self.leaked, self.overheads, self.titles = {}, {}, {}, {}, {}
        self.received = np.zeros(DECILES)
