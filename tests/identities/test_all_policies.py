"""All built-in policies at once: the same bits however the run is cut, stopped or ordered, and books that balance."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.model import PovertyModel
from fupin_sim.simulation import resume, simulate, snapshot
from tests.identities.bits import SHARED, bits, by_luck, same_bits
from tests.strategies import scenario_of

ENTRIES = [
    {"use": "uniform_cash", "level": 500, "in_burn_in": True},
    {"use": "targeted_transfer", "level": 1000, "grace": 7, "taper": 5},
    {"use": "dibao", "in_burn_in": True},
    {"use": "medical_reimbursement", "budget": 60.0, "grace": 6, "in_burn_in": True, "stop_loss": 2000,
     "stop_loss_for": "all"},
    {"name": "cover_for_all", "use": "medical_reimbursement", "ordinary": 0.6, "expiry": 20, "fund": "common"},
    {"use": "school_aid", "whom": "all", "fund": "common", "budget": {"2015-01": 5.0, "2017-03": 50.0}},
    {"use": "pension", "in_burn_in": True, "taper": 2},
    {"use": "disaster_relief", "fund": "common", "grace": 1, "taper": 2, "in_burn_in": True},
    {"use": "return_insurance", "deductible": 500, "budget": 200.0, "start": "2016-04", "in_burn_in": True},
    {"use": "microcredit", "whom": "all", "uptake": 0.2, "term": 5, "subsidy": 0.5},
    {"name": "jobs", "use": "public_jobs", "posts": 0.3, "budget": 90.0, "taper": 3},
    {"use": "job_service", "whom": "all", "reach": 0.7, "expiry": 25},
    {"use": "training", "whom": "all", "reach": 0.6, "budget": 300.0},
    {"use": "aspiration_coaching", "whom": "all", "reach": 0.5, "grace": 3},
    {"name": "project", "use": "industry_support", "whom": "all", "uptake": 0.1, "term": 9, "gestation": 2,
     "failure": 0.5, "goes_on": 0.4, "budget": 2000.0},
    {"name": "assets", "use": "industry_support", "form": "dividend", "uptake": 0.2, "term": 14, "grant": 3000},
    {"use": "village_infrastructure", "reach": 0.5, "level": 900, "fund": "roads", "budget": 200.0},
    {"use": "monitoring", "coverage": "sudden", "capacity": 0.3, "self_report": 0.5, "cash": 900, "in_burn_in": True,
     "verification": 0.7, "delivery": 1.4, "release_after": 2, "false_alarm": 0.1},
    {"use": "team_projects"},
    {"use": "team_grants", "fund": "common"},
    {"use": "post_support", "whom": "monitored", "budget": 60.0, "grace": 2},
]  # fmt: skip
ALL = {
    **SHARED, "policy": ENTRIES, "process": {**SHARED["process"], "teams": {"per_village": 0.7}},
    "shock": [*SHARED["shock"], {"use": "macro", "at": ["2017-02"], "wage": 0.9, "job_finding": 0.5}],
}  # fmt: skip


@cache
def undisturbed():
    return simulate(scenario_of(ALL), households="monthly", check_books=True)


def test_every_built_in_policy_is_among_them_and_each_spends():
    assert {entry["use"] for entry in ENTRIES} == set(BUILT_IN.policies)
    spending = undisturbed().series.query("measure == 'spending_by_policy'").groupby("group")["value"].sum()
    assert len(spending) == len(ENTRIES)
    assert (spending > 0).all(), spending


def test_what_the_deciles_received_is_all_that_policies_gave_and_more_than_cash():
    model, given = PovertyModel(scenario_of(ALL)), 0.0
    for _ in range(12):
        model.step()
        given += sum(float(outlay.received.sum()) for outlay in model.world.outlays.values())
    received = model.world.tally.received
    assert (received[0], received[1:].sum()) == (0.0, given)
    assert given > model.world.households.support12.sum() > 0
    rows = {group: value for month, name, group, value in model.recorder.rows if name == "received_by_decile"}
    people = float(model.world.households.members.sum())
    assert sum(rows.values()) * people * 100 == pytest.approx(given)


def test_what_could_go_wrong_happens():
    panel = undisturbed().households
    assert (undisturbed().series.query("group == 'source:project'")["value"] > 0).all()
    for event in ("debt_microcredit", "technique", "coached", "hungry", "debt_arrears", "monitored", "helped"):
        assert panel[event].any(), event


@pytest.mark.parametrize("block", [1, 27])
def test_any_block_size(block):
    assert same_bits(simulate(scenario_of(ALL), households="monthly", block=block), undisturbed())


@pytest.mark.parametrize("month", ["", "2016-02", "2016-12", "2017-08"])
def test_stopped_and_taken_up_again(month):
    assert same_bits(resume(snapshot(scenario_of(ALL), month, households="monthly")), undisturbed())


@pytest.mark.parametrize("order", [range(len(ENTRIES))[::-1], [*range(7, len(ENTRIES)), *range(7)]])
def test_in_another_order_of_the_file(order):
    mixed = scenario_of(ALL, policy=[ENTRIES[i] for i in order], shock=ALL["shock"][::-1])
    assert same_bits(simulate(mixed, households="monthly"), undisturbed())


def test_cut_by_counties():
    parts = [simulate(scenario_of(ALL), households="monthly", counties=part).households for part in ([0, 2], [1])]
    assert bits(by_luck(pd.concat(parts))) == bits(by_luck(undisturbed().households))


def test_a_branch_without_any_of_them_has_books_that_balance():
    moment = snapshot(scenario_of(ALL), "2017-04")
    assert moment.columns["Household"]["debt_microcredit"].any()
    branch = resume(moment, scenario=scenario_of(ALL, policy=[]), check_books=True)
    assert branch.series.query("measure == 'spending' and month == '2018-12'")["value"].item() == 0


def test_a_policy_taken_up_by_a_branch_equals_one_that_starts_then():
    """Nothing that a policy remembers is needed before it begins; budgets heap up from January, so there are none."""
    late = [{**entry, "start": "2017-05", "budget": "none"} for entry in ENTRIES]
    moment = snapshot(scenario_of(ALL, policy=[]), "2017-04", households="monthly")
    branch = resume(moment, scenario=scenario_of(ALL, policy=late))
    assert bits(branch.households) == bits(simulate(scenario_of(ALL, policy=late), households="monthly").households)


def test_what_a_policy_remembers_is_small():
    model = PovertyModel(scenario_of(ALL))
    for _ in range(6):
        model.step()
    each = {name: sum(column.itemsize for column in columns.values()) for name, columns in model.world.memory.items()}
    assert max(each.values()) <= 12, each
    assert all(isinstance(column, np.ndarray) for columns in model.world.memory.values() for column in columns.values())
