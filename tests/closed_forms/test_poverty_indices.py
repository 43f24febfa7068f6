"""Watts, Sen, Sen–Shorrocks–Thon and poverty by subgroup: test vector, closed forms, axioms, what is missing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.sen import sen, sen_shorrocks_thon
from fupin_sim.measures.subgroups import fgt_by_group
from fupin_sim.measures.watts import floored, watts
from tests.measuring import AXIOM, LINES, ONE, PEOPLE, VECTOR, Z, arrays

INDICES = {
    "watts": watts,
    "sen": sen,
    "sen_finite": lambda y, z, w: sen(y, z, w, finite=True),
    "sst": sen_shorrocks_thon,
    "gap": lambda y, z, w: fgt(y, z, w, 1),
    "squared": lambda y, z, w: fgt(y, z, w, 2),
}
EVERY = pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)


def test_the_test_vector():
    assert watts(VECTOR, Z, ONE) == pytest.approx(0.3736249, abs=5e-8)
    assert sen(VECTOR, Z, ONE) == pytest.approx(0.30, abs=5e-8)
    assert sen(VECTOR, Z, ONE, finite=True) == pytest.approx(0.2878788, abs=5e-8)
    assert sen_shorrocks_thon(VECTOR, Z, ONE) == pytest.approx(0.3772727, abs=5e-8)


# ---- closed forms: incomes even on (0, b), with z below b; H = z/b, and the poor are even on (0, z)

U = (np.arange(200_000) + 0.5) / 200_000


@pytest.mark.parametrize(("top", "line"), [(1.0, 0.4), (3.0, 2.0)])
def test_even_incomes(top, line):
    y, each, share = top * U, np.ones(len(U)), line / top
    assert watts(y, line, each) == pytest.approx(share, rel=1e-4)  # −∫ ln x dx from 0 to 1 is 1
    assert sen(y, line, each) == pytest.approx(share * (1 / 2 + 1 / 2 / 3), rel=1e-4)
    # Gaps: a share h of persons even on (0, 1), the others 0; Gini = 1 − 2h/3.
    assert sen_shorrocks_thon(y, line, each) == pytest.approx(share / 2 * (2 - 2 * share / 3), rel=1e-4)


def test_the_finite_form_of_sen_is_that_of_ranks():
    """2/((q + 1)·n·z)·Σ (z − y_i)(q + 1 − i) over the poor in ascending order (Sen 1976)."""
    q, n = 5, 10
    by_ranks = 2 / ((q + 1) * n * Z) * sum((Z - VECTOR[i]) * (q - i) for i in range(q))
    assert sen(VECTOR, Z, ONE, finite=True) == pytest.approx(by_ranks, rel=1e-14)


def test_the_two_forms_of_sen_agree_for_many_poor():
    many = np.tile(VECTOR, 2000)
    each = np.ones(len(many))
    assert sen(many, Z, each, finite=True) == pytest.approx(sen(many, Z, each), abs=1e-4)


# ---- axioms


@EVERY
@AXIOM
@given(people=PEOPLE, line=LINES, unit=st.sampled_from([0.125, 3.0, 1024.0]))
def test_another_unit_of_money_changes_nothing(index, people, line, unit):
    y, w = arrays(people)
    assume(((unit * y < unit * line) == (y < line)).all())
    assert index(unit * y, unit * line, w) == pytest.approx(index(y, line, w), abs=1e-12)


@EVERY
@AXIOM
@given(people=PEOPLE, line=LINES, times=st.integers(2, 4))
def test_a_population_many_times_over_is_as_poor(index, people, line, times):
    y, w = arrays(people)
    if index is INDICES["sen_finite"]:  # it alone is not replication invariant, and says so: it grows with the number
        assert index(np.tile(y, times), line, np.tile(w, times)) >= index(y, line, w) - 1e-12
    else:
        assert index(np.tile(y, times), line, np.tile(w, times)) == pytest.approx(index(y, line, w), abs=1e-12)


@EVERY
@AXIOM
@given(people=PEOPLE, line=LINES)
def test_weights_are_numbers_of_persons_and_order_means_nothing(index, people, line):
    y, w = arrays(people)
    persons = np.repeat(y, w.astype(int))
    whole = index(y, line, w)
    assert index(persons, line, np.ones(len(persons))) == pytest.approx(whole, abs=1e-12)
    assert index(y[::-1], line, w[::-1]) == pytest.approx(whole, abs=1e-13)


@EVERY
@AXIOM
@given(people=PEOPLE, line=LINES, factor=st.floats(1.0, 50.0))
def test_focus_what_the_rich_have_does_not_matter(index, people, line, factor):
    y, w = arrays(people)
    assert index(np.where(y < line, y, factor * y), line, w) == index(y, line, w)


@EVERY
@AXIOM
@given(people=PEOPLE, line=LINES, data=st.data())
def test_monotonicity_a_poor_person_who_gains_lowers_poverty(index, people, line, data):
    y, w = arrays(people)
    i = data.draw(st.integers(0, len(y) - 1))
    assume(y[i] < 0.9 * line)
    more = y.copy()
    more[i] += data.draw(st.floats(0.05, 0.95)) * (line - y[i])  # and stays poor
    assert index(more, line, w) < index(y, line, w)


@pytest.mark.parametrize("index", [INDICES[name] for name in ("watts", "sen", "sst", "squared")])
@AXIOM
@given(people=PEOPLE, part=st.floats(0.05, 0.9), data=st.data())
def test_transfer_from_the_poorer_of_two_who_stay_poor_raises_poverty(index, people, part, data):
    y, w = arrays(people)
    line = data.draw(st.floats(1.0, 3.0)) * y.max()
    i, j = np.argsort(y, kind="stable")[sorted(data.draw(st.tuples(*[st.integers(0, len(y) - 1)] * 2)))]
    assume(y[i] < y[j])
    moved = y.copy()
    moved[i] -= part * y[i]
    moved[j] += part * y[i] * w[i] / w[j]
    assume(moved[j] < line)
    assert index(moved, line, w) > index(y, line, w) - 1e-13


@given(PEOPLE, LINES)
def test_bounds(people, line):
    y, w = arrays(people)
    headcount, gap = fgt(y, line, w, 0), fgt(y, line, w, 1)
    assert gap - 1e-12 <= sen(y, line, w) <= headcount + 1e-12
    assert gap - 1e-12 <= sen_shorrocks_thon(y, line, w) <= min(1.0, 2.0 * gap) + 1e-12
    assert watts(y, line, w) >= gap - 1e-12  # ln(z/y) ≥ 1 − y/z


@given(PEOPLE, LINES, st.data(), st.sampled_from([0, 1, 2]))
def test_poverty_falls_apart_into_subgroups(people, line, data, alpha):
    y, w = arrays(people)
    group = np.array(data.draw(st.lists(st.sampled_from("abc"), min_size=len(y), max_size=len(y))))
    found = fgt_by_group(y, line, w, group, alpha)
    assert (found.share * found.own).sum() == pytest.approx(found.whole, abs=1e-12)
    assert found.share.sum() == pytest.approx(1.0)
    if found.whole > 0:
        assert found.contribution.sum() == pytest.approx(1.0)
    for label, own in zip(found.groups, found.own, strict=True):
        mine = group == label
        assert own == pytest.approx(fgt(y[mine], line, w[mine], alpha))


# ---- what has a stated result, and what is refused


@EVERY
def test_nobody_poor_is_no_poverty_and_nobody_at_all_is_missing(index):
    assert index(np.array([5.0, 9.0]), 5.0, np.ones(2)) == 0.0
    assert math.isnan(index(np.empty(0), 5.0, np.empty(0)))
    assert math.isnan(index(np.array([1.0, 9.0]), 5.0, np.zeros(2)))


@EVERY
def test_all_equal_incomes_below_the_line_are_as_deep_as_one_gap(index):
    gap = 1 - 2.0 / 5.0
    expected = {INDICES["watts"]: math.log(2.5), INDICES["squared"]: gap * gap}.get(index, gap)
    assert index(np.full(4, 2.0), 5.0, np.arange(1.0, 5)) == pytest.approx(expected, abs=1e-12)


def test_incomes_of_nothing_and_below():
    y, w = np.array([0.0, 0.0, 9.0]), np.ones(3)
    assert sen(y, 5.0, w) == pytest.approx(2 / 3)  # I = 1, so the Gini among the poor does not matter
    assert sen_shorrocks_thon(np.array([-5.0, 9.0, 9.0]), 5.0, w) == pytest.approx(2 / 3 * (1 + 2 / 3))
    with pytest.raises(NotMeasured, match="2 of 3 values are not above 0, first in row 0; Watts takes logarithms"):
        watts(y, 5.0, w)
    with pytest.raises(NotMeasured, match="1 of 3 values are below 0, first in row 1"):
        sen(np.array([1.0, -1.0, 9.0]), 5.0, w)
    lifted, number = floored(y, 0.5)
    assert number == 2
    assert watts(lifted, 5.0, w) == pytest.approx(2 / 3 * math.log(10))


@pytest.mark.parametrize("index", [*INDICES.values(), lambda y, z, w: gini(y, w)])
def test_nan_negative_weights_and_lengths_are_refused_all_at_once(index):
    with pytest.raises(NotMeasured) as caught:
        index(np.array([1.0, np.nan, np.inf]), 5.0, np.array([1.0, -1.0, 1.0]))
    assert len(caught.value.mistakes) == 2
    assert "2 of 3 values are not finite numbers, first in row 1" in caught.value.mistakes[0]
    with pytest.raises(NotMeasured, match="lengths differ"):
        index(np.ones(3), 5.0, np.ones(2))


@EVERY
@pytest.mark.parametrize("line", [0.0, -1.0, np.nan, np.array([1.0, 0.0]), np.array([1.0])])
def test_a_line_of_nothing_is_refused(index, line):
    with pytest.raises(NotMeasured, match="line: "):
        index(np.array([1.0, 2.0]), line, np.ones(2))


def test_a_line_for_each_household_is_a_line():
    y, lines = np.array([3.0, 3.0, 8.0]), np.array([4.0, 2.0, 10.0])
    assert fgt(y, lines, np.ones(3), 0) == pytest.approx(2 / 3)
    assert watts(y, lines, np.ones(3)) == pytest.approx((math.log(4 / 3) + math.log(10 / 8)) / 3)
    assert sen(y, lines, np.ones(3)) == sen(y / lines, 1.0, np.ones(3))
