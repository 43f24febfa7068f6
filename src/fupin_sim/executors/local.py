"""This machine: runs lived in this process, or on worker processes."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool

from fupin_sim.executors.capacity import threads_for
from fupin_sim.executors.engine import Engine
from fupin_sim.executors.serial import Serial
from fupin_sim.executors.work import Chunk, Row, work
from fupin_sim.executors.workers import Workers


class Inline(Engine):
    """One run after another in this process, where a debugger can follow it; a time limit needs a worker to kill."""

    chunks = 1
    most = 1  # so that Ctrl-C finds all but the present run handed over

    def __init__(self) -> None:
        self._serial = Serial(lambda ticks: self.hears_ticks(ticks))
        self._local: Local | None = None

    @property
    def ticks(self) -> int:
        return self._serial.ticks

    def submit(self, chunk: Chunk) -> Future[list[Row]]:
        return self._serial.submit(work, chunk)

    def killable(self) -> Engine:
        self._local = self._local or Local(1)
        return self._local

    def kill(self) -> None:
        if self._local:
            self._local.kill()

    def close(self) -> None:
        if self._local:
            self._local.close()


class Local(Engine):
    """Spawned workers, which share the processors' threads. When one dies, all are started anew."""

    def __init__(self, workers: int, threads: int | None = None) -> None:
        self.workers = workers
        self._threads = threads or threads_for(workers)
        self._pool: Workers | None = None
        self._earlier = 0  # ticks of pools that are gone

    @property
    def ticks(self) -> int:
        return self._earlier + (self._pool.ticks if self._pool else 0)

    def submit(self, chunk: Chunk) -> Future[list[Row]]:
        self._pool = self._pool or Workers(self.workers, self._threads)
        try:
            return self._pool.submit(work, chunk)
        except BrokenProcessPool as broken:  # a worker died while it had nothing to do
            future: Future[list[Row]] = Future()
            future.set_exception(broken)
            return future

    def end_overdue(self, limit: float) -> list[int]:
        lines = self._pool.board.overdue(limit) if self._pool else []
        for line in lines:
            assert self._pool is not None
            self._pool.kill_one(line.pid)
        return [line.run for line in lines]

    def falls_together(self, future: Future[list[Row]]) -> bool:
        return isinstance(future.exception(), BrokenProcessPool)

    def fell(self, future: Future[list[Row]]) -> str:
        if isinstance(future.exception(), BrokenProcessPool):
            return "its process died: killed, or out of memory"
        return super().fell(future)

    def begun(self) -> Collection[int] | None:
        if self._pool is None:
            return None
        runs = {line.run for line in self._pool.board}
        self.kill()
        return runs

    def kill(self) -> None:
        if self._pool:
            self._earlier += self._pool.ticks
            self._pool.kill()
            self._pool = None

    def close(self) -> None:
        if self._pool:
            self._earlier += self._pool.ticks
            self._pool.shutdown()
            self._pool = None
