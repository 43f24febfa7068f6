"""Whatever happens to a study, the same command given again ends with what an undisturbed study shows, bit for bit."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fupin_sim.cli import main
from tests.command_line import start
from tests.stored import read_only, small_disk
from tests.tiny_study import kept, write_study

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PLUGIN = '''
import os, signal, time
from multiprocessing import parent_process
from pathlib import Path
from fupin_sim.plugins import Policy
class Own(Policy):
    """Takes its time, and does what files tell it, none of which changes a number."""
    def adjust(self, world):
        folder = Path(os.environ["FAULTS"])
        if world.clock.month % 12 == 0 and (folder / "slow").exists(): time.sleep(0.1)
        while (folder / "hold").exists(): time.sleep(0.05)
        if (folder / "endless").exists() and world.clock.month % 12 == 5: time.sleep(60)
        if (folder / "raise").exists(): raise ZeroDivisionError("nothing to share among")
        if parent_process() and (folder / "kill").exists():
            (folder / "kill").unlink(missing_ok=True)
            os.kill(os.getpid(), signal.SIGKILL)
'''
COMMAND = ("study", "tiny_study.toml", "--workers", "2", "-q", "--no-figures")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    write_study(folder, plugin=PLUGIN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAULTS", str(folder))
        assert ended(start("study", "tiny_study.toml", "--on", "serial", "-q", "--no-figures", folder=folder)) == 0
    return folder / "studies" / "tiny_study"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_study(tmp_path, plugin=PLUGIN)
    monkeypatch.setenv("FAULTS", str(tmp_path))
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
    for switch in ("slow", "endless", "raise", "kill", "hold"):
        (folder / switch).unlink(missing_ok=True)
    with contextlib.chdir(folder):  # in this process and without workers it is there sooner
        assert here("study", "tiny_study.toml", "--on", "serial", "-q", "--no-figures", *more) == 0
    (digest, frame), (other, other_frame) = kept(study or folder / "studies" / "tiny_study"), kept(undisturbed)
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
    assert kept(folder / "studies" / "tiny_study")[0] == kept(undisturbed)[0]


def test_the_command_itself_is_killed(folder: Path, undisturbed: Path) -> None:
    (folder / "slow").touch()
    process = start(*COMMAND, folder=folder)
    wait_for(lambda: finished(folder / "studies" / "tiny_study") >= 1, process)
    process.kill()
    process.communicate(timeout=30)
    assert 1 <= finished(folder / "studies" / "tiny_study") < 8
    as_if_nothing_had_happened(folder, undisturbed)


@pytest.mark.parametrize("times", [1, 2])
def test_ctrl_c(folder: Path, undisturbed: Path, times: int) -> None:
    study = folder / "studies" / "tiny_study"
    (folder / "slow").touch()
    process = start(*COMMAND, folder=folder)
    wait_for(lambda: finished(study) >= 1, process)
    if times == 2:
        (folder / "endless").touch()
    begin = time.monotonic()
    for _ in range(times):
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
    out, err = process.communicate(timeout=60)
    assert time.monotonic() - begin < 40
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
        assert "Traceback" not in err
        ballast.unlink()
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
