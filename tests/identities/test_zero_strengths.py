"""Every process, policy and shock has a strength at which it vanishes: the month is then one without it, bit for bit.

A table for each; a new one that is missing in it fails. What vanishes elsewhere is named with the test that shows it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from fupin_sim import month as month_module
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.model import PovertyModel
from tests.identities.bits import SHARED
from tests.identities.test_nobody_reached import REACHES_NOBODY
from tests.strategies import scenario_of

HERE = Path(__file__).parent
POLICIES = [
    *SHARED["policy"][1:4],
    {"use": "industry_support", "whom": "all", "uptake": 0.1, "term": 5, "gestation": 1, "failure": 0.4},
    {"use": "monitoring", "coverage": "sudden", "capacity": 0.5, "in_burn_in": True},
    {"use": "training", "whom": "all", "reach": 0.5, "in_burn_in": True},
    {"use": "team_projects"},
    {"use": "team_grants"},
]
LIVELY = {
    **SHARED["process"],
    "worthies": {"on": True, "engages": 0.9}, "practices": {"on": True, "base": -1.0, "pioneers": 0.9},
    "cooperatives": {"on": True, "founded": 0.8, "base": -1.0}, "organization": {"on": True, "changes": 0.5},
    "delivery": {"on": True}, "teams": {"per_village": 0.7}, "team_channels": {"effect": 0.15},
    "assessment": {"strength": 0.8, "deadline": "2016-12"}, "withdrawal": {"rule": "fixed_term", "least": 1, "term": 3},
    "register": {"observation": "observed", "share": 0.4}, "schooling": {"senior_high_from": 2.0},
}  # fmt: skip
ALL = {
    **SHARED, "scenario": {**SHARED["scenario"], "years": 1}, "process": LIVELY, "policy": POLICIES,
    "population": {**SHARED["population"], "disabled": 0.1},
}  # fmt: skip
NOTHING = dict.fromkeys(("senior_high_from", "college_from"), 25.0) | {"readiness_spread": 0.01, "reversion": 0.0}

# Process: its strengths at zero; columns and measures of its own, which nothing else reads.
GONE = {
    "assessment": ({"assessment": {"strength": 0.0}}, ()),
    "growth": ({"growth": {"wage": 0.0, "business": 0.0, "transfers": 0.0}}, ()),
    "upkeep": ({"upkeep": {"wear": 0.0}}, ("remoteness_at_start",)),
    "worthies": ({"worthies": {"on": False}}, ()),
    "practices": ({"practices": {"on": False}}, ()),
    "cooperatives": ({"cooperatives": {"on": False}}, ()),
    "delivery": ({"delivery": {"on": False}}, ()),
    "mobilisation": ({"mobilisation": {"own": 0.0, "coordinated": 0.0}}, ("allotted_on",)),
    "team_channels": ({"team_channels": dict.fromkeys(("production", "jobs", "delivery", "motivation"), False)}, ()),
    "family": ({"family": {"on": False}}, ()),
    "disaster": ({"disaster": {"probability": 0.0}}, ()),
    "illness": ({"illness": {"risk": 0.0, "renewal": 0.0}}, ()),
    "job_loss": ({"job_loss": {"risk": 0.0}}, ()),
    "schooling": ({"schooling": NOTHING}, ()),
    "migration": ({"migration": {"finding": 0.0}}, ()),
    "wages": ({"wages": {"mean": 0.0}}, ()),
    "property_income": ({"property_income": {"interest": 0.0}}, ()),
    "collective_income": ({"collective_income": {"dividend": 0.0, "wear": 0.0}}, ()),
    "bills": ({"illness": {"risk": 0.0}, "schooling": NOTHING, "family": {"funeral_cost": 0.0}}, ()),
    "consumption": ({"consumption": {"floor_share": 0.0, "of_income": 0.0, "of_wealth": 0.0}}, ()),
    "example": ({"example": {"gain": 0.0}}, ()),
    "technique": ({"technique": {"gain": 0.0, "fading": 0.0}}, ()),
    "adult_training": ({"adult_training": {"years": 0.0}}, ()),
    "trust": ({"trust": {"gain": 0.0, "leakage": 0.0, "back": 0.0, "departure": 0.0}}, ()),
    "organization": ({"organization": {"on": False}}, ()),
    "feedback": ({"feedback": {"strength": 0.0, "back": 0.0}}, ()),
    "observation": ({"register": {"observation": "exact"}}, ()),
    "withdrawal": ({"withdrawal": {"rule": "never"}}, ()),
}
# Whose vanishing is shown in another test of this folder.
ELSEWHERE = {
    "outlook": "test_mind_at_zero.py::test_no_push_is_a_month_without_aspiration",
    "aspiration": "test_mind_at_zero.py::test_no_push_is_a_month_without_aspiration",
    "motivation": "test_mind_at_zero.py::test_no_effort_no_dependence_no_technique_is_a_month_without_a_mind",
    "dependence": "test_mind_at_zero.py::test_dependence_that_never_grows_is_a_month_without_it",
    "norms": "test_mind_at_zero.py::test_no_effort_no_dependence_no_technique_is_a_month_without_a_mind",
    "dispatch": "test_teams_at_zero.py::test_no_teams_is_a_month_without_all_that_makes_teams",
    "recruitment": "test_teams_at_zero.py::test_no_teams_is_a_month_without_all_that_makes_teams",
    "cadres": "test_teams_at_zero.py::test_no_teams_is_a_month_without_all_that_makes_teams",
    "teams": "test_teams_at_zero.py::test_no_teams_is_a_month_without_all_that_makes_teams",
    "appraisal": "test_teams_at_zero.py::test_no_teams_is_a_month_without_all_that_makes_teams",
    "assignment": "test_teams_at_zero.py::test_no_teams_is_a_month_without_all_that_makes_teams",
    "product_market": "test_village_at_zero.py::test_a_price_that_does_not_move_is_a_price_of_one",
    "cooperative_fees": "test_village_at_zero.py::test_all_off_is_a_month_without_any_of_it",
    "cooperative_surplus": "test_village_at_zero.py::test_all_off_is_a_month_without_any_of_it",
    "projects": "test_village_at_zero.py::test_all_off_is_a_month_without_any_of_it",
    "usual_trade": "test_village_at_zero.py::test_all_off_is_a_month_without_any_of_it",
    "watch": "test_nobody_reached.py::test_a_policy_that_reaches_nobody",
}
# What has no strength, and why.
NO_STRENGTH = {
    "enrolment": "opens the register, whose size may be nothing: REACHES_NOBODY",
    "aims": "says what is worked towards, if anybody invests",
    "season": "business without season, place and luck is the same business: test_nobody_reached.py, exactly one",
    "migration_wish": "a level; its parts are among the drivers below",
    "business": "a livelihood: no household is without one",
    "coping": "purses must be settled; its rungs are in test_nobody_reached.py, IDLE",
    "investment": "capital always wears, by .001 a year at least",
    "repayment": "debts must be settled",
    "clearing": "accounts", "bookkeeping": "accounts", "spells": "accounts", "year_end": "accounts",
    "register": "accounts of who is listed; of no size in REACHES_NOBODY", "county_exit": "an assessment, which moves "
    "nobody",
    "optimal_output": "of another mode", "optimal_consumption": "of another mode",
    "optimal_investment": "of another mode",
}  # fmt: skip


def lived(spec):
    """Every column of every table at the end, and all measures but groups of nothing."""
    return seen(PovertyModel(spec))


def seen(model):
    model.live_until(model.spec.start + model.spec.months - 1)
    found = {
        f"{kind.__name__}.{name}": column.tobytes()
        for kind, table in model.tables.items() for name, column in table.data.items()
    }  # fmt: skip
    rows = [row for row in model.recorder.rows if not (row[2] and row[3] == 0.0)]
    return found | {"measures": repr(rows)}


def scenario(*settings, **tables):
    process = {}
    for each in (LIVELY, *settings):
        for name, values in each.items():
            process[name] = {**process.get(name, {}), **values}
    return scenario_of(ALL, process=process, **tables)


@cache
def lively():
    return lived(scenario())


def differing(one, other, without=()):
    assert one.keys() == other.keys()
    return sorted(name for name in one if one[name] != other[name] and name.rpartition(".")[2] not in without)


def live_without(monkeypatch, name):
    """Take a process out of the month."""
    verbs = tuple(
        replace(verb, processes=tuple(each for each in verb.processes if each != name)) for verb in month_module.MONTH
    )
    assert verbs != month_module.MONTH
    monkeypatch.setattr(month_module, "MONTH", verbs)


@pytest.mark.parametrize("process", GONE)
def test_a_process_at_zero_is_a_month_without_it(process, monkeypatch):
    settings, own = GONE[process]
    at_zero = lived(scenario(settings))
    assert differing(at_zero, lively()) != []  # elsewhere it is felt
    live_without(monkeypatch, process)
    assert differing(at_zero, lived(scenario(settings)), own) == []


def test_every_process_is_in_one_of_the_tables():
    tables = [set(GONE), set(ELSEWHERE), set(NO_STRENGTH)]
    assert set.union(*tables) == set(BUILT_IN.processes)
    assert sum(map(len, tables)) == len(BUILT_IN.processes)


@pytest.mark.parametrize("where", sorted(set(ELSEWHERE.values())))
def test_what_is_shown_elsewhere_is_there(where):
    file, _, test = where.partition("::")
    assert f"def {test}(" in (HERE / file).read_text(encoding="utf-8")


def test_every_policy_has_a_setting_at_which_it_reaches_nobody():
    of_teams = {"team_projects", "team_grants"}  # test_teams_at_zero.py, without money
    assert {entry["use"] for entry in REACHES_NOBODY.values()} >= set(BUILT_IN.policies) - of_teams


def test_every_shock_has_one_too():
    text = (HERE / "test_nobody_reached.py").read_text(encoding="utf-8")
    assert [name for name in BUILT_IN.shocks if f'"use": "{name}"' not in text] == []


# A column that only these strengths read: with all of them at zero it may hold anything.
DRIVERS = {
    "households.frailty": ["process.illness.risk"],
    "households.wage_premium": ["process.wages.mean"],
    "households.trust": [
        "process.coping.kin_limit", "process.delivery.take_up_trust", "process.trust.gain", "process.trust.leakage",
        "process.trust.back", "process.trust.departure", "policy.monitoring.by_trust",
    ],
    "households.schooling": [
        "process.migration_wish.schooling", "process.wages.schooling", "process.adult_training.years",
        "process.schooling.reversion",
    ],
    "villages.remoteness": ["process.season.remoteness", "process.migration.remoteness", "process.teams.far"],
}  # fmt: skip
DRIVEN = {"villages.remoteness": ("remoteness", "remoteness_at_start")}


def scrambled(strengths, column):
    """As `lived` with these strengths at zero, after a column was turned round, in a run without a burn-in."""
    process = {"schooling": {"senior_high_from": 25.0, "college_from": 25.0, "readiness_spread": 0.01}}
    model = PovertyModel(scenario(process, burn_in={"months": 0}).with_(dict.fromkeys(strengths, 0.0)))
    if column:
        owner, name = column.split(".")
        there = getattr(getattr(model.world, owner), name)
        there[:] = there[::-1].copy()
    return seen(model)


@pytest.mark.parametrize("column", DRIVERS)
def test_what_only_strengths_of_zero_read_may_hold_anything(column):
    found = scrambled(DRIVERS[column], column)
    assert differing(found, scrambled(DRIVERS[column], ""), DRIVEN.get(column, (column.rpartition(".")[2],))) == []
    assert "Household.wealth" in differing(scrambled([], column), scrambled([], ""))
