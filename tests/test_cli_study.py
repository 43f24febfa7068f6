"""`study` and `replay`: from a file to a table; planned, looked at, resumed, repeated, lived again."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pandas as pd
import pytest

from fupin_sim.cli import study_figures
from fupin_sim.store import Store
from tests.command_line import CommandLine, files_in
from tests.tiny_study import STUDY, kept, write_study

SERIAL = ("--on", "serial", "-q")
SWEEP = '[sweep.vary]\n"policy.dibao.level" = [0.3, 0.9]\n'
FRAGILE = '''
from pathlib import Path
from fupin_sim.plugins import Policy
class Own(Policy):
    """Breaks in the arm with cash while a file is there."""
    def adjust(self, world):
        if Path("SWITCH").exists() and any(p.name == "cash" for p in world.spec.policies):
            raise ZeroDivisionError("nothing to share among")
'''


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Figures take seconds, and have tests of their own."""
    monkeypatch.setattr(study_figures, "drawn", lambda *_: [])


def test_a_sweep_has_a_line_for_every_point_and_a_figure(fupin: CommandLine, folder: Path) -> None:
    said = fupin("study", write_study(folder, SWEEP), *SERIAL)
    assert said.code == 0
    assert "  level 0.3, as_it_is" in said.out
    assert "  level 0.9, cash" in said.out
    assert said.out.endswith("Results in studies/tiny_study: figures/, tables/, provenance.json\nExit code 0.\n")
    levels = pd.read_csv("studies/tiny_study/tables/levels.csv")
    assert levels["policy.dibao.level"].tolist() == [0.3] * 4 + [0.9] * 4
    assert "figures/response.png" in files_in(folder / "studies" / "tiny_study")


@pytest.mark.usefixtures("undrawn")
def test_a_study_is_planned_stopped_looked_at_and_resumed(fupin: CommandLine, folder: Path) -> None:
    file = write_study(folder)
    assert "8 runs, about " in fupin("study", "plan", file).out
    assert not (folder / "studies").exists()
    stopped = fupin("study", file, *SERIAL, "--budget", "3runs")
    assert stopped.code == 4
    assert "The budget is spent, with 1 replicate complete; 3 runs were lived now" in stopped.out
    assert "The same command does the rest:\n  fupin-sim study " in stopped.out
    status = json.loads(fupin("study", "status", "tiny_study", "--json").out)
    assert (status["ok"], status["failed"], status["replicates"], status["writer"]) == (3, 0, 1, "")
    planned = fupin("study", "plan", "tiny_study").out
    assert "3 runs there already." in planned
    assert "5 runs, about " in planned
    file.unlink()  # what was run is in the folder
    resumed = fupin("study", "resume", "tiny_study", *SERIAL)
    assert resumed.code == 0
    assert "4 replicates; 5 runs were lived now and 3 were there." in resumed.out


@pytest.mark.usefixtures("undrawn")
def test_failed_runs_are_named_replayed_and_run_again(fupin: CommandLine, folder: Path) -> None:
    file = write_study(folder, plugin=FRAGILE.replace("SWITCH", str(folder / "switch")))
    fupin("study", file, *SERIAL, "--out", "whole")
    (folder / "switch").write_text("")
    said = fupin("study", file, *SERIAL)
    assert said.code == 3
    assert "No interval, because runs failed: cash (4 of 4)." in said.out
    assert "again: fupin-sim study retry-failed studies/tiny_study" in said.out
    assert "Failed: cash, replicate 0: ZeroDivisionError: nothing to share among" in said.out
    assert "less as_it_is" in said.out
    assert "Holm" not in said.out.partition("headcount")[2]
    words = said.out.partition("again: fupin-sim replay")[2].split()[:3]
    again = fupin("replay", *words)
    assert again.code == 3
    assert "It fails: ZeroDivisionError: nothing to share among" in again.out
    (folder / "switch").unlink()
    assert "now it does" in fupin("replay", *words).out
    retried = fupin("study", "retry-failed", "tiny_study", *SERIAL)
    assert retried.code == 0
    assert "4 runs were lived now and 4 were there." in retried.out
    (digest, frame), (other, other_frame) = kept(folder / "studies/tiny_study"), kept(folder / "whole")
    assert digest == other
    assert frame.equals(other_frame)


@pytest.mark.usefixtures("undrawn")
def test_a_run_is_lived_again_bit_for_bit(fupin: CommandLine, folder: Path) -> None:
    fupin("study", write_study(folder), *SERIAL)
    with Store("studies/tiny_study", write=False) as store:
        key, digest = store.headlines().loc[0, ["key", "digest"]]
    said = fupin("replay", key[:10], "--household", "0-1-3", "--against", "cash")
    assert said.code == 0
    assert f"Digest {digest}: equal, bit for bit." in said.out
    assert "two lives of household 0-1-3 part in 201" in said.out
    assert json.loads(fupin("replay", key, "--json").out)["digest"] == digest
    assert "no such arm in studies/tiny_study" in fupin("replay", key, "--against", "cahs").err
    assert "no run begins so" in fupin("replay", "zz").err
    assert "8 runs begin so: " in fupin("replay", "").err
    nobody = fupin("replay", key, "--household", "0-1-300", "--against", "cash")
    assert (nobody.code, nobody.out) == (2, "")
    assert "in village 1 of county 0 there are 30 households" in nobody.err
    both = json.loads(fupin("replay", key, "--household", "0-1-3", "--against", "cash", "--json").out)
    assert f"part in {both['part_in']}, first in: {both['part_first_in']}" in said.out
    assert [page["month"] for page in both["diary"]] == [page["month"] for page in both["diary_against"]]
    with sqlite3.connect("studies/tiny_study/runs.sqlite") as journal:
        journal.execute("update runs set digest = 'another' where key = ?", (key,))
    differs = fupin("replay", key)
    assert differs.code == 5
    assert "DIFFERS from another, which was kept." in differs.out


