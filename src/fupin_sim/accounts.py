"""Twelve-month accounts: a ring of the last twelve months for each sum that must be known to the month."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.dated import month_name
from fupin_sim.errors import BadInput
from fupin_sim.ledger import Money

SUMS = ("income12", "support12", "relief12", "bills12")
LARGEST = float(np.iinfo(np.int32).max)


class OutOfScale(BadInput, OverflowError):
    """Amounts that no poor household has: a number of the scenario, or a unit of its survey, is wrong."""

    outcome = "the run was given up"


class Accounts:
    """Rings of whole fen, shape (12, households), and their sums in the household's columns of the same name."""

    def __init__(self, rings: dict[str, NDArray[np.int32]]) -> None:
        self.rings = rings

    @classmethod
    def open(cls, n: int) -> Accounts:
        """Empty accounts of n households."""
        return cls({name: np.zeros((12, n), np.int32) for name in SUMS})

    @classmethod
    def opened_with(cls, home: Any) -> Accounts:
        """Accounts whose sums are given: each sum is spread evenly over the twelve months that are past.

        Raises OutOfScale above 21 million yuan in a month for one household.
        """
        accounts = cls.open(len(home.luck))
        for name, ring in accounts.rings.items():
            total = getattr(home, name)
            each = np.floor(total / 12)
            _refuse_out_of_scale(name, "at the start", each + 12)
            ring[:] = each.astype(np.int32)
            ring[0] += (total - 12 * each).astype(np.int32)
        return accounts

    def on(self, rows: slice) -> Accounts:
        """The same accounts seen through a run of rows."""
        return Accounts({name: ring[:, rows] for name, ring in self.rings.items()})

    def enter(self, home: Any, name: str, month: int, fen: Money) -> None:
        """Put this month's amount in place of the one twelve months ago; the sum stays exact, being whole fen.

        Raises OutOfScale above 21 million yuan in a month for one household.
        """
        _refuse_out_of_scale(name, month, fen)
        ring = self.rings[name][month % 12]
        total = getattr(home, name)
        total += fen
        total -= ring
        ring[:] = fen


def _refuse_out_of_scale(name: str, when: int | str, fen: Money) -> None:
    if fen.size and (most := float(fen.max())) > LARGEST:
        month = month_name(when) if isinstance(when, int) else when
        raise OutOfScale(
            f"{name}: {most / 100:,.0f} yuan in a month for one household, {month}; "
            f"accounts hold {LARGEST / 100:,.0f}. Look for an amount, a share or a rate of growth that is out of scale"
        )
