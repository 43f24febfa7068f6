"""The solver finds the published frontier, the closed forms, and its own shipped table."""

from __future__ import annotations

import csv
import runpy
import sys
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_sim.dynamic_programme import (
    NO_SHOCKS,
    NO_TRAP,
    SHOCKS,
    TABLE,
    TRAP,
    Problem,
    Targets,
    Technology,
    aims,
    policy,
    solve,
    tabulate,
    targets,
    write,
)

COST = 1 / 0.95 - 1 + 0.08  # of capital, without shocks


@pytest.fixture(scope="module")
def band():
    """The risky trap, solved anew for abilities in and around the bistable band."""
    return solve(TRAP, [0.94, 0.98, 1.00, 1.02, 1.04, 1.06, 1.08, 1.10, 1.20])


# ---- the published frontier (Ikegami, Carter, Barrett & Janzen 2016)


def test_without_risk_the_frontier_is_the_published_one():
    found = solve(TRAP, [0.96, 0.98, 1.00, 1.02, 1.10], shocks=NO_SHOCKS)
    np.testing.assert_allclose(found.threshold, [5.61, 5.01, 4.26, 0, 0], atol=0.05)


def test_with_risk_the_frontier_is_the_published_one(band):
    expected = [np.inf, np.inf, 6.12, 5.54, 5.08, 4.60, 3.91, 0, 0]
    np.testing.assert_allclose(band.threshold, expected, atol=0.06)


def test_the_band_with_risk_begins_at_99_hundredths():
    table = targets()
    both = table.abilities[np.isfinite(table.threshold) & (table.threshold > 0)]
    assert 0.985 < both[0] < 0.995
    assert 1.08 < both[-1] < 1.10


def test_risk_makes_the_poor_need_more_to_start_and_aim_at_less(band):
    calm = solve(TRAP, [0.96, 0.98, 1.00], shocks=NO_SHOCKS)
    risky = band.at([0.98, 1.00])
    assert (risky[0] > calm.threshold[1:]).all()
    assert (risky[1] < calm.low[1:]).all()


# ---- closed forms


@pytest.mark.parametrize("ability", [0.25, 0.96, 1.0, 1.02, 3.0])
def test_without_risk_steady_states_earn_their_cost_at_the_margin(ability):
    found = solve(TRAP, [ability], shocks=NO_SHOCKS)
    low, high = TRAP.steady(ability, COST)
    if found.threshold[0] > 0:
        assert found.low[0] == pytest.approx(low, rel=2e-4)
    if found.threshold[0] < np.inf:
        assert found.high[0] == pytest.approx(high, rel=2e-4)
    if found.threshold[0] in (0, np.inf):
        assert found.low[0] == found.high[0]


@given(
    st.floats(0.2, 0.7),
    st.floats(0.5, 2),
    st.floats(0.85, 0.97),
    st.floats(0.03, 0.3),
    st.sampled_from([0.5, 1, 1.5, 3]),
)
@settings(max_examples=12)
def test_one_technique_without_risk_has_one_steady_state_whatever_the_parameters(exponent, scale, beta, delta, rho):
    technology = Technology(low_scale=scale, low_exponent=exponent, high_scale=0)
    found = solve(technology, [1.0], discount=beta, depreciation=delta, risk_aversion=rho, shocks=NO_SHOCKS)
    assert found.threshold[0] == 0
    expected = (exponent * scale / (1 / beta - 1 + delta)) ** (1 / (1 - exponent))
    assert found.low[0] == found.high[0] == pytest.approx(expected, rel=1e-3)


def test_log_utility_and_full_wear_keep_the_share_that_the_closed_form_says():
    """Brock & Mirman (1972): with log utility and δ = 1 the share γβ of output is kept, shocks or not."""
    technology = Technology(low_exponent=0.4, high_scale=0)
    for shocks in (NO_SHOCKS, SHOCKS):
        found = policy(technology, [1.2], discount=0.9, risk_aversion=1, depreciation=1, shocks=shocks)
        inner = slice(30, 250)
        expected = 0.4 * 0.9 * technology.output(found.capital[0, inner], 1.2)
        np.testing.assert_allclose(found.kept[0, inner], expected, rtol=2e-4)


def test_with_one_technique_ability_only_changes_the_scale():
    """k* is proportional to α^(1/(1−γ)), since the whole problem is."""
    found = solve(NO_TRAP, [0.6, 1.0, 1.5])
    np.testing.assert_allclose(found.low / np.array([0.6, 1, 1.5]) ** (1 / 0.655), found.low[1], rtol=1e-8)
    assert (found.threshold == 0).all()
    assert (found.low == found.high).all()


def test_a_fixed_cost_nobody_can_meet_leaves_one_technique():
    hopeless = Technology(fixed_cost=50.0)
    alone = Technology(high_scale=0)
    assert solve(hopeless, [1.0]).low[0] == pytest.approx(solve(alone, [1.0]).low[0], rel=1e-3)
    assert solve(hopeless, [1.0]).threshold[0] == np.inf


