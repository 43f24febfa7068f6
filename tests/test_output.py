"""The output folder: refused when it is not ours, whole or absent, the same bytes twice, readable after Ctrl-C."""

from __future__ import annotations

import dataclasses
import getpass
import json
import os
import platform
import socket
import stat
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from fupin_sim import files, provenance
from fupin_sim.codebook import codebook, markdown, undescribed
from fupin_sim.errors import BadInput
from fupin_sim.files import read_parquet, write_csv, write_json, write_parquet, write_text, write_whole
from fupin_sim.output import RunFolder, Stored, read_series
from fupin_sim.panel import described
from tests.made_up import PANEL_COLUMNS, UNITS, MadeUpScenario, replicate

COMMAND = ["/home/li/.venv/bin/fupin-sim", "run", "/home/li/secret/base.toml", "--out", "results/a"]


def prepare(path, seeds=(1, 2), scenario=None, **options):
    return RunFolder.prepare(path, scenario or MadeUpScenario(), list(seeds), command=COMMAND, **options)


def contents(path: Path) -> dict[str, bytes]:
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in path.rglob("*") if file.is_file()}


# a folder that is not ours


def test_a_folder_with_other_files_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(BadInput, match=r"not empty and was not made by fupin-sim.*--force"):
        prepare(tmp_path)
    assert contents(tmp_path) == {"thesis.docx": b"mine"}


def test_force_writes_beside_other_files_and_never_over_them(tmp_path):
    (tmp_path / "thesis.docx").write_text("mine")
    (tmp_path / "provenance.json").write_text("[1, 2]")
    folder = prepare(tmp_path, force=True)
    folder.finish([replicate(1), replicate(2)])
    assert (tmp_path / "thesis.docx").read_text() == "mine"
    assert json.loads((tmp_path / "provenance.json").read_text())["status"] == "finished"


