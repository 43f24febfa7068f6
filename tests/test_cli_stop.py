"""Ctrl-C: what has finished is kept, and the same command goes on with the same bits."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fupin_sim.simulation import simulate
from tests.command_line import TINY, files_in, start

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

SLOW = '''
import time
from fupin_sim.plugins import Policy
class Slow(Policy):
    """Takes its time."""
    def adjust(self, world): time.sleep(0.01 if world.clock.month % 12 else 0.06)
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "slow.py").write_text(SLOW, encoding="utf-8")
    (tmp_path / "tiny.toml").write_text(TINY + '[[policy]]\nuse = "slow.py"\n', encoding="utf-8")
    return tmp_path


def wait_for(what: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def kept(folder: Path, out: str) -> int:
    """How many replicates have been kept."""
    return len(list((folder / out / "replicates").glob("*.json")))


def json_of(process: subprocess.Popen[str]) -> Any:
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    return json.loads(out)


def test_ctrl_c_keeps_what_has_finished_and_the_same_command_goes_on(folder: Path) -> None:
    command = ["run", "tiny.toml", "--replicates", "6", "--workers", "2", "--out", "out"]
    stopped = start(*command, folder=folder)
    wait_for(lambda: kept(folder, "out") >= 1, stopped)
    stopped.send_signal(signal.SIGINT)
    out, err = stopped.communicate(timeout=300)
    n = kept(folder, "out")
    assert stopped.returncode == 4, err
    assert 1 <= n < 6
    assert "Stopping when the runs at work have finished; Ctrl-C again stops at once." in err
    assert f"Stopped; {n} of 6 runs are kept. The same command does the rest:\n  fupin-sim run tiny.toml" in out
    assert "headcount" in out
    assert "Traceback" not in err
    provenance = json.loads((folder / "out" / "provenance.json").read_text(encoding="utf-8"))
    assert provenance["status"] == f"{n} of 6 replicates finished"

    end = json_of(start(*command, "--json", "--quiet", folder=folder))
    digests = {run["seed"]: run["digest"] for run in end["finished"]}
    assert sorted(digests) == [5, 6, 7, 8, 9, 10]
    assert digests.items() >= {provenance["seeds"][run]: d for run, d in provenance["digests"].items()}.items()
    for seed in (5, 10):
        assert simulate(folder / "tiny.toml", seed).digest == digests[seed], "as if undisturbed"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_ctrl_c_stops_at_once_and_loses_nothing_finished(folder: Path, workers: str) -> None:
    endless = SLOW.replace("0.01 if world.clock.month % 12 else 0.06", "60 if world.draws.seed > 5 else 0")
    (folder / "slow.py").write_text(endless, encoding="utf-8")
    stopped = start("run", "tiny.toml", "--replicates", "4", "--workers", workers, "--out", "out", folder=folder)
    wait_for(lambda: kept(folder, "out") == 1, stopped)
    begin = time.monotonic()
    stopped.send_signal(signal.SIGINT)
    time.sleep(0.5)
    stopped.send_signal(signal.SIGINT)
    out, err = stopped.communicate(timeout=300)
    assert time.monotonic() - begin < 40
    assert stopped.returncode == 4, err
    assert "Stopped; 1 of 4 runs are kept." in out
    assert "Traceback" not in err
    assert not [name for name in files_in(folder) if name.endswith(".part")]


def test_without_a_folder_ctrl_c_still_prints_the_table(folder: Path) -> None:
    stopped = start("run", "tiny.toml", "--replicates", "50", "--workers", "1", folder=folder)
    assert stopped.stderr is not None
    for line in stopped.stderr:
        if "1 worker" in line:
            break
    time.sleep(2)
    stopped.send_signal(signal.SIGINT)
    out, err = stopped.communicate(timeout=300)
    assert stopped.returncode == 4, err
    assert "Stopped after " in out
    assert "headcount" in out
