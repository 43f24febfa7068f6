"""Aspiration, motivation, dependence, technique: the pure functions, and single months of each process."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import arrays

from fupin_sim.model import PovertyModel
from fupin_sim.month import MONTH
from fupin_sim.processes.aspiration import gap, growth, suggestion, top_third
from fupin_sim.processes.business import labour_factor, labour_factors
from fupin_sim.processes.dependence import grown, just_below, offered
from fupin_sim.processes.motivation import drift, effort_of, encouragement
from fupin_sim.processes.technique import taught
from tests.identities.bits import SHARED
from tests.strategies import scenario_of

BRINGER = f"{Path(__file__).parent / 'identities' / 'bringers.py'}:Bringer"
SHARE = st.floats(0.0, 1.0)
INCOME = st.floats(0.0, 1e6)
MONTHLY = st.floats(0.0, 0.1)


def one(value):
    return np.array([value])


# ---- what is aimed at


@given(st.lists(st.tuples(st.integers(0, 4), INCOME), min_size=1, max_size=40))
def test_the_top_third_is_what_a_slow_reader_finds(households):
    households.sort(key=lambda each: each[0])
    clan, income = (np.array(column) for column in zip(*households, strict=True))
    by_clan = defaultdict(list)
    for name, yuan in households:
        by_clan[name].append(round(yuan * 100) / 100)
    top = {name: sorted(all_, reverse=True)[: -(-len(all_) // 3)] for name, all_ in by_clan.items()}
    expected = [np.mean(top[name]) for name in clan]
    np.testing.assert_allclose(top_third(income.astype(float), clan), expected, atol=0.011)


def test_the_top_third_sees_one_clan_only_and_never_the_order_within_it():
    income, clan = np.array([5.0, 1.0, 3.0, 100.0, 200.0]), np.array([7, 7, 7, 9, 9])
    assert top_third(income, clan).tolist() == [5.0, 5.0, 5.0, 200.0, 200.0]
    assert top_third(income[[2, 0, 1, 3, 4]], clan).tolist() == [5.0, 5.0, 5.0, 200.0, 200.0]
    assert top_third(np.array([]), np.array([], np.int64)).tolist() == []


def test_an_income_beyond_measure_does_not_spill_into_the_next_clan():
    assert top_third(np.array([1e300, 2.0]), np.array([0, 1]))[1] == 2.0


@given(INCOME, INCOME, SHARE)
def test_growth_seen_is_bounded_and_has_the_right_sign(now, before, most):
    seen = float(growth(one(now), one(before), most)[0])
    assert -most <= seen <= most
    if before >= 1.0 and most > 0:
        assert (seen > 0) == (now / before > 1)
        assert (seen < 0) == (now / before < 1)


@given(INCOME, st.floats(-0.2, 0.2), INCOME, SHARE)
def test_a_suggestion_lies_between_own_prospects_and_peers(income, rise, peers, weight):
    own = income * (1 + rise)
    found = float(suggestion(one(income), one(rise), one(peers), weight)[0])
    assert min(own, peers) * (1 - 1e-12) <= found <= max(own, peers) * (1 + 1e-12)


@given(INCOME, INCOME)
def test_a_gap_is_a_share_and_closes_where_income_reaches_the_aim(aim, income):
    found = float(gap(one(aim), one(income))[0])
    assert 0 <= found <= 1
    assert (found == 0) == (income >= aim)
    assert found >= float(gap(one(aim), one(income * 1.1))[0])


# ---- what drives


@given(SHARE)
def test_encouragement_is_a_share_greatest_at_its_best_distance(distance):
    assert 0 <= float(encouragement(one(distance))[0]) <= 1 + 1e-15
    assert float(encouragement(one(0.35))[0]) == 1.0


@given(SHARE, SHARE)
def test_encouragement_rises_up_to_its_best_distance_and_falls_beyond_it(a, b):
    near, far = sorted((a, b))
    low, high = (float(encouragement(one(x))[0]) for x in (near, far))
    if far <= 0.35:
        assert low <= high + 1e-15
    if near >= 0.35:
        assert low >= high - 1e-15


def test_a_wide_gap_frustrates_more_than_distance_alone_discourages():
    wide = np.array([0.8, 0.9, 1.0])
    merely_far = wide / 0.35 * np.exp(1 - wide / 0.35)
    np.testing.assert_allclose(encouragement(wide), merely_far - np.array([0.05, 0.1, 0.15]), atol=1e-12)
    assert encouragement(one(1.0)) < 0.3 * encouragement(one(0.35))


def test_a_lift_of_aspiration_encourages_those_near_their_aim_and_discourages_those_far_from_it():
    income, lift = np.array([0.95, 0.9, 0.6, 0.4, 0.2]), 1.1
    more = encouragement(1.0 - income / lift) - encouragement(1.0 - income)
    assert (more[:2] > 0.1).all()
    assert (more[2:] < -0.01).all()


@given(SHARE, SHARE, MONTHLY, MONTHLY, MONTHLY)
def test_motivation_stays_a_share_without_being_clipped(m, setpoint, rise, fall, back):
    moved = float(drift(one(m), one(setpoint), one(rise), one(fall), back)[0])
    assert -1e-15 <= moved <= 1 + 1e-15


@given(SHARE, SHARE, MONTHLY, MONTHLY, st.floats(0.01, 0.1), st.floats(1e-6, 0.1))
def test_motivation_is_monotone_in_all_that_moves_it(m, setpoint, rise, fall, back, more):
    def moved(m=m, setpoint=setpoint, rise=rise, fall=fall):
        return float(drift(one(m), one(setpoint), one(rise), one(fall), back)[0])

    assert moved(rise=rise + more) >= moved() >= moved(fall=fall + more)
    assert moved(setpoint=setpoint + more) > moved()
    assert moved(m=m + more) > moved()


@given(SHARE, SHARE, MONTHLY, MONTHLY, st.floats(0.01, 0.1))
def test_motivation_comes_to_rest_at_its_fixed_point(m, setpoint, rise, fall, back):
    """Each month leaves the same part of the distance from it."""
    rest = (rise + back * setpoint) / (rise + fall + back)
    moved = float(drift(one(m), one(setpoint), one(rise), one(fall), back)[0])
    assert moved - rest == pytest.approx((1 - rise - fall - back) * (m - rest), abs=1e-12)


@given(SHARE, st.floats(0.5, 1.0), SHARE)
def test_effort_is_one_at_the_usual_and_rises_with_motivation(m, usual, strength):
    assert float(effort_of(one(m), usual, 0.0)[0]) == 1.0
    assert float(effort_of(one(2 * usual - 1), usual, strength)[0]) == pytest.approx(1.0, abs=1e-12)
    least, found, most = effort_of(np.array([0.0, m, 1.0]), usual, strength)
    assert 0.5 <= least <= found <= most <= 2.0


# ---- what is leaned on


@given(SHARE, SHARE, MONTHLY, MONTHLY, st.floats(0.0, 3.0))
def test_dependence_stays_a_share(dependence, share, growing, fading, coached):
    assert 0 <= float(grown(one(dependence), one(share), growing, fading, coached)[0]) <= 1


@given(SHARE, st.tuples(SHARE, SHARE), st.floats(0.001, 0.1), st.floats(0.001, 0.1))
def test_dependence_grows_with_relief_and_falls_with_coaching(dependence, shares, growing, fading):
    less, more = sorted(shares)
    assert grown(one(dependence), one(less), growing, fading, 0.0) <= grown(
        one(dependence), one(more), growing, fading, 0.0
    )
    assert grown(one(dependence), one(more), growing, fading, 0.02) <= grown(
        one(dependence), one(more), growing, fading, 0.0
    )


@given(SHARE, SHARE, st.floats(0.001, 0.1), st.floats(0.001, 0.1))
def test_dependence_comes_to_rest_at_its_fixed_point(dependence, share, growing, fading):
    pace = growing * share + fading * (1 - share)
    rest = growing * share / pace
    moved = float(grown(one(dependence), one(share), growing, fading, 0.0)[0])
    assert moved - rest == pytest.approx((1 - pace) * (dependence - rest), abs=1e-12)


@given(SHARE, st.floats(0.01, 1.0), SHARE, SHARE)
def test_labour_offered_is_between_all_and_what_the_strength_leaves(dependence, usual, felt, strength):
    found = float(offered(one(dependence), usual, one(felt), strength)[0])
    assert 1 - strength <= found <= 1
    assert float(offered(one(dependence), usual, one(felt), 0.0)[0]) == 1.0
    assert float(offered(one(0.0), usual, one(felt), strength)[0]) == 1.0
    assert found <= float(offered(one(dependence / 2), usual, one(felt), strength)[0])
    assert float(offered(one(usual), usual, one(1.0), strength)[0]) == pytest.approx(1 - strength, abs=1e-15)


@given(INCOME, st.floats(1.0, 1e5), SHARE)
def test_who_is_just_below_a_limit_is_below_it_and_near(income, limit, width):
    found = bool(just_below(one(income), limit, width)[0])
    assert found == (income < limit and income >= limit * (1 - width))
    assert not just_below(one(limit), limit, width)[0]


@given(st.integers(0, 20), st.floats(0.1, 0.9), st.floats(1.0, 2.0), st.floats(0.0, 1.0))
def test_labour_looked_up_is_labour_computed(workers, elasticity, most, helping):
    table = labour_factors(elasticity, most, helping)
    assert table[workers] == labour_factor(one(float(workers)), elasticity, most, helping)[0]


# ---- what is taught


@given(arrays(float, 5, elements=SHARE), st.floats(0.0, 5.0), SHARE, SHARE)
def test_technique_stays_a_share(technique, teaching, gain, fading):
    found = taught(technique, teaching, gain, fading)
    assert ((found >= 0) & (found <= 1)).all()


@given(SHARE, st.floats(0.0, 2.0))
def test_technique_comes_to_rest_at_its_fixed_point(technique, teaching):
    pace = 0.03 * teaching + 0.01
    rest = 0.03 * teaching / pace
    moved = float(taught(one(technique), teaching, 0.03, 0.01)[0])
    assert moved - rest == pytest.approx((1 - pace) * (technique - rest), abs=1e-12)


@given(SHARE)
def test_technique_untaught_only_fades(technique):
    assert float(taught(one(technique), 0.0, 0.03, 0.01)[0]) == pytest.approx(0.99 * technique)
    assert float(taught(one(0.0), 0.0, 0.03, 0.01)[0]) == 0.0


# ---- months lived


def model(months=0, **layers):
    """The shared scenario after its burn-in and some months."""
    lived = PovertyModel(scenario_of(SHARED, **layers))
    for _ in range(months):
        lived.step()
    return lived


def bring(intensity, amount=1.0, **more):
    return {"name": intensity, "use": BRINGER, "intensity": intensity, "amount": amount, **more}


def test_the_mind_has_its_place_in_the_month():
    names = [verb.name for verb in MONTH]
    assert names[names.index("learn") - 1] == "invest"
    assert names[names.index("learn") + 1 :][:2] == ["serve", "account"]


def test_a_year_of_schooling_is_two_years_of_a_full_course():
    still = {"schooling": {"influence": 0.0, "reversion": 0.0}}  # nobody comes of age
    plain, half, full = (
        model(24, policy=[*SHARED["policy"], bring("training", amount)], process=still).world.households.schooling
        for amount in (0.0, 0.5, 1.0)
    )
    room = plain < 14.9
    np.testing.assert_allclose((half - plain)[room], 0.5, atol=1e-4)
    np.testing.assert_allclose((full - plain)[room], 1.0, atol=1e-4)
    assert full.max() <= 16.0


def test_courses_pay_in_wages_and_only_for_those_who_take_them():
    policies = [*SHARED["policy"], bring("training", every_other=True)]
    plain, some = model(36).world.households, model(36, policy=policies).world.households
    np.testing.assert_array_equal(some.schooling[::2], plain.schooling[::2])
    assert (some.wage[1::2] > plain.wage[1::2]).all()
    np.testing.assert_array_equal(some.wage[::2], plain.wage[::2])


def test_technique_is_the_same_where_few_know_it_and_where_many_do(monkeypatch):
    """Picked out of columns, or computed for all: the same bits, in teaching, fading and business."""

    def lived(many):
        monkeypatch.setattr("fupin_sim.processes.technique.MANY", many)
        monkeypatch.setattr("fupin_sim.processes.business.MANY", many)
        training = {"use": "training", "whom": "all", "reach": 0.2}
        people = {"villages": 2, "counties": 1, "households": 40}
        model = PovertyModel(scenario_of({"population": people, "burn_in": {"months": 0}, "policy": [training]}))
        for _ in range(15):
            model.step()
        home = model.world.households
        assert 0 < (home.technique > 0).mean() < 1
        return [getattr(home, name).tobytes() for name in ("technique", "income12", "wealth", "capital")]

    assert lived(0) == lived(10**9)


def test_technique_grows_by_teaching_and_is_worth_its_share_of_business_income():
    policies = [*SHARED["policy"], bring("technique_training")]
    first = model(1, policy=policies)
    np.testing.assert_allclose(first.world.households.technique, 0.03, atol=1e-7)
    frozen = {"motivation": {"effort": 0.0}, "migration": {"finding": 0.0}, "dependence": {"strength": 0.0}}
    second, plain = model(2, policy=policies, process=frozen), model(2, process=frozen)
    earned, usual = (each.world.ledger.flows["business"] for each in (second, plain))
    np.testing.assert_allclose(earned / usual, 1 + 0.125 * 0.03, rtol=1e-4)


def test_a_coach_lifts_the_aim_once_and_motivation_every_month():
    still = {"aspiration": {"adaptation": 0.0}}
    policies = [*SHARED["policy"], bring("coach", 0.5, every_other=True)]
    plain, met = (model(6, process=still, policy=each) for each in (SHARED["policy"], policies))
    before, after = plain.world.households, met.world.households
    np.testing.assert_allclose(after.aspiration[1::2], 1.1 * before.aspiration[1::2], rtol=1e-6)
    np.testing.assert_array_equal(after.aspiration[::2], before.aspiration[::2])
    assert after.coached[1::2].all()
    assert not after.coached[::2].any()
    assert (after.motivation[1::2] > before.motivation[1::2]).all()
    assert (after.dependence[1::2] <= before.dependence[1::2]).all()


def test_the_norms_stand_still_after_the_burn_in():
    lived = model(policy=[{"use": "dibao", "level": 3.0, "in_burn_in": True}], burn_in={"months": 24})
    effort, dependence = (getattr(lived.world.counties, name).copy() for name in ("usual_effort", "usual_dependence"))
    home = lived.world.households
    for rows, usual in zip(lived.world.counties_as_rows(), effort, strict=True):
        assert usual == pytest.approx(0.5 + 0.5 * float(home.motivation[rows].mean()), abs=1e-6)
    assert len(set(effort.tolist())) == len(effort)
    for _ in range(14):
        lived.step()
    assert (lived.world.counties.usual_effort == effort).all()
    assert (lived.world.counties.usual_dependence == dependence).all()
    assert ((dependence > 0.01) & (dependence != 0.25)).all()


def test_without_relief_in_the_burn_in_the_usual_dependence_is_the_parameter():
    lived = model(policy=SHARED["policy"][:1], process={"norms": {"dependence": 0.4}})
    assert (lived.world.counties.usual_dependence == 0.4).all()


def test_only_relief_breeds_dependence():
    pension = [{"use": "uniform_cash", "level": 20_000.0, "in_burn_in": True}]
    assert not model(12, policy=pension).world.households.dependence.any()
    for aid in ({"use": "targeted_transfer", "relief_share": 0.9}, {"use": "dibao", "level": 2.0}):
        world = model(12, policy=[aid]).world
        home = world.households
        got = home.support12 > world.ledger.flows["support"]  # this month's is felt in the next
        assert got.any()
        assert (home.dependence[got] > 0).all()
        assert not home.dependence[home.support12 == 0].any()
    home = model(12, policy=[{"use": "targeted_transfer", "relief_share": 0.0}]).world.households
    assert home.support12.any()
    assert not home.dependence.any()


def test_discretionary_relief_is_kept_for_about_a_year():
    """After many equal months the fading sum is what was paid in twelve of them."""
    policies = [{"use": "uniform_cash", "level": 1200.0, "name": "steady"}]
    lived = model(policy=policies, process={"family": {"on": False}, "growth": {"on": False}})
    lived.world.policies["steady"].values["relief_share"] = 0.5
    for _ in range(36):
        lived.step()
    home = lived.world.households
    settled = 1 - (11 / 12) ** 36
    np.testing.assert_allclose(home.discretionary12, settled * 0.5 * 1200 * 100 * home.members, rtol=1e-4)


def test_recipients_just_below_the_limit_withhold_half_the_strength_more():
    policies = [{"use": "dibao", "level": 3.0, "tied": 2_000.0, "in_burn_in": True}]
    lived = model(6, policy=policies, process={"dependence": {"strength": 0.4}})
    world = lived.world
    income, limit = world.income_pc("net_of_relief"), 3.0 * world.line
    paid = world.paid["dibao"] > 0
    lived.step()
    factor = np.broadcast_to(lived.world.rate("labour"), (len(world),))
    near = (income < limit) & (income >= 0.9 * limit) & paid
    assert near.any()
    np.testing.assert_allclose(factor, np.where(near, 0.8, 1.0))


@pytest.mark.parametrize("change", [{"tied": 0.0}, {"end": "2015-12"}, {"level": 0.0}])
def test_without_tied_benefits_there_is_no_notch(change):
    lived = model(6, policy=[{"use": "dibao", "level": 3.0, "in_burn_in": True, **change}])
    assert np.all(lived.world.rate("labour") == 1.0)


def test_hunger_and_crossing_the_line_move_motivation():
    """Two worlds that differ in one strength only, and in nothing that motivation acts on."""
    for name, sign in (("hunger", -1), ("success", 1), ("failure", -1)):
        quiet = {"hunger": 0.0, "success": 0.0, "failure": 0.0, "effort": 0.0}
        loud, still = (model(24, process={"motivation": {**quiet, **own}}) for own in ({name: 0.1}, {}))
        found = loud.world.households.motivation.astype(float) - still.world.households.motivation
        assert (sign * found >= 0).all(), name
        assert (found != 0).any(), name
