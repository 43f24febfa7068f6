"""Missing cells of a survey are filled by the rule that the mapping states, and the report says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.draws import Draws
from fupin_sim.errors import BadInput
from fupin_sim.microdata import Survey, read_survey, report_text
from fupin_sim.microdata.imputation import by_regression, by_village_median, least_squares, picked, quantile
from tests.survey_files import MAPPING, households, mapping, write

NAN = np.nan


def read(folder: Path, frame: object, rules: str = "", seed: int = 0, text: str = MAPPING) -> Survey:
    return read_survey(
        write(frame, folder, ".csv"),  # type: ignore[arg-type]
        mapping(folder, f"{text}[missing]\n{rules}\n"),
        draws=Draws(seed),
    )


def by_household(survey: Survey, name: str) -> dict[str, float]:
    return dict(zip(survey.household.tolist(), survey.values[name].tolist(), strict=True))


# ---- arithmetic


def test_the_median_is_that_of_the_village_else_of_the_county_else_of_the_survey() -> None:
    village = np.array([0, 0, 0, 0, 1, 1, 2, 3])
    county = np.array([0, 0, 0, 0, 0, 0, 0, 1])
    values = np.array([4.0, 1.0, 2.0, NAN, 8.0, 6.0, NAN, NAN])
    # Village 0 has 1, 2, 4; village 2 nobody, its county 1, 2, 4, 6, 8; county 1 nobody.
    assert by_village_median(values, village, county).tolist() == [4, 1, 2, 2, 8, 6, 4, 4]


@given(
    rows=st.lists(
        st.tuples(st.floats(-1e3, 1e3), st.integers(0, 9), st.integers(0, 12), st.floats(0.1, 9)),
        min_size=4,
        max_size=30,
    )
)
def test_least_squares_are_those_of_lapack(rows: list[tuple[float, int, int, float]]) -> None:
    y, a, b, weight = np.array(rows, dtype=np.float64).T
    found = least_squares(y, [a, b], weight, [a, b])
    root = np.sqrt(weight)
    x = np.column_stack([np.ones(len(y)), a, b])
    expected = x @ np.linalg.lstsq(x * root[:, None], y * root, rcond=1e-9)[0]
    np.testing.assert_allclose(found, expected, atol=1e-6)


@given(st.lists(st.tuples(st.floats(-9, 9), st.integers(0, 3)), min_size=1), st.floats(1e-9, 1 - 1e-9))
def test_a_quantile_has_no_more_than_its_share_of_the_weight_below(rows: list[tuple[float, int]], u: float) -> None:
    values, weight = np.array(rows, dtype=np.float64).T
    if not weight.any():
        weight = weight + 1
    found = quantile(values, weight, np.array([u]))[0]
    assert found in values[weight > 0]
    assert weight[values < found].sum() <= u * weight.sum() * (1 + 1e-12)
    assert weight[values <= found].sum() >= u * weight.sum() * (1 - 1e-12)


def test_no_uniform_is_so_high_that_it_picks_nobody_or_somebody_without_weight() -> None:
    u = np.array([np.nextafter(0, 1), 0.5, np.nextafter(1, 0)])
    assert picked(np.array([0.0, 0.1, 0.0, 0.2, 0.0]), u).tolist() == [1, 3, 3]


def test_a_regression_on_what_explains_all_gives_the_very_value() -> None:
    members, schooling = np.repeat([1.0, 2, 3, 4], 3), np.tile([0.0, 6, 9], 4)
    log = 8 - 0.2 * members + 0.05 * schooling
    values = np.exp(log)
    values[[2, 7]] = NAN
    fill = by_regression(values, [members, schooling], np.ones(12, bool), np.ones(12), np.full(12, 0.5), logs=True)
    np.testing.assert_allclose(fill, np.exp(log), rtol=1e-12)


def test_a_regression_keeps_the_spread_that_it_does_not_explain() -> None:
    luck = np.random.default_rng(5)
    n = 20_000
    members = luck.integers(1, 7, n).astype(float)
    truth = np.exp(8 - 0.1 * members + luck.gumbel(0, 0.4, n))  # a shape that no assumption of normality gives
    gaps = luck.random(n) < 0.5
    values = np.where(gaps, NAN, truth)
    u = Draws(1).uniform("impute", 0, np.arange(n, dtype=np.uint64))
    filled = by_regression(values, [members], np.ones(n, bool), np.ones(n), u, logs=True)
    assert (filled[~gaps] == truth[~gaps]).all()
    found, expected = np.log(filled[gaps]), np.log(truth[gaps])
    assert found.mean() == pytest.approx(expected.mean(), abs=0.02)
    assert found.std() == pytest.approx(expected.std(), rel=0.03)
    assert np.mean((found - found.mean()) ** 3) / found.std() ** 3 > 0.8  # a normal residual would have no skew
    slope = np.polyfit(members[gaps], np.log(filled[gaps]), 1)[0]
    assert slope == pytest.approx(-0.1, abs=0.015)


def test_where_a_value_is_zero_or_negative_no_logarithms_are_taken() -> None:
    members = np.tile([1.0, 3.0], 10)
    values = 5 * members - 10
    values[3] = NAN
    fill = by_regression(values, [members], np.ones(20, bool), np.ones(20), np.full(20, 0.3), logs=True)
    assert fill[3] == pytest.approx(5)


def test_a_regression_on_a_handful_is_refused() -> None:
    values = np.array([1.0] * 9 + [NAN])
    with pytest.raises(ValueError, match="at least 10 households with all values; 9 have them"):
        by_regression(values, [np.ones(10)], np.ones(10, bool), np.ones(10), np.full(10, 0.5), logs=False)


# ---- surveys


def test_each_variable_has_its_own_rule_and_the_report_names_it(tmp_path: Path) -> None:
    frame = households()
    frame["size"] = frame["size"].astype(float)
    frame.loc[3, "edu"], frame.loc[[5, 6], "spent"], frame.loc[8, "size"], frame.loc[9, "sex"] = NAN, NAN, NAN, ""
    frame.loc[11, "w"] = NAN
    rules = (
        'weight = "drop"\nschooling = "village_median"\nconsumption = "regression"\nmembers = "village_median"\n'
        'head_female = "village_median"'
    )
    survey = read(tmp_path, frame, rules)
    assert (len(survey), survey.dropped) == (59, 1)
    assert {name: int(filled.sum()) for name, filled in survey.imputed.items()} == {
        "members": 1, "schooling": 1, "head_female": 1, "consumption": 2,
    }  # fmt: skip
    assert not any(np.isnan(values).any() for values in survey.values.values())
    assert all(not filled.flags.writeable for filled in survey.imputed.values())
    lines = {line.split("  ")[0]: line for line in report_text(survey).splitlines()}
    assert "left out" in lines["weight"]
    assert "village median" in lines["schooling"]
    assert "regression on members, schooling" in lines["consumption"]
    assert "left out for a missing cell: 1 rows" in lines
    assert "imputed cells: members 1, schooling 1, head_female 1, consumption 2" in lines
    same_village = frame[(frame.village == frame.village[3]) & frame.edu.notna() & frame.w.notna()]
    assert by_household(survey, "schooling")["h00003"] == same_village.edu.median()
    assert by_household(survey, "members")["h00008"] in range(1, 8)
    assert by_household(survey, "head_female")["h00009"] in (0, 1)


def test_what_was_observed_stays_as_it_was(tmp_path: Path) -> None:
    frame = households()
    whole = by_household(read(tmp_path, frame), "consumption")
    frame.loc[[5, 6], "spent"] = NAN
    filled = by_household(read(tmp_path, frame, 'consumption = "regression"'), "consumption")
    assert {id_ for id_ in whole if whole[id_] != filled[id_]} == {"h00005", "h00006"}


def test_residuals_hang_on_the_seed_and_on_the_household_alone(tmp_path: Path) -> None:
    frame = households()
    frame.loc[[5, 6, 7], "spent"] = NAN
    rules = 'consumption = "regression"'
    one, again, other = (by_household(read(tmp_path, frame, rules, seed), "consumption") for seed in (1, 1, 2))
    assert one == again
    assert all(one[id_] != other[id_] for id_ in ("h00005", "h00006", "h00007"))
    shuffled = by_household(read(tmp_path, frame.sample(frac=1, random_state=4), rules, 1), "consumption")
    assert shuffled == one


def test_money_per_household_is_filled_per_person(tmp_path: Path) -> None:
    frame = households(village=np.zeros(60, np.int64), county=["East"] * 60)
    frame.loc[5, "spent"] = NAN
    survey = read(tmp_path, frame, 'consumption = "village_median"')
    others = (frame.spent / frame["size"]).drop(5)
    assert by_household(survey, "consumption")["h00005"] == pytest.approx(others.median())


def test_schooling_is_regressed_on_members_alone_and_stays_within_its_limits(tmp_path: Path) -> None:
    frame = households()
    frame.loc[frame.index % 3 == 0, "edu"] = NAN
    survey = read(tmp_path, frame, 'schooling = "regression"')
    assert ((survey.values["schooling"] >= 0) & (survey.values["schooling"] <= 25)).all()
    assert "regression on members  " in report_text(survey)
    text = MAPPING.replace('schooling = "edu"\n', "")
    frame.loc[5, "spent"] = NAN
    assert "regression on members  " in report_text(read(tmp_path, frame, 'consumption = "regression"', text=text))


def test_values_that_were_filled_do_not_teach_the_regression(tmp_path: Path) -> None:
    """With schooling observed for nine households only, there are too few to learn expenditure from."""
    frame = households()
    frame.loc[9:, "edu"] = NAN
    frame.loc[2, "spent"] = NAN
    rules = 'schooling = "village_median"\nconsumption = "regression"'
    with pytest.raises(BadInput, match=r"\[missing\] consumption: a regression needs at least 10 .*; 8 have them\."):
        read(tmp_path, frame, rules)
