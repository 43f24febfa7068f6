"""The line: each rule does what it says, and what it does to the headcount is told apart exactly."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.dated import Series, month_number
from fupin_sim.line import Line, weighted_median
from fupin_sim.measures.line_change import split
from fupin_sim.model import PovertyModel
from fupin_sim.scenario import load
from fupin_sim.simulation import resume, simulate, snapshot
from tests.identities.bits import SHARED, bits, by_luck
from tests.strategies import scenario_of

START = month_number("2016-01")
PRICES = Series.of({"2016-01": 100.0, "2018-01": 125.0})
SHARES = st.floats(0, 1)
STEPPED = {"level": {"2015-01": 4_000.0, "2018-01": 6_000.0}}
STILL = {key: value for key, value in SHARED.items() if key != "line"}


def line(rule, level=4_000.0, **more):
    return Line("line", {"rule": rule, "level": level, **more})


@pytest.mark.parametrize(
    ("rule", "more", "by_date"),
    [
        ("constant", {}, {"2015-06": 4_000, "2016-01": 4_000, "2018-01": 3_200}),
        ("indexed", {}, {"2015-06": 4_000, "2016-01": 4_000, "2018-01": 4_000}),
        ("indexed", {"grows_by": 0.1}, {"2015-06": 4_000, "2016-12": 4_000, "2017-01": 4_400, "2018-06": 4_840}),
        ("stepped", {"level": Series.of({"2015": 3_000.0, "2017": 5_000.0})}, {"2015-06": 3_000, "2017-01": 5_000}),
        ("constant", {"level": Series.of({"2015": 3_000.0, "2017": 5_000.0})}, {"2015-06": 3_000, "2018-01": 2_400}),
        ("indexed", {"level": Series.of({"2015": 3_000.0, "2017": 5_000.0})}, {"2015-06": 3_000, "2018-01": 3_000}),
    ],
)
def test_a_rule_says_the_line_of_a_month(rule, more, by_date):
    found = [line(rule, **more).absolute(month_number(month), START, PRICES) for month in by_date]
    np.testing.assert_allclose(found, list(by_date.values()), rtol=1e-12)


def test_without_prices_a_constant_line_keeps_its_worth():
    assert line("constant").absolute(month_number("2019-01"), START, None) == 4_000.0


def test_a_nominal_line_falls_behind_between_its_steps():
    tables = {
        "prices": {"index": {"2016-01": 100.0, "2017-01": 110.0, "2018-01": 120.0}, "base": "2016-01"},
        "line": {"level": {"nominal": True, "2016-01": 3_000, "2018-01": 3_600}},
    }
    schedule = load(tables, BUILT_IN).section("line")["level"]
    lines = [schedule.at(month_number(month)) for month in ("2016-06", "2017-06", "2018-06")]
    np.testing.assert_allclose(lines, [3_000, 3_000 / 1.1, 3_000])


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 8)), min_size=1, max_size=30))
def test_the_median_is_that_of_the_persons(homes):
    values, members = (np.array(column, np.float64) for column in zip(*homes, strict=True))
    persons = np.sort(np.repeat(values, members.astype(int)))
    found = weighted_median(values, members.astype(np.int8), np.arange(len(values), dtype=np.uint64))
    assert found == persons[(len(persons) - 1) // 2]


@given(SHARES, SHARES, SHARES, SHARES)
def test_the_two_parts_of_a_change_add_up_to_it(old_old, old_new, new_old, new_new):
    parts = split(old_old, old_new, new_old, new_new)
    assert sum(parts) == pytest.approx(new_new - old_old, abs=1e-15)


@given(SHARES, SHARES)
def test_a_line_that_stands_still_has_no_part_and_incomes_that_do_have_none(old, new):
    assert split(old, old, new, new) == (0.0, new - old)
    assert split(old, new, old, new) == (new - old, 0.0)


@given(SHARES, SHARES, SHARES, SHARES)
def test_neither_year_is_the_base(a, b, c, d):
    """Told backwards, both parts change their sign and nothing else."""
    np.testing.assert_allclose(np.negative(split(a, b, c, d)), split(d, c, b, a), atol=1e-15)


@cache
def told(**line):
    scenario = scenario_of(STILL, line=dict(line))
    return simulate(scenario, households="yearly")


def values(result, measure):
    frame = result.series.query(f"measure == '{measure}'")
    return frame.pivot_table(index="month", columns="group", values="value", dropna=False)


def brute(panel, lines):
    """The parts of each year's change, from the households themselves."""
    found = {}
    for before, now in pairwise(sorted(panel["month"].unique())):
        old, new = (by_luck(panel[panel["month"] == month]) for month in (before, now))

        def poor(frame, line):
            income = frame["income12"] / frame["members"]
            return frame["members"][income < line].sum() / frame["members"].sum()

        at = [poor(frame, lines[month]) for frame in (old, new) for month in (before, now)]
        found[now] = split(*at)
    return found


