"""Targeting errors against closed forms: what an error in observed income does to a register with a quota."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from fupin_sim.draws import Draws, luck_key
from fupin_sim.measures.targeting import (
    cgh,
    exclusion_error,
    inclusion_error,
    leakage,
    targeting_differential,
)
from fupin_sim.model import PovertyModel
from fupin_sim.processes.observation import carried
from tests.strategies import scenario_of

QUOTA, SPREAD = 0.102, 0.55
TABLE = {0.10: 0.126, 0.20: 0.240, 0.30: 0.342, 0.45: 0.462}
"""Exclusion, and with this quota leakage too, by the standard deviation of the error in log income."""
HOUSEHOLDS = 30_000


def exclusion(blur: float, quota: float = QUOTA, spread: float = SPREAD) -> float:
    """The share of the poorest `quota` whom a register of that size misses, incomes and errors being lognormal."""
    r, limit = spread / np.hypot(spread, blur), norm.ppf(quota)
    found, _ = quad(lambda x: norm.pdf(x) * norm.cdf((limit - r * x) / np.sqrt(1 - r * r)), -12, limit, epsabs=1e-12)
    return float(1 - found / quota)


@pytest.mark.parametrize(("blur", "expected"), TABLE.items())
def test_the_closed_form_gives_the_table(blur, expected):
    assert exclusion(blur) == pytest.approx(expected, abs=1.2e-3)


@cache
def crowd():
    """Many households of one county, with lognormal incomes and a line below which a tenth of them are."""
    people = {"villages": 10, "counties": 1, "households": HOUSEHOLDS // 10}
    tables = {"population": people, "burn_in": {"months": 0}, "process": {
        "register": {"observation": "observed", "share": QUOTA}, "observation": {"assets": 0.0, "favour": 0.0},
    }}  # fmt: skip
    model = PovertyModel(scenario_of(tables))
    world = model.world
    z = Draws(8).normal("income", 0, luck_key(np.arange(HOUSEHOLDS)))
    income = 6_000 * np.exp(SPREAD * z)
    world.households.income12[:] = np.rint(100 * income * world.households.members)
    world.line = float(np.sort(income)[round(QUOTA * HOUSEHOLDS)])
    return world


@pytest.mark.parametrize(("blur", "expected"), [(0.0, 0.0), *TABLE.items()])
def test_a_register_opened_on_observed_incomes_errs_as_the_table_says(blur, expected):
    world = crowd()
    home, register, observation = world.households, world.processes["register"], world.processes["observation"]
    observation.values["first_pass"] = blur
    observation.weigh(world)
    home.registered[:] = False
    register.open(world)
    poor, one = world.income_pc() < world.line, np.ones(HOUSEHOLDS)
    allowed = 3 * np.sqrt(expected * (1 - expected) / poor.sum())
    assert exclusion_error(home.registered, poor, one) == pytest.approx(expected, abs=allowed)
    assert leakage(home.registered, poor, one) == pytest.approx(expected, abs=allowed)


def test_favour_and_visible_assets_make_it_worse():
    world = crowd()
    home, register, observation = world.households, world.processes["register"], world.processes["observation"]
    poor, one, found = world.income_pc() < world.line, np.ones(HOUSEHOLDS), {}
    observation.values["first_pass"] = 0.2
    for name, value in {"none": 0.0, "favour": 0.5, "assets": 0.1}.items():
        if name in observation.values:
            observation.values[name] = value
        observation.weigh(world)
        home.registered[:] = False
        register.open(world)
        found[name] = exclusion_error(home.registered, poor, one)
        observation.values |= {"favour": 0.0, "assets": 0.0}
    assert min(found["favour"], found["assets"]) > found["none"] + 0.02


@pytest.mark.parametrize(("favour", "lifts_fewer"), [(0.0, False), (0.33, False), (2.0, True)])
def test_where_strong_favour_goes_to_wealth_targeted_money_lifts_fewer_than_money_for_all(favour, lifts_fewer):
    """60 yuan a head, administration within. Favour as strong as that is far beyond what is plausible, .33 at most."""
    world = crowd()
    home, register, observation = world.households, world.processes["register"], world.processes["observation"]
    gap, kept = world.line - world.income_pc(), home.wealth.copy()
    observation.values |= {"first_pass": 0.2, "favour": favour, "favoured_clan": 0.0}
    home.wealth[:] = home.income12
    observation.weigh(world)
    home.registered[:] = False
    register.open(world)
    home.wealth[:] = kept
    observation.values |= {"favour": 0.0, "favoured_clan": 0.5}
    each = 60 / 1.08 / home.registered.mean()
    targeted = ((gap > 0) & (gap <= each) & home.registered).sum()
    uniform = ((gap > 0) & (gap <= 60 / 1.02)).sum()
    assert (targeted < 0.95 * uniform) == lifts_fewer
    assert lifts_fewer or targeted > 2 * uniform


def test_team_work_in_the_village_makes_it_better():
    world = crowd()
    home, register, observation = world.households, world.processes["register"], world.processes["observation"]
    observation.values["first_pass"] = 0.45
    world.villages.exposure_observed[:] = 1.0
    observation.weigh(world)
    home.registered[:] = False
    register.open(world)
    world.villages.exposure_observed[:] = 0.0
    poor, one = world.income_pc() < world.line, np.ones(HOUSEHOLDS)
    assert exclusion_error(home.registered, poor, one) == pytest.approx(exclusion(0.45 * 0.4), abs=0.03)


def test_errors_keep_their_variance_and_their_correlation_over_the_years():
    n, rho = 200_000, 0.7
    draws, luck = Draws(3), luck_key(np.arange(n))
    years = [np.full(n, np.nan, np.float32)]
    for year in range(4):
        years.append(carried(years[-1], draws.normal("observation", year, luck), rho).astype(np.float32))
    for year in years[1:]:
        assert year.std() == pytest.approx(1.0, abs=0.01)
    for lag in (1, 2, 3):
        assert np.corrcoef(years[1], years[1 + lag])[0, 1] == pytest.approx(rho**lag, abs=0.01)


# ---- measures


def test_a_blind_register_covers_the_poor_and_the_others_alike():
    poor = np.arange(1_000) < 100
    covered = np.arange(1_000) % 10 < 3
    one = np.ones(1_000)
    assert targeting_differential(covered, poor, one) == pytest.approx(0.0)
    assert exclusion_error(covered, poor, one) == pytest.approx(0.7)
    assert inclusion_error(covered, poor, one) == pytest.approx(0.3)
    assert leakage(covered, poor, one) == pytest.approx(0.9)


groups = st.integers(1, 30).flatmap(
    lambda n: st.tuples(*(st.lists(st.booleans(), min_size=n, max_size=n) for _ in range(2)),
                        st.lists(st.integers(1, 9), min_size=n, max_size=n))
)  # fmt: skip


@given(groups)
def test_errors_are_one_bookkeeping_of_who_is_covered(group):
    covered, poor, persons = np.array(group[0]), np.array(group[1]), np.array(group[2], float)
    missed, taken_in, leaked = (f(covered, poor, persons) for f in (exclusion_error, inclusion_error, leakage))
    reached = persons[covered].sum()
    if poor.any() and (~poor).any() and covered.any():
        assert leaked * reached == pytest.approx(taken_in * persons[~poor].sum())
        assert (1 - leaked) * reached == pytest.approx((1 - missed) * persons[poor].sum())
        assert targeting_differential(covered, poor, persons) == pytest.approx(1 - missed - taken_in)
    assert np.isnan(missed) == (not poor.any())
    assert np.isnan(taken_in) == bool(poor.all())
    assert np.isnan(leaked) == (not covered.any())


@pytest.mark.parametrize("power", [-0.5, 0.0, 1.0])
def test_cgh_of_benefits_that_are_a_power_of_rank(power):
    """With benefit r^a at rank r the poorest 40 % have .4^(a+1) of it."""
    rank = (np.arange(100_000) + 0.5) / 100_000
    assert cgh(rank**power, rank, np.ones(len(rank))) == pytest.approx(0.4**power, rel=5e-3)


def test_cgh_counts_persons_and_is_missing_where_nobody_is_paid():
    assert cgh(np.array([4.0, 6.0]), np.array([1.0, 2.0]), np.array([4.0, 6.0])) == pytest.approx(1.0)
    assert cgh(np.array([4.0, 0.0]), np.array([1.0, 2.0]), np.array([4.0, 6.0])) == pytest.approx(2.5)
    assert np.isnan(cgh(np.zeros(2), np.array([1.0, 2.0]), np.ones(2)))


def test_the_error_at_which_half_of_the_poor_are_missed_is_beyond_that_of_a_first_pass():
    """A reader of the table will ask; it is a number of the closed form, not of the model."""
    assert 0.45 < brentq(lambda blur: exclusion(blur) - 0.5, 0.1, 2.0) < 0.55
