"""A policy of a new user's own: one file beside the scenario, begun with `fupin-sim new`."""

from __future__ import annotations

import doctest
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from fupin_sim.cli import new
from fupin_sim.simulation import simulate
from tests.command_line import CommandLine, files_in

SMALL = ["--set", "population.villages=4", "--set", "scenario.years=2", "--replicates", "1", "--workers", "1"]


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def meals(fupin: CommandLine, folder: Path) -> Path:
    """The scenario of a policy called school_meals."""
    assert fupin("new", "policy", "school_meals").code == 0
    return folder / "school_meals.toml"


def test_a_new_policy_is_a_file_a_scenario_and_a_test(meals: Path, folder: Path) -> None:
    assert files_in(folder) == {"school_meals.py", "school_meals.toml", "test_school_meals.py"}
    assert "class SchoolMeals(Instrument):" in (folder / "school_meals.py").read_text(encoding="utf-8")
    assert simulate(meals, sets=["population.villages=4", "scenario.years=2"]).headlines["spending"] > 0


def test_it_runs_and_stands_in_the_month(fupin: CommandLine, meals: Path) -> None:
    assert "policy school_meals: So much per person and year" in fupin("show", "order", meals).out
    said = fupin("run", meals, *SMALL)
    assert said.code == 0
    assert re.search(r"^ *school_meals +\d", said.out, re.MULTILINE), "what it cost"


@pytest.mark.parametrize(
    ("before", "after", "mistake"),
    [
        (
            "reach = 1.5",
            "raech = 1.5",
            '[[policy]] school_meals: no option called "raech". Did you mean "reach"?  Options: ',
        ),
        (
            "level = 600",
            "level = -600",
            "[[policy]] school_meals.level = -600: must be at least 0 (yuan per person-year)",
        ),
        ("grace = 12", "grace = true", "[[policy]] school_meals.grace = true: must be a whole number"),
        ('"school_meals.py"', '"school_meal.py"', 'no such file. Did you mean "school_meals.py"?'),
    ],
)
def test_a_wrong_option_is_answered_with_the_nearest_spelling(
    fupin: CommandLine, meals: Path, before: str, after: str, mistake: str
) -> None:
    text = meals.read_text(encoding="utf-8")
    assert before in text
    meals.write_text(text.replace(before, after), encoding="utf-8")
    for command in (["run", meals, "--out", "out"], ["check", meals]):
        said = fupin(*command)
        assert said.code == 2
        assert mistake in said.err
        assert said.err.endswith("1 mistake; nothing was run.\n")
    assert not Path("out").exists()


def test_a_policy_that_does_not_load_is_refused_with_its_line(fupin: CommandLine, meals: Path) -> None:
    file = meals.with_suffix(".py")
    file.write_text("import numpyy\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    said = fupin("check", meals)
    assert said.code == 2
    assert "does not load: " in said.err
    assert "(line " in said.err


@pytest.mark.parametrize("kind", ["scenario", "policy", "shock"])
def test_the_template_and_its_test_pass_as_they_are(fupin: CommandLine, folder: Path, kind: str) -> None:
    assert fupin("new", kind, "my_own").code == 0
    assert fupin("check", "my_own.toml").code == 0
    tests = [test for name, test in runpy.run_path("test_my_own.py").items() if name.startswith("test_")]
    assert len(tests) >= 2
    for test in tests:
        test()


def test_the_example_in_the_template_says_what_is_so(meals: Path) -> None:
    module = runpy.run_path(str(meals.with_suffix(".py")))
    (example,) = doctest.DocTestFinder().find(module["month_of"], "month_of", module=False, globs=module)
    assert doctest.DocTestRunner().run(example) == (0, 1)


@pytest.mark.parametrize("kind", ["policy", "shock"])
def test_the_template_is_tidy(fupin: CommandLine, folder: Path, kind: str) -> None:
    assert fupin("new", kind, "my_own").code == 0
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,UP,B", "--line-length", "120", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_nothing_is_ever_written_over(fupin: CommandLine, meals: Path, folder: Path) -> None:
    meals.unlink()
    mine = folder / "school_meals.py"
    mine.write_text("# a year of work\n", encoding="utf-8")
    said = fupin("new", "policy", "school_meals")
    assert said.code == 2
    assert "school_meals.py: is there already" in said.err
    assert "2 mistakes" in said.err
    assert mine.read_text(encoding="utf-8") == "# a year of work\n"
    assert not meals.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("School-Meals", 'Did you mean "school_meals"?'),
        ("3meals", "begins with a letter"),
        ("class", "is a word of Python"),
        ("random", "a Python module has this name"),
        ("../meals", 'Did you mean "meals"?'),
    ],
)
def test_a_name_that_cannot_be_one_is_refused(fupin: CommandLine, folder: Path, name: str, said: str) -> None:
    done = fupin("new", "policy", name)
    assert done.code == 2
    assert said in done.err
    assert files_in(folder) == set()


def test_a_folder_that_is_none_is_refused_and_another_is_taken(fupin: CommandLine, folder: Path) -> None:
    assert "--in nowhere: is no folder" in fupin("new", "scenario", "reform", "--in", "nowhere").err
    (folder / "here").mkdir()
    assert "fupin-sim run here/reform.toml" in fupin("new", "scenario", "reform", "--in", "here").out
    assert files_in(folder) == {"here/reform.toml", "here/test_reform.py"}


def test_a_folder_that_cannot_be_written_is_one_clear_mistake(
    fupin: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(new, "write_text", refuse)
    said = fupin("new", "shock", "hail")
    assert said.code == 2
    assert "hail.py: cannot be written (Permission denied)" in said.err
