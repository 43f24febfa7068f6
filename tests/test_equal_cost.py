"""Equal cost: what is counted, and the search for the amount at which two arms cost the same."""

from __future__ import annotations

import math
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.costs import Account, discount, of_month, opened
from fupin_sim.equal_cost import (
    AIM,
    CONFIRM,
    SEARCH,
    TOLERANCE,
    Closing,
    account_of,
    on_workers,
    root,
    solve,
)  # fmt: skip
from fupin_sim.errors import BadInput
from fupin_sim.model import PovertyModel
from fupin_sim.scenario import load
from fupin_sim.simulation import simulate
from tests.command_line import CommandLine
from tests.strategies import scenario_of

BASE = {
    "scenario": {"years": 2, "seed": 3}, "burn_in": {"months": 3}, "cost": {"years": 1, "tail": 0},
    "population": {"counties": 1, "villages": 2, "households": 30},
}  # fmt: skip
PENSION = {"name": "pension", "use": "uniform_cash", "level": 300.0, "in_burn_in": True}
AID = {"name": "aid", "use": "targeted_transfer", "level": 1_200.0}
SOME = [
    PENSION, AID, {"use": "dibao", "in_burn_in": True}, {"use": "microcredit", "whom": "all", "uptake": 0.3, "term": 4},
    {"use": "monitoring", "coverage": "sudden", "capacity": 0.2}, {"use": "team_projects"},
]  # fmt: skip
TEAMS = {"teams": {"per_village": 0.5}}


def scenario(*policies, **layers):
    return scenario_of(BASE, policy=list(policies), **layers)


# ---- what is counted


@given(st.floats(0, 0.2), st.integers(0, 600))
def test_discounting(rate, months):
    assert discount(rate, months) == pytest.approx((1 + rate) ** (-months / 12), rel=1e-12)


def test_without_discount_the_account_is_the_sum_of_what_was_spent():
    spec = scenario(*SOME, process=TEAMS, cost={"rate": 0.0, "years": 1, "tail": 1})
    account = account_of(spec, 3, spec.start)
    run = simulate(spec, 3)
    # Cadres are counted by the year, at a price of the account's own.
    yearly = run.series.query("measure in ('spending', 'institution_costs') and group != 'institution:team'")
    people = account.people
    spent = sum(account.parts[name] for name in account.parts if name != "losses")
    members = [float(m.world.households.members.sum()) for m in _decembers(spec)]
    wanted = sum(
        value * members[int(month[:4]) - 2016] for month, value in zip(yearly["month"], yearly["value"], strict=True)
    )
    assert spent == pytest.approx(wanted, rel=1e-9)
    assert account.parts["administered"] > 0
    assert account.parts["institutions"] > 0
    assert account.parts["not additional"] < 0
    assert people == account.people > 100


def _decembers(spec):
    model = PovertyModel(spec, seed=3)
    while model.running:
        model.step()
        if model.world.clock.december:
            yield model


def test_both_accounts_take_the_cadres_and_only_one_the_money_that_is_not_additional():
    parts = {"received": 100.0, "leaked": 5.0, "administered": 10.0, "institutions": 1.0, "losses": 4.0}
    account = Account(30_000.0, 90_000.0, {**parts, "not additional": -20.0}, cadre_years=2.0, people=10.0)
    assert account.fiscal == 100 + 5 + 10 + 1 + 4 - 20 + 60_000
    assert account.social == 120 + 180_000
    assert account.of("fiscal") == account.fiscal / 10


def test_cadres_are_counted_by_the_month_in_which_they_are_in_a_village():
    spec = scenario(process=TEAMS, cost={"rate": 0.0, "years": 1, "tail": 0})
    account = account_of(spec, 3, spec.start)
    model = PovertyModel(spec, seed=3)
    assert 0.5 * 3 <= account.cadre_years <= len(model.world.cadres)
    assert account_of(scenario(), 3, spec.start).cadre_years == 0.0


