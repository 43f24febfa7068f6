"""Dask: real schedulers and workers on this machine; the same rows, and what happens when one of them is killed."""

from __future__ import annotations

import importlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import fupin_sim
from fupin_sim.errors import BadInput
from fupin_sim.executors import Done, ExecutorLost, Heard, Job, opened, supervise
from fupin_sim.executors import cluster as clusters
from fupin_sim.executors.on_cluster import live_there
from fupin_sim.executors.work import Chunk
from tests.nobody_left import nobody_left, wait_until_gone
from tests.toy_runs import misbehave, square

pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

ROOT = Path(__file__).parents[1]
WAIT_S = 30.0

JOBS = [Job(f"{i}", ("return", i)) for i in range(60)]
JOBS += [Job(what, (what, 0)) for what in ("odd", "mute", "leave", "lambda", "one way", "recurse")]
DEADLY = [Job("die", ("die", 0)), Job("exit", ("exit", 0)), Job("hang", ("hang", 60))]


@dataclass
class Dask:
    """A scheduler and its workers as processes of their own, found again by the mark of the test."""

    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *words: str) -> None:
        log = (self.folder / f"{name}.log").open("wb")
        path = os.pathsep.join([str(Path(fupin_sim.__file__).parents[1]), str(ROOT)])
        with log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "dask", *words, "--no-dashboard", "--scheduler-file", str(self.file)],
                stdout=log, stderr=log, cwd=self.folder, env={**os.environ, "PYTHONPATH": path},
            )  # fmt: skip

    @property
    def file(self) -> Path:
        return self.folder / "scheduler.json"

    @property
    def on(self) -> str:
        return f"dask:{json.loads(self.file.read_text(encoding='utf-8'))['address']}"

    def schedule(self) -> None:
        self.start("scheduler", "scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_for(lambda: self.file.exists() and self.file.stat().st_size > 0)

    def work(self, name: str, *words: str) -> None:
        self.start(name, "worker", "--nthreads", "1", "--local-directory", str(self.folder / name), *words)

    def wait_for_workers(self, number: int) -> None:
        """Until the scheduler knows them: a worker may take longer to come than a test to end."""
        distributed = importlib.import_module("distributed")
        with distributed.Client(self.on.removeprefix("dask:"), set_as_default=False) as client:
            client.wait_for_workers(number, timeout=WAIT_S)

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def end(self) -> None:
        """Workers first, so that none waits for a scheduler."""
        for name in reversed(list(self.processes)):
            self.kill(name)


def wait_for(what: Callable[[], Any], seconds: float = WAIT_S) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture(scope="module")
def dask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dask]:
    """A scheduler, a worker with a nanny and one without."""
    with nobody_left():
        started = Dask(tmp_path_factory.mktemp("dask"))
        try:
            started.schedule()
            started.work("nanny")
            started.work("bare", "--no-nanny")
            started.wait_for_workers(2)
            yield started
        finally:
            started.end()


@pytest.fixture
def frail(tmp_path: Path) -> Iterator[Dask]:
    """A scheduler and two workers, to be killed."""
    with nobody_left():
        started = Dask(tmp_path)
        try:
            started.schedule()
            started.work("one", "--no-nanny")
            started.work("two", "--no-nanny")
            started.wait_for_workers(2)
            yield started
        finally:
            started.end()


def rows_of(jobs: list[Job], **settings: Any) -> dict[str, tuple[object, ...]]:
    """By key what may not depend on where runs were lived; no key may come twice."""
    rows: list[Done] = []
    supervise(misbehave, jobs, sink=rows.extend, **settings)
    assert len({row.key for row in rows}) == len(rows) == len(jobs)
    return {row.key: (row.status, row.value, row.error) for row in rows}


@pytest.mark.parametrize("chunk", [1, 64])
def test_rows_are_the_same_on_dask(dask: Dask, chunk: int) -> None:
    assert rows_of(JOBS, on=dask.on, chunk_most=chunk) == rows_of(JOBS, on="serial")


def test_a_run_that_kills_its_process_or_hangs_ends_the_same_on_dask_and_no_worker_dies(dask: Dask) -> None:
    heard: list[Heard] = []
    there = rows_of([*JOBS, *DEADLY], on=dask.on, timeout=1.0, heard=heard.append)
    assert {key: there[key] for key in ("die", "exit", "hang")} == {
        "die": ("crashed", None, "its process died: killed, or out of memory"),
        "exit": ("crashed", None, "its process died: killed, or out of memory"),
        "hang": ("timeout", None, "took longer than 1 s"),
    }
    assert {key: row for key, row in there.items() if key.isdigit()} == rows_of(JOBS[:60], on="serial")
    assert heard[-1].workers == 2
    assert [process.poll() for process in dask.processes.values()] == [None] * 3


def test_a_wish_to_stop_lets_what_runs_on_dask_finish(dask: Dask) -> None:
    rows: list[Done] = []
    jobs = (Job(f"{i}", i) for i in range(100_000))
    tally = supervise(square, jobs, on=dask.on, sink=rows.extend, stopping=lambda: bool(rows), flush_s=0.05)
    assert tally.stopped
    assert 0 < len(rows) == tally.finished < 100_000


