"""Coping: how a household that cannot pay gets through the month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.ledger import CREDITORS, Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.world import World

Rows = NDArray[np.intp]


class Coping(Process):
    """A ladder: savings, kin, credit, distress sale, the child leaves school, hunger, care forgone, arrears."""

    kin_limit = Parameter(
        12_000.0, unit="yuan", range=(4_000, 20_000), limits=(0, 1e7), mark="assumed",
        doc="most that kin lend to a household of full trust",
    )  # fmt: skip
    bank_limit = Parameter(
        10_000.0, unit="yuan", range=(0, 50_000), limits=(0, 1e7), mark="assumed", doc="most of commercial credit"
    )
    sale_discount = Parameter(
        0.2, unit="share of the price", range=(0.0, 0.5), limits=(0.0, 0.99), mark="assumed", doc="of a distress sale"
    )
    sale_most = Parameter(
        0.5, unit="share of capital", range=(0.2, 0.8), limits=(0.0, 1.0), mark="assumed", doc="sold in one month"
    )
    leave_school = Parameter(True, mark="choice", doc="a pupil leaves school when the purse is empty")
    extra_migration = Parameter(
        0.25, unit="probability", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed",
        doc="chance that a worker at home finds work elsewhere in such a month",
    )  # fmt: skip
    hunger_floor = Parameter(
        0.5, unit="share of the consumption floor", range=(0.3, 0.8), limits=(0.0, 1.0), mark="assumed",
        doc="eaten even on credit; below it nobody can go",
    )  # fmt: skip
    forgo_care = Parameter(
        0.5, unit="probability", range=(0.0, 0.9), limits=(0.0, 1.0), mark="assumed",
        doc="chance that care is forgone rather than left unpaid; lost labour then lasts half as long again",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        floor = world.processes["consumption"].floor(world)
        # Each rung leaves fewer rows to the next: those whose purse still lacks what the floor costs.
        rows = (home.wealth < floor).nonzero()[0]
        rows = self._borrow(world, rows, floor[rows], "kin")
        rows = self._borrow(world, rows, floor[rows], "bank")
        rows = self._sell(world, rows, floor[rows])
        self._leave_school(world, rows)
        self._leave_home(world, rows)
        least = np.rint(floor[rows] * self.hunger_floor)
        self._forgo_care(world, rows, least)
        world.ledger.post("loan_arrears", np.maximum(least - home.wealth[rows], 0.0), rows)

    def room(self, world: World, creditor: str, rows: Rows) -> Money:
        """What kin or the bank would still lend to each of some households, fen."""
        home = world.households
        limit = world.fen(self.kin_limit * home.trust[rows] if creditor == "kin" else self.bank_limit)
        trusted = home.no_credit_until[rows] <= world.clock.month
        room: Money = np.maximum(limit - world.ledger.debt(creditor)[rows], 0.0) * trusted
        return room

    def _borrow(self, world: World, rows: Rows, floor: Money, creditor: str) -> Rows:
        room, short = self.room(world, creditor, rows), floor - world.households.wealth[rows]
        world.ledger.post(f"loan_{creditor}", np.minimum(short, room), rows)
        unmet: Rows = rows[(room < short).nonzero()[0]]
        return unmet

    def _sell(self, world: World, rows: Rows, floor: Money) -> Rows:
        home = world.households
        price = world.processes["business"].yuan_per_unit * (1.0 - self.sale_discount)
        capital, land = home.capital[rows], world.processes["investment"].land
        for_sale = np.minimum(self.sale_most * capital, capital - land)
        worth = np.floor(np.maximum(for_sale, 0.0) * price * 100.0)
        short = floor - home.wealth[rows]
        fen = np.minimum(short, worth)
        world.ledger.post("sale", fen, rows)
        home.capital[rows] -= fen / (price * 100.0)
        unmet: Rows = rows[worth < short]
        return unmet

    def _leave_school(self, world: World, rows: Rows) -> None:
        if self.leave_school and len(rows):
            world.processes["schooling"].take_out(world, rows)

    def _leave_home(self, world: World, rows: Rows) -> None:
        home = world.households
        rows = rows[workers_at_home(_only(home, rows)) > 0]
        if len(rows):
            home.migrants[rows] += (world.draw("extra migration", rows) < self.extra_migration).astype(np.int8)

    def _forgo_care(self, world: World, rows: Rows, least: Money) -> None:
        home, ledger = world.households, world.ledger
        rows = rows[(home.wealth[rows] < least) & (ledger.flows["medical_bill"][rows] > 0)]
        if len(rows):
            rows = rows[world.draw("care forgone", rows) < self.forgo_care]
            ledger.cancel("medical_bill", rows)
            ledger.cancel("reimbursement", rows)
            home.months_sick[rows] += home.months_sick[rows] // 2


class Repayment(Process):
    """Debts are served from what is left; a household that owes too much for its income defaults."""

    share_of_wealth = Parameter(
        0.05, unit="per month", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed", doc="most that is paid back"
    )
    bank_interest = Parameter(
        0.0435, unit="per year", range=(0.03, 0.08), limits=(0.0, 1.0), mark="second-hand",
        doc="rate of formal credit; kin and unpaid bills bear none, and on microcredit a policy may pay it",
        source="one-year lending rate, 2015–19",
    )  # fmt: skip
    default_from = Parameter(
        3.0, unit="years of income", range=(2.0, 5.0), limits=(0.1, 100.0), mark="assumed",
        doc="debt above which a household defaults",
    )  # fmt: skip
    no_credit = Parameter(
        36, unit="months", range=(12, 60), limits=(0, 600), mark="assumed", doc="without credit after a default"
    )

    def run(self, world: World) -> None:
        home, ledger = world.households, world.ledger
        borrowers = (home.debt_microcredit > 0).nonzero()[0]
        owing = (home.debt_bank > 0).nonzero()[0]
        ledger.post("interest_bank", np.rint(self.bank_interest / 12 * home.debt_bank[owing]), owing)
        interest = np.rint(self.bank_interest / 12 * home.debt_microcredit[borrowers])
        ledger.post("interest_microcredit", interest, borrowers)
        owed, purse = ledger.owed(), np.rint(self.share_of_wealth * home.wealth)
        for creditor in ("arrears", "bank", "microcredit", "kin"):
            debt = ledger.debt(creditor)
            rows = ((debt > 0) & (purse > 0)).nonzero()[0]
            fen = np.minimum(debt[rows], purse[rows])
            ledger.post(f"repayment_{creditor}", fen, rows)
            purse[rows] -= fen
        self._fall_due(world, borrowers)
        self._default(world, owed)
        home.microcredit_due[borrowers[home.debt_microcredit[borrowers] == 0]] = NEVER

    def _fall_due(self, world: World, borrowers: Rows) -> None:
        """A productive loan has an end: all but a month's food goes to the bank, and the rest is lost to it."""
        home, ledger = world.households, world.ledger
        rows = borrowers[home.microcredit_due[borrowers] <= world.clock.month]
        if len(rows) == 0:
            return
        spare = np.maximum(home.wealth[rows] - world.processes["consumption"].floor(world)[rows], 0.0)
        ledger.post("repayment_microcredit", np.minimum(spare, home.debt_microcredit[rows]), rows)
        self._write_off(world, rows[home.debt_microcredit[rows] > 0], ("microcredit",))

    def _default(self, world: World, owed: Money) -> None:
        """owed: what everybody owed before anything was paid back this month; nobody owes more."""
        # A household whose income is nothing is not asked for more than the limit of a poor year's credit.
        most = np.maximum(world.households.income12, world.fen(self.least_income))
        most *= self.default_from
        rows = (owed > most).nonzero()[0]
        self._write_off(world, rows[world.ledger.owed(rows) > most[rows]], CREDITORS)

    def _write_off(self, world: World, rows: Rows, creditors: Sequence[str]) -> None:
        if len(rows) == 0:
            return
        for creditor in creditors:
            world.ledger.post(f"written_off_{creditor}", world.ledger.debt(creditor)[rows], rows)
        world.households.no_credit_until[rows] = world.clock.month + self.no_credit

    least_income = Parameter(
        1_000.0, unit="yuan per household-year", range=(0, 5_000), limits=(0, 1e6), mark="assumed",
        doc="income below which debt is measured against this",
    )  # fmt: skip


class _only:
    """Some rows of the household columns, by attribute, for reading."""

    def __init__(self, home: Any, rows: Rows) -> None:
        self._home, self._rows = home, rows

    def __getattr__(self, name: str) -> NDArray[Any]:
        column: NDArray[Any] = getattr(self._home, name)[self._rows]
        return column


assert NEVER == 0  # a household that never defaulted has credit in every month
