"""Scenarios that are compared at equal cost cost the same; what was found out stands beside them in a file."""

from __future__ import annotations

import re

import pytest

from fupin_sim.equal_cost import TOLERANCE
from fupin_sim.model import spec_of
from fupin_sim.shipped import folder
from tests.golden.costs import PAIRS, SEEDS, read, row

CHEAP = "monitoring_marginal"


@pytest.mark.parametrize("arm", PAIRS)
def test_the_arms_cost_the_same(arm):
    found = read().loc[arm]
    assert found["reference"] == PAIRS[arm]
    assert abs(found["fiscal_arm"] / found["fiscal_reference"] - 1.0) <= TOLERANCE
    assert found["low"] < found["percent_off"] < found["high"]
    assert found["pairs"] == SEEDS.get(arm, 8)


@pytest.mark.parametrize("arm", PAIRS)
def test_they_are_still_those_whose_cost_was_found_out(arm):
    """Where this fails: `make costs`, and if arms are apart then, `fupin-sim equal-cost` closes them again."""
    found = read().loc[arm]
    assert (found["arm_key"], found["reference_key"]) == (spec_of(arm).key, spec_of(PAIRS[arm]).key)


def test_the_model_still_costs_what_is_written():
    found = row(CHEAP, 2)
    for name in ("first_arm", "first_reference"):
        assert found[name] == pytest.approx(read().loc[CHEAP, name], rel=1e-9)


def test_every_arm_that_says_so_is_held_to_it():
    """A file that speaks of a cost within 0.5 % of another's is one of a pair."""
    claimed = {
        file.stem for file in folder().glob("*.toml") if re.search(r"0\.5 %", file.read_text(encoding="utf-8"))
    }  # fmt: skip
    assert claimed <= {*PAIRS, *PAIRS.values()}
    assert len(claimed) > 5