def test_losses_of_lenders_are_what_no_guarantee_pays():
    model = PovertyModel(scenario(*SOME))
    seen = 0.0
    for _ in range(24):
        model.step()
        written_off = model.world.ledger.totals["written_off_microcredit"]
        found = of_month(model.world)["losses"]
        assert 0 <= found <= written_off
        assert (found > 0) == (written_off > 0)
        seen += found
    assert seen > 0


def test_the_decision_month_and_the_tail_bound_what_is_counted():
    spec = scenario(PENSION, cost={"rate": 0.0, "years": 1, "tail": 0}, process={"growth": {"on": False}})
    year = account_of(spec, 3, spec.start)
    later = account_of(spec, 3, spec.start + 7)
    longer = account_of(spec.with_({"cost.tail": 1}), 3, spec.start)
    assert year.fiscal == pytest.approx(300 * 1.02 * year.people, rel=0.02)
    assert later.fiscal == pytest.approx(year.fiscal, rel=0.03)
    assert longer.fiscal == pytest.approx(2 * year.fiscal, rel=0.03)
    dearer = account_of(spec.with_({"cost.rate": 0.05}), 3, spec.start)
    assert 0.96 < dearer.fiscal / year.fiscal < 0.99


def test_rules_come_from_the_scenario():
    account = opened(scenario(cost={"cadre_fiscal": 1.0, "cadre_social": 2.0}).section("cost"))
    assert (account.cadre_fiscal, account.cadre_social) == (1.0, 2.0)


# ---- the search


@given(st.floats(0.01, 60), st.floats(0.3, 3))
def test_a_root_that_is_there_is_found(wanted, bend):
    factor, _ = root(lambda f: (f**bend - wanted**bend) / wanted**bend, 1.0, 64.0)
    assert abs(factor**bend / wanted**bend - 1) <= AIM


@given(st.floats(0.01, 5))
def test_a_root_that_is_not_there_is_not_found(off):
    for sign in (1, -1):
        factor, ends = root(lambda f, sign=sign: sign * (off + 0.01 * f / (1 + f)), 1.0, 64.0)
        assert math.isnan(factor)
        assert min(ends) * max(ends) > 0


def test_a_step_has_no_setting():
    factor, _ = root(lambda f: -0.2 if f < 0.37 else 0.3, 1.0, 64.0)
    assert math.isnan(factor)


@cache
def closed():
    """A reference that targets some of its cash, and an arm that gives all of it to everybody."""
    reference, arm = scenario(PENSION, AID), scenario(PENSION)
    closing = Closing(arm, "policy.pension.level", arm.start)
    return reference, solve(reference, closing, on_workers(arm.start), seeds=3, again=1)


def test_what_is_not_up_to_luck_is_found_at_once():
    """300 yuan for all, and 200 more for all by another name: five thirds."""
    reference, arm = scenario(PENSION, {"name": "more", "use": "uniform_cash", "level": 200.0}), scenario(PENSION)
    solution = solve(reference, Closing(arm, "policy.pension.level", arm.start), on_workers(arm.start), seeds=2)
    assert solution.agrees
    assert solution.factor == pytest.approx(5 / 3, rel=2 * AIM)
    assert abs(float(solution.confirm.mean)) <= 2 * AIM
    assert int(solution.search.n) == int(solution.confirm.n) == 2


def test_the_arms_cost_the_same_on_seeds_that_the_search_never_saw():
    reference, solution = closed()
    assert solution.found
    assert abs(float(solution.search.mean)) <= AIM
    seeds = range(reference.seed, reference.seed + 12)
    assert not {*seeds} & {reference.seed + base + i for base in (SEARCH, CONFIRM) for i in range(1000)}
    first, second = (
        np.array([account_of(spec, seed, reference.start).fiscal for seed in seeds])
        for spec in (reference, solution.scenario)
    )
    off, n = second - first, int(solution.search.n)
    error = off.std(ddof=1) * math.sqrt(1 / len(off) + 1 / n)
    assert abs(off.mean()) <= TOLERANCE * first.mean() + 3 * error
    assert 3 * error < 0.25 * first.mean()


