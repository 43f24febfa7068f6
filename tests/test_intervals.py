"""Student intervals over replicates: against scipy, and what is missing is counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.intervals import series_intervals, student, summarise
from fupin_sim.replicates import by_replicate
from tests.made_up import UNITS, MadeUpScenario, replicate

ordinary = st.floats(-1e6, 1e6)


@given(st.lists(ordinary, min_size=2, max_size=30), st.sampled_from([0.8, 0.95, 0.99]))
def test_the_interval_is_the_one_of_scipy_stats(values, level):
    from scipy import stats

    half = stats.t.ppf(0.5 + level / 2, len(values) - 1) * stats.sem(values)
    found = student(values, level)
    scale = max(1.0, np.abs(values).max())
    assert found.low == pytest.approx(np.mean(values) - half, abs=1e-9 * scale)
    assert found.high == pytest.approx(np.mean(values) + half, abs=1e-9 * scale)


@given(st.lists(ordinary, min_size=1, max_size=10), st.integers(1, 5))
def test_missing_values_change_the_count_and_nothing_else(values, gaps):
    without, with_gaps = student(values), student([*values, *[np.nan] * gaps])
    assert (int(with_gaps.n), int(with_gaps.missing)) == (len(values), gaps)
    for name in ("mean", "low", "high"):
        np.testing.assert_allclose(getattr(with_gaps, name), getattr(without, name), rtol=1e-12, atol=1e-9)


@given(st.lists(ordinary, min_size=3, max_size=12), st.randoms())
def test_the_order_of_replicates_does_not_matter(values, random):
    shuffled = random.sample(values, len(values))
    np.testing.assert_allclose(student(values).high, student(shuffled).high, rtol=1e-9, atol=1e-6)


def test_three_known_values():
    found = student([1.0, 2.0, 3.0])  # t(.975, 2) = 4.302653, sd/√n = .577350
    assert float(found.high) == pytest.approx(2 + 4.302653 * 0.577350, abs=1e-5)
    assert float(found.low) == pytest.approx(2 - 4.302653 * 0.577350, abs=1e-5)


def test_one_value_has_a_mean_and_no_interval():
    found = student([[5.0], [np.nan]])
    assert found.mean[0] == 5.0
    assert np.isnan(found.mean[1])
    assert np.isnan(found.low).all()
    assert np.isnan(found.high).all()
    assert found.n.tolist() == [1, 0]
    assert found.missing.tolist() == [0, 1]


def test_the_interval_covers_the_truth_95_times_in_100():
    draws = np.random.default_rng(3).normal(7, 2, (4000, 5))
    found = student(draws)
    assert np.mean((found.low < 7) & (found.high > 7)) == pytest.approx(0.95, abs=0.012)


def test_summarise_says_mean_interval_unit_count_and_missing():
    table = summarise([replicate(1), replicate(2), replicate(3, exits=False)], UNITS)
    assert list(table.columns) == ["measure", "unit", "mean", "low", "high", "n", "missing", "missing_months"]
    assert table["measure"].tolist() == ["headcount", "return_rate"]
    assert table["unit"].tolist() == ["share of persons", "share of exited households per year"]
    assert table.loc[0, "mean"] == pytest.approx(0.2)
    assert table.loc[0, "high"] == pytest.approx(0.2 + 4.302653 * 0.0577350, abs=1e-6)
    assert table[["n", "missing"]].to_numpy().tolist() == [[3, 0], [2, 1]]
    assert table["missing_months"].tolist() == [0, 3 + 3 + 5]  # burn-in and the first year; the third has no exits
    assert table.loc[1, "mean"] == pytest.approx(0.02)


def test_a_headline_that_only_some_replicates_have_is_missing_in_the_others():
    more = replace(replicate(2), headlines={"headcount": 0.2, "gini_income": 0.4})
    table = summarise([replicate(1), more]).set_index("measure")
    assert table.loc["gini_income", ["mean", "n", "missing"]].tolist() == [0.4, 1, 1]
    assert table.loc["return_rate", "missing"] == 1


@pytest.mark.parametrize("tell", [summarise, series_intervals])
def test_no_replicates_and_mixed_scenarios_are_refused(tell):
    with pytest.raises(ValueError, match="no replicates"):
        tell([])
    with pytest.raises(ValueError, match="different scenarios"):
        tell([replicate(1), replicate(2, scenario=MadeUpScenario(key="ab"))])


def test_series_intervals_month_by_month():
    table = series_intervals([replicate(1), replicate(3), replicate(2, missing=("2018",))])
    assert list(table.columns) == ["measure", "group", "month", "mean", "low", "high", "n", "missing"]
    row = table[(table["measure"] == "headcount") & (table["month"] == "2016-03")].iloc[0]
    assert row["mean"] == pytest.approx(0.12 - 0.002)
    assert row["high"] - row["mean"] == pytest.approx(4.302653 * 0.0057735, abs=1e-6)
    gap = table[(table["measure"] == "return_rate") & (table["month"] == "2018-12")].iloc[0]
    assert (gap["n"], gap["missing"]) == (2, 1)
    assert gap["mean"] == pytest.approx(0.02)


def test_series_keep_the_order_of_measures_and_sort_months():
    frame = pd.DataFrame(
        [("2016-02", "z", "", 2.0), ("2016-01", "a", "", 3.0), ("2016-01", "z", "", 1.0)],
        columns=["month", "measure", "group", "value"],
    )
    wide = by_replicate([frame, frame.iloc[:1]])
    assert wide.index.tolist() == [("z", "", "2016-01"), ("z", "", "2016-02"), ("a", "", "2016-01")]
    assert wide[0].tolist() == [1, 2, 3]
    assert wide[1].isna().tolist() == [True, False, True]


def test_two_values_for_one_month_are_refused():
    frame = pd.DataFrame({"month": ["2016-01"] * 2, "measure": ["a"] * 2, "group": [""] * 2, "value": [1.0, 2.0]})
    with pytest.raises(ValueError, match=r"two values for .*2016-01.* in replicate 1"):
        by_replicate([frame])


def test_a_headline_of_a_group_has_the_unit_of_its_measure():
    result = replace(replicate(1), headlines={"spending_by_policy policy:dibao": 5.0})
    assert summarise([result], UNITS)["unit"].tolist() == ["yuan per resident-year"]
