"""Measures against the test vector, closed forms and the axioms they are known by."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fupin_sim.agents.household import NEVER
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.draws import Draws, luck_key
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.returns import return_rate
from fupin_sim.model import PovertyModel
from fupin_sim.recorder import Recorder
from tests.strategies import scenario_of

VECTOR = np.array([1.0, 2, 3, 4, 5, 6, 8, 10, 14, 20])
ONE = np.ones(10)
Z = 5.5

U = (np.arange(1_000_000) + 0.5) / 1_000_000
EACH = np.ones(len(U))


# ---- the test vector


@pytest.mark.parametrize(("alpha", "expected"), [(0, 0.5), (1, 0.2272727), (2, 0.1363636)])
def test_poverty_of_the_test_vector(alpha, expected):
    assert fgt(VECTOR, Z, ONE, alpha) == pytest.approx(expected, abs=5e-8)


def test_gini_of_the_test_vector():
    assert gini(VECTOR, ONE) == pytest.approx(0.4150685, abs=5e-8)


# ---- closed forms


@pytest.mark.parametrize("shape", [2.5, 4.0, 10.0])
def test_gini_of_pareto(shape):
    assert gini((1 - U) ** (-1 / shape), EACH) == pytest.approx(1 / (2 * shape - 1), rel=2e-3)


@pytest.mark.parametrize("shape", [0.7, 1.0, 3.0])
def test_gini_of_weibull(shape):
    assert gini((-np.log1p(-U)) ** (1 / shape), EACH) == pytest.approx(1 - 2 ** (-1 / shape), rel=1e-3)


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (2.0, 5.0)])
def test_gini_of_uniform(low, high):
    assert gini(low + (high - low) * U, EACH) == pytest.approx((high - low) / (3 * (high + low)), rel=1e-6)


@pytest.mark.parametrize(("top", "line"), [(1.0, 0.4), (3.0, 2.0), (1.0, 2.0)])
def test_poverty_of_uniform(top, line):
    """FGT_α of incomes even on (0, b): (z/b)/(α + 1) below b."""
    for alpha in (0, 1, 2):
        if line <= top:
            expected = line / top / (alpha + 1)
        else:  # everybody is poor
            expected = (1 - (1 - top / line) ** (alpha + 1)) / (top / line) / (alpha + 1)
        assert fgt(top * U, line, EACH, alpha) == pytest.approx(expected, rel=1e-5)


def test_gini_by_pairs():
    """Half the mean difference of all pairs of persons over the mean income, each household as often as its members."""
    y, members = np.array([3.0, 0.0, 7.0, 7.0, 1.5]), np.array([2.0, 5.0, 1.0, 3.0, 4.0])
    persons = np.repeat(y, members.astype(int))
    expected = np.abs(persons[:, None] - persons).mean() / 2 / persons.mean()
    assert gini(y, members) == pytest.approx(expected, rel=1e-12)


def test_gini_by_ranks():
    n = len(VECTOR)
    ranks = np.arange(1, n + 1)
    assert gini(VECTOR, ONE) == pytest.approx(((2 * ranks - n - 1) * VECTOR).sum() / (n * VECTOR.sum()), rel=1e-14)


def test_the_ends_of_gini():
    assert gini(np.full(7, 3.0), np.arange(1.0, 8)) == pytest.approx(0, abs=1e-15)
    assert gini(np.r_[np.zeros(999), 1.0], np.ones(1000)) == pytest.approx(0.999)


@pytest.mark.parametrize(
    ("values", "weight"),
    [([], []), ([0.0, 0.0], [1.0, 2.0]), ([1.0, 2.0], [0.0, 0.0])],
    ids=["nobody", "no income", "no persons"],
)
def test_what_has_nothing_to_share_is_missing_not_an_error(values, weight):
    assert math.isnan(gini(np.array(values), np.array(weight)))


def test_poverty_of_nobody_is_missing():
    assert all(math.isnan(fgt(np.empty(0), 1.0, np.empty(0), alpha)) for alpha in (0, 1, 2))


def test_who_is_at_the_line_is_not_poor():
    assert fgt(np.array([4000.0, np.nextafter(4000.0, 0)]), 4000.0, np.ones(2), 0) == 0.5


# ---- axioms

INCOMES = st.lists(st.tuples(st.floats(0.01, 1e5), st.integers(1, 9)), min_size=1, max_size=25)
LINES = st.floats(1.0, 5e4)
ALPHAS = st.sampled_from([0, 1, 2])


def arrays(people):
    y, weight = map(np.array, zip(*people, strict=True))
    return y, weight.astype(float)


@given(INCOMES, LINES, st.sampled_from([0.125, 2.0, 1024.0]))
def test_another_unit_of_money_changes_nothing(people, line, unit):
    y, weight = arrays(people)
    assert gini(unit * y, weight) == gini(y, weight)  # powers of two leave no rounding
    assert all(fgt(unit * y, unit * line, weight, alpha) == fgt(y, line, weight, alpha) for alpha in (0, 1, 2))


@given(INCOMES, LINES, st.integers(2, 5))
def test_a_population_twice_over_is_as_poor_and_as_unequal(people, line, times):
    y, weight = arrays(people)
    copies = np.tile(y, times), np.tile(weight, times)
    assert gini(*copies) == pytest.approx(gini(y, weight), abs=1e-12)
    assert gini(y, times * weight) == pytest.approx(gini(y, weight), abs=1e-12)
    for alpha in (0, 1, 2):
        assert fgt(copies[0], line, copies[1], alpha) == pytest.approx(fgt(y, line, weight, alpha), abs=1e-12)


@given(INCOMES, LINES)
def test_a_household_of_n_is_n_households_of_one(people, line):
    y, weight = arrays(people)
    persons = np.repeat(y, weight.astype(int))
    assert gini(y, weight) == pytest.approx(gini(persons, np.ones(len(persons))), abs=1e-12)
    for alpha in (0, 1, 2):
        expected = fgt(persons, line, np.ones(len(persons)), alpha)
        assert fgt(y, line, weight, alpha) == pytest.approx(expected, abs=1e-12)


@given(INCOMES, LINES, ALPHAS, st.floats(1.0, 100.0))
def test_focus_what_the_rich_have_does_not_matter(people, line, alpha, factor):
    y, weight = arrays(people)
    assert fgt(np.where(y < line, y, factor * y), line, weight, alpha) == fgt(y, line, weight, alpha)


@given(INCOMES, LINES, ALPHAS, st.data())
def test_monotonicity_a_poor_household_that_gains_never_raises_poverty(people, line, alpha, data):
    y, weight = arrays(people)
    i = data.draw(st.integers(0, len(y) - 1))
    more = y.copy()
    more[i] += data.draw(st.floats(0.01, 1e4))
    before, after = fgt(y, line, weight, alpha), fgt(more, line, weight, alpha)
    assert after <= before
    if alpha and y[i] < 0.99 * line:
        assert after < before


@given(INCOMES, LINES, st.floats(0.05, 1.0), st.data())
def test_transfer_from_poorer_to_richer_poor_raises_the_squared_gap_and_gini(people, line, part, data):
    y, weight = arrays(people)
    i, j = np.argsort(y, kind="stable")[sorted(data.draw(st.tuples(*[st.integers(0, len(y) - 1)] * 2)))]
    assume(y[i] < y[j])
    taken = part * y[i]
    moved = y.copy()
    moved[i] -= taken
    moved[j] += taken * weight[i] / weight[j]
    assert gini(moved, weight) >= gini(y, weight) - 1e-12
    assert gini(moved, weight) >= 0
    if moved[j] < line:
        assert fgt(moved, line, weight, 2) > fgt(y, line, weight, 2) - 1e-15
        assert fgt(moved, line, weight, 1) == pytest.approx(fgt(y, line, weight, 1), abs=1e-9)


@given(INCOMES, LINES)
def test_bounds_and_order(people, line):
    y, weight = arrays(people)
    headcount, gap, squared = (fgt(y, line, weight, alpha) for alpha in (0, 1, 2))
    assert 0 <= squared <= gap <= headcount <= 1
    assert -1e-12 <= gini(y, weight) < 1


# ---- return to poverty, in a small world made by hand


def world(month="2018-12", **columns):
    """A world of eight households of one person at the end of a month; income in yuan per person-year, line 1,000."""
    model = PovertyModel(
        scenario_of(
            {
                "population": {"villages": 2, "counties": 1, "households": 4, "indebted": 0.0},
                "burn_in": {"months": 0},
                "line": {"level": 1000},
            }
        )
    )  # fmt: skip
    made, home = model.world, model.world.households
    year, number = month.split("-")
    made.clock.month, made.line = int(year) * 12 + int(number) - 1, 1000.0
    home.members[:] = columns.pop("members", 1)
    for name, values in columns.items():
        getattr(home, name)[:] = [100 * v for v in values] if name.endswith("12") else values
    return made


def take(name, world):
    measure = BUILT_IN.measures[name](name)
    return measure.take(world)


DECEMBER = {year: year * 12 + 11 for year in range(2014, 2020)}
RICH, POOR = 1500, 500


def test_return_is_of_those_who_had_left_and_were_out_a_year_ago():
    now = world(
        first_listed_on=[DECEMBER[2015]] * 6 + [NEVER, NEVER],
        first_exited_on=[DECEMBER[2016]] * 4 + [DECEMBER[2017], DECEMBER[2018], NEVER, NEVER],
        poor_last_december=[False, False, False, True, False, False, False, True],
        income12=[POOR, RICH, RICH, POOR, POOR, POOR, POOR, POOR],
    )
    # At risk: the first three and the one of 2017. One exited only this December, one was poor a year ago.
    assert take("return_rate", now) == 2 / 4
    assert take("new_poverty_rate", now) == 1 / 1


def test_return_uses_one_notion_of_income_throughout():
    now = world(
        first_exited_on=[DECEMBER[2016]] * 8,
        income12=[1500, 1500, 1500, 1500, 500, 500, 1000, 999.99],
        support12=[0, 600, 600, 0, 0, 0, 0, 0],
        bills12=[600, 0, 0, 500, 0, 0, 0, 0],
        poor_last_december=[False] * 6 + [False, False],
        poor_last_december_net_of_policy=[False, False, True, False, True, False, False, False],
        poor_last_december_net_of_bills=[False, False, False, False, True, True, False, False],
    )
    assert take("return_rate", now) == 3 / 8  # 500, 500 and 999.99; the line itself is not poor
    assert take("return_rate_net_of_policy", now) == 3 / 6  # 900, 500, 999.99 of those not poor by this notion
    assert take("return_rate_net_of_bills", now) == 2 / 6  # 900 and 999.99


def test_a_household_counts_once_whatever_its_size_and_its_income_per_person():
    now = world(
        members=[4] * 8, first_exited_on=[DECEMBER[2016]] * 8, income12=[3999, 4000, 8000, 8000, 8000, 8000, 8000, 8000]
    )
    assert take("return_rate", now) == 1 / 8
    assert take("headcount", now) == 1 / 8


def test_a_rate_of_nobody_is_missing():
    assert math.isnan(return_rate(np.zeros(3, bool), np.zeros(3, bool), np.ones(3, bool)))
    now = world(first_listed_on=[DECEMBER[2015]] * 8)
    assert math.isnan(take("return_rate", now))
    assert math.isnan(take("new_poverty_rate", now))
    assert math.isnan(take("exit_rate", now))


def test_new_poverty_is_of_those_never_listed_before_this_december():
    now = world(
        first_listed_on=[NEVER, NEVER, DECEMBER[2018], DECEMBER[2018], DECEMBER[2017], DECEMBER[2017], NEVER, NEVER],
        poor_last_december=[False, False, False, False, False, False, True, False],
        income12=[RICH, RICH, POOR, POOR, POOR, RICH, POOR, POOR],
    )
    assert take("new_poverty_rate", now) == 3 / 5


def test_exit_is_of_those_listed_before_this_december():
    now = world(
        registered=[True, True, True, False, False, False, False, False],
        listed_on=[DECEMBER[2016], DECEMBER[2017], DECEMBER[2018], DECEMBER[2016], DECEMBER[2016], NEVER, NEVER, NEVER],
        exited_on=[NEVER, DECEMBER[2016], NEVER, DECEMBER[2018], DECEMBER[2017], NEVER, NEVER, NEVER],
    )
    assert take("exit_rate", now) == 1 / 3
    assert take("registered_share", now) == 3 / 8


def test_survival_follows_the_last_exit_until_the_first_return():
    now = world(
        exited_on=[DECEMBER[2015], DECEMBER[2015], DECEMBER[2017], DECEMBER[2017], DECEMBER[2018], NEVER, NEVER, NEVER],
        returned_on=[NEVER, DECEMBER[2016], DECEMBER[2018], NEVER, NEVER, NEVER, NEVER, NEVER],
    )
    recorder = Recorder([])
    recorder.record(now)
    # Three years on: one, who has not returned (the other did long ago). One year on: two, one of whom returns now.
    assert (recorder.at_risk[[1, 2, 3]].tolist(), recorder.returned[[1, 2, 3]].tolist()) == ([2, 0, 1], [1, 0, 0])
    assert (recorder.at_risk.sum(), recorder.returned.sum()) == (3, 1)


# ---- money per person


def test_money_is_per_person_and_spending_tells_who_got_it():
    now = world(members=[1, 1, 1, 1, 2, 2, 4, 4], decile=[1, 2, 2, 0, 10, 10, 10, 10])
    support = np.arange(8) * 1600.0
    posted = {"business": np.full(8, 160_000.0), "wage": np.full(8, 80_000.0), "support": support}
    for name, fen in {**posted, "reimbursement": np.full(8, 32_000.0)}.items():
        now.ledger.post(name, fen)
    recorder = Recorder([])
    now.clock.month -= 11
    now.insured["cover"] = np.array([0, 0, 0, 0, 0, 0, 0, 3200.0])
    recorder.record(now)
    by_source = take("income_by_source", now)
    assert by_source["source:business"] == 160_000 * 8 / 100 / 16
    assert take("income", now) == pytest.approx(sum(by_source.values()) - by_source["source:reimbursement"])
    assert take("income", now) == (160_000 * 8 + 80_000 * 8 + 28 * 1600) / 100 / 16
    by_decile = take("received_by_decile", now)
    assert [by_decile[f"decile:{i}"] for i in (1, 2, 3, 10)] == [0, 3, 0, 24]
    now.households.debt_kin[0], now.households.debt_arrears[1] = 1600, 3200
    assert take("debt", now) == 3.0
    now.households.migrants[:] = [1, 0, 0, 0, 1, 0, 2, 0]
    assert take("migrants_share", now) == 0.25
    now.households.hungry[:2] = True
    assert take("hunger", now) == 0.25


def test_catastrophic_is_own_medical_cost_of_40_percent_of_non_food_consumption():
    now = world(income12=[10_000] * 8)
    share = now.processes["illness"].consumption_share
    limit = 0.4 * 0.6 * max(share * 10_000, 0.6 * now.processes["consumption"].need) * 100
    now.households.medical_of_year[:3] = np.ceil(limit)
    now.households.medical_of_year[3] = np.floor(limit) - 1
    assert take("catastrophic_spending", now) == 3 / 8


def test_every_measure_says_its_unit_when_it_is_taken_and_what_it_is():
    for name, cls in BUILT_IN.measures.items():
        assert cls.unit, name
        assert cls.every in ("month", "year"), name
        assert cls.better in ("lower", "higher", ""), name
        assert (cls.__doc__ or "").strip(), name


def test_luck_of_these_tests_is_even():
    """The uniforms that the closed forms stand on, drawn as the model draws."""
    u = Draws(1).uniform("even", 0, luck_key("even", np.arange(100_000)))
    assert gini(u, np.ones(len(u))) == pytest.approx(1 / 3, abs=3e-3)