def test_luck_that_is_too_large_for_so_few_seeds_is_owned_up_to():
    _, solution = closed()
    n, m = int(solution.search.n), int(solution.confirm.n)
    pooled = (float(solution.search.mean) * n + float(solution.confirm.mean) * m) / (n + m)
    assert solution.agrees == (abs(pooled) <= TOLERANCE)
    assert n == m == 6 or (solution.agrees and n == m == 3)
    assert float(solution.confirm.low) < float(solution.confirm.mean) < float(solution.confirm.high)


def test_the_past_before_the_decision_is_left_as_it_was():
    reference, solution = closed()
    level = solution.scenario.get("policy.pension.level")
    assert level.at(reference.start - 1) == 300.0
    assert level.at(reference.start) == pytest.approx(300.0 * solution.factor, rel=1e-5)
    worlds = [PovertyModel(spec, seed=1).world.households.wealth for spec in (reference, solution.scenario)]
    assert (worlds[0] == worlds[1]).all()


def test_it_is_the_same_again_and_costs_are_the_same_on_more_workers():
    reference, solution = closed()
    assert closed.__wrapped__()[1].factor == solution.factor
    here, there = (on_workers(reference.start, workers)(reference, [5, 6]) for workers in (1, 2))
    assert here == there
    assert here[0] != here[1]


def test_the_social_account_asks_for_more_money_in_the_place_of_teams():
    """A team costs more where it is missed, so more cash stands against it."""
    reference = scenario(PENSION, process=TEAMS)
    arm = scenario(PENSION)
    closing = Closing(arm, "policy.pension.level", arm.start)
    costs = on_workers(arm.start)
    fiscal, social = (
        solve(reference, closing, costs, account, seeds=2, again=0).factor for account in ("fiscal", "social")
    )
    assert 1.0 < fiscal < social


def test_no_equal_cost_setting_is_an_answer_both_ways():
    rich, poor = scenario({**PENSION, "level": 3_000.0}), scenario({**PENSION, "level": 30.0})
    arm = scenario(PENSION, {**AID, "budget": 1.0})
    costs = on_workers(arm.start)
    too_small = solve(rich, Closing(arm, "policy.aid.level", arm.start), costs, seeds=2)
    too_large = solve(poor, Closing(arm, "policy.aid.level", arm.start), costs, seeds=2)
    assert not too_small.found
    assert not too_small.agrees
    assert too_small.most < 0.2
    assert not too_large.found
    assert too_large.least > 5


def test_dated_amounts_are_scaled_from_the_decision_on():
    spec = scenario({**PENSION, "level": {"2015-06": 100.0, "2016-06": 200.0, "2017-01": 400.0}})
    closing = Closing(spec, "policy.pension.level", spec.start + 8)
    assert closing.value(0.5) == {
        "2015-06": 100.0, "2016-06": 200.0, "2016-08": 200.0, "2016-09": 100.0, "2017-01": 200.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("policy.pension.levle", "level"),
        ("policy.pension.in_burn_in", "cannot be scaled"),
        ("policy.pension.budget", "none"),
        ("policy.pension.administration", "takes no dates"),
        ("process.illness.risk", "takes no dates"),
        ("policy.nothing.level", "is 0"),
    ],
)
def test_an_amount_that_cannot_close_is_refused(path, said):
    spec = scenario(PENSION, {"name": "nothing", "use": "uniform_cash", "level": 0.0})
    with pytest.raises(BadInput, match=said):
        Closing(spec, path, spec.start)


def test_an_undated_amount_of_a_policy_that_begins_with_the_decision_can_close():
    spec = scenario({"name": "visits", "use": "aspiration_coaching", "reach": 0.2})
    closing = Closing(spec, "policy.visits.reach", spec.start)
    assert closing.at(2.0).get("policy.visits.reach") == 0.4
    assert closing.most == 5.0


def test_a_reference_that_costs_nothing_is_no_aim():
    arm = scenario(PENSION)
    with pytest.raises(BadInput, match="costs 0 yuan"):
        solve(
            scenario(process={"register": {"cost": 0.0}}), Closing(arm, "policy.pension.level", arm.start),
            on_workers(arm.start), seeds=2,
        )  # fmt: skip


