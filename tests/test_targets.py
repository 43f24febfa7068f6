"""Targets: what is read off a run, what counts as a hit, and how parameters are moved towards them."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.calibrate import STEPS, Lever, distances, fit, levers, steps_of
from fupin_sim.errors import BadInput
from fupin_sim.targets import (
    CHECK_SEEDS,
    FIT_SEEDS,
    MONITORED,
    PARTS,
    TARGETS,
    Target,
    Watch,
    judged,
    measured,
    targets_of,
    watch,
)  # fmt: skip

TINY = {"population.counties": 1, "population.villages": 3, "population.households": 20, "burn_in.months": 0}


def test_what_was_fitted_is_checked_on_other_luck():
    assert not set(FIT_SEEDS) & set(CHECK_SEEDS)
    assert len(CHECK_SEEDS) == len(set(CHECK_SEEDS)) == 8


def test_a_target_is_hit_up_to_its_tolerance_and_a_miss_is_called_a_miss():
    targets = [Target("a", 1.0, 0.5, "unit", "source", lambda w: 0.0), Target("b", 1.0, 0.5, "", "", lambda w: 0.0)]
    table = judged([{"a": 1.25, "b": 2.0}, {"a": 1.75, "b": 3.0}], targets).set_index("moment")
    assert table["simulated"].to_dict() == {"a": 1.5, "b": 2.5}
    assert table["verdict"].to_dict() == {"a": "hit", "b": "miss"}
    assert table.loc["a", "low"] < 1.25 < 1.75 < table.loc["a", "high"]


def test_a_missing_number_is_left_out_and_counted():
    table = judged([{"a": np.nan}, {"a": 2.0}], [Target("a", 2.0, 0.1, "", "", lambda w: 0.0)])
    assert (table["n"].iloc[0], table["simulated"].iloc[0], table["verdict"].iloc[0]) == (1, 2.0, "hit")


def test_a_run_gives_every_target_and_what_it_saw_adds_up():
    seen = watch(3, TINY)
    assert set(seen.year) == set(PARTS)
    assert sum(seen.causes.values()) > 0
    assert 0 <= seen.illness_share() <= 1
    assert (seen.year["medical"] <= 0).all()
    assert seen.mean("income", [2018, 2019]) == pytest.approx(
        (seen.series["income", ""][2018] + seen.series["income", ""][2019]) / 2
    )
    found = measured(3, TINY)
    assert list(found) == [target.name for target in TARGETS]
    assert found["mean income 2019"] == seen.series["income", ""][2019]
    assert found["village share of log-income variance 2019"] == seen.village_share


class Seen:
    """A world with two Decembers, as far as causes are looked for."""

    def __init__(self, income):
        self.line, self.income = 100.0, np.array(income)

    def income_pc(self, notion):
        assert notion == "net_of_bills"
        return self.income


def test_the_cause_of_a_fall_is_the_part_that_fell_most():
    seen = Watch()
    seen.year = {name: np.zeros(3) for name in PARTS}
    seen.year |= {"wage": np.array([200.0, 200, 0]), "medical": np.array([0.0, 0, 0])}
    seen._name_causes(Seen([150, 150, 50]))
    seen.year_before = seen.year
    seen.year = {name: np.zeros(3) for name in PARTS}
    seen.year |= {"wage": np.array([190.0, 20, 0]), "medical": np.array([-120.0, -30, -500])}
    seen._name_causes(Seen([70, 10, 20]))
    assert {name: times for name, times in seen.causes.items() if times} == {"medical": 1, "wage": 1}
    assert seen.illness_share() == 0.5


# ---- calibrate


def test_levers_begin_in_their_plausible_range_and_can_step():
    for lever in levers(STEPS):
        assert lever.low <= lever.start <= lever.high, lever.path
        assert 0 < lever.step < lever.high - lever.low, lever.path


def linear(at):
    x, y = at["x"], at["y"]
    return np.array([x - 3.0, 2 * (y - 1.0), 0.1 * (x + y - 4.0)])


def test_a_fit_finds_the_best_point():
    told = []
    best = fit([Lever("p.q.x", 0.5, 0.0, -9.0, 9.0), Lever("p.q.y", 0.5, 4.0, -9.0, 9.0)], linear_of(), 12, told.append)
    assert best == pytest.approx({"p.q.x": 3.0, "p.q.y": 1.0}, abs=0.05)


def linear_of():
    return lambda tried: [linear({path.rsplit(".", 1)[-1]: at for path, at in one.items()}) for one in tried]


def test_a_fit_stays_within_the_ranges_and_says_what_it_does():
    told = []
    moving = [Lever("p.q.x", 0.5, 0.0, -1.0, 1.0), Lever("p.q.y", 0.5, 4.0, 2.0, 9.0)]
    best = fit(moving, linear_of(), 12, told.append)
    assert best == pytest.approx({"p.q.x": 1.0, "p.q.y": 2.0}, abs=1e-6)
    assert told
    assert all(line.startswith("round ") for line in told)
    sums = [float(line.partition("squares ")[2].partition(";")[0]) for line in told]
    assert sums == sorted(sums, reverse=True)


def test_a_fit_that_cannot_be_bettered_stops():
    told = []
    fit([Lever("p.q.x", 0.5, 1.0, 0.0, 2.0)], lambda tried: [np.array([1.0])] * len(tried), 50, told.append)
    assert len(told) == 1


def test_distances_are_in_tolerances():
    found, tolerances = measured(2, TINY), np.array([target.tolerance for target in TARGETS])
    wanted = (np.array(list(found.values())) - np.array([t.value for t in TARGETS])) / tolerances
    np.testing.assert_allclose(distances([TINY], [2])[0], wanted)


def test_monitored_households_are_a_target_and_a_lever_where_somebody_monitors():
    assert targets_of("baseline") == TARGETS
    assert targets_of("campaign") == (*TARGETS, MONITORED)
    assert "policy.monitoring.capacity" not in steps_of("baseline")
    assert "policy.monitoring.capacity" in steps_of("campaign")
    found = measured(3, TINY, "campaign")
    assert list(found) == [target.name for target in targets_of("campaign")]
    assert 0 < found[MONITORED.name] < 1


def test_distances_are_the_same_on_two_workers_and_of_each_of_the_settings_in_order():
    tried = [TINY, {**TINY, "policy.universal.level": 3_000.0}]
    alone, together = distances(tried, [2, 3]), distances(tried, [2, 3], workers=2)
    np.testing.assert_array_equal(alone, together)
    assert alone[1][0] > alone[0][0]  # mean income


def test_a_run_that_fails_stops_the_fit_with_its_seed():
    with pytest.raises(BadInput, match=r"seed 2: .*levle"):
        distances([{**TINY, "policy.universal.levle": 1.0}], [2])