def test_a_sink_that_fails_ends_it_on_dask_and_the_cluster_can_be_used_again(dask: Dask) -> None:
    def full(rows: list[Done]) -> None:
        raise OSError(28, "No space left on device")

    with opened(dask.on) as engine:
        with pytest.raises(OSError, match="No space left"):
            supervise(misbehave, JOBS, on=engine, sink=full, flush_s=0)
        assert len(rows_of(JOBS, on=engine)) == len(JOBS)


def toy_parent(on: str, runs: int, what: str, folder: Path) -> subprocess.Popen[str]:
    path = os.pathsep.join([str(Path(fupin_sim.__file__).parents[1]), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.toy_parent", on, "0", str(runs), what, str(folder)],
        stdout=subprocess.PIPE, text=True, cwd=folder, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip


def kept(folder: Path) -> dict[str, str]:
    lines = [line.split() for line in (folder / "kept").read_text(encoding="utf-8").splitlines()]
    assert len(dict(map(tuple, lines))) == len(lines)  # type: ignore[arg-type]
    return dict(map(tuple, lines))  # type: ignore[arg-type]


def begun(folder: Path) -> int:
    return len(list(folder.glob("begun-*")))


def test_runs_of_a_dask_worker_that_is_killed_are_done_elsewhere(frail: Dask, tmp_path: Path) -> None:
    with toy_parent(frail.on, 12, "meet", tmp_path) as parent:
        wait_for(lambda: begun(tmp_path) == 2)
        frail.kill("one")
        (tmp_path / "go").touch()
        said, _ = parent.communicate(timeout=WAIT_S)
    assert said.split() == ["kept", "done"]
    assert kept(tmp_path) == {str(i): "ok" for i in range(12)}


def test_a_scheduler_that_is_killed_is_said_after_what_has_finished_was_kept(frail: Dask, tmp_path: Path) -> None:
    with toy_parent(frail.on, 100_000, "0.005", tmp_path) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == "kept"
        begin = time.monotonic()
        frail.kill("scheduler")
        said, _ = parent.communicate(timeout=WAIT_S)
        assert said.startswith("lost: the Dask scheduler at tcp://127.0.0.1:")
        assert time.monotonic() - begin < WAIT_S
    assert set(kept(tmp_path).values()) == {"ok"}


def test_when_parent_and_dask_worker_are_killed_the_worker_s_own_process_leaves(tmp_path: Path) -> None:
    with nobody_left() as mark:
        dask = Dask(tmp_path)
        try:
            dask.schedule()
            dask.work("one", "--no-nanny")
            with toy_parent(dask.on, 10, "meet", tmp_path) as parent:
                wait_for(lambda: begun(tmp_path) == 1)
                parent.kill()
        finally:
            dask.end()
        assert wait_until_gone(mark, 3.0) == []


def test_ctrl_c_twice_leaves_dask_at_once(frail: Dask, tmp_path: Path) -> None:
    with toy_parent(frail.on, 10, "meet", tmp_path) as parent:
        wait_for(lambda: begun(tmp_path) == 2)
        parent.send_signal(signal.SIGINT)
        assert parent.stdout is not None
        assert parent.stdout.readline().strip() == "stopping"
        parent.send_signal(signal.SIGINT)
        said, _ = parent.communicate(timeout=WAIT_S)
    assert said.strip() == "interrupted"
    (tmp_path / "go").touch()


def test_another_program_on_the_cluster_is_refused() -> None:
    with pytest.raises(ExecutorLost, match="another version of fupin_sim"):
        live_there(Chunk(b"", ((1, b""),), None, 2), "another digest")


def test_where_no_scheduler_answers_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "ANSWER_S", 0.5)
    with pytest.raises(BadInput, match="no Dask scheduler answers there"):
        supervise(square, [Job("a", 1)], on="dask:tcp://127.0.0.1:9", sink=print)


@pytest.mark.parametrize(("on", "module"), [("dask:tcp://127.0.0.1:9", "distributed"), ("slurm:big", "dask_jobqueue")])
def test_without_the_extra_its_name_is_said(monkeypatch: pytest.MonkeyPatch, on: str, module: str) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(BadInput, match=rf"{module} is not installed; pip install fupin-sim\[cluster\]"):
        supervise(square, [Job("a", 1)], on=on, sink=print)


def test_a_profile_of_slurm_is_a_section_of_jobqueue_s_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    class SLURMCluster:
        def __init__(self, config_name: str) -> None:
            asked.append(config_name)

        def scale(self, jobs: int) -> None:
            asked.append(jobs)

    jobqueue, distributed = ModuleType("dask_jobqueue"), ModuleType("distributed")
    jobqueue.SLURMCluster = SLURMCluster  # type: ignore[attr-defined]
    distributed.Client = lambda cluster, **settings: cluster  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dask_jobqueue", jobqueue)
    monkeypatch.setitem(sys.modules, "distributed", distributed)
    assert isinstance(clusters.of_slurm("big", 12), SLURMCluster)
    assert asked == ["big", 12]
