"""What Mesa's own tools do with a model of rows is what they do with a model of objects."""

from __future__ import annotations

import ast
import copy
import gc
import operator
import pickle
import subprocess
import sys
import weakref
from pathlib import Path

import mesa
import numpy as np
import pandas as pd
import pytest
from mesa.batchrunner import batch_run
from mesa.datacollection import DataCollector

from fupin_sim.columns import ChainedSet, Column, RowAgent, RowModel, RowSet

ROOT = Path(__file__).parents[1]


def richest(agent):
    return agent.wealth == max(other.wealth for other in agent.model.agents_by_type[type(agent)])


class PlainHome(mesa.Agent):
    def __init__(self, model, wealth=1.0):
        super().__init__(model)
        self.wealth = wealth

    def step(self):
        self.wealth += self.random.random()


class PlainTown(mesa.Agent):
    def __init__(self, model, fund=100.0):
        super().__init__(model)
        self.fund = fund

    def step(self):
        self.fund -= self.random.random()


class Home(RowAgent):
    wealth = Column(1.0)
    step = PlainHome.step


class Town(RowAgent):
    fund = Column(100.0)
    step = PlainTown.step


def start(model, home, town, homes, agent_reporters=None):
    home.create_agents(model, homes, wealth=2.0)
    town.create_agents(model, 2)
    reporters = {"wealth": operator.attrgetter("wealth")}
    model.datacollector = DataCollector(
        model_reporters={"total": "total", "people": lambda m: len(m.agents)}
        if agent_reporters
        else {"total": "total"},
        agent_reporters=agent_reporters,
        agenttype_reporters={home: reporters, town: {"fund": operator.attrgetter("fund")}},
    )
    model.datacollector.collect(model)


def month(model):
    model.agents.shuffle_do("step")
    model.datacollector.collect(model)
    model.running = model.steps < 4


class PlainCountry(mesa.Model):
    def __init__(self, homes=3, *, rng=None, agent_reporters=None):
        super().__init__(rng=rng)
        start(self, PlainHome, PlainTown, homes, agent_reporters)

    @property
    def total(self):
        return sum(agent.wealth for agent in self.agents_by_type[PlainHome])

    def step(self):
        month(self)


class Country(RowModel):
    def __init__(self, homes=3, *, rng=None, seed=None, agent_reporters=None):
        super().__init__(rng=rng, seed=seed)
        start(self, Home, Town, homes, agent_reporters)

    @property
    def total(self):
        return sum(self.agents_by_type[Home].wealth.tolist())

    def step(self):
        month(self)


def ran(model, steps=3):
    for _ in range(steps):
        model.step()
    return model


# ---- DataCollector ---------------------------------------------------------------------


def test_the_datacollector_gathers_the_same_of_rows_as_of_objects():
    plain, rows = ran(PlainCountry(rng=8)), ran(Country(rng=8))
    assert plain.datacollector.get_model_vars_dataframe().equals(rows.datacollector.get_model_vars_dataframe())
    for one, other in ((PlainHome, Home), (PlainTown, Town)):
        expected = plain.datacollector.get_agenttype_vars_dataframe(one)
        found = rows.datacollector.get_agenttype_vars_dataframe(other)
        assert np.array_equal(expected.to_numpy(), found.to_numpy())
    assert found.index.get_level_values("AgentID").unique().tolist() == [2**40 + 1, 2**40 + 2]


def test_agent_reporters_see_every_agent_once():
    model = ran(Country(rng=8, agent_reporters={"kind": lambda agent: type(agent).__name__}))
    frame = model.datacollector.get_agent_vars_dataframe()
    assert frame.shape == (4 * 5, 1)
    assert not frame.index.duplicated().any()
    assert frame["kind"].tolist() == (["Home"] * 3 + ["Town"] * 2) * 4
    assert model.datacollector.get_model_vars_dataframe()["people"].tolist() == [5] * 4


def test_a_missing_attribute_is_answered_as_mesa_does():
    model = Country(rng=8)
    model.datacollector = DataCollector(agent_reporters={"wealth": "wealth"})
    if hasattr(model, "time"):  # Mesa 3.5 raises; 3.3 gathers None
        with pytest.raises(AttributeError, match="wealth"):
            model.datacollector.collect(model)
    else:
        model.datacollector.collect(model)
        wealth = model.datacollector.get_agent_vars_dataframe()["wealth"]
        assert wealth.fillna(-1).tolist() == [2, 2, 2, -1, -1]


def test_a_reporter_of_a_base_class_gathers_the_subclasses():
    model = Country(rng=8)
    model.datacollector = DataCollector(agenttype_reporters={RowAgent: {"id": "unique_id"}})
    model.datacollector.collect(model)
    assert len(model.datacollector.get_agenttype_vars_dataframe(RowAgent)) == 5


def test_a_reporter_that_looks_at_others_works():
    model = Country(rng=8)
    model.datacollector = DataCollector(agenttype_reporters={Home: {"richest": richest}})
    ran(model, 1)
    assert model.datacollector.get_agenttype_vars_dataframe(Home)["richest"].tolist().count(True) == 1


