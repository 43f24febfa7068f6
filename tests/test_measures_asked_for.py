"""Measures that a scenario must name: they are not taken otherwise, change nothing, and are what the functions say."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.measures.notch import effective_marginal_tax_rate
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.sen import sen
from fupin_sim.measures.watts import watts
from fupin_sim.model import PovertyModel
from fupin_sim.scenario import load
from fupin_sim.simulation import simulate
from tests.strategies import scenario_of

ASKED = sorted(name for name, cls in BUILT_IN.measures.items() if not cls.by_default)
SMALL = {
    "scenario": {"start": "2016-01", "years": 2, "seed": 4}, "burn_in": {"months": 0},
    "population": {"counties": 1, "villages": 4, "households": 40},
    "policy": [{"use": "monitoring"}],
}  # fmt: skip


@pytest.fixture(scope="module")
def runs():
    plain = simulate(scenario_of(SMALL))
    return plain, simulate(scenario_of({**SMALL, "measures": {"use": list(BUILT_IN.measures)}}))


def test_what_must_be_asked_for_is_not_taken_unasked():
    names = {entry.name for entry in load({}, BUILT_IN).measures}
    assert names == set(BUILT_IN.measures) - set(ASKED)
    assert {"watts", "sen", "theil", "transitions", "multidimensional", "alarm_recall"} <= set(ASKED)


def test_taking_them_changes_no_other_number(runs):
    plain, asked = runs
    assert set(ASKED) <= set(asked.series["measure"])
    for name, value in plain.headlines.items():
        assert asked.headlines[name] == value or math.isnan(value)


def test_they_are_what_the_functions_say():
    model = PovertyModel(scenario_of(SMALL))
    model.live_until(model.spec.start + 11)
    world = model.world
    y, w = world.income_pc(), world.households.members.astype(float)
    take = {name: BUILT_IN.measures[name](name).take(world) for name in ASKED}
    floor = 0.05 * world.line
    assert take["watts"]["watts:index"] == watts(np.maximum(y, floor), world.line, w)
    assert take["watts"]["watts:lifted"] == w[y < floor].sum() / w.sum()
    assert take["sen"] == sen(np.maximum(y, 0), world.line, w)
    assert fgt(y, world.line, w, 1) <= take["sen_shorrocks_thon"] <= 2 * fgt(y, world.line, w, 1)
    for state in ("poor", "marginal", "safe"):
        shares = [take["transitions"][f"{state}>{other}"] for other in ("poor", "marginal", "safe")]
        assert sum(shares) == pytest.approx(1.0) or all(map(math.isnan, shares))
    mpi = take["multidimensional"]
    assert mpi["mpi:adjusted"] == pytest.approx(mpi["mpi:headcount"] * mpi["mpi:intensity"])
    assert sum(mpi[f"part:{name}"] for name in ("income", "health", "schooling", "food")) == pytest.approx(1.0)
    assert -1 <= take["rank_correlation"] <= 1 or math.isnan(take["rank_correlation"])


def test_recall_and_precision_are_those_of_the_alarms_of_all_months(runs):
    _, asked = runs
    rows = asked.series.set_index(["measure", "group", "month"])["value"]
    seen = 0
    for month in sorted(set(asked.series["month"])):
        true, false, missed = (
            rows[("alarms", f"policy:monitoring:{worth}", month)] for worth in ("true", "false", "missed")
        )
        for name, other in (("alarm_recall", missed), ("alarm_precision", false)):
            value = rows[(name, "", month)]
            assert value == pytest.approx(true / (true + other)) if true + other else math.isnan(value)
            seen += not math.isnan(value)
    assert seen > 0


def test_the_notch_of_dibao_is_one_where_it_tops_up_and_more_where_it_ends():
    """The rate by hand from the schedule of `along`, of those whom dibao pays."""
    model = PovertyModel(scenario_of({**SMALL, "policy": [{"use": "dibao", "level": 1.2, "observation": "exact"}]}))
    model.live_until(model.spec.start + 11)
    world, policy = model.world, model.world.policies["dibao"]
    n, gets = world.households.members.astype(float), world.paid["dibao"] > 0
    own = world.income_pc("net_of_relief") * n
    gets &= policy.gap(world) > 0
    assert gets.sum() > 3

    def benefit(total):
        gap = policy.level * world.line - total / n
        return np.where((gap > 0) & (world.paid["dibao"] > 0), gap * n + policy.tied, 0.0)

    paid = world.paid["dibao"] > 0
    rate = effective_marginal_tax_rate(own, own + 100 * n, own + benefit(own), own + 100 * n + benefit(own + 100 * n))
    found = BUILT_IN.measures["benefit_notch"]("benefit_notch").take(world)
    assert found["notch:rate"] == pytest.approx(np.average(rate[paid], weights=n[paid]))
    assert found["notch:poorer"] == pytest.approx(n[paid & (rate > 1 + 1e-9)].sum() / n[paid].sum())
    steep = BUILT_IN.measures["benefit_notch"]("benefit_notch", {"step": 2000.0}).take(world)
    assert steep["notch:poorer"] != found["notch:poorer"] or steep["notch:rate"] != found["notch:rate"]


def test_without_dibao_there_is_no_notch_to_speak_of():
    model = PovertyModel(scenario_of(SMALL))
    model.live_until(model.spec.start + 11)
    found = BUILT_IN.measures["benefit_notch"]("benefit_notch").take(model.world)
    assert all(map(math.isnan, found.values()))
