"""Cadres, teams and what they leave in villages have the same bits however a run is cut, stopped or taken up."""

from __future__ import annotations

import copy
from functools import cache

import numpy as np
import pytest

from fupin_sim.model import PovertyModel
from tests.identities.bits import SHARED
from tests.strategies import scenario_of

TEAMS = {
    "teams": {"per_village": 0.6, "members": 4},
    "team_channels": {"effect": 0.08},
    "recruitment": {"strictness": 0.3, "vacancy": 1},
    "cadres": {"leaving": 0.06, "training": 0.5},
    "assignment": {"rule": "need_match", "reassign": True},
    "withdrawal": {"rule": "at_exit", "least": 6, "listed": 0.2},
    "register": {"share": 0.5},
}
RULES = {
    "need": {},
    "lots": {"assignment": {"rule": "random"}, "withdrawal": {"rule": "fixed_term", "least": 0, "term": 12}},
    "stable": {
        "assignment": {"rule": "seniority"},
        "withdrawal": {"rule": "when_stable", "least": 0, "months": 3, "stable": 0.3, "safe": 0.8},
    },
    "poorest": {"assignment": {"rule": "poorest_first", "reassign": True}, "withdrawal": {"rule": "never"}},
}


def scenario(rule="need"):
    process = {name: {**TEAMS.get(name, {}), **RULES[rule].get(name, {})} for name in {*TEAMS, *RULES[rule]}}
    return scenario_of(SHARED, process=process)


def lived(rule="need", until=36, **settings):
    model = PovertyModel(scenario(rule), **settings)
    model.live_until(model.spec.start + until - 1)
    return model


def bits(model, counties=None):
    """The bytes of all columns of all tables; of some counties only, if they are named. Rows are no identity."""
    found = {}
    for kind, table in model.tables.items():
        of = table.data["number" if kind.__name__ == "County" else "county"]
        rows = np.ones(table.n, bool) if counties is None else np.isin(of, counties)
        found |= {
            f"{kind.__name__}.{name}": column[rows].tobytes() for name, column in table.data.items() if name != "first"
        }
    return found


@cache
def undisturbed(rule="need"):
    return bits(lived(rule))


def differing(one, other):
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@pytest.mark.parametrize("rule", RULES)
def test_the_teams_of_this_file_are_sent_work_leave_and_go_home(rule):
    model = PovertyModel(scenario(rule))
    world, seen = model.world, {"sent": 0, "left": 0, "moved": 0}
    before = world.teams.village.copy()
    while model.running:
        model.step()
        seen["sent"] += (world.teams.village >= 0).sum()
        seen["left"] += (world.cadres.months < 0).sum()
        seen["moved"] += ((before >= 0) & (world.teams.village != before)).sum()
        before = world.teams.village.copy()
    assert all(seen.values()) or rule == "stable"
    assert seen["sent"]
    assert world.villages.exposure.max() > 0.02


@pytest.mark.parametrize("block", [1, 27])
def test_any_block_size(block):
    assert differing(bits(lived(block=block)), undisturbed()) == []


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("counties", [[0], [2], [0, 2]])
def test_a_shard_has_the_bits_of_the_whole(rule, counties):
    assert differing(bits(lived(rule, counties=counties)), bits(lived(rule), counties)) == []


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("month", [0, 1, 13, 24, 35])
def test_stopped_and_taken_up_again(rule, month):
    moment = lived(rule, until=month).snapshot()
    model = PovertyModel(snapshot=moment)
    model.live_until(model.spec.start + 35)
    assert differing(bits(model), undisturbed(rule)) == []


def test_a_copy_goes_on_as_the_original_does():
    model = copy.deepcopy(lived(until=9))
    model.live_until(model.spec.start + 35)
    assert differing(bits(model), undisturbed()) == []


def test_a_branch_with_other_teams_musters_anew():
    moment = lived(until=12).snapshot()
    more = scenario_of(SHARED, process={**TEAMS, "teams": {"per_village": 1.0, "members": 3}})
    model = PovertyModel(more, snapshot=moment)
    assert len(model.world.cadres) == 3 * len(model.world.teams) == 3 * 7
    left = model.world.villages.exposure.copy()
    model.step()
    assert (model.world.villages.team >= 0).all()
    assert (model.world.teams.since == model.world.clock.month).all()
    assert (model.world.villages.exposure[left > 0] > 0).all()
