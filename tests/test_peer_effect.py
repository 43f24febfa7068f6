"""The peer effect behind adoption, estimated again on the data of Cai, de Janvry & Sadoulet 2015.

Rice farmers in Jiangxi were offered weather insurance, half of the villages with buying as the default. The share who
bought in an earlier round is endogenous; the default it was offered under is its instrument.
"""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.model import PovertyModel
from fupin_sim.parameter import parameters_of
from fupin_sim.processes.adoption import chance_of
from tests.strategies import scenario_of

CONTROLS = [
    "male", "age", "agpop", "ricearea_2010", "literacy", "intensive", "risk_averse", "disaster_prob",
]  # fmt: skip
OLS, IV = 0.452, 0.791


def slope(outcome, cause, instrument, controls, group):
    """Two-stage least squares of one cause with one instrument, within groups; the cause itself gives OLS."""
    _, where = np.unique(group, return_inverse=True)
    size = np.bincount(where)

    def within(column):
        return column - (np.bincount(where, weights=column) / size)[where]

    others = np.column_stack([within(column) for column in controls])
    y, x, z = (
        column - others @ np.linalg.lstsq(others, column, rcond=None)[0]
        for column in map(within, (outcome, cause, instrument))
    )
    return float(z @ y) / float(z @ x)


@pytest.fixture(scope="module")
def farmers():
    data = pytest.importorskip("causaldata", reason="the data of Cai et al. are in causaldata, of the extra dev")
    frame = data.social_insure.load_pandas().data
    return frame.dropna(subset=[*CONTROLS, "takeup_survey", "pre_takeup_rate", "default"])


def estimate(frame, instrument):
    controls = [frame[name].to_numpy(float) for name in CONTROLS]
    columns = (frame[name].to_numpy(float) for name in ("takeup_survey", "pre_takeup_rate", instrument))
    return slope(*columns, controls, frame["village"].to_numpy(str))


def test_the_estimates_are_those_the_model_is_set_by(farmers):
    assert len(farmers) == 1378
    assert estimate(farmers, "pre_takeup_rate") == pytest.approx(OLS, abs=0.0005)
    assert estimate(farmers, "default") == pytest.approx(IV, abs=0.0005)


def test_the_estimator_finds_a_slope_that_is_put_in():
    rng = np.random.default_rng(1)
    z, hidden, group = rng.normal(size=20_000), rng.normal(size=20_000), rng.integers(0, 50, 20_000)
    x = z + hidden + group
    y = 0.6 * x - hidden + 3.0 * group
    assert slope(y, x, z, [rng.normal(size=20_000)], group) == pytest.approx(0.6, abs=0.03)
    assert slope(y, x, x, [rng.normal(size=20_000)], group) == pytest.approx(0.1, abs=0.03)  # OLS is misled


@pytest.mark.parametrize("name", ["practices", "cooperatives"])
def test_the_range_of_the_parameter_is_between_the_two_estimates(name):
    low, high = parameters_of(BUILT_IN.processes[name])["peers"].range
    assert round(low, 2) == round(OLS, 2)
    assert round(high, 2) == round(IV, 2)
    assert low < parameters_of(BUILT_IN.processes[name])["peers"].default < high


@pytest.mark.parametrize("slope_set", [0.45, 0.62, 0.79])
@pytest.mark.parametrize("base", [-5.0, -4.0, -3.0])
def test_the_mean_of_its_derivative_over_all_shares_is_the_slope_set(slope_set, base):
    share = np.linspace(0.0, 1.0, 2001)
    derivative = np.gradient(chance_of(base, slope_set, share), share)
    assert np.trapezoid(derivative, share) == pytest.approx(slope_set, abs=1e-4)


def test_households_of_the_model_show_a_peer_effect_between_the_two_estimates():
    """Villages with every share of adopters decide once; who adopts is regressed on the share among the others."""
    people = {"villages": 400, "counties": 1, "households": 60}
    scenario = scenario_of(
        {"population": people, "burn_in": {"months": 0}, "scenario": {"years": 1}},
        process={"practices": {"on": True, "gain": 0.0, "example": 0.0, "given_up": 0.0}},
    )
    world = PovertyModel(scenario).world
    home, rng = world.households, np.random.default_rng(3)
    world.clock.month += 1
    home.practice[:] = rng.random(len(world)) < np.repeat(rng.random(400), 60)
    before = home.practice.copy()
    share = np.repeat(world.by_village(before.astype(float)) / 60, 60)
    asked = ~before & (home.workers > home.disabled)
    world.processes["practices"].decide(world, home.practice, np.ones(400, bool), 0.06)
    # Of each village as many are asked as there are left; weights make every share count alike.
    weight = 1.0 / np.maximum(1.0 - share[asked], 0.02)
    x, y = share[asked], home.practice[asked].astype(float)
    x, y = x - np.average(x, weights=weight), y - np.average(y, weights=weight)
    assert OLS < (weight * x * y).sum() / (weight * x * x).sum() < IV
