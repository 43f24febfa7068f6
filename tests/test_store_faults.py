"""Nothing committed is lost: killed writers, full and read-only disks, flipped bits, a second writer, a wrong clock."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from fupin_sim import files
from fupin_sim.errors import BadInput
from fupin_sim.store import Problem, Store, StoreBusy, StoreFailed, lock, packed
from fupin_sim.store import sharding as moving
from tests.stored import cells, households, key, python, read_only, row, series, small_disk, survival

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs kill -9, fork or mount")


def study_of(folder: Path, runs: int, **other: object) -> str:
    """Make a study and give back its digest."""
    with Store(folder, write=True) as store:
        store.plan(cells(runs))
        store.put([row(i, **other) for i in range(runs)])
        return store.digest()


# damaged files


def truncated(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flipped(data: bytes) -> bytes:
    return data[:50] + bytes([data[50] ^ 4]) + data[51:]


HARMS = {"truncated": truncated, "flipped": flipped, "empty": lambda data: b"", "gone": None}


@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
@pytest.mark.parametrize("kind", ["series", "survival"])
def test_a_damaged_shard_is_found_named_and_made_again(
    tmp_path: Path, kind: str, harm: Callable[[bytes], bytes] | None
) -> None:
    whole = study_of(tmp_path / "s", 203)
    path = tmp_path / "s" / kind / "000002.parquet"
    path.write_bytes(harm(path.read_bytes())) if harm else path.unlink()
    with Store(tmp_path / "s", write=False) as store:
        (problem,) = store.verify()
        assert problem.file == f"{kind}/000002.parquet"
        assert problem.what == ("is not as it was written" if harm else "is gone")
        assert len(problem.keys) == 3
        with pytest.raises(BadInput, match=rf"{kind}/000002.*store verify --forget"):
            getattr(store, kind)()
        assert len(getattr(store, "survival" if kind == "series" else "series")([problem.keys[0]])) >= 0
        other = [key_ for key_ in store.finished() if key_ not in problem.keys]
        assert len(getattr(store, kind)(other)["key"].unique()) > 100  # what is whole can still be read
    with Store(tmp_path / "s", write=True) as store:
        assert store.forget(problem.keys) == 3
        assert store.verify(deep=True) == []
        lost = [i for i in range(203) if key(i) in problem.keys]
        store.put([row(i) for i in lost])
        store.gc()
        assert store.digest() == whole
        assert len(store.series()) == 203 * 12


def test_a_damaged_household_table_is_found_and_never_read(tmp_path: Path) -> None:
    study_of(tmp_path, 2, households=households(1))
    path = tmp_path / "households" / f"{key(1)}.parquet"
    path.write_bytes(flipped(path.read_bytes()))
    with Store(tmp_path, write=False) as store:
        assert store.verify() == [Problem(f"households/{key(1)}.parquet", "is not as it was written", (key(1),))]
        with pytest.raises(BadInput, match="not as it was written"):
            store.households(key(1))
        assert store.households(key(0)) is not None


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("update runs set headlines = replace(headlines, '0.33', '0.34') where key = ?", "lines are not"),
        ("update runs set seed = '1' where key = ?", "lines are not"),
        ("update waiting set series = substr(series, 1, 30) where key = ?", "tables that wait"),
        ("update waiting set series = survival where key = ?", "tables that wait"),
        ("delete from waiting where key = ?", "tables that wait"),
    ],
)
def test_a_changed_journal_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str, said: str) -> None:
    monkeypatch.setattr(Store, "_shard", lambda self: None)
    study_of(tmp_path, 3)
    journal = sqlite3.connect(tmp_path / "runs.sqlite")
    journal.execute(sql, (key(1),))
    journal.commit()
    journal.close()
    with Store(tmp_path, write=False) as store:
        (problem,) = store.verify()
        assert problem.keys == (key(1),)
        assert problem.what.startswith(said)


def test_a_shard_that_says_another_thing_than_its_runs_is_found_by_reading_it(tmp_path: Path) -> None:
    study_of(tmp_path, 3)
    path = tmp_path / "series" / "000001.parquet"
    frame = files.read_parquet([path])
    frame.loc[frame["key"] == key(1), "value"] += 1
    files.write_parquet(path, frame)
    journal = sqlite3.connect(tmp_path / "runs.sqlite")
    journal.execute("update shards set series = ?", (files_digest(path),))
    journal.commit()
    journal.close()
    with Store(tmp_path, write=False) as store:
        assert store.verify() == []
        (problem,) = store.verify(deep=True)
        assert problem.keys == (key(1),)


def files_digest(path: Path) -> str:
    from fupin_sim.provenance import file_digest

    return file_digest(path)


# a folder that is none of ours


def newer(path: Path) -> None:
    journal = sqlite3.connect(path)
    journal.execute("pragma user_version = 9")
    journal.close()


def foreign(path: Path) -> None:
    path.unlink()
    journal = sqlite3.connect(path)
    journal.execute("create table cats(name)")
    journal.close()


def broken(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.write_bytes(b""), "runs.sqlite is empty"),
        (lambda path: path.write_text("Dear diary, " * 99), "is not a SQLite file"),
        (broken, "is damaged"),
        (newer, r"newer version of fupin-sim \(schema 9, known is 1\)"),
        (foreign, "was not made by fupin-sim"),
        (lambda path: path.unlink(), "there is no runs.sqlite"),
        (lambda path: path.unlink() or path.parent.rmdir(), "no such folder"),
    ],
    ids=["empty", "no database", "cut off", "newer", "foreign", "gone", "no folder"],
)
def test_what_is_no_journal_is_one_clear_mistake(tmp_path: Path, harm: Callable[[Path], object], said: str) -> None:
    Store(tmp_path / "s", write=True).close()
    (tmp_path / "s" / "writer.lock").unlink()
    harm(tmp_path / "s" / "runs.sqlite")

    def use(write: bool) -> None:
        with Store(tmp_path / "s", write=write) as store:
            store.finished()
            store.verify()

    with pytest.raises(BadInput, match=said) as mistake:
        use(False)
    assert len(mistake.value.mistakes) == 1
    assert mistake.value.where == str(tmp_path / "s")
    if "no " not in said:  # what is not there is made
        with pytest.raises(BadInput, match=said):
            use(True)


def test_a_file_in_the_place_of_the_folder_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "s").write_text("x")
    for write in (True, False):
        with pytest.raises(BadInput, match=r"file|folder"):
            Store(tmp_path / "s", write=write)


def test_the_log_of_a_journal_that_was_deleted_is_not_read_into_the_new_one(tmp_path: Path) -> None:
    with Store(tmp_path / "old", write=True) as store:
        store.put([row(1)])
        log = (tmp_path / "old" / "runs.sqlite-wal").read_bytes()
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "runs.sqlite-wal").write_bytes(log)
    with Store(tmp_path / "new", write=True) as store:
        assert store.finished() == set()


# full, read-only and vanished disks


@linux
def test_a_full_disk_loses_nothing_and_with_room_the_rest_is_done(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 700) as disk:
        kept = 0
        with Store(disk / "s", write=True) as store:
            store.plan(cells(300))
            said = ""
            while not said and kept < 300:
                try:
                    store.put([row(i, series=series(i, 200)) for i in range(kept, kept + 3)])
                    kept += 3
                except StoreFailed as failed:
                    said = str(failed)
            assert re.search(r"[nN]o space left|input or output failed", said)
        assert 3 <= kept < 300
        with Store(disk / "s", write=False) as store:
            found = store.finished()
            assert {key(i) for i in range(kept)} <= found
            assert store.verify(deep=True) == []
        subprocess.run(["mount", "-o", "remount,size=40m", str(disk)], check=True)
        with Store(disk / "s", write=True) as store:
            store.gc()
            store.put([row(i, series=series(i, 200)) for i in range(300) if key(i) not in store.finished()])
            assert store.verify(deep=True) == []
            mended = store.digest()
        assert not list((disk / "s").rglob("*.part"))
    with Store(tmp_path / "undisturbed", write=True) as store:
        store.plan(cells(300))
        store.put([row(i, series=series(i, 200)) for i in range(300)])
        assert store.digest() == mended


@linux
def test_a_disk_that_is_full_from_the_beginning_is_said_so(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 64) as disk:
        (disk / "film").write_bytes(bytes(64 * 1024))
        with pytest.raises(StoreFailed, match="disk"):
            Store(disk / "s", write=True)
        assert "runs.sqlite" not in {path.name for path in disk.rglob("*")}


@linux
@pytest.mark.parametrize("killed", [False, True], ids=["closed well", "writer killed"])
def test_a_study_on_a_read_only_disk_is_read_and_not_written(tmp_path: Path, killed: bool) -> None:
    with small_disk(tmp_path / "disk", 20_000) as disk:
        if killed:
            writer = python(WRITER, disk / "s", "forever")
            wait_for(lambda: count(disk / "s") >= 20)
            writer.kill()
            writer.communicate()
        else:
            study_of(disk / "s", 20)
        read_only(disk)
        with Store(disk / "s", write=False) as store:
            assert len(store.finished()) >= 20
            assert store.verify(deep=True) == []
            assert len(store.series([key(3)])) == 12
            assert store.writer == ""
        with pytest.raises(StoreFailed, match=r"Read-only file system"):
            Store(disk / "s", write=True)
        with pytest.raises(StoreFailed, match=r"Read-only file system"):
            Store(disk / "new", write=True)


@linux
def test_a_folder_that_vanishes_under_the_writer_is_noticed(tmp_path: Path) -> None:
    with Store(tmp_path / "s", write=True) as store:
        store.put([row(0)])
        (tmp_path / "s").rename(tmp_path / "moved")
        with pytest.raises(StoreFailed, match="has vanished"):
            store.put([row(1)])
        (tmp_path / "moved").rename(tmp_path / "s")
        store.put([row(2)])
    with Store(tmp_path / "s", write=False) as store:
        assert {key(0), key(2)} <= store.finished()
        assert store.verify(deep=True) == []


def test_a_shard_that_cannot_be_written_leaves_its_runs_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(moving.Files, "write", full)
        whole = study_of(tmp_path, 5)  # closes in peace
    with Store(tmp_path, write=True) as store:
        assert store.info().waiting == 5
        assert store.info().shards == 0
        assert store.digest() == whole
        assert len(store.series()) == 60
        assert store.verify(deep=True) == []
    with Store(tmp_path, write=False) as store:
        assert (store.info().waiting, store.info().shards) == (0, 1)


def test_another_programs_lock_is_said_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fupin_sim.store.journal.PATIENCE_S", 0.1)
    with Store(tmp_path, write=True) as store:
        browser = sqlite3.connect(tmp_path / "runs.sqlite", isolation_level=None)
        browser.execute("begin immediate")
        with pytest.raises(StoreFailed, match="another program holds"):
            store.put([row(0)])
        browser.execute("rollback")
        browser.close()
        store.put([row(0)])
        assert store.finished() == {key(0)}


# killed writers


WRITER = """
import sys
from fupin_sim.store import Store
from tests.stored import cells, row
with Store(sys.argv[1], write=True) as store:
    store.plan(cells(4000))
    n = 4000 if sys.argv[2] == "forever" else int(sys.argv[2])
    start = len(store.finished())
    for i in range(start, n, 4):
        store.put([row(j) for j in range(i, min(i + 4, n))])
        print(i + 4, flush=True)
