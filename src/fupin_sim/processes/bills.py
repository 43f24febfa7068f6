"""Bills: insurance pays back its part, the household pays the rest from its purse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import support
from fupin_sim.ledger import Money
from fupin_sim.plugins import Process
from fupin_sim.rates import Factor
from fupin_sim.world import Array, World

Rows = NDArray[np.intp]


class Bills(Process):
    """Basic insurance answers first, then policies that take over a part of what is left; each is booked its own.

    What basic insurance pays is no policy's outlay. A policy's outlay is what its factor on `out_of_pocket` adds to
    that, and its stop-loss. The purse may stand below nothing between this verb and the next; never at the end of a
    month.
    """

    local = False

    def run(self, world: World) -> None:
        ill = (world.ledger.flows["medical_bill"] > 0).nonzero()[0]
        bills = world.ledger.flows["medical_bill"][ill]
        factors = world.rates.given("out_of_pocket")
        own = (1.0 - world.processes["illness"].covered) * self._at_least(world, factors, ill)
        back = paid_back(bills, own)
        world.ledger.post("reimbursement", back, ill)
        claims: dict[str, Money] = {}
        for name, factor in factors:
            if name in world.policies:
                own = own * np.minimum(_of(factor, ill), 1.0)
                with_it = paid_back(bills, own)
                claims[name] = _spread(with_it - back, ill, len(world))
                back = with_it
        self._stop_losses(world, ill, bills - back, claims)
        if claims:
            world.insured.update(support.pay(world, claims))
            for _, fen in sorted(world.insured.items()):
                world.ledger.post("reimbursement", fen[ill], ill)

    def _at_least(self, world: World, factors: list[tuple[str, Factor]], ill: Rows) -> Factor:
        """The factor on the own share that no policy pays for: shocks, and policies that make insurance thinner."""
        product: Factor = 1.0
        for name, factor in factors:
            mine = _of(factor, ill)
            product = product * (np.maximum(mine, 1.0) if name in world.policies else mine)
        return product

    def _stop_losses(self, world: World, ill: Rows, own: Money, claims: dict[str, Money]) -> None:
        """Add what is promised on the own cost of the calendar year, from one policy to the next."""
        before = np.zeros(len(ill)) if world.clock.january else world.households.medical_of_year[ill]
        for name, promise in sorted(world.promises.stop_losses.items()):
            share = np.minimum(_of(promise.share, ill), 1.0)
            fen = np.rint(share * beyond(before, own, promise.above * 100.0))
            own = own - fen
            mine = _spread(fen, ill, len(world))
            claims[name] = claims[name] + mine if name in claims else mine


class Clearing(Process):
    """Insurers and guarantors settle: forgone care is not paid for, and part of what is written off is."""

    local = False

    def run(self, world: World) -> None:
        for name, fen in sorted(world.insured.items()):
            given_up = np.where(world.ledger.flows["medical_bill"] == 0, fen, 0.0)
            fen -= given_up
            support.take_back(world, name, world.by_county(given_up))
        claims = {
            name: np.rint(promise.share * world.ledger.flows[f"written_off_{promise.creditor}"])
            for name, promise in sorted(world.promises.guarantees.items())
        }
        world.guaranteed.update(support.pay(world, claims))


def paid_back(bills: Money, own: Factor) -> Money:
    """What insurance pays of bills of which the household bears a share, whole fen, shape (n,).

    >>> paid_back(np.array([1000.0, 1000.0]), np.array([0.5, 1.4]))
    array([500.,   0.])
    """
    fen: Money = np.rint(bills * np.clip(1.0 - own, 0.0, 1.0))
    return fen


def beyond(before: Money, own: Money, above: float) -> Money:
    """The part of a month's own cost that lies beyond a limit on the year's; all in fen, shape (n,).

    before: own cost of the year until this month.

    >>> beyond(np.array([0.0, 0.0, 800.0, 2000.0]), np.array([900.0, 1500.0, 500.0, 10.0]), 1000.0)
    array([  0., 500., 300.,  10.])
    """
    fen: Money = np.maximum(before + own - above, 0.0) - np.maximum(before - above, 0.0)
    return fen


def _of(factor: Factor, rows: Rows) -> Array:
    return factor[rows] if isinstance(factor, np.ndarray) else np.full(len(rows), factor)


def _spread(fen: Money, rows: Rows, n: int) -> Money:
    column = np.zeros(n)
    column[rows] = fen
    return column
