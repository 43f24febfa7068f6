"""Under the full optimal policy households go where the dynamic programme says, and the rules of the month follow."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.dynamic_programme import NO_SHOCKS, NO_TRAP, SHIPPED, TRAP, policy, solve
from fupin_sim.errors import BadInput
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.scenario import load
from fupin_sim.show import month_of
from fupin_sim.simulation import resume, simulate, snapshot

FEW = {
    "scenario": {"years": 100},
    "model": {"mode": "optimal"},
    "population": {"counties": 1, "villages": 1, "households": 60},
    "burn_in": {"months": 0},
    "measures": {"use": ["headcount"]},
}  # fmt: skip


def model(ability, capital=None, *, risk=False, technology="trap", mode="optimal", **process):
    """Households of one ability, with capital from almost none to more than is worth having."""
    tables = {
        **FEW, "model": {"mode": mode},
        "process": {"optimal_investment": {"risk": risk}, **process, "business": {"technology": technology}},
    }  # fmt: skip
    made = PovertyModel(load(tables, BUILT_IN), check_books=True)
    home = made.world.households
    home.ability[:] = ability
    home.capital[:] = np.linspace(0.3, 14.0, len(home.capital)) if capital is None else capital
    return made


def lived(made, years):
    made.live_until(made.spec.start + 12 * years - 1)
    return made.world.households.capital.copy()


def test_two_steady_states_with_the_threshold_between():
    """Published: without risk the threshold is 5.01 for ability .98."""
    made = model(0.98)
    before = made.world.households.capital.copy()
    after = lived(made, 100)
    aims = solve(TRAP, [0.98], shocks=NO_SHOCKS)
    assert aims.threshold[0] == pytest.approx(5.01, abs=0.15)
    high = before > aims.threshold[0]
    assert 10 < high.sum() < 50
    assert after[~high] == pytest.approx(aims.low[0], rel=0.01)
    assert after[high] == pytest.approx(aims.high[0], rel=0.01)
    assert aims.high[0] > 2 * aims.low[0]


@pytest.mark.parametrize(
    ("technology", "ability"), [("trap", 0.9), ("trap", 1.06), ("no_trap", 0.98), ("no_trap", 1.2)]
)
def test_one_steady_state_outside_the_band_and_without_a_trap(technology, ability):
    after = lived(model(ability, technology=technology), 100)
    aims = solve(SHIPPED[technology], [ability], shocks=NO_SHOCKS)
    assert after == pytest.approx(aims.low[0] if ability == 0.9 else aims.high[0], rel=0.01)


def test_with_risk_those_above_the_frontier_rise_until_a_shock_throws_them_back():
    """Published: with risk the threshold is 5.08 for ability 1.04."""
    made = model(1.04, np.repeat([4.9, 5.3], 30), risk=True)
    plan = policy(TRAP, [1.04])
    expected = plan.keeps(made.world.households.capital, 1.04)
    after = lived(made, 1)
    left = after / expected
    assert set(left.round(6)) <= {0.7, 0.8, 0.9, 1.0}
    assert (left[:30].round(6) == 1.0).sum() > 20
    spared = left.round(6) == 1.0
    assert (after[:30] < 4.9).all()
    assert (after[30:][spared[30:]] > 5.3).all()


def test_shocks_come_as_often_as_they_are_foreseen():
    tables = {**FEW, "population": {**FEW["population"], "households": 20_000}}
    made = PovertyModel(load(tables, BUILT_IN))
    home = made.world.households
    home.ability[:], home.capital[:] = 1.2, 10.0
    kept = policy(TRAP, [1.2]).keeps(10.0, 1.2)
    shares, counts = np.unique((lived(made, 1) / kept).round(6), return_counts=True)
    assert shares.tolist() == [0.7, 0.8, 0.9, 1.0]
    assert counts / 20_000 == pytest.approx([0.02, 0.03, 0.05, 0.90], abs=0.006)


def test_all_income_of_the_year_is_eaten_or_kept():
    made = model(0.98, np.linspace(0.3, 60.0, 60), investment={"depreciation": 0.01})
    lived(made, 1)
    flows, home = made.world.ledger.flows, made.world.households
    unit = made.world.processes["business"].yuan_per_unit
    output = TRAP.output(np.linspace(0.3, 60.0, 60), 0.98)
    assert flows["business"] / 100 == pytest.approx(output * unit, abs=0.01)
    assert (flows["business"] + flows["sale"] == flows["consumption"] + flows["investment"]).all()
    assert (home.income12 == flows["business"]).all()
    assert flows["sale"].any()
    assert flows["investment"].any()


def test_the_rules_of_the_month_lead_to_the_same_places():
    """Without shocks, wages and families the monthly model, too, ends at the low or the high aim, k̂ between.

    As long as a household can afford what wears out: the bounds of investment, which bind the poor, are taken away.
    """
    quiet = {
        "illness": {"risk": 0.0}, "disaster": {"probability": 0.0}, "migration": {"finding": 0.0},
        "season": {"own_spread": 0.0, "village_spread": 0.0}, "family": {"on": False}, "growth": {"on": False},
        "schooling": {"fee_senior_high": 0.0, "fee_college": 0.0}, "consumption": {"need": 0.0, "of_income": 0.5},
        "motivation": {"effort": 0.0}, "investment": {"most_of_income": 1.0, "most_of_wealth": 1.0},
    }  # fmt: skip
    made = model(1.04, mode="monthly", **quiet)
    home = made.world.households
    home.workers[:], home.migrants[:] = 2, 0
    before = home.capital.copy()
    after = lived(made, 60)
    threshold, low, high = home.threshold, home.aim_low, home.aim_high
    assert threshold == pytest.approx(5.08, abs=0.15)
    above = before > threshold
    assert after[~above] == pytest.approx(low[~above], rel=0.02)
    assert after[above] == pytest.approx(high[above], rel=0.02)
    assert 10 < above.sum() < 50


def test_the_mode_is_part_of_the_scenario_and_resumes_in_it():
    tables = {**FEW, "scenario": {"years": 3}}
    scenario = load(tables, BUILT_IN)
    assert scenario.key != load({**tables, "model": {}}, BUILT_IN).key
    assert resume(snapshot(scenario, "2016-12")).digest == simulate(scenario).digest
    assert [stroke.verb for stroke in month_of(scenario)] == [
        "set", "earn", "consume", "invest", "account", "record", "close"
    ]  # fmt: skip


def test_a_county_alone_lives_as_among_the_others():
    """Although the policy is solved for the abilities at hand, from the least to the highest."""
    people = {"counties": 3, "villages": 3, "households": 6}
    scenario = load({**FEW, "scenario": {"years": 3}, "population": people}, BUILT_IN)
    whole, alone = (simulate(scenario, households="yearly", counties=part).households for part in (None, [1]))
    mine = whole[whole["county"] == 1].reset_index(drop=True)
    assert np.ptp(mine["ability"]) < np.ptp(whole["ability"])
    assert len(alone) == 18
    assert mine["capital"].equals(alone["capital"])
    assert mine["income12"].equals(alone["income12"])


def test_policies_and_shocks_have_no_place_in_it():
    tables = {**FEW, "policy": [{"use": "dibao"}], "shock": [{"use": "macro"}]}
    for use in (PovertyModel, simulate, spec_of, month_of):
        with pytest.raises(BadInput) as refused:
            use(load(tables, BUILT_IN))
        assert [told.partition(":")[0] for told in refused.value.mistakes] == ["[[policy]] dibao", "[[shock]] macro"]


def test_one_technology_has_one_policy_for_all_capital():
    assert (np.diff(policy(NO_TRAP, [1.0]).kept[0]) > 0).all()
