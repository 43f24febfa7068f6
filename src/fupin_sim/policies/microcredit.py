"""Microcredit (小额信贷): a bank lends for production, a fund pays the interest and part of the losses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, WHOM, Instrument, among
from fupin_sim.world import Flags, World


class Microcredit(Instrument):
    """Loans buy productive capital and nothing else; who cannot pay bills or food gets none.

    The principal is the bank's money and no outlay. A household has one loan at a time; it is served like other debts,
    what is left at its end falls due, and what the household cannot pay then is written off.
    """

    flow = "subsidy_microcredit"

    by_application = AUTOMATIC
    whom = Parameter("registered", choices=WHOM, mark="choice", doc="those on the register, or everybody")
    most = Dated(
        50_000.0, unit="yuan per loan", range=(10_000, 50_000), limits=(0, 50_000), mark="second-hand", claim="S32",
        doc="less where the business can use less", source="rules of the programme: up to 50,000 yuan, up to 3 years",
    )  # fmt: skip
    least = Parameter(
        5_000.0, unit="yuan per loan", range=(1_000, 10_000), limits=(0, 50_000), mark="assumed",
        doc="a smaller one is not worth the trouble",
    )  # fmt: skip
    term = Parameter(
        36, unit="months", range=(12, 36), limits=(1, 36), mark="second-hand", doc="from the loan to its end"
    )
    uptake = Parameter(
        0.02, unit="per household-month", range=(0.005, 0.05), limits=(0.0, 1.0), mark="assumed",
        doc="chance that a household that can use a loan asks for it",
    )  # fmt: skip
    subsidy = Dated(
        1.0, unit="share of interest", range=(0.5, 1.0), limits=(0.0, 1.0), mark="assumed", doc="paid by the fund"
    )
    compensation = Parameter(
        0.7, unit="share of losses", range=(0.5, 0.9), limits=(0.0, 1.0), mark="assumed",
        doc="of what the bank writes off, paid to it by the fund",
    )  # fmt: skip
    administration = Parameter(0.05, unit="share of outlay", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        return among(world, self.whom)

    def adjust(self, world: World) -> None:
        if self.in_force(world):
            world.promises.guarantee("microcredit", self.compensation, self.name)

    def claim(self, world: World) -> Money | None:
        """The interest that this month will add to loans, lent under this title or an earlier one."""
        if not self.in_force(world):
            return None
        rate = self.subsidy * world.processes["repayment"].bank_interest / 12
        fen: Money = np.rint(rate * world.households.debt_microcredit)
        return fen

    def paid(self, world: World, amount: Money) -> None:
        """After the interest is settled, new loans are made and spent."""
        home, month = world.households, world.clock.month
        share = self.share(world, self.titled(world))
        rows = np.flatnonzero((share > 0) & (home.debt_microcredit == 0) & (home.no_credit_until <= month))
        rows = rows[home.workers[rows] > home.disabled[rows]]
        rows = rows[world.draw(f"{self.name} asked for", rows) < self.uptake]
        unit = world.processes["business"].yuan_per_unit * 100.0
        fen = np.floor(share[rows] * lent(home.aim_high[rows] - home.capital[rows], unit, self.most * 100.0))
        big = fen >= max(self.least * 100.0, 1.0)
        rows, fen = rows[big], fen[big]
        if len(rows):
            world.ledger.post("loan_microcredit", fen, rows)
            world.ledger.post("investment", fen, rows)
            home.capital[rows] += fen / unit
            home.microcredit_due[rows] = month + self.term


def lent(gap: NDArray[np.floating], unit: float, most: float) -> Money:
    """What a bank lends to close a gap of capital, fen, shape (n,).

    gap: units by which capital is below what a household of this ability could keep up. unit: fen per unit.

    >>> lent(np.array([-1.0, 2.0, 9.0]), 9_900.0 * 100, 50_000.0 * 100).tolist()
    [0.0, 1980000.0, 5000000.0]
    """
    fen: Money = np.clip(gap * unit, 0.0, most)
    return fen
