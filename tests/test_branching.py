"""Branching: the share of futures of one moment in which a household has a poor month."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.branching import simulated_vulnerability
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.model import PovertyModel
from fupin_sim.simulation import snapshot
from tests.strategies import scenario_of

SMALL = {
    "scenario": {"start": "2016-01", "years": 3, "seed": 4}, "burn_in": {"months": 0},
    "population": {"counties": 1, "villages": 3, "households": 30},
}  # fmt: skip


@pytest.fixture(scope="module")
def moment():
    return snapshot(scenario_of(SMALL), "2016-12")


def test_vulnerability_is_the_share_of_futures_with_a_poor_month(moment):
    found = simulated_vulnerability(moment, [11, 12, 13], within=(1, 12, 24))
    by_hand = {1: 0.0, 12: 0.0, 24: 0.0}
    for seed in (11, 12, 13):
        model, ever = PovertyModel(snapshot=moment, seed=seed), np.zeros(90, bool)
        for ahead in range(1, 25):
            model.step()
            ever |= model.world.households.poor
            if ahead in by_hand:
                by_hand[ahead] = by_hand[ahead] + ever / 3
    for months, share in by_hand.items():
        assert found.vulnerability[months] == pytest.approx(share)
    assert (found.vulnerability[12] <= found.vulnerability[24]).all()
    assert 0 < found.vulnerability[24].mean() < 1
    assert found.futures == 3


def test_who_is_poor_now_is_more_vulnerable_and_households_keep_their_place(moment):
    found = simulated_vulnerability(moment, range(6), within=(12,))
    assert found.vulnerability[12][found.poor].mean() > found.vulnerability[12][~found.poor].mean()
    assert (found.luck == PovertyModel(snapshot=moment).world.households.luck).all()


def test_futures_beyond_the_end_and_twice_the_same_are_refused(moment):
    with pytest.raises(NotMeasured) as caught:
        simulated_vulnerability(moment, [1, 1], within=(12, 36))
    assert caught.value.mistakes == [
        "seeds: must be some, and all different", "within: [12, 36]; must be from 1 to 24, where the scenario ends"
    ]  # fmt: skip
