"""On a cluster: what a Dask worker does with a chunk."""

from __future__ import annotations

import math
import multiprocessing
import threading
import time

from fupin_sim.executors.job import ExecutorLost
from fupin_sim.executors.local import Local
from fupin_sim.executors.supervisor import Rules, Supervisor, Task
from fupin_sim.executors.work import LONG_S, Chunk, Row
from fupin_sim.provenance import source_digest

_mine = threading.local()


def live_there(chunk: Chunk, source: str) -> list[Row]:
    """Rows of the first runs of a chunk, lived in a process beside the Dask worker's, which may be killed for a run.

    source: digest of the program that asks; the same program must be here, or the numbers would not be its own.
    """
    if source_digest() != source:
        raise ExecutorLost("a worker of the cluster has another version of fupin_sim; install the same one there")
    rules = Rules(chunk.function, chunk.timeout, chunk.strikes, math.inf, len(chunk.runs))
    rows: list[Row] = []
    begin = time.monotonic()

    def late() -> bool:
        return bool(rows) and not supervisor.deaths and time.monotonic() - begin > LONG_S

    tasks = (Task(number, payload) for number, payload in chunk.runs)
    supervisor = Supervisor(_engine(), rules, tasks, lambda task, row: rows.append(row), late)
    try:
        supervisor.live()
    except BaseException:
        _engine().kill()
        raise
    return rows


def _engine() -> Local:
    """The one worker process of this thread, kept for later chunks."""
    if not hasattr(_mine, "engine"):
        # a nanny's child may have no children of its own unless it says that it is no daemon
        multiprocessing.current_process().daemon = False
        _mine.engine = Local(1, threads=1)
    engine: Local = _mine.engine
    return engine
