"""The supervisor: every run gets its row, whatever happens to workers, and no process stays behind."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import psutil
import pytest

import fupin_sim
from fupin_sim.errors import BadInput
from fupin_sim.executors import Done, ExecutorLost, Heard, Job, opened, processors, supervise, threads_for
from fupin_sim.executors.engine import Engine
from fupin_sim.executors.supervisor import BARREN, Rules, Supervisor, Task
from fupin_sim.executors.undisturbed import undisturbed
from fupin_sim.executors.work import Chunk, Row
from tests.nobody_left import nobody_left, wait_until_gone
from tests.toy_runs import burn, meet, misbehave, process, square, take, threads, ticking

ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits and sizes as Linux has them")

RAISING = ["odd", "mute", "beyond", "leave", "lambda", "one way", "recurse"]
MIXED = [Job(f"{i}", ("return", i)) for i in range(40)] + [Job(what, (what, 0)) for what in RAISING]


@pytest.fixture(autouse=True)
def all_leave() -> Iterator[None]:
    with nobody_left():
        yield


def rows_of(fn: Any, jobs: Any, **settings: Any) -> dict[str, Done]:
    """Rows by key; no key may come twice."""
    rows: list[Done] = []
    tally = supervise(fn, jobs, sink=rows.extend, **settings)
    assert len({row.key for row in rows}) == len(rows) == tally.finished
    assert tally.failed == sum(row.status != "ok" for row in rows)
    return {row.key: row for row in rows}


def essence(rows: dict[str, Done]) -> dict[str, tuple[object, ...]]:
    """What may not depend on where and how runs were lived."""
    return {key: (row.status, row.value, row.attempts, row.error) for key, row in rows.items()}


@pytest.fixture(scope="module")
def alone() -> dict[str, tuple[object, ...]]:
    return essence(rows_of(misbehave, MIXED, on="serial"))


@pytest.mark.parametrize(("workers", "chunk"), [(1, 64), (2, 1), (2, 64), (4, 7)])
def test_rows_are_the_same_whatever_the_executor_the_workers_and_the_chunks(
    workers: int, chunk: int, alone: dict[str, tuple[object, ...]]
) -> None:
    assert essence(rows_of(misbehave, MIXED, on="local", workers=workers, chunk_most=chunk)) == alone


def test_a_run_that_raises_is_failed_with_its_traceback_and_the_others_finish() -> None:
    rows = rows_of(misbehave, [*MIXED, Job("interrupt", ("interrupt", 0))], workers=2)
    assert [rows[str(i)].value for i in range(40)] == list(range(40))
    failed = {key: row.error for key, row in rows.items() if row.status == "failed"}
    assert set(failed) == {*RAISING, "interrupt"}
    assert failed["odd"].startswith("Odd: odd (toy_runs.py, line ")
    assert failed["mute"].startswith("Mute: its message cannot be shown (toy_runs.py")
    assert failed["beyond"].startswith("Beyond: far")
    assert failed["leave"].startswith("SystemExit: 7")
    assert "pickle" in failed["lambda"]
    assert failed["one way"].startswith("ValueError: not to be brought back")
    assert failed["recurse"].startswith("RecursionError")
    for key in failed:
        assert rows[key].trace.startswith("Traceback") or "toy_runs.py" in rows[key].trace
        assert rows[key].value is None


def test_a_payload_that_cannot_be_sent_is_a_failed_run_too() -> None:
    rows = rows_of(square, [Job("bad", lambda: 1), Job("good", 3)], workers=1)
    assert rows["bad"].status == "failed"
    assert "pickle" in rows["bad"].error
    assert rows["good"].value == 9


@pytest.mark.parametrize("on", ["serial", "local"])
def test_huge_values_come_whole(on: str) -> None:
    rows = rows_of(misbehave, [Job(f"{i}", ("huge", 60 * 2**20)) for i in range(3)], on=on)
    assert [len(row.value) for row in rows.values()] == [60 * 2**20] * 3


@posix
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_that_kills_its_worker_once_is_done_again_and_one_that_always_does_is_crashed(
    workers: int, tmp_path: Path
) -> None:
    jobs = [Job(f"{i}", ("return", i)) for i in range(100)]
    jobs[30:30] = [
        Job("once", ("die once", str(tmp_path / "died"))),
        Job("always", ("die", 0)),
        Job("exit", ("exit", 0)),
    ]
    rows = rows_of(misbehave, jobs, workers=workers)
    assert [rows[str(i)].value for i in range(100)] == list(range(100))
    assert rows["once"].value == "alive"
    assert rows["once"].attempts == 2
    for key in ("always", "exit"):
        assert rows[key].status == "crashed"
        assert rows[key].error == "its process died: killed, or out of memory"
        assert 2 <= rows[key].attempts <= 5
    if workers == 1:
        assert [rows[str(i)].attempts for i in range(100)] == [1] * 100, "who was not begun is not begun again"


@posix
def test_attempts_of_earlier_calls_are_counted_and_strikes_can_be_fewer() -> None:
    jobs = [Job("good", ("return", 1)), Job("bad", ("die", 0))]
    rows = rows_of(misbehave, jobs, workers=1, strikes=1, attempts={"bad": 3, "good": 1})
    assert (rows["good"].attempts, rows["bad"].attempts) == (2, 4)


@posix
@pytest.mark.parametrize("on", ["serial", "local"])
def test_a_run_beyond_the_time_limit_is_ended_and_none_of_the_others_suffers(on: str) -> None:
    jobs = [Job(f"{i}", ("return", i)) for i in range(40)]
    jobs[10:10] = [Job("hangs", ("hang", 60))]
    begin = time.monotonic()
    rows = rows_of(misbehave, jobs, on=on, workers=2, timeout=0.5, strikes=1)
    assert time.monotonic() - begin < 30
    assert (rows["hangs"].status, rows["hangs"].error) == ("timeout", "took longer than 0.5 s")
    assert [rows[str(i)].value for i in range(40)] == list(range(40)), "no strike for being beside it"


@linux
def test_a_run_that_is_refused_memory_is_failed_and_its_worker_goes_on() -> None:
    jobs = [Job("greedy", ("greedy", 2**25)), *(Job(f"{i}", ("return", i)) for i in range(10))]
    rows = rows_of(misbehave, jobs, workers=1)
    assert rows.pop("greedy").error.startswith("MemoryError")
    assert {row.status for row in rows.values()} == {"ok"}


@linux
@pytest.mark.parametrize("on", ["serial", "local"])
def test_memory_is_what_a_run_used_not_what_those_before_it_did(on: str) -> None:
    rows = rows_of(take, [Job("much", (1, 150 * 2**20)), Job("little", (2, 2**20))], on=on, workers=1)
    assert rows["much"].memory > 150 * 2**20
    assert 0 < rows["little"].memory < rows["much"].memory - 100 * 2**20


def test_ticks_of_all_workers_are_counted_and_what_is_heard_only_grows() -> None:
    heard: list[Heard] = []
    with opened("local", 2) as engine:
        for _ in range(2):  # ticks of an earlier call are not counted again
            heard.clear()
            supervise(
                ticking, [Job(f"{i}", i) for i in range(50)], on=engine, sink=lambda rows: None, heard=heard.append
            )
            assert (heard[-1].ticks, heard[-1].finished, heard[-1].flying) == (150, 50, 0)
            assert heard == sorted(heard, key=lambda one: (one.ticks, one.finished))


def test_an_engine_that_is_kept_open_keeps_its_workers() -> None:
    with opened("local", 1) as engine:
        first, second = (rows_of(process, [Job("a", 0)], on=engine)["a"].value for _ in range(2))
        assert first == second != os.getpid()
        psutil.Process(first).kill()
        third = rows_of(process, [Job("a", 0)], on=engine)["a"]
    assert third.value != first
    assert third.attempts == 1, "its worker died before it was begun"


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_share_the_processors_threads(workers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    assert rows_of(threads, [Job("a", 0)], workers=workers)["a"].value == str(threads_for(workers))
    assert threads_for(processors()) == 1


def test_of_a_generator_little_more_is_taken_than_is_being_worked_on() -> None:
    taken, ahead = 0, list[int]()

    def jobs() -> Iterator[Job]:
        nonlocal taken
        for i in range(2_000):
            taken += 1
            yield Job(f"{i}", i)

    def heard(heard: Heard) -> None:
        ahead.append(taken - heard.finished)

    tally = supervise(square, jobs(), workers=2, sink=lambda rows: None, heard=heard, chunk_most=8)
    assert (tally.finished, taken) == (2_000, 2_000)
    assert max(ahead) <= 2 * 2 * 8


def test_jobs_that_raise_end_it_after_what_has_finished_was_given_to_the_sink() -> None:
    def jobs() -> Iterator[Job]:
        yield from (Job(f"{i}", i) for i in range(3))
        raise LookupError("no more points")

    rows: list[Done] = []
    with pytest.raises(LookupError, match="no more points"):
        supervise(square, jobs(), on="serial", sink=rows.extend)
    assert [row.value for row in rows] == [0, 1, 4]


def test_the_sink_is_called_in_the_thread_that_supervises_and_not_for_every_row() -> None:
    calls: list[tuple[int, threading.Thread]] = []
    jobs = [Job(f"{i}", (i, 0.001)) for i in range(200)]
    supervise(burn, jobs, workers=2, sink=lambda rows: calls.append((len(rows), threading.current_thread())))
    assert {thread for _, thread in calls} == {threading.current_thread()}
    assert sum(n for n, _ in calls) == 200
    assert len(calls) < 40


@pytest.mark.parametrize("on", ["serial", "local"])
def test_a_full_disk_ends_everything_at_once_and_is_said(on: str) -> None:
    calls: list[int] = []

    def full(rows: list[Done]) -> None:
        calls.append(len(rows))
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    jobs = (Job(f"{i}", (i, 0.002)) for i in range(100_000))
    with pytest.raises(OSError, match="No space left") as full_disk:
        supervise(burn, jobs, on=on, workers=2, sink=full, flush_s=0.05)
    assert full_disk.value.errno == errno.ENOSPC
    assert len(calls) == 2, "a sink that raised is not called again"


def test_a_wish_to_stop_lets_what_runs_finish_and_starts_nothing() -> None:
    rows: list[Done] = []
    jobs = [Job(f"{i}", (i, 0.002)) for i in range(5_000)]
    tally = supervise(burn, jobs, workers=2, sink=rows.extend, stopping=lambda: len(rows) > 20, flush_s=0.05)
    assert tally.stopped
    assert 20 < tally.finished == len(rows) < 5_000
    assert {row.status for row in rows} == {"ok"}


def test_a_wish_to_stop_that_comes_when_all_is_done_stops_nothing() -> None:
    rows: list[Done] = []
    tally = supervise(square, [Job("a", 2)], on="serial", sink=rows.extend, stopping=lambda: bool(rows), flush_s=0)
    assert not tally.stopped


def test_an_unknown_place_is_refused_with_the_nearest() -> None:
    for on, said in {"locla": 'Did you mean "local"', "dask:": "dask:ADDRESS", "serial:2": "serial"}.items():
        with pytest.raises(BadInput, match=said):
            supervise(square, [Job("a", 1)], on=on, sink=print)


@posix
def test_ctrl_c_waits_while_the_sink_writes() -> None:
    order: list[str] = []

    def write() -> None:
        with undisturbed():
            signal.raise_signal(signal.SIGINT)
            order.append("written")
        order.append("never")

    with pytest.raises(KeyboardInterrupt):
        write()
    assert order == ["written"]


class Fragile(Engine):
    """An engine whose workers always die, with these runs begun."""

    def __init__(self, begun: Collection[int] | None) -> None:
        self._begun = begun

    def submit(self, chunk: Chunk) -> Future[list[Row]]:
        future: Future[list[Row]] = Future()
        future.set_exception(BrokenProcessPool("dead"))
        return future

    def begun(self) -> Collection[int] | None:
        return self._begun

    def kill(self) -> None: ...
    def close(self) -> None: ...


def test_workers_that_die_before_they_begin_anything_are_not_started_for_ever() -> None:
    supervisor = Supervisor(Fragile([]), Rules(b""), [Task(1, b"")], lambda task, row: None)
    with pytest.raises(ExecutorLost, match=f"died {BARREN} times"):
        supervisor.live()
    assert supervisor.deaths == BARREN


def test_where_nobody_knows_what_was_begun_all_in_flight_are_suspects_and_go_back_alone() -> None:
    rows: list[Row] = []
    tasks = [Task(number, b"") for number in range(1, 4)]
    Supervisor(Fragile(None), Rules(b""), tasks, lambda task, row: rows.append(row)).live()
    assert {row.number for row in rows} == {1, 2, 3}
    assert {row.status for row in rows} == {"crashed"}
    assert {row.attempts for row in rows} <= {2, 3}


def parent(*words: str | Path | int) -> subprocess.Popen[str]:
    """A parent of toy runs as a process of its own, with the mark of this test."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.toy_parent", *map(str, words)], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(Path(fupin_sim.__file__).parents[1])},
    )  # fmt: skip


