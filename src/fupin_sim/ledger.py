"""The books: every fen that a household receives, pays, borrows or owes, month by month.

Money is whole fen in float64, exact up to 9·10¹⁵, so sums do not depend on their order. A flow is a column that is
emptied each month. Only the ledger changes wealth and debt, and each flow names the outside account it comes from
or goes to, so that the books of the whole economy close.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Money = NDArray[np.float64]
CREDITORS = ("kin", "bank", "arrears", "microcredit")


@dataclass(frozen=True)
class Flow:
    """A kind of payment.

    account: who is on the other side. direction: +1 into the household's purse, -1 out of it, 0 for what passes it by:
    what changes only a debt, or is given in kind. debt: the creditor whose claim grows (+1) or shrinks (-1) with it.
    """

    account: str
    direction: Literal[-1, 0, 1]
    doc: str
    debt: str = ""
    debt_sign: Literal[-1, 0, 1] = 0


def _credit(creditor: str, account: str, loans: str = "") -> dict[str, Flow]:
    of = f" of {loans}" if loans else ""
    return {
        f"loan_{creditor}": Flow(account, +1, f"lent by {account}{of}", creditor, +1),
        f"repayment_{creditor}": Flow(account, -1, f"paid back to {account}{of}", creditor, -1),
        f"interest_{creditor}": Flow(account, 0, f"interest added to what {account} is owed{of}", creditor, +1),
        f"written_off_{creditor}": Flow(account, 0, f"written off by {account}{of} after a default", creditor, -1),
    }


FLOWS: Mapping[str, Flow] = MappingProxyType(
    {
        "business": Flow("market", +1, "income from farm and business"),
        "wage": Flow("employers", +1, "wages of migrants"),
        "property": Flow("bank", +1, "interest and rent"),
        "support": Flow("state", +1, "paid by policies"),
        "reimbursement": Flow("state", +1, "medical bills paid back by insurance"),
        "service": Flow("state", 0, "given in kind by policies: teaching, visits, placement, roads"),
        "sale": Flow("market", +1, "productive capital sold in distress"),
        "medical_bill": Flow("clinics", -1, "medical bills before reimbursement"),
        "school_bill": Flow("schools", -1, "fees and board of pupils"),
        "consumption": Flow("market", -1, "food and other consumption, without bills"),
        "ceremony": Flow("market", -1, "weddings and funerals, net of gifts"),
        "investment": Flow("market", -1, "productive capital bought"),
        **_credit("kin", "kin"),
        **_credit("bank", "bank"),
        **_credit("arrears", "suppliers"),
        **_credit("microcredit", "bank", "microcredit"),
        "subsidy_microcredit": Flow(
            "state", 0, "interest on microcredit that a policy pays to the bank for the household", "microcredit", -1
        ),
    }
)
GIVEN_BY_POLICIES = ("support", "service", "subsidy_microcredit")
"""The flows by which a policy's claims may reach households: in cash, in kind, or as interest paid for them."""
INCOME = ("business", "wage", "property", "support")
ACCOUNTS = tuple(sorted({flow.account for flow in FLOWS.values()}))


class Ledger:
    """This month's flows of a run of households, and what they do to purses and debts."""

    def __init__(self, flows: dict[str, Money], home: Any, used: set[str]) -> None:
        self.flows = flows
        self.home = home
        self.used = used
        """Flows that something was posted to this month: the others need no emptying, and no memory if never used."""

    @classmethod
    def open(cls, home: Any, n: int) -> Ledger:
        """Empty books for n households whose purses are the columns of `home`."""
        return cls({name: np.zeros(n) for name in FLOWS}, home, set())

    def on(self, rows: slice, home: Any) -> Ledger:
        """The same books seen through a run of rows."""
        return Ledger({name: column[rows] for name, column in self.flows.items()}, home, self.used)

    def clear(self) -> None:
        """Empty all flows: a new month begins."""
        for name in self.used:
            self.flows[name].fill(0.0)
        self.used.clear()

    def post(self, name: str, fen: Money, rows: NDArray[np.intp] | None = None) -> None:
        """Move whole fen by a flow.

        fen: at least 0, shape (households,) or, with `rows`, (rows,). Fractions of a fen are a bug of the caller;
        the check of the books finds them.
        """
        flow = FLOWS[name]
        where = slice(None) if rows is None else rows
        self.used.add(name)
        self.flows[name][where] += fen
        if flow.direction > 0:
            self.home.wealth[where] += fen
        elif flow.direction < 0:
            self.home.wealth[where] -= fen
        if flow.debt_sign > 0:
            self.debt(flow.debt)[where] += fen
        elif flow.debt_sign < 0:
            self.debt(flow.debt)[where] -= fen

    def cancel(self, name: str, rows: NDArray[np.intp]) -> None:
        """Undo this month's flow for some rows, as when care is forgone: purse and debt are as if it never was."""
        self.post(name, -self.flows[name][rows], rows)

    def owed(self, rows: NDArray[np.intp] | slice = slice(None)) -> Money:
        """All debts of each household, or of some, in fen."""
        total: Money = self.debt(CREDITORS[0])[rows] + self.debt(CREDITORS[1])[rows]
        for creditor in CREDITORS[2:]:
            total += self.debt(creditor)[rows]
        return total

    def debt(self, creditor: str) -> Money:
        """What is owed to one creditor, in fen."""
        column: Money = getattr(self.home, f"debt_{creditor}")
        return column


@dataclass(frozen=True)
class Purse:
    """Wealth and debts before a month: what the check of the books starts from."""

    wealth: Money
    debts: Mapping[str, Money]

    @classmethod
    def of(cls, ledger: Ledger) -> Purse:
        return cls(ledger.home.wealth.copy(), {creditor: ledger.debt(creditor).copy() for creditor in CREDITORS})


def faults(before: Purse, ledger: Ledger) -> list[str]:
    """What does not balance in this month's books, one sentence each; an empty list when all is well.

    Recomputes every purse and every debt from the flows alone, row by row, with no tolerance.
    """
    found = []
    wealth = before.wealth.copy()
    debts = {creditor: debt.copy() for creditor, debt in before.debts.items()}
    for name, flow in FLOWS.items():
        fen = ledger.flows[name]
        wealth += flow.direction * fen
        if flow.debt:
            debts[flow.debt] += flow.debt_sign * fen
        if (fen < 0).any():
            found.append(f"{name}: a negative amount in row {int(np.argmax(fen < 0))}")
        if (fen != np.rint(fen)).any():
            found.append(f"{name}: a fraction of a fen in row {int(np.argmax(fen != np.rint(fen)))}")
    if (off := wealth != ledger.home.wealth).any():
        found.append(f"wealth: {int(off.sum())} purses differ from their flows, the first in row {int(np.argmax(off))}")
    if (off := ledger.home.wealth < 0).any():
        found.append(f"wealth: {int(off.sum())} purses are below nothing, the first in row {int(np.argmax(off))}")
    for creditor, debt in debts.items():
        if (off := debt != ledger.debt(creditor)).any():
            found.append(f"debt to {creditor}: {int(off.sum())} rows differ from their flows")
        if (off := ledger.debt(creditor) < 0).any():
            found.append(f"debt to {creditor}: {int(off.sum())} rows are below nothing")
    return found
