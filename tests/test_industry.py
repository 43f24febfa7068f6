"""Industry support: expiry, saturation, likeness, crowding-out, and what comes after the end."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.model import PovertyModel
from fupin_sim.policies.industry_support import homogeneity
from fupin_sim.processes.product_market import price
from tests.strategies import scenario_of

SMALL = {
    "scenario": {"years": 4, "seed": 3}, "burn_in": {"months": 24},
    "population": {"counties": 2, "villages": 12, "households": 40}, "process": {"growth": {"on": False}},
}  # fmt: skip
SURE = {"use": "industry_support", "whom": "all", "uptake": 1.0, "failure": 0.0, "goes_on": 0.0, "gestation": 0}
ONCE = {**SURE, "end": "2016-01"}
"""Who can work in the first month starts one, and nobody later."""
FEN = st.floats(0, 1e9)


@given(FEN, FEN, FEN, st.floats(0.0, 5.0))
def test_more_projects_never_raise_the_price_and_none_leave_it_at_one(less, more, usual, flexibility):
    low, high = sorted((less, more))
    prices = price(np.array([high, low, 0.0]), np.full(3, usual), flexibility)
    assert 0 <= prices[0] <= prices[1] <= prices[2] == 1.0
    assert (price(np.array([high]), np.array([usual]), 0.0) == 1.0).all()


def test_the_price_falls_with_the_root_of_the_quantity():
    assert price(np.array([300.0]), np.array([100.0]), 0.5)[0] == pytest.approx(4.0**-0.5)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_projects_are_as_alike_as_their_shares_say(goods):
    alike = homogeneity(np.zeros(len(goods), int), np.array(goods), 1, 4)[0]
    shares = np.bincount(goods, minlength=4) / len(goods)
    assert alike == pytest.approx((shares * shares).sum())
    assert 0.25 - 1e-12 <= alike <= 1.0


class Lived:
    """Monthly sums over a run: income by flow, migrants, the price, projects that run."""

    def __init__(self, policy, funds=None, **process):
        process = {**SMALL["process"], **process}
        model = PovertyModel(scenario_of(SMALL, policy=policy, process=process, funds=funds or {}), check_books=True)
        self.world, self.project, self.migrants, self.price, self.running = model.world, [], [], [], []
        self.business: list[float] = []
        while model.running:
            model.step()
            home, flows = self.world.households, self.world.ledger.flows
            self.project.append(float(flows["project"].sum()))
            self.migrants.append(int(home.migrants.sum()))
            self.business.append(float(flows["business"].sum()))
            self.price.append(float(self.world.counties.product_price.mean()))
            memory = self.world.memory.get("industry_support", {})
            running = (memory["started"] > 0) & (memory["ended"] == 0) if memory else np.zeros(1)
            self.running.append(int(running.sum()))


def test_a_project_is_worth_what_it_is_said_to_be_and_then_expires():
    run = Lived([{**ONCE, "term": 24}], product_market={"flexibility": 0.0})
    number = run.running[0]
    assert number > 300
    untrained = 100 * 8_000 * 0.4 / 12 * 0.5
    assert run.project[1:25] == pytest.approx([number * untrained] * 24, rel=1e-3)
    assert run.project[25:] == [0.0] * 23


def test_flooding_a_county_with_projects_lowers_the_price_for_all_of_them():
    easy = {**SURE, "term": 60, "time": 0.0, "crowding": 0.0}
    few, many = Lived([{**easy, "uptake": 0.002}]), Lived([{**easy, "uptake": 0.2}])
    assert many.running[-1] > 8 * few.running[-1]
    assert many.price[-1] < 0.9 < few.price[-1] < 1.0
    assert many.project[-1] / many.running[-1] < 0.9 * few.project[-1] / few.running[-1]
    assert many.business[11] < 0.99 * few.business[11]


def test_projects_that_are_all_alike_fail_more_often():
    alike, different = (
        Lived([{**SURE, "failure": 0.2, "term": 600, "goods": goods, "alike": 3.0}]).running[-1] for goods in (1, 12)
    )
    assert alike < 0.6 * different


def test_of_projects_on_their_own_feet_a_share_goes_on():
    run = Lived([{**SURE, "goes_on": 0.3}])
    assert run.running[-1] / run.running[0] == pytest.approx(0.3, abs=0.05)


def test_a_running_project_keeps_people_home_and_its_end_sends_them_away():
    """What follows the end softens the fall, and may more than make up for it: that is its counter-mechanism."""
    none = Lived([])
    crowds = {**SURE, "crowding": 1.0, "time": 0.0, "search": 1.0}
    lasting, ending = Lived([{**crowds, "term": 60}]), Lived([crowds])
    seeking = Lived([{**crowds, "search": 5.0, "search_months": 24}])
    assert lasting.migrants[24] < 0.75 * none.migrants[24]
    assert ending.migrants[24] == lasting.migrants[24]
    assert ending.migrants[40] > 1.3 * lasting.migrants[40]
    assert seeking.migrants[40] > none.migrants[40] > ending.migrants[40]


def test_after_the_end_households_earn_less_than_if_they_had_never_had_a_project_unless_they_seek_work_for_it():
    """The loss beyond what the project paid is lost work elsewhere; the search for it can make the end a gain."""

    def income(**project):
        return Lived([{**SURE, "search_months": 24, **project}]).world.households.income12.sum()

    never = Lived([]).world.households.income12.sum()
    stays, seeks, free = income(search=1.0), income(search=5.0), income(search=1.0, crowding=0.0, time=0.0)
    assert stays < 0.985 * never < 1.05 * never < seeks
    assert free == pytest.approx(never, rel=0.01)


def test_training_makes_projects_pay():
    course = {"use": "training", "whom": "all", "reach": 1.0, "schooling": 0.0}
    alone, trained = Lived([{**SURE, "term": 36}]), Lived([{**SURE, "term": 36}, course])
    assert trained.project[35] > 1.3 * alone.project[35]
    indifferent = [
        Lived([{**SURE, "term": 36, "needs_training": 0.0}, *more], technique={"worth": 0.0},
              product_market={"flexibility": 0.0}).project[35]
        for more in ([], [course])
    ]  # fmt: skip
    assert indifferent[0] == pytest.approx(indifferent[1], rel=0.01)


def test_a_dividend_takes_no_labour_and_ends_with_the_term():
    run, none = Lived([{**ONCE, "form": "dividend"}]), Lived([])
    number = run.running[0]
    assert run.project[1:25] == pytest.approx([number * 100 * 8_000 * 0.08 / 12] * 24, rel=0.001)
    assert not any(run.project[25:])
    assert run.price == [1.0] * 48
    assert run.migrants[23] == pytest.approx(none.migrants[23], rel=0.05)


def test_a_household_may_have_another_project_when_it_may():
    run = Lived([{**SURE, "term": 12, "again": 6}])
    assert run.running[12] > 0
    assert run.running[14] < 0.05 * run.running[12]
    assert run.running[20] > 0.9 * run.running[12]
    assert Lived([{**SURE, "term": 12}]).running[20] < 0.1 * run.running[12]


def test_a_budget_cuts_grants_and_the_projects_with_them():
    budget = {**ONCE, "budget": 300.0}
    run = Lived([budget], product_market={"flexibility": 0.0})
    grant = run.world.memory["industry_support"]["grant"]
    assert 0 < grant[grant > 0].max() < 8_000
    assert run.project[1] < 0.2 * Lived([ONCE], product_market={"flexibility": 0.0}).project[1]


def test_grants_may_be_given_whole_until_the_money_ends():
    """As many yuan start fewer projects, each of the size it was meant to have."""
    budget = {**ONCE, "budget": 300.0}
    cut, whole = (Lived([budget], funds={"allocation": rule}) for rule in ("proportional", "whole"))
    cut_grant, grant = (run.world.memory["industry_support"]["grant"] for run in (cut, whole))
    assert 0 < (grant > 0).sum() < 0.2 * (cut_grant > 0).sum()
    assert set(grant[grant > 0].tolist()) == {8_000.0}


def test_prices_of_the_whole_economy_are_heard_by_projects_and_by_their_share_of_business():
    calm, bust = (
        Lived([{**ONCE, "term": 60}], product_market={"macro": {"2015-01": 1.0, "2016-02": macro}})
        for macro in (1.0, 0.7)
    )
    assert bust.project[1] == pytest.approx(0.7 * calm.project[1], rel=1e-3)
    assert bust.business[1] == pytest.approx(calm.business[1] * 0.7**0.3, rel=1e-3)
