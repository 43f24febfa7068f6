"""Teams whose channels are closed change no household; each mechanism at zero is as if it were absent, bit for bit."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import fupin_sim
from fupin_sim import model as model_module
from fupin_sim.model import PovertyModel
from fupin_sim.processes import assignment, cadres, mobilisation, organization, teams, trust
from fupin_sim.processes.recruitment import members_of
from tests.identities.bits import SHARED
from tests.strategies import scenario_of

MEASURES_OF_TEAMS = ("team", "cadre", "idle_cadres", "villages_served", "institution_costs")
MONEY = [{"name": "projects", "use": "team_projects"}, {"name": "grants", "use": "team_grants"}]
CHANNELS = ("production", "jobs", "delivery", "motivation")
TEAMS = {
    "teams": {"per_village": 0.7},
    "team_channels": {"effect": 0.15},
    "assignment": {"rule": "need_match", "reassign": True},
    "withdrawal": {"rule": "never"},
    "register": {"share": 0.5},
}
PROCESSES = (
    "dispatch", "mobilisation", "team_channels", "collective_income", "recruitment", "cadres", "teams", "trust",
    "appraisal", "withdrawal", "assignment",
)  # fmt: skip


def seen(policy=(), tables=SHARED, **process):
    """The bits of all households, of villages beside what is of teams, and of all measures but those of teams."""
    with_teams = {name: {**TEAMS.get(name, {}), **process.get(name, {})} for name in {*TEAMS, *process}}
    model = PovertyModel(scenario_of(tables, policy=[*tables["policy"], *policy], process=with_teams))
    model.live_until(model.spec.start + model.spec.months - 1)
    found = {name: column.tobytes() for name, column in model.world.households.data.items()}
    for name in ("infrastructure", "remoteness", "organization", "collective_assets"):
        found[f"village {name}"] = getattr(model.world.villages, name).tobytes()
    rows = [row for row in model.recorder.rows if not row[1].startswith(MEASURES_OF_TEAMS)]
    return found | {"measures": repr(rows)}


def differing(one, other):
    assert one.keys() == other.keys()
    return sorted(name for name in one if one[name] != other[name])


def switches(*on):
    return {"effect": 0.15, **{name: name in on for name in CHANNELS}}


@cache
def without_teams():
    return seen(teams={"per_village": 0.0})


@cache
def with_teams():
    return seen()


def test_with_every_channel_off_not_one_bit_of_households_changes():
    assert differing(seen(team_channels=switches()), without_teams()) == []
    assert {"income12", "wealth", "motivation", "technique", "trust"} <= set(differing(with_teams(), without_teams()))


def test_closed_channels_leave_no_trace_in_what_reads_exposure_either():
    """Where incomes are seen with error, the last mile is long, practices spread, and monitors and feedback listen."""
    reads = {
        "register": {"share": 0.5, "observation": "observed"}, "delivery": {"on": True}, "practices": {"on": True},
        "feedback": {"strength": 0.05},
    }  # fmt: skip
    watch = [{"use": "monitoring", "coverage": "sudden", "capacity": 0.3, "verification": 0.7, "delivery": 1.4}]
    without = seen(policy=watch, **reads, teams={"per_village": 0.0})
    assert differing(seen(policy=watch, **reads, team_channels=switches()), without) == []
    assert "wealth" in differing(seen(policy=watch, **reads, team_channels=switches("delivery")), without)


ALL_READERS = {
    "register": {"share": 0.5, "observation": "observed"}, "delivery": {"on": True},
    "practices": {"on": True, "by_teams": 3.0}, "feedback": {"strength": 0.05},
    "organization": {"on": True, "teaching": 0.2, "disuse": 0.2}, "worthies": {"on": True, "engages": 0.4},
    "cooperatives": {"on": True, "founded": 0.6},
}  # fmt: skip
ALL_WATCHERS = [
    {"use": "monitoring", "coverage": "sudden", "capacity": 0.3, "verification": 0.7, "delivery": 1.4},
    {"use": "industry_support", "whom": "all", "uptake": 0.1, "term": 20, "gestation": 1, "failure": 3.0,
     "advice": 1.0},
]  # fmt: skip
OF_WORK = (
    "team_strength", "exposure", "visits", "skill_organization", "skill_industry", "skill_welfare", "skill_jobs",
    "team_left",
)  # fmt: skip


def test_with_every_channel_off_whatever_teams_do_is_read_by_nobody(monkeypatch):
    """Strength, exposure, visits, skills and departures are spoilt each month, where everything reads that can."""
    run = teams.Teams.run

    def spoilt(self, world):
        run(self, world)
        for name in OF_WORK if len(world.teams) else ():
            getattr(world.villages, name)[:] = np.nan

    without = seen(policy=ALL_WATCHERS, **ALL_READERS, teams={"per_village": 0.0})
    open_ = seen(policy=ALL_WATCHERS, **ALL_READERS)
    assert {"wealth", "motivation", "technique", "trust", "village organization"} <= set(differing(open_, without))
    monkeypatch.setattr(teams.Teams, "run", spoilt)
    closed = seen(policy=ALL_WATCHERS, **ALL_READERS, team_channels=switches())
    assert differing(closed, without) == []


READERS = {
    "agents/village_organization.py",
    "muster.py",
    "measures/teams.py",
    "team_effect.py",
    "processes/cadres.py",
    "processes/teams.py",  # the channels themselves
    "catalogue.py",
    "employment.py",  # a measure, and another kind of exposure
    "processes/mobilisation.py",  # joining funds, by skill: a part of the money
    "processes/trust.py",  # where the channel of delivery is open
}
"""What names the work of teams as it is; everybody else reads what the channels let through."""


def test_only_the_channels_and_what_hangs_on_them_read_the_work_of_teams():
    source = Path(fupin_sim.__file__).parent
    names = re.compile(rf"villages\.({'|'.join(OF_WORK)})\b|[\"']({'|'.join(OF_WORK)})[\"']")
    found = {f.relative_to(source).as_posix() for f in source.rglob("*.py") if names.search(f.read_text("utf-8"))}
    assert found <= READERS, found - READERS


@pytest.mark.parametrize(("field", "channel"), [("industry", "production"), ("organization", "delivery")])
def test_advice_to_projects_is_production_and_teaching_committees_delivery(field, channel):
    process = {**TEAMS, "team_channels": switches(channel)}
    model = PovertyModel(scenario_of(SHARED, process=process))
    model.live_until(model.spec.start)
    channels, villages = model.world.processes["team_channels"], model.world.villages
    strength, skill = channels.at_work(model.world, field)
    assert strength.max() > 0.05
    assert (strength == villages.team_strength).all()
    assert (skill == getattr(villages, f"skill_{field}")).all()
    channels.values[channel] = False
    assert not np.any(channels.at_work(model.world, field))


OPENS = {
    "production": {"technique", "wealth"}, "jobs": {"migrants", "wealth"}, "delivery": {"trust"},
    "motivation": {"motivation", "coached"},
}  # fmt: skip


@pytest.mark.parametrize("channel", CHANNELS)
def test_each_channel_has_a_switch_of_its_own(channel):
    alone = seen(team_channels=switches(channel))
    assert OPENS[channel] <= set(differing(alone, without_teams()))
    closed = seen(team_channels=switches(*(set(CHANNELS) - {channel})))
    assert closed["wealth"] != with_teams()["wealth"] or channel == "delivery"
    for other in set(CHANNELS) - {channel}:
        own = OPENS[other] & {"technique", "trust", "coached"}
        assert not own & set(differing(alone, without_teams())), other


def test_no_teams_is_a_month_without_all_that_makes_teams(monkeypatch):
    found = without_teams()
    month = tuple(
        replace(verb, processes=tuple(each for each in verb.processes if each not in PROCESSES))
        for verb in model_module.lived_by(scenario_of(SHARED))
    )
    monkeypatch.setattr(model_module, "lived_by", lambda scenario: month)
    assert differing(found, seen()) == []


@pytest.mark.parametrize(
    "process",
    [
        {"assignment": {"rule": "none"}},
        {"register": {"share": 0.0, "readmit": False}},
    ],
    ids=["nobody is sent", "nobody is on the register"],
)
def test_teams_that_reach_nobody_change_nothing(process):
    none = seen(**{**process, "teams": {"per_village": 0.0}}, policy=MONEY)
    assert differing(seen(**process, policy=MONEY), none) == []


def test_no_money_is_no_projects():
    nothing = {"mobilisation": {"own": 0.0, "coordinated": 0.0}}
    found, without = seen(policy=MONEY, **nothing), seen()
    rows = ("measures",)  # two policies more are told of, with nothing spent
    assert [name for name in differing(found, without) if name not in rows] == []
    assert {"wealth", "village infrastructure", "village collective_assets"} <= set(
        differing(seen(policy=MONEY), without)
    )


def test_projects_without_worth_are_no_roads():
    found = seen(policy=[{**MONEY[0], "raises": 0.0, "nearer": 0.0, "industry": 0.0}])
    moved = [name for name in differing(found, seen()) if name != "measures"]
    assert moved == []


GOING = {"withdrawal": {"rule": "fixed_term", "least": 1, "term": 13}}


def just_go(self, world, teams):
    """Come home without forgetting."""
    rows = np.flatnonzero(np.repeat(teams, members_of(world)) & (world.cadres.months >= 0))
    world.cadres.months[rows] = 0


ZERO = {
    "learning": ({"cadres": {"learning": 0.0}}, cadres.Cadres, "_learn", lambda self, world, *_: None),
    "nobody leaves": (
        {"cadres": {"leaving": 0.0, "leaving_worn": 0.0, "recall": 0.0, "retirement": 80}},
        cadres.Cadres, "_leave", lambda self, world, posted: None,
    ),
    "the size of teams": (
        {"teams": {"size": 0.0}}, teams, "manned", lambda number, exponent: (np.asarray(number) > 0).astype(float),
    ),
    "joining funds": (
        {"mobilisation": {"fragmented": 0.0}}, mobilisation, "joined", lambda skill, loss: np.ones(len(skill)),
    ),
    "prospects": ({"cadres": {"promotion": 0.0}}, cadres, "prospect", np.zeros_like),
    "example": ({"cadres": {"imitation": 0.0}}, cadres, "example", lambda effort, county: np.zeros(len(effort))),
    "overload": ({"cadres": {"tiring_load": 0.0}, "teams": {"visits": 0.1}}, cadres, "MOST_OVERLOAD", 0.0),
    "forgetting": ({"cadres": {"forgotten": 0.0}, **GOING}, cadres.Cadres, "come_home", just_go),
    "errors of diagnosis": (
        {"assignment": {"diagnosis_error": 0.0}}, assignment, "diagnosed", lambda need, error, spread: need,
    ),
    "new faces": (
        {"assignment": {"new_faces": 0.0}}, trust.Trust, "lose", lambda self, world, share: self._set_point(world),
    ),
    "funds taken from others": (
        {"mobilisation": {"diverted": 0.0}}, mobilisation.Mobilisation, "_divert", lambda self, *_: None,
    ),
    "leakage that is seen": (
        {"trust": {"leakage": 0.0}, "delivery": {"on": True}}, trust, "leaked", lambda world: 0.0,
    ),
    "who is home": (
        {"organization": {"on": True, "youth": 0.0}}, organization.Organization, "_look_who_is_home",
        lambda self, world: None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ZERO)
def test_a_mechanism_at_zero_is_as_if_it_were_absent(name, monkeypatch):
    process, where, attribute, absent = ZERO[name]
    switch = {f"{each}.{key}" for each, values in process.items() for key, value in values.items() if value == 0.0}
    usual = {
        each: {key: value for key, value in values.items() if f"{each}.{key}" not in switch}
        for each, values in process.items()
    }  # fmt: skip
    found, felt = seen(policy=MONEY, **process), seen(policy=MONEY, **usual)
    monkeypatch.setattr(where, attribute, absent)
    assert differing(found, seen(policy=MONEY, **process)) == []
    assert "wealth" in differing(found, felt)


UNDRIVEN = {"effort": 0.0, "promotion": 0.0, "supported": 0.0}
STEADY = {"trust": {"departure": 0.0}, "assignment": {"new_faces": 0.0}}
"""Otherwise trust is lost when somebody leaves, whatever he did: that is another claim."""


def test_whom_neither_duty_nor_anything_else_drives_does_nothing_at_all():
    """A county of such teams is one without teams, but for what they cost."""
    undriven = seen(cadres=UNDRIVEN, **STEADY)
    assert differing(undriven, seen(**STEADY, teams={"per_village": 0.0})) == []
    dutiful = seen(cadres={**UNDRIVEN, "effort": 0.5}, **STEADY)
    assert {"wealth", "technique", "trust"} <= set(differing(dutiful, undriven))


def test_without_duty_effort_is_what_the_other_drives_make_of_it(monkeypatch):
    found, usual = seen(policy=MONEY, cadres={"effort": 0.0}), seen(policy=MONEY)
    monkeypatch.setattr(
        cadres.Cadres, "_push",
        lambda self, assessment, rank: self.assessment * assessment + self.promotion * cadres.prospect(rank),
    )  # fmt: skip
    assert differing(found, seen(policy=MONEY)) == []
    assert "wealth" in differing(found, usual)
