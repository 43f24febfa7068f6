"""Tallies of the calendar year so far: what yearly measures need and no household has to remember."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import FLOWS


@dataclass
class Tally:
    """Sums over all households, whole fen.

    flows: by flow. spent: outlay by policy. received_by_decile: by decile, index 0 for who has none yet, shape (11,).
    """

    flows: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0.0))
    spent: dict[str, float] = field(default_factory=dict)
    received_by_decile: NDArray[np.float64] = field(default_factory=lambda: np.zeros(11))

    def clear(self) -> None:
        """Begin a new year."""
        self.flows = dict.fromkeys(FLOWS, 0.0)
        self.spent = {}
        self.received_by_decile = np.zeros(11)