# ---- the command

TOML = """
[scenario]
years = 2
[burn_in]
months = 3
[cost]
years = 1
tail = 0
[population]
counties = 1
villages = 2
households = 30
[[policy]]
name = "pension"
use = "uniform_cash"
level = 300
in_burn_in = true
"""


@pytest.fixture
def fupin(capsys, tmp_path, monkeypatch):
    (tmp_path / "cash.toml").write_text(TOML)
    (tmp_path / "aid.toml").write_text(
        'extends = "cash.toml"\n[[policy]]\nname = "aid"\nuse = "uniform_cash"\nlevel = 200\n'
    )
    monkeypatch.chdir(tmp_path)
    return CommandLine(capsys)


def test_the_command_prints_both_accounts_and_writes_the_arm(fupin):
    said = fupin(
        "equal-cost", "aid.toml", "cash.toml", "--closing", "policy.pension.level", "--seeds", "4", "--workers", "1",
        "--write", ".",
    )  # fmt: skip
    assert said.code == 0
    assert "cash.toml: policy.pension.level × 1.666" in said.out
    for words in ("fiscal account", "social account", "received", "pairs on fresh seeds", "within 0.5 %"):
        assert words in said.out
    assert "of the cost aimed at, on 4 seeds" in said.err
    spec = load(Path("cash_equal_cost.toml"), BUILT_IN)
    assert spec.get("policy.pension.level").at(spec.start) > 300.0
    quiet = fupin(
        "equal-cost", "aid.toml", "cash_equal_cost.toml", "--closing", "policy.pension.level", "--seeds", "4", "-q",
        "--json", "--workers", "1",
    )  # fmt: skip
    assert quiet.err == ""
    (found,) = quiet.json
    assert found["found"]
    assert found["factor"] == pytest.approx(1.0, abs=0.02)
    assert found["yuan"]["arm"]["fiscal"] == pytest.approx(found["yuan"]["reference"]["fiscal"], rel=0.03)


def test_the_command_says_when_there_is_no_setting(fupin):
    Path("dear.toml").write_text('extends = "cash.toml"\n[[policy]]\nname = "pension"\nlevel = 9_000\n')
    few = ("--seeds", "2", "--workers", "1", "-q")
    said = fupin(
        "equal-cost", "dear.toml", "aid.toml", "--closing", "policy.aid.administration", "--account", "social", *few
    )
    assert said.code == 0
    assert "aid.toml: there is no equal-cost setting." in said.out
    assert "from 0 to 50 times its value brings the social cost to 6." in said.out
    assert said.out.strip().endswith("% of that of dear.toml.")
    (found,) = fupin(
        "equal-cost", "dear.toml", "aid.toml", "--closing", "policy.aid.administration", "--json", *few
    ).json
    assert not found["found"]
    assert 0.02 < found["least"] < found["most"] < 0.1
    said = fupin("equal-cost", "cash.toml", "aid.toml", "--closing", "policy.aid.budget", *few)
    assert said.code == 2
    assert 'is "none"' in said.err


def test_all_that_makes_no_sense_is_said_at_once(fupin):
    said = fupin(
        "equal-cost", "cash.toml", "--closing", "a.b", "--closing", "c.d", "--account", "fiscale", "--seeds", "1",
        "--workers", "no", "--write", "nowhere",
    )  # fmt: skip
    assert said.code == 2
    for words in ("two scenarios", "--closing: 2 paths", "--account", "--seeds 1", "--workers no", "--write nowhere"):
        assert words in said.err
    assert "6 mistakes" in said.err


def test_costs_count_from_no_month_of_the_past(fupin):
    said = fupin("equal-cost", "aid.toml", "cash.toml", "--closing", "policy.pension.level", "--from", "2015-01")
    assert said.code == 2
    assert "before the scenarios begin" in said.err
    said = fupin("equal-cost", "aid.toml", "cash.toml", "--closing", "policy.pension.level", "--from", "now")
    assert "is not a date" in said.err