@pytest.mark.parametrize("text", ["{not json", '{"package": "other"}', '"fupin-sim"', "\udcff"])
def test_somebody_elses_provenance_does_not_make_it_ours(tmp_path, text):
    (tmp_path / "provenance.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(BadInput, match="not made by"):
        prepare(tmp_path)


def test_a_file_in_place_of_the_folder_is_one_clear_mistake(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(BadInput) as caught:
        prepare(tmp_path / "out")
    assert caught.value.mistakes == [f"--out {tmp_path / 'out'}: is a file; a folder is needed"]
    with pytest.raises(BadInput, match=r"--out .*: cannot be (read|written)"):
        prepare(tmp_path / "out" / "deeper")
    assert (tmp_path / "out").read_text() == "a file"


@pytest.mark.parametrize("where", ["mkdir", "write_bytes", "iterdir"])
def test_a_folder_that_may_not_be_written_or_read_is_one_clear_mistake(tmp_path, monkeypatch, where):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, where, refuse)
    with pytest.raises(BadInput, match="Permission denied") as caught:
        prepare(tmp_path if where == "iterdir" else tmp_path / "new")
    assert len(caught.value.mistakes) == 1
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(tmp_path):
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    with pytest.raises(BadInput, match="cannot be written"):
        prepare(tmp_path / "new")


def test_an_empty_folder_is_taken_and_parents_are_made(tmp_path):
    (tmp_path / "empty").mkdir()
    assert prepare(tmp_path / "empty").missing() == [(1, 1), (2, 2)]
    prepare(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b" / "resolved.toml").read_text() == MadeUpScenario().to_toml()


@pytest.mark.parametrize("seeds", [(), (1, 1)])
def test_seeds_are_given_each_once(tmp_path, seeds):
    with pytest.raises(ValueError, match="each once"):
        prepare(tmp_path / "new", seeds)
    assert not (tmp_path / "new").exists()


# another scenario, another version


@pytest.fixture
def done(tmp_path):
    folder = prepare(tmp_path / "out", households="yearly")
    folder.finish([replicate(1, households=True), replicate(2, households=True)], units=UNITS, columns=PANEL_COLUMNS)
    return tmp_path / "out"


def test_results_of_another_scenario_are_not_overwritten_without_force(done):
    before = contents(done)
    with pytest.raises(BadInput, match="holds the results of another scenario"):
        prepare(done, scenario=MadeUpScenario(key="ab"))
    assert contents(done) == before


@pytest.mark.parametrize(("name", "words"), [("version", "was made by version 0.0.9"), ("source", "another state")])
def test_results_of_another_program_are_not_overwritten_without_force(done, name, words):
    marker = json.loads((done / "provenance.json").read_text())
    (done / "provenance.json").write_text(json.dumps({**marker, name: "0.0.9"}))
    with pytest.raises(BadInput, match=words):
        prepare(done)


def test_force_clears_our_own_old_files_and_only_those(done):
    (done / "notes.txt").write_text("mine")
    (done / "replicates" / "mine.csv").write_text("mine")
    outside = done.parent / "outside.txt"
    outside.write_text("mine")
    marker = json.loads((done / "provenance.json").read_text())
    marker["outputs"]["../outside.txt"] = "a list in a file may say anything"
    (done / "provenance.json").write_text(json.dumps(marker))
    folder = prepare(done, scenario=MadeUpScenario(key="ab"), force=True)
    assert set(contents(done)) == {"notes.txt", "replicates/mine.csv", "provenance.json", "resolved.toml"}
    assert outside.read_text() == "mine"
    assert len(folder.missing()) == 2
    assert json.loads((done / "provenance.json").read_text())["outputs"] == {}


# round trips


def test_everything_written_can_be_read_back(done):
    both = [replicate(1), replicate(2)]
    expected = pd.concat([r.series.assign(run=i) for i, r in enumerate(both, 1)])[
        ["run", "month", "measure", "group", "value"]
    ].reset_index(drop=True)
    pd.testing.assert_frame_equal(read_series(done), expected, check_dtype=False)
    from_csv = pd.read_csv(done / "series.csv", keep_default_na=False, na_values={"value": ""})
    pd.testing.assert_frame_equal(from_csv, expected, check_dtype=False)
    pd.testing.assert_frame_equal(read_parquet([done / "series.parquet"]), expected, check_dtype=False)
    summary = pd.read_csv(done / "summary.csv").set_index("measure")
    assert summary.loc["headcount", "mean"] == pytest.approx(0.15)
    assert summary.loc["headcount", "unit"] == "share of persons"
    assert pd.read_csv(done / "headlines.csv")["run"].tolist() == [1, 1, 2, 2]
    survival = pd.read_csv(done / "survival.csv")
    assert survival.to_numpy().tolist() == [[1, 1, 200, 10], [1, 2, 100, 2], [2, 1, 200, 20], [2, 2, 100, 2]]
    intervals = pd.read_csv(done / "series_intervals.csv").set_index(["measure", "month"])
    assert intervals.loc[("headcount", "2016-01"), "mean"].item() == pytest.approx(0.115)


def test_missing_is_null_in_parquet_and_empty_in_csv(done):
    import duckdb

    query = f"select count(*) from '{done}/series.parquet' where value is null and measure = 'return_rate'"
    assert duckdb.connect().execute(query).fetchall() == [(6,)]  # of two replicates, burn-in and the first year
    assert "1,2016-12,return_rate,,\n" in (done / "series.csv").read_text()


def test_the_household_panel_keeps_its_types(done):
    panel = read_parquet(sorted((done / "households").glob("*.parquet")))
    assert list(panel.columns) == ["run", "month", "luck", "wealth", "sex"]
    assert panel["luck"].dtype == np.uint64
    assert panel["luck"].tolist() == [2**64 - 1, 1, 2**64 - 1, 2]
    assert panel["sex"].dtype == np.int8
    assert panel["wealth"].isna().tolist() == [True, False, True, False]


def test_the_codebook_tells_every_column_of_every_file(done):
    book = pd.read_csv(done / "codebook.csv", keep_default_na=False)
    for file, rows in book[book["file"] != "measures"].groupby("file"):
        path = next(iter(sorted(done.glob(file))))
        columns = read_parquet([path]).columns if path.suffix == ".parquet" else pd.read_csv(path).columns
        assert rows["column"].tolist() == list(columns), file
        assert rows["description"].str.strip().all(), file
    tables = {file.name for file in done.iterdir() if file.suffix in (".csv", ".parquet")} - {"codebook.csv"}
    assert set(book["file"]) == tables | {"households/*.parquet", "measures"}
    sex = book[(book["file"] == "households/*.parquet") & (book["column"] == "sex")].iloc[0]
    assert sex["codes"] == "0 woman; 1 man"
    headcount = book[(book["file"] == "measures") & (book["column"] == "headcount")].iloc[0]
    assert headcount["unit"] == "share of persons"
    text = (done / "codebook.md").read_text(encoding="utf-8")
    assert "## households/*.parquet" in text
    assert "| wealth | yuan | liquid wealth |  |" in text


def test_a_household_column_without_a_description_is_refused(tmp_path):
    folder = prepare(tmp_path / "out", seeds=[1], households="yearly")
    columns = {"luck": PANEL_COLUMNS["luck"], "sex": ("", " ", None)}
    with pytest.raises(ValueError, match="without a description: wealth, sex"):
        folder.finish([replicate(1, households=True)], columns=columns)


def test_a_bar_in_a_description_does_not_break_the_table():
    book = codebook({"a.csv": {"x": ("yuan", "a | b\nc", [])}})
    assert markdown(book).splitlines()[-1] == "| x | yuan | a \\| b c |  |"
    assert undescribed(["x", "y"], {"x": ("", "x", None)}) == ["y"]


def test_what_is_written_twice_is_the_same_to_the_byte(done, tmp_path):
    again = prepare(tmp_path / "again", households="yearly")
    again.add(replicate(2, households=True))  # in another order
    again.finish([replicate(1, households=True)], units=UNITS, columns=PANEL_COLUMNS)
    assert contents(tmp_path / "again") == contents(done)


def test_finish_tells_the_files_it_wrote(tmp_path):
    figure = tmp_path / "out" / "poverty.png"
    folder = prepare(tmp_path / "out", seeds=[1])
    figure.write_bytes(b"png")
    paths = folder.finish([replicate(1)], also=[figure])
    names = {path.relative_to(folder.path).as_posix() for path in paths}
    listed = json.loads((folder.path / "provenance.json").read_text())["outputs"]
    assert names == set(listed) | {"resolved.toml", "provenance.json"}
    assert listed["poverty.png"] == provenance.file_digest(figure)
    assert names == {name for name in contents(folder.path) if "/" not in name}


# interrupted and continued


def test_what_has_finished_is_readable_before_the_end(tmp_path):
    folder = prepare(tmp_path / "out", seeds=[1, 2, 3])
    folder.add(replicate(2))
    assert read_series(tmp_path / "out")["run"].unique().tolist() == [2]
    assert folder.missing() == [(1, 1), (3, 3)]
    folder.finish()
    marker = json.loads((tmp_path / "out" / "provenance.json").read_text())
    assert marker["status"] == "1 of 3 replicates finished"
    assert marker["digests"] == {"0002": "d2"}
    assert read_parquet([tmp_path / "out" / "series.parquet"])["run"].unique().tolist() == [2]


def test_the_same_command_later_runs_only_what_is_missing(tmp_path):
    prepare(tmp_path / "out", seeds=[1, 2, 3]).add(replicate(2))
    later = prepare(tmp_path / "out", seeds=[1, 2, 3, 4])
    assert later.missing() == [(1, 1), (3, 3), (4, 4)]
    (kept,) = later.finished()
    assert isinstance(kept, Stored)
    original = replicate(2)
    pd.testing.assert_frame_equal(kept.series, original.series, check_dtype=False)
    pd.testing.assert_frame_equal(kept.survival, original.survival)
    assert (kept.seed, kept.headlines, kept.digest, kept.seconds) == (2, original.headlines, "d2", 1.5)
    assert kept.households is None


def test_fewer_replicates_than_are_kept_use_only_those_asked_for(tmp_path):
    prepare(tmp_path / "out", seeds=[1, 2, 3]).finish([replicate(i) for i in (1, 2, 3)])
    fewer = prepare(tmp_path / "out", seeds=[1, 2])
    fewer.finish()
    assert pd.read_csv(tmp_path / "out" / "series.csv")["run"].unique().tolist() == [1, 2]
    assert prepare(tmp_path / "out", seeds=[1, 2, 3]).missing() == []


def test_missing_headlines_and_empty_survival_come_back_as_they_were(tmp_path):
    folder = prepare(tmp_path / "out", seeds=[1])
    folder.add(replicate(1, exits=False))
    (kept,) = folder.finished()
    assert np.isnan(kept.headlines["return_rate"])
    assert list(kept.survival.columns) == ["years_since_exit", "at_risk", "returned"]
    assert len(kept.survival) == 0
    assert '"return_rate": null' in (tmp_path / "out" / "replicates" / "0001.json").read_text()


def test_a_replicate_without_the_panel_that_is_wanted_now_is_run_again(tmp_path):
    prepare(tmp_path / "out", seeds=[1]).add(replicate(1))
    wanting = prepare(tmp_path / "out", seeds=[1], households="yearly")
    assert wanting.missing() == [(1, 1)]
    wanting.add(replicate(1, households=True))
    assert wanting.missing() == []
    panel = wanting.finished(households=True)[0].households
    assert panel is not None
    assert panel["luck"].tolist() == [2**64 - 1, 1]
    assert prepare(tmp_path / "out", seeds=[1], households="monthly").missing() == [(1, 1)]
    assert prepare(tmp_path / "out", seeds=[1]).missing() == []


def test_another_seed_under_the_same_number_is_run_again(tmp_path):
    prepare(tmp_path / "out", seeds=[1]).add(replicate(1))
    assert prepare(tmp_path / "out", seeds=[7]).missing() == [(1, 7)]
    with pytest.raises(BadInput, match="no replicate has finished"):
        read_series(tmp_path / "out")


def test_a_replicate_of_something_else_is_not_taken_in(tmp_path):
    folder = prepare(tmp_path / "out", seeds=[1])
    with pytest.raises(ValueError, match=r"seed 9 .* is not planned"):
        folder.add(replicate(9))
    with pytest.raises(ValueError, match="not planned"):
        folder.add(replicate(1, scenario=MadeUpScenario(key="ab")))


def test_a_replicate_half_written_does_not_count(tmp_path, monkeypatch):
    folder = prepare(tmp_path / "out", seeds=[1])

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("fupin_sim.output.write_json", interrupted)
        with pytest.raises(KeyboardInterrupt):
            folder.add(replicate(1))
    assert folder.missing() == [(1, 1)]
    folder.add(replicate(1))
    (tmp_path / "out" / "replicates" / "0001.parquet").unlink()
    assert folder.missing() == [(1, 1)]


def test_reading_a_folder_that_is_not_ours(tmp_path):
    with pytest.raises(BadInput, match="is no output folder of fupin-sim"):
        read_series(tmp_path)


def test_finishing_with_nothing_writes_no_tables(tmp_path):
    paths = prepare(tmp_path / "out").finish()
    assert {path.name for path in paths} == {"resolved.toml", "provenance.json"}


# whole files


def test_an_interrupted_write_leaves_the_old_file_and_no_other(tmp_path):
    target = write_text(tmp_path / "a.txt", "old")

    def half(part: Path) -> None:
        part.write_text("ne")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(target, half)
    assert contents(tmp_path) == {"a.txt": b"old"}


def test_a_failed_rename_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    target = write_text(tmp_path / "a.txt", "old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_text(target, "new")
    assert contents(tmp_path) == {"a.txt": b"old"}


def test_the_temporary_file_stands_in_the_same_folder(tmp_path):
    seen = []
    write_whole(tmp_path / "a.txt", lambda part: (seen.append(part), part.write_text("x"))[0])
    assert seen[0].parent == tmp_path
    assert seen[0].name != "a.txt"


def test_json_refuses_nan(tmp_path):
    with pytest.raises(ValueError, match="Out of range"):
        write_json(tmp_path / "a.json", {"x": float("nan")})
    assert not contents(tmp_path)


def test_parquet_in_a_folder_with_an_awkward_name(tmp_path):
    awkward = tmp_path / "li's [new] 结果 *?"
    if os.name == "nt":
        awkward = tmp_path / "li's [new] 结果"
    awkward.mkdir()
    frame = pd.DataFrame({"name": pd.Series(["低保", None], dtype="str"), "x": [0.1, np.nan], "n": [1, 2]})
    write_parquet(awkward / "a.parquet", frame)
    write_parquet(awkward / "b.parquet", frame)
    assert (awkward / "a.parquet").read_bytes() == (awkward / "b.parquet").read_bytes()
    back = read_parquet([awkward / "a.parquet"])
    assert back["name"].iloc[0] == "低保"
    assert back["name"].isna().tolist() == [False, True]
    assert back["x"].iloc[0] == 0.1
    assert files.parquet_columns(awkward / "a.parquet") == ["name", "x", "n"]


def test_csv_keeps_every_digit_and_unix_ends_of_line(tmp_path):
    write_csv(tmp_path / "a.csv", pd.DataFrame({"x": [0.1 + 0.2, np.nan], "label": ["低保, 一", "b"]}))
    assert (tmp_path / "a.csv").read_bytes() == 'x,label\n0.30000000000000004,"低保, 一"\n,b\n'.encode()


def test_a_large_frame_keeps_its_order(tmp_path):
    frame = pd.DataFrame({"i": np.arange(300_000)})
    write_parquet(tmp_path / "a.parquet", frame)
    assert (read_parquet([tmp_path / "a.parquet"])["i"].to_numpy() == frame["i"].to_numpy()).all()


# provenance


def test_provenance_tells_program_seeds_and_digests_but_not_who_or_where(tmp_path):
    scenario = MadeUpScenario(files={"/home/li/secret/mine.py": "abc", "/home/wang/mine.py": "def", "data/x.csv": "1"})
    folder = prepare(tmp_path / "out", seeds=[5, 2**100], scenario=scenario)
    folder.finish([dataclasses.replace(replicate(5, scenario=scenario), seed=seed) for seed in (5, 2**100)])
    text = (tmp_path / "out" / "provenance.json").read_text(encoding="utf-8")
    told = json.loads(text)
    assert told["package"] == "fupin-sim"
    assert told["python"] == platform.python_version()
    assert told["libraries"]["numpy"] == np.__version__
    assert told["libraries"]["mesa"]
    assert told["seeds"] == {"0001": 5, "0002": 2**100}
    assert told["seconds"] == {"0001": 1.5, "0002": 1.5}
    assert told["scenario_key"] == scenario.key
    assert told["command"] == ["fupin-sim", "run", "base.toml", "--out", "results/a"]
    assert {"file": "mine.py", "digest": "abc"} in told["files"]
    assert {"file": "mine.py", "digest": "def"} in told["files"]
    assert {"file": "data/x.csv", "digest": "1"} in told["files"]
    assert read_series(tmp_path / "out")["run"].unique().tolist() == [1, 2]
    for private in ("/home", "secret", "wang", str(tmp_path), os.getcwd(), str(Path.home()) + os.sep):
        assert private not in text
    for name in (socket.gethostname(), getpass.getuser()):
        assert f'"{name}"' not in text


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("scenarios/a.toml", "scenarios/a.toml"),
        ("/home/li wang/a.toml", "a.toml"),
        ("--out=/home/li/x/", "--out=x"),
        ("~/x.toml", "x.toml"),
        ("../li/x.toml", "x.toml"),
        ("a/../../li/x.toml", "x.toml"),
        ("C:\\Users\\li\\x.toml", "x.toml"),
        ("\\\\server\\li\\x.toml", "x.toml"),
        ("policy.mine.use='/home/li/p.py:Mine'", "policy.mine.use='p.py:Mine'"),
        ("data.files=[\"/home/li/a.csv\", 'b.csv']", "data.files=[\"a.csv\", 'b.csv']"),
        ("policy.dibao.level=0.65", "policy.dibao.level=0.65"),
        ("/", "."),
        ("..", ".."),
    ],
)
def test_the_command_is_told_without_folders(given, told):
    assert provenance.command_told(["x", given]) == ["fupin-sim", told]


def test_the_command_defaults_to_the_one_running(monkeypatch):
    monkeypatch.setattr("sys.argv", ["/usr/bin/fupin-sim", "run", "a.toml"])
    assert provenance.command_told() == ["fupin-sim", "run", "a.toml"]


def test_the_source_digest_changes_with_the_source(tmp_path, monkeypatch):
    digests = set()
    for text in ("x = 1\n", "x = 2\n"):
        (tmp_path / "__init__.py").write_text("")
        (tmp_path / "a.py").write_text(text)
        monkeypatch.setattr(provenance, "ROOT", tmp_path)
        provenance.source_digest.cache_clear()
        digests.add(provenance.source_digest())
    monkeypatch.undo()
    provenance.source_digest.cache_clear()
    assert len(digests | {provenance.source_digest()}) == 3


def test_a_library_that_is_not_there_is_told_as_none(monkeypatch):
    monkeypatch.setattr(provenance, "LIBRARIES", ("numpy", "no-such-library"))
    assert provenance.program()["libraries"] == {"numpy": np.__version__, "no-such-library": None}


# what is declared need not be given


class Headcount:
    """Share of persons below the line.

    More about it.
    """

    unit = "share of residents"


def test_units_meanings_and_columns_come_from_the_declarations(tmp_path):
    from fupin_sim.agents.household import Household

    measures = (SimpleNamespace(name="headcount", cls=Headcount), "return_rate")
    scenario = MadeUpScenario(measures=measures)
    panel = pd.DataFrame({"month": ["2016-12"], "luck": np.array([7], dtype="uint64"), "wealth": [100.0]})
    folder = prepare(tmp_path / "out", seeds=[1], scenario=scenario, households="yearly")
    folder.finish([dataclasses.replace(replicate(1, scenario=scenario), households=panel)])
    book = pd.read_csv(tmp_path / "out" / "codebook.csv", keep_default_na=False).set_index(["file", "column"])
    assert book.loc[("measures", "headcount"), "unit"] == "share of residents"
    assert book.loc[("measures", "headcount"), "description"] == "Share of persons below the line."
    assert book.loc[("households/*.parquet", "wealth"), "unit"] == "yuan"
    assert book.loc[("households/*.parquet", "wealth"), "description"] == Household.wealth.doc
    summary = pd.read_csv(tmp_path / "out" / "summary.csv").set_index("measure")
    assert summary.loc["headcount", "unit"] == "share of residents"


def test_every_column_of_a_household_is_described():
    columns = described()
    assert undescribed(columns, columns) == []
    assert columns["registered"][0] == "flag"
