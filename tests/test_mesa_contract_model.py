"""Mesa's own tools work with the poverty model: batch_run, DataCollector, agent sets, copies, and no warnings."""

from __future__ import annotations

import copy
import operator
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from fupin_sim.agents import County, Household, VillageOrganization
from fupin_sim.model import PovertyModel
from fupin_sim.simulation import simulate

SMALL = {
    "population.villages": 3, "population.counties": 2, "population.households": 6, "scenario.years": 1,
    "burn_in.months": 2,
}  # fmt: skip
RNG_IS_AN_ARGUMENT = "rng" in batch_run.__code__.co_varnames[: batch_run.__code__.co_argcount]  # from Mesa 3.5 on
BASELINE = str(Path(__file__).parents[1] / "scenarios" / "baseline.toml")


def small(**settings):
    return PovertyModel(**SMALL, **settings)


def finished(model):
    while model.running:
        model.step()
    return model


# ---- batch_run ----------------------------------------------------------------------------


def batch(processes):
    """Two levels of dibao and two seeds, from the path of the shipped baseline."""
    parameters = {"scenario": BASELINE, "policy.dibao.level": [0.5, 1.5], **SMALL}
    common = {"number_processes": processes, "display_progress": False, "data_collection_period": -1}
    if RNG_IS_AN_ARGUMENT:
        rows = batch_run(PovertyModel, parameters, rng=[1, 2], **common)
    else:
        rows = batch_run(PovertyModel, {**parameters, "seed": [1, 2]}, **common)
    frame = pd.DataFrame(rows)
    frame["luck"] = frame["rng" if "seed" not in frame else "seed"].astype(int)
    kept = ["policy.dibao.level", "luck", "headcount", "poverty_gap", "income", "spending", "headcount_monthly"]
    return frame.sort_values(kept[:2])[kept].reset_index(drop=True)


def test_batch_run_gives_what_simulate_gives_with_one_process_and_with_two():
    alone = batch(1)
    assert len(alone) == 4
    assert alone["headcount"].notna().all()
    assert alone["spending"].nunique() == 4
    pd.testing.assert_frame_equal(alone, batch(2), check_exact=True)
    for row in alone.to_dict("records"):
        sets = {**SMALL, "policy.dibao.level": row["policy.dibao.level"]}
        headlines = simulate(BASELINE, row["luck"], sets=sets).headlines
        assert {name: row[name] for name in ("headcount", "income", "spending")} == {
            name: headlines[name] for name in ("headcount", "income", "spending")
        }


# ---- DataCollector ------------------------------------------------------------------------


def test_the_datacollector_has_every_measure_of_the_scenario_month_by_month():
    model = finished(small(seed=4))
    frame = model.datacollector.get_model_vars_dataframe()
    assert len(frame) == 12
    monthly, yearly = frame["headcount_monthly"], frame["headcount"]
    assert monthly.notna().all()
    assert yearly.notna().tolist() == [False] * 11 + [True]
    assert monthly.iloc[-1] == yearly.iloc[-1] == model.headcount
    grouped = {entry.name for entry in model.spec.measures if getattr(entry.cls, "grouped", False)}
    assert {entry.name for entry in model.spec.measures} - set(frame) == grouped
    assert {"income_by_source", "spending_by_policy", "received_by_decile"} <= grouped


def test_a_measure_that_is_not_there_is_an_error_not_none():
    with pytest.raises(AttributeError, match="headcoutn"):
        small().headcoutn  # noqa: B018


def test_agent_type_reporters_see_households_villages_and_counties():
    model = small(seed=4)
    model.datacollector = DataCollector(
        model_reporters={"headcount": "headcount_monthly", "homes": lambda m: len(m.agents_by_type[Household])},
        agenttype_reporters={
            Household: {"wealth": operator.attrgetter("wealth"), "village": operator.attrgetter("village")},
            VillageOrganization: {"season": operator.attrgetter("season")},
            County: {"number": operator.attrgetter("number")},
        },
    )
    for _ in range(3):
        model.step()
    homes = model.datacollector.get_agenttype_vars_dataframe(Household)
    assert len(homes) == 3 * 18
    last = homes.xs(homes.index.get_level_values("Step").max(), level="Step")
    assert last["wealth"].tolist() == model.world.households.wealth.tolist()
    assert last["village"].tolist() == model.world.households.village.tolist()
    assert len(model.datacollector.get_agenttype_vars_dataframe(VillageOrganization)) == 3 * 3
    assert len(model.datacollector.get_agenttype_vars_dataframe(County)) == 3 * 2
    assert model.datacollector.get_model_vars_dataframe()["homes"].tolist() == [18] * 3


# ---- agents -------------------------------------------------------------------------------


def test_agents_are_several_types_in_one_set_with_ids_of_their_own():
    model = small()
    assert {kind.__name__: len(rows) for kind, rows in model.agents_by_type.items()} == {
        "Household": 18, "VillageOrganization": 3, "County": 2, "Cadre": 0, "Team": 0
    }  # fmt: skip
    assert len(model.agents) == 23
    ids = [agent.unique_id for agent in model.agents]
    assert len(set(ids)) == 23
    assert all(agent.model is model for agent in model.agents)


