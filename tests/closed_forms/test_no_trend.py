"""Without policy and without growth the poverty headcount has no trend, from the first year after the usual burn-in.

Renewal and recovery balance disability and wear, and the population starts near to where that balance leads.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from fupin_sim.simulation import simulate
from tests.strategies import scenario_of

YEARS = 25
STILL = {
    "scenario": {"years": YEARS},
    "population": {"counties": 3, "villages": 80, "households": 40},
    "process": {"growth": {"on": False}}, "measures": {"use": ["headcount"]},
}  # fmt: skip
SEEDS = range(1, 9)
FOUND = 0.001
"""The slope a year that must not go unseen: a tenth of a point."""


@cache
def headcounts():
    """The yearly headcount of each replicate, shape (replicates, years)."""
    return np.array([headcount(scenario_of(STILL), seed) for seed in SEEDS])


def headcount(scenario, seed):
    found = simulate(scenario, seed).series["value"].to_numpy()
    assert len(found) == YEARS
    assert 0.02 < found.mean() < 0.98, "a headcount at its bound can have no slope"
    return found


def interval(yearly):
    """Student interval over replicates of their least-squares slope, 95 %; shares a year."""
    slopes = np.polyfit(np.arange(yearly.shape[1]), yearly.T, 1)[0]
    half = stats.t.ppf(0.975, len(slopes) - 1) * stats.sem(slopes)
    return slopes.mean() - half, slopes.mean() + half


def test_the_headcount_has_no_trend():
    low, high = interval(headcounts())
    assert low <= 0 <= high, f"the headcount moves by {100 * low:+.3f} to {100 * high:+.3f} points a year"


@pytest.mark.parametrize("drift", [-FOUND, FOUND])
def test_a_trend_of_a_tenth_of_a_point_a_year_would_be_found(drift):
    low, high = interval(headcounts() + drift * np.arange(YEARS))
    assert not low <= 0 <= high, "too wide an interval to tell a trend"


def test_the_start_is_not_apart_from_what_follows():
    """The first five years are neither richer nor poorer than the last five, by more than a point and a half."""
    first, last = headcounts()[:, :5].mean(), headcounts()[:, -5:].mean()
    assert abs(last - first) < 0.015, f"{first:.3f} at first, {last:.3f} at last"


def test_growth_is_a_trend_that_the_test_sees():
    growing = scenario_of(
        STILL, population={"counties": 2, "villages": 20, "households": 30},
        process={"growth": {"on": True, "wage": 0.03, "business": 0.03}},
    )  # fmt: skip
    few = np.array([headcount(growing, seed) for seed in SEEDS[:3]])
    assert interval(few)[1] < 0
