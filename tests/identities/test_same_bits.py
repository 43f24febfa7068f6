"""One scenario, one seed: the same bits however the run is cut, stopped, copied, ordered or sent elsewhere."""

from __future__ import annotations

import copy
import json
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from fupin_sim.dated import month_name
from fupin_sim.model import PovertyModel
from fupin_sim.panel import panel_frame
from fupin_sim.population import Population
from fupin_sim.simulation import resume, simulate, snapshot
from tests import survey_files
from tests.identities.bits import SHARED, bits, by_luck, same_bits
from tests.portability.children import digests, missing
from tests.strategies import scenario_of, scenarios, tables

FEW = settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])


def monthly(scenario, **settings):
    return simulate(scenario, households="monthly", **settings)


@cache
def undisturbed():
    """The shared scenario in one piece."""
    return monthly(scenario_of(SHARED))


def test_the_shared_scenario_does_what_could_go_wrong():
    panel, spending = undisturbed().households, undisturbed().series.query("measure == 'spending_by_policy'")
    assert (spending.groupby("group")["value"].sum() > 0).all()
    assert spending["group"].nunique() == 5
    for event in ("registered", "migrants", "debt_kin", "debt_arrears", "months_sick", "hungry", "disabled"):
        assert panel[event].any(), event
    assert (panel["exited_on"] != "").any()
    assert panel.groupby("luck")["capital"].nunique().min() > 3


def test_another_seed_gives_other_bits():
    other = monthly(scenario_of(SHARED), seed=5)
    assert other.digest != undisturbed().digest
    assert bits(other.households)["wealth"] != bits(undisturbed().households)["wealth"]


# ---- blocks


@pytest.mark.parametrize("block", [1, 10, 27, 10**9])
def test_any_block_size(block):
    assert same_bits(monthly(scenario_of(SHARED), block=block), undisturbed())


@FEW
@given(scenarios())
def test_any_block_size_in_any_scenario(scenario):
    try:
        assert same_bits(monthly(scenario, block=1), monthly(scenario))
    except OverflowError:
        reject()


# ---- snapshots


@pytest.mark.parametrize("month", ["", "2016-01", "2016-12", "2017-05", "2017-12", "2018-11", "2018-12"])
def test_stopped_and_taken_up_again(month):
    moment = snapshot(scenario_of(SHARED), month, households="monthly")
    assert same_bits(resume(moment), undisturbed())


@FEW
@given(scenarios(), st.data())
def test_stopped_and_taken_up_again_in_any_month_of_any_scenario(scenario, data):
    month = data.draw(st.integers(scenario.start - 1, scenario.start + scenario.months - 1), "month")
    name = month_name(month) if month >= scenario.start else ""
    try:
        moment = snapshot(scenario, name, households="monthly")
        assert same_bits(resume(moment, block=1), monthly(scenario))
    except OverflowError:
        reject()


def test_a_snapshot_can_be_sent_away_taken_of_a_resumed_run_and_used_twice():
    first = pickle.loads(pickle.dumps(snapshot(scenario_of(SHARED), "2016-09", households="monthly")))
    model = PovertyModel(snapshot=first, panel="month")
    model.live_until(model.world.clock.month + 13)
    second = model.snapshot()
    assert month_name(second.month) == "2017-10"
    for moment in (second, first, second):
        assert same_bits(resume(moment), undisturbed())


def test_a_branch_shares_the_past_and_equals_a_run_that_changes_by_date():
    """Cutting a pension by a branch is cutting it by a dated value."""
    cut = [{**SHARED["policy"][0], "level": 100}, *SHARED["policy"][1:]]
    dated = [{**SHARED["policy"][0], "level": {"2015-01": 900, "2017-06": 100}}, *SHARED["policy"][1:]]
    moment = snapshot(scenario_of(SHARED), "2017-05", households="monthly")
    branch = resume(moment, scenario=scenario_of(SHARED, policy=cut))
    assert same_bits(branch, monthly(scenario_of(SHARED, policy=dated)))
    assert branch.digest != undisturbed().digest


def test_another_future_has_the_same_past():
    moment = snapshot(scenario_of(SHARED), "2017-05", households="monthly")
    other, again = resume(moment, seed=99), resume(moment, seed=99)
    assert same_bits(other, again)
    past, future = (lambda frame: frame[frame["month"] <= "2017-05"]), (lambda frame: frame[frame["month"] > "2017-05"])
    assert bits(past(other.households)) == bits(past(undisturbed().households))
    assert bits(future(other.households))["wealth"] != bits(future(undisturbed().households))["wealth"]
    assert same_bits(resume(moment, seed=SHARED["scenario"]["seed"]), undisturbed())


@pytest.mark.parametrize("lived", [0, 1, 12, 20])
def test_a_copy_in_the_middle_of_a_run_goes_on_as_the_original_does(lived):
    model = PovertyModel(scenario_of(SHARED), panel="month")
    for _ in range(lived):
        model.step()
    twin = copy.deepcopy(model)
    other = pickle.loads(pickle.dumps(model))
    last = model.spec.start + model.spec.months - 1
    for each in (twin, model, other):
        each.live_until(last)
        assert bits(panel_frame(each.recorder.panel)) == bits(undisturbed().households)
        assert each.recorder.digest() == undisturbed().digest
    assert twin.world.households is not model.world.households