@pytest.mark.usefixtures("undrawn")
def test_who_asks_for_nothing_running_is_told_so(fupin: CommandLine, folder: Path) -> None:
    fupin("study", write_study(folder), *SERIAL)
    assert fupin("study", "cancel", "tiny_study").out == "Nobody runs studies/tiny_study.\n"
    assert fupin("study", "retry-failed", "tiny_study", "--on", "serial").out.startswith("No run has failed.\n")
    missing = fupin("study", "status", "tiny_studi")
    assert missing.code == 2
    assert 'Did you mean "tiny_study"?' in missing.err


@pytest.mark.parametrize(
    ("more", "words", "said"),
    [
        ('[sweep.vary]\n"policy.dibao.levle" = [0.3, 0.9]\n', (), "policy.dibao.level"),
        ('[sweep.vary]\n"policy.dibao.level" = [0.3, -900]\n', (), "policy.dibao.level"),
        (SWEEP, ("--max-runs", "9"), "up to 16 runs"),
        ("[searhc]\n", (), 'Did you mean "search"?'),
        ("", ("--timeout", "soon"), "--timeout soon: write a time"),
    ],
)
def test_bad_studies_are_refused_before_anything_starts(
    fupin: CommandLine, folder: Path, more: str, words: tuple[str, ...], said: str
) -> None:
    found = fupin("study", write_study(folder, more), *SERIAL, *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert not (folder / "studies").exists()


def test_every_mistake_of_a_study_is_said_at_once(fupin: CommandLine, folder: Path) -> None:
    text = STUDY.replace('"income"', '"incme"').replace("first = 4", "first = 9\nmost = 4\nuntil = { hedcount = 0.1 }")
    text = text.replace("level = 900", "level = -900").replace('"as_it_is"', '"as_it_iss"')
    found = fupin("study", write_study(folder, 'contrasts = [["cash", "csh"]]\n' + SWEEP, text), *SERIAL)
    assert (found.code, found.out) == (2, "")
    said = (
        '[study] measures: no measure "incme"',
        "first = 9, most = 4: first must not be more than most",
        'until.hedcount: is not among the measures. Did you mean "headcount"?',
        '"as_it_iss": no such arm. Did you mean "as_it_is"?',
        '"csh": no such arm. Did you mean "cash"?',
        "[arms.cash] [[policy]] cash.level = -900: must lie between 0 and 1,000,000",
    )
    for sentence in said:
        assert sentence in found.err
    assert found.err.endswith(f"{len(said)} mistakes; nothing was run.\n")
    assert not (folder / "studies").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("study", "empty.toml"), "holds nothing"),
        (("study", "tiny_studi.toml"), 'no such file. Did you mean "tiny_study.toml"?'),
        (("study", "folder"), "is a folder, not a file"),
        (("study", "tiny.toml"), "is not a study but a scenario"),
        (("run", "tiny_study.toml"), "is not a scenario but a study"),
        (("compare", "tiny.toml", "tiny_study.toml"), "tiny_study.toml: is not a scenario but a study"),
        (("study", "plna", "tiny_study.toml"), 'study has no command "plna". Did you mean "plan"?'),
        (("study", "tiny_study.toml", "--on", "dsk:tcp://1"), 'Did you mean "dask"?'),
        (("study", "tiny_study.toml", "--out", "empty.toml"), "is a file; a folder is needed"),
        (("replay", "ab"), "no study is there"),
        (("export", "folder", "csv"), "holds no study"),
    ],
)
def test_what_cannot_be_meant_is_one_mistake(
    fupin: CommandLine, folder: Path, words: tuple[str, ...], said: str
) -> None:
    write_study(folder)
    (folder / "empty.toml").write_text("")
    (folder / "folder").mkdir()
    before = files_in(folder)
    found = fupin(*words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err
    assert found.err.endswith("\n1 mistake; nothing was run.\n")
    assert files_in(folder) == before


@pytest.mark.usefixtures("undrawn")
def test_a_study_does_not_take_the_folder_of_another(fupin: CommandLine, folder: Path) -> None:
    quick = (*SERIAL, "--workers", "1", "--set", "replicates.first=2", "--set", "replicates.most=2")
    file = write_study(folder)
    fupin("study", file, *quick)
    other = fupin("study", file, *quick, "--seed", "4")
    assert (other.code, other.out) == (2, "")
    assert "studies/tiny_study: holds another study" in other.err
    assert "its seed is 3, not 4; give another --out, or --force" in other.err
    assert "its arms are others" in fupin("study", file, *quick, "--set", "population.households=20").err
    changed = fupin("study", write_study(folder, text=STUDY.replace("900", "700")), *quick)
    assert "2 runs were lived now and 2 were there." in changed.out, "one arm is what it was"
    assert fupin("study", file, *quick, "--seed", "4", "--force").code == 0
