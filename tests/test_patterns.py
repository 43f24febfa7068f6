"""Patterns held out of calibration: what is computed, on panels made by hand with answers known beforehand."""

from __future__ import annotations

import ast
import math
from pathlib import Path

import numpy as np
import pytest

import fupin_sim
from fupin_sim.patterns import BAR, NO_CAMPAIGN, PATTERNS, Part, asset_transfer, duration, health, leaving, macro_shock
from fupin_sim.patterns import transient as transient_poverty
from fupin_sim.patterns import village_investment as investment
from fupin_sim.patterns.years import Years, lived, with_policies
from fupin_sim.simulation import simulate
from fupin_sim.validation.work import distinct_runs

TINY = {"population.counties": 1, "population.villages": 3, "population.households": 20, "burn_in.months": 0}


def states(*rows: str) -> np.ndarray:
    """Poor where there is a p, a row a household, a column a December."""
    return np.array([[letter == "p" for letter in row] for row in rows])


# ---- what must be hit


def test_the_ranges_are_those_that_were_fixed_before_the_first_run():
    inf = math.inf
    assert {p.key: [(part.low, part.high, part.strict) for part in p.parts] for p in PATTERNS} == {
        "P2": [(0.29, 0.45, False), (0.04, 0.13, False)], "P3": [(0.10, 0.20, False)] * 2,
        "P4": [(1.3, inf, False)] * 2, "P5": [(0.35, 0.65, False)], "P6": [(1.0, 1.7, False)],
        "P7": [(0.0, inf, True), (-inf, 0.03, True)], "P8": [(0.0, inf, True), (0.8, inf, False)],
        "P9": [(-inf, 1 / 3, True)], "P10": [(-0.045, -0.015, False)],
    }  # fmt: skip
    assert BAR == 7


def test_nothing_that_fits_parameters_knows_the_patterns():
    folder = Path(fupin_sim.__file__).parent
    for file in ("targets.py", "calibrate.py"):
        tree = ast.parse((folder / file).read_text(encoding="utf-8"))
        names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not any("patterns" in (name or "") or "validation" in (name or "") for name in names), file


@pytest.mark.parametrize(
    ("part", "found", "hit"),
    [
        (Part("x", "", 0.1, 0.2), 0.1, True), (Part("x", "", 0.1, 0.2), 0.2, True),
        (Part("x", "", 0.1, 0.2), 0.2000001, False), (Part("x", "", low=0.0, strict=True), 0.0, False),
        (Part("x", "", low=0.0, strict=True), 1e-9, True), (Part("x", "", 0.1, 0.2), math.nan, False),
    ],
)  # fmt: skip
def test_a_part_is_hit_within_its_range_and_never_without_a_number(part, found, hit):
    assert part.hit(found) is hit


def test_one_part_missed_is_a_pattern_missed():
    p2 = next(pattern for pattern in PATTERNS if pattern.key == "P2")
    assert p2.hit({"leave in year 1": 0.372, "leave in year 5": 0.086})
    assert not p2.hit({"leave in year 1": 0.372, "leave in year 5": 0.2})
    assert not p2.hit({"leave in year 1": 0.5, "leave in year 5": 0.086})


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.key)
def test_a_pattern_says_where_it_is_from_and_how_it_is_computed(pattern):
    assert all((pattern.source, pattern.setting, pattern.how, pattern.observed, pattern.parts))


# ---- P2, P3


def test_spells_under_way_at_the_first_december_are_set_apart():
    """Of four spells whose beginning is seen, two end after a year; of the three left, none of length 5 ends early."""
    poor = states("opoooooo", "opoooooo", "opppppoo", "oppppppp", "pooooooo")
    found = leaving.hazards_of_leaving(poor)
    assert found["leave in year 1"] == 2 / 4
    assert found["leave in year 5"] == 1 / 2
    assert found["leave in the first year seen, spells under way"] == 1.0
    assert found["leaving hazard 2"] == 0.0


