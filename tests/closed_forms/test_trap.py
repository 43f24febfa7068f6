"""The poverty trap, seen in the household core: business, consumption and investment, with all shocks off."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from fupin_sim.model import PovertyModel
from tests.strategies import scenario_of

ABILITY = np.round(np.arange(0.90, 1.22, 0.02), 2)
START = np.linspace(0.6, 14.0, 30)
YEARS = 80
NEAR = 0.4
"""Units of capital within which ends count as one: what is above its state comes down to it by wear alone."""

QUIET = {
    "scenario": {"years": YEARS}, "burn_in": {"months": 0},
    "population": {
        "counties": 1, "villages": 1, "households": len(ABILITY) * len(START), "village_spread": 0.0, "indebted": 0.0,
    },
    "process": {
        "growth": {"on": False}, "illness": {"risk": 0.0}, "disaster": {"probability": 0.0}, "job_loss": {"risk": 0.0},
        "season": {"village_spread": 0.0, "own_spread": 0.0}, "migration": {"finding": 0.0},
        "schooling": {"fee_senior_high": 0.0, "fee_college": 0.0}, "family": {"on": False},
        "motivation": {"effort": 0.0},
    },
    "measures": {"use": ["headcount"]},
}  # fmt: skip


class Ends(NamedTuple):
    """What the household aims at, shape (abilities,), and where it ends from each start, (abilities, starts)."""

    threshold: np.ndarray
    low: np.ndarray
    high: np.ndarray
    end: np.ndarray


@cache
def ends(technology: str, away: int) -> Ends:
    """Eighty years of households of four with three workers, of whom some are away, by ability and first capital."""
    model = PovertyModel(scenario_of(QUIET, process={"business": {"technology": technology}}))
    home = model.world.households
    ability, start = (grid.ravel() for grid in np.meshgrid(ABILITY, START, indexing="ij"))
    for name, value in {
        "members": 4, "workers": 3, "carers": 0, "disabled": 0, "migrants": away, "schooling": 6.5, "wage_premium": 1.0,
        "ability": ability, "capital": start, "wealth": 2_000_000.0,
    }.items():  # fmt: skip
        getattr(home, name)[:] = value
    model.live_until(model.spec.start + model.spec.months - 1)
    assert (home.migrants == away).all()
    table = [getattr(home, name).reshape(len(ABILITY), -1) for name in ("threshold", "aim_low", "aim_high", "capital")]
    threshold = table[0][:, 0].astype(np.float64)
    return Ends(threshold, table[1][:, 0], table[2][:, 0], table[3])


def states(end):
    """Groups of ends, each as its lowest and highest."""
    ordered = np.sort(end)
    return [(group.min(), group.max()) for group in np.split(ordered, np.flatnonzero(np.diff(ordered) > NEAR) + 1)]


def bistable(technology):
    threshold = ends(technology, 1).threshold
    return np.isfinite(threshold) & (threshold > 0)


def test_the_band_of_two_states_is_around_the_usual_ability_in_the_trap_setting_only():
    band = ABILITY[bistable("trap")]
    assert len(band) >= 4
    assert 0.95 < band.min() < band.max() < 1.15
    assert not bistable("no_trap").any()


@pytest.mark.parametrize("away", [1, 2])
def test_in_the_band_there_are_two_stable_states_with_the_threshold_between_them(away):
    found, band = ends("trap", away), np.flatnonzero(bistable("trap"))
    missing = [f"{ABILITY[i]:.2f}" for i in band if len(states(found.end[i])) != 2]
    assert not missing, f"not two states for abilities {', '.join(missing)} of {ABILITY[band]}"
    for i in band:
        ability, end, threshold = ABILITY[i], found.end[i], found.threshold[i]
        (_, low), (high, _) = states(end)
        assert low < threshold < high, ability
        assert low == pytest.approx(found.low[i], abs=0.1)
        # Whoever starts below the threshold ends low; from clearly above it, high.
        assert (end[threshold > START] < threshold).all(), ability
        assert (end[threshold + 0.5 < START] > threshold).all(), ability


@pytest.mark.parametrize("away", [1, 2])
@pytest.mark.parametrize("technology", ["trap", "no_trap"])
def test_elsewhere_there_is_one_state(technology, away):
    found = ends(technology, away)
    for i in np.flatnonzero(~bistable(technology)):
        groups = states(found.end[i])
        assert len(groups) == 1, f"ability {ABILITY[i]}: {groups}"
        assert groups[0][1] <= found.high[i] + NEAR


def test_the_states_are_stable_and_nothing_in_the_middle_is():
    """A household pushed off a state by less than the way to the threshold comes back to it."""
    found = ends("trap", 2)
    for i in np.flatnonzero(bistable("trap")):
        for state in (found.end[i].min(), found.end[i].max()):
            basin = (found.threshold[i] > START) == (state < found.threshold[i])
            near = basin & (np.abs(START - state) < 1.5)
            assert near.sum() >= 2
            assert np.abs(found.end[i][near] - state).max() < NEAR


def test_more_able_households_end_with_no_less():
    for technology in ("trap", "no_trap"):
        end = ends(technology, 2).end
        # Who comes down from above, by wear alone, is still on the way.
        assert (np.diff(end, axis=0) > -0.1).all(), technology
