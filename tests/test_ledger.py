"""The books keep sums and empty columns by what was posted, and show the same through a run of rows."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.ledger import COSTS, CREDITORS, FLOWS, INCOME, Ledger, Purse, faults

N = 10
PARTS = (slice(0, 4), slice(4, 10))


def home_of(n: int) -> Any:
    debts = {f"debt_{creditor}": np.zeros(n) for creditor in CREDITORS}
    return SimpleNamespace(wealth=np.full(n, 1e6), **debts)


def seen_through(home: Any, rows: slice) -> Any:
    return SimpleNamespace(**{name: column[rows] for name, column in vars(home).items()})


POSTINGS = st.lists(
    st.tuples(
        st.sampled_from(sorted(FLOWS)),
        st.sampled_from([None, *range(len(PARTS))]),
        st.one_of(st.none(), st.lists(st.integers(0, 3), unique=True)),
        st.integers(0, 1000),
    ),
    max_size=12,
)


@given(POSTINGS, POSTINGS)
def test_totals_and_emptied_columns_are_those_of_the_postings(first: list[Any], second: list[Any]) -> None:
    home = home_of(N)
    books = Ledger.open(home, N)
    parts = [books.on(rows, seen_through(home, rows)) for rows in PARTS]
    for month in (first, second):
        books.clear()
        assert all((column == 0).all() for column in books.flows.values())
        before = Purse.of(books)
        for name, part, rows, fen in month:
            ledger = books if part is None else parts[part]
            where = None if rows is None else np.array(rows, np.intp)
            amounts = np.full(len(ledger.home.wealth) if where is None else len(where), float(fen))
            ledger.post(name, amounts, where)
        sums = {name: float(column.sum()) for name, column in books.flows.items()}
        assert books.totals == sums
        assert [fault for fault in faults(before, books) if "below nothing" not in fault] == []
        income = sum(books.flows[name] for name in INCOME) - sum(books.flows[name] for name in COSTS)
        assert (books.income() == income).all()
        assert all((part.income() == income[rows]).all() for part, rows in zip(parts, PARTS, strict=True))


def test_a_flow_takes_room_only_once_it_is_read_or_posted_to_all() -> None:
    books = Ledger.open(home_of(1_000), 1_000)
    part = books.on(slice(100, 200), seen_through(books.home, slice(100, 200)))
    assert (books.flows["sale"] == 0).all()
    assert books.flows.nbytes == 0
    part.post("sale", np.array([7.0, 9.0]), np.array([0, 3]))
    assert books.flows.nbytes == 2 * 16
    assert part.flows["sale"][:4].tolist() == [7, 0, 0, 9]
    assert books.flows["sale"].sum() == 16
    assert books.flows.nbytes == 8_000 + 2 * 8
    part.post("wage", np.full(100, 5.0))
    books.post("wage", np.full(1_000, 1.0))
    assert books.flows["wage"][99:101].tolist() == [1, 6]
    books.clear()
    assert not any(column.any() for column in books.flows.values())
    assert books.flows.nbytes == 16_000


def test_income_follows_every_posting_and_cannot_be_written_to() -> None:
    books = Ledger.open(home_of(3), 3)
    books.post("wage", np.array([100.0, 200.0, 300.0]))
    assert books.income().tolist() == [100, 200, 300]
    books.post("support", np.array([5.0]), np.array([1]))
    assert books.income().tolist() == [100, 205, 300]
    books.post("medical_bill", np.array([50.0, 0.0, 0.0]))
    assert books.income().tolist() == [100, 205, 300]
    with pytest.raises(ValueError, match="read-only"):
        books.income()[0] = 1.0
    books.clear()
    assert books.income().tolist() == [0, 0, 0]


def test_a_flow_that_somebody_wrote_into_is_found() -> None:
    books = Ledger.open(home_of(3), 3)
    before = Purse.of(books)
    books.post("wage", np.array([100.0, 200.0, 300.0]))
    books.flows["wage"][1] += 1.0
    found = faults(before, books)
    assert "wage: its column does not sum to what was posted" in found
    assert any(fault.startswith("wealth: 1 purses differ") for fault in found)


def test_what_is_cancelled_is_as_if_it_never_was() -> None:
    home = home_of(4)
    books = Ledger.open(home, 4)
    books.post("medical_bill", np.array([10.0, 20.0]), np.array([1, 3]))
    books.cancel("medical_bill", np.array([3]))
    assert home.wealth.tolist() == [1e6, 1e6 - 10, 1e6, 1e6]
    assert books.flows["medical_bill"].tolist() == [0, 10, 0, 0]
    assert books.totals["medical_bill"] == 10
