"""What is said for teams has a counter-mechanism each, with a switch, and a setting in which it wins."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from fupin_sim.agents.team import NOWHERE
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.model import PovertyModel
from fupin_sim.processes.assessment import forms
from fupin_sim.processes.cadres import Cadres, efforts
from fupin_sim.processes.teams import Teams, needs, skills_of_teams
from fupin_sim.scenario import load

PEOPLE = {"villages": 40, "counties": 2, "households": 20}
CALM = {"leaving": 0.0, "leaving_worn": 0.0, "recall": 0.0}


@cache
def lived(name, years=2, seed=3):
    tables = {"scenario": {"years": years}, "population": PEOPLE, "burn_in": {"months": 2}, "process": ARMS[name]}
    model = PovertyModel(load(tables, BUILT_IN), seed=seed)
    assessed, power = REGIMES.get(name, (0.0, 0.0))
    strength = []
    while model.running:
        if name in REGIMES:
            model.world.counties.assessment[:] = assessed
            model.world.counties.paperwork[:] = assessed * assessed if power == 2 else assessed * power
        model.step()
        served = model.world.villages.team != NOWHERE
        strength.append(model.world.villages.team_strength[served].mean() if served.any() else np.nan)
    return model.world, float(np.nanmean(strength[6:]))


def arm(**process):
    return {"teams": {"per_village": 0.5}, "cadres": CALM, "withdrawal": {"rule": "never"}, **process}


ARMS = {
    "by lot": arm(assignment={"rule": "random"}),
    "by need": arm(assignment={"rule": "need_match", "diagnosis_error": 0.0}),
    "by need, badly seen, each year": arm(
        assignment={"rule": "need_match", "diagnosis_error": 5.0, "reassign": True}, teams={"per_village": 0.5,
        "settling": 11},
    ),
    "no assessment": arm(), "some": arm(), "too much": arm(), "light": arm(),
    "short": arm(withdrawal={"rule": "fixed_term", "term": 24}), "kept": arm(),
    "strict": arm(recruitment={"strictness": 1.0}), "lax": arm(recruitment={"strictness": 0.0}),
    "young": arm(recruitment={"youngest": 25, "oldest": 30}), "old": arm(recruitment={"youngest": 50, "oldest": 55}),
}  # fmt: skip
REGIMES = {"some": (0.5, 2), "too much": (1.0, 2), "light": (1.0, 0.0)}


LEVELS = {"weak": 0.2, "strong": 0.5, "too strong": 1.0}
RULES = {
    f"{level}, {power}": {"strength": strength, "paperwork_power": power}
    for level, strength in LEVELS.items() for power in (0, 1, 2)
}  # fmt: skip
ARMS |= {name: arm(assessment=rule) for name, rule in RULES.items()}


def worth(assessment, power):
    """What assessment makes of the strength of a team that is neither tired nor idle, beside none at all."""
    cadres, teams = Cadres("cadres", {}), Teams("teams", {})
    push = cadres._push(np.array([assessment, 0.0]), np.array([0.5, 0.5])) + cadres.supported * cadres.support
    busy = np.array([forms(assessment, power), 0.0])
    with_it, without = efforts(push, push - cadres.weariness * 0.2) * (1.0 - teams.paperwork * busy)
    return with_it / without


def test_by_the_curves_alone_assessment_helps_up_to_a_point_if_paperwork_grows_with_it_and_never_if_it_is_all_there():
    weak, strong, too_strong = ([worth(strength, power) for power in (0, 1, 2)] for strength in LEVELS.values())
    assert weak[2] < strong[2] > 1.0 > too_strong[2]  # with the square: a point from which it falls, below none
    assert 1.0 < weak[1] < 1.05
    assert too_strong[1] < strong[1] < 1.05  # in a straight line: a little may be gained, and much lost
    assert weak[0] < strong[0] < too_strong[0] < 1.0  # any at all costs everything: less assessment is worse than none


def test_lived_too_assessment_strengthens_teams_up_to_a_point_that_hangs_on_how_paperwork_grows():
    """Cadres tire of paperwork as well; what holds with its square need not hold in a straight line or at once."""
    none = lived("no assessment")[1]
    strength = {name: lived(name)[1] / none for name in RULES}
    assert strength["strong, 2"] > max(1.0, strength["too strong, 2"], strength["weak, 2"])
    assert strength["too strong, 2"] < 1.0
    assert strength["too strong, 1"] < strength["strong, 1"] < strength["strong, 2"]
    assert max(strength[f"{level}, 0"] for level in LEVELS) < 1.0
    assert strength["weak, 0"] < strength["too strong, 0"]


def fit(world):
    """How well skills meet true needs, on average over teams in villages."""
    there = np.flatnonzero(world.teams.village != NOWHERE)
    return (needs(world.villages)[world.teams.village[there]] * skills_of_teams(world)[there]).sum(axis=1).mean()


def test_matched_teams_fit_better_until_diagnosis_fails_and_changing_places_costs_too_much():
    lot, need, bad = lived("by lot"), lived("by need"), lived("by need, badly seen, each year")
    assert fit(need[0]) > fit(lot[0])
    assert need[1] > lot[1] > bad[1]
    assert bad[0].households.trust.mean() < lot[0].households.trust.mean()


def test_assessment_strengthens_teams_until_its_paperwork_takes_more_than_it_gives():
    none, some, much, light = (lived(name)[1] for name in ("no assessment", "some", "too much", "light"))
    assert some > none
    assert much < some
    assert light > some  # without paperwork more is always better


def test_teams_that_are_kept_leave_other_villages_without():
    short, kept = lived("short", 4)[0], lived("kept", 4)[0]
    assert (kept.villages.exposure == 0).sum() == 20 > (short.villages.exposure == 0).sum() == 0
    assert kept.villages.exposure[kept.villages.team != NOWHERE].mean() > short.villages.exposure.mean()
    # Better where they are kept, and worse for all villages together: what they left behind elsewhere outlives them.
    assert kept.villages.exposure.mean() < 0.9 * short.villages.exposure.mean()


def test_strict_selection_makes_stronger_teams():
    assert lived("strict")[1] > 1.1 * lived("lax")[1]


def test_the_old_know_how_to_organise_and_the_young_learn_faster_and_know_of_jobs():
    young, old = lived("young")[0].cadres, lived("old")[0].cadres
    assert old.skill_organization.mean() > young.skill_organization.mean() + 0.03
    assert young.skill_jobs.mean() > old.skill_jobs.mean() + 0.03


@pytest.mark.parametrize("field", ["organization", "industry", "welfare", "jobs"])
def test_specialists_are_scarce(field):
    world = lived("by lot")[0]
    skill = np.sort(getattr(world.cadres, f"skill_{field}"))
    assert skill[int(0.9 * len(skill))] > 1.5 * np.median(skill)
