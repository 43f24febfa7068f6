"""Coverage after stopping: how often the interval at which a study stops holds the true difference."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fupin_sim.paired.effect import half_width, moments
from fupin_sim.paired.stopping import Rule, enough

TRIALS, MOST = 3_000, 400
TARGETS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6)
"""Half-widths, in standard deviations of the difference."""
RULE = Rule(20, 10, MOST, {"it": 1.0})


@cache
def looked_at(kind):
    """At each look: pairs, then mean, half-width and skewness of all trials; the true mean of the differences is 0."""
    rng = np.random.default_rng(20161018)
    size = (TRIALS, MOST)
    differences = rng.normal(size=size) if kind == "normal" else rng.exponential(size=size) - 1.0
    seen = []
    for n in RULE.looks():
        mean, sd, skew = moments(differences[:, :n])
        seen.append((n, mean, half_width(sd, n), skew))
    return seen


def stopped(kind, target):
    """Share of trials whose interval holds 0 where they stop, and the mean number of pairs there."""
    going, held, pairs = np.ones(TRIALS, bool), np.zeros(TRIALS, bool), np.zeros(TRIALS)
    for n, mean, half, skew in looked_at(kind):
        here = going & (enough(half, skew, n, target) | (n == MOST))
        held[here], pairs[here] = (np.abs(mean) <= half)[here], n
        going &= ~here
    assert not going.any()
    return held.mean(), pairs.mean()


@pytest.mark.parametrize("target", TARGETS)
def test_normal_differences_are_covered_as_said(target):
    covered, pairs = stopped("normal", target)
    assert 0.93 <= covered <= 0.97
    assert pairs < 1.3 * max((1.96 / target) ** 2, 20)  # nor does it go on for longer than it must


@pytest.mark.parametrize("target", TARGETS)
def test_exponential_differences_are_covered_in_nine_of_ten(target):
    covered, _ = stopped("exponential", target)
    assert covered >= 0.90


def test_without_the_rule_for_skewed_series_they_would_not_be(monkeypatch):
    """The rule earns its runs: a skewed series would otherwise stop when its variance happens to be small."""
    kept = stopped("exponential", 0.25)
    monkeypatch.setattr("fupin_sim.paired.stopping.SKEWED", np.inf)
    without = stopped("exponential", 0.25)
    assert without[0] < kept[0] - 0.015
    assert without[1] < kept[1]
