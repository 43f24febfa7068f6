"""Chance by quantile: binomial counts, spells of a two-state chain, the second smallest of some uniforms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fupin_sim.chance import binomial, markov, second_smallest
from fupin_sim.draws import Draws, luck_key

LUCK = luck_key("closed forms", np.arange(200_000))
U = Draws(20).uniform("closed forms", 0, LUCK)
INSIDE = st.floats(1e-12, 1 - 1e-12)


# ---- binomial


@pytest.mark.parametrize("p", [0.0, 1e-9, 0.003, 0.3, 0.5, 0.97, 1.0])
@pytest.mark.parametrize("n", [0, 1, 2, 5, 17, 100])
def test_the_quantiles_are_those_of_the_binomial_distribution(n, p):
    u = U[:3000]
    found, expected = binomial(u, np.full(3000, n), p), np.maximum(stats.binom.ppf(u, n, p), 0)
    different = found != expected
    edges = stats.binom.cdf(np.minimum(found, expected), n, p)
    assert (np.abs(u - edges)[different] < 1e-12).all()  # where u falls on a step to the last digits


def test_many_trials_of_different_households_at_once():
    n, p = np.arange(len(U)) % 9, (np.arange(len(U)) % 101) / 100
    expected = np.maximum(stats.binom.ppf(U, n, p), 0)
    assert binomial(U, n.astype(np.int8), p).tolist() == expected.tolist()


def test_nobody_succeeds_without_a_chance_and_everybody_with_certainty():
    n = np.arange(200) % 101
    assert not binomial(U[:200], n, 0.0).any()
    assert binomial(U[:200], n, 1.0).tolist() == n.tolist()
    assert binomial(U[:200], n, np.full(200, 1.5)).tolist() == n.tolist()
    assert binomial(U[:0], n[:0], 0.5).tolist() == []


@given(INSIDE, st.integers(0, 100), st.floats(0, 1), st.floats(0, 1))
def test_more_luck_more_trials_and_a_better_chance_never_mean_fewer(u, n, p, q):
    p, q = sorted((p, q))

    def count(u, n, p):
        return int(binomial(np.array([u]), np.array([n]), p)[0])

    assert 0 <= count(u, n, p) <= count(u, n, q) <= n
    assert count(u, n, p) <= count(u, n + 1, p) if n < 100 else True
    assert count(u / 2, n, p) <= count(u, n, p)


@given(st.lists(st.tuples(INSIDE, st.integers(0, 20), st.floats(0, 1)), min_size=2, max_size=8))
def test_a_household_is_the_same_alone_and_among_others(rows):
    u, n, p = map(np.array, zip(*rows, strict=True))
    together = binomial(u, n, p)
    assert together.tolist() == [int(binomial(u[i : i + 1], n[i : i + 1], p[i : i + 1])[0]) for i in range(len(u))]


def test_the_mean_and_variance_are_np_and_npq():
    found = binomial(U, np.full(len(U), 6), 0.35)
    assert found.mean() == pytest.approx(6 * 0.35, abs=4 * np.sqrt(6 * 0.35 * 0.65 / len(U)))
    assert found.var() == pytest.approx(6 * 0.35 * 0.65, rel=0.02)


# ---- a two-state chain


def chain(p, correlation, years=400, places=2000):
    """States of places by year, from the long-run share on."""
    draws, luck = Draws(3), LUCK[:places]
    state = draws.uniform("start", 0, luck) < p
    states = []
    for year in range(years):
        state = markov(draws.uniform("year", year, luck), state, p, correlation)
        states.append(state)
    return np.array(states)


@pytest.mark.parametrize(("p", "correlation"), [(0.1, 0.5), (0.4, 0.8), (0.3, 0.0)])
def test_spells_are_geometric_with_the_share_and_autocorrelation_asked_for(p, correlation):
    """Bad spells last 1/((1−p)(1−c)) years, good ones 1/(p(1−c)); the share of bad years is p."""
    states = chain(p, correlation)
    assert states.mean() == pytest.approx(p, rel=0.03)
    now, following = states[:-1].ravel(), states[1:].ravel()
    assert np.corrcoef(now, following)[0, 1] == pytest.approx(correlation, abs=0.01)
    leaving, entering = (1 - p) * (1 - correlation), p * (1 - correlation)
    for length, rate, bad in ((_spells(states, True), leaving, True), (_spells(states, False), entering, False)):
        assert length.mean() == pytest.approx(1 / rate, rel=0.03), bad
        # The hazard does not hang on how long a spell has lasted.
        for years in (1, 2, 4):
            at_risk = length[length >= years]
            noise = np.sqrt(rate * (1 - rate) / len(at_risk))
            assert np.mean(at_risk == years) == pytest.approx(rate, abs=4 * noise), (bad, years)


def _spells(states, value):
    """Lengths of spells that began and, far from the end, could end in sight."""
    starts = (states[1:] == value) & (states[:-1] != value)
    lengths = []
    for year, place in zip(*np.nonzero(starts[: len(states) // 2, :500]), strict=True):
        after = np.flatnonzero(states[year + 1 :, place] != value)
        if len(after):
            lengths.append(after[0])
    return np.array(lengths)


def test_a_chain_without_chance_never_leaves_and_without_luck_never_enters():
    state = np.array([True, False])
    assert markov(np.array([0.999, 1e-9]), state, np.array([0.2, 0.2]), 1.0).tolist() == [True, False]
    assert markov(np.array([1e-9, 1e-9]), state, 0.0, 0.5).tolist() == [True, False]
    assert markov(np.array([1e-9, 1e-9]), state, 0.0, 0.0).tolist() == [False, False]
    assert markov(np.array([0.999, 0.699]), state, 1.0, 0.3).tolist() == [True, True]


# ---- order statistics


def test_the_second_smallest_of_nine_is_beta_2_8():
    u = U[: 9 * 20_000].reshape(20_000, 9)
    assert stats.kstest(second_smallest(u), stats.beta(2, 8).cdf).pvalue > 0.01
    assert stats.kstest(second_smallest(u), stats.beta(2, 9).cdf).pvalue < 1e-6


def test_the_second_smallest_counts_equals():
    assert second_smallest(np.array([[0.5, 0.2, 0.2, 0.9], [0.4, 0.3, 0.2, 0.1]])).tolist() == [0.2, 0.2]