"""


def count(folder: Path) -> int:
    try:
        with Store(folder, write=False) as store:
            return len(store.finished())
    except (BadInput, OSError):
        return 0


def wait_for(happened: Callable[[], bool], most_s: float = 60.0) -> None:
    until = time.monotonic() + most_s
    while not happened():
        assert time.monotonic() < until, "it never happened"
        time.sleep(0.02)


@linux
def test_a_killed_writer_loses_nothing_it_has_committed(tmp_path: Path) -> None:
    folder = tmp_path / "s"
    for least in (8, 212):  # while the first runs are put, and after the first shard
        writer = python(WRITER, folder, "forever")
        assert writer.stdout is not None
        said = 0
        while said < least:
            said = int(writer.stdout.readline())
        writer.kill()
        rest, _ = writer.communicate()
        said = max([said, *map(int, rest.split())])
        with Store(folder, write=True) as store:
            found = store.finished()
            assert {key(i) for i in range(said)} <= found
            assert len(found) <= said + 4
            assert store.verify(deep=True) == []
            assert len(store.series()) == 12 * len(found)
            n = len(found)
    with Store(folder, write=True) as store:
        store.plan(cells(n), anew=True)
        store.gc()
        assert not list(folder.rglob("*.part"))
        resumed = store.digest()
    assert study_of(tmp_path / "undisturbed", n) == resumed


@linux
@pytest.mark.parametrize("moment", ["before the file has its name", "before the journal knows of the file"])
def test_a_writer_killed_while_it_writes_a_shard_loses_nothing(tmp_path: Path, moment: str) -> None:
    code = """
