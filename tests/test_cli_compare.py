"""`compare`: the table says what the runs say, and the same command runs only what is missing."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from fupin_sim import simulation
from fupin_sim.cli import study_figures
from fupin_sim.cli.summary import value_of
from fupin_sim.paired import paired_interval
from fupin_sim.scenario import Scenario
from tests.command_line import TINY, CommandLine, files_in

CASH = 'extends = "tiny.toml"\n[[policy]]\nname = "cash"\nuse = "uniform_cash"\nlevel = 900\n'
QUICK = ("--replicates", "3", "--on", "serial", "--measure", "headcount", "--measure", "income")


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    (tmp_path / "cash.toml").write_text(CASH, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures take seconds, and have tests of their own."""
    monkeypatch.setattr(study_figures, "drawn", lambda *_: [])


def test_the_table_says_what_the_runs_say(fupin: CommandLine, folder: Path) -> None:
    said = fupin("compare", "tiny.toml", "cash.toml", *QUICK, "--out", "out")
    assert (said.code, said.out.splitlines()[-1]) == (0, "Exit code 0.")
    runs = pd.read_csv(folder / "out" / "tables" / "runs.csv").pivot(index="replicate", columns="arm")
    for measure in ("headcount", "income"):
        found = paired_interval(runs[measure]["cash"], runs[measure]["tiny"])
        told = value_of({"mean": found.mean, "low": found.low, "high": found.high})
        assert (f"+{told}" if found.mean > 0 else told) in said.out
    assert "3 replicates; 6 runs were lived now and 0 were there." in said.out
    assert "Pairing saved about this many times the runs:" in said.out
    assert max(map(len, said.out.splitlines())) <= 80
    assert files_in(folder / "out") >= {
        "study.toml", "resolved.toml", "provenance.json", "runs.sqlite", "tables/effects.csv", "tables/levels.csv",
        "tables/best.csv", "figures/effects.png", "figures/over_time.pdf",
    }  # fmt: skip
    provenance = json.loads((folder / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert (provenance["status"], provenance["replicates"]) == ("most", 3)
    assert "tables/effects.csv" in provenance["outputs"]


@pytest.mark.usefixtures("undrawn")
def test_the_same_command_runs_only_what_is_missing(fupin: CommandLine, folder: Path) -> None:
    first = fupin("compare", "tiny.toml", "cash.toml", *QUICK, "-q")
    again = fupin("compare", "tiny.toml", "cash.toml", *QUICK, "-q")
    assert first.out.replace("6 runs were lived now and 0", "0 runs were lived now and 6") == again.out
    (made,) = (folder / "studies").iterdir()
    assert made.name.startswith("tiny-cash-")
    assert fupin("compare", "tiny.toml", "cash.toml", *QUICK, "-q", "--seed", "9").code == 0
    assert len(list((folder / "studies").iterdir())) == 2, "other luck is another study"


def events(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


@pytest.mark.usefixtures("undrawn")
def test_events_and_result_are_lines_of_json(fupin: CommandLine) -> None:
    said = fupin("compare", "tiny.toml", "cash.toml", *QUICK, "--json", "--quiet", "--out", "out")
    told = events(said.out)
    assert [event["event"] for event in told] == ["plan", "round", *["run"] * 6, "look", "result"]
    assert (told[0]["runs_most"], told[0]["there"], told[0]["workers"]) == (6, 0, 1)
    assert {event["status"] for event in told[2:8]} == {"ok"}
    result = told[-1]
    assert (result["exit_code"], result["replicates"], result["ran"], said.err) == (0, 3, 6, "")
    assert 0.2 < told[0]["seconds_most"] / result["seconds"] < 5, "the plan is of the right size on a busy machine too"
    (effect,) = [row for row in result["effects"] if row["measure"] == "income"]
    assert (effect["arm"], effect["against"], effect["n"]) == ("cash", "tiny", 3)
    assert effect["low"] < effect["mean"] < effect["high"]


def test_a_dry_run_says_what_would_be_run_and_writes_nothing(fupin: CommandLine, folder: Path) -> None:
    before = files_in(folder)
    said = fupin("compare", "tiny.toml", "cash.toml", "--dry-run", "--until", "headcount=0.05", "--replicates", "30")
    assert said.code == 0
    assert "2 arms (tiny, cash), 20 to 30 replicates on shared luck" in said.out
    assert "Stops when precise enough: headcount ± 0.05 in every comparison." in said.out
    assert "At most 60 runs, about " in said.out
    assert "First look after 40 runs" in said.out
    assert files_in(folder) == before


@pytest.mark.usefixtures("undrawn")
def test_one_value_that_is_missing_leaves_no_interval_of_its_arm(
    fupin: CommandLine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived, seen = simulation.simulate, []

    def lacking(scenario: Scenario, seed: int, **options: Any) -> simulation.Result:
        result = lived(scenario, seed, **options)
        seen.append(len(scenario.policies))
        if len(seen) == 4:  # the second replicate of the arm with cash
            return replace(result, headlines={**result.headlines, "income": math.nan})
        return result

    with monkeypatch.context() as patch:
        patch.setattr(simulation, "simulate", lacking)
        said = fupin("compare", "tiny.toml", "cash.toml", *QUICK, "-q", "--workers", "1", "--out", "out")
    assert (said.code, seen) == (3, [1, 2] * 3)
    assert "No interval, because runs failed: cash (1 of 3).\n  again: fupin-sim study retry-failed out" in said.out
    assert "Failed: cash, replicate 1: no value for income" in said.out
    shown = [line.split() for line in said.out.splitlines()[3:] if "±" in line]
    assert [(words[0], words.count("±")) for words in shown] == [("tiny", 1), ("tiny", 1)], "levels of the other arm"
    assert not (folder / "out" / "tables" / "effects.csv").exists()
    told = events(fupin("study", "status", "out", "--json").out)[0]
    assert (told["ok"], told["failed"]) == (5, 1)
    again = fupin("study", "retry-failed", "out", "--on", "serial", "-q", "--workers", "1")
    assert (again.code, again.out.count("±") > 6) == (0, True)


@pytest.mark.usefixtures("undrawn")
def test_households_are_followed_when_asked(fupin: CommandLine, folder: Path) -> None:
    said = fupin("compare", "tiny.toml", "cash.toml", *QUICK, "--households", "--out", "out", "-q")
    assert "cash beside tiny, of 120 households: " in said.out
    counted = pd.read_csv(folder / "out" / "tables" / "saved_and_harmed.csv").set_index("what")["mean"]
    assert counted["households"] == 120
    assert 0 < counted["saved"] < 120
    assert counted["saved"] > counted["harmed"], "cash on top of everything"
    groups = pd.read_csv(folder / "out" / "tables" / "saved_and_harmed_by_group.csv", dtype={"group": str})
    assert set(groups["by"]) == {"decile", "cause", "county", "village"}
    for name in ("households", "saved", "harmed", "averted", "caused", "cost", "cost_discounted"):
        for _, mine in groups[groups["what"] == name].groupby("by"):
            assert mine["mean"].sum() == pytest.approx(counted[name])

    said = fupin("export", "out", "csv", "--out", "tables")
    assert "counterfactuals.csv" in said.out
    table = pd.read_csv(folder / "tables" / "counterfactuals.csv")
    assert len(table) == 3 * 120
    assert table.groupby("replicate")["outcome"].apply(lambda each: (each == "saved").sum()).mean() == counted["saved"]
    assert table["cost"].sum() / 3 == pytest.approx(counted["cost"])
    book = pd.read_csv(folder / "tables" / "codebook.csv")
    told = book[book["file"] == "counterfactuals.csv"].set_index("column")
    assert list(told.index) == list(table)
    assert told["description"].notna().all()


def test_saved_and_harmed_are_drawn_when_households_are_followed(fupin: CommandLine, folder: Path) -> None:
    assert fupin("compare", "tiny.toml", "cash.toml", *QUICK, "--households", "--out", "out", "-q").code == 0
    there = {file.name for file in (folder / "out" / "figures").glob("saved_and_harmed_*.png")}
    assert there == {f"saved_and_harmed_cash_beside_tiny_by_{by}.png" for by in ("decile", "cause")}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("tiny.toml",), "needs at least two scenarios; the first is the baseline"),
        (("tiny.toml", "baselin"), 'Did you mean "baseline"?'),
        (("tiny.toml", "cash.toml", "--measure", "headcont"), 'Did you mean "headcount"?'),
        (("tiny.toml", "cash.toml", "--until", "headcount"), "write a measure and a half-width"),
        (("tiny.toml", "cash.toml", "--set", "policy.dibao.levle=1"), "Did you mean policy.dibao.level?"),
        (("tiny.toml", "cash.toml", "--max-runs", "10"), "at most 10 are wanted (--max-runs)"),
        (("tiny.toml", "cash.toml", "--budget", "3x"), "write a time such as 90s, 20min, 2h or 1h30m"),
        (("tiny.toml", "cash.toml", "--budget", "0runs"), "write a number of runs such as 5000runs"),
        (("tiny.toml", "cash.toml", "--on", "mars"), "allowed are serial, local, dask:ADDRESS, slurm:PROFILE"),
        (("tiny.toml", "cash.toml", "--workers", "0"), 'must be "auto" or a whole number between 1 and 1,024'),
        (("tiny.toml", "tiny.toml"), "tiny"),
    ],
)
def test_bad_input_is_said_before_anything_starts(
    fupin: CommandLine, folder: Path, words: tuple[str, ...], said: str
) -> None:
    found = fupin("compare", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert "nothing was run" in found.err
    assert not (folder / "studies").exists()


def test_a_folder_that_cannot_be_made_is_bad_input(fupin: CommandLine, folder: Path) -> None:
    (folder / "file").write_text("")
    found = fupin("compare", "tiny.toml", "cash.toml", *QUICK, "--out", "file")
    assert found.code == 2
    assert "Traceback" not in found.err