def test_the_parts_are_those_that_the_households_show():
    run = simulate(scenario_of(STILL, line=STEPPED), households="yearly")
    parts = values(run, "headcount_change")
    for month, (line_part, real_part) in brute(
        run.households, {"2016-12": 4_000, "2017-12": 4_000, "2018-12": 6_000}
    ).items():
        assert parts.loc[month, "change:line"] == pytest.approx(line_part, abs=1e-12)
        assert parts.loc[month, "change:real"] == pytest.approx(real_part, abs=1e-12)
    assert parts.loc["2017-12", "change:line"] == 0.0
    assert parts.loc["2018-12", "change:line"] > 0.02


@pytest.mark.parametrize("rule", ["stepped", "constant", "indexed", "relative"])
def test_parts_add_up_to_the_change_of_the_headcount_by_every_rule(rule):
    run = simulate(scenario_of(STILL, line={**STEPPED, "rule": rule, "grows_by": 0.05}))
    parts = values(run, "headcount_change")
    headcount = run.series.query("measure == 'headcount'").set_index("month")["value"]
    np.testing.assert_allclose(parts["change:line"] + parts["change:real"], parts["change:all"], atol=1e-15)
    np.testing.assert_allclose(parts["change:all"][1:], headcount.diff()[1:], atol=1e-15)


def test_statistical_and_real_return_add_up_and_only_a_new_line_makes_the_first():
    still, moved = (simulate(scenario_of(STILL, line=line)) for line in ({"level": 4_000.0}, STEPPED))
    for run in (still, moved):
        parts = values(run, "return_by_cause").fillna(0).sum(axis=1)
        measured = run.series.query("measure == 'return_rate'").set_index("month")["value"].fillna(0)
        np.testing.assert_allclose(parts, measured, atol=1e-15)
    assert (values(still, "return_by_cause")["return:statistical"].dropna() == 0).all()
    assert values(moved, "return_by_cause").loc["2018-12", "return:statistical"] > 0


# ---- bits


def lived(**line):
    return simulate(scenario_of(STILL, line=line), households="monthly")


def test_rules_that_move_nothing_are_equal_bit_for_bit():
    plain = bits(lived(level=4_000.0).households)
    for rule in ("constant", "indexed"):
        assert bits(lived(level=4_000.0, rule=rule).households) == plain
    assert bits(lived(level=4_000.0, rule="indexed", grows_by=0.05).households) != plain
    assert bits(lived(level=4_000.0, rule="relative").households) != plain


def test_a_relative_line_is_of_the_county_set_in_january_and_kept():
    model = PovertyModel(scenario_of(STILL, line={"rule": "relative", "share": 0.5}))
    lines = []
    for _ in range(24):
        model.step()
        lines.append(model.world.counties.line.copy())
        assert (model.world.line == model.world.of_county(lines[-1])).all()
    lines = np.array(lines)
    assert (lines[:12] == lines[0]).all()
    assert (lines[12:] == lines[12]).all()
    assert (lines[0] != lines[12]).all()
    assert len(set(lines[0].tolist())) == 3


@pytest.mark.parametrize("month", ["2016-12", "2017-05"])
def test_a_relative_line_survives_a_stop(month):
    scenario = scenario_of(STILL, line={"rule": "relative", "share": 0.6})
    whole = simulate(scenario, households="monthly")
    resumed = resume(snapshot(scenario, month, households="monthly"), block=20)
    assert bits(resumed.households) == bits(whole.households)
    assert resumed.digest == whole.digest


def test_a_relative_line_is_the_same_in_a_county_alone():
    scenario = scenario_of(STILL, line={"rule": "relative", "share": 0.6})
    whole = by_luck(simulate(scenario, households="monthly").households.query("county == 1"))
    assert bits(by_luck(simulate(scenario, households="monthly", counties=[1]).households)) == bits(whole)