def heard_from(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def kept(folder: Path) -> list[str]:
    return [line.split()[0] for line in (folder / "kept").read_text(encoding="utf-8").splitlines()]


def wait_for_stillness(folder: Path) -> None:
    """Until no more runs are begun, since none ends any more."""
    before, now = -1, len(list(folder.glob("begun-*")))
    while now > before:
        time.sleep(0.2)
        before, now = now, len(list(folder.glob("begun-*")))


@posix
def test_ctrl_c_once_waits_for_what_runs_and_keeps_it(tmp_path: Path) -> None:
    with parent("local", 2, 10_000, 0.002, tmp_path) as process:
        assert heard_from(process) == "kept"
        process.send_signal(signal.SIGINT)
        assert heard_from(process) == "stopping"
        assert heard_from(process) == "stopped"
        assert process.wait(10) == 0
    assert 0 < len(kept(tmp_path)) == len(set(kept(tmp_path))) < 10_000


@posix
@pytest.mark.parametrize("on", ["serial", "local"])
def test_ctrl_c_twice_stops_at_once_and_keeps_what_has_finished(on: str, tmp_path: Path) -> None:
    (tmp_path / "go").touch()
    with parent(on, 2, 10_000, "meet", tmp_path) as process:
        assert heard_from(process) == "kept"
        (tmp_path / "go").unlink()
        wait_for_stillness(tmp_path)
        process.send_signal(signal.SIGINT)
        if on == "serial":  # says nothing while a run lasts
            time.sleep(0.3)
            process.send_signal(signal.SIGINT)
        assert heard_from(process) == "stopping"
        if on == "local":
            process.send_signal(signal.SIGINT)
        assert heard_from(process) == "interrupted"
        assert process.wait(10) == 0
    begun = {path.name.removeprefix("begun-") for path in tmp_path.glob("begun-*")}
    assert set(kept(tmp_path)) <= begun
    assert len(begun) - len(kept(tmp_path)) <= 2 * 2 * 64, "only what was in flight is lost"


@posix
def test_no_process_is_left_three_seconds_after_the_parent_was_killed(tmp_path: Path) -> None:
    with nobody_left() as mark, parent("local", 2, 10, "meet", tmp_path) as process:
        while len(list(tmp_path.glob("begun-*"))) < 2:
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
        process.wait()
        assert wait_until_gone(mark, 3.0) == []


@posix
def test_runs_of_a_worker_killed_from_outside_are_done_by_others(tmp_path: Path) -> None:
    killed: list[int] = []

    def heard(heard: Heard) -> None:
        """Kill one worker as soon as both have begun a run, then let runs end."""
        if not killed and len(list(tmp_path.glob("begun-*"))) == 2:
            worker = next(
                child for child in psutil.Process().children() if "resource_tracker" not in child.cmdline()[-1]
            )
            worker.kill()
            killed.append(worker.pid)
            (tmp_path / "go").touch()

    rows: list[Done] = []
    jobs = [Job(f"{i}", (i, str(tmp_path))) for i in range(6)]
    tally = supervise(meet, jobs, workers=2, sink=rows.extend, heard=heard)
    assert sorted(row.value for row in rows) == list(range(6))
    assert {row.status for row in rows} == {"ok"}
    assert (tally.deaths, len(killed)) == (1, 1)
    assert 1 <= sum(row.attempts == 2 for row in rows) <= 2