def test_without_anybody_at_risk_a_hazard_is_missing():
    found = leaving.hazards_of_leaving(states("oooo", "pppp"))
    assert math.isnan(found["leave in year 1"])
    assert math.isnan(found["leave in year 5"])


def test_who_left_is_followed_for_as_many_years_as_are_asked_and_not_judged_early():
    poor = states("pooopoo", "pooooop", "ooooooo", "ppppppo")
    assert leaving.first_exit(poor).tolist() == [1, 1, -1, 6]
    found = leaving.back_within(poor)
    assert (found["back within 3 years"], found["back within 5 years"]) == (1 / 2, 1.0)


def test_return_by_the_register_begins_at_the_exit_from_it():
    exited = np.array([[0, 0, 1, 1, 1, 1, 1, 1], [0, 1, 1, 1, 1, 1, 1, 1], [0] * 8], bool)
    poor = states("poopoooo", "ppoooooo", "pppppppp")
    found = leaving.of_the_register(exited, poor)
    assert found["back within 3 years, off the register"] == 1.0  # the second was poor at the exit itself
    assert found["back within 5 years, off the register"] == 1.0


# ---- P4


def test_the_hazard_to_fall_back_in_year_2_over_that_in_year_5():
    poor = states(*["poopoooo"] * 2, *["poooooop"] * 1, *["pooooooo"] * 5)
    found = duration.dependence(poor)
    assert found["re-entry hazard 2"] == 2 / 10  # the two that fell back leave poverty once more
    assert found["re-entry hazard 5"] == 0.0
    assert math.isnan(found["year 2 over year 5"])
    poor = states(*["poopoooo"] * 2, *["pooooopp"] * 1, *["pooooooo"] * 5)
    assert duration.dependence(poor)["year 2 over year 5"] == pytest.approx((2 / 10) / (1 / 6))


# ---- P5


def test_poverty_that_lasts_is_not_transient_and_poverty_of_a_year_is():
    line, one = 10.0, np.ones(1)
    assert transient_poverty.transient_share(np.array([[5.0, 5.0, 5.0]]), line, one) == 0.0
    assert transient_poverty.transient_share(np.array([[5.0, 20.0, 20.0]]), line, one) == 1.0
    half = np.array([[8.0, 4.0]])  # (.04 + .36)/2 = .2 in all; at the mean of 6, .16 lasts
    assert transient_poverty.transient_share(half, line, one) == pytest.approx(0.2)


# ---- P6


def test_fifths_are_of_persons():
    welfare, people = np.array([1.0, 2.0, 3.0, 4.0]), np.array([4.0, 4.0, 1.0, 1.0])
    assert health.fifths(welfare, people).tolist() == [0, 2, 4, 4]


def test_shares_by_fifth():
    fifth = np.repeat(np.arange(5), 4)
    struck = np.arange(20) % 4 < np.repeat([2, 1, 0, 0, 1], 4)
    assert health.by_fifth(struck, fifth) == [0.5, 0.25, 0.0, 0.0, 0.25]
    assert math.isnan(health.by_fifth(struck[:4], fifth[:4])[4])


def test_ruinous_spending_is_counted_as_the_measure_counts_it():
    from fupin_sim.model import PovertyModel

    model = PovertyModel("no_support", seed=3, **{**TINY, "scenario.years": 1})
    model.live_until(model.spec.start + 11)
    measured = model.recorder.latest["catastrophic_spending"]
    assert health.ruined(model.world).mean() == measured
    assert 0 < measured < 1


# ---- P7


def test_halves_are_of_each_village():
    income = np.array([1.0, 2.0, 3.0, 4.0, 100.0, 200.0])
    assert investment.top_half(income, np.array([0, 0, 0, 0, 1, 1])).tolist() == [False, False, True, True, False, True]
    assert investment.gained(np.array([11.0, 22.0]), np.array([10.0, 20.0])) == pytest.approx(0.1)


# ---- P8, P9


