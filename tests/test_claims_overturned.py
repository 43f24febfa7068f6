"""Counter-mechanisms: what could overturn a statement about the claims has a switch, and wins in some setting."""

from __future__ import annotations

from functools import cache

import pytest

from fupin_sim.agents.household import NEVER
from fupin_sim.claims import COUNTERS
from fupin_sim.model import PovertyModel
from tests.strategies import scenario_of
from tests.test_claims import ROOT, declared, named_in

PEOPLE = {
    "scenario": {"years": 6, "seed": 5}, "burn_in": {"months": 12},
    "population": {"counties": 2, "villages": 10, "households": 60}, "policy": [], "shock": [],
}  # fmt: skip
DULL = {
    "family": {"on": False},
    "growth": {"on": False},
    "motivation": {"effort": 0.0},
    "dependence": {"strength": 0.0},
}


@cache
def lived(name):
    process, policies = ARMS[name]
    model = PovertyModel(scenario_of(PEOPLE, process={**DULL, **process}, policy=policies))
    model.live_until(model.spec.start + model.spec.months - 1)
    return model.world


KEPT = {"use": "targeted_transfer", "level": 6_000.0, "grace": 1_200}
STILL = {"investment": {"most_of_income": 0.0}, "property_income": {"interest": 0.0}}
FREE = {"investment": {"most_of_income": 0.5}}
ENDS = {"use": "targeted_transfer", "level": 3_000.0, "expiry": 12}
ARMS = {
    "kept": ({}, [KEPT]), "own": ({}, []), "ended": ({}, [{**KEPT, "grace": 0}]),
    "cliff": (STILL, [ENDS]), "taper": (STILL, [{**ENDS, "taper": 24}]),
    "cliff, with saving": (FREE, [ENDS]), "taper, with saving": (FREE, [{**ENDS, "taper": 24}]),
    "cash": ({}, [{"use": "uniform_cash", "level": 900.0}]),
}  # fmt: skip


def back_in_poverty(world):
    """The share of those who ever left the register who are poor at the end."""
    home = world.households
    left = home.first_exited_on != NEVER
    assert left.sum() > 50
    return home.poor[left].mean()


def test_h3_exits_that_rest_on_relief_are_the_safest_while_it_is_kept_and_the_least_safe_when_it_ends():
    assert back_in_poverty(lived("kept")) < 0.2 * back_in_poverty(lived("own"))
    assert back_in_poverty(lived("ended")) > back_in_poverty(lived("own"))


def listed(name):
    """Of those who were ever on the register: the share of poor at the end, and mean capital."""
    home = lived(name).households
    ever = home.first_listed_on != NEVER
    return home.poor[ever].mean(), home.capital[ever].mean()


def test_h7_a_taper_only_delays_where_assets_do_not_grow_meanwhile():
    """Three years after the taper ended, five after the cliff."""
    (cliff, bare), (taper, also) = listed("cliff"), listed("taper")
    assert taper == pytest.approx(cliff, abs=0.01)
    assert also == pytest.approx(bare)
    (cliff, less), (taper, more) = listed("cliff, with saving"), listed("taper, with saving")
    assert more > 1.03 * less
    assert taper < cliff


def test_h12_whom_a_safety_net_lifts_is_a_matter_of_where_they_stand():
    """Money by any name lifts those less than its amount below the line, and nobody else."""
    world = lived("cash")
    home, own = world.households, world.income_pc("net_of_policy")
    lifted = ~home.poor & (own < world.line)
    assert lifted.sum() > 5
    assert (own[lifted] >= world.line - 900.0 - 1e-6).all()
    assert not (home.poor & (own >= world.line)).any()


@pytest.mark.parametrize("counter", COUNTERS, ids=lambda counter: counter.id)
def test_what_is_said_of_a_counter_mechanism_exists(counter):
    for path in counter.switches:
        declared(path)
    for node in counter.tests:
        file, _, name = node.partition("::")
        assert name in named_in(ROOT / file), node


def test_each_statement_has_one_and_the_page_lists_it():
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    assert [counter.id for counter in COUNTERS] == [f"H{number}" for number in range(1, 13)]
    for counter in COUNTERS:
        row = next(line for line in page.splitlines() if line.startswith(f"| {counter.id} |"))
        assert all(f"`{path}`" in row for path in counter.switches), row
        assert all(node.partition("::")[2] in row for node in counter.tests), row
