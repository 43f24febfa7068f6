"""Multidimensional poverty, notches, early warning, decompositions: test vector, closed forms, what is missing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.measures.causes import entry_by_cause
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.early_warning import NEVER, lead_time, precision, recall, roc
from fupin_sim.measures.growth_redistribution import growth_redistribution
from fupin_sim.measures.multidimensional import alkire_foster, by_subgroup
from fupin_sim.measures.notch import along, effective_marginal_tax_rate, share_in_notch
from fupin_sim.measures.poverty import fgt
from tests.measuring import LINES, ONE, PEOPLE, VECTOR, Z, arrays

DEPRIVED = np.array([[1, 0, 1, 1, 0], [1, 0, 0, 1, 0], [0, 0, 1, 1, 1], [1, 0, 1, 0, 0]], dtype=bool).T
FIVE = np.ones(5)
QUARTERS = [0.25] * 4
COUNTS = st.lists(st.tuples(*[st.booleans()] * 4, st.integers(1, 5)), min_size=1, max_size=20)


# ---- multidimensional


def test_alkire_foster_of_the_test_vector():
    found = alkire_foster(DEPRIVED, QUARTERS, 0.5, FIVE)
    assert (found.headcount, found.intensity, found.adjusted) == pytest.approx((0.6, 0.75, 0.45))
    assert found.deprived == pytest.approx([0.6, 0.4, 0.6, 0.4])
    assert found.censored == pytest.approx([0.6, 0.4, 0.4, 0.4])  # the fifth is deprived in one, and not poor
    assert found.contribution == pytest.approx(np.array([0.15, 0.1, 0.1, 0.1]) / 0.45)


def test_a_score_at_the_cutoff_reaches_it_whatever_the_rounding():
    deprived = np.array([[True, True, True, False]])
    assert sum([0.1] * 3) != 0.3  # in floating point
    assert alkire_foster(deprived, [0.1, 0.1, 0.1, 0.7], 0.3, np.ones(1)).headcount == 1.0


@given(COUNTS, st.floats(0.05, 1.0), st.data())
def test_adjusted_headcount_falls_apart_by_dimension_and_by_subgroup(rows, k, data):
    deprived, w = np.array([row[:4] for row in rows]), np.array([row[4] for row in rows], dtype=float)
    found = alkire_foster(deprived, QUARTERS, k, w)
    group = np.array(data.draw(st.lists(st.sampled_from("ab"), min_size=len(w), max_size=len(w))))
    parts = by_subgroup(deprived, QUARTERS, k, w, group)
    assert found.adjusted == pytest.approx((0.25 * found.censored).sum())
    assert found.adjusted == pytest.approx((parts.share * parts.adjusted).sum())
    assert 0 <= found.adjusted <= found.headcount <= 1
    if found.headcount:
        assert found.adjusted == pytest.approx(found.headcount * found.intensity)
        assert k - 1e-9 <= found.intensity <= 1
        assert found.contribution.sum() == pytest.approx(1.0)
        assert parts.contribution.sum() == pytest.approx(1.0)


@given(COUNTS, st.floats(0.05, 1.0), st.data())
def test_deprivation_focus_and_monotonicity(rows, k, data):
    deprived, w = np.array([row[:4] for row in rows]), np.array([row[4] for row in rows], dtype=float)
    found = alkire_foster(deprived, QUARTERS, k, w)
    i, j = data.draw(st.integers(0, len(w) - 1)), data.draw(st.integers(0, 3))
    better = deprived.copy()
    better[i, j] = False
    after = alkire_foster(better, QUARTERS, k, w)
    assert after.adjusted <= found.adjusted + 1e-12
    if deprived[i, j] and found.poor[i]:
        assert after.adjusted < found.adjusted
    if not found.poor[i]:
        assert after.adjusted == pytest.approx(found.adjusted)


def test_nobody_deprived_and_nobody_at_all():
    none = alkire_foster(np.zeros((3, 2), bool), [0.5, 0.5], 0.5, np.ones(3))
    assert (none.headcount, none.adjusted) == (0.0, 0.0)
    assert math.isnan(none.intensity)
    assert np.isnan(none.contribution).all()
    assert math.isnan(alkire_foster(np.zeros((0, 2), bool), [0.5, 0.5], 0.5, np.zeros(0)).headcount)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(NotMeasured) as caught:
        alkire_foster(DEPRIVED, [0.5, 0.6, 0.1, 0.1], 1.5, FIVE)
    assert caught.value.mistakes == [
        "dimension_weight: must be above 0 and sum to 1, not to 1.3", "cutoff: must be above 0 and at most 1, not 1.5"
    ]  # fmt: skip
    with pytest.raises(NotMeasured, match="true or false"):
        alkire_foster(DEPRIVED.astype(float), QUARTERS, 0.5, FIVE)
    with pytest.raises(NotMeasured, match="3 weights for 4 dimensions"):
        alkire_foster(DEPRIVED, [1 / 3] * 3, 0.5, FIVE)


# ---- notches


def test_a_cliff_a_taper_and_a_flat_benefit():
    """A grant of 1,000 below 3,000; a top-up to 3,000; half of each yuan taken off 1,000; a child benefit."""
    earned = np.array([1_000.0, 2_950.0, 5_000.0])
    assert along(lambda y: np.where(y < 3_000, 1_000.0, 0.0), earned, 100.0).tolist() == [0.0, 10.0, 0.0]
    assert along(lambda y: np.maximum(0.0, 3_000.0 - y), earned, 100.0).tolist() == [1.0, 0.5, 0.0]
    assert along(lambda y: np.maximum(0.0, 1_000.0 - y / 2), earned, 100.0).tolist() == [0.5, 0.0, 0.0]
    assert along(lambda y: np.full(3, 500.0), earned, 100.0).tolist() == [0.0, 0.0, 0.0]


def test_the_share_whom_earning_more_makes_poorer():
    rate = effective_marginal_tax_rate(np.ones(3), np.array([2.0, 2, 1]), np.array([3.0, 3, 3]), np.array([2.5, 4, 3]))
    assert rate[:2].tolist() == [1.5, 0.0]
    assert math.isnan(rate[2])
    assert share_in_notch(rate, np.array([3.0, 1.0, 9.0])) == 0.75
    assert math.isnan(share_in_notch(np.array([np.nan]), np.ones(1)))


# ---- early warning


def test_recall_precision_and_lead_time_by_hand():
    alarm, event = np.array([1, 1, 0, 0, 1], bool), np.array([1, 0, 1, 0, 1], bool)
    assert recall(alarm, event, FIVE) == pytest.approx(2 / 3)
    assert precision(alarm, event, np.array([1.0, 2, 1, 1, 1])) == pytest.approx(2 / 4)
    assert math.isnan(recall(alarm, np.zeros(5, bool), FIVE))
    assert math.isnan(precision(np.zeros(5, bool), event, FIVE))
    found = lead_time(np.array([3, 10, 7, NEVER, 5]), np.array([9, 10, 8, 4, NEVER]))
    assert (found.warned, found.mean, found.months.tolist()) == (0.5, 3.5, [6, 1])
    nobody = lead_time(np.array([3]), np.array([NEVER]))
    assert math.isnan(nobody.warned)
    assert math.isnan(nobody.mean)


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans(), st.integers(1, 4)), min_size=2, max_size=25))
def test_the_area_is_the_chance_that_a_case_stands_above_a_non_case(rows):
    score, event, w = (np.array(column) for column in zip(*rows, strict=True))
    if event.all() or not event.any():
        with pytest.raises(NotMeasured, match="a curve needs some"):
            roc(score.astype(float), event, w.astype(float))
        return
    found = roc(score.astype(float), event, w.astype(float))
    pairs = (score[event][:, None] > score[~event]) + 0.5 * (score[event][:, None] == score[~event])
    weights = w[event][:, None] * w[~event]
    assert found.area == pytest.approx((pairs * weights).sum() / weights.sum())
    assert (np.diff(found.hits) >= 0).all()
    assert (found.hits[-1], found.false[-1]) == (1.0, 1.0)
    at = found.threshold.tolist().index(score.max())
    assert found.hits[at] == pytest.approx(recall(score == score.max(), event, w.astype(float)))


# ---- decompositions


@given(PEOPLE, PEOPLE, LINES)
def test_growth_and_redistribution_add_up_and_each_alone_is_all(first, second, line):
    (y, w), (later, v) = arrays(first), arrays(second)
    for alpha in (0, 1, 2):
        found = growth_redistribution(y, w, later, v, line, lambda a, z, b, alpha=alpha: fgt(a, z, b, alpha))
        assert found.growth + found.redistribution == pytest.approx(found.change, abs=1e-12)
        assert found.change == pytest.approx(fgt(later, line, v, alpha) - fgt(y, line, w, alpha))
        doubled = growth_redistribution(y, w, 2 * y, w, line, lambda a, z, b, alpha=alpha: fgt(a, z, b, alpha))
        assert doubled.redistribution == pytest.approx(0.0, abs=1e-9)
        back = growth_redistribution(later, v, y, w, line, lambda a, z, b, alpha=alpha: fgt(a, z, b, alpha))
        if alpha:  # counting heads, rounding of a mean may tip somebody who stands at the line
            assert (back.growth, back.residual) == pytest.approx((-found.growth, found.residual), abs=1e-9)


def test_redistribution_alone_leaves_no_growth():
    found = growth_redistribution(VECTOR, ONE, np.full(10, VECTOR.mean()), ONE, Z)
    assert found.growth == pytest.approx(0.0)
    assert found.redistribution == found.change == -0.5


def test_growth_of_nothing_is_refused():
    with pytest.raises(NotMeasured, match="mean must be above 0 at both dates, and is 0 and 1"):
        growth_redistribution(np.zeros(2), np.ones(2), np.ones(2), np.ones(2), 1.0)


def test_causes_by_hand():
    """Wages and bills (with a minus): one loses work, two fall ill, of whom one earns more; for one the line rose."""
    before = np.array([[10.0, -1.0], [10.0, -1.0], [10.0, 0.0], [5.0, 0.0], [9.0, 0.0]])
    after = np.array([[2.0, -1.0], [10.0, -8.0], [11.0, -9.0], [5.0, 0.0], [1.0, 0.0]])
    entered = np.array([True, True, True, True, False])
    found = entry_by_cause(before, after, entered, np.array([2.0, 1.0, 1.0, 1.0, 1.0]))
    assert found.largest.tolist() == [0.4, 0.4]
    assert found.unexplained == 0.2
    assert found.entries == 5.0
    assert found.fall == pytest.approx([15 / 31, 16 / 31])
    nobody = entry_by_cause(before, after, np.zeros(5, bool), FIVE)
    assert np.isnan(nobody.largest).all()
    assert math.isnan(nobody.unexplained)
    with pytest.raises(NotMeasured, match="one shape"):
        entry_by_cause(before, after[:, :1], entered, FIVE)
