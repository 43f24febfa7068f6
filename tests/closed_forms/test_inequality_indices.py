"""Theil, Atkinson and Palma: closed forms, axioms, what is missing; and the influence that errors are made of."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fupin_sim.inference import influence
from fupin_sim.measures.atkinson import atkinson
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.palma import palma, share_of_poorest
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.sen import sen, sen_shorrocks_thon
from fupin_sim.measures.theil import mean_log_deviation, theil, theil_by_group
from fupin_sim.measures.watts import watts
from tests.measuring import AXIOM, ONE, PEOPLE, VECTOR, arrays

INDICES = {
    "gini": gini,
    "theil": theil,
    "mld": mean_log_deviation,
    "atkinson_half": lambda y, w: atkinson(y, w, 0.5),
    "atkinson_1": atkinson,
    "atkinson_2": lambda y, w: atkinson(y, w, 2.0),
    "palma": palma,
}
EVERY = pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
U = (np.arange(400_000) + 0.5) / 400_000
EACH = np.ones(len(U))


# ---- closed forms


@pytest.mark.parametrize("sigma", [0.3, 0.8])
def test_lognormal_incomes(sigma):
    """T = L = σ²/2, A_ε = 1 − exp(−ε σ²/2), Lorenz curve Φ(Φ⁻¹(p) − σ)."""
    from scipy.special import ndtr, ndtri

    y = np.exp(sigma * ndtri(U))
    assert theil(y, EACH) == pytest.approx(sigma**2 / 2, rel=2e-3)
    assert mean_log_deviation(y, EACH) == pytest.approx(sigma**2 / 2, rel=2e-3)
    for aversion in (0.5, 1.0, 2.0):
        assert atkinson(y, EACH, aversion) == pytest.approx(1 - math.exp(-aversion * sigma**2 / 2), rel=2e-3)
    for part in (0.1, 0.4, 0.9):
        assert share_of_poorest(y, EACH, part) == pytest.approx(ndtr(ndtri(part) - sigma), rel=1e-3)
    top = 1 - ndtr(ndtri(0.9) - sigma)
    assert palma(y, EACH) == pytest.approx(top / ndtr(ndtri(0.4) - sigma), rel=2e-3)


@pytest.mark.parametrize("shape", [2.5, 5.0])
def test_pareto_incomes(shape):
    """T = ln((a − 1)/a) + 1/(a − 1); L = ln(a/(a − 1)) − 1/a."""
    y = (1 - U) ** (-1 / shape)
    assert theil(y, EACH) == pytest.approx(math.log((shape - 1) / shape) + 1 / (shape - 1), rel=0.02)
    assert mean_log_deviation(y, EACH) == pytest.approx(math.log(shape / (shape - 1)) - 1 / shape, rel=0.005)


def test_palma_by_hand():
    assert palma(VECTOR, ONE) == pytest.approx(20 / 10)  # the tenth over the first four
    # Five households of two: the poorest tenth of persons is half of a household.
    assert palma(np.array([1.0, 2, 3, 4, 10]), 2 * np.ones(5)) == pytest.approx(5 / 3)


# ---- axioms


@EVERY
@AXIOM
@given(people=PEOPLE, unit=st.sampled_from([0.125, 3.0, 1024.0]))
def test_another_unit_of_money_changes_nothing(index, people, unit):
    y, w = arrays(people)
    assert index(unit * y, w) == pytest.approx(index(y, w), rel=1e-9, abs=1e-12)


@EVERY
@AXIOM
@given(people=PEOPLE, times=st.integers(2, 4))
def test_a_population_many_times_over_is_as_unequal_and_order_means_nothing(index, people, times):
    y, w = arrays(people)
    whole = pytest.approx(index(y, w), rel=1e-9, abs=1e-12)
    persons = np.repeat(y, w.astype(int))
    assert index(np.tile(y, times), np.tile(w, times)) == whole
    assert index(persons, np.ones(len(persons))) == whole
    assert index(y[::-1], w[::-1]) == whole


@EVERY
@AXIOM
@given(people=PEOPLE, part=st.floats(0.05, 0.9), data=st.data())
def test_transfer_from_poorer_to_richer_never_lowers_inequality(index, people, part, data):
    y, w = arrays(people)
    i, j = np.argsort(y, kind="stable")[sorted(data.draw(st.tuples(*[st.integers(0, len(y) - 1)] * 2)))]
    assume(y[i] < y[j])
    moved = y.copy()
    moved[i] -= part * y[i]
    moved[j] += part * y[i] * w[i] / w[j]
    assert index(moved, w) >= index(y, w) - 1e-9 * abs(index(y, w)) - 1e-12


@given(PEOPLE)
def test_bounds(people):
    y, w = arrays(people)
    assert -1e-12 <= theil(y, w) <= math.log(w.sum()) + 1e-12
    assert mean_log_deviation(y, w) >= -1e-12
    assert -1e-12 <= atkinson(y, w, 0.5) <= atkinson(y, w, 1.0) + 1e-12 <= atkinson(y, w, 2.0) + 2e-12 <= 1.0
    assert atkinson(y, w, 1.0) == pytest.approx(1 - math.exp(-mean_log_deviation(y, w)), abs=1e-12)
    assert palma(y, w) >= 0.25 - 1e-12


@given(PEOPLE, st.data())
def test_theil_falls_apart_into_within_and_between(people, data):
    y, w = arrays(people)
    group = np.array(data.draw(st.lists(st.sampled_from("abc"), min_size=len(y), max_size=len(y))))
    found = theil_by_group(y, w, group)
    means = {label: np.average(y[group == label], weights=w[group == label]) for label in found.groups}
    between = theil(np.array([means[label] for label in group]), w)
    assert found.between == pytest.approx(between, abs=1e-9)
    assert found.within + found.between == pytest.approx(theil(y, w), abs=1e-12)
    for label, own in zip(found.groups, found.own, strict=True):
        assert own == pytest.approx(theil(y[group == label], w[group == label]), abs=1e-9)


# ---- what has a stated result, and what is refused


@EVERY
def test_equal_incomes_are_not_unequal_and_nobody_is_missing(index):
    equal = 0.25 if index is palma else 0.0
    assert index(np.full(7, 3.0), np.arange(1.0, 8)) == pytest.approx(equal, abs=1e-14)
    assert math.isnan(index(np.empty(0), np.empty(0)))
    assert math.isnan(index(np.array([1.0, 2.0]), np.zeros(2)))


@pytest.mark.parametrize("index", [theil, atkinson, palma, gini])
def test_no_income_at_all_is_missing(index):
    assert math.isnan(index(np.zeros(3), np.ones(3)))


def test_some_without_income():
    y, w = np.array([0.0, 2.0]), np.ones(2)
    assert theil(y, w) == pytest.approx(math.log(2))
    assert [atkinson(y, w, e) for e in (1.0, 2.0)] == [1.0, 1.0]
    assert atkinson(y, w, 0.5) == pytest.approx(0.5)
    assert math.isnan(palma(y, w)) or palma(y, w) > 0
    with pytest.raises(NotMeasured, match="not above 0"):
        mean_log_deviation(y, w)


@pytest.mark.parametrize("index", [theil, atkinson, mean_log_deviation])
def test_negative_incomes_are_refused(index):
    with pytest.raises(NotMeasured, match="1 of 2 values"):
        index(np.array([-1.0, 2.0]), np.ones(2))


def test_a_negative_aversion_is_refused():
    with pytest.raises(NotMeasured, match="aversion: must be at least 0, not -1"):
        atkinson(VECTOR, ONE, -1.0)


# ---- influence: the derivative of an index with regard to each weight

Y = np.array([7.0, 1.0, 3.5, 3.5, 12.0, 40.0, 2.0, 5.0, 9.0])
W = np.array([1.0, 2.0, 1.5, 2.5, 1.0, 0.5, 3.0, 2.0, 1.0])
LINE = np.full(len(Y), 6.0)
SLOPES = {
    "gini": (lambda w: gini(Y, w), influence.of_gini(Y, W)),
    "theil": (lambda w: theil(Y, w), influence.of_theil(Y, W)),
    "mld": (lambda w: mean_log_deviation(Y, w), influence.of_mld(Y, W)),
    "atkinson_1": (lambda w: atkinson(Y, w), influence.of_atkinson(Y, W)),
    "atkinson_half": (lambda w: atkinson(Y, w, 0.5), influence.of_atkinson(Y, W, 0.5)),
    "palma": (lambda w: palma(Y, w), influence.of_palma(Y, W)),
    "watts": (lambda w: watts(Y, LINE, w), influence.of_watts(Y, LINE, W)),
    "sen": (lambda w: sen(Y, LINE, w), influence.of_sen(Y, LINE, W)),
    "sst": (lambda w: sen_shorrocks_thon(Y, LINE, w), influence.of_sst(Y, LINE, W)),
    **{
        f"fgt{a}": (lambda w, a=a: fgt(Y, LINE, w, a), influence.of_fgt(Y, LINE, W, a)) for a in (0, 1, 2)
    },
}  # fmt: skip


@pytest.mark.parametrize(("index", "slope"), SLOPES.values(), ids=SLOPES)
def test_influence_is_the_derivative_by_each_weight(index, slope):
    step = 1e-6
    for i in range(len(W)):
        more, less = W.copy(), W.copy()
        more[i] += step
        less[i] -= step
        assert slope[i] == pytest.approx((index(more) - index(less)) / (2 * step), rel=1e-5, abs=1e-8)
    assert (W * slope).sum() == pytest.approx(0.0, abs=1e-12)  # all weights together mean nothing


def test_influence_without_the_poor_is_none():
    rich = np.array([7.0, 9.0])
    assert influence.of_sen(rich, np.full(2, 5.0), np.ones(2)).tolist() == [0.0, 0.0]
    assert influence.of_sst(rich, np.full(2, 5.0), np.ones(2)).tolist() == [0.0, 0.0]