import os, signal, sys
from fupin_sim import files
from fupin_sim.store import Store
from tests.stored import cells, row
def die(*_): os.kill(os.getpid(), signal.SIGKILL)
store = Store(sys.argv[1], write=True)
store.plan(cells(9))
store.put([row(i) for i in range(9)])
if sys.argv[2].startswith("before the file"):
    files.os.replace = die
else:
    store._journal.connection.set_trace_callback(lambda sql: die() if sql == "commit" else None)
store.close()
"""
    process = python(code, tmp_path / "s", moment)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    left = [path.name for path in (tmp_path / "s").rglob("*.pa*") if path.suffix in (".part", ".parquet")]
    assert left
    with Store(tmp_path / "s", write=True) as store:
        assert store.info().waiting == 9
        assert store.verify(deep=True) == []
        mended = store.digest()
    with Store(tmp_path / "s", write=True) as store:
        store.gc()
        assert store.verify(deep=True) == []
        assert len(store.series()) == 9 * 12
        assert not list((tmp_path / "s").rglob("*.part"))
    assert study_of(tmp_path / "undisturbed", 9) == mended


# one writer


@linux
def test_a_second_process_is_refused_by_name_and_reads_all_the_same(tmp_path: Path) -> None:
    with Store(tmp_path, write=True) as store:
        store.put([row(0)])
        code = """
