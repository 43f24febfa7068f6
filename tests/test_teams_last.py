"""Over forty years no state of teams, cadres or trust runs to a bound, whatever the strengths."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim import shipped
from fupin_sim.agents.team import NOWHERE
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.measures.teams import posted
from fupin_sim.model import PovertyModel
from fupin_sim.parameter import parameters_of
from fupin_sim.scenario import load

LONG = {
    "scenario.years": 40, "population.villages": 16, "population.counties": 1, "population.households": 12,
    "process.teams.per_village": 1.0, "process.withdrawal.rule": "never", "process.organization.on": True,
    "process.growth.on": False,
}  # fmt: skip
RAISES = {
    "recruitment": ("strictness", "management", "management_effect", "skill", "skill_schooling", "skill_conduct"),
    "cadres": (
        "effort", "assessment", "promotion", "support", "supported", "honour", "imitation", "learning", "training",
        "trained", "recall", "rest", "rest_support", "rest_honour",
    ),
    "teams": ("visits", "without_organization"),
    "trust": ("gain",),
    "organization": ("teaching",),
}  # fmt: skip
LOWERS = {
    "recruitment": ("idle_most", "idle_least"),
    "cadres": (
        "weariness", "idleness", "slower_with_age", "tiring", "tiring_load", "tiring_paperwork", "leaving",
        "leaving_worn",
    ),
    "teams": ("paperwork", "far", "lag", "fading"),
    "trust": ("leakage", "departure"),
    "organization": ("crowding", "disuse"),
}  # fmt: skip


def strengths(raises, lowers):
    """What raises teams at one end of its plausible range, what lowers them at the other; 0 low, 1 high."""
    return {
        f"process.{process}.{name}": parameters_of(BUILT_IN.processes[process])[name].range[end]
        for names, end in ((RAISES, raises), (LOWERS, lowers))
        for process, each in names.items()
        for name in each
    }


HURTS = strengths(0, 1)
SETTINGS = {
    "as shipped": ({}, 0.0),
    "everything strong": (strengths(1, 1), 0.5),
    "everything weak": (strengths(0, 0), 0.0),
    "all that helps": (strengths(1, 0), 1.0),
    "all that hurts": (HURTS, 0.5),
    "sent anew each year": ({"process.assignment.reassign": True, "process.assignment.rule": "need_match"}, 0.0),
}


def decembers(sets, assessment):
    """Means of each December's states by name, shape (years,)."""
    model = PovertyModel(load({"extends": "baseline.toml"}, BUILT_IN, sets={**LONG, **sets}, folder=shipped.folder()))
    world, found = model.world, []
    while model.running:
        world.counties.assessment[:] = assessment
        world.counties.paperwork[:] = assessment * assessment
        model.step()
        if not world.clock.december:
            continue
        rows, villages, cadres = posted(world), world.villages, world.cadres
        served = world.of_village(villages.team != NOWHERE)
        skills = np.stack([getattr(cadres, f"skill_{f}") for f in ("organization", "industry", "welfare", "jobs")])
        found.append(
            {
                "strength": villages.team_strength[villages.team != NOWHERE].mean(),
                "exposure": villages.exposure[villages.team != NOWHERE].mean(),
                "effort": cadres.effort[rows].mean(),
                "burnout": cadres.burnout[rows].mean(),
                "skills": skills[:, rows].mean(),
                "trust": world.households.trust[served].mean(),
                "organization": villages.organization.mean(),
            }
        )
    return {name: np.array([year[name] for year in found]) for name in found[0]}


@pytest.mark.parametrize(("sets", "assessment"), SETTINGS.values(), ids=SETTINGS)
def test_no_state_runs_to_a_bound(sets, assessment):
    states = decembers(sets, assessment)
    last, before = (
        {name: each[part].mean() for name, each in states.items()} for part in (slice(30, 40), slice(20, 30))
    )
    for name, mean in last.items():
        # Strength is a product of shares, and small where each of them is.
        least = 0.02 if name in ("strength", "exposure") and sets == HURTS else 0.05
        assert least <= mean <= 0.95, (name, mean)
        assert abs(mean - before[name]) <= 0.06, (name, before[name], mean)