# ---- batch_run ----------------------------------------------------------------------------


def batch(model, processes):
    parameters = {"homes": [2, 3], "rng": [1, 2]}
    if "rng" in batch_run.__code__.co_varnames[: batch_run.__code__.co_argcount]:  # Mesa 3.5 has it for itself
        found = batch_run(model, {"homes": [2, 3]}, rng=[1, 2], number_processes=processes, display_progress=False)
    else:
        found = batch_run(model, parameters, number_processes=processes, display_progress=False)
    frame = pd.DataFrame(found)
    frame["luck"] = frame["rng" if "seed" not in frame else "seed"]
    frame = frame.drop_duplicates(["homes", "luck"])
    return frame.sort_values(["homes", "luck"])[["homes", "luck", "total"]].reset_index(drop=True)


def test_batch_run_gives_the_same_with_one_process_with_two_and_with_objects():
    # In a process of its own: Mesa's pool waits for ever on a worker that cannot import its model.
    code = "from tests.test_mesa_contract import *; print(batch(Country, 2).to_dict('list'))"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    alone = batch(Country, 1)
    assert len(alone) == 4
    assert alone["total"].nunique() == 4
    assert alone.equals(batch(PlainCountry, 1))
    assert alone.to_dict("list") == ast.literal_eval(run.stdout)


# ---- the model --------------------------------------------------------------------------------


@pytest.mark.parametrize(("given", "same"), [({"rng": 7}, {"seed": 7}), ({"rng": 7}, {"rng": "7"})])
def test_a_seed_has_two_names_and_may_come_as_text(given, same):
    one, other = RowModel(**given), RowModel(**same)
    assert one.random.random() == other.random.random()
    assert one.rng.random() == other.rng.random()


def test_two_seeds_at_once_are_refused():
    with pytest.raises(ValueError, match="not both"):
        RowModel(rng=1, seed=1)


@pytest.mark.parametrize("rng", [None, np.random.default_rng(1), np.random.SeedSequence(1), [1, 2]])
def test_whatever_mesa_takes_as_rng_is_taken(rng):
    assert 0 <= RowModel(rng=rng).random.random() < 1


def test_a_model_of_rows_has_no_other_agents():
    model = Country(rng=1)
    with pytest.raises(TypeError, match="declare PlainHome as one"):
        PlainHome(model)
    with pytest.raises(TypeError, match="are RowAgents, not"):
        model.table(PlainHome)
    with pytest.raises(TypeError, match="are RowAgents, not"):
        model.table("Home")
    assert len(model.agents) == 5


def test_rows_live_in_no_other_model():
    for make in (Home, lambda model: Home.create_agents(model, 3)):
        with pytest.raises(TypeError, match="Home is a row, so its model must be a RowModel, not PlainCountry"):
            make(PlainCountry(rng=1))


def test_the_properties_of_a_model_answer_as_in_mesa():
    model = Country(rng=1)
    assert model.agent_types == [Home, Town]
    assert {kind: len(agents) for kind, agents in model.agents_by_type.items()} == {Home: 3, Town: 2}
    assert isinstance(model.agents, ChainedSet)
    with pytest.raises(AttributeError):
        model.agents = []
    one_type = RowModel(rng=1)
    assert len(one_type.agents) == 0
    one_type.table(Home)
    assert isinstance(one_type.agents, RowSet)


def test_agents_leave_by_any_of_mesas_doors():
    model = Country(rng=1)
    home = model.agents_by_type[Home][0]
    with pytest.raises(KeyError):
        Country(rng=1).deregister_agent(home)
    model.deregister_agent(home)
    with pytest.raises(KeyError):
        model.deregister_agent(home)
    assert len(model.agents) == 4
    model.remove_all_agents()
    assert len(model.agents) == 0
    assert [table.n for table in model.tables.values()] == [3, 2]


def test_an_agents_own_remove_is_called():
    farewells = []

    class Leaver(RowAgent):
        wealth = Column()

        def remove(self):
            farewells.append(self.unique_id)
            super().remove()

    model = RowModel(rng=1)
    Leaver.create_agents(model, 3)
    model.remove_all_agents()
    assert farewells == [1, 2, 3]
    assert len(model.agents) == 0


def test_run_model_and_steps_work():
    model = Country(rng=1)
    model.run_model()
    assert model.steps == 4


@pytest.mark.parametrize("how", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_goes_on_as_the_original_does_and_alone(how):
    model = ran(Country(rng=5), 2)
    twin = how(model)
    ran(twin, 2)
    assert (model.steps, twin.steps) == (2, 4)
    assert twin.total != model.total
    ran(model, 2)
    assert twin.total == model.total
    frames = [m.datacollector.get_agenttype_vars_dataframe(Home) for m in (model, twin)]
    assert frames[0].equals(frames[1])
    assert len(frames[0]) == 5 * 3


def test_a_finished_model_is_freed():
    model = ran(Country(rng=5))
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
