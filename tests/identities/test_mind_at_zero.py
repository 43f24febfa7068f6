"""Each strength of the mind at zero equals a world without the mechanism, bit for bit, and above zero it does not."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from fupin_sim import month as month_module
from fupin_sim.model import PovertyModel
from fupin_sim.policies.dibao import Dibao
from fupin_sim.processes import aspiration, business, dependence, motivation
from fupin_sim.simulation import simulate
from tests.identities.bits import SHARED
from tests.strategies import scenario_of

BRINGER = f"{Path(__file__).parent / 'bringers.py'}:Bringer"
BROUGHT = [
    {"name": f"brings_{what}", "use": BRINGER, "intensity": what, "every_other": True}
    for what in ("coach", "training", "technique_training")
]
SHORTER = {**SHARED, "scenario": {**SHARED["scenario"], "years": 2}}
POLICIES = [*SHARED["policy"], *BROUGHT]
OF_ASPIRATION = ("aspiration", "coached")
OF_OUTLOOK = ("peer_income", "income12_a_year_ago", "income_growth")
OF_MOTIVATION = ("motivation", "motivation_setpoint")
OF_DEPENDENCE = ("dependence", "discretionary12", "labour")
MIND = ("technique", *OF_ASPIRATION, *OF_OUTLOOK, *OF_MOTIVATION, *OF_DEPENDENCE)
UNMOVED = {"schooling": {"drop_out_aspiration": 0.0}}
"""What else reads the mind, switched off."""


def seen(without=(), policy=POLICIES, **process):
    """The bits of all households at the end of the shared scenario with these strengths, and of all its measures."""
    model = PovertyModel(scenario_of(SHORTER, policy=policy, process=process))
    model.live_until(model.spec.start + model.spec.months - 1)
    columns = {name: column.tobytes() for name, column in model.world.households.data.items() if name not in without}
    rows = [row for row in model.recorder.rows if not row[2].startswith("policy:")]
    return columns | {"measures": repr(rows)}


def panel(**process):
    return simulate(scenario_of(SHORTER, policy=POLICIES, process=process), households="monthly").households


@cache
def as_shipped():
    return seen()


def differing(one, other):
    assert one.keys() == other.keys()
    return sorted(name for name in one if one[name] != other[name])


def live_without(monkeypatch, *names):
    """Take processes out of the month."""
    month = tuple(
        replace(verb, processes=tuple(each for each in verb.processes if each not in names))
        for verb in month_module.MONTH
    )
    assert month != month_module.MONTH
    monkeypatch.setattr(month_module, "MONTH", month)


def test_no_effort_no_dependence_no_technique_is_a_month_without_a_mind(monkeypatch):
    off = {"motivation": {"effort": 0.0}, "dependence": {"strength": 0.0}, "technique": {"worth": 0.0}, **UNMOVED}
    found = seen(MIND, **off)
    live_without(monkeypatch, "technique", "outlook", "aspiration", "motivation", "dependence", "norms")
    assert differing(found, seen(MIND, **off)) == []
    assert "wealth" in differing(found, {name: as_shipped()[name] for name in found})


def test_no_effort_is_business_without_effort(monkeypatch):
    found = seen(motivation={"effort": 0.0})
    monkeypatch.setattr(business, "effort_of", lambda m, usual, strength: np.ones(len(m)))
    assert differing(found, seen()) == []
    assert "wealth" in differing(found, as_shipped())


def test_no_dependence_is_labour_offered_whole(monkeypatch):
    found = seen(dependence={"strength": 0.0})
    monkeypatch.setattr(dependence, "offered", lambda own, usual, felt, strength: np.ones(len(own)))
    monkeypatch.setattr(Dibao, "adjust", lambda self, world: None)
    assert differing(found, seen()) == []
    assert "wealth" in differing(found, as_shipped())


def test_no_notch_is_dibao_without_one(monkeypatch):
    found = seen(dependence={"notch": 0.0})
    monkeypatch.setattr(Dibao, "adjust", lambda self, world: None)
    assert differing(found, seen()) == []
    assert "wealth" in differing(found, as_shipped())


def test_dependence_that_never_grows_is_a_month_without_it(monkeypatch):
    found = seen(OF_DEPENDENCE, dependence={"growing": 0.0, "notch": 0.0})
    live_without(monkeypatch, "dependence")
    assert differing(found, seen(OF_DEPENDENCE, dependence={"notch": 0.0})) == []
    assert not panel(dependence={"growing": 0.0})["dependence"].any()


def test_a_worthless_technique_is_a_month_without_it(monkeypatch):
    found = seen(("technique",), technique={"worth": 0.0})
    nothing_gained = seen(technique={"gain": 0.0})
    live_without(monkeypatch, "technique")
    assert differing(found, seen(("technique",))) == []
    assert differing(nothing_gained, seen()) == []
    assert "wealth" in differing(found, {name: as_shipped()[name] for name in found})


def test_courses_that_count_for_nothing_are_no_courses():
    found = seen(adult_training={"years": 0.0})
    without = [entry for entry in POLICIES if entry["name"] != "brings_training"]
    assert differing(found, seen(policy=without)) == []
    assert "schooling" in differing(found, as_shipped())


NO_PUSH = "no push from aspiration"
STRENGTHS = {
    NO_PUSH: ({"motivation": {"push": 0.0}}, motivation, "encouragement"),
    "nothing said by peers": ({"aspiration": {"peers": 0.0}}, aspiration, "top_third"),
    "growth not seen": ({"outlook": {"growth_seen": 0.0}}, aspiration, "growth"),
}


@pytest.mark.parametrize(("process", "module", "function"), STRENGTHS.values(), ids=STRENGTHS)
def test_what_has_no_strength_may_be_anything(process, module, function, monkeypatch):
    """With the strength at zero the function may as well return nothing but zeros."""
    found = seen(OF_OUTLOOK, **process)
    monkeypatch.setattr(module, function, lambda first, *rest: np.zeros(len(first)))
    assert differing(found, seen(OF_OUTLOOK, **process)) == []
    assert "motivation" in differing(found, {name: as_shipped()[name] for name in found})


def test_no_push_is_a_month_without_aspiration(monkeypatch):
    process = {"motivation": {"push": 0.0}, **UNMOVED}
    without = (*OF_ASPIRATION, *OF_OUTLOOK)
    found = seen(without, **process)
    live_without(monkeypatch, "outlook", "aspiration")
    assert differing(found, seen(without, **process)) == []


def test_no_adaptation_leaves_aspiration_where_it_began():
    """Of those whom nobody coaches; nothing else moves it."""
    frame = panel(aspiration={"adaptation": 0.0})
    assert frame[~frame["coached"]].groupby("luck")["aspiration"].nunique().max() == 1
    assert panel().groupby("luck")["aspiration"].nunique().min() > 20


def test_coaching_without_strength_is_no_coaching():
    quiet = {"motivation": {"coaching": 0.0}, "dependence": {"coaching": 0.0}, "aspiration": {"lift": 0.0}}
    without = [entry for entry in POLICIES if entry["name"] != "brings_coach"]
    assert differing(seen(("coached",), **quiet), seen(("coached",), policy=without)) == []
    for name in quiet:
        others = {each: values for each, values in quiet.items() if each != name}
        assert differing(seen(("coached",), **others), seen(("coached",), policy=without)) != [], name


def test_no_reliance_leaves_motivation_deaf_to_dependence(monkeypatch):
    process = {"motivation": {"reliance": 0.0}, "dependence": {"strength": 0.0}}
    found = seen(OF_DEPENDENCE, **process)
    live_without(monkeypatch, "dependence")
    assert differing(found, seen(OF_DEPENDENCE, **process)) == []
    monkeypatch.undo()
    loud = seen(OF_DEPENDENCE, dependence={"strength": 0.0})
    assert "motivation" in differing(found, loud)


def test_events_without_strength_are_no_events(monkeypatch):
    quiet = {"success": 0.0, "failure": 0.0, "hunger": 0.0}
    found = seen(motivation=quiet)
    monkeypatch.setattr(motivation.Motivation, "_events", lambda self, world, m: None)
    assert differing(found, seen()) == []
    monkeypatch.undo()
    for name in quiet:
        others = {each: value for each, value in quiet.items() if each != name}
        assert "motivation" in differing(found, seen(motivation=others)), name


def test_only_the_set_point_is_left_when_nothing_moves_motivation():
    quiet = dict.fromkeys(("push", "coaching", "success", "failure", "hunger", "reliance"), 0.0)
    frame = panel(motivation=quiet)
    assert (frame["motivation"] == frame["motivation_setpoint"]).all()
    same = panel(motivation={**quiet, "setpoint_spread": 0.0})
    assert (same["motivation"] == np.float32(0.4)).all()
