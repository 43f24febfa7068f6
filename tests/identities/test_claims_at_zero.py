"""Switches of claims that no other test turns: at them the rest of the mechanism is idle, or as if it were absent."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from fupin_sim import model as model_module
from fupin_sim.claims import CLAIMS
from fupin_sim.processes import assessment, business, migration, recruitment, register, teams
from fupin_sim.simulation import simulate
from tests.identities import test_register_bits as register_bits
from tests.identities import test_teams_at_zero as teams_zero
from tests.identities import test_village_at_zero as village_zero
from tests.identities import test_zero_strengths as zeros
from tests.identities.bits import SHARED, bits
from tests.identities.test_teams_at_zero import MONEY, differing
from tests.strategies import scenario_of

SHORT = {**SHARED, "scenario": {**SHARED["scenario"], "years": 2}}
seen = partial(teams_zero.seen, tables=SHORT)
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
    "S06 withdrawal": (
        {"withdrawal": {"rule": "never", "least": 1, "term": 13}}, {"withdrawal": {"term": 7, "stable": 0.1}},
    ),
    "S21 management": (
        {"recruitment": {"management": 0.0}, "assessment": {"strength": 0.7}},
        {"recruitment": {"management_effect": 1.0}},
    ),
    "S22 schooling": ({"recruitment": {"skill_schooling": 0.0}}, {"recruitment": {"schooling": 18.0}}),
    "S22 speciality": ({"recruitment": {"skill_speciality": 0.0}}, {"recruitment": {"mixed": True}}),
    "S24 training": ({"cadres": {"training": 0.0}}, {"cadres": {"trained": 1.0}}),
    "S25 support": ({"cadres": {"support": 0.0}}, {"cadres": {"supported": 0.9, "rest_support": 0.9}}),
    "S02 strictness": (
        {"recruitment": {"strictness": 0.0}}, {"recruitment": {"idle_least": 0.25}, "cadres": {"recall": 0.9}},
    ),
    "S05 paperwork": (
        {"assessment": {"strength": 0.7}, "teams": {"paperwork": 0.0}, "cadres": {"tiring_paperwork": 0.0}},
        {"assessment": {"paperwork_power": 0}},
    ),
    "S05 effort": (
        {"assessment": {"strength": 0.0}, "cadres": {"assessment": 1.0}},
        {"assessment": {"paperwork_power": 0, "deadline": "2017-12", "pressure": 5.0}, "register": {"gaming": 1.0}},
    ),
    "S05 deadline": ({"assessment": {"strength": 0.4, "deadline": "none"}},
                     {"assessment": {"pressure": 5.0, "lead": 3}}),
    "S05 pressure": ({"assessment": {"strength": 0.4, "deadline": "2017-12", "pressure": 0.0}},
                     {"assessment": {"lead": 600}}),
    "S13 finding": ({"team_channels": {"finding": 0.0}}, {"team_channels": {"jobs": False}}),
    "S16 learning": ({"cadres": {"learning": 0.0, "training": 0.0}, "withdrawal": {"rule": "fixed_term", "term": 13}},
                     {"cadres": {"forgotten": 1.0, "slower_with_age": 0.0}}),
    "S20 honour": ({"cadres": {"rest_honour": 0.0}}, {"cadres": {"honour": 1.0}}),
    "S23 idlers": (
        {"cadres": {"idleness": 0.0, "recall": 0.0}}, {"recruitment": {"idle_most": 1.0, "idle_least": 1.0}},
    ),
    "S25 exhaustion": (
        {"cadres": {"weariness": 0.0, "leaving_worn": 0.0}}, {"cadres": {"tiring": 0.2, "rest_home": 0.02}},
    ),
    "S28 secretaries": ({"organization": {"on": True, "turnover": 0.0}}, {"organization": {"changes": 1.0}}),
    "S28 what teams do": ({"organization": {"on": True, "teaching": 0.0, "disuse": 0.0}},
                          {"organization": {"crowding": 0.8}}),
    "S10 nobody copies": (
        {"practices": {"on": True, "copying": 0.0, "base": 1.0, "worth": 0.2, "pioneers": 0.2, "by_teams": 50.0}},
        {"practices": {"by_teams": 0.5}},
    ),
}  # fmt: skip
ON = {
    "S05 effort": {"assessment": {"strength": 0.7}}, "S05 deadline": {"assessment": {"deadline": "2017-12"}},
    "S05 pressure": {"assessment": {"pressure": 0.5}}, "S06 withdrawal": {"withdrawal": {"rule": "fixed_term"}},
    "S21 management": {"recruitment": {"management": 0.8}}, "S24 training": {"cadres": {"training": 0.5}},
    "S10 nobody copies": {"practices": {"copying": 0.3}},
}  # fmt: skip
"""The switch turned on, where it is off by default; the others are on when nothing is said of them."""
INDUSTRY = {"use": "industry_support", "whom": "all", "uptake": 0.1, "term": 14, "gestation": 1, "failure": 0.6}
WATCH = {"use": "monitoring", "coverage": "sudden", "capacity": 0.3, "verification": 0.7, "delivery": 1.4}
IDLE_POLICIES = {
    "S32 failure": (INDUSTRY, {"failure": 0.0}, {"goods": 1, "alike": 9.0, "advice": 0.0}),
    "S32 alike": (INDUSTRY, {"alike": 0.0}, {"goods": 1}),
    "S32 search": (INDUSTRY, {"search": 1.0}, {"search_months": 200}),
    "S32 dividends": (
        INDUSTRY, {"form": "dividend"}, {"output": 3.0, "gestation": 9, "needs_training": 0.9, "goes_on": 1.0,
                                         "time": 1.0, "crowding": 1.0},
    ),
    "S32 once": (INDUSTRY, {"goes_on": 1.0, "failure": 0.0}, {"again": 1, "search": 20.0}),
    "S37 nobody looks": (
        WATCH, {"self_report": 0.0, "by_trust": 0.0, "visits": 0.0, "matching": 0.0, "false_alarm": 0.0},
        {"capacity": 0.9, "verification": 5.0, "delivery": 9.0, "cash": 9_000.0},
    ),
    "S37 no office": (WATCH, {"capacity": 0.0}, {"self_report": 1.0, "false_alarm": 1.0, "matching": 1.0}),
}  # fmt: skip


def merged(one, other):
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in {*one, *other}}


def turned_on(name):
    """The same setting with the switch as it is by default, or as `ON` has it."""
    quiet = {each: {key: value for key, value in of.items() if value != 0.0 or value is False}
             for each, of in IDLE[name][0].items()}  # fmt: skip
    return merged(quiet, ON.get(name, {}))


@pytest.mark.parametrize("name", IDLE)
def test_without_strength_the_rest_is_idle(name):
    """With the switch at its vanishing value what hangs on it moves nothing; with the switch on, it does."""
    (quiet, loud), on = IDLE[name], turned_on(name)
    found, usually = seen(policy=MONEY, **quiet), seen(policy=MONEY, **on)
    assert differing(seen(policy=MONEY, **merged(quiet, loud)), found) == []
    assert differing(usually, found) != []
    assert differing(seen(policy=MONEY, **merged(on, loud)), usually) != []


DEADLINE = {"strength": 0.4, "deadline": "2017-12", "pressure": 0.5}


@pytest.mark.parametrize("off", [{"deadline": "none", "pressure": 5.0}, {"pressure": 0.0, "lead": 600}])
def test_without_a_deadline_or_without_pressure_assessment_never_rises(off, monkeypatch):
    found, pressed = (seen(assessment={**DEADLINE, **each}) for each in (off, {}))
    monkeypatch.setattr(assessment.Assessment, "_rise", lambda self, month: 0.0)
    assert differing(seen(assessment={**DEADLINE, **off}), found) == []
    assert "wealth" in differing(seen(assessment=DEADLINE), pressed)


FAR = {
    "visits": (teams.Teams, {"teams": {"far": 0.0}}),
    "work elsewhere": (migration.Migration, {"migration": {"remoteness": 0.0}}),
    "yields": (business.Season, {"season": {"remoteness": 0.0}}),
}


@pytest.mark.parametrize(("process", "near"), FAR.values(), ids=FAR)
def test_without_strength_distance_may_be_anything(process, near, monkeypatch):
    """The process runs as if villages lay where others do; otherwise it hears of that."""
    few = {"teams": {"visits": 0.5}}  # otherwise a team reaches everybody of so small a village
    found, usually = seen(policy=MONEY, **merged(few, near)), seen(policy=MONEY, **few)
    run = process.run

    def elsewhere(self, world):
        there = world.villages.remoteness
        kept = there.copy()
        there[:] = np.linspace(0.0, 1.0, len(kept))
        run(self, world)
        there[:] = kept

    monkeypatch.setattr(process, "run", elsewhere)
    assert differing(seen(policy=MONEY, **merged(few, near)), found) == []
    assert "wealth" in differing(seen(policy=MONEY, **few), usually)


def test_without_mixing_nobody_asks_for_whose_team_a_cadre_is(monkeypatch):
    found, mixed = (seen(recruitment={"mixed": on}) for on in (False, True))
    persons = recruitment.Recruitment.persons
    monkeypatch.setattr(
        recruitment.Recruitment, "persons",
        lambda self, draws, luck, level, number, team: persons(self, draws, luck, level, 3 * number + 1, 7 - team),
    )  # fmt: skip
    assert differing(seen(recruitment={"mixed": False}), found) == []
    assert "wealth" in differing(seen(recruitment={"mixed": True}), mixed)


def test_exit_by_income_asks_for_nothing_but_income(monkeypatch):
    """Without guarantees and without a standard held for years all rules are that of income."""
    usually = {rule: seen(register={"exit": rule, "gaming": 0.6}, assessment={"strength": 1.0}) for rule in EXITS}
    monkeypatch.setattr(register.Register, "guaranteed", lambda self, world: True)
    monkeypatch.setattr(register.Register, "meets_standard", on_income)
    bare = {rule: seen(register={"exit": rule, "gaming": 0.6}, assessment={"strength": 1.0}) for rule in EXITS}
    for rule, found in bare.items():
        assert set(differing(found, usually["income"])) <= {"measures"}, rule
    assert differing(bare["income"], usually["income"]) == []
    assert "registered" in differing(usually["nominal"], usually["income"])
    assert "registered" in differing(usually["stable"], usually["income"])


EXITS = ("income", "nominal", "stable")


def on_income(self, world, seen):
    """Who is at the line on paper."""
    home, standard = world.households, register.line_of(world)
    written = self.written(world, seen, standard)
    home.reported_income[:] = np.where(home.registered, written / (home.members * 100.0), 0.0)
    return written >= standard


@pytest.mark.parametrize(("policy", "quiet", "loud"), IDLE_POLICIES.values(), ids=IDLE_POLICIES)
def test_without_strength_the_rest_of_a_policy_is_idle(policy, quiet, loud):
    """The same for policies; what only the measures of monitoring tell is not of households."""
    found = seen(policy=[{**policy, **quiet}])
    assert set(differing(seen(policy=[{**policy, **quiet, **loud}]), found)) <= {"measures"}
    assert "wealth" in differing(found, seen(policy=[policy]))


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
    assert "trust" in differing(found, seen())


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


def turned(settings):
    """Paths of processes with their values, from settings by process."""
    return {(f"process.{name}.{key}", str(value)) for name, of in settings.items() for key, value in of.items()}


TURNED = {
    *(pair for quiet, _ in IDLE.values() for pair in turned(quiet)),
    *(pair for entry in teams_zero.ZERO.values() for pair in turned(entry[0])),
    *(pair for settings, _ in zeros.GONE.values() for pair in turned(settings)),
    *(pair for _, settings, _ in village_zero.OFF.values() for pair in turned(settings)),
    *(pair for settings, _ in register_bits.VANISHING.values() for pair in turned(settings)),
    *((path, "0.0") for paths in zeros.DRIVERS.values() for path in paths),
    *turned({"organization": village_zero.FLAT, "cadres": teams_zero.UNDRIVEN, **teams_zero.STEADY}),
    *turned({"feedback": {"strength": 0.0}, "trust": {"gain": 0.0, "leakage": 0.0, "departure": 0.0}}),
    *(pair for _, near in FAR.values() for pair in turned(near)),
    *turned({"register": {"exit": "income"}, "recruitment": {"mixed": False}}),
    *turned({"teams": {"per_village": 0.0}, "assignment": {"rule": "none"}, "year_end": {}}),
}
"""All that some table of this folder puts at its vanishing value, and holds against a month without it."""
NOT_OF_INSTITUTIONS = ("motivation", "aspiration", "dependence", "technique", "year_end", "season", "adult_training")
"""Whose switches are in test_mind_at_zero.py, or, of years' ends and seasons, in the tests that claims.py names."""


def test_every_switch_of_institutions_that_the_claims_name_is_turned_in_a_table():
    named = {(path, str(value)) for claim in CLAIMS for path, value in claim.off.items() if path.startswith("process.")}
    mine = {pair for pair in named if pair[0].split(".")[1] not in NOT_OF_INSTITUTIONS}
    assert mine - TURNED == set()
    assert len(mine) > 40
