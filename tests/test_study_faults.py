"""Whatever happens to a study, the same command given again ends with what an undisturbed study shows, bit for bit."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fupin_sim.cli import main
from fupin_sim.experiment.study_file import read_study
from fupin_sim.store import Store
from tests.command_line import start
from tests.nobody_left import marked, nobody_left, wait_until_gone
from tests.stored import read_only, small_disk
from tests.test_dask import Dask
from tests.tiny_study import kept, write_study

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PLUGIN = '''
import os, signal, time
from multiprocessing import parent_process
from pathlib import Path
from fupin_sim.plugins import Policy
HERE = Path(__file__).parent
class Own(Policy):
    """Takes its time, and does what files tell it, none of which changes a number."""
    def adjust(self, world):
        if world.clock.month % 12 == 0 and (HERE / "slow").exists(): time.sleep(0.1)
        while (HERE / "hold").exists(): time.sleep(0.05)
        if (HERE / "endless").exists() and world.clock.month % 12 == 5: time.sleep(600)
        if (HERE / "raise").exists(): raise ZeroDivisionError("nothing to share among")
        cash = any(policy.name == "cash" for policy in world.spec.policies)
        if cash and (HERE / "deadly").exists() and str(world.draws.seed) == (HERE / "deadly").read_text():
            os.kill(os.getpid(), signal.SIGKILL)
        if parent_process() and (HERE / "kill").exists():
            (HERE / "kill").unlink(missing_ok=True)
            os.kill(os.getpid(), signal.SIGKILL)
'''
SWITCHES = ("slow", "endless", "raise", "kill", "hold", "deadly")
PLAIN = ("-q", "--no-figures")
COMMAND = ("study", "tiny_study.toml", "--workers", "2", *PLAIN)
ALONE = ("study", "tiny_study.toml", "--on", "serial", "--workers", "1", *PLAIN)
"""In the tests' own process, which needs no second to start."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    write_study(folder, plugin=PLUGIN)
    with contextlib.chdir(folder):
        assert here(*ALONE) == 0
    return folder / "studies" / "tiny_study"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_study(tmp_path, plugin=PLUGIN)
    return tmp_path


def ended(process: subprocess.Popen[str], code: int | None = None) -> int:
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err.replace('Traceback (most recent call last):\n  File "own.py"', ""), err
    assert code is None or process.returncode == code, (out, err)
    return process.returncode


def here(*words: str | Path) -> int:
    """The exit code of a command in this process."""
    with pytest.raises(SystemExit) as left:
        main([str(word) for word in words])
    return int(left.value.code or 0)


