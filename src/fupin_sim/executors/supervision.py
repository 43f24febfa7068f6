"""Supervision of jobs: payloads are pickled, rows become what the sink is given."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from typing import Any

from fupin_sim.executors.engine import Engine
from fupin_sim.executors.failure import told
from fupin_sim.executors.job import Done, Heard, Job, Tally
from fupin_sim.executors.opening import opened
from fupin_sim.executors.supervisor import Rules, Supervisor, Task
from fupin_sim.executors.undisturbed import undisturbed
from fupin_sim.executors.work import Row, failed

HEARD_S = 0.1
_numbers = count(1)  # never one twice, since workers outlive a call


def supervise(
    fn: Callable[[Any], Any],
    jobs: Iterable[Job],
    *,
    on: str | Engine = "local",
    workers: int = 1,
    sink: Callable[[list[Done]], None],
    timeout: float | None = None,
    strikes: int = 2,
    chunk_s: float = 0.1,
    chunk_most: int = 64,
    flush_s: float = 0.5,
    stopping: Callable[[], bool] = lambda: False,
    heard: Callable[[Heard], None] = lambda heard: None,
    attempts: Mapping[str, int] = {},
) -> Tally:
    """Live every job on workers and give the sink a row for each, in the order they finish; rows are the same anywhere.

    fn: a function of a module, which workers can import; with each payload and each value it is pickled.
    jobs: may be a generator; little more of it is taken than is being worked on.
    on: "serial", "local", "dask:ADDRESS", "slurm:PROFILE", or an engine from `opened`, whose workers stay.
    sink: called in this thread every flush_s seconds, never interrupted by Ctrl-C; what it raises ends everything.
    timeout: seconds after which a run is `timeout` and its worker is killed (serial then uses one worker).
    strikes: a run whose worker dies as often while nothing else runs is `crashed`.
    chunk_s, chunk_most: how long a chunk of runs should take, and how many it may have.
    stopping: asked before anything is handed out; from True on, only what runs is still waited for.
    heard: told how far it has come, about ten times a second. attempts: of earlier calls, by key.

    KeyboardInterrupt ends the workers at once and is raised again, as is what sink or jobs raise; in all cases finished
    runs are given to the sink first, unless it is the sink that raised. Raises BadInput for an engine that cannot be
    had and ExecutorLost for one that is gone.
    """
    rules = Rules(pickle.dumps(fn), timeout, strikes, chunk_s, chunk_most)
    place: AbstractContextManager[Engine] = opened(on, workers) if isinstance(on, str) else nullcontext(on)
    with place as engine:
        return _Supervision(engine.killable() if timeout else engine, rules, jobs, sink, flush_s, heard, attempts).live(
            stopping
        )


class _Supervision:
    """The jobs in flight by number, the rows not yet given to the sink, and the count of both."""

    def __init__(
        self, engine: Engine, rules: Rules, jobs: Iterable[Job], sink: Callable[[list[Done]], None], flush_s: float,
        heard: Callable[[Heard], None], attempts: Mapping[str, int],
    ) -> None:  # fmt: skip
        self.engine, self.rules, self.jobs, self.sink = engine, rules, jobs, sink
        self.flush_s, self.heard, self.attempts = flush_s, heard, attempts
        self.tally, self.keys = Tally(), dict[int, str]()
        self.rows, self.sink_raised = list[Done](), False
        self.began = self.flushed = time.perf_counter()
        self.told, self.ticks_before = 0.0, engine.ticks

    def live(self, stopping: Callable[[], bool]) -> Tally:
        supervisor = Supervisor(self.engine, self.rules, self._tasks(), self._given, stopping)
        self.engine.hears_ticks = lambda ticks: self._tell(supervisor)
        try:
            supervisor.live(lambda: self._between(supervisor))
            self.tally.stopped = stopping() and supervisor.left
        except BaseException:
            self.engine.kill()
            supervisor.rescue()
            raise
        finally:
            self._flush()
            self._tell(supervisor, last=True)
            self.tally.retried, self.tally.deaths = supervisor.retried, supervisor.deaths
            self.tally.seconds = time.perf_counter() - self.began
        return self.tally

    def _tasks(self) -> Iterator[Task]:
        for job in self.jobs:
            number = next(_numbers)
            self.keys[number] = job.key
            try:
                payload = pickle.dumps(job.payload, pickle.HIGHEST_PROTOCOL)
            except Exception as error:
                self._given(Task(number, b""), failed(number, told(error)))
            else:
                yield Task(number, payload)

    def _given(self, task: Task, row: Row) -> None:
        value = None
        if row.status == "ok":
            try:
                value = pickle.loads(row.value)
            except Exception as error:
                row = failed(row.number, told(error), row.seconds, row.memory)
        key = self.keys.pop(row.number)
        tried = self.attempts.get(key, 0) + row.attempts
        self.rows.append(Done(key, row.status, value, row.seconds, row.memory, tried, row.error, row.trace))
        self.tally.counts[row.status] += 1

    def _between(self, supervisor: Supervisor) -> None:
        self._tell(supervisor)
        if time.perf_counter() - self.flushed >= self.flush_s:
            self._flush()

    def _flush(self) -> None:
        self.flushed = time.perf_counter()
        rows, self.rows = self.rows, []
        if not rows or self.sink_raised:
            return
        with undisturbed():
            try:
                self.sink(rows)
            except BaseException:
                self.sink_raised = True
                raise

    def _tell(self, supervisor: Supervisor, last: bool = False) -> None:
        now = time.perf_counter()
        if now - self.told < HEARD_S and not last:
            return
        self.told = now
        flying = sum(len(tasks) for tasks in supervisor.flying.values())
        self.heard(
            Heard(
                self.engine.ticks - self.ticks_before, self.tally.finished, self.tally.failed, supervisor.retried,
                flying, self.engine.workers,
            )
        )  # fmt: skip
