"""Switches of claims that no other test turns: at them the rest of the mechanism is idle, or as if it were absent."""

from __future__ import annotations

from dataclasses import replace

import pytest

from fupin_sim import model as model_module
from fupin_sim.simulation import simulate
from tests.identities.bits import SHARED, bits
from tests.identities.test_teams_at_zero import MONEY, differing, seen, with_teams
from tests.strategies import scenario_of

IDLE = {
    "S02 age": (
        {"recruitment": {"skill_age": 0.0}, "cadres": {"slower_with_age": 0.0, "retirement": 80}},
        {"recruitment": {"youngest": 50, "oldest": 60}},
    ),
    "S02, S23 selection": (
        {"recruitment": {"skill_conduct": 0.0}, "cadres": {"idleness": 0.0, "recall": 0.0}},
        {"recruitment": {"strictness": 1.0}},
    ),
    "S04 sender": (
        {"recruitment": {"schooling_level": 0.0},
         "mobilisation": {"by_county": 1.0, "by_city": 1.0, "by_province": 1.0, "by_centre": 1.0}},
        {"recruitment": {"from_county": 0.1, "from_centre": 0.9}},
    ),
    "S06 withdrawal": ({"withdrawal": {"rule": "never"}}, {"withdrawal": {"term": 25, "stable": 0.1}}),
    "S21 management": ({"recruitment": {"management": 0.0}}, {"recruitment": {"management_effect": 1.0}}),
    "S22 schooling": ({"recruitment": {"skill_schooling": 0.0}}, {"recruitment": {"schooling": 18.0}}),
    "S22 speciality": ({"recruitment": {"skill_speciality": 0.0}}, {"recruitment": {"mixed": True}}),
    "S24 training": ({"cadres": {"training": 0.0}}, {"cadres": {"trained": 1.0}}),
    "S25 support": ({"cadres": {"support": 0.0}}, {"cadres": {"supported": 0.9, "rest_support": 0.9}}),
    "S42 distance": ({"teams": {"far": 0.0}, "migration": {"remoteness": 0.0}}, {}),
}  # fmt: skip


def merged(one, other):
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in {*one, *other}}


@pytest.mark.parametrize(("quiet", "loud"), IDLE.values(), ids=IDLE)
def test_without_strength_the_rest_is_idle(quiet, loud):
    """With the switch at its vanishing value what hangs on it moves nothing; with the switch as it is, it does."""
    found = seen(policy=MONEY, **quiet)
    assert differing(seen(policy=MONEY, **merged(quiet, loud)), found) == []
    assert differing(found, seen(policy=MONEY)) != [] or quiet_by_default(quiet)


def quiet_by_default(quiet):
    """Whether the switch is off unless somebody turns it on."""
    return any(name in {"recruitment", "cadres", "withdrawal", "register"} for name in quiet) and all(
        seen(policy=MONEY, **{name: values}) == seen(policy=MONEY) for name, values in quiet.items()
    )


def test_without_a_rule_of_stable_exit_its_standard_is_idle():
    """Only the measure that tells how many meet it hears of it."""
    found, other = (seen(register={"exit": "income", "stable_for": months}) for months in (24, 120))
    assert set(differing(found, other)) <= {"measures"}
    assert "registered" in differing(found, seen(register={"exit": "stable"}))


def without(monkeypatch, *processes):
    """Take processes out of the month."""
    verbs = tuple(
        replace(verb, processes=tuple(each for each in verb.processes if each not in processes))
        for verb in model_module.lived_by(scenario_of(SHARED))
    )
    monkeypatch.setattr(model_module, "lived_by", lambda scenario: verbs)


def test_trust_that_nothing_moves_is_a_month_without_it(monkeypatch):
    still = {"trust": {"gain": 0.0, "leakage": 0.0, "departure": 0.0}, "assignment": {"new_faces": 0.0}}
    found = seen(**still)
    without(monkeypatch, "trust")
    assert differing(found, seen(**still)) == []
    assert "trust" in differing(found, with_teams())


def test_without_relief_there_is_nothing_to_depend_on(monkeypatch):
    def panel(share):
        aid = {**SHARED["policy"][1], "relief_share": share}
        return simulate(scenario_of(SHARED, policy=[SHARED["policy"][0], aid]), households="monthly").households

    found, relieved = panel(0.0), panel(0.9)
    assert not found["dependence"].any()
    assert relieved["dependence"].any()
    without(monkeypatch, "dependence")
    assert bits(panel(0.0)) == bits(found)
    monkeypatch.undo()
    assert bits(relieved)["motivation"] != bits(found)["motivation"]
