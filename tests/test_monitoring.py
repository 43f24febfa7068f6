"""Monitoring: chances are what they say, capacity is shared, every yuan of its work is booked, help has its measure."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.model import PovertyModel
from fupin_sim.policies.monitoring import CAUGHT, FALSE, KNOWN, MISSED, QUIET, found
from fupin_sim.simulation import resume, simulate, snapshot
from tests.identities.bits import SHARED, bits
from tests.said.small_world import SmallWorld
from tests.strategies import scenario_of

SURE = {"self_report": 1.0, "false_alarm": 0.0, "capacity": 1.0, "verification": 0.0, "delivery": 0.0}
POOR = {"members": 1, "income": 5_500, "first_exited_on": 24_000}
WELL = {"members": 1, "income": 20_000, "wealth": 50_000, "first_exited_on": 24_000}


def village(homes, **options):
    """A village of these households after the first month of monitoring."""
    setting = {f"policy.monitoring.{name}": value for name, value in {**SURE, **options}.items()}
    small = SmallWorld({"name": "x", "given": homes, "setting": setting})
    small.model.step()
    return small


def seen(small):
    return small.world.policies["monitoring"].seen(small.world)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_three_ways_find_at_least_as_much_as_the_best_of_them_and_no_more_than_their_sum(a, b, c):
    chance = float(found(np.array([a]), np.array([b]), c)[0])
    assert max(a, b, c) - 1e-12 <= chance <= min(a + b + c, 1.0) + 1e-12


@pytest.mark.parametrize(
    ("options", "chance"),
    [
        ({"self_report": 0.1, "by_trust": 0.2, "matching": 0.15}, 1 - 0.8 * 0.85),  # trust is one half
        ({"self_report": 0.0, "by_trust": 0.0, "matching": 0.15}, 0.15),
        ({"self_report": 0.0, "by_trust": 0.2, "matching": 0.0}, 0.1),
        ({"self_report": 0.0, "by_trust": 0.0, "matching": 0.0}, 0.0),
    ],
)
def test_a_danger_is_found_as_often_as_the_ways_say(options, chance):
    small = village([POOR] * 4000, **options)
    assert abs((seen(small) == CAUGHT).mean() - chance) < 4 * np.sqrt(chance * (1 - chance) / 4000) + 1e-12
    assert (seen(small) != CAUGHT).sum() == (seen(small) == MISSED).sum()


def test_visits_find_where_team_work_has_reached():
    setting = {f"policy.monitoring.{name}": value for name, value in SURE.items()}
    ways = {"policy.monitoring.self_report": 0.0, "policy.monitoring.by_trust": 0.0, "policy.monitoring.matching": 0.0}
    small = SmallWorld({"name": "x", "given": [POOR] * 4000, "setting": {**setting, **ways}})
    small.world.villages.exposure_observed[:] = 0.8
    small.model.step()
    assert abs((seen(small) == CAUGHT).mean() - 0.2) < 0.03


def test_false_alarms_are_as_frequent_as_they_say_cost_a_verification_and_lead_to_no_list():
    small = village([WELL] * 4000, false_alarm=0.05)
    false = int((seen(small) == FALSE).sum())
    assert abs(false / 4000 - 0.05) < 0.015
    assert not small.world.households.monitored.any()
    assert float(small.world.running["monitoring"].sum()) == 4000 * 500 + false * 30_000


def test_verification_takes_a_month_on_average():
    small = village([POOR] * 4000, verification=1.0)
    listed = [small.world.households.monitored.mean()]
    for _ in range(3):
        small.model.step()
        listed.append(small.world.households.monitored.mean())
    np.testing.assert_allclose(listed, [0.5, 0.75, 0.875, 0.9375], atol=0.03)


def test_an_alarm_about_who_is_no_longer_low_is_closed():
    small = village([POOR] * 50, verification=50.0)
    small.world.households.income12[:] = 20_000_00
    small.world.accounts.rings["income12"][:] = 20_000_00 // 12
    for _ in range(40):
        small.model.step()
    assert small.world.households.monitored.mean() < 0.1
    assert (small.world.memory["monitoring"]["case"] == 0).mean() > 0.3


def test_what_cannot_be_followed_up_is_missed_and_comes_again():
    small = village([POOR] * 400, capacity=0.05, little=10.0, cash=0)
    found_each_month = [int((seen(small) == CAUGHT).sum())]
    for _ in range(19):
        small.model.step()
        found_each_month.append(int((seen(small) == CAUGHT).sum()))
    assert found_each_month == [20] * 20
    assert (seen(small) == KNOWN).sum() == 380


@pytest.mark.parametrize("capacity", [0.0003, 0.0007])
def test_a_part_of_an_alarm_is_one_with_that_chance(capacity):
    small = village([POOR] * 1000, capacity=capacity, little=10.0)
    number = [int((seen(small) == CAUGHT).sum())]
    for _ in range(99):
        small.model.step()
        number.append(int((seen(small) == CAUGHT).sum()))
    assert set(number) <= {0, 1}
    assert abs(np.mean(number) - 1000 * capacity) < 0.15


def test_wider_coverage_shares_one_office_so_fewer_of_the_ex_poor_are_found():
    """A counter-mechanism: false alarms and others in danger take the places of those who left the register."""
    homes = [POOR, {**POOR, "first_exited_on": 0}, {**WELL, "first_exited_on": 0}] * 600
    narrow, wide = (village(homes, coverage=c, capacity=0.05, false_alarm=0.2) for c in ("ex_poor", "sudden"))
    caught = [int((seen(small) == CAUGHT)[::3].sum()) for small in (narrow, wide)]
    assert caught[0] == 90
    assert caught[1] < 60


def test_watching_more_households_finds_more_danger_with_room_for_all_and_less_where_false_alarms_take_the_places():
    homes = [POOR, {**POOR, "first_exited_on": 0}, {**WELL, "first_exited_on": 0}] * 300

    def found(coverage, capacity, false_alarm):
        small = village(homes, coverage=coverage, capacity=capacity, false_alarm=false_alarm)
        return int((seen(small) == CAUGHT).sum())

    assert found("sudden", 1.0, 0.5) == 2 * found("ex_poor", 1.0, 0.5) == 600
    assert found("sudden", 0.05, 0.0) == found("ex_poor", 0.05, 0.0) == 45
    assert found("sudden", 0.05, 0.5) < 0.9 * found("ex_poor", 0.05, 0.5)


def test_a_fund_that_runs_out_screens_fewer_and_verifies_no_more_than_it_can_pay():
    homes = [POOR] * 1000
    # 1,000 yuan of screening a month are wanted; the fund has 500, and nothing is left to verify.
    small = village(homes, screening=12, verifying=0, budget=6)
    assert float(small.world.running["monitoring"].sum()) == 500_00
    assert abs((seen(small) == CAUGHT).mean() - 0.5) < 0.06
    small = village(homes, screening=0, verifying=100, budget=12)
    assert (seen(small) == CAUGHT).sum() == 10
    assert float(small.world.running["monitoring"].sum()) == 1_000_00
    assert (small.world.funds["monitoring"].balance == 0).all()


MONITORED = [
    *SHARED["policy"],
    {"use": "monitoring", "coverage": "sudden", "capacity": 0.2, "false_alarm": 0.05, "budget": 90.0},
    {"use": "post_support"},
    {"use": "medical_reimbursement"},
]


@cache
def run():
    return simulate(scenario_of(SHARED, policy=MONITORED), households="monthly", check_books=True)


def test_the_list_is_made_of_classes_and_what_is_seen_adds_up():
    series, panel = run().series, run().households
    year = panel[panel["month"] == "2018-12"]
    taken = series[series["month"] == "2018-12"].set_index(["measure", "group"])["value"]
    assert taken["monitored_share", ""] == (year["monitored"] != 0).mean() > 0
    assert sum(taken["monitored_by_class"]) == pytest.approx(taken["monitored_share", ""])
    worth = [taken["alarms", f"policy:monitoring:{what}"] for what in ("true", "false", "missed", "known")]
    assert 0 < sum(worth) <= 1
    listed = panel["monitored"] != 0
    assert (listed == (panel["monitored_since"] != "")).all()
    assert not (panel["helped"] & ~listed).any()
    assert not (panel["registered"] & listed).any()


@pytest.mark.parametrize("month", ["", "2016-12", "2017-08"])
def test_stopped_and_taken_up_again(month):
    moment = snapshot(scenario_of(SHARED, policy=MONITORED), month, households="monthly")
    assert bits(resume(moment, block=7).households) == bits(run().households)


def test_a_branch_that_drops_it_has_nobody_on_the_list():
    moment = snapshot(scenario_of(SHARED, policy=MONITORED), "2017-08", households="monthly")
    assert moment.columns["Household"]["monitored"].any()
    branch = resume(moment, scenario=scenario_of(SHARED))
    assert not branch.households.query("month > '2017-08'")["monitored"].any()


def test_a_programme_that_ends_leaves_nobody_on_the_list():
    ended = [{**entry, "end": "2017-03"} if entry["use"] == "monitoring" else entry for entry in MONITORED]
    panel = simulate(scenario_of(SHARED, policy=ended), households="monthly").households
    assert panel.query("month == '2017-03'")["monitored"].any()
    assert not panel.query("month == '2017-04'")[["monitored", "helped"]].any().any()


def test_monitoring_cash_makes_dependent_and_capital_does_not():
    def dependence(cash, **home):
        setting = {f"policy.monitoring.{k}": v for k, v in {**SURE, "cash": cash}.items()}
        given = {**POOR, **home}
        small = SmallWorld(
            {"name": "x", "given": given, "setting": {**setting, "policy.post_support.capital": 9_000.0}}
        )
        for _ in range(12):
            small.model.step()
        return float(small.world.households.dependence[0])

    assert dependence(3_000.0) > 0.03
    assert dependence(0.0) == 0.0
    assert dependence(3_000.0, workers=1) == 0.0


def test_quiet_is_the_code_of_who_is_not_watched():
    small = village([{**POOR, "first_exited_on": 0, "registered": True}, POOR], coverage="ex_poor")
    assert seen(small).tolist() == [QUIET, CAUGHT]


def test_two_programmes_do_not_list_a_household_twice_nor_release_each_others():
    two = [
        {"name": "a", "use": "monitoring", "coverage": "sudden", "capacity": 0.3, "self_report": 0.6},
        {"name": "b", "use": "monitoring", "coverage": "sudden", "capacity": 0.3, "self_report": 0.6, "end": "2017-03"},
    ]
    model = PovertyModel(scenario_of(SHARED, policy=[*SHARED["policy"], *two]))
    for _ in range(20):
        model.step()
        case = {name: model.world.memory[name]["case"] == 3 for name in "ab"}
        assert not (case["a"] & case["b"]).any()
        assert ((case["a"] | case["b"]) == (model.world.households.monitored != 0)).all()
    assert case["a"].any()
