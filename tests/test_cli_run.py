"""`run`: the table, the folder, what fails, what is resumed."""

from __future__ import annotations

import errno
import json
import math
import os
import shlex
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from fupin_sim import figures
from fupin_sim.cli import estimate as estimates
from fupin_sim.cli import plan, summary
from fupin_sim.cli.estimate import Estimate, estimate, seconds_for
from fupin_sim.columns import columns_of
from fupin_sim.executors import capacity
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.output import RunFolder
from fupin_sim.simulation import simulate
from tests.command_line import TINY, CommandLine, files_in

FRAGILE = '''
from fupin_sim.dated import month_number
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Policy
class Fragile(Policy):
    """Breaks under one luck."""
    seeds = Parameter((), kind="list[int]")
    since = Parameter("2017-03")
    def adjust(self, world):
        if world.draws.seed in self.seeds and world.clock.month >= month_number(self.since):
            raise ZeroDivisionError("nothing to share among")
'''
GREEDY = '''
from fupin_sim.plugins import Policy
class Greedy(Policy):
    """Fills purses without the ledger."""
    def adjust(self, world): world.households.wealth += 100.0
'''


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures take seconds, and have tests of their own."""
    monkeypatch.setattr(figures, "draw_all", lambda results, folder: [])


@pytest.fixture
def fragile(folder: Path) -> str:
    """A scenario whose second replicate fails in its second year."""
    (folder / "fragile.py").write_text(FRAGILE, encoding="utf-8")
    (folder / "frail.toml").write_text(TINY + '[[policy]]\nuse = "fragile.py"\nseeds = [6]\n', encoding="utf-8")
    return "frail.toml"


def test_without_out_the_table_is_printed_and_nothing_written(fupin: CommandLine, folder: Path) -> None:
    before = files_in(folder)
    said = fupin("run", "tiny.toml", "--replicates", "3", "--workers", "1")
    assert said.code == 0
    assert said.out.startswith("Tiny\n")
    assert "± half the 95 % Student interval over 3 replicates." in said.out
    assert said.out.endswith("Nothing was written; --out DIR keeps tables, figures and every replicate.\n")
    assert max(map(len, said.out.splitlines())) <= 80
    assert files_in(folder) == before


def test_before_and_during_the_user_hears_what_it_costs_and_how_far_it_is(fupin: CommandLine) -> None:
    err = fupin("run", "tiny.toml", "--replicates", "2", "--workers", "1").err.splitlines()
    assert err[:2] == ["Tiny", "2016-01 to 2017-12, after 12 months of burn-in"]
    assert err[2].startswith("120 households of ")
    assert err[3].startswith("2 runs on 1 worker: about ")
    assert err[-1] == "2 of 2 runs"


def test_quiet_is_quiet_about_all_but_the_result(fupin: CommandLine) -> None:
    said = fupin("run", "tiny.toml", "--replicates", "1", "--quiet")
    assert (said.code, said.err) == (0, "")
    assert "One replicate: no interval." in said.out
    assert "±" not in said.out


def test_json_holds_the_numbers_of_python(fupin: CommandLine) -> None:
    told = fupin("run", "tiny.toml", "--replicates", "2", "--json", "--seed", "8", "--workers", "1").json
    runs = [simulate("tiny.toml", seed) for seed in (8, 9)]
    assert [(run["seed"], run["digest"]) for run in told["finished"]] == [(r.seed, r.digest) for r in runs]
    headcount = next(row for row in told["summary"] if row["measure"] == "headcount")
    assert headcount["mean"] == pytest.approx(np.mean([run.headlines["headcount"] for run in runs]))
    assert (headcount["n"], headcount["unit"]) == (2, "share of persons")
    assert (told["exit_code"], told["stopped"], told["failed"], told["out"]) == (0, False, [], None)


def test_a_folder_holds_everything(fupin: CommandLine, folder: Path) -> None:
    said = fupin("run", "tiny.toml", "--replicates", "2", "--out", "results/a", "--households", "yearly", "-q")
    assert said.code == 0
    assert said.out.endswith("Results in results/a: summary.csv, series.parquet, codebook.md, figures/, …\n")
    out = folder / "results" / "a"
    assert files_in(out) >= {
        "series.parquet", "series.csv", "summary.csv", "survival.csv", "headlines.csv", "codebook.csv",
        "resolved.toml", "provenance.json", "replicates/0001.parquet", "households/0002.parquet",
        *(f"figures/{name}.{ending}" for name in figures.FIGURES for ending in ("png", "pdf")),
    }  # fmt: skip
    provenance = json.loads((out / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["status"] == "finished"
    assert provenance["command"] == [
        "fupin-sim", "run", "tiny.toml", "--replicates", "2", "--households", "yearly", "--out", "results/a",
    ]  # fmt: skip
    assert "figures/spending.pdf" in provenance["outputs"]
    assert spec_of(out / "resolved.toml").key == spec_of("tiny.toml").key
    book = pd.read_csv(out / "codebook.csv", keep_default_na=False)
    described = book[book["file"] == "households/*.parquet"].set_index("column")["description"]
    assert {"capital", "wealth", "poor", "month", "run"} <= set(described.index)
    assert (described != "").all()


@pytest.mark.usefixtures("undrawn")
def test_the_same_command_runs_only_what_is_missing(fupin: CommandLine, folder: Path) -> None:
    command = ["run", "tiny.toml", "--out", "out", "--workers", "1", "--json", "--replicates"]
    first = fupin(*command, "2")
    kept = folder / "out" / "replicates" / "0001.parquet"
    written = kept.stat().st_mtime_ns
    more = fupin(*command, "3")
    assert "2 of 3 runs are there already." in more.err
    assert "1 run on 1 worker" in more.err
    assert kept.stat().st_mtime_ns == written
    assert more.json["finished"][:2] == first.json["finished"]
    again = fupin(*command, "3")
    assert (again.code, again.json) == (0, more.json)
    assert again.err.splitlines()[2:] == ["3 of 3 runs are there already.", "Writing tables and drawing figures …"]


@pytest.mark.usefixtures("undrawn")
def test_other_luck_is_another_scenario_and_not_mixed_in(fupin: CommandLine, folder: Path) -> None:
    assert fupin("run", "tiny.toml", "--replicates", "1", "--out", "out").code == 0
    before = files_in(folder)
    other = ["run", "tiny.toml", "--replicates", "1", "--out", "out", "--seed", "9"]
    said = fupin(*other)
    assert said.code == 2
    assert "--out out: holds the results of another scenario; give another folder, or --force" in said.err
    assert files_in(folder) == before
    assert fupin(*other, "--force", "--json").json["finished"][0]["seed"] == 9


@pytest.mark.usefixtures("undrawn")
def test_a_run_that_raises_is_recorded_and_the_others_go_on(fupin: CommandLine, folder: Path, fragile: str) -> None:
    said = fupin("run", fragile, "--replicates", "3", "--workers", "1", "--out", "out")
    assert said.code == 3
    error = "ZeroDivisionError: nothing to share among (fragile.py, line 11)"
    again = f"fupin-sim run {fragile} --seed 6 --replicates 1"
    assert f"Failed: seed 6: {error}\n  again: {again}\nDetails in out/failures.txt.\n" in said.out
    assert "3 of 3 runs, 1 failed" in said.err
    assert "over 2 replicates" in said.out
    text = (folder / "out" / "failures.txt").read_text(encoding="utf-8")
    assert text.startswith(f"seed 6: {error}\nagain: {again}\n\nTraceback")
    status = json.loads((folder / "out" / "provenance.json").read_text(encoding="utf-8"))["status"]
    assert status == "2 of 3 replicates finished"

    replayed = fupin(*shlex.split(again)[1:])
    assert replayed.code == 3
    assert error in replayed.out
    assert "Traceback" in replayed.out  # nothing was written that could hold it


@pytest.mark.usefixtures("undrawn")
def test_what_failed_is_run_again_and_its_record_goes(fupin: CommandLine, folder: Path, fragile: str) -> None:
    command = ["run", fragile, "--replicates", "2", "--workers", "1", "--out", "out"]
    assert fupin(*command).code == 3
    assert "1 of 2 runs are there already." in fupin(*command).err
    mended = fupin(*command, "--set", "policy.fragile.seeds=[]", "--force")
    assert mended.code == 0
    assert not (folder / "out" / "failures.txt").exists()


def test_when_the_very_trial_fails_the_runs_are_failures_too(fupin: CommandLine, fragile: str) -> None:
    said = fupin("run", fragile, "--replicates", "7", "--set", "policy.fragile.seeds=[5,6,7,8,9,10,11]",
                 "--set", "policy.fragile.since=2016-01", "--workers", "1")  # fmt: skip
    assert said.code == 3
    assert "No estimate" in said.err
    assert said.out.count("Failed: seed") == 5
    assert "2 more runs failed." in said.out
    assert "measure" not in said.out


def test_books_are_checked_when_asked(fupin: CommandLine, folder: Path) -> None:
    (folder / "greedy.py").write_text(GREEDY, encoding="utf-8")
    (folder / "greed.toml").write_text(TINY + '[[policy]]\nuse = "greedy.py"\n', encoding="utf-8")
    said = fupin("run", "greed.toml", "--replicates", "1", "--check-books", "--json")
    assert said.code == 3
    (failed,) = said.json["failed"]
    assert failed["error"].startswith("BooksDoNotBalance: 2015-01: wealth: ")
    assert failed["again"] == "fupin-sim run greed.toml --seed 5 --replicates 1 --check-books"


def test_two_workers_give_the_bits_of_one(fupin: CommandLine, fragile: str) -> None:
    one, two = (
        fupin("run", fragile, "--replicates", "3", "--workers", workers, "--json", "-q") for workers in ("1", "2")
    )
    assert (one.code, two.code) == (3, 3)
    assert [r["digest"] for r in one.json["finished"]] == [r["digest"] for r in two.json["finished"]]
    assert one.json["failed"] == two.json["failed"]


def test_ctrl_c_before_the_runs_is_said_in_one_line(fupin: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(plan, "estimate", interrupted)
    said = fupin("run", "tiny.toml", "--out", "out")
    assert (said.code, said.out, said.err) == (4, "", "Stopped; nothing was run.\n")
    assert not Path("out").exists()


@pytest.mark.parametrize("what", ["the second replicate", "the figures"])
def test_a_full_disk_is_no_fault_of_the_program_and_loses_nothing(
    fupin: CommandLine, monkeypatch: pytest.MonkeyPatch, undrawn: None, what: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    add = RunFolder.add
    with monkeypatch.context() as disk:
        if what == "the figures":
            disk.setattr(figures, "draw_all", full)
        else:
            disk.setattr(RunFolder, "add", lambda folder, run: full() if run.seed > 7 else add(folder, run))
        said = fupin("run", "tiny.toml", "--seed", "7", "--replicates", "2", "--workers", "1", "--out", "out", "-q")
    kept = 2 if what == "the figures" else 1
    again = "fupin-sim run tiny.toml --seed 7 --replicates 2 --workers 1 --out out"
    assert (said.code, said.out) == (4, "")
    assert said.err == (
        "--out out: cannot be written (No space left on device); given up.\n"
        f"  {kept} of 2 runs are kept. With room there, the same command does the rest:\n  {again}\n"
    )
    assert fupin(*shlex.split(again)[1:]).code == 0
    assert {"summary.csv", "replicates/0001.parquet", "replicates/0002.parquet"} <= files_in(Path("out"))


def test_signs_that_no_font_has_are_named_once_in_plain_words(
    fupin: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw(results: object, folder: Path) -> list[Path]:
        for _ in range(3):
            warnings.warn("no font at hand can draw 贫; the figure shows ?", stacklevel=2)
        return []

    monkeypatch.setattr(figures, "draw_all", draw)
    said = fupin("run", "tiny.toml", "--replicates", "1", "--out", "out")
    assert said.err.endswith(
        "\nWriting tables and drawing figures …\nno font at hand can draw 贫; the figure shows ?\n"
    )


def test_a_population_that_cannot_fit_is_refused_before_it_is_built(fupin: CommandLine) -> None:
    sets = ["--set", "population.villages=1000000", "--set", "population.households=100000"]
    for command in (["check", "tiny.toml"], ["run", "tiny.toml", "--out", "out"]):
        said = fupin(*command, *sets)
        assert (said.code, said.out) == (2, "")
        assert "1,000,000 villages of 100,000 households: needs at least 46,566.1 GB of memory, and " in said.err
    assert not Path("out").exists()


# what it will cost


def test_the_estimate_counts_what_the_model_holds() -> None:
    scenario = spec_of("tiny.toml")
    cost, model = estimate(scenario, None), PovertyModel(scenario)
    table = next(iter(model.tables.values()))
    assert cost.households == 120
    assert cost.each > sum(column.dtype.itemsize for column in columns_of(table.agent_type).values())
    assert cost.seconds > 0
    assert estimate(scenario, "monthly").memory > cost.memory


def test_more_workers_are_never_said_to_take_longer_but_for_their_start() -> None:
    cost = Estimate(100, 10.0, 2**20, 600)
    times = [seconds_for(12, cost, workers) - (estimates.START_S if workers > 1 else 0) for workers in (1, 2, 5, 12)]
    assert times == [120, 60, 30, 10]


def test_what_the_system_tells_is_sensible() -> None:
    free = capacity.free_memory()
    assert free is None or free > 2**20
    assert capacity.processors() >= 1


def test_too_much_memory_is_said(fupin: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "free_memory", lambda: 2**20)
    assert "This may need more memory than is free (1 MB)" in fupin("run", "tiny.toml", "--replicates", "1").err


# the table


def row(measure: str, mean: float, half: float = math.nan, n: int = 4, unit: str = "share") -> dict[str, object]:
    return {"measure": measure, "unit": unit, "mean": mean, "low": mean - half, "high": mean + half, "n": n}


def test_groups_stand_under_their_measure_and_many_groups_in_the_files_only() -> None:
    rows = [row("headcount", 0.02, 0.001), *(row(f"spending_by_policy policy:{p}", 5.0, 1.0) for p in "ab")]
    rows += [row(f"received_by_decile decile:{i}", 1.0, 0.5) for i in range(1, 11)]
    rows += [row("return_rate", math.nan, n=0), row("return_by_cause real", math.nan, n=0)]
    assert summary.lines_of(rows) == [
        ("headcount", "0.0200 ± 0.0010", "4", "share"),
        ("spending_by_policy", "", "", "share"),
        ("  a", "5.0 ± 1.0", "4", ""),
        ("  b", "5.0 ± 1.0", "4", ""),
    ]


def test_a_long_name_of_a_policy_is_broken_and_leaves_room_for_its_numbers() -> None:
    frame = pd.DataFrame(
        [row(f"spending_by_policy policy:{'long_name_' * 8}", 5.0, 1.0, unit="yuan per resident-year")]
    )
    console = Console(width=80)
    with console.capture() as said:
        console.print(summary.table_of(frame, "Title", 4))
    lines = [line.rstrip() for line in said.get().splitlines()]
    assert max(map(len, lines)) <= 80
    assert "".join(line[1:31].strip() for line in lines).endswith("long_name_" * 8)
    assert any("5.0 ± 1.0" in line for line in lines)


@pytest.mark.parametrize(
    ("told", "value"),
    [
        (row("m", 1176.1349, 1e-5), "1,176 ± 0"),
        (row("m", 0.0, 0.0), "0 ± 0"),
        (row("m", 12485.9, 703.2), "12,486 ± 703"),
        (row("m", -0.5, 0.25), "-0.50 ± 0.25"),
        (row("m", 0.123456, n=1), "0.1235"),
    ],
)
def test_a_value_has_the_digits_its_interval_earns(told: dict[str, object], value: str) -> None:
    assert summary.value_of(told) == value


def test_what_is_missing_is_said(fupin: CommandLine) -> None:
    command = ["run", "tiny.toml", "--replicates", "1", "-q"]
    some, none = (" ".join(fupin(*command, *sets).out.split()) for sets in ([], ["--set", "scenario.years=1"]))
    assert "No value (0/0: nobody at risk) in 50 % of the years, left out of the mean: return_rate" in some
    never = none.partition("Nobody to count in any year, so no value: ")[2].partition(".")[0].split(", ")
    assert "return_rate" in never
    assert none.count("return_rate ") == 0
