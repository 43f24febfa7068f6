"""Studies are merged and exported; the command line looks after them."""

from __future__ import annotations

import math
import sqlite3
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.errors import BadInput
from fupin_sim.files import read_parquet
from fupin_sim.store import Store
from fupin_sim.store.export import export
from fupin_sim.store.merge import merge
from fupin_sim.store.stata import stata_names, write_stata
from tests.command_line import CommandLine, files_in
from tests.stored import cells, failed, households, key, python, row, series, small_disk


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


def study(folder: Path, runs: int = 4, first: int = 0, **other: object) -> Path:
    with Store(folder, write=True) as store:
        store.describe(
            title="Teams", measures={"headcount": ("share", "poor people"), "return_rate": ("share", "who return")},
            points={0: {"policy.teams.stay_months": 12, "policy.teams.match": "need"}},
        )  # fmt: skip
        store.plan(cells(runs, first))
        store.put([row(i, **other) for i in range(first, runs)])
    return folder


# merge


def test_two_halves_of_a_study_merge_into_the_whole(tmp_path: Path) -> None:
    a, b = study(tmp_path / "a", 6), study(tmp_path / "b", 9, first=3)
    (a / "study.toml").write_text("[study]\n")
    with Store(b, write=True) as store:
        store.put([failed(20)])
    assert merge([a, b], tmp_path / "c") == 10
    with Store(tmp_path / "c", write=False) as merged:
        assert merged.statuses() == {"failed": 1, "ok": 9}
        assert merged.verify(deep=True) == []
        assert merged.described()["title"] == "Teams"
        digest = merged.digest()
    whole = study(tmp_path / "whole", 9)
    with Store(whole, write=False) as store:
        assert store.digest() == digest
    assert (tmp_path / "c" / "study.toml").read_text() == "[study]\n"
    assert merge([a, b], tmp_path / "c") == 0


def test_a_run_that_ended_well_is_taken_before_one_that_failed(tmp_path: Path) -> None:
    with Store(tmp_path / "a", write=True) as store:
        store.put([failed(0)])
    study(tmp_path / "b", 1)
    merge([tmp_path / "a", tmp_path / "b"], tmp_path / "c")
    merge([tmp_path / "b", tmp_path / "a"], tmp_path / "d")
    for name in "cd":
        with Store(tmp_path / name, write=False) as store:
            assert store.statuses() == {"ok": 1}


def test_studies_that_contradict_each_other_are_not_merged(tmp_path: Path) -> None:
    study(tmp_path / "a", 2)
    study(tmp_path / "b", 2, headlines={"headcount": 9.0})
    with Store(tmp_path / "b", write=True) as store:
        store.plan([(key(7), 0, "a", 0)])
    with pytest.raises(BadInput, match="different results") as mistake:
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "c")
    assert [text.split(":")[0] for text in mistake.value.mistakes] == [
        "1 cells are filled by different runs", "2 runs have different results",
    ]  # fmt: skip
    assert "point 0, arm a, replicate 0" in str(mistake.value)
    assert not (tmp_path / "c").exists()


# export


def test_parquet_and_csv_hold_every_number(tmp_path: Path) -> None:
    folder = study(tmp_path / "s", 3, households=households(1))
    parquet = {path.name: path for path in export(folder, "parquet", tmp_path / "p")}
    csv = {path.name: path for path in export(folder, "csv", tmp_path / "c")}
    assert sorted(parquet) == [
        "codebook.csv", "codebook.md", "households.parquet", "runs.parquet", "series.parquet", "survival.parquet",
    ]  # fmt: skip
    runs = read_parquet([parquet["runs.parquet"]])
    assert runs.columns.tolist() == [
        "point", "arm", "replicate", "policy.teams.match", "policy.teams.stay_months", "key", "seed", "status",
        "digest", "seconds", "headcount", "return_rate",
    ]  # fmt: skip
    assert runs["arm"].tolist() == ["a", "a", "b"]
    assert runs["headcount"].tolist() == [0.0, 2 / 3, 1 / 3]
    assert runs["seed"][0] == str(2**70)
    assert runs["policy.teams.stay_months"].tolist() == [12, 12, 12]
    for told in (read_parquet([parquet["series.parquet"]]), pd.read_csv(csv["series.csv"], keep_default_na=False)):
        mine = told[(told["arm"] == "b") & (told["replicate"] == 0)]
        values = pd.to_numeric(mine["value"]).to_numpy(float)
        made = series(1)["value"].to_numpy()
        assert ((values == made) | (np.isnan(values) & np.isnan(made))).all()
        assert mine["group"].tolist() == series(1)["group"].tolist()
    assert len(read_parquet([parquet["households.parquet"]])) == 15
    book = pd.read_csv(parquet["codebook.csv"], keep_default_na=False).set_index(["file", "column"])
    assert book.loc[("runs.parquet", "headcount"), "unit"] == "share"
    assert book.loc[("runs.parquet", "headcount"), "description"] == "mean over months: poor people"
    assert book.loc[("series.parquet", "month"), "description"].startswith("year and month")


