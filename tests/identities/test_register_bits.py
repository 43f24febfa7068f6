"""A register that errs, favours and is gamed: the same bits however it is cut, none where it has no strength."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fupin_sim.simulation import resume, simulate, snapshot
from tests.identities.bits import SHARED, bits, by_luck, same_bits
from tests.strategies import scenario_of

PRESSURE = f"{Path(__file__).parent / 'pressure.py'}:Pressure"
ERRING = {
    "register": {"observation": "observed", "exit": "nominal", "gaming": 1.0, "gaming_from": 0.7},
    "observation": {"first_pass": 0.45, "review_after": 18},
    "delivery": {"on": True, "elite_from": 1.2},
    "assessment": {"strength": 1.0},
}  # fmt: skip
FULL = {**SHARED, "process": {**SHARED["process"], **ERRING}, "shock": [
    *SHARED["shock"], {"name": "pressure", "use": PRESSURE, "exposure": 0.7},
]}  # fmt: skip
HELD = {**ERRING["register"], "exit": "stable", "stable_for": 12}
STABLE = {**FULL, "process": {**FULL["process"], "register": HELD}}
EACH = pytest.mark.parametrize("tables", [FULL, STABLE], ids=["nominal exit", "stable exit"])


@cache
def undisturbed(stable):
    return simulate(scenario_of(STABLE if stable else FULL), households="monthly", check_books=True)


def whole(tables):
    return undisturbed(tables is STABLE)


@EACH
def test_what_could_go_wrong_happens(tables):
    panel = whole(tables).households
    december = panel[panel["month"] == "2017-12"]
    assert (panel["gamed_on"] != "").any()
    assert (panel["exited_on"] != "").any()
    spending = whole(tables).series.query("measure == 'income_by_source' and group == 'source:captured'")
    assert spending["value"].max() > 1
    assert (december["observed_income"] > 0).all()
    seen, true = december["observed_income"], december["income12"] / december["members"]
    assert np.corrcoef(np.log(seen), np.log(true.clip(1)))[0, 1] < 0.99


@EACH
@pytest.mark.parametrize("block", [1, 27])
def test_any_block_size(tables, block):
    assert same_bits(simulate(scenario_of(tables), households="monthly", block=block), whole(tables))


@EACH
@pytest.mark.parametrize("month", ["", "2016-01", "2016-12", "2017-11"])
def test_stopped_and_taken_up_again(tables, month):
    assert same_bits(resume(snapshot(scenario_of(tables), month, households="monthly")), whole(tables))


@EACH
def test_cut_by_counties(tables):
    parts = [simulate(scenario_of(tables), households="monthly", counties=part).households for part in ([0, 2], [1])]
    assert bits(by_luck(pd.concat(parts))) == bits(by_luck(whole(tables).households))


# ---- no strength, no bit

OBSERVED = {"register": {"observation": "observed"}}
HARD = {"strength": 1.0}
BLIND = {"first_pass": 0.0, "reviewed": 0.0, "favour": 0.0, "assets": 0.0}


def lived(process, shock=()):
    tables = {**SHARED, "shock": [*SHARED["shock"], *shock]}
    return simulate(scenario_of(tables, process=process), households="monthly")


VANISHING = {
    "an error, favour and assets of nothing": ({**OBSERVED, "observation": BLIND}, []),
    "the parts of an observation that nobody makes": ({"observation": {"favour": 1.0, "first_pass": 1.0}}, []),
    "gaming where nobody is assessed": ({"register": {"gaming": 1.0, "gaming_from": 0.1}}, []),
    "gaming of nothing under full assessment": (
        {"register": {"gaming": 0.0}, "assessment": HARD}, [{"name": "p", "use": PRESSURE}],
    ),
    "gaming where delivery is perfect": (
        {"register": {"gaming": 1.0}, "assessment": HARD}, [{"name": "p", "use": PRESSURE, "quality": 1.0}],
    ),
    "gaming in a band of nothing": (
        {"register": {"gaming": 1.0, "gaming_from": 1.0}, "assessment": HARD}, [{"name": "p", "use": PRESSURE}],
    ),
    "delivery in which all take up and nothing leaks": (
        {"delivery": {"on": True, "take_up": 1.0, "take_up_trust": 0.0, "leakage": 0.0}}, [],
    ),
    "delivery that is off, whatever its settings": ({"delivery": {"take_up": 0.0, "leakage": 0.5}}, []),
}  # fmt: skip


@cache
def plain():
    return lived({})


@pytest.mark.parametrize(("process", "shock"), VANISHING.values(), ids=VANISHING)
def test_what_has_no_strength_changes_no_bit(process, shock):
    assert same_bits(lived(process, shock), plain())


FELT = {
    "the error of the first pass": {**OBSERVED, "observation": {**BLIND, "first_pass": 0.4}},
    "the error after review": {**OBSERVED, "observation": {**BLIND, "reviewed": 0.4}},
    "favour": {**OBSERVED, "observation": {**BLIND, "favour": 0.4}},
    "assets": {**OBSERVED, "observation": {**BLIND, "assets": 0.1}},
    "take-up": {"delivery": {"on": True, "leakage": 0.0}},
    "leakage": {"delivery": {"on": True, "take_up": 1.0, "take_up_trust": 0.0}},
    "stable exit": {"register": {"exit": "stable"}},
    "nominal exit": {"register": {"exit": "nominal"}},
    "gaming": {"register": {"gaming": 1.0, "gaming_from": 0.7}, "assessment": HARD},
}


@pytest.mark.parametrize("process", FELT.values(), ids=FELT)
def test_what_has_strength_is_felt(process):
    felt = "wealth" if "delivery" in process else "registered"
    assert bits(lived(process).households)[felt] != bits(plain().households)[felt]
