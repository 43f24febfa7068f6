"""Executors: tasks finish whatever happens to the others, and workers leave with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from contextlib import closing
from multiprocessing import active_children
from pathlib import Path

import psutil
import pytest

from fupin_sim.executors import ONE_THREAD, Failure, Serial, Workers, attempt, run_all, tick

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


class Odd(Exception):
    """An exception that no pickle can bring back."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__("odd")


def double(x: int) -> int:
    tick()
    if x == 13:
        raise Odd(1, 2)
    if x == 14:
        raise SystemExit(7)
    return 2 * x


def deadly(x: int, marks: str) -> int:
    """Kills its process if x is 1; each call leaves a mark."""
    Path(marks, f"{x}-{time.monotonic_ns()}").touch()
    if x == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.2)
    return x


def surroundings() -> tuple[list[str | None], bool, str]:
    """Threads a worker may use, whether Ctrl-C would reach it, and what started it."""
    blocked = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
    deaf = blocked or signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    return [os.environ.get(name) for name in ONE_THREAD], deaf, str(os.getppid())


def tasks(*xs: int) -> list[tuple[int, tuple[int]]]:
    return [(x, (x,)) for x in xs]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_task_that_raises_is_a_failure_and_the_others_finish(workers: int) -> None:
    heard: list[int] = []
    found = dict(run_all(double, tasks(1, 13, 2, 14, 3), workers, heard=heard.append))
    assert {x: found[x] for x in (1, 2, 3)} == {1: 2, 2: 4, 3: 6}
    odd, left = found[13], found[14]
    assert isinstance(odd, Failure)
    assert odd.error.startswith("Odd: odd (test_executors.py, line ")
    assert "Traceback" in odd.trace
    assert isinstance(left, Failure)
    assert left.error.startswith("SystemExit: 7")
    assert heard[-1] == 5
    assert heard == sorted(heard)


def test_no_tasks_need_no_worker() -> None:
    assert list(run_all(double, [], 2)) == []


def test_serial_runs_in_this_process_one_after_another() -> None:
    ticks: list[int] = []
    serial = Serial(ticks.append)
    assert serial.submit(os.getpid).result() == os.getpid()
    assert serial.submit(double, 4).result() == 8
    with pytest.raises(Odd):
        serial.submit(double, 13).result()
    assert ticks == [1, 2]
    tick()  # nobody listens any more
    assert ticks == [1, 2]


def test_serial_lets_a_keyboard_interrupt_through() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Serial(print).submit(attempt, interrupted)


def test_a_wish_to_stop_lets_what_runs_finish_and_starts_nothing() -> None:
    found: list[int] = []
    for x, _ in run_all(double, tasks(1, 2, 3, 4), 1, stopping=lambda: len(found) == 2):
        found.append(x)
    assert found == [1, 2]


@posix
def test_a_task_that_kills_its_worker_is_found_and_the_others_finish(tmp_path: Path) -> None:
    found = dict(run_all(deadly, [(x, (x, str(tmp_path))) for x in range(4)], 2))
    died = found.pop(1)
    assert isinstance(died, Failure)
    assert died.error == "its process died: killed, or out of memory"
    assert found == {0: 0, 2: 2, 3: 3}
    assert len(list(tmp_path.glob("1-*"))) == 2, "once beside others, once alone"


@posix
def test_workers_have_one_thread_and_leave_ctrl_c_to_their_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ONE_THREAD[0], raising=False)
    monkeypatch.setenv(ONE_THREAD[1], "3")  # the user's own wish
    before = dict(os.environ)
    with Workers(1) as pool:
        threads, deaf, parent = pool.submit(surroundings).result()
    assert (threads[0], threads[1]) == ("1", "3")
    assert deaf
    assert parent == str(os.getpid())
    assert dict(os.environ) == before
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, set())


@posix
def test_leaving_early_ends_the_workers_at_once() -> None:
    begin = time.monotonic()
    with closing(run_all(time.sleep, [(0, (0,)), (1, (60,))], 2)) as runs:
        assert next(runs) == (0, None)
        workers = active_children()
        assert workers
    for worker in workers:
        worker.join(10)
        assert not worker.is_alive()
    assert time.monotonic() - begin < 30


@posix
def test_workers_leave_when_their_parent_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent("""
            import os, time
            from fupin_sim.executors import Workers
            if __name__ == "__main__":
                pool = Workers(1)
                print(pool.submit(os.getpid).result(), flush=True)
                pool.submit(time.sleep, 60)
                time.sleep(60)
        """),
        encoding="utf-8",
    )
    parent = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    with parent.stdout:
        worker = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        psutil.wait_procs([worker], timeout=10)
    assert not worker.is_running() or worker.status() == psutil.STATUS_ZOMBIE