def test_agents_are_selected_asked_and_changed_as_in_mesa():
    model = small(seed=2)
    model.step()
    home = model.world.households
    homes = model.agents.select(agent_type=Household)
    large = homes.select(lambda agent: agent.members > 3)
    assert len(large) == (home.members > 3).sum() > 0
    assert large.get("wealth") == home.wealth[home.members > 3].tolist()
    assert homes.agg("wealth", sum) == home.wealth.sum()
    by_village = homes.groupby("village")
    assert {name: len(group) for name, group in by_village} == {0: 6, 1: 6, 2: 6}

    before = home.wealth.copy()
    order = []

    def give(agent):
        order.append(agent.unique_id)
        agent.wealth += 100

    model.agents.select(agent_type=Household).shuffle_do(give)
    assert (home.wealth == before + 100).all()
    assert sorted(order) != order
    assert sorted(order) == [agent.unique_id for agent in homes]


def test_a_household_that_an_agent_rule_makes_rich_is_rich_in_the_next_month():
    """Whoever writes rules for single agents writes into the same columns that the month reads."""
    one, other = small(seed=2), small(seed=2)
    one.agents_by_type[Household][7].wealth += 5_000_000
    for model in (one, other):
        model.step()
    spent = [model.world.ledger.flows["consumption"] for model in (one, other)]
    assert spent[0][7] > spent[1][7]
    assert np.delete(spent[0], 7).tolist() == np.delete(spent[1], 7).tolist()


# ---- seeds, copies, time ------------------------------------------------------------------


def test_a_seed_has_two_names_may_come_as_text_and_defaults_to_the_scenarios():
    def wealth(**settings):
        return small(**settings).world.households.wealth.tolist()

    assert wealth(seed=7) == wealth(rng=7) == wealth(seed="7") == wealth(**{"scenario.seed": 7})
    assert wealth(seed=8) != wealth(seed=7)


@pytest.mark.parametrize(
    "how", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))], ids=["copy", "pickle"]
)
def test_a_copy_goes_on_as_the_original_does_and_alone(how):
    model = small(seed=5)
    for _ in range(5):
        model.step()
    twin = how(model)
    finished(twin)
    assert (model.steps, twin.steps) == (5, 12)
    finished(model)
    assert model.recorder.digest() == twin.recorder.digest()
    assert model.world.households.wealth.tolist() == twin.world.households.wealth.tolist()
    frames = [each.datacollector.get_model_vars_dataframe() for each in (model, twin)]
    pd.testing.assert_frame_equal(*frames)
    twin.agents_by_type[Household][0].wealth = 123_456_789
    assert model.world.households.wealth[0] != 123_456_789


PICKLED = [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]


@pytest.mark.parametrize(
    ("reporter", "how"),
    [(operator.attrgetter("wealth"), PICKLED[0]), (operator.attrgetter("wealth"), PICKLED[1]), ("wealth", PICKLED[0])],
    ids=["getter copied", "getter pickled", "name copied"],
)
def test_reporters_of_agents_go_along_with_a_copy_and_look_at_the_copy(reporter, how):
    """As documented: a name becomes a local function in Mesa, which can be copied; only a getter can be pickled too."""
    model = small(seed=5)
    model.datacollector = DataCollector(agenttype_reporters={Household: {"wealth": reporter}})
    for _ in range(3):
        model.step()
    twin = how(model)
    twin.world.households.wealth[:] += 100
    for each in (model, twin):
        each.datacollector.collect(each)  # Mesa keeps what is collected last in a step
    one, other = (each.datacollector.get_agenttype_vars_dataframe(Household)["wealth"] for each in (model, twin))
    n = len(model.world)
    assert len(one) == len(other) == 3 * n
    assert (other - one).tolist() == [0.0] * 2 * n + [100.0] * n


def test_steps_count_months_of_the_scenario_and_running_ends_it():
    model = small()
    assert (model.steps, model.running) == (0, True)
    assert model.world.clock.name == "2015-12"
    model.run_model()
    assert (model.steps, model.running) == (12, False)
    assert model.world.clock.name == "2016-12"
    before = model.world.households.wealth.copy()
    model.step()
    assert (model.world.households.wealth == before).all()


def test_stepping_and_collecting_change_no_bit():
    stepped, lived = finished(small(seed=9)), small(seed=9)
    lived.live_until(lived.spec.start + lived.spec.months - 1)
    assert stepped.recorder.digest() == lived.recorder.digest()


def test_mesas_own_dice_are_not_the_models():
    """Rules of single agents may draw from the model; the month draws by luck keys, whatever they drew."""
    one, other = small(seed=3), small(seed=3)
    for model in (one, other):
        for _ in range(4):
            if model is one:
                model.random.random()
                model.agents.shuffle()
            model.step()
    assert one.world.households.wealth.tolist() == other.world.households.wealth.tolist()


CHILD = f"""
import mesa, pandas, pickle, warnings
warnings.simplefilter("error")  # what importing those two warns of is their own affair
from fupin_sim.model import PovertyModel
model = PovertyModel({BASELINE!r}, seed=1, **{SMALL!r})
while model.running:
    model.step()
model.agents.shuffle_do(lambda agent: None)
model.datacollector.get_model_vars_dataframe()
pickle.dumps(model)
print("quiet")
"""


def test_nothing_warns():
    done = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, cwd=Path(__file__).parents[1])
    assert done.returncode == 0, done.stderr
    assert done.stdout == "quiet\n"
    assert done.stderr == ""


def test_this_is_a_mesa_that_the_project_allows():
    version = tuple(map(int, mesa.__version__.split(".")[:3]))
    assert (3, 3, 1) <= version < (4,)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        finished(small(seed=1))
