"""Without policy and without growth the poverty headcount has no trend: renewal balances decay.

The default population starts with more capital than it can keep unsupported, and the headcount rises while that
wears away: by about a third of a point a year at first, and it takes decades to settle. Here the start is forgotten
before the years that count.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from fupin_sim.simulate import simulate
from tests.strategies import scenario_of

YEARS = 25
STILL = {
    "scenario": {"years": YEARS}, "burn_in": {"months": 480},
    "population": {"counties": 3, "villages": 24, "households": 40},
    "process": {"growth": {"on": False}}, "measures": {"use": ["headcount"]},
}  # fmt: skip
SEEDS = range(1, 9)


def slopes(scenario, seeds=SEEDS):
    """Least-squares slope of the yearly headcount of each replicate, in shares a year."""
    found = []
    for seed in seeds:
        headcount = simulate(scenario, seed).series["value"].to_numpy()
        assert len(headcount) == YEARS
        assert 0.02 < headcount.mean() < 0.98, "a headcount at its bound can have no slope"
        found.append(np.polyfit(np.arange(YEARS), headcount, 1)[0])
    return np.array(found)


def interval(found):
    """Student interval of the mean over replicates, 95 %."""
    half = stats.t.ppf(0.975, len(found) - 1) * stats.sem(found)
    return found.mean() - half, found.mean() + half


def test_the_headcount_has_no_trend():
    low, high = interval(slopes(scenario_of(STILL)))
    assert low <= 0 <= high, f"the headcount moves by {100 * low:+.2f} to {100 * high:+.2f} points a year"
    assert high - low < 0.004, "too wide to tell a trend"


def test_growth_is_a_trend_that_the_test_sees():
    growing = scenario_of(STILL, process={"growth": {"on": True, "wage": 0.03, "business": 0.03}})
    assert interval(slopes(growing, range(1, 4)))[1] < 0