def test_stata_reads_what_was_written_with_labels(tmp_path: Path) -> None:
    folder = study(tmp_path / "s", 3, households=households(1))
    paths = {path.stem: path for path in export(folder, "stata", tmp_path / "out") if path.suffix == ".dta"}
    with pd.read_stata(paths["runs"], iterator=True) as reader:
        labels = reader.variable_labels()
        assert reader.data_label == "Teams"
        runs = reader.read()
    assert labels["headcount"] == "mean over months: poor people (share)"
    assert runs["seed"].tolist() == [str(2**70), str(2**70 + 2), str(2**70 + 1)]
    assert runs["policy_teams_match"].tolist() == ["need"] * 3
    assert runs["headcount"].tolist() == [0.0, 2 / 3, 1 / 3]
    told = pd.read_stata(paths["series"])
    assert told["month"][0] == pd.Timestamp("2016-01-01")
    made = series(0)["value"].replace([np.inf, -np.inf, 1.7976931348623157e308], np.nan)
    mine = told["value"].to_numpy()[:12]
    assert ((mine == made) | (np.isnan(mine) & made.isna())).all()
    assert math.copysign(1, mine[1]) == -1
    home = pd.read_stata(paths["households"])
    assert home["luck"][4] == str(households(1)["luck"][4])
    assert home["cause"].tolist()[:5] == ["illness", "", "", "school", "灾"]
    again = export(folder, "stata", tmp_path / "again")
    assert [path.read_bytes() for path in again] == [
        (tmp_path / "out" / path.name).read_bytes() for path in again
    ]  # no time stamp


@given(st.lists(st.text(max_size=40), unique=True, max_size=12))
def test_any_column_gets_a_name_that_stata_allows_and_that_no_other_has(columns: list[str]) -> None:
    names = stata_names(columns)
    assert list(names) == columns
    assert len(set(names.values())) == len(columns)
    for name in names.values():
        assert len(name) <= 32
        assert name.isidentifier()
        assert name.isascii()


def test_long_names_and_labels_are_cut_to_what_stata_takes(tmp_path: Path) -> None:
    long = ["return_rate_after_withdrawal_of_teams_1", "return_rate_after_withdrawal_of_teams_2", "if"]
    frame = pd.DataFrame([[1.0, 2.0, True]], columns=long)
    path = write_stata(tmp_path / "a.dta", frame, {long[0]: "x " * 90}, "t" * 200)
    with pd.read_stata(path, iterator=True) as reader:
        labels = reader.variable_labels()
    assert list(labels) == ["return_rate_after_withdrawal_of_", "return_rate_after_withdrawal_of1", "if_"]
    assert len(labels["return_rate_after_withdrawal_of_"]) == 80
    assert labels["if_"] == "if"


def test_a_study_without_finished_runs_cannot_be_exported(tmp_path: Path) -> None:
    Store(tmp_path / "s", write=True).close()
    with pytest.raises(BadInput, match="no planned run has ended"):
        export(tmp_path / "s", "csv", tmp_path / "out")
    assert not (tmp_path / "out").exists()


# the command line


def test_info_says_what_there_is(tmp_path: Path, fupin: CommandLine) -> None:
    folder = study(tmp_path / "s", 4)
    with Store(folder, write=True) as store:
        store.plan(cells(9))
        store.put([failed(99)])
        said = fupin("store", "info", folder)
    assert said.code == 0
    lines = dict(line.split(None, 1) for line in said.out.splitlines()[1:])
    assert said.out.startswith("Teams\n")
    assert lines["runs"] == "1 failed, 4 ok"
    assert lines["planned"] == "9 cells; 5 runs missing"
    assert lines["unplanned"] == f"1 run that no plan names; to remove: fupin-sim store gc {folder}"
    assert "process" in lines["writer"]
    assert fupin("store", "info", folder).out.endswith("nobody\n")


