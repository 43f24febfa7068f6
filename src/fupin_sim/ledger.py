"""The books: every fen that a household receives, pays, borrows or owes, month by month.

Money is whole fen in float64, exact up to 9·10¹⁵, so sums do not depend on their order. A flow is a column that is
emptied each month. Only the ledger changes wealth and debt, and each flow names the outside account it comes from
or goes to, so that the books of the whole economy close.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fupin_sim.pages import Flows, Page
from fupin_sim.pages import Money as Money
from fupin_sim.pages import Rows as Rows

CREDITORS = ("kin", "bank", "arrears", "microcredit")
DEBTS: Mapping[str, str] = MappingProxyType({creditor: f"debt_{creditor}" for creditor in CREDITORS})
"""The household column of what each is owed."""


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
        "project": Flow("market", +1, "income from projects that policies have started"),
        "dividend": Flow("cooperatives", +1, "paid out by cooperatives and from collective income"),
        "fee": Flow("cooperatives", -1, "kept by the cooperative of what it sells for a member"),
        "captured": Flow("state", +1, "leaked from policies into the pockets of village elites"),
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
INCOME = ("business", "wage", "property", "support", "project", "dividend", "captured")
COSTS = ("fee",)
"""What it costs to earn, which is no income: taken off the flows of INCOME."""
ACCOUNTS = tuple(sorted({flow.account for flow in FLOWS.values()}))


@dataclass
class Postings:
    """What was posted this month: a page for each flow, and the sum of each.

    totals: whole fen by flow. incomes: how many postings were of income, ever; so that a sum of incomes can be kept
    until the next.
    """

    pages: dict[str, Page]
    totals: dict[str, float] = field(default_factory=lambda: dict.fromkeys(FLOWS, 0.0))
    incomes: int = 0

    def has(self, name: str) -> bool:
        """Whether anything was posted by this flow this month; where not, its column is nothing but zeros."""
        return self.pages[name].used


class Ledger:
    """This month's flows of a run of households, and what they do to purses and debts.

    flows: a column each, to be read; only `post` writes them.
    """

    def __init__(self, flows: Flows, home: Any, postings: Postings) -> None:
        self.flows, self.home, self.postings = flows, home, postings
        self._income: tuple[int, Money] | None = None

    @classmethod
    def open(cls, home: Any, n: int) -> Ledger:
        """Empty books for n households whose purses are the columns of `home`."""
        pages = {name: Page(n) for name in FLOWS}
        return cls(Flows(pages, slice(0, n)), home, Postings(pages))

    def on(self, rows: slice, home: Any) -> Ledger:
        """The same books seen through a run of rows."""
        return Ledger(self.flows.on(rows), home, self.postings)

    @property
    def totals(self) -> dict[str, float]:
        """This month's flows summed over all households of the whole world, whole fen."""
        return self.postings.totals

    def clear(self) -> None:
        """Empty all flows: a new month begins. Of the whole world only."""
        for page in self.postings.pages.values():
            page.clear()
        self.postings.totals.update(dict.fromkeys(FLOWS, 0.0))
        self.postings.incomes += 1

    def post(self, name: str, fen: Money, rows: Rows | None = None) -> None:
        """Move whole fen by a flow.

        fen: at least 0, shape (households,) or, with `rows`, (rows,). Fractions of a fen are a bug of the caller;
        the check of the books finds them. rows: no row twice; neither they nor their fen to be written to afterwards.
        """
        if rows is not None and len(rows) == 0:
            return
        flow, posted, total = FLOWS[name], self.postings, float(fen.sum())
        if not total and not fen.any():
            return
        posted.totals[name] += total
        posted.incomes += name in INCOME or name in COSTS
        page, run = posted.pages[name], self.flows.run
        if rows is None:
            page.add(fen, run)
        else:
            page.waiting.append((rows + run.start if run.start else rows, fen))
        _move(self.home.wealth, flow.direction, fen, rows)
        if flow.debt_sign:
            _move(self.debt(flow.debt), flow.debt_sign, fen, rows)

    def cancel(self, name: str, rows: Rows) -> None:
        """Undo this month's flow for some rows, as when care is forgone: purse and debt are as if it never was."""
        self.post(name, -self.flows[name][rows], rows)

    def income(self) -> Money:
        """The month's income of each household, fen, read-only: the flows of INCOME less those of COSTS."""
        if self._income is None or self._income[0] != self.postings.incomes:
            income = self.flows[INCOME[0]] + self.flows[INCOME[1]]
            for name in filter(self.postings.has, INCOME[2:]):
                income += self.flows[name]
            for name in filter(self.postings.has, COSTS):
                income -= self.flows[name]
            income.flags.writeable = False
            self._income = self.postings.incomes, income
        return self._income[1]

    def owed(self, rows: NDArray[np.intp] | slice = slice(None)) -> Money:
        """All debts of each household, or of some, in fen."""
        total: Money = self.debt(CREDITORS[0])[rows] + self.debt(CREDITORS[1])[rows]
        for creditor in CREDITORS[2:]:
            total += self.debt(creditor)[rows]
        return total

    def debt(self, creditor: str) -> Money:
        """What is owed to one creditor, in fen."""
        column: Money = getattr(self.home, DEBTS[creditor])
        return column


def _move(column: Money, sign: int, fen: Money, rows: Rows | None) -> None:
    """Add fen to a column, take them off, or, with sign 0, leave it."""
    if not sign:
        return
    where = slice(None) if rows is None else rows
    if sign > 0:
        column[where] += fen
    else:
        column[where] -= fen


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
        if fen.sum() != ledger.totals[name]:
            found.append(f"{name}: its column does not sum to what was posted")
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
