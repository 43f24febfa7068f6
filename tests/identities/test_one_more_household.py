"""One more household in every village changes no other household that does not deal with it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings

from fupin_sim.simulation import simulate
from tests.identities.bits import SHARED, bits, by_luck
from tests.strategies import scenario_of, tables

RANKS = ("decile", "peer_income")
"""What a household is among others, or sees of them: of course that moves."""

APART = {
    "process": {
        "register": {"rule": "line"},
        "observation": {"favour": 0.0},
        "delivery": {"elite": 0.0},
        "migration_wish": {"network": 0.0},
        "aspiration": {"peers": 0.0},
        "motivation": {"effort": 0.0},
        "dependence": {"strength": 0.0},
        "schooling": {"reversion": 0.0},
        **{name: {"on": False} for name in ("worthies", "practices", "cooperatives")},
        "teams": {"per_village": 0.0},
    },
    "policy": [{key: value for key, value in entry.items() if key != "budget"} for entry in SHARED["policy"]],
}
"""With these nobody deals with anybody: no quota, no pull of the village, no peers, no usual drive and dependence to be
measured by, no budget to share."""


def panel(scenario):
    return by_luck(simulate(scenario, households="monthly").households)


def one_more(tables):
    people = {**tables["population"], "households": tables["population"]["households"] + 1}
    return {**tables, "population": people}


def moved(tables, **layers):
    """The columns in which the households of the smaller population differ once each village has one more."""
    before = panel(scenario_of(tables, **layers))
    after = panel(scenario_of(one_more(tables), **layers))
    assert after["luck"].nunique() == before["luck"].nunique() + tables["population"]["villages"]
    others = by_luck(after, before["luck"].unique())
    left, right = bits(before, RANKS), bits(others, RANKS)
    return sorted(name for name in left if left[name] != right[name])


def test_the_others_live_as_before_to_the_last_bit():
    assert moved(SHARED, **APART) == []


@pytest.mark.parametrize("technology", ["trap", "no_trap"])
@pytest.mark.parametrize("growth", [True, False])
def test_in_every_setting_of_technology_and_growth(technology, growth):
    settings = {**APART["process"], "business": {"technology": technology}, "growth": {"on": growth}}
    assert moved({**SHARED, "scenario": {"years": 2}}, **{**APART, "process": settings}) == []


FELT = {
    "the village's pull": ({"migration_wish": {"network": 3.0}}, "migration_wish"),
    "the quota": ({"register": {"rule": "quota", "share": 0.3}}, "registered"),
    "peers": ({"aspiration": {"peers": 0.5}}, "aspiration"),
    "usual drive": ({"motivation": {"effort": 1.0}}, "wealth"),
}


@pytest.mark.parametrize(("setting", "where"), FELT.values(), ids=FELT)
def test_it_is_felt_where_households_do_deal_with_one_another(setting, where):
    assert where in moved(SHARED, **{**APART, "process": {**APART["process"], **setting}})


def test_budgets_are_shared():
    assert "support12" in moved(SHARED, **{**APART, "policy": SHARED["policy"]})


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_in_any_scenario_without_dealings(scenario):
    # Others share something by design: premiums, public works, what a county meets of its claims.
    cash = ("uniform_cash", "targeted_transfer", "dibao")
    scenario["policy"] = [entry for entry in scenario["policy"] if entry["use"] in cash]
    scenario["line"]["rule"] = "stepped"  # a relative line is drawn by all households of a county
    for entry in scenario["policy"]:
        entry.pop("budget", None)
    try:
        assert moved(scenario, process=APART["process"]) == []
    except OverflowError:
        reject()


def test_the_newcomers_are_households_like_others():
    after = panel(scenario_of(one_more(SHARED), **APART))
    before = panel(scenario_of(SHARED, **APART))
    new = after[~np.isin(after["luck"], before["luck"])]
    assert new.groupby("month")["village"].nunique().eq(SHARED["population"]["villages"]).all()
    assert new["wealth"].std() > 0
