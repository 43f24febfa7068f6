"""Funds: who is paid when there is less than is claimed.

Each policy claims from a fund of its county. Where the money suffices everybody is paid in full; where it does not,
claims of the first priority come first, and within one priority all are cut in proportion, whole fen going by
largest remainder and then by luck key.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money


def share_out(available: float, claims: Money, luck: NDArray[np.uint64]) -> Money:
    """Pay whole-fen claims out of what is available: in full, or pro rata by largest remainder.

    available: whole fen, at least 0. claims: whole fen, shape (n,). luck: distinct keys, shape (n,), which break ties.
    Returns whole fen, shape (n,), never above the claims; their sum is min(available, sum of claims).

    >>> share_out(10.0, np.array([4.0, 8.0, 8.0]), np.array([3, 1, 2], dtype=np.uint64))
    array([2., 4., 4.])
    """
    total = float(claims.sum())
    if total <= available:
        return claims.copy()
    exact = claims * (available / total)
    paid = np.minimum(np.floor(exact), claims)
    missing = available - float(paid.sum())
    # The product above may round either way by a fen; give or take single fen until the sum is exact.
    order = np.lexsort((luck, paid - exact))
    while missing > 0:
        able = order[paid[order] < claims[order]][: int(missing)]
        paid[able] += 1.0
        missing -= len(able)
    while missing < 0:
        able = order[::-1][paid[order[::-1]] > 0][: int(-missing)]
        paid[able] -= 1.0
        missing += len(able)
    return paid


@dataclass
class Fund:
    """One purse of public money per county, in fen.

    open_ended: no budget is set and every claim is met, the treasury giving just what is needed. opened: what the
    fund held and was given this month. spent: what has left it this month: received + leaked + administered.
    """

    balance: Money
    open_ended: bool
    opened: Money = field(init=False)
    spent: Money = field(init=False)

    def __post_init__(self) -> None:
        self.open_month(np.zeros_like(self.balance))

    def open_month(self, budget: Money) -> None:
        """Add this month's budget, whole fen per county."""
        self.balance = self.balance + budget
        self.opened = self.balance.copy()
        self.spent = np.zeros_like(self.balance)

    def lapse(self, kept: float = 0.0) -> None:
        """Return what is left at the end of a year to the treasury, but for a share that is kept, to the fen below."""
        self.balance = np.floor(self.balance * kept)

    def short(self, wanted: Money) -> NDArray[np.intp]:
        """The counties in which the fund holds less than is wanted."""
        if self.open_ended:
            return np.zeros(0, np.intp)
        return np.flatnonzero(wanted > self.balance)

    def spend(self, fen: Money) -> None:
        """Let money go, per county; an open-ended fund is given it first."""
        if self.open_ended:
            self.opened = self.opened + fen
        else:
            self.balance = self.balance - fen
        self.spent = self.spent + fen


@dataclass(frozen=True)
class Outlay:
    """What one policy cost in a month, whole fen per county: received + leaked + administered = spent.

    received: by those it is meant for. captured: the part of what leaked that elites of the village pocketed.
    """

    received: Money
    leaked: Money
    administered: Money
    captured: Money

    def __add__(self, other: Outlay) -> Outlay:
        return Outlay(
            self.received + other.received, self.leaked + other.leaked, self.administered + other.administered,
            self.captured + other.captured,
        )  # fmt: skip

    @property
    def spent(self) -> Money:
        total: Money = self.received + self.leaked + self.administered
        return total