# ---- the policy


def test_the_policy_cannot_be_bettered_at_any_node():
    """One more look at every alternative on a grid four times as fine finds nothing worth having."""
    problem = Problem()
    found = policy(TRAP, [1.04])
    capital, kept, value = found.capital[0], found.kept[0], found.value[0]
    resources = TRAP.output(capital, 1.04) + 0.92 * capital

    def worth(s):
        ahead = sum(p * np.interp(theta * s, capital, value) for theta, p in SHOCKS)
        return problem.utility(resources - s) + 0.95 * ahead

    chosen = worth(kept)
    for s in np.linspace(capital[0], capital[-1] * 0.99, 4 * capital.size):
        assert (worth(np.full(capital.size, s)) <= chosen + 2e-3).all()
    np.testing.assert_allclose(chosen[20:], value[20:], atol=2e-3)


def test_what_is_kept_rises_with_capital():
    kept = policy(TRAP, [0.9, 1.0, 1.04, 1.2]).kept
    assert (np.diff(kept, axis=1) > -1e-4).all()


@pytest.mark.parametrize("shocks", [NO_SHOCKS, SHOCKS], ids=["calm", "risk"])
def test_households_on_either_side_of_the_frontier_part_for_ever(shocks):
    ability = 0.98 if shocks == NO_SHOCKS else 1.04
    found, rule = solve(TRAP, [ability], shocks=shocks), policy(TRAP, [ability], shocks=shocks)
    k = found.threshold[0] + np.array([-0.15, 0.15])
    for _ in range(200):
        k = rule.keeps(k, ability)
    np.testing.assert_allclose(k, [found.low[0], found.high[0]], rtol=0.01)


def test_where_there_is_no_threshold_all_end_in_one_place():
    rule = policy(TRAP, [0.9, 1.2])
    k, ability = np.array([0.01, 1, 5, 25, 0.01, 1, 5, 25]), np.repeat([0.9, 1.2], 4)
    for _ in range(300):
        k = rule.keeps(k, ability)
    np.testing.assert_allclose(k, np.repeat(solve(TRAP, [0.9, 1.2]).low, 4), rtol=0.01)


def test_nobody_keeps_more_than_there_is():
    rule = policy(TRAP, [0.9, 1.1])
    k = np.append(0, np.geomspace(1e-9, 60, 300))
    for ability in (0.9, 0.97, 1.1):
        kept = rule.keeps(k, ability)
        assert (kept >= 0).all()
        assert (kept[1:] < TRAP.output(k[1:], ability) + 0.92 * k[1:]).all()
        assert kept[0] == 0


# ---- the table


def test_the_shipped_table_is_what_the_solver_finds_to_the_last_bit(tmp_path):
    write(tmp_path / "table.csv")
    assert (tmp_path / "table.csv").read_bytes() == TABLE.read_bytes()


def test_the_table_is_written_only_on_request(monkeypatch, capsys):
    written = []
    monkeypatch.setattr(aims, "write", lambda: written.append(True))
    monkeypatch.setattr(sys, "argv", ["dynamic_programme"])
    runpy.run_module("fupin_sim.dynamic_programme", run_name="__main__")
    assert "usage" in capsys.readouterr().out
    assert not written
    monkeypatch.setattr(sys, "argv", ["dynamic_programme", "--write"])
    runpy.run_module("fupin_sim.dynamic_programme", run_name="__main__")
    assert written


@pytest.mark.parametrize("technology", [TRAP, NO_TRAP], ids=["trap", "no trap"])
def test_the_shipped_table_is_used_for_the_default_parameters_only(technology, monkeypatch):
    monkeypatch.setattr(aims, "tabulate", lambda problem: "solved anew")
    aims._targets.cache_clear()
    assert isinstance(targets(technology), Targets)
    assert targets(technology) is targets(technology)
    assert targets(technology, discount=0.94) == "solved anew"
    assert targets(technology, shocks=NO_SHOCKS) == "solved anew"
    assert targets(Technology(fixed_cost=0.5)) == "solved anew"
    aims._targets.cache_clear()


def test_a_table_of_other_parameters_has_a_band_of_its_own(monkeypatch):
    monkeypatch.setattr(aims, "ABILITIES", (0.85, 0.90, 0.95, 1.0, 1.05))
    found = tabulate(Problem(TRAP, shocks=NO_SHOCKS))
    both = np.flatnonzero(np.isfinite(found.threshold) & (found.threshold > 0))
    assert 0.90 < found.abilities[both[0]] < 0.94
    assert 1.00 < found.abilities[both[-1]] < 1.02
    assert (np.diff(found.threshold[both]) < 0).all()
    width = np.diff(found.abilities)
    stride = -np.diff(found.threshold[both])
    assert ((stride <= aims.STRIDE) | (width[both[:-1]] <= aims.EDGE)).all()
    assert width[both[0] - 1] <= aims.EDGE
    assert width[both[-1]] <= aims.EDGE


