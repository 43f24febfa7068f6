"""The population that starts from a survey is the survey's; a survey that cannot be used leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fupin_sim.cli import main
from fupin_sim.draws import Draws
from fupin_sim.errors import BadInput
from fupin_sim.measures.inequality import gini as measured_gini
from fupin_sim.microdata import DESIGNS, gini, read_survey
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.population import build, normal_scores
from fupin_sim.scenario import Scenario
from fupin_sim.simulation import simulate
from fupin_sim.survey_report import moments_at_start, survey_report
from tests.survey_files import KINDS, MAPPING, households, mapping, scenario_text, write

LINE = 4_000.0


def scenario(folder: Path, more: str = "", frame: pd.DataFrame | None = None, kind: str = ".csv") -> Scenario:
    survey = write(households() if frame is None else frame, folder, kind)
    mapping(folder)
    (folder / "tiny.toml").write_text(scenario_text(survey, more), encoding="utf-8")
    return spec_of(folder / "tiny.toml")


def moved(one: Scenario, **settings: object) -> Scenario:
    return one.with_({f"population.{name}": value for name, value in settings.items()})


# ---- what the population is


def test_every_household_starts_with_the_welfare_size_and_schooling_that_the_survey_says(tmp_path: Path) -> None:
    survey = read_survey(write(households(), tmp_path, ".csv"), mapping(tmp_path))
    home = build(scenario(tmp_path), Draws(3)).households
    there = {int(key): row for row, key in enumerate(home["luck"])}
    rows = [there[int(key)] for key in survey.luck]
    assert home["members"][rows].tolist() == survey.members.tolist()
    assert home["schooling"][rows].tolist() == survey.values["schooling"].tolist()
    np.testing.assert_allclose(home["income12"][rows] / 100, survey.welfare * survey.members, atol=0.0051)


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_the_same_whatever_the_file(tmp_path: Path, kind: str) -> None:
    (tmp_path / "csv").mkdir()
    expected = simulate(scenario(tmp_path / "csv")).digest
    assert simulate(scenario(tmp_path, kind=kind)).digest == expected


def test_without_resampling_the_wanted_size_changes_nothing(tmp_path: Path) -> None:
    one = scenario(tmp_path)
    assert simulate(one).digest == simulate(moved(one, villages=7, households=9)).digest


@pytest.mark.parametrize("design", [design for design in DESIGNS if design != "none"])
def test_a_resampled_population_has_the_wanted_size_and_lives_its_year_with_balanced_books(
    tmp_path: Path, design: str
) -> None:
    one = moved(scenario(tmp_path), resample=design, villages=5, households=20)
    model = PovertyModel(one, check_books=True)
    assert len(model.world.households.luck) == 100
    model.live_until(one.start + 11)
    assert simulate(one).digest == simulate(one).digest
    assert simulate(one).digest != simulate(one, 4).digest


@pytest.mark.parametrize("design", [design for design in DESIGNS if design != "none"])
def test_some_counties_of_a_resampled_survey_have_the_bits_they_have_in_the_whole(tmp_path: Path, design: str) -> None:
    one = moved(scenario(tmp_path), resample=design, villages=6, households=20)
    whole, west = build(one, Draws(3)).households, build(one, Draws(3), [1]).households
    there = whole["county"] == 1
    assert 0 < there.sum() < len(there)
    for name, column in west.items():
        assert column.tolist() == whole[name][there].tolist(), name


@pytest.mark.parametrize("design", [design for design in DESIGNS if design != "none"])
def test_households_keep_all_they_are_born_with_when_the_population_is_enlarged(tmp_path: Path, design: str) -> None:
    one = moved(scenario(tmp_path), resample=design, villages=4, households=10)
    small = build(one, Draws(3)).households
    large = build(moved(one, villages=7, households=13), Draws(3)).households
    there = {int(key): row for row, key in enumerate(large["luck"])}
    rows = [there[int(key)] for key in small["luck"]]
    assert all(small[name].tolist() == large[name][rows].tolist() for name in small if name != "village")


def test_copies_of_a_household_start_alike_in_what_the_survey_knows_and_differ_in_what_is_drawn(tmp_path: Path) -> None:
    one = moved(
        scenario(tmp_path, frame=households(n=2, villages=1)), resample="households", villages=2, households=200
    )
    home = build(one, Draws(3)).households
    assert len(set(home["income12"].tolist())) == 2
    assert len(set(home["ability"].tolist())) > 100


def test_ranks_are_by_weight() -> None:
    values = np.array([30.0, 10, 20])
    assert normal_scores(values, np.ones(3)).round(3).tolist() == [0.967, -0.967, 0]
    assert normal_scores(values, np.array([2.0, 1, 1]))[1] == normal_scores(np.arange(4.0), np.ones(4))[0]
    assert np.isfinite(normal_scores(values, np.array([0.0, 0, 1]))).all()


def test_the_moments_are_those_of_the_measures(tmp_path: Path) -> None:
    one = scenario(tmp_path)
    model = PovertyModel(one)
    home = model.world.households
    found = moments_at_start(build(one, Draws(3)), LINE)
    members = home.members.astype(float)
    assert found["headcount"] == pytest.approx(members[home.income12 / 100 / members < LINE].sum() / members.sum())
    assert found["Gini of welfare"] == pytest.approx(measured_gini(home.income12, members), abs=0.2)
    assert gini(model.world.income_pc(), members) == pytest.approx(measured_gini(model.world.income_pc(), members))


# ---- what is reported


def test_the_report_names_the_survey_its_columns_the_design_and_the_moments(tmp_path: Path) -> None:
    one = moved(scenario(tmp_path), resample="villages", villages=3, households=7)
    text = survey_report(one)
    assert text.startswith("Made up\ntests\n\nvariable ")
    assert "resample = villages: villages with replacement by the weight of their households" in text
    assert "21 households in 3 villages" in text
    lines = [line.split() for line in text.splitlines()]
    same = {line[0]: line[1:3] for line in lines if line[:1] in (["headcount"], ["members"]) and len(line) < 8}
    assert set(same) == {"headcount", "members"}
    exact = survey_report(scenario(tmp_path)).splitlines()
    assert exact[-6].split()[0] == "headcount"


def test_weights_that_differ_and_are_not_used_are_told(tmp_path: Path) -> None:
    warning = "the weights differ, so this population is not the one they describe"
    assert warning in survey_report(scenario(tmp_path))
    assert warning not in survey_report(moved(scenario(tmp_path), resample="households"))
    assert warning not in survey_report(scenario(tmp_path, frame=households(w=[2.0] * 60)))


def test_counties_that_are_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"counties = \[9\]: this population has no county 9"):
        build(scenario(tmp_path), Draws(3), [9])


def test_without_a_survey_there_is_no_report() -> None:
    assert survey_report(spec_of(None)) == ""


# ---- what is refused


def test_only_a_survey_is_resampled() -> None:
    with pytest.raises(BadInput, match=r'\[population\] resample = "villages": only a survey is resampled'):
        simulate(sets={"population.resample": "villages"})


def test_a_survey_needs_both_files(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        simulate(sets={"population.source": "survey"})
    assert caught.value.mistakes == [
        '[population] survey: missing; source = "survey" needs it',
        '[population] mapping: missing; source = "survey" needs it',
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("defect", "said"),
    [
        ("missing column", 'the file has no column "size". Did you mean "sizes"?'),
        ("NaN", 'consumption (column "spent"): missing'),
        ("negative weight", 'weight (column "w"): below 0 in '),
        ("no weight", "weight: the weights add up to 0."),
        ("twins", 'household "h00001" stands in '),
        ("unit", "times the poverty line of 4,000 yuan per person-year; is its unit (yuan, per) right?"),
        ("damage", "damaged one"),
    ],
)
def test_bad_microdata_are_one_message_and_nothing_is_written(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    defect: str,
    said: str,
) -> None:
    if defect == "damage" and kind == ".csv":
        said = "not text"
    frame = households(n=20)
    spoilt = {
        "missing column": frame.rename(columns={"size": "sizes"}),
        "NaN": frame.assign(spent=frame.spent.where(frame.index != 4)),
        "negative weight": frame.assign(w=-frame.w),
        "no weight": frame.assign(w=0.0),
        "twins": frame.assign(id=frame.id.where(frame.index != 4, "h00001")),
        "unit": frame.assign(spent=frame.spent * 1000),
    }.get(defect, frame)
    survey = write(spoilt, tmp_path, kind)
    if defect == "damage":
        survey.write_bytes(b"\0\1\2" + survey.read_bytes()[3:-20])
    mapping(tmp_path)
    (tmp_path / "tiny.toml").write_text(scenario_text(survey), encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as left:
        main(["run", "tiny.toml", "--out", "out"])
    error = capsys.readouterr().err
    assert left.value.code == 2
    assert said in error
    assert f"mine{kind}, as mine.mapping.toml reads it" in error
    assert "nothing was run" in error
    assert "Traceback" not in error
    assert sorted(tmp_path.iterdir()) == before


def test_a_scenario_that_names_no_survey_file_is_refused_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "tiny.toml").write_text(scenario_text(tmp_path / "mine.dta"), encoding="utf-8")
    mapping(tmp_path, MAPPING)
    with pytest.raises(BadInput, match=r'survey = "mine\.dta": no such file'):
        spec_of(tmp_path / "tiny.toml")
