"""A survey becomes a population of the wanted size by a stated design, and nobody's luck hangs on that size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fupin_sim.draws import Draws, luck_key
from fupin_sim.microdata import DESIGNS, Sample, Survey, moments, read_survey, resampled
from tests.portability.children import digests
from tests.survey_files import MAPPING, households, mapping, write

DRAWN = [design for design in DESIGNS if design != "none"]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    folder = tmp_path_factory.mktemp("survey")
    frame = households(n=200, villages=9)
    frame.loc[frame.village == 4, "w"] = 0.0
    frame.loc[[3, 30], "w"] = 0.0
    return read_survey(write(frame, folder, ".csv"), mapping(folder))


def who(survey: Survey, sample: Sample) -> dict[int, str]:
    """The code of the household behind each luck key."""
    return dict(zip(sample.luck.tolist(), survey.household[sample.rows].tolist(), strict=True))


def village_of_row(sample: Sample) -> np.ndarray:
    return np.repeat(sample.village, sample.size)


def test_without_resampling_everybody_is_there_once_whatever_the_wanted_size(survey: Survey) -> None:
    sample = resampled(survey, "none", 3, 2, Draws(1))
    assert sample.rows.tolist() == list(range(200))
    assert sample.luck.tolist() == survey.luck.tolist()
    assert village_of_row(sample).tolist() == survey.village.tolist()


@pytest.mark.parametrize("design", DESIGNS)
def test_rows_stand_in_their_own_village_and_villages_county_by_county(survey: Survey, design: str) -> None:
    sample = resampled(survey, design, 12, 30, Draws(1))
    assert (survey.village[sample.rows] == village_of_row(sample)).all()
    assert (np.diff(survey.county_of_village[sample.village]) >= 0).all()
    assert len(set(sample.luck.tolist())) == len(sample.luck)
    assert len(set(sample.village_luck.tolist())) == len(sample.village_luck)
    assert len(sample.rows) == (200 if design == "none" else 360)
    assert sample.size.min() >= 1


def test_two_stages_give_villages_of_one_size_and_one_stage_the_villages_of_the_survey(survey: Survey) -> None:
    two = resampled(survey, "villages", 12, 30, Draws(1))
    assert two.size.tolist() == [30] * 12
    assert len(np.unique(two.village)) < 12  # with replacement: some stand twice, as villages of their own
    one = resampled(survey, "households", 12, 30, Draws(1))
    assert one.village.tolist() == [0, 1, 3, 4, 5, 6, 7, 8]  # the third of East has no weight
    assert one.village_luck.tolist() == survey.village_luck[one.village].tolist()


@settings(max_examples=25)
@given(
    design=st.sampled_from(DRAWN),
    small=st.tuples(st.integers(1, 12), st.integers(1, 25)),
    more=st.tuples(st.integers(0, 8), st.integers(0, 25)),
    seed=st.integers(0, 9),
)
def test_a_larger_population_has_all_households_of_a_smaller_one(
    survey: Survey, design: str, small: tuple[int, int], more: tuple[int, int], seed: int
) -> None:
    few = resampled(survey, design, *small, Draws(seed))
    many = resampled(survey, design, small[0] + more[0], small[1] + more[1], Draws(seed))
    assert who(survey, few).items() <= who(survey, many).items()
    assert set(few.village_luck.tolist()) <= set(many.village_luck.tolist())


def test_the_luck_of_a_copy_is_that_of_household_and_copy_number(survey: Survey) -> None:
    sample = resampled(survey, "households", 10, 100, Draws(1))
    code, count = np.unique(survey.household[sample.rows], return_counts=True)
    expected = {int(luck_key(str(c), k)) for c, n in zip(code, count, strict=True) for k in range(n)}
    assert set(sample.luck.tolist()) == expected


@pytest.mark.parametrize("design", DRAWN)
def test_households_come_as_often_as_their_weight_says(survey: Survey, design: str) -> None:
    """The mean over seeds of how often each comes is its share of the weight, within five standard errors."""
    villages, size, seeds = 12, 20, 120
    n = villages * size
    counts = np.array(
        [
            np.bincount(resampled(survey, design, villages, size, Draws(seed)).rows, minlength=len(survey))
            for seed in range(seeds)
        ]
    )
    expected = n * survey.weight / survey.weight.sum()
    error = np.maximum(counts.std(axis=0), np.sqrt(expected)) / np.sqrt(seeds)
    assert (np.abs(counts.mean(axis=0) - expected) <= 5 * error).all()
    assert (counts[:, survey.weight == 0] == 0).all()


@pytest.mark.parametrize("design", DRAWN)
def test_an_unweighted_run_of_the_sample_has_the_weighted_moments_of_the_survey(survey: Survey, design: str) -> None:
    found = []
    for seed in range(8):
        rows = resampled(survey, design, 100, 60, Draws(seed)).rows
        values = survey.welfare[rows], survey.members[rows], survey.values["schooling"][rows], survey.village[rows]
        found.append(list(moments(*values, np.ones(len(rows)), 4000).values()))
    expected = np.array(list(survey.moments(4000).values()))
    spread = np.std(found, axis=0, ddof=1)
    assert (np.abs(np.mean(found, axis=0) - expected) < 5 * spread / np.sqrt(8) + 1e-9).all()
    assert (spread < 0.15 * expected).all()
    plain = moments(
        survey.welfare, survey.members, survey.values["schooling"], survey.village, np.ones(len(survey)), 4000
    )
    assert abs(plain["mean welfare"] - expected[1]) > 0.04 * expected[1]  # the weights matter, so the test can fail


def test_another_seed_draws_other_households_and_the_same_seed_the_same(survey: Survey) -> None:
    for design in DRAWN:
        one, again, other = (resampled(survey, design, 5, 20, Draws(seed)) for seed in (1, 1, 2))
        assert one.rows.tolist() == again.rows.tolist()
        assert one.luck.tolist() == again.luck.tolist()
        assert who(survey, one) != who(survey, other)


def test_a_village_code_that_repeats_between_counties_is_two_villages_with_two_lucks(tmp_path: Path) -> None:
    frame = households(n=40, villages=4)
    frame["village"] = frame["village"] // 2  # 0 and 1, in both counties
    survey = read_survey(write(frame, tmp_path, ".csv"), mapping(tmp_path))
    assert survey.village_names == ("0", "1", "0", "1")
    assert survey.village_identity.tolist() == ["East/0", "East/1", "West/0", "West/1"]
    assert len(set(survey.village_luck.tolist())) == 4


def test_survey_and_sample_have_the_same_bits_on_every_processor(tmp_path: Path) -> None:
    frame = households(n=300, villages=9)
    frame.loc[frame.index % 4 == 0, "spent"] = np.nan
    frame.loc[frame.index % 5 == 0, "edu"] = np.nan
    data = write(frame, tmp_path, ".csv")
    said = mapping(tmp_path, MAPPING + '[missing]\nschooling = "regression"\nconsumption = "regression"\n')
    snippet = f"""
from fupin_sim.draws import Draws
from fupin_sim.microdata import read_survey, resampled
survey = read_survey({str(data)!r}, {str(said)!r}, draws=Draws(4))
samples = [resampled(survey, design, 20, 30, Draws(4)) for design in ("villages", "households")]
result = dict(survey.values), survey.luck, [(sample.rows, sample.luck, sample.village_luck) for sample in samples]
"""
    assert len(set(digests(snippet).values())) == 1