def test_the_table_answers_for_abilities_that_are_not_in_it():
    abilities = np.array([0.63, 0.97, 1.003, 1.033, 1.072, 1.14, 1.77])
    anew, (threshold, low, high) = solve(TRAP, abilities), targets().at(abilities)
    np.testing.assert_allclose(threshold, anew.threshold, atol=0.03)
    np.testing.assert_allclose(low, anew.low, rtol=3e-3)
    np.testing.assert_allclose(high, anew.high, rtol=1e-2)


@given(st.lists(st.floats(0.01, 10), min_size=1, max_size=20))
def test_aims_always_make_sense(abilities):
    for technology in (TRAP, NO_TRAP):
        threshold, low, high = targets(technology).at(abilities)
        assert threshold.shape == low.shape == high.shape == (len(abilities),)
        both = np.isfinite(threshold) & (threshold > 0)
        assert (low > 0).all()
        assert (low[~both] == high[~both]).all()
        assert ((low < threshold) & (threshold < high))[both].all()


def test_aims_rise_with_ability_and_thresholds_fall():
    ability = np.linspace(0.2, 3.2, 20_001)
    threshold, low, high = targets().at(ability)
    assert (np.diff(high) >= 0).all()
    both = np.isfinite(threshold) & (threshold > 0)
    assert (np.diff(threshold[both]) <= 0).all()
    assert (np.diff(low[threshold > 0]) >= -1e-3).all()


def test_at_the_ends_and_the_seams_the_rule_is_the_documented_one():
    table = Targets(*np.array([[0.9, 1.0, 1.1, 1.2], [np.inf, 6, 5, 0], [2.5, 3, 3.5, 9], [2.5, 8, 9, 9]]))
    threshold, low, high = table.at(np.array([0.1, 0.9, 0.949, 0.951, 1.0, 1.05, 1.149, 1.151, 1.2, 7.0]))
    assert threshold.tolist() == [np.inf, np.inf, np.inf, 6, 6, 5.5, 5, 0, 0, 0]
    assert low.tolist() == [2.5, 2.5, 2.5, 3, 3, 3.25, 3.5, 9, 9, 9]
    assert high.tolist() == [2.5, 2.5, 2.5, 8, 8, 8.5, 9, 9, 9, 9]
    assert [float(x) for x in table.at(1.1)] == [5, 3.5, 9]


def test_a_table_of_one_ability_answers_the_same_for_all():
    alone = Targets(*np.array([[1.0], [6.0], [3.0], [8.0]]))
    assert [column.tolist() for column in alone.at([0.5, 1.0, 2.0])] == [[6.0] * 3, [3.0] * 3, [8.0] * 3]


def test_the_table_file_is_plain():
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["technology"] for row in rows} == {"trap", "no_trap"}
    assert all(repr(float(row[key])) == row[key] for row in rows for key in ("ability", "threshold", "low", "high"))


# ---- technology and mistakes


def test_output_is_the_better_technique_and_its_slope():
    k = np.geomspace(0.01, 50, 400)
    np.testing.assert_allclose(TRAP.output(k, 1.1), np.maximum(1.1 * k**0.3, 1.1 * k**0.45 - 0.45), rtol=1e-14)
    np.testing.assert_allclose(NO_TRAP.output(k, 1.1), 1.1 * 0.981 * k**0.345, rtol=1e-14)
    step = 1e-6 * k
    slope = (TRAP.output(k + step, 1.1) - TRAP.output(k - step, 1.1)) / (2 * step)
    np.testing.assert_allclose(TRAP.marginal(k, 1.1), slope, rtol=1e-6)
    assert TRAP.output(0.0, 1.0) == 0
    assert TRAP.uses_high([1.0, 10.0], 1.0).tolist() == [False, True]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Technology(low_exponent=1.0), "exponents"),
        (lambda: Technology(low_scale=0.0), "low scale"),
        (lambda: Technology(fixed_cost=-1.0), "fixed cost"),
        (lambda: solve(TRAP, [1.0], discount=1.0), "discount"),
        (lambda: solve(TRAP, [1.0], depreciation=0.0), "depreciation"),
        (lambda: solve(TRAP, [1.0], risk_aversion=0.0), "risk aversion"),
        (lambda: solve(TRAP, [1.0], shocks=((0.5, 0.5),)), "sum to 1"),
        (lambda: solve(TRAP, [1.0], shocks=((1.5, 1.0),)), "share"),
        (lambda: solve(Technology(high_exponent=0.9), [1.0]), "too far apart"),
    ],
)
def test_parameters_without_meaning_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_the_solver_does_not_warn_even_for_hard_shocks():
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        found = solve(TRAP, [0.25, 1.0, 3.0], shocks=((0.05, 0.05), (1.0, 0.95)))
    assert np.isfinite(found.low).all()
    assert (np.diff(found.low) > 0).all()