def panel(consumption):
    many = np.asarray(consumption, dtype=float)
    flags, number = np.ones(many.shape, bool), np.zeros(many.shape, np.int64)
    return Years(many, many, many, many, flags, flags, flags, flags, number)


def test_effects_are_of_those_who_got_it_three_and_seven_years_after():
    without, given = np.full((3, 8), 100.0), np.full((3, 8), 100.0)
    given[0, 3], given[1, 3], given[0, 7], given[2, :] = 120.0, 110.0, 106.0, 900.0
    found = asset_transfer.effects(panel(given), panel(without), np.array([True, True, False]))
    assert found["consumption year 3"] == pytest.approx(0.15)
    assert found["consumption year 7"] == pytest.approx(0.03)


def test_what_was_no_gain_cannot_last():
    assert math.isnan(asset_transfer.over(0.1, 0.0))
    assert asset_transfer.over(-0.1, 0.2) == -0.5


def test_the_asset_is_given_once_to_all_who_can_work_and_stays():
    scenario = with_policies("no_support", [asset_transfer.ASSET, asset_transfer.TAUGHT])
    short = {**TINY, "scenario.years": 4, "measures.use": ["income_by_source", "spending_by_policy"]}
    series = simulate(scenario, 1, sets=short).series.set_index(["month", "group"])["value"]
    assert series["2016-12", "source:project"] == 0.0
    assert series["2019-12", "source:project"] > 0.0
    spent = [series.get((f"{year}-12", "policy:asset"), 0.0) for year in range(2016, 2020)]
    assert spent[1] > 0
    assert [spent[0], *spent[2:]] == [0, 0, 0]


# ---- P10


def test_the_quarter_is_held_against_that_of_a_year_before():
    months = range(2019 * 12, 2021 * 12)
    calm = dict.fromkeys(months, 100.0)
    shocked = dict.fromkeys(months, 100.0)
    for month in range(2020 * 12 + 1, 2020 * 12 + 4):
        shocked[month] = 70.0
    found = macro_shock.changes(shocked, calm)
    assert found["quarter on a year before"] == pytest.approx(-0.2)
    assert found["three months on a year before"] == pytest.approx(-0.3)
    assert found["year against no shock"] == pytest.approx(-0.075)


def test_incomes_by_month_add_up_to_the_yearly_measure():
    """Of unchanging families, for the yearly measure counts persons of December."""
    small = {**TINY, "process.family.on": False}
    found = macro_shock.incomes("baseline", 5, small)
    series = simulate("baseline", 5, sets={**small, "scenario.years": 5}).series
    of_2019 = series[(series["measure"] == "income") & (series["month"] == "2019-12")]["value"].iloc[0]
    assert sum(found[2019 * 12 + i] for i in range(12)) == pytest.approx(of_2019, rel=1e-9)


# ---- the runs


def test_a_panel_is_laid_out_by_household_and_december():
    seen = lived("baseline", 2, {**TINY, **NO_CAMPAIGN}, 3)
    frame = simulate("baseline", 2, sets={**TINY, **NO_CAMPAIGN, "scenario.years": 3}, households="yearly").households
    assert seen.income.shape == (60, 3)
    one = frame[frame["luck"] == frame["luck"].iloc[7]]
    assert seen.income[7].tolist() == one["income12"].tolist()
    assert seen.poor[7].tolist() == one["poor"].tolist()
    assert (seen.village[:, 0] == np.repeat([0, 1, 2], 20)).all()
    assert seen.spending_pc[7, 1] == pytest.approx(
        (one["consumption_of_year"] + one["bills12"]).iloc[1] / one["members"].iloc[1]
    )


@pytest.mark.parametrize("key", list(distinct_runs()))
def test_a_run_finds_every_number_that_its_patterns_name(key):
    run = distinct_runs()[key].run
    found = run(7, TINY)
    for pattern in PATTERNS:
        if pattern.run is run:
            assert {part.value for part in pattern.parts} | set(pattern.also) <= set(found)
    assert run is not None
    assert all(isinstance(value, float) for value in found.values())
