"""The command line: what it says to a mistake, and that a mistake costs nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fupin_sim
from fupin_sim import shipped
from fupin_sim.cli import app
from fupin_sim.errors import BadInput
from tests.command_line import COMMAND, TINY, CommandLine, files_in


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def test_version(fupin: CommandLine) -> None:
    assert fupin("--version").out == f"fupin-sim {fupin_sim.__version__}\n"


@pytest.mark.parametrize(
    "words",
    [
        "",
        "compare",
        "study",
        "replay",
        "show",
        "run",
        "check",
        "measure",
        "new",
        "schema",
        "show order",
        "show parameters",
        "show diff",
    ],
)
def test_help_fits_eighty_columns_and_cuts_no_sentence(fupin: CommandLine, words: str) -> None:
    said = fupin(*words.split(), "--help")
    assert said.code == 0
    assert said.out.startswith("Usage: ")
    assert max(map(len, said.out.splitlines())) <= 80
    assert "..." not in said.out.partition("\n")[2].replace("files...", "")


def test_help_says_the_exit_codes(fupin: CommandLine) -> None:
    assert "0 done, 1 a fault of the program, 2 bad input, 3 done but runs" in fupin("--help").out


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["rnu", "baseline"], "'run'"),
        (["show", "oder"], "'order'"),
        (["run", "baseline", "--replicate", "3"], "--replicates"),
        (["run", "baseline", "--household", "yearly"], "--households"),
    ],
)
def test_a_misspelt_command_or_option_is_answered_with_the_nearest(
    fupin: CommandLine, words: list[str], hint: str
) -> None:
    said = fupin(*words)
    assert said.code == 2
    assert hint in said.err
    assert said.out == ""


@pytest.mark.parametrize(
    ("words", "mistakes"),
    [
        (["--replicates", "0"], ["--replicates 0: must lie between 1 and 100,000"]),
        (["--seed", "-1"], ["--seed -1: must be at least 0"]),
        (["--workers", "0"], ['--workers 0: must be "auto" or a whole number between 1 and 1,024']),
        (["--workers", "many"], ['--workers many: must be "auto" or a whole number between 1 and 1,024']),
        (["--households", "yearly"], ["--households yearly: needs --out DIR, a folder to keep them in"]),
        (["--force"], ["--force: means nothing without --out DIR"]),
        (
            ["--replicates", "-2", "--seed", "-1"],
            ["--replicates -2: must lie between 1 and 100,000", "--seed -1: must be at least 0"],
        ),
    ],
)
def test_senseless_options_are_refused_together(fupin: CommandLine, words: list[str], mistakes: list[str]) -> None:
    said = fupin("run", "tiny.toml", *words)
    assert said.code == 2
    assert said.err == str(BadInput(mistakes, "fupin-sim run")) + "\n"


@pytest.mark.parametrize(
    ("words", "mistake"),
    [
        (["--set", "policy.dibao.levle=0.8"], "--set policy.dibao.levle: no such parameter. Did you mean"),
        (["--set", "policy.dibao.level=-1"], "--set policy.dibao.level = -1: must lie between 0.0 and 5.0"),
        (["--set", "nonsense"], "--set nonsense: must be path=value"),
        (["--set", "scenario.years=x"], '--set scenario.years = "x": must be a whole number'),
        (["--out", "tiny.toml"], "--out tiny.toml: is a file; a folder is needed"),
        (["--out", "tiny.toml/deeper"], "--out tiny.toml/deeper: cannot be"),
        (["--out", "full"], "--out full: is not empty and was not made by fupin-sim; give another folder, or --force"),
        (["--set", "population.counties=9"], "9: more than its 4 villages"),
    ],
)
def test_a_mistake_is_one_message_exit_code_2_and_nothing_written(
    fupin: CommandLine, folder: Path, words: list[str], mistake: str
) -> None:
    (folder / "full").mkdir()
    (folder / "full" / "thesis.txt").write_text("years of work", encoding="utf-8")
    before = files_in(folder)
    said = fupin("run", "tiny.toml", *([] if "--out" in words else ["--out", "new"]), *words)
    assert said.code == 2
    assert mistake in said.err
    assert said.err.endswith("1 mistake; nothing was run.\n")
    assert "Traceback" not in said.err
    assert said.out == ""
    assert files_in(folder) == before
    assert not (folder / "new").exists()


def test_several_values_set_wrongly_are_told_together(fupin: CommandLine) -> None:
    said = fupin("run", "tiny.toml", "--set", "policy.dibao.levle=1", "--set", "scenario.years=0")
    assert said.code == 2
    assert said.err.startswith("tiny.toml\n")
    assert said.err.endswith("2 mistakes; nothing was run.\n")


@pytest.mark.parametrize(
    ("scenario", "hint"), [("baselin", 'Did you mean "baseline"?'), ("tiny.tom", "no such file"), ("zz", "Shipped")]
)
def test_a_scenario_that_is_not_there_is_answered_with_the_nearest(
    fupin: CommandLine, scenario: str, hint: str
) -> None:
    for command in (
        ["run", scenario],
        ["check", scenario],
        ["show", "scenario", scenario],
        ["show", "order", scenario],
    ):
        said = fupin(*command)
        assert said.code == 2
        assert hint in said.err


def test_check_says_all_mistakes_of_all_files(fupin: CommandLine, folder: Path) -> None:
    (folder / "a.toml").write_text('[lines]\nlevel = 1\n[[policy]]\nuse = "dibaoo"\n', encoding="utf-8")
    (folder / "b.toml").write_text("[scenario]\nyears = 0\n", encoding="utf-8")
    said = fupin("check", "a.toml", "tiny.toml", "b.toml")
    assert said.code == 2
    assert said.out == "tiny.toml: right\n"
    for told in ('Did you mean "line"?', 'Did you mean "dibao"?', "2 mistakes; nothing was run.", "2 of 3 files"):
        assert told in said.err


def test_check_finds_what_only_the_population_shows(fupin: CommandLine) -> None:
    said = fupin("check", "tiny.toml", "--set", "population.counties=9")
    assert said.code == 2
    assert "more than its 4 villages" in said.err


def test_check_reads_studies_too(fupin: CommandLine, folder: Path) -> None:
    text = '[study]\nscenario = "tiny.toml"\n[sweep.vary]\n"process.illness.risk" = [0.1, 0.2]\n'
    (folder / "right.toml").write_text(text, encoding="utf-8")
    (folder / "wrong.toml").write_text(text.replace("risk", "rsk"), encoding="utf-8")
    said = fupin("check", "right.toml", "wrong.toml")
    assert said.code == 2
    assert said.out == "right.toml: right; a study of 1 arm, 2 points, 20 replicates at most: up to 40 runs\n"
    assert said.err.startswith("wrong.toml\n  [sweep.vary] process.illness.rsk: no such parameter. Did you mean")


def test_check_says_that_plugins_were_run(fupin: CommandLine) -> None:
    assert fupin("new", "shock", "strike_wave").code == 0
    said = fupin("check", "strike_wave.toml")
    assert said.out == "strike_wave.toml: right (plugins are code and were run: strike_wave.py)\n"


def test_all_shipped_scenarios_are_right(fupin: CommandLine) -> None:
    names = [name for name in shipped.names() if name != "vietnam"]
    assert len(names) >= 7
    assert fupin("check", *names).code == 0


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60) | st.sampled_from(["[policy]", "[[policy]]", "extends = 3", "[reform]\n a=", "\0"]))
def test_whatever_a_file_holds_there_is_no_traceback(fupin: CommandLine, folder: Path, text: str) -> None:
    (folder / "fuzz.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
    said = fupin("check", "fuzz.toml")
    assert said.code in (0, 2)
    assert "Traceback" not in said.err


def test_there_is_a_schema_of_study_files(fupin: CommandLine) -> None:
    assert '"title": "A study of fupin-sim"' in fupin("schema", "--study").out


def test_schema_is_json_that_knows_the_policies(fupin: CommandLine) -> None:
    said = fupin("schema")
    assert said.code == 0
    assert said.json["properties"]["population"]["properties"]["villages"]["type"] == "integer"
    assert "uniform_cash" in json.dumps(said.json["properties"]["policy"])


def test_a_fault_of_ours_is_said_to_be_ours(fupin: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(*_: object) -> str:
        raise RuntimeError("the moon is full")

    monkeypatch.setattr(app, "_tell", fault)
    said = fupin("show", "policies")
    assert said.code == 1
    assert "RuntimeError: the moon is full" in said.err
    assert "Please report it" in said.err


def test_what_the_terminal_cannot_show_is_no_fault() -> None:
    command = [str(COMMAND), "show", "policies"]
    done = subprocess.run(command, capture_output=True, env={"PYTHONIOENCODING": "ascii", "PATH": "/usr/bin:/bin"})
    assert done.returncode == 0, done.stderr
    assert b"uniform_cash" in done.stdout
