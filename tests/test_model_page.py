"""What docs/model.md says of symbols, of the order of the month, and of why a simpler rule would fail."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.columns.column import columns_of
from fupin_sim.dynamic_programme import NO_TRAP, SHIPPED, TRAP
from fupin_sim.month import MONTH
from fupin_sim.processes.business import output
from tools.doc_tables import AGENTS, declared

PAGE = (Path(__file__).parents[1] / "docs" / "model.md").read_text(encoding="utf-8")
SYMBOLS = re.findall(
    r"^\| (.+?) \| `(.+?)` \| (.*?) \|$", PAGE.partition("## 8.")[2].partition("## 9.")[0], re.MULTILINE
)


def unit_of(name: str) -> str:
    """The unit that is declared of an agent's column, such as village.season, or of a parameter's path."""
    owner, _, last = name.rpartition(".")
    return columns_of(AGENTS[owner])[last].unit if owner in AGENTS else declared(owner)[last].unit


@pytest.mark.parametrize(("symbol", "name", "unit"), SYMBOLS)
def test_a_symbol_has_a_name_in_the_code_and_that_unit(symbol: str, name: str, unit: str) -> None:
    assert unit_of(name) == unit


def test_symbols_are_listed_once() -> None:
    symbols, names, _ = zip(*SYMBOLS, strict=True)
    assert len(symbols) > 30
    assert len(set(symbols)) == len(set(names)) == len(symbols)


def test_the_number_of_verbs_is_said_right() -> None:
    assert len(MONTH) == 15
    assert "A month is fifteen verbs." in PAGE


def test_the_technologies_are_those_of_the_code() -> None:
    assert "f = max(α k^.30, α k^.45 − .45)" in PAGE
    assert "f = .981 α k^.345" in PAGE
    capital, ability = np.array([0.5, 2.0, 5.0, 9.0]), np.array([0.6, 1.0, 1.2, 0.9])
    trap = np.maximum(ability * capital**0.30, ability * capital**0.45 - 0.45)
    np.testing.assert_allclose(output(capital, ability, SHIPPED["trap"]), trap)
    np.testing.assert_allclose(output(capital, ability, SHIPPED["no_trap"]), 0.981 * ability * capital**0.345)


@given(st.floats(0.35, 1.6), st.sampled_from([TRAP, NO_TRAP]))
def test_with_a_constant_saving_rate_there_would_be_one_steady_state_and_no_trap(ability, technology) -> None:
    """s f(k)/k = δ has one solution at most, because f(k)/k falls throughout; abilities are between .35 and 1.6."""
    capital = np.linspace(0.01, 60, 6000)
    assert (np.diff(technology.output(capital, ability) / capital) < 0).all()


def test_the_argument_above_could_fail() -> None:
    capital = np.linspace(100, 3000, 6000)
    assert (np.diff(TRAP.output(capital, 0.05) / capital) > 0).any()