def test_verify_leaves_with_5_names_the_runs_and_forgets_on_demand(tmp_path: Path, fupin: CommandLine) -> None:
    folder = study(tmp_path / "s", 4)
    assert fupin("store", "verify", folder, "--deep").out == "4 runs are whole.\n"
    shard = folder / "series" / "000001.parquet"
    shard.write_bytes(shard.read_bytes()[:-1])
    said = fupin("store", "verify", folder)
    assert said.code == 5
    assert said.out.startswith("series/000001.parquet is not as it was written; 4 runs: ")
    assert key(0)[:12] in said.out
    mended = fupin("store", "verify", folder, "--forget")
    assert mended.code == 0
    assert "4 runs are forgotten" in mended.out
    assert "0 runs are whole" in fupin("store", "verify", folder).out
    with Store(folder, write=True) as store:
        assert store.finished() == set()
        assert len(store.planned()) == 4


def test_a_damage_that_forgetting_does_not_mend_still_leaves_with_5(tmp_path: Path, fupin: CommandLine) -> None:
    folder = study(tmp_path / "s", 60)
    path = folder / "runs.sqlite"
    data = bytearray(path.read_bytes())
    journal = sqlite3.connect(path)
    (page,) = journal.execute("select rootpage from sqlite_master where name = 'runs_status'").fetchone()
    journal.close()
    data[(page - 1) * 4096 + 100 : (page - 1) * 4096 + 4000] = bytes(3900)
    path.write_bytes(data)
    said = fupin("store", "verify", folder)
    assert said.code in (2, 5)
    assert "damaged" in said.out + said.err


def test_gc_merge_and_export_do_as_they_are_told(tmp_path: Path, fupin: CommandLine) -> None:
    a, b = study(tmp_path / "a", 3), study(tmp_path / "b", 5, first=3)
    with Store(a, write=True) as store:
        store.put([row(50)])
    said = fupin("store", "gc", a)
    assert (said.code, said.out[:14]) == (0, "Removed 1 run,")
    said = fupin("store", "merge", a, b, "--into", tmp_path / "c")
    assert (said.code, said.out) == (0, f"5 runs came into {tmp_path / 'c'}.\n")
    said = fupin("export", tmp_path / "c", "csv")
    assert said.code == 0
    assert "runs.csv" in said.out
    assert {"tables/runs.csv", "tables/series.csv", "tables/codebook.md"} <= files_in(tmp_path / "c")


@pytest.mark.parametrize("words", [["info"], ["verify"], ["verify", "--forget"], ["gc"]])
def test_a_folder_without_a_study_is_one_mistake_and_stays_as_it_is(
    tmp_path: Path, fupin: CommandLine, words: list[str]
) -> None:
    for folder in (tmp_path / "absent", tmp_path):
        said = fupin("store", *words, folder)
        assert said.code == 2
        assert "1 mistake" in said.err
    assert files_in(tmp_path) == set()
    assert not (tmp_path / "absent").exists()


def test_a_full_disk_ends_with_4_and_says_that_nothing_is_lost(tmp_path: Path, fupin: CommandLine) -> None:
    folder = study(tmp_path / "s", 40)
    with small_disk(tmp_path / "disk", 16) as disk:
        said = fupin("export", folder, "csv", "--out", disk / "out")
    assert said.code == 4
    assert "o space left" in said.err
    assert "What was kept before is safe" in said.err
    assert "Traceback" not in said.err


def test_a_study_that_is_being_written_is_exported_as_far_as_it_is(tmp_path: Path) -> None:
    with Store(tmp_path / "s", write=True) as store:
        store.plan(cells(4))
        store.put([row(0)])
        code = "import sys; from fupin_sim.cli import main; main(['export', sys.argv[1], 'csv'])"
        process = python(code, tmp_path / "s")
        process.communicate(timeout=60)
        assert process.returncode == 0
    assert len(pd.read_csv(tmp_path / "s" / "tables" / "runs.csv")) == 1


@pytest.mark.parametrize("words", ["store", "store info", "store verify", "store gc", "store merge", "export"])
def test_the_help_of_these_commands_fits_eighty_columns(
    fupin: CommandLine, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = fupin(*words.split(), "--help")
    assert said.code == 0
    assert max(map(len, said.out.splitlines())) <= 80
    commands = said.out.partition("Commands:")[2]
    assert "..." not in commands
