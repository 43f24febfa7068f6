"""The supervisor: every job gets a row, whatever happens to workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from fupin_sim.executors.engine import Engine
from fupin_sim.executors.failure import Failure, attempt
from fupin_sim.executors.job import Done, Heard, Job, Tally


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
    stopping: asked before anything is handed out; from True on, only what runs is still waited for.
    heard: told how far it has come, about ten times a second. attempts: of earlier calls, by key.

    KeyboardInterrupt ends the workers at once and is raised again, as is what sink or jobs raise; in all cases finished
    runs are given to the sink first, unless it is the sink that raised. Raises BadInput for an engine that cannot be
    had and ExecutorLost for one that is gone.
    """
    tally, began = Tally(), time.perf_counter()
    for job in jobs:
        if stopping():
            tally.stopped = True
            break
        begin = time.perf_counter()
        value = attempt(fn, job.payload)
        seconds, n = time.perf_counter() - begin, attempts.get(job.key, 0) + 1
        if isinstance(value, Failure):
            done = Done(job.key, "failed", None, seconds, 0, n, value.error, value.trace)
        else:
            done = Done(job.key, "ok", value, seconds, 0, n)
        tally.counts[done.status] += 1
        sink([done])
    tally.seconds = time.perf_counter() - began
    return tally
