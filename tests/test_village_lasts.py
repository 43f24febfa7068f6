"""Over forty years no state of a village, its county or its market runs to a bound, whatever the strengths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fupin_sim import shipped
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.model import PovertyModel
from fupin_sim.parameter import parameters_of
from fupin_sim.scenario import load

TEAMSTER = f"{Path(__file__).parent / 'identities' / 'teamsters.py'}:Teamster"
PEOPLE = {"villages": 10, "counties": 2, "households": 50}
ON = {f"process.{name}.on": True for name in ("organization", "worthies", "practices", "cooperatives")}
LONG = {"scenario.years": 40, **{f"population.{name}": value for name, value in PEOPLE.items()}, **ON}
STRENGTHS = {
    "organization": ("teaching", "crowding", "disuse", "youth", "turnover"),
    "feedback": ("strength",),
    "worthies": ("engages", "brings", "hiring", "captures"),
    "example": ("gain",),
    "practices": ("peers", "gain", "example", "copying", "worth"),
    "cooperatives": ("peers", "gain", "example", "premium", "fee"),
    "cooperative_surplus": ("raises", "refund"),
    "product_market": ("flexibility", "share"),
}
TEAMS = {"name": "teams", "use": TEAMSTER, "everywhere": True}
PROJECTS = {"use": "industry_support", "whom": "all", "again": 12}


def strengths(end):
    """All strengths at the low (0) or the high (1) end of their plausible ranges."""
    return {
        f"process.{process}.{name}": parameters_of(BUILT_IN.processes[process])[name].range[end]
        for process, names in STRENGTHS.items()
        for name in names
    }


SETTINGS = {
    "as shipped": ({}, [PROJECTS]),
    "as shipped, without growth": ({"process.growth.on": False}, [PROJECTS]),
    "weakest": (strengths(0), [{**PROJECTS, "uptake": 0.01}]),
    "strongest": (strengths(1), [{**PROJECTS, "uptake": 0.2, "grant": 20_000, "output": 0.6}, TEAMS]),
    "strongest teams that do the work themselves": (
        {**strengths(1), "process.organization.teaching": 0.0}, [PROJECTS, {**TEAMS, "strength": 1.0, "skill": 1.0}],
    ),
}  # fmt: skip


def decembers(sets, policies):
    """Means of each December's states by name, shape (years,)."""
    tables = {"extends": "baseline.toml", "policy": policies}
    model = PovertyModel(load(tables, BUILT_IN, sets={**LONG, **sets}, folder=shipped.folder()))
    world, found = model.world, []
    home, villages = world.households, world.villages
    while model.running:
        model.step()
        if world.clock.december:
            found.append(
                {
                    "capacity": villages.organization.mean(),
                    "infrastructure": villages.infrastructure.mean() / 2.0,
                    "delivery quality": world.counties.delivery_quality.mean(),
                    "price": world.counties.product_price.mean(),
                    "technique": home.technique.mean(),
                    "worthies": villages.worthies.mean() / 2.0,
                    "practice": home.practice.mean(),
                    "members": home.cooperative.mean(),
                }
            )
    return {name: np.array([year[name] for year in found], float) for name in found[0]}


@pytest.mark.parametrize(("sets", "policies"), SETTINGS.values(), ids=SETTINGS)
def test_no_state_runs_to_a_bound(sets, policies):
    """Means over years 30 to 40. Few worthies or members are no bound: an institution may be weak."""
    last = {name: values[30:].mean() for name, values in decembers(sets, policies).items()}
    for name in ("capacity", "infrastructure", "delivery quality"):
        assert 0.05 <= last[name] <= 0.95, (name, last)
    assert 0.3 <= last["price"] <= 1.0
    for name in ("technique", "worthies", "practice", "members"):
        assert 0.0 <= last[name] <= 0.95, (name, last)
    if sets.get("process.worthies.engages", 1.0):
        assert last["worthies"] > 0.05
        assert last["technique"] > (0.05 if sets.get("process.example.gain", 1.0) else 0.0)
    if sets.get("process.product_market.flexibility", 0.5):
        assert last["price"] < 0.999