def finished(study: Path) -> int:
    """How many runs are in the journal, which another process may be writing."""
    if not (study / "runs.sqlite").exists():
        return 0
    connection = sqlite3.connect(f"file:{study / 'runs.sqlite'}?mode=ro", uri=True, timeout=10)
    try:
        return int(connection.execute("select count(*) from runs where status = 'ok'").fetchone()[0])
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def wait_for(what: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def as_if_nothing_had_happened(folder: Path, undisturbed: Path, study: Path | None = None, *more: str) -> None:
    """The same command again, and what it ends with."""
    for switch in SWITCHES:
        (folder / switch).unlink(missing_ok=True)
    with contextlib.chdir(folder):
        assert here(*ALONE, *more) == 0
    same_as(undisturbed, study or folder / "studies" / "tiny_study")


def same_as(undisturbed: Path, study: Path) -> None:
    """Whole, and with the digests and numbers of the undisturbed study."""
    (digest, frame), (other, other_frame) = kept(study), kept(undisturbed)
    assert digest == other
    assert frame.equals(other_frame)


def test_runs_that_raise(folder: Path, undisturbed: Path) -> None:
    (folder / "raise").touch()
    assert ended(start(*COMMAND, folder=folder)) == 3
    as_if_nothing_had_happened(folder, undisturbed)


def test_a_worker_is_killed_once_and_nobody_notices(folder: Path, undisturbed: Path) -> None:
    (folder / "kill").touch()
    assert ended(start(*COMMAND, folder=folder)) == 0
    assert not (folder / "kill").exists(), "it was killed"
    same_as(undisturbed, folder / "studies" / "tiny_study")


def test_the_command_itself_is_killed_and_none_of_its_processes_stays(folder: Path, undisturbed: Path) -> None:
    (folder / "slow").touch()
    with nobody_left() as mark:
        process = start(*COMMAND, folder=folder)
        wait_for(lambda: finished(folder / "studies" / "tiny_study") >= 1, process)
        assert len(marked(mark)) >= 3, "the command and its workers"
        process.kill()
        process.communicate(timeout=30)
        assert wait_until_gone(mark, 3.0) == []
    assert 1 <= finished(folder / "studies" / "tiny_study") < 8
    as_if_nothing_had_happened(folder, undisturbed)


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c(folder: Path, undisturbed: Path, times: int) -> None:
    study = folder / "studies" / "tiny_study"
    (folder / "slow").touch()
    with nobody_left():
        process = start(*COMMAND, folder=folder)
        wait_for(lambda: finished(study) >= 1, process)
        if times == 2:
            (folder / "endless").touch()
        begin = time.monotonic()
        for _ in range(times):
            process.send_signal(signal.SIGINT)
            time.sleep(0.5)
        out, err = process.communicate(timeout=60)
    assert time.monotonic() - begin < 120
    assert process.returncode == 4, (out, err)
    assert "Traceback" not in err
    assert "The same command does the rest:\n  fupin-sim study tiny_study.toml --workers 2 -q --no-figures" in out
    assert finished(study) >= 1
    as_if_nothing_had_happened(folder, undisturbed)


def test_another_process_asks_it_to_stop_and_none_may_write_meanwhile(folder: Path, undisturbed: Path) -> None:
    study = folder / "studies" / "tiny_study"
    (folder / "slow").touch()
    process = start(*COMMAND, folder=folder)
    wait_for(lambda: finished(study) >= 1, process)
    (folder / "hold").touch()
    second, status = start(*COMMAND, folder=folder), start("study", "status", "tiny_study", folder=folder)
    _, err = second.communicate(timeout=60)
    assert second.returncode == 2, err
    assert "tiny_study" in err
    assert str(process.pid) in err, "it says who holds the study"
    assert "Running: " in status.communicate(timeout=60)[0]
    with contextlib.chdir(folder):
        assert here("study", "cancel", "tiny_study") == 0
    time.sleep(1)
    (folder / "hold").unlink()
    assert ended(process) == 4
    assert finished(study) < 8
    as_if_nothing_had_happened(folder, undisturbed)


def test_a_full_disk(folder: Path, undisturbed: Path) -> None:
    with small_disk(folder / "disk", 4096) as disk:
        (folder / "slow").touch()
        process = start(*COMMAND, "--out", str(disk / "out"), folder=folder)
        wait_for(lambda: finished(disk / "out") >= 1, process)
        ballast = disk / "ballast"
        with ballast.open("wb", buffering=0) as handle:
            try:
                while True:
                    handle.write(b"\0" * 4096)
            except OSError:
                pass
        out, err = process.communicate(timeout=60)
        assert process.returncode == 4, (out, err)
        assert "Given up: " in out
        assert re.search(r"[nN]o space left|disk is full|input or output failed", out)
        assert "Traceback" not in err
        ballast.unlink()
        assert finished(disk / "out") >= 1
        as_if_nothing_had_happened(folder, undisturbed, disk / "out", "--out", str(disk / "out"))


def test_a_disk_that_becomes_read_only(folder: Path, undisturbed: Path) -> None:
    with small_disk(folder / "disk", 4096) as disk:
        out = disk / "out"
        with contextlib.chdir(folder):
            assert here(*COMMAND, "--on", "serial", "--out", out, "--budget", "3runs") == 4
        read_only(disk)
        process = start(*COMMAND, "--out", str(out), folder=folder)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 2, err
        assert "Traceback" not in err
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        as_if_nothing_had_happened(folder, undisturbed, out, "--out", str(out))


def test_a_damaged_shard_is_found_and_run_again(folder: Path, undisturbed: Path) -> None:
    study = folder / "studies" / "tiny_study"
    shutil.copytree(undisturbed, study)
    for damage in ("truncated", "flipped"):
        shard = next((study / "series").glob("*.parquet"))
        data = bytearray(shard.read_bytes())
        if damage == "truncated":
            del data[len(data) // 2 :]
        else:
            data[len(data) // 2] ^= 1
        shard.write_bytes(data)
        assert here("store", "verify", study) == 5
        assert here("store", "verify", study, "--forget") == 0
        assert finished(study) < 8
        as_if_nothing_had_happened(folder, undisturbed)


def test_a_run_that_always_kills_its_worker_is_crashed_and_the_others_finish(folder: Path, undisturbed: Path) -> None:
    seed = read_study(folder / "tiny_study.toml").seed_of(2)
    (folder / "deadly").write_text(str(seed))
    process = start(*COMMAND, folder=folder)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 3, (out, err)
    assert "Failed: cash, replicate 2: its process died: killed, or out of memory" in out
    assert "No interval, because runs failed: cash (1 of 4)." in out
    assert "less as_it_is" in out
    assert " ± " not in out.partition("  cash")[2].partition("\n")[0]
    study = folder / "studies" / "tiny_study"
    assert finished(study) == 7
    with Store(study, write=False) as store:
        assert store.failures()[["status", "seed"]].to_numpy().tolist() == [["crashed", seed]]
    (folder / "deadly").unlink()
    with contextlib.chdir(folder):
        assert here("study", "retry-failed", "tiny_study", *ALONE[2:]) == 0
    same_as(undisturbed, study)


def test_the_same_digests_on_four_workers_then_one_then_two(folder: Path, undisturbed: Path) -> None:
    with contextlib.chdir(folder):
        for workers, budget, code in ((4, "4runs", 4), (1, "2runs", 4), (2, "9runs", 0)):
            words = ("study", "tiny_study.toml", *PLAIN, "--workers", str(workers), "--budget", budget)
            assert here(*words) == code
    same_as(undisturbed, folder / "studies" / "tiny_study")


@pytest.mark.parametrize("years", [-1, 1], ids=["a year back", "a year on"])
def test_a_clock_that_is_set_meanwhile(
    folder: Path, undisturbed: Path, monkeypatch: pytest.MonkeyPatch, years: int
) -> None:
    true, leap = time.time, years * 365 * 86_400
    with contextlib.chdir(folder):
        assert here(*ALONE, "--budget", "3runs") == 4
        monkeypatch.setattr(time, "time", lambda: true() + leap)
        monkeypatch.setattr(time, "time_ns", lambda: int((true() + leap) * 1e9))
        for path in (folder / "studies").rglob("*"):
            os.utime(path, (true() - leap, true() - leap))
        assert here(*ALONE) == 0
    same_as(undisturbed, folder / "studies" / "tiny_study")


def test_a_folder_that_becomes_read_only_while_it_is_written(folder: Path, undisturbed: Path) -> None:
    """The kernel refuses to make a file system read-only while a file on it is open to be written; a mount laid over
    the folder is read-only for all that is opened from then on."""
    with small_disk(folder / "disk", 8192) as disk:
        (folder / "slow").touch()
        out = disk / "out"
        process = start(*COMMAND, "--out", out, folder=folder)
        wait_for(lambda: finished(out) >= 1, process)
        subprocess.run(["mount", "--bind", str(disk), str(disk)], check=True)
        try:
            subprocess.run(["mount", "-o", "remount,bind,ro", str(disk)], check=True)
            said, err = process.communicate(timeout=60)
        finally:
            subprocess.run(["umount", str(disk)], check=True)
        assert process.returncode == 4, (said, err)
        assert "Traceback" not in err
        assert "Given up: " in said
        assert "Read-only file system" in said
        assert finished(out) >= 1
        as_if_nothing_had_happened(folder, undisturbed, out, "--out", str(out))


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A real scheduler and two workers on loopback; the first test kills a worker, the second the scheduler."""
    pytest.importorskip("distributed")
    with nobody_left():
        started = Dask(tmp_path_factory.mktemp("dask"))
        try:
            started.schedule()
            started.work("one", "--no-nanny")
            started.work("two", "--no-nanny")
            started.wait_for_workers(2)
            yield started
        finally:
            started.end()


def test_a_dask_worker_is_killed_and_the_numbers_are_the_same(folder: Path, undisturbed: Path, dask: Dask) -> None:
    (folder / "slow").touch()
    process = start(*COMMAND, "--on", dask.on, folder=folder)
    wait_for(lambda: finished(folder / "studies" / "tiny_study") >= 1, process)
    (folder / "hold").touch()
    time.sleep(1)  # now both live a run that does not end
    dask.kill("one")
    (folder / "hold").unlink()
    assert ended(process) == 0
    same_as(undisturbed, folder / "studies" / "tiny_study")


def test_the_dask_scheduler_is_killed_and_another_goes_on(folder: Path, undisturbed: Path, dask: Dask) -> None:
    study = folder / "studies" / "tiny_study"
    (folder / "slow").touch()
    process = start(*COMMAND, "--on", dask.on, folder=folder)
    wait_for(lambda: finished(study) >= 1, process)
    gone = dask.on
    dask.end()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4, (out, err)
    said = f"Given up: --on {gone}: the Dask scheduler at {gone.removeprefix('dask:')} is gone\n"
    assert out.count(said) == 1
    assert "The same command does the rest:\n  fupin-sim study tiny_study.toml" in out
    assert err == ""
    assert 1 <= finished(study) < 8
    (folder / "slow").unlink()
    dask.file.unlink(missing_ok=True)
    dask.schedule()
    dask.work("three", "--no-nanny")
    assert dask.on != gone
    with contextlib.chdir(folder):
        assert here(*COMMAND, "--on", dask.on) == 0
    same_as(undisturbed, study)
