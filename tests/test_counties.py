"""Counties: what they do with a fund that is short, with what is left, with remoteness, and with their cadres."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.allocation import ALLOCATIONS
from fupin_sim.model import PovertyModel
from fupin_sim.processes.assessment import forms, pressed
from fupin_sim.simulation import resume, simulate, snapshot
from tests.identities.bits import SHARED, bits
from tests.said.small_world import SmallWorld
from tests.strategies import scenario_of

CLAIMS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


def divided(rule, available, claims, income=None):
    claims = np.array(claims, np.float64)
    luck = np.arange(len(claims), dtype=np.uint64)[::-1].copy()
    income = np.zeros(len(claims)) if income is None else np.array(income, np.float64)
    return ALLOCATIONS[rule](float(available), claims, luck, income)


@given(st.sampled_from(sorted(set(ALLOCATIONS) - {"whole"})), st.integers(0, 10**10), CLAIMS)
def test_every_rule_pays_out_all_there_is_and_nobody_more_than_claimed(rule, available, claims):
    paid = divided(rule, available, claims)
    assert paid.sum() == min(available, sum(claims))
    assert (paid >= 0).all()
    assert (paid <= claims).all()
    assert (paid == np.rint(paid)).all()


@given(st.integers(0, 10**10), CLAIMS, st.data())
def test_whole_claims_are_paid_or_wait_in_the_order_of_incomes(available, claims, data):
    income = data.draw(st.permutations(range(len(claims))))
    paid, claims = divided("whole", available, claims, income), np.array(claims)
    assert set((paid - claims)[paid > 0]) <= {0.0}
    left, order = available - paid.sum(), np.argsort(income)
    waiting = np.flatnonzero((paid < claims)[order])
    assert left >= 0
    if len(waiting):
        assert claims[order][waiting[0]] > left
        assert (paid[order][waiting[0] :] == 0).all()


@given(st.integers(0, 10**10), CLAIMS)
def test_evenly_nobody_who_claims_more_gets_less_and_who_is_cut_gets_the_same_but_for_a_fen(available, claims):
    paid, claims = divided("uniform", available, claims), np.array(claims)
    cut = paid < claims
    if cut.any():
        assert np.ptp(paid[cut]) <= 1
        assert (paid[~cut] <= paid[cut].min() + 1).all()


@given(st.integers(0, 10**10), CLAIMS, st.data())
def test_the_poorest_first_leaves_nobody_unpaid_above_whom_somebody_is_paid(available, claims, data):
    income = data.draw(st.permutations(range(len(claims))))
    paid, claims = divided("targeted", available, claims, income), np.array(claims)
    order = np.argsort(income)
    short = np.flatnonzero((paid < claims)[order])
    if len(short):
        assert (paid[order][short[0] + 1 :] == 0).all()


HOMES = [{"income": 1_000}, {"income": 2_000}, {"income": 3_000}]


@pytest.mark.parametrize(
    ("budget", "paid"), [(1_001, [250, 0, 0]), (1_680, [250, 166.67, 0]), (2_100, [250, 166.67, 83.33])]
)
def test_whole_gaps_are_closed_from_the_poorest_on(budget, paid):
    """The same three gaps want 250, 166.67 and 83.33 yuan a month."""
    setting = {
        "policy.dibao.level": 1.0, "policy.dibao.tied": 0, "policy.dibao.budget": budget,
        "policy.dibao.administration": 0, "funds.allocation": "whole",
    }  # fmt: skip
    small = SmallWorld({"name": "x", "given": HOMES, "setting": setting})
    small.model.step()
    np.testing.assert_allclose(small.see("paid.dibao"), paid, atol=0.011)


@pytest.mark.parametrize(
    ("rule", "paid"),
    [
        ("proportional", [100, 200 / 3, 100 / 3]),
        ("uniform", [200 / 3] * 3),
        ("targeted", [200, 0, 0]),
        ("whole", [0, 0, 0]),
    ],
)
def test_a_county_divides_what_is_there(rule, paid):
    """Three gaps of 3,000, 2,000 and 1,000 yuan a year want 500 yuan a month; there are 200."""
    setting = {
        "policy.dibao.level": 1.0, "policy.dibao.tied": 0, "policy.dibao.budget": 800, "policy.dibao.administration": 0,
        "funds.allocation": rule,
    }  # fmt: skip
    small = SmallWorld({"name": "x", "given": HOMES, "setting": setting})
    small.model.step()
    np.testing.assert_allclose(small.see("paid.dibao"), paid, atol=0.011)


def test_what_is_left_may_be_kept():
    def left(share):
        setting = {
            "policy.uniform_cash.level": 0.0, "policy.uniform_cash.budget": 1_200.0, "funds.carry_over": share,
            "scenario.start": "2016-11",
        }  # fmt: skip
        small = SmallWorld({"name": "x", "given": {"members": 1}, "setting": setting})
        for _ in range(3):
            small.model.step()
        return float(small.world.funds["uniform_cash"].balance[0]) / 100

    assert [left(share) for share in (0.0, 0.25, 1.0)] == [100, 150, 300]


def budgets(tilt):
    tables = {**SHARED, "policy": [{"use": "uniform_cash", "budget": 100.0}], "funds": {"tilt": tilt}}
    model = PovertyModel(scenario_of(tables))
    model.step()
    world, fund = model.world, model.world.funds["uniform_cash"]
    people = world.by_county(world.households.members.astype(np.int64))
    far = [world.villages.remoteness_at_start[world.villages.county == county].mean() for county in range(3)]
    return (fund.balance + fund.spent) / people, np.array(far)


def test_a_tilt_gives_more_to_remote_counties():
    flat, far = budgets(0.0)
    tilted, _ = budgets(0.6)
    np.testing.assert_allclose(tilted / flat, 1 + 0.6 * (2 * far - 1), rtol=1e-4)
    assert np.argmax(tilted) == np.argmax(far)


def test_allocation_is_idle_where_money_suffices():
    rich = [{key: v for key, v in entry.items() if key != "budget"} for entry in SHARED["policy"]]
    runs = [
        simulate(scenario_of(SHARED, policy=rich, funds={"allocation": rule, "tilt": 0.5, "carry_over": 0.7}))
        for rule in ALLOCATIONS
    ]
    assert len({run.digest for run in runs}) == 1
    short = [simulate(scenario_of(SHARED, funds={"allocation": rule})).digest for rule in ALLOCATIONS]
    assert len(set(short)) == len(ALLOCATIONS)


# ---- assessment


@given(st.floats(0, 1), st.floats(0, 10), st.floats(0, 1))
def test_pressure_only_adds_and_nothing_exceeds_full_assessment(strength, pressure, rise):
    assert strength <= pressed(strength, pressure, rise) <= 1.0
    assert pressed(strength, 0.0, rise) == pressed(strength, pressure, 0.0) == strength


@given(st.floats(0, 1))
def test_paperwork_is_a_power_of_assessment_and_nothing_without_it(assessment):
    assert forms(assessment, 2) == assessment * assessment <= forms(assessment, 1) == assessment <= 1.0
    assert forms(0.0, 0) == forms(0.0, 1) == forms(0.0, 2) == 0.0


def regime(months, **assessment):
    model = PovertyModel(scenario_of({**SHARED, "scenario": {"years": 3, "start": "2016-01"}}, process={
        "assessment": assessment,
    }))  # fmt: skip
    found = []
    for _ in range(months):
        model.step()
        counties = model.world.counties
        assert len(set(counties.assessment.tolist())) == len(set(counties.paperwork.tolist())) == 1
        found.append((float(counties.assessment[0]), float(counties.paperwork[0])))
    return np.array(found)


def test_assessment_takes_effect_on_its_dates():
    found = regime(14, strength={"2016-01": 0.5, "2017-01": 0.0})
    assert (found[:12] == [0.5, 0.25]).all()
    assert (found[12:] == 0.0).all()


def test_pressure_rises_to_the_deadline_and_ends_with_it():
    found = regime(14, strength=0.4, deadline="2016-12", pressure=0.5, lead=10, paperwork_power=1)
    np.testing.assert_allclose(found[:, 0], [0.4, 0.4, *(0.4 * (1 + 0.05 * i) for i in range(1, 11)), 0.4, 0.4])
    assert (found[:, 0] == found[:, 1]).all()


def test_nobody_is_assessed_who_has_no_cadre_and_no_register_that_could_be_written_up():
    """Without teams and without gaming, assessment changes not one bit of any household."""
    quiet = {"register": {"gaming": 0.0}}
    runs = [
        simulate(scenario_of(SHARED, process={**quiet, "assessment": {"strength": strength}}), households="monthly")
        for strength in (0.0, 0.9)
    ]
    assert bits(runs[0].households) == bits(runs[1].households)
    loud = {"register": {"gaming": 1.0, "gaming_from": 0.0, "share": 0.9}, "assessment": {"strength": 1.0}}
    gamed = simulate(scenario_of(SHARED, process=loud), households="monthly")
    assert (gamed.households["gamed_on"] != "").any()


def test_a_branch_without_assessment_is_free_of_it():
    pressed_now = scenario_of(SHARED, process={"assessment": {"strength": 0.9}})
    moment = snapshot(pressed_now, "2016-06")
    branch = PovertyModel(scenario_of(SHARED), snapshot=moment)
    branch.step()
    assert not branch.world.counties.assessment.any()
    assert not branch.world.counties.paperwork.any()
    assert resume(moment).digest == simulate(pressed_now).digest
