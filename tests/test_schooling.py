"""Schooling: who goes on, who drops out, what it costs, and what a leaver brings home."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fupin_sim.draws import Draws, luck_key
from fupin_sim.family.families import Families, number
from fupin_sim.model import PovertyModel
from fupin_sim.processes.schooling import expected_years
from tests.strategies import scenario_of

BRINGER = f"{Path(__file__).parent / 'identities' / 'bringers.py'}:Bringer"
SMALL = {
    "scenario": {"start": "2016-01", "years": 4, "seed": 3},
    "population": {"counties": 1, "villages": 30, "households": 100},
    "burn_in": {"months": 0},
    "measures": {"use": ["headcount"]},
}


def model_of(schooling=None, **tables):
    process = {"growth": {"on": False}, "schooling": schooling or {}, **tables.pop("process", {})}
    return PovertyModel(scenario_of(SMALL, process=process, **tables))


def run_in(model, month):
    """The process of schooling alone, in this month of the calendar (September is 8), a year after the first."""
    world = model.world
    world.clock.month = 2017 * 12 + month
    world.ledger.clear()
    world.processes["schooling"].run(world)
    return world.households


def give(model, age, at_school=True, schooling=None):
    """All households become a couple with one child of this age."""
    world, n = model.world, len(model.world)
    families = Families.none(n)
    for years, woman, is_wed in ((50, False, True), (48, True, True), (age, False, False)):
        families.seat(np.arange(n), np.full(n, years), np.full(n, woman), wed=is_wed)
    families.at_school[2] = at_school
    world.households.others[:] = world.households.disabled[:] = 0
    world.households.out_of_school[:] = False
    world.processes["family"].enter(world, families)
    if schooling is not None:
        world.households.schooling[:] = schooling
    return world.households


SURE = {"drop_out": False, "reversion": 0.0}


# ---- who goes on


def test_at_15_the_better_schooled_families_send_their_child_on_and_at_18_again():
    model = model_of(SURE)
    for age, at_school, half in ((15, False, 5.0), (18, True, 8.0)):
        for schooling, share in ((half, 0.5), (half + 1, 0.731), (half - 2, 0.119), (half + 20, 1.0)):
            home = give(model, age, at_school, schooling)
            run_in(model, 8)
            assert (home.at_school > 0).mean() == pytest.approx(share, abs=0.03), (age, schooling)


@pytest.mark.parametrize("age", [16, 17, 19, 20, 21])
def test_in_between_nobody_leaves_who_does_not_drop_out(age):
    model = model_of(SURE)
    home = give(model, age)
    run_in(model, 8)
    assert (home.at_school == 4).all()
    assert (home.pupils_senior == (age < 18)).all()
    assert (home.pupils_college == (age > 18)).all()


def test_at_22_college_is_over_and_the_student_works():
    model = model_of(SURE)
    home = give(model, 22)
    assert (home.workers == 2).all()
    run_in(model, 8)
    assert (home.at_school == 0).all()
    assert (home.workers == 3).all()
    assert not home.out_of_school.any()


def test_in_other_months_nothing_changes_but_fees_are_due():
    model = model_of(SURE)
    home = give(model, 17)
    schooling = home.schooling.copy()
    for month in range(12):
        if month != 8:
            run_in(model, month)
            assert (model.world.ledger.flows["school_bill"] == np.rint(5_000 * 100 / 12)).all()
    assert (home.at_school == 4).all()
    assert (home.schooling == schooling).all()
    give(model, 20)
    run_in(model, 9)
    assert (model.world.ledger.flows["school_bill"] == 15_000 * 100 / 12).all()


def test_two_pupils_cost_twice():
    model = model_of(SURE)
    give(model, 17)
    model.world.households.pupils_senior[:] = 2
    run_in(model, 3)
    assert (model.world.ledger.flows["school_bill"] == 2 * np.rint(5_000 * 100 / 12)).all()


# ---- who drops out


def drop_outs(model):
    home = give(model, 16)
    run_in(model, 8)
    return 1 - (home.at_school > 0).mean()


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def test_the_hazard_is_the_formula_of_debt_aid_and_aspiration():
    model = model_of({"drop_out_base": -1.0})
    home = give(model, 16)
    home.debt_kin[:] = home.debt_bank[:] = home.debt_arrears[:] = 0
    home.income12[:] = 3_000_000.0
    home.aspiration[:] = 0
    assert drop_outs(model) == pytest.approx(sigmoid(-1), abs=0.03)
    home.debt_kin[:], home.debt_bank[:] = 1_000_000, 500_000
    assert drop_outs(model) == pytest.approx(sigmoid(-1 + 2 * 0.5), abs=0.03)
    home.aspiration[:] = 20_000  # 10,000 a head
    assert drop_outs(model) == pytest.approx(sigmoid(-1 + 2 * 0.5 - 0.5 * 0.5), abs=0.03)
    model.world.intensify("school_aid", np.full(len(model.world), 1.5), by="test")
    assert drop_outs(model) == pytest.approx(sigmoid(-1 + 1 - 0.25 - 1.5), abs=0.03)
    assert home.out_of_school.mean() == pytest.approx(drop_outs(model), abs=0.01)


def test_who_drops_out_without_aid_but_not_with_it_has_the_same_luck():
    model = model_of({"drop_out_base": 0.0})
    home = give(model, 16)
    run_in(model, 8)
    without = home.at_school > 0
    model.world.intensify("school_aid", 1.0, by="test")
    give(model, 16)
    run_in(model, 8)
    assert ((home.at_school > 0) >= without).all()
    assert (home.at_school > 0).sum() > without.sum()


def test_switched_off_nobody_drops_out_whatever_the_debt():
    model = model_of(SURE)
    home = give(model, 16)
    home.debt_kin[:] = 1e9
    run_in(model, 8)
    assert (home.at_school == 4).all()


def test_an_empty_purse_takes_the_eldest_pupil_out_first():
    model = model_of(SURE)
    world, home = model.world, give(model, 16, schooling=6.5)
    families = Families.of(home)
    families.seat(np.arange(len(world)), np.full(len(world), 20), np.ones(len(world), bool), wed=False)
    families.at_school[3] = True
    world.processes["family"].enter(world, families)
    rows = np.arange(0, len(world), 2)
    world.clock.month = 2017 * 12 + 2
    world.processes["schooling"].take_out(world, rows)
    assert (home.pupils_college[rows] == 0).all()
    assert (home.pupils_senior == 1).all()
    assert (home.workers[rows] == 3).all()
    assert (home.workers[rows + 1] == 2).all()
    assert home.out_of_school[rows].all()
    assert not home.out_of_school[rows + 1].any()
    # In March she has had 3 years of senior high school and one of college begun: 9 + 3 + 1.
    surprise = 9 + 3 + 1 - expected_years(*(sigmoid(np.array([6.5 - half])) for half in (5, 8)), 1.0)
    assert home.schooling[rows] == pytest.approx(6.5 + float(surprise[0]) / 3, abs=1e-4)
    world.processes["schooling"].take_out(world, rows)
    world.processes["schooling"].take_out(world, rows)
    assert (home.at_school[rows] == 0).all()
    assert (home.at_school[rows + 1] > 0).all()


def test_out_of_school_ends_when_no_child_is_of_school_age():
    model = model_of(SURE)
    home = give(model, 16, at_school=False)
    home.out_of_school[:] = True
    run_in(model, 8)
    assert home.out_of_school.all()
    give(model, 22, at_school=False)
    home.out_of_school[:] = True
    run_in(model, 8)
    assert not home.out_of_school.any()


# ---- what it leaves


def test_a_child_may_expect_what_it_gets_on_average():
    """Simulated year by year against the closed form."""
    n, stays = 40_000, 0.9
    keys, draws = luck_key(np.arange(n)), Draws(5)
    years, going = np.full(n, 9.0), np.ones(n, bool)
    for age in range(15, 22):
        share = {15: 0.7, 18: 0.4}.get(age, 1.0)
        going &= draws.uniform("goes on", age, keys) < share * stays
        years += going
    expected = expected_years(np.array([0.7]), np.array([0.4]), stays)[0]
    assert years.mean() == pytest.approx(expected, abs=4 * years.std() / np.sqrt(n))


@pytest.mark.parametrize("schooling", [3.0, 6.5, 10.0])
def test_a_leaver_is_no_surprise_on_average(schooling):
    """A cohort of children from 15 to 22, in families that reckon rightly with drop-outs."""
    rightly = {"drop_out_base": float(np.log(0.08 / 0.92)), "drop_out_debt": 0.0, "drop_out_aspiration": 0.0}
    model = model_of({**rightly, "reversion": 0.0})
    world, home = model.world, give(model, 15, at_school=False, schooling=schooling)
    for year in range(8):
        world.clock.month = (2017 + year) * 12 + 8
        world.processes["schooling"]._go_on(world)
        families = Families.of(home)
        families.ages[2] += 1
        world.processes["family"].enter(world, families)
    assert (home.at_school == 0).all()
    change = home.schooling.astype(float) - schooling
    assert change.mean() == pytest.approx(0.0, abs=4 * change.std() / np.sqrt(len(change)))
    assert change.std() > 0.2


def test_a_leaver_counts_as_one_of_the_adults_and_influence_zero_stops_it():
    for influence in (1.0, 0.5, 0.0):
        model = model_of({**SURE, "influence": influence})
        home = give(model, 22, schooling=8.0)
        run_in(model, 8)
        surprise = 16 - expected_years(*(sigmoid(np.array([8.0 - half])) for half in (5, 8)), 1.0)[0]
        assert home.schooling == pytest.approx(8.0 + influence * surprise / 3, abs=1e-4)
        if influence == 0:
            assert (home.schooling == 8.0).all()


def test_schooling_reverts_slowly_to_the_mean_of_the_population():
    model = model_of({"reversion": 0.1, "influence": 0.0})
    home = give(model, 30, at_school=False, schooling=10.0)
    run_in(model, 8)
    assert home.schooling == pytest.approx(10 - 0.1 * 3.5, abs=1e-5)


def test_the_first_month_finds_as_many_at_school_as_later_years_do():
    model = model_of(
        {"fee_senior_high": 0.0, "fee_college": 0.0, "drop_out_debt": 0.0, "drop_out_base": -2.44},
        population={**SMALL["population"], "villages": 100}, process={"coping": {"leave_school": False}},
    )  # fmt: skip
    model.step()
    home = model.world.households
    first = home.pupils_senior.mean(), home.pupils_college.mean()
    assert (number(Families.of(home).at_school) == home.pupils_senior + home.pupils_college).all()
    for _ in range(48 - 1):
        model.step()
        if model.world.clock.month == (2016 + 3) * 12:
            later = home.pupils_senior.mean(), home.pupils_college.mean()
    assert first == pytest.approx(later, rel=0.12)


@pytest.mark.parametrize("start", ["2016-09", "2016-11"])
def test_a_run_that_begins_in_autumn_begins_in_the_new_school_year(start):
    model = model_of(SURE, scenario={**SMALL["scenario"], "start": start, "years": 1})
    model.step()
    families = Families.of(model.world.households)
    at_school = families.ages[families.at_school]
    assert set(at_school.tolist()) == set(range(15, 22))