import sys
from fupin_sim.store import Store, StoreBusy
with Store(sys.argv[1], write=False) as reader:
    print(len(reader.finished()), reader.writer)
try:
    Store(sys.argv[1], write=True)
except StoreBusy as busy:
    print(busy)
"""
        out, err = python(code, tmp_path).communicate(timeout=60)
        assert not err
        told = json.loads((tmp_path / "writer.lock").read_text())
        named = f"{told['command']} (process {os.getpid()} on {told['machine']})"
        assert out.splitlines()[0] == f"1 {named}"
        assert f"another process writes to it: {named}" in out
        assert out.endswith("1 mistake; nothing was changed.\n")
        with pytest.raises(StoreBusy):  # nor twice in one process
            Store(tmp_path, write=True)
        store.put([row(1)])
    assert (tmp_path / "writer.lock").read_text() == ""
    with Store(tmp_path, write=True) as store:
        assert store.finished() == {key(0), key(1)}


@linux
def test_the_lock_of_a_dead_writer_is_taken_over_whatever_its_process_number_says(tmp_path: Path) -> None:
    writer = python(WRITER, tmp_path / "s", "forever")
    wait_for(lambda: count(tmp_path / "s") >= 4)
    with pytest.raises(StoreBusy, match=f"process {writer.pid} "):
        Store(tmp_path / "s", write=True)
    writer.kill()
    writer.communicate()
    path = tmp_path / "s" / "writer.lock"
    told = json.loads(path.read_text())
    path.write_text(json.dumps(told | {"process": os.getpid()}))  # its number was given to a process that lives
    with Store(tmp_path / "s", write=False) as store:
        assert store.writer == ""
    with Store(tmp_path / "s", write=True) as store:
        assert len(store.finished()) >= 4


@linux
def test_a_forked_child_that_outlives_the_writer_does_not_hold_its_lock(tmp_path: Path) -> None:
    code = """
import os, sys, time
from fupin_sim.store import Store
store = Store(sys.argv[1], write=True)
child = os.fork()
if not child:
    time.sleep(60)
    os._exit(0)
print(child, flush=True)
os._exit(0)
"""
    writer = python(code, tmp_path)
    assert writer.stdout is not None
    child = int(writer.stdout.readline())
    try:
        writer.wait(30)
        assert psutil.Process(child).is_running()
        with Store(tmp_path, write=True) as store:
            store.put([row(0)])
    finally:
        os.kill(child, signal.SIGKILL)
        writer.communicate()


def test_a_lock_file_that_was_replaced_is_locked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []
    true_take = lock._take

    def replaced(handle: int, alone: bool) -> None:
        if not taken:
            (tmp_path / "writer.lock").unlink()
        taken.append(handle)
        true_take(handle, alone)

    monkeypatch.setattr(lock, "_take", replaced)
    with Store(tmp_path, write=True):
        assert len(taken) == 2
        with pytest.raises(StoreBusy):
            Store(tmp_path, write=True)


@pytest.mark.parametrize("leap_s", [-86_400 * 365, 86_400 * 365], ids=["a year back", "a year on"])
def test_a_clock_that_is_set_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leap_s: float) -> None:
    true = time.time
    with Store(tmp_path / "s", write=True) as store:
        store.plan(cells(4))
        store.put([row(0), row(1)])
        monkeypatch.setattr(time, "time", lambda: true() + leap_s)
        monkeypatch.setattr(time, "time_ns", lambda: int((true() + leap_s) * 1e9))
        for path in (tmp_path / "s").rglob("*"):
            os.utime(path, (true() + leap_s, true() + leap_s))
        with pytest.raises(StoreBusy):
            Store(tmp_path / "s", write=True)
        store.put([row(2), row(3)])
    with Store(tmp_path / "s", write=True) as store:
        assert store.verify(deep=True) == []
        assert store.digest() == study_of(tmp_path / "undisturbed", 4)
        assert store.gc().runs == 0


# many runs


def test_the_memory_of_the_process_stays_flat_over_many_runs(tmp_path: Path) -> None:
    tables = {"series": packed(series(0)), "survival": packed(survival(3))}
    process = psutil.Process()
    with Store(tmp_path, write=True) as store:
        store.put([row(i, **tables) for i in range(400)])
        before = process.memory_info().rss
        for first in range(400, 3400, 100):
            store.put([row(i, **tables) for i in range(first, first + 100)])
        grown = process.memory_info().rss - before
        assert len(store.finished()) == 3400
        assert store.info().shards >= 16
    assert grown < 60e6
