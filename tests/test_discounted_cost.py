"""Discounted cost and poor person-years: sums over a run, from the same account that equal-cost comparisons use."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from fupin_sim.clock import Clock
from fupin_sim.equal_cost import account_of
from fupin_sim.measures.discounted_cost import FiscalCost, SocialCost, weight_of
from fupin_sim.measures.person_years import PoorPersonYears, PoorPersonYearsDiscounted
from fupin_sim.model import PovertyModel
from fupin_sim.plugins import Measure
from fupin_sim.recorder import Recorder
from fupin_sim.simulation import resume, simulate, snapshot
from tests.strategies import scenario_of

COSTS = ["fiscal_cost", "social_cost"]
YEARS = ["poor_person_years", "poor_person_years_discounted"]
BASE = {
    "scenario": {"years": 2, "seed": 3}, "burn_in": {"months": 3}, "cost": {"years": 1, "tail": 1},
    "population": {"counties": 1, "villages": 2, "households": 30}, "process": {"teams": {"per_village": 0.5}},
    "policy": [
        {"use": "dibao", "in_burn_in": True}, {"use": "microcredit", "whom": "all", "uptake": 0.3, "term": 4},
        {"use": "team_projects"}, {"use": "uniform_cash", "level": 300.0},
    ],
}  # fmt: skip


def asked(*names, **layers):
    return scenario_of({**BASE, "measures": {"use": ["headcount", *names]}}, **layers)


def world_at(elapsed, rate=0.1, **others):
    """A world whose month has cost nothing yet, some months after the start."""
    rules = {"rate": rate, "cadre_fiscal": 30_000.0, "cadre_social": 90_000.0}
    spec = SimpleNamespace(section=lambda name: rules)
    return SimpleNamespace(spec=spec, clock=Clock(24192 + elapsed, 24192, 24192), outlays={}, overheads={}, **others)


def outlay(received, leaked, administered):
    """What one policy has spent in two counties, fen."""
    return SimpleNamespace(**{k: np.array(v) for k, v in vars().items()})


def test_a_month_costs_what_is_added_up_by_hand():
    """Two years on at 10 %: 700 yuan of a policy, 50 of a register, 20 lost, less 30 not additional, at 1/1.21."""
    ledger = SimpleNamespace(totals={"written_off_microcredit": 3_000.0})
    world = world_at(24, ledger=ledger, guaranteed={"credit": np.array([1_000.0])}, cadres=())
    world.outlays = {"aid": outlay([40_000.0, 20_000.0], [5_000.0, 0.0], [3_000.0, 2_000.0])}
    world.overheads = {"register": np.array([2_000.0, 3_000.0]), "diverted": np.array([-3_000.0, 0.0])}
    world.overheads["team"] = np.array([1e9, 0.0])  # counted by cadre-years, of which there are none
    assert FiscalCost("fiscal_cost").take(world) == pytest.approx((700 + 50 + 20 - 30) / 1.21)
    assert SocialCost("social_cost").take(world) == pytest.approx((700 + 50 + 20) / 1.21)


def test_three_cadres_for_a_month_are_a_quarter_of_a_cadre_year(monkeypatch):
    monkeypatch.setattr("fupin_sim.costs.posted", lambda world: np.arange(3))
    ledger = SimpleNamespace(totals={"written_off_microcredit": 0.0})
    world = world_at(0, ledger=ledger, guaranteed={})
    assert FiscalCost("").take(world) == 7_500.0
    assert SocialCost("").take(world) == 22_500.0


def test_poor_persons_count_a_twelfth_of_a_year_each_month():
    home = SimpleNamespace(members=np.array([4, 5, 3, 2], np.int8), poor=np.array([True, False, True, True]))
    world = world_at(12, households=home)
    assert PoorPersonYears("").take(world) == 9 / 12
    assert PoorPersonYearsDiscounted("").take(world) == pytest.approx(9 / 12 / 1.1)
    assert weight_of(world_at(0)) == weight_of(world_at(30, rate=0.0)) == 1.0


def test_what_adds_up_has_its_sum_as_headline_and_none_when_a_month_is_missing():
    class Total(Measure):
        headline = "sum"

    class Level(Measure):
        pass

    seen = Recorder([Total("total"), Level("level")])
    for month, value in enumerate((1.0, 2.0, 6.0)):
        seen._keep(month, "total", {"": value, "a": value / 2})
        seen._keep(month, "level", value if month else math.nan)
    assert seen.headlines() == {"total": 9.0, "total a": 4.5, "level": 4.0}
    seen._keep(3, "total", math.nan)
    assert math.isnan(seen.headlines()["total"])


def test_over_a_run_it_is_the_account_of_equal_cost():
    spec = asked(*COSTS, *YEARS)
    run, account = simulate(spec), account_of(spec, spec.seed, spec.start)
    assert run.headlines["fiscal_cost"] == pytest.approx(account.fiscal, rel=1e-12)
    assert run.headlines["social_cost"] == pytest.approx(account.social, rel=1e-12)
    assert account.cadre_years > 0
    assert account.social > account.fiscal > 0
    assert run.units["fiscal_cost"] == "yuan"


def test_poor_person_years_are_headcount_times_people_added_up():
    spec = asked(*YEARS, "headcount_monthly")
    run, people = simulate(spec), []
    model = PovertyModel(spec)
    while model.running:
        model.step()
        people.append(float(model.world.households.members.sum()))
    shares = run.series.query("measure == 'headcount_monthly'")["value"].to_numpy()
    total = float((shares * people).sum() / 12)
    assert total > 10
    assert run.headlines["poor_person_years"] == pytest.approx(total, rel=1e-12)
    weights = 1.04 ** (-np.arange(24) / 12)
    wanted = float((shares * people * weights).sum() / 12)
    assert run.headlines["poor_person_years_discounted"] == pytest.approx(wanted, rel=1e-12)


def test_counting_costs_is_not_done_unasked_and_moves_no_other_number(monkeypatch):
    with_costs, without = simulate(asked(*COSTS, *YEARS)), simulate(asked())
    assert with_costs.headlines["headcount"] == without.headlines["headcount"]
    assert set(without.headlines) == {"headcount"}
    monkeypatch.setattr("fupin_sim.costs.of_month", lambda world: pytest.fail("counted unasked"))
    simulate(asked())


def test_sums_go_on_after_a_snapshot():
    spec = asked(*COSTS, *YEARS)
    whole = simulate(spec)
    again = resume(snapshot(spec, "2016-07"))
    assert again.headlines == whole.headlines
    assert again.digest == whole.digest


def test_the_discount_is_that_of_the_section_cost():
    plain, dear = (simulate(asked(*COSTS, *YEARS, cost={"rate": rate})) for rate in (0.0, 0.05))
    assert plain.headlines["poor_person_years"] == plain.headlines["poor_person_years_discounted"]
    assert 0.93 < dear.headlines["fiscal_cost"] / plain.headlines["fiscal_cost"] < 0.98
    assert dear.headlines["poor_person_years"] == plain.headlines["poor_person_years"]
