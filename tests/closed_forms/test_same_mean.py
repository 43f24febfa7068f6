"""The two technologies give the same mean business income, so that a trap is not confounded with being poorer."""

from __future__ import annotations

import numpy as np

from fupin_sim.simulation import simulate

SEEDS = range(1, 5)


def business(technology):
    """Mean business income per person and year of the baseline, yuan, over replicates and years."""
    sets = {
        "process.business.technology": technology, "population.villages": 40, "population.households": 60,
        "measures.use": ["income_by_source"],
    }  # fmt: skip
    values = []
    for seed in SEEDS:
        series = simulate("baseline", seed, sets=sets).series
        values.append(series.loc[series["group"] == "source:business", "value"].mean())
    return float(np.mean(values))


def test_mean_business_income_agrees_within_one_percent():
    trap, no_trap = business("trap"), business("no_trap")
    assert abs(no_trap / trap - 1) < 0.01, f"trap {trap:.0f}, no trap {no_trap:.0f} yuan per person-year"
