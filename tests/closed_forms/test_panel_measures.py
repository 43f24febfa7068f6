"""Measures of panels: transitions, mobility, spells, survival, chronic and transient poverty, stable exit."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.chronic import duclos_araar_giles, jalan_ravallion
from fupin_sim.measures.long_table import panel_of
from fupin_sim.measures.mobility import (
    mean_rank_change,
    quantile_groups,
    quintile_mobility,
    rank_correlation,
    ranks,
    shorrocks_mobility,
)
from fupin_sim.measures.returns import return_within
from fupin_sim.measures.spells import spells
from fupin_sim.measures.stable_exit import stable_exit
from fupin_sim.measures.survival import hazards, kaplan_meier
from fupin_sim.measures.transitions import states, transition_matrix, wilson
from tests.measuring import PEOPLE, Z, arrays

ROWS = np.array([[4.0, 6, 8], [3, 4, 5], [7, 2, 9], [10, 9, 8]])
FOUR = np.ones(4)
PANELS = st.lists(st.lists(st.sampled_from([-1, 0, 1]), min_size=6, max_size=6), min_size=1, max_size=12)


# ---- transitions


def test_marginal_begins_at_the_line_and_ends_at_one_and_a_half_of_it():
    y = np.array([999.99, 1000.0, 1499.99, 1500.0])
    assert states(y, 1000.0).tolist() == [0, 1, 1, 2]
    assert states(y, 1000.0, deep=0.9999).tolist() == [1, 2, 2, 3]


def test_pairs_with_a_gap_are_left_out():
    found = transition_matrix(np.array([0, 0, 1, 1, -1]), np.array([0, 1, 1, -1, 0]), 2)
    assert found.counts.tolist() == [[1, 1], [0, 1]]
    assert found.share.tolist() == [[0.5, 0.5], [0.0, 1.0]]


def test_nobody_in_a_state_is_missing_not_nothing():
    found = transition_matrix(np.array([0]), np.array([1]), 3)
    assert np.isnan(found.share[1:]).all()
    assert np.isnan(found.low[1:]).all()


def test_limits_of_a_share_are_wilsons():
    low, high = wilson(np.array([0.0, 0.3, 1.0]), np.array([10, 50, 10]))
    assert low == pytest.approx([0.0, 0.1910, 0.7225], abs=5e-5)  # Brown, Cai & DasGupta 2001, formula (4)
    assert high == pytest.approx([0.2775, 0.4375, 1.0], abs=5e-5)


def test_states_that_are_none_are_refused():
    with pytest.raises(NotMeasured, match="below 2"):
        transition_matrix(np.array([2]), np.array([0]), 2)
    with pytest.raises(NotMeasured, match="one shape"):
        transition_matrix(np.array([0, 1]), np.array([0]), 2)


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 2), st.integers(1, 5)), min_size=1, max_size=30))
def test_a_weighted_matrix_is_that_of_so_many_households(rows):
    a, b, w = (np.array(column) for column in zip(*rows, strict=True))
    found = transition_matrix(a.astype(np.int8), b.astype(np.int8), 3, w.astype(float))
    many = transition_matrix(np.repeat(a, w).astype(np.int8), np.repeat(b, w).astype(np.int8), 3)
    assert (found.counts == many.counts).all()
    assert found.counts.sum() == w[(a >= 0) & (b >= 0)].sum()
    assert np.nansum(found.share) == pytest.approx(((found.counts.sum(axis=1)) > 0).sum())


# ---- mobility


@given(PEOPLE, st.floats(0.1, 9.0))
def test_ranks_do_not_move_when_all_grow_alike(people, factor):
    y, w = arrays(people)
    assert mean_rank_change(y, factor * y, w) == pytest.approx(0.0, abs=1e-12)
    assert (ranks(y, w) * w).sum() / w.sum() == pytest.approx(0.5)
    if len(set(y)) > 1:
        assert rank_correlation(y, factor * y, w) == pytest.approx(1.0)
    else:
        assert math.isnan(rank_correlation(y, y, w))


def test_mobility_between_none_and_chance():
    n = 40_000
    a, b = np.arange(n, dtype=float), np.arange(n, dtype=float) * 7_919 % n  # as good as shuffled
    each = np.ones(n)
    assert rank_correlation(a, b, each) == pytest.approx(0.0, abs=0.02)
    assert mean_rank_change(a, b, each) == pytest.approx(1 / 3, abs=0.01)
    assert quintile_mobility(a, b, each) == pytest.approx(1.0, abs=0.02)
    assert quintile_mobility(a, a * 3, each) == 0.0
    assert rank_correlation(a, -a, each) == pytest.approx(-1.0)
    assert np.bincount(quantile_groups(a, each, 5)).tolist() == [8_000] * 5


def test_a_matrix_of_one_state_has_no_mobility():
    with pytest.raises(NotMeasured, match="at least two states"):
        shorrocks_mobility(np.ones((1, 1)))


# ---- spells


def test_spells_by_hand():
    poor = np.array([[1, 1, 0, 0, 1, 1], [0, 0, 0, 1, 0, -1], [0, 1, -1, 1, 0, 0], [-1, -1, -1, -1, -1, -1]], np.int8)
    found = spells(poor)
    told = list(zip(found.row, found.start, found.duration, found.poor, found.left_censored, found.ended, strict=True))
    assert told == [
        (0, 0, 2, True, True, True), (0, 2, 2, False, False, True), (0, 4, 2, True, False, False),
        (1, 0, 3, False, True, True), (1, 3, 1, True, False, True), (1, 4, 1, False, False, False),
        (2, 0, 1, False, True, True), (2, 1, 1, True, False, False), (2, 3, 1, True, True, True),
        (2, 4, 2, False, False, False),
    ]  # fmt: skip
    assert found.of("exit").sum() == 3
    assert found.of("exit of spells under way").sum() == 2
    assert found.of("entry").tolist() == [row in (3, 6) for row in range(10)]
    assert found.of("re-entry").sum() == 3
    # One exit after a single date; one spell of two dates and one of one date went out of sight.
    assert (found.hazards("exit").at_risk.tolist(), found.hazards("exit").events.tolist()) == ([2.0], [1.0])
    # Back in poverty after two dates; one still out after one more date; one out of sight at once.
    assert found.survival("re-entry").survival.tolist() == [1.0, 0.0]
    with pytest.raises(NotMeasured, match='"exits" is not one of exit, entry'):
        found.of("exits")


@given(PANELS)
def test_spells_account_for_every_date_seen_and_every_kind_is_apart(panel):
    poor = np.array(panel, dtype=np.int8)
    found = spells(poor)
    assert found.duration.sum() == (poor >= 0).sum()
    assert (found.duration[found.poor]).sum() == (poor == 1).sum()
    kinds = ("exit", "entry", "re-entry", "exit of spells under way", "re-entry unknown")
    assert (np.sum([found.of(kind) for kind in kinds], axis=0) == 1).all()
    changes = (poor[:, :-1] >= 0) & (poor[:, 1:] >= 0) & (poor[:, :-1] != poor[:, 1:])
    assert found.ended.sum() == changes.sum()
    # Every pair of dates seen in a row is one chance to leave.
    assert found.time.sum() == ((poor[:, :-1] >= 0) & (poor[:, 1:] >= 0)).sum()


@given(PANELS)
def test_hazards_and_survival_tell_the_same(panel):
    found = spells(np.array(panel, dtype=np.int8))
    for kind in ("exit", "re-entry"):
        hazard, survival = found.hazards(kind), found.survival(kind)
        at = np.array([hazard.hazard[int(t) - 1] for t in survival.time])
        assert survival.survival == pytest.approx(np.cumprod(1 - at) if len(at) else at)


def test_what_is_no_panel_of_states_is_refused():
    with pytest.raises(NotMeasured, match="poor: must be 1, 0 or NOT_SEEN"):
        spells(np.array([[2, 0]], dtype=np.int8))
    with pytest.raises(NotMeasured, match="a column a date"):
        spells(np.array([1, 0], dtype=np.int8))


@given(PANELS, st.data())
def test_equal_weights_of_any_size_change_nothing_and_a_weight_of_two_is_a_second_copy(panel, data):
    poor = np.array(panel, dtype=np.int8)
    twice = np.array(data.draw(st.lists(st.booleans(), min_size=len(poor), max_size=len(poor))))
    weight = np.where(twice[:, None], 2.0, 1.0) * np.ones(poor.shape)
    once, copies = spells(poor), spells(np.concatenate([poor, poor[twice]]))
    for kind in ("exit", "entry", "re-entry", "exit of spells under way"):
        for size in (1.0, 3.5):
            same, plain = once.hazards(kind, size * np.ones(poor.shape)), once.hazards(kind)
            assert same.hazard == pytest.approx(plain.hazard)
            assert same.deviation == pytest.approx(plain.deviation)
            same, plain = once.survival(kind, size * np.ones(poor.shape)), once.survival(kind)
            assert same.survival == pytest.approx(plain.survival)
            assert same.variance == pytest.approx(plain.variance, nan_ok=True, abs=1e-15)
        hazard, both = once.hazards(kind, weight), copies.hazards(kind)
        assert (hazard.at_risk.tolist(), hazard.events.tolist()) == (both.at_risk.tolist(), both.events.tolist())
        assert once.survival(kind, weight).survival == pytest.approx(copies.survival(kind).survival)


def test_weighted_hazard_and_its_deviation_by_hand():
    """Weights 3, 1, 2, of which the first ends at once: h = ½, and √(3²·¼ + 1²·¼ + 2²·¼)/6 = √14/12."""
    found = hazards([1, 1, 1], [True, False, False], np.array([3.0, 1.0, 2.0]))
    assert found.hazard.tolist() == [0.5]
    assert found.deviation == pytest.approx([np.sqrt(14) / 12])
    survival = kaplan_meier([1, 1, 1], [1, 0, 0], np.array([3.0, 1.0, 2.0]), sampling=True)
    assert survival.survival.tolist() == [0.5]
    assert survival.variance == pytest.approx([14 / 144])
    cases = kaplan_meier([1, 1, 1], [1, 0, 0], np.array([3.0, 1.0, 2.0]))
    assert cases.variance == pytest.approx([0.25 * 3 / (6 * 3)])


def test_a_spell_counts_by_the_weight_of_its_first_date():
    poor = np.array([[0, 1, 0], [0, 1, 1]], dtype=np.int8)
    weight = np.array([[9.0, 3.0, 7.0], [9.0, 1.0, 7.0]])
    assert spells(poor).hazards("exit", weight).hazard.tolist() == [0.75]


# ---- survival


def test_kaplan_meier_of_the_test_vector():
    found = kaplan_meier([1, 2, 2, 3, 4, 5, 5], [1, 1, 0, 1, 0, 1, 0])
    assert found.survival == pytest.approx([0.8571, 0.7143, 0.5357, 0.5357, 0.2679], abs=5e-5)
    # Greenwood: (3/14·5)² … by hand at the second time, S²(1/(7·6) + 1/(6·5)).
    assert found.variance[1] == pytest.approx((5 / 7) ** 2 * (1 / 42 + 1 / 30))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30))
def test_without_censoring_survival_is_the_share_left_and_its_variance_binomial(times):
    found = kaplan_meier(times, np.ones(len(times)))
    left = np.array([np.mean(np.array(times) > t) for t in found.time])
    assert found.survival == pytest.approx(left, abs=1e-12)
    inside = left > 0
    assert found.variance[inside] == pytest.approx((left * (1 - left) / len(times))[inside], abs=1e-12)
    assert np.isnan(found.variance[~inside]).all()


def test_nobody_has_no_survival_and_time_must_pass():
    assert len(kaplan_meier([], []).survival) == 0
    assert len(hazards([], []).hazard) == 0
    with pytest.raises(NotMeasured, match="time: must be above 0"):
        kaplan_meier([0, 1], [1, 1])
    with pytest.raises(NotMeasured, match="whole"):
        hazards([1.5], [True])


# ---- chronic and transient


def test_jalan_ravallion_of_the_test_vector():
    found = jalan_ravallion(ROWS, Z, FOUR)
    assert found.total == pytest.approx(0.06405, abs=5e-6)
    assert found.chronic == pytest.approx(0.01860, abs=5e-6)
    assert found.share == pytest.approx(0.70968, abs=5e-6)


def test_duclos_araar_giles_by_hand():
    """Gap ratios in elevenths: (3 0 0), (5 3 1), (0 7 0), (0 0 0)."""
    gaps = np.array([[3, 0, 0], [5, 3, 1], [0, 7, 0], [0, 0, 0]]) / 11
    roots = [math.sqrt(sum(g * g) / 3) for g in gaps]
    found = duclos_araar_giles(ROWS, Z, FOUR, corrected=False)
    assert found.total == pytest.approx(math.sqrt((9 + 35 + 49) / 121 / 12))
    assert found.transient == pytest.approx(sum(r - sum(g) / 3 for r, g in zip(roots, gaps, strict=True)) / 4)
    added = [np.var(g * g, ddof=1) / (8 * 3 * r**3) if r else 0.0 for r, g in zip(roots, gaps, strict=True)]
    corrected = duclos_araar_giles(ROWS, Z, FOUR)
    assert corrected.transient == pytest.approx(found.transient + sum(added) / 4)
    assert corrected.total == found.total


def test_the_corrections_take_off_the_bias_of_few_dates():
    """Poor persons whose income is 3 or 5 by a coin, line 8: the truth over very many dates beside 6 dates."""
    rng = np.random.default_rng(1)
    n, dates, line = 20_000, 6, 8.0
    y = rng.choice([3.0, 5.0], size=(n, dates))
    each = np.ones(n)
    chronic = (4 / 8) ** 2
    assert jalan_ravallion(y, line, each).chronic > chronic + 0.002
    assert jalan_ravallion(y, line, each, corrected=True).chronic == pytest.approx(chronic, abs=0.0005)
    gaps = np.array([5 / 8, 3 / 8])
    transient = math.sqrt((gaps**2).mean()) - gaps.mean()
    assert duclos_araar_giles(y, line, each, corrected=False).transient < 0.9 * transient
    assert duclos_araar_giles(y, line, each).transient == pytest.approx(transient, rel=0.02)


@given(st.lists(st.tuples(*[st.floats(0.1, 20.0)] * 4), min_size=1, max_size=10))
def test_what_never_changes_is_chronic_and_no_part_is_below_nothing(rows):
    y = np.array(rows)
    each = np.ones(len(y))
    for found in (jalan_ravallion(y, 8.0, each), duclos_araar_giles(y, 8.0, each)):
        assert found.transient >= -1e-12
        assert found.chronic + found.transient == pytest.approx(found.total)
    still = np.repeat(y[:, :1], 4, axis=1)
    for measure in (jalan_ravallion, duclos_araar_giles):
        assert measure(still, 8.0, each).transient == pytest.approx(0.0, abs=1e-12)


def test_nobody_poor_has_no_share_and_one_date_is_no_panel():
    assert jalan_ravallion(ROWS, 0.5, FOUR).total == 0.0
    assert math.isnan(jalan_ravallion(ROWS, 0.5, FOUR).share)
    with pytest.raises(NotMeasured, match="at least two dates"):
        jalan_ravallion(ROWS[:, :1], Z, FOUR)
    with pytest.raises(NotMeasured, match="not finite"):
        jalan_ravallion(np.where(ROWS == 2, np.nan, ROWS), Z, FOUR)


# ---- exit cohorts


def test_return_of_a_cohort_is_of_those_seen_long_enough_and_not_poor_at_their_exit():
    poor = np.array(
        [[1, 0, 1, 0, 0], [1, 0, 0, 0, 1], [1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1, 1, 1, 0, 1], [1, 1, 1, 1, 1]], bool
    )
    exit_at = np.array([1, 1, 2, 0, 3, -1])  # the fourth is poor on the day it is struck off
    assert return_within(exit_at, poor, 1) == pytest.approx(2 / 4)
    assert return_within(exit_at, poor, 2) == pytest.approx(1 / 3)  # the fifth was followed for one date only
    assert return_within(exit_at, poor, 3) == pytest.approx(2 / 2)
    assert return_within(exit_at, poor, 1, np.array([3.0, 1, 1, 1, 1, 1])) == pytest.approx(4 / 6)
    assert math.isnan(return_within(exit_at, poor, 4))
    with pytest.raises(NotMeasured, match="dates: must be at least 1"):
        return_within(exit_at, poor, 0)


# ---- stable exit, long tables


def test_stable_exit_asks_for_all_of_the_last_dates_and_for_income_without_support():
    poor = np.array([[1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]], dtype=bool)
    net = np.array([[5, 12, 12, 12], [20, 20, 20, 9], [20, 11.99, 20, 20], [0, 20, 20, 20]])
    assert stable_exit(poor, net, 10.0, 3).tolist() == [True, False, False, True]
    assert stable_exit(poor, net, 10.0, 4).tolist() == [False, False, False, False]
    assert stable_exit(poor, net, np.array([1.0, 1, 10, 10]), 3).tolist() == [True, False, True, True]
    with pytest.raises(NotMeasured, match="dates: 5"):
        stable_exit(poor, net, 10.0, 5)


def test_a_panel_says_who_stands_twice_and_counts_gaps():
    panel = panel_of(np.array([3, 1, 3, 3]), np.array([2012, 2010, 2010, 2014]))
    assert panel.of(np.array([1.0, 2, 3, 4])).tolist()[1] == [3.0, 1.0, 4.0]
    assert (panel.gaps, panel.seen.sum()) == (0, 4)
    assert panel_of(np.array([3, 1, 3]), np.array([2012, 2011, 2010])).gaps == 1
    with pytest.raises(NotMeasured, match="more than once at a date: b at 2; c at 1"):
        panel_of(np.array(["b", "b", "c", "c", "a"]), np.array([2, 2, 1, 1, 1]))
