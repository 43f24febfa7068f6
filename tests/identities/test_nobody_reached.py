"""What reaches nobody, or has no strength, changes not one bit."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, reject, settings

from fupin_sim import month as the_month
from fupin_sim.measures.incomes import OPENED
from fupin_sim.model import PovertyModel
from fupin_sim.rates import RATES
from fupin_sim.simulation import simulate
from tests.identities.bits import SHARED, bits
from tests.strategies import scenario_of, tables

HERE = Path(__file__).parent
ADJUSTER, LISTENER = (f"{HERE / 'adjusters.py'}:{name}" for name in ("Adjuster", "Listener"))

SHORT = {**SHARED, "scenario": {**SHARED["scenario"], "years": 2}}
BARE = {**SHORT, "policy": [], "shock": []}


def seen(scenario, without=()):
    """The bits of the panel, and of every measure that is not of one policy by name or a source that brings nothing."""
    result = simulate(scenario, households="monthly")
    groups = result.series["group"]
    idle = groups.isin([f"source:{name}" for name in OPENED]) & (result.series["value"] == 0.0)
    series = result.series[~groups.str.startswith("policy:") & ~idle]
    return bits(result.households, without) | bits(series.reset_index(drop=True)) | bits(result.survival)


@cache
def bare():
    return seen(scenario_of(BARE))


@cache
def full():
    return seen(scenario_of(SHORT))


def differing(one, other):
    assert one.keys() == other.keys()
    return sorted(name for name in one if one[name] != other[name])


# ---- policies and shocks

REACHES_NOBODY = {
    "uniform cash of nothing": {"use": "uniform_cash", "level": 0.0, "in_burn_in": True},
    "uniform cash that has expired from the first": {"use": "uniform_cash", "expiry": 0},
    "uniform cash that begins after the end": {"use": "uniform_cash", "start": "2019-01"},
    "uniform cash that ended before the start": {"use": "uniform_cash", "end": "2015-12"},
    "uniform cash that ended within the burn-in": {"use": "uniform_cash", "end": "2015-09"},
    "uniform cash without money": {"use": "uniform_cash", "budget": 0.0},
    "uniform cash below half a fen": {"use": "uniform_cash", "level": 0.001},
    "targeted transfer of nothing": {"use": "targeted_transfer", "level": 0.0, "grace": 12, "taper": 3},
    "targeted transfer in the burn-in, when nobody is listed": {
        "use": "targeted_transfer", "in_burn_in": True, "end": "2015-12",
    },
    "dibao at level nothing": {"use": "dibao", "level": 0.0, "tied": 2_000.0, "in_burn_in": True},
    "dibao without money": {"use": "dibao", "level": 1.0, "budget": 0.0, "fund": "own"},
    "medical cover of what is covered anyhow": {
        "use": "medical_reimbursement", "registered": 0.5, "ordinary": 0.5, "stop_loss": "none", "grace": 3, "taper": 2,
    },
    "medical cover without money": {"use": "medical_reimbursement", "budget": 0.0},
    "medical cover that ended": {"use": "medical_reimbursement", "end": "2015-12"},
    "a stop-loss of nothing": {
        "use": "medical_reimbursement", "registered": 0.5, "stop_loss_share": 0.0, "stop_loss_for": "all",
    },
    "a stop-loss nobody reaches": {
        "use": "medical_reimbursement", "registered": 0.5, "stop_loss": 1e8, "stop_loss_for": "all",
    },
    "school aid of nothing": {"use": "school_aid", "level": 0.0, "whom": "all"},
    "school aid without money": {"use": "school_aid", "budget": 0.0, "whom": "all"},
    "school aid that has expired from the first": {"use": "school_aid", "expiry": 0, "whom": "all"},
    "pension of nothing": {"use": "pension", "level": 0.0},
    "pension from another time": {"use": "pension", "start": "2019-01"},
    "disaster relief of nothing": {"use": "disaster_relief", "level": 0.0, "assets": 0.0},
    "disaster relief without money": {"use": "disaster_relief", "budget": 0.0, "in_burn_in": True},
    "insurance without premium": {"use": "return_insurance", "budget": 0.0},
    "insurance that covers nothing": {"use": "return_insurance", "covers": 0.0, "deductible": 0.0},
    "insurance beyond every loss": {"use": "return_insurance", "deductible": 1e6},
    "microcredit of nothing": {"use": "microcredit", "most": 0.0, "whom": "all"},
    "microcredit nobody asks for": {"use": "microcredit", "uptake": 0.0, "whom": "all"},
    "microcredit in the burn-in, when nobody is listed": {"use": "microcredit", "in_burn_in": True, "end": "2015-12"},
    "public jobs without wage": {"use": "public_jobs", "wage": 0.0, "whom": "all"},
    "public jobs without posts": {"use": "public_jobs", "posts": 0.0, "whom": "all"},
    "public jobs without money": {"use": "public_jobs", "budget": 0.0, "whom": "all"},
    "job service that reaches nobody": {"use": "job_service", "reach": 0.0, "whom": "all"},
    "job service without money": {"use": "job_service", "reach": 1.0, "whom": "all", "budget": 0.0},
    "training that reaches nobody": {"use": "training", "reach": 0.0, "whom": "all"},
    "training without money": {"use": "training", "reach": 1.0, "whom": "all", "budget": 0.0},
    "coaching that reaches nobody": {"use": "aspiration_coaching", "reach": 0.0, "whom": "all"},
    "coaching without money": {"use": "aspiration_coaching", "reach": 1.0, "whom": "all", "budget": 0.0},
    "infrastructure of nothing": {"use": "village_infrastructure", "level": 0.0},
    "infrastructure in no village": {"use": "village_infrastructure", "reach": 0.0},
    "infrastructure without money": {"use": "village_infrastructure", "budget": 0.0},
    "industry support of nothing": {"use": "industry_support", "grant": 0.0, "whom": "all"},
    "industry support nobody takes up": {"use": "industry_support", "uptake": 0.0, "whom": "all"},
    "industry support without money": {"use": "industry_support", "budget": 0.0, "whom": "all", "uptake": 1.0},
    "industry support in the burn-in, when nobody is listed": {
        "use": "industry_support", "in_burn_in": True, "end": "2015-12",
    },
    "monitoring that can follow nothing up": {
        "use": "monitoring", "coverage": "sudden", "capacity": 0.0, "screening": 0.0, "in_burn_in": True,
    },
    "monitoring that nothing can find": {
        "use": "monitoring", "coverage": "sudden", "capacity": 1.0, "screening": 0.0, "self_report": 0.0,
        "by_trust": 0.0, "visits": 0.0, "matching": 0.0, "false_alarm": 0.0,
    },
    "monitoring without money": {"use": "monitoring", "coverage": "sudden", "capacity": 1.0, "budget": 0.0},
    "monitoring that ended": {"use": "monitoring", "coverage": "sudden", "end": "2015-12"},
    "monitoring of those who left the register, before anybody did": {
        "use": "monitoring", "coverage": "ex_poor", "capacity": 1.0, "in_burn_in": True, "end": "2016-11",
    },
    "post-support where nobody is monitored": {"use": "post_support"},
    "post-support of nothing": {"use": "post_support", "whom": "all", "capital": 0.0, "job": 0.0, "visiting": 0.0},
    "post-support without money": {"use": "post_support", "whom": "all", "budget": 0.0},
    "a stranger's policy that claims nothing": {"name": "listener", "use": LISTENER},
    "a stranger's policy that claims zeros": {"name": "listener", "use": LISTENER, "claims": "zeros"},
}  # fmt: skip
HARMLESS = {
    "that takes nothing": {"at": ["2016-06", "2017-01"], "loss": 0.0},
    "that takes nothing from some": {"at": ["2016-06"], "loss": 0.0, "counties": [1]},
    "at no date": {"loss": 0.5},
    "before the burn-in": {"at": ["2014-01"], "months": 12},
    "after the end": {"at": ["2019-01"]},
    "in a county that is not there": {"at": ["2016-06"], "counties": [77], "loss": 0.9},
}


# A service without effect costs money, which is spent in kind: households keep every bit, the accounts do not.
IN_VAIN = {
    "job service": {"use": "job_service", "finding": 0.0, "wish": 0.0},
    "training": {"use": "training", "technique": 0.0, "schooling": 0.0},
    "coaching": {"use": "aspiration_coaching", "visits": 0.0},
    "post-support": {"use": "post_support", "package": "job", "finding": 0.0, "visits": 0.0},
    "infrastructure": {"use": "village_infrastructure", "raises": 0.0, "nearer": 0.0, "level": 300.0},
    "projects": {"use": "industry_support", "output": 0.0, "time": 0.0, "crowding": 0.0, "search": 1.0, "uptake": 0.2},
    "dividends": {"use": "industry_support", "form": "dividend", "dividend": 0.0, "uptake": 0.2},
}


@pytest.mark.parametrize("entry", IN_VAIN.values(), ids=IN_VAIN)
def test_a_service_without_effect_is_felt_by_nobody(entry):
    reaching = {"reach": 1.0, "whom": "all"}
    if entry["use"] in ("village_infrastructure", "industry_support", "post_support"):
        reaching = {} if entry["use"] == "village_infrastructure" else {"whom": "all"}
    found = simulate(scenario_of(BARE, policy=[{**entry, **reaching}]), households="monthly")
    assert bits(found.households) == bits(simulate(scenario_of(BARE), households="monthly").households)
    assert found.headlines["spending"] > 1.0


@pytest.mark.parametrize("entry", REACHES_NOBODY.values(), ids=REACHES_NOBODY)
def test_a_policy_that_reaches_nobody(entry):
    assert differing(seen(scenario_of(BARE, policy=[entry])), bare()) == []


@pytest.mark.parametrize("entry", REACHES_NOBODY.values(), ids=REACHES_NOBODY)
def test_a_policy_that_reaches_nobody_beside_others(entry):
    policies = [*SHORT["policy"], {"name": "bystander", **entry}]
    assert differing(seen(scenario_of(SHORT, policy=policies)), full()) == []


@pytest.mark.parametrize(
    "entry",
    [
        {"at": ["2016-06"], "job_loss": 1.0},
        {"at": []},
        {"at": ["2014-01"], "wage": 0.1},
        {"at": ["2019-01"], "job_finding": 0.0, "wage": 0.0},
    ],
    ids=["without strength", "at no date", "before the burn-in", "after the end"],
)
def test_a_macro_shock(entry):
    assert differing(seen(scenario_of(BARE, shock=[{"use": "macro", **entry}])), bare()) == []


@pytest.mark.parametrize("entry", HARMLESS.values(), ids=HARMLESS)
def test_a_drought(entry):
    assert differing(seen(scenario_of(BARE, shock=[{"use": "drought", **entry}])), bare()) == []


def test_two_policies_that_reach_somebody_change_something():
    for entry in ({"use": "uniform_cash", "level": 1.0}, {"use": "dibao", "level": 1.2, "tied": 0.0}):
        assert "wealth" in differing(seen(scenario_of(BARE, policy=[entry])), bare())
    assert "wealth" in differing(seen(scenario_of(BARE, shock=[{"use": "drought", "at": ["2016-06"]}])), bare())


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(tables())
def test_a_policy_that_reaches_nobody_in_any_scenario(scenario):
    try:
        without = seen(scenario_of(scenario))
        nobody = {"name": "nobody", "use": "uniform_cash", "level": 0.0, "taper": 3, "expiry": 5, "fund": "common"}
        with_it = seen(scenario_of(scenario, policy=[*scenario["policy"], nobody]))
        assert differing(with_it, without) == []
    except OverflowError:
        reject()


# ---- rates


@pytest.mark.parametrize("for_each", [False, True], ids=["for all", "for each"])
@pytest.mark.parametrize("rate", RATES)
def test_a_rate_multiplied_by_one(rate, for_each):
    entry = {"name": "one", "use": ADJUSTER, "rate": rate, "for_each": for_each}
    assert differing(seen(scenario_of(SHORT, policy=[*SHORT["policy"], entry])), full()) == []


@pytest.mark.parametrize("factor", [0.0, 2.5])
@pytest.mark.parametrize("rate", RATES)
def test_a_rate_multiplied_for_each_is_a_rate_multiplied_for_all(rate, factor):
    entry = {"name": "twice", "use": ADJUSTER, "rate": rate, "factor": factor}
    for_all, for_each = (
        seen(scenario_of(BARE, policy=[{**entry, "for_each": for_each}])) for for_each in (False, True)
    )
    assert differing(for_all, for_each) == []
    assert differing(for_all, bare()) != []  # the rate is used


# ---- processes


def lived_without(name, monkeypatch):
    """Take a process out of the month."""
    month = tuple(
        replace(verb, processes=tuple(process for process in verb.processes if process != name))
        for verb in the_month.MONTH
    )
    assert month != the_month.MONTH
    monkeypatch.setattr(the_month, "MONTH", month)


NO_STRENGTH = {
    "illness": {"risk": 0.0, "renewal": 0.0},
    "disaster": {"probability": 0.0},
    "job_loss": {"risk": 0.0},
    "migration": {"finding": 0.0},
    "property_income": {"interest": 0.0},
    "growth": {"wage": 0.0, "business": 0.0, "transfers": 0.0},
    "wages": {"mean": 0.0},
    "bills": {},
}


@pytest.mark.parametrize("process", NO_STRENGTH)
def test_a_process_at_zero_is_a_month_without_it(process, monkeypatch):
    extra = {"illness": {"risk": 0.0}} if process == "bills" else {}  # without bills there is nothing to answer
    at_zero = scenario_of(SHORT, process={process: NO_STRENGTH[process], **extra})
    found, usual = seen(at_zero), full()
    lived_without(process, monkeypatch)
    # The same settings on both sides: what people own at the start hangs on what could be earned.
    assert differing(found, seen(at_zero)) == []
    if process != "bills":
        assert differing(found, usual) != []


def test_fees_of_zero_are_a_month_without_the_school_cycle(monkeypatch):
    free = {
        "family": {"on": False}, "schooling": {"fee_senior_high": 0.0, "fee_college": 0.0},
        "coping": {"leave_school": False},
    }  # fmt: skip
    cycle = ["school_phase", "pupils_senior", "pupils_college"]
    found = seen(scenario_of(SHARED, process=free), without=cycle)
    lived_without("schooling", monkeypatch)
    assert differing(found, seen(scenario_of(SHARED, process=free), without=cycle)) == []


def test_where_nobody_goes_on_at_15_there_might_be_no_schooling(monkeypatch):
    nobody = {"schooling": {"senior_high_from": 25.0, "readiness_spread": 0.01, "reversion": 0.0}}
    found = seen(scenario_of(SHARED, process=nobody))
    lived_without("schooling", monkeypatch)
    assert differing(found, seen(scenario_of(SHARED, process=nobody))) == []
    assert differing(found, full()) != []


def test_growth_switched_off_is_growth_at_zero_whatever_its_rates():
    off = seen(scenario_of(SHORT, process={"growth": {"on": False, "wage": 0.08}}))
    at_zero = seen(scenario_of(SHORT, process={"growth": {"wage": 0.0, "business": 0.0, "transfers": 0.0}}))
    assert differing(off, at_zero) == []
    assert differing(off, full()) != []


def test_growth_waits_for_the_end_of_the_burn_in():
    with_growth, without = (
        PovertyModel(scenario_of(SHORT, process={"growth": {"on": on}})).world.households.wealth.tobytes()
        for on in (True, False)
    )
    assert with_growth == without


IDLE = {
    "no illness": ({"illness": {"risk": 0.0}}, {"illness": {"log_severity": 1.0, "spread": 3.0, "permanent": 0.0}}),
    "no disaster": ({"disaster": {"probability": 0.0}}, {"disaster": {"yield_lost": 0.9, "households_hit": 0.9}}),
    "harmless disaster": (
        {"disaster": {"yield_lost": 0.0, "households_hit": 0.0}}, {"disaster": {"probability": 0.9, "month": 3}},
    ),
    "no jobs": ({"migration": {"finding": 0.0}}, {"migration": {"remoteness": 0.9}}),
    "no distress sale": ({"coping": {"sale_most": 0.0}}, {"coping": {"sale_discount": 0.5}}),
    "no bank": ({"coping": {"bank_limit": 0.0}}, {"repayment": {"bank_interest": 0.9}}),
}  # fmt: skip


@pytest.mark.parametrize(("quiet", "loud"), IDLE.values(), ids=IDLE)
def test_what_has_no_strength_leaves_what_hangs_on_it_idle(quiet, loud):
    """Two parameters of one mechanism: with the first at zero the second moves nothing, else it does."""
    both = {name: {**quiet.get(name, {}), **loud.get(name, {})} for name in {*quiet, *loud}}
    assert differing(seen(scenario_of(SHORT, process=both)), seen(scenario_of(SHORT, process=quiet))) == []
    assert differing(seen(scenario_of(SHORT, process=loud)), full()) != []


def test_a_place_and_a_year_without_difference_leave_business_at_exactly_one():
    flat = {"season": {"village_spread": 0.0, "own_spread": 0.0, "remoteness": 0.0}}
    people = {**SHORT["population"], "village_spread": 0.0}
    model = PovertyModel(scenario_of(SHORT, population=people, process=flat))
    assert (model.world.households.business_factor == 1.0).all()
    assert (model.world.of_village(np.exp(model.world.villages.advantage)) == 1.0).all()
