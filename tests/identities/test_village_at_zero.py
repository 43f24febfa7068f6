"""Village organisations, worthies, practices, cooperatives and the market: nothing when off, the same bits when on."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fupin_sim import month as month_module
from fupin_sim.model import PovertyModel
from fupin_sim.simulation import resume, simulate, snapshot
from tests.identities.bits import SHARED, bits, by_luck, same_bits
from tests.strategies import scenario_of

TEAMSTER = f"{Path(__file__).parent / 'teamsters.py'}:Teamster"
TEAMS = {"name": "teams", "use": TEAMSTER}
PROJECTS = {
    "name": "projects", "use": "industry_support", "whom": "all", "uptake": 0.1, "term": 9, "gestation": 1,
    "failure": 0.4, "goes_on": 0.4, "again": 3, "budget": 3000.0,
}  # fmt: skip
PEOPLE = {**SHARED["population"], "households": 24}
ON = {
    "organization": {"on": True, "changes": 0.5, "turnover": 0.05, "youth": 0.05},
    "worthies": {"on": True, "engages": 0.6, "hiring": 1.5, "captures": 0.2},
    "practices": {"on": True, "base": -1.0, "copying": 0.6, "worth": 0.1},
    "cooperatives": {"on": True, "founded": 0.6, "shells": 0.4, "base": -1.0, "fee": 0.05},
}
ALL = {
    **SHARED, "population": PEOPLE, "process": {**SHARED["process"], **ON},
    "policy": [*SHARED["policy"][:3], PROJECTS, TEAMS],
}  # fmt: skip
NEW = ("worthies", "practices", "cooperatives", "product_market", "cooperative_fees", "projects", "example",
       "organization", "feedback", "cooperative_surplus", "usual_trade")  # fmt: skip
PLACES = ("VillageOrganization", "County")


def scenario(*without, **process):
    """All of it but for the `on` of some, and with further settings of processes."""
    settings = {name: {**values, **process.get(name, {})} for name, values in ON.items()}
    for name in without:
        settings[name] = {**settings[name], "on": False}
    others = {name: values for name, values in process.items() if name not in ON}
    return scenario_of(ALL, process={**settings, **others})


@cache
def undisturbed():
    return simulate(scenario(), households="monthly", check_books=True)


def seen(spec, *flags):
    """The bits of all households but for some flags of theirs."""
    return bits(simulate(spec, households="monthly").households, without=flags)


def places(model):
    """The columns of villages and counties at the end, without row numbers."""
    model.live_until(model.spec.start + model.spec.months - 1)
    columns = {
        f"{kind.__name__}.{name}": column.copy()
        for kind, table in model.tables.items() if kind.__name__ in PLACES
        for name, column in table.data.items() if name != "first"
    }  # fmt: skip
    return columns


def test_what_could_go_wrong_happens():
    panel = undisturbed().households
    for flag in ("worthy", "cooperative", "practice"):
        assert 0 < (panel[flag] > 0).mean() < 1, flag
    series = undisturbed().series
    for source in ("project", "dividend"):
        assert series.query(f"group == 'source:{source}'")["value"].max() > 1, source
    model = PovertyModel(scenario())
    found = places(model)
    assert set(found["VillageOrganization.cooperative"]) == {0, 1, 2}
    assert (found["VillageOrganization.infrastructure"] > 1.0).any()
    assert np.unique(found["VillageOrganization.organization"]).size > 5
    assert (found["County.delivery_quality"] > 0.5).all()
    assert (found["County.product_price"] < 1.0).all()


# ---- the same bits however it is lived


@pytest.mark.parametrize("block", [1, 30])
def test_any_block_size(block):
    assert same_bits(simulate(scenario(), households="monthly", block=block), undisturbed())
    one, other = places(PovertyModel(scenario(), block=block)), places(PovertyModel(scenario()))
    assert [name for name in one if one[name].tobytes() != other[name].tobytes()] == []


@pytest.mark.parametrize("month", ["", "2016-01", "2016-11", "2016-12", "2017-08"])
def test_stopped_and_taken_up_again(month):
    assert same_bits(resume(snapshot(scenario(), month, households="monthly")), undisturbed())


@pytest.mark.parametrize("parts", [([0, 2], [1]), ([0], [1], [2])])
def test_cut_by_counties(parts):
    found = [simulate(scenario(), households="monthly", counties=part).households for part in parts]
    assert bits(by_luck(pd.concat(found))) == bits(by_luck(undisturbed().households))
    models = [places(PovertyModel(scenario(), counties=part)) for part in parts]
    whole = places(PovertyModel(scenario()))
    for name, column in whole.items():
        order = np.argsort(whole[f"{name.partition('.')[0]}.luck"], kind="stable")
        luck = np.concatenate([part[f"{name.partition('.')[0]}.luck"] for part in models])
        mine = np.concatenate([part[name] for part in models])[np.argsort(luck, kind="stable")]
        assert mine.tobytes() == column[order].tobytes(), name


def test_in_another_order_of_the_file():
    mixed = scenario_of(ALL, policy=ALL["policy"][::-1], process=ON)
    assert same_bits(simulate(mixed, households="monthly"), undisturbed())


# ---- nothing when off


def without(monkeypatch, *names):
    """Take processes out of the month."""
    verbs = tuple(
        replace(verb, processes=tuple(each for each in verb.processes if each not in names))
        for verb in month_module.MONTH
    )
    assert verbs != month_module.MONTH
    monkeypatch.setattr(month_module, "MONTH", verbs)


def test_all_off_is_a_month_without_any_of_it(monkeypatch):
    found = simulate(scenario_of(SHARED), households="monthly")
    without(monkeypatch, *NEW)
    assert same_bits(simulate(scenario_of(SHARED), households="monthly"), found)


OFF = {
    "worthies": ("worthies", {"worthies": {"engages": 0.0}}, ()),
    "no worthies asked": ("worthies", {"worthies": {"number": 0}}, ()),
    "worthies who do nothing": (
        "worthies",
        {"worthies": {"brings": 0.0, "hiring": 1.0, "captures": 0.0, "looked_up_to": False}, "example": {"gain": 0.0},
         "practices": {"example": 0.0}, "cooperatives": {"example": 0.0}},
        ("worthy",),
    ),
    "practices nobody knows": ("practices", {"practices": {"pioneers": 0.0}}, ()),
    "practices worth nothing": ("practices", {"practices": {"worth": 0.0}}, ("practice",)),
    "no cooperative founded": ("cooperatives", {"cooperatives": {"founded": 0.0}}, ()),
    "cooperatives without price, pool and fee": (
        "cooperatives", {"cooperatives": {"premium": 0.0, "pooling": 1.0, "fee": 0.0}}, ("cooperative",),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "process", "flags"), OFF.values(), ids=OFF)
def test_no_strength_is_off(name, process, flags):
    others = {each: values for each, values in process.items() if each != name}
    at_zero, off = seen(scenario(**process), *flags), seen(scenario(name, **others), *flags)
    assert [column for column in off if off[column] != at_zero[column]] == []
    assert off["wealth"] != seen(scenario(**others), *flags)["wealth"]


FLAT = {"teaching": 0.0, "disuse": 0.0, "youth": 0.0, "turnover": 0.0}


def test_an_organisation_that_nothing_moves_is_one_switched_off():
    assert seen(scenario(organization=FLAT)) == seen(scenario("organization"))
    assert seen(scenario()) != seen(scenario("organization"))
    found = places(PovertyModel(scenario(organization=FLAT)))
    assert (found["VillageOrganization.organization"] == 0.4).all()


def test_feedback_without_strength_leaves_the_county_as_it_was():
    found = places(PovertyModel(scenario(feedback={"strength": 0.0})))
    assert (found["County.delivery_quality"] == 0.5).all()


def test_a_price_that_does_not_move_is_a_price_of_one():
    found = places(PovertyModel(scenario(product_market={"flexibility": 0.0})))
    assert (found["County.product_price"] == 1.0).all()
    fixed = seen(scenario(product_market={"flexibility": 0.0}))
    assert fixed == seen(scenario(product_market={"flexibility": 0.0, "share": 0.9, "usual": 0.05}))
    assert fixed["wealth"] != seen(scenario())["wealth"]


def test_business_outside_the_county_market_does_not_hear_of_its_price():
    """With no share of it priced there, households that have no project live as without any."""
    alone = {"product_market": {"share": 0.0}, "migration_wish": {"network": 0.0}, "aspiration": {"peers": 0.0}}
    none = {"worthies": {"on": False}, "cooperatives": {"on": False}, "practices": {"on": False}}
    own = {**alone, **none, "motivation": {"effort": 0.0}, "schooling": {"reversion": 0.0}}
    registered = [{**PROJECTS, "whom": "registered", "budget": "none"}]
    tables = {**ALL, "process": {**SHARED["process"], **own}, "policy": registered}
    with_it = simulate(scenario_of(tables), households="monthly").households
    bare = simulate(scenario_of(tables, policy=[]), households="monthly").households
    never = ~with_it.groupby("luck")["registered"].any()
    lucks = never.index[never]
    assert 5 < len(lucks) < len(never)
    left, right = by_luck(with_it, lucks), by_luck(bare, lucks)
    assert left["wealth"].equals(right["wealth"])
    heard = simulate(
        scenario_of(tables, process={**tables["process"], "product_market": {"share": 0.3}}), households="monthly"
    )
    assert not by_luck(heard.households, lucks)["wealth"].equals(right["wealth"])
