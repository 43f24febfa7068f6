"""Estimators: vulnerability, hazard regression, cost-effectiveness, errors of surveys; closed forms and refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.inference import influence
from fupin_sim.inference.cost_effectiveness import acceptability, cost_effectiveness, discounted
from fupin_sim.inference.hazard_regression import fit_hazard, person_periods
from fupin_sim.inference.least_squares import design, least_squares
from fupin_sim.inference.survey_design import bootstrap_weights, design_of, linearised_variance
from fupin_sim.inference.vulnerability import estimate_vep, vep
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.survival import hazards

RNG = np.random.default_rng(3)


# ---- vulnerability


def test_vep_of_the_test_vector():
    assert float(vep(9.0, 0.5, 4000.0)) == pytest.approx(0.07899, abs=5e-6)


def test_three_steps_find_the_mean_and_the_variance_that_made_the_incomes():
    x = RNG.uniform(0, 2, size=(60_000, 1))
    sigma = np.sqrt(0.1 + 0.2 * x[:, 0])
    income = np.exp(8.0 + 0.5 * x[:, 0] + sigma * RNG.standard_normal(len(x)))
    found = estimate_vep(income, x, 4000.0, np.ones(len(x)))
    assert found.mean_effects == pytest.approx([8.0, 0.5], abs=0.01)
    assert found.variance_effects == pytest.approx([0.1, 0.2], abs=0.01)
    assert found.floored == 0
    assert found.vulnerability == pytest.approx(vep(8.0 + 0.5 * x[:, 0], sigma, 4000.0), abs=0.02)


def test_a_variance_that_would_be_below_nothing_is_floored_and_counted():
    x = np.repeat([[0.0], [8.0], [9.0], [10.0]], 50, axis=0)
    income = np.exp(9.0 + np.where(x[:, 0] == 0, 0.8, 0.1) * np.tile([1, -1], 100))
    found = estimate_vep(income, x, 4000.0, np.ones(200))
    assert found.floored == 50  # the straight line that is nearest to .64, .01, .01, .01 is below 0 at 10
    assert np.isfinite(found.vulnerability).all()


def test_what_cannot_be_regressed_is_refused():
    with pytest.raises(NotMeasured, match="3 with the constant, of which only 2 can be told apart"):
        least_squares(np.arange(4.0), design(np.array([[1.0, 2], [2, 4], [3, 6], [4, 8]])), np.ones(4))
    with pytest.raises(NotMeasured, match="not above 0"):
        estimate_vep(np.array([0.0, 1.0, 2.0]), np.arange(3.0)[:, None], 1.0, np.ones(3))


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_least_squares_finds_a_line_whatever_the_weights(a, b):
    x = np.array([[0.0], [1.0], [5.0], [1e3]])
    assert least_squares(a + b * x[:, 0], design(x), np.array([1.0, 2, 3, 4])) == pytest.approx([a, b], abs=1e-8)


# ---- hazard regression

TIME, ENDED = np.array([1, 2, 2, 3, 3, 1, 2]), np.array([True, True, False, False, True, True, False])


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_with_dummies_of_the_date_alone_the_fit_is_the_hazard_by_duration(link):
    y, x = person_periods(TIME, ENDED, np.zeros((len(TIME), 0)))
    effects = fit_hazard(y, x, link=link).effects
    fitted = 1 / (1 + np.exp(-effects)) if link == "logit" else 1 - np.exp(-np.exp(effects))
    assert fitted == pytest.approx(hazards(TIME, ENDED).hazard)


def test_weights_are_numbers_of_cases():
    y, x, w = np.array([0.0, 1, 0, 1]), design(np.array([[0.0], [0.0], [1.0], [1.0]])), np.array([1.0, 2, 3, 1])
    many = np.repeat(np.arange(4), w.astype(int))
    found, copies = fit_hazard(y, x, w), fit_hazard(y[many], x[many])
    assert found.effects == pytest.approx(copies.effects)
    assert found.deviation == pytest.approx(copies.deviation)


def test_proportional_hazards_are_found_again():
    x = RNG.standard_normal((20_000, 1))
    rate = np.exp(-2.0 + 0.5 * x[:, 0])  # per date, the same at all
    time = np.minimum(np.ceil(RNG.exponential(1 / rate)), 6).astype(int)
    ended = time < 6
    fit = fit_hazard(*person_periods(np.minimum(time, 5), ended, x))
    assert fit.effects == pytest.approx([-2.0] * 5 + [0.5], abs=4 * fit.deviation.max())


def test_what_has_no_maximum_is_refused():
    with pytest.raises(NotMeasured, match="foretells the outcome with certainty"):
        fit_hazard(np.array([0.0, 0, 1, 1]), design(np.array([[0.0], [0.0], [1.0], [1.0]])), link="logit")
    with pytest.raises(NotMeasured, match="cannot be told apart"):
        fit_hazard(np.array([0.0, 1, 1]), np.ones((3, 2)))
    with pytest.raises(NotMeasured, match="must be 0 or 1"):
        fit_hazard(np.array([0.0, 2.0]), np.ones((2, 1)))


# ---- cost-effectiveness


def test_cost_of_an_averted_year_by_hand():
    found = cost_effectiveness(np.array([90.0, 110.0, 100.0]), np.array([0.9, 1.1, 1.0]))
    assert (found.per_averted, found.low, found.high) == pytest.approx((100.0, 100.0, 100.0))
    assert found.verdict == "costs more and averts more"


def test_fiellers_limits_hold_the_truth_as_often_as_they_say():
    hits = 0
    for _ in range(400):
        averted = RNG.normal(1.0, 0.5, 12)
        found = cost_effectiveness(50.0 * averted + RNG.normal(50.0, 40.0, 12), averted)
        hits += found.low <= 100.0 <= found.high
    assert 0.92 <= hits / 400 <= 0.98


def test_with_an_effect_that_may_be_none_the_ratio_may_be_anything():
    found = cost_effectiveness(np.array([10.0, 11.0, 9.0]), np.array([1.0, -1.0, 0.5]))
    assert (found.low, found.high) == (-math.inf, math.inf)
    none = cost_effectiveness(np.array([10.0, 11.0]), np.zeros(2))
    assert none.verdict == "no effect"
    assert math.isnan(none.per_averted)


@pytest.mark.parametrize(
    ("cost", "averted", "verdict"),
    [(-1.0, 1.0, "dominant"), (1.0, -1.0, "dominated"), (-1.0, -1.0, "costs less and averts less")],
)
def test_verdicts(cost, averted, verdict):
    assert cost_effectiveness(np.full(3, cost), np.full(3, averted)).verdict == verdict


@given(st.lists(st.tuples(st.floats(-10, 100), st.floats(-1, 10)), min_size=2, max_size=20))
def test_acceptability_is_a_share_and_grows_with_willingness_where_everything_averts(rows):
    cost, averted = np.array(rows).T
    curve = acceptability(cost, averted, np.linspace(0, 1000, 50))
    assert ((curve >= 0) & (curve <= 1)).all()
    assert curve[0] == (cost < 0).mean()
    assert (np.diff(acceptability(cost, np.abs(averted), np.linspace(0, 1000, 50))) >= 0).all()


def test_discounting_and_too_few_replicates():
    assert discounted(np.array([[1.0, 1.0, 1.0], [3.0, 0.0, 0.0]]), 0.04) == pytest.approx(
        [1 + 1 / 1.04 + 1 / 1.04**2, 3]
    )
    assert float(discounted([1.0, 2.0], 0.0)) == 3.0
    with pytest.raises(NotMeasured, match="at least 2 are needed, not 1"):
        cost_effectiveness(np.ones(1), np.ones(1))


# ---- errors of surveys


def test_without_a_design_the_error_of_a_mean_is_the_textbooks():
    y = RNG.normal(5.0, 2.0, 500)
    v = linearised_variance(influence.of_mean(y, np.ones(500)), np.ones(500), design_of(500))
    assert v == pytest.approx(y.var(ddof=1) / 500)


def test_clusters_that_are_all_alike_count_once():
    y, cluster = np.repeat(RNG.normal(5.0, 2.0, 40), 10), np.repeat(np.arange(40), 10)
    v = linearised_variance(influence.of_mean(y, np.ones(400)), np.ones(400), design_of(400, cluster))
    assert v == pytest.approx(y[::10].var(ddof=1) / 40)


def test_between_strata_nothing_varies():
    y, strata = np.repeat([1.0, 5.0], 50), np.repeat([0, 1], 50)
    v = linearised_variance(influence.of_mean(y, np.ones(100)), np.ones(100), design_of(100, None, strata))
    assert v == pytest.approx(0.0, abs=1e-30)
    alone = design_of(2, None, np.array([0, 1]))
    assert alone.alone == ("0", "1")
    assert math.isnan(linearised_variance(np.ones(2), np.ones(2), alone))


def test_linearised_and_bootstrap_errors_agree_and_are_those_of_repeated_samples():
    def sample(rng):
        cluster = np.repeat(np.arange(300), 4)
        return np.exp(0.5 * rng.standard_normal(300)[cluster] + 0.5 * rng.standard_normal(1200)), cluster

    y, cluster = sample(RNG)
    w, places = np.ones(1200), design_of(1200, cluster)
    truth = np.std([gini(sample(RNG)[0], w) for _ in range(400)])
    linear = math.sqrt(linearised_variance(influence.of_gini(y, w), w, places))
    drawn = np.std([gini(y, bootstrap_weights(places, w, i)) for i in range(400)])
    assert linear == pytest.approx(truth, rel=0.25)
    assert drawn == pytest.approx(linear, rel=0.15)


def test_bootstrap_weights_are_the_same_again_and_right_on_average():
    strata, cluster = np.repeat([0, 0, 0, 1], 5), np.repeat(np.arange(4), 5)
    places, w = design_of(20, cluster, strata), RNG.uniform(1, 3, 20)
    drawn = np.array([bootstrap_weights(places, w, i) for i in range(3_000)])
    assert (drawn[7] == bootstrap_weights(places, w, 7)).all()
    assert drawn.mean(axis=0) == pytest.approx(w, rel=0.05)
    assert (drawn[:, 15:] == w[15:]).all()  # a stratum of one cluster keeps it
    assert fgt(np.arange(20.0), 30.0, drawn[0], 0) == 1.0