# ---- shards


def shards(scenario, *parts):
    """The panels of the parts, put together in order of luck keys."""
    return by_luck(pd.concat([monthly(scenario, counties=part).households for part in parts]))


@pytest.mark.parametrize("parts", [([0], [1, 2]), ([0, 1], [2]), ([0, 2], [1]), ([0], [1], [2])])
def test_a_population_cut_by_counties(parts):
    assert bits(shards(scenario_of(SHARED), *parts)) == bits(by_luck(undisturbed().households))


@FEW
@given(scenarios(counties=2), st.data())
def test_any_scenario_cut_by_counties(scenario, data):
    counties = range(scenario.section("population")["counties"])
    mine = data.draw(st.lists(st.sampled_from(counties), min_size=1, max_size=len(counties) - 1, unique=True))
    rest = [county for county in counties if county not in mine]
    try:
        whole = by_luck(monthly(scenario).households)
        assert bits(shards(scenario, mine, rest)) == bits(whole)
    except OverflowError:
        reject()


@pytest.mark.parametrize("resample", Population.resample.choices)
def test_a_survey_cut_by_counties(resample, tmp_path):
    """With gaps that are filled by a regression over all, and whatever the design of the sample."""
    made = survey_files.households(90, villages=8)
    made["edu"] = made["edu"].where(np.arange(90) % 7 > 0)
    made["size"] += 3 * (made["county"] == "East")  # so that no share of a county is that of all
    data = survey_files.write(made, tmp_path, ".csv")
    mapping = survey_files.mapping(tmp_path, survey_files.MAPPING + '[missing]\nschooling = "regression"\n')
    people = {
        "source": "survey", "survey": str(data), "mapping": str(mapping), "resample": resample,
        "villages": 8, "households": 9,
    }  # fmt: skip
    scenario = scenario_of(SHARED, population=people, shock=[])
    whole = by_luck(monthly(scenario).households)
    assert bits(shards(scenario, [0], [1])) == bits(whole)


# ---- order and names


@pytest.mark.parametrize("order", [[4, 3, 2, 1, 0], [2, 0, 4, 1, 3]])
def test_policies_and_shocks_in_another_order_of_the_file(order):
    policies = [SHARED["policy"][i] for i in order]
    mixed = scenario_of(SHARED, policy=policies, shock=SHARED["shock"][::-1])
    assert mixed.key == scenario_of(SHARED).key
    assert same_bits(monthly(mixed), undisturbed())


@FEW
@given(tables(), st.randoms(use_true_random=False))
def test_policies_in_any_order_in_any_scenario(scenario, random):
    mixed = random.sample(scenario["policy"], len(scenario["policy"]))
    try:
        assert same_bits(monthly(scenario_of(scenario, policy=mixed)), monthly(scenario_of(scenario)))
    except OverflowError:
        reject()


def test_names_of_policies_are_only_names():
    """In another order of names too: who is asked, paid and settled first makes no difference."""
    names = dict(zip(["pension", "aid", "term", "dibao", "second"], "zyxwv", strict=True))
    renamed = [{**entry, "name": names[entry["name"]]} for entry in SHARED["policy"]]
    other = monthly(scenario_of(SHARED, policy=renamed))
    assert bits(other.households) == bits(undisturbed().households)
    ungrouped = "group == '' or group.str.startswith('decile')"
    assert bits(other.series.query(ungrouped)) == bits(undisturbed().series.query(ungrouped))


# ---- elsewhere


def work(task):
    """What a worker process sends back: the seed, the digest and the last column of wealth."""
    text, seed = task
    result = monthly(scenario_of(json.loads(text)), seed=seed)
    return seed, result.digest, bits(result.households)


@pytest.mark.parametrize("workers", [1, 2])
def test_runs_in_worker_processes(workers):
    tasks = [(json.dumps(SHARED), seed) for seed in (4, 5, 4)]
    with ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = list(pool.map(work, tasks))
    assert found[0] == found[2] == (4, undisturbed().digest, bits(undisturbed().households))
    assert found[1] == work(tasks[1])
    assert found[1][1] != found[0][1]


def test_a_result_can_be_sent_to_another_process():
    there = pickle.loads(pickle.dumps(undisturbed()))
    assert same_bits(there, undisturbed())
    assert there.scenario == undisturbed().scenario


RUN = f"""
import json
from fupin_sim.simulation import simulate
from tests.strategies import scenario_of
run = simulate(scenario_of(json.loads({json.dumps(SHARED)!r})), households="monthly")
panel = run.households
result = [run.digest, *(panel[name].to_numpy() for name in panel.columns if panel[name].dtype.kind in "biuf")]
"""


def test_the_bits_of_a_run_are_the_same_with_less_of_the_processor():
    digest = digests(RUN)
    assert len(digest) + len(missing()) == 4
    assert len(set(digest.values())) == 1, digest


def test_the_comparison_sees_a_single_bit():
    one = undisturbed()
    panel = one.households.copy()
    panel.loc[5, "capital"] = np.nextafter(panel.loc[5, "capital"], np.inf)
    assert bits(panel)["capital"] != bits(one.households)["capital"]
    assert bits(panel, without=["capital"]) == bits(one.households, without=["capital"])
