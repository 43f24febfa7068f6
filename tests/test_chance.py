"""Counts by chance are quantiles of the distributions they are named after."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fupin_sim.chance import binomial, markov, may_succeed, second_smallest

UNIFORM = st.floats(2**-53, 1 - 2**-53)
CHANCE = st.one_of(st.floats(0.0, 1.0), st.sampled_from([0.0, 0.5, 1.0]))


@given(st.lists(st.tuples(UNIFORM, st.integers(0, 100), CHANCE), min_size=1, max_size=30))
def test_the_count_is_the_binomial_quantile(cases: list[tuple[float, int, float]]) -> None:
    u, n, p = (np.array(column) for column in zip(*cases, strict=True))
    count = binomial(u, n.astype(np.int8), p)
    # Where u lies within rounding of a step, either side of the step is right.
    low, high = (stats.binom.ppf(np.clip(u + shift, 0.0, 1.0), n, p).clip(0, n) for shift in (-1e-13, 1e-13))
    assert ((low <= count) & (count <= high)).all()


@given(UNIFORM, st.integers(0, 20), st.floats(0.0, 0.99), st.floats(1e-9, 0.01), st.integers(1, 5))
def test_the_count_never_falls_when_chance_or_number_rises(u: float, n: int, p: float, rise: float, more: int) -> None:
    counts = binomial(np.full(3, u), np.array([n, n, n + more]), np.array([p, p + rise, p]))
    assert counts[0] <= counts[1]
    assert counts[0] <= counts[2]


def test_one_number_for_all_is_the_same_as_a_column_of_it() -> None:
    u, n = np.linspace(0.001, 0.999, 500), np.arange(500) % 7
    assert (binomial(u, n, 0.3) == binomial(u, n, np.full(500, 0.3))).all()


def test_the_mean_count_over_all_uniforms_is_the_number_times_the_chance() -> None:
    u = (np.arange(100_000) + 0.5) / 100_000
    for p in (0.03, 0.4, 0.6, 0.97):
        assert binomial(u, np.full(len(u), 6, np.int8), p).mean() == pytest.approx(6 * p, abs=1e-4)


def test_a_bound_passes_over_only_rows_without_success() -> None:
    u, n = np.tile(np.linspace(0.001, 0.999, 300), 4), np.repeat([0, 1, 2, 8], 300)
    counted = np.flatnonzero(binomial(u, n, 0.1))
    assert set(counted) <= set(may_succeed(u, n, 0.1))
    assert 0 < len(may_succeed(u, n, 0.1)) < len(u)


def test_a_chain_keeps_its_long_run_share() -> None:
    random, state = np.random.default_rng(1), np.zeros(20_000, bool)
    shares = []
    for _ in range(60):
        state = markov(random.random(len(state)), state, 0.2, 0.5)
        shares.append(state.mean())
    assert np.mean(shares[10:]) == pytest.approx(0.2, abs=0.005)


def test_the_second_smallest_of_nine_is_beta_distributed() -> None:
    found = second_smallest(np.random.default_rng(2).random((20_000, 9)))
    assert stats.kstest(found, stats.beta(2, 8).cdf).pvalue > 1e-3
