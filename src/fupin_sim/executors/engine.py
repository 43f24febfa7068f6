"""Engines: where chunks of runs are lived, chosen by a word."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection
from concurrent.futures import Future
from typing import Self

from fupin_sim.executors.work import Chunk, Row


class Engine(ABC):
    """Somewhere runs are lived; may be kept between calls of `supervise`, so that workers need not start again.

    workers: how many work now. chunks: how many to have in flight. most: runs in a chunk.
    hears_ticks: called with the ticks so far, by engines that live runs while they are submitted.
    """

    workers: int = 1
    most: int = 2**31
    hears_ticks: Callable[[int], None] = staticmethod(lambda ticks: None)

    @property
    def chunks(self) -> int:
        """Two for each worker: one at work, one waiting at its door."""
        return 2 * self.workers

    @property
    def ticks(self) -> int:
        return 0

    @abstractmethod
    def submit(self, chunk: Chunk) -> Future[list[Row]]: ...

    def end_overdue(self, limit: float) -> list[int]:
        """Kill workers whose run takes longer than so many seconds; the numbers of those runs."""
        return []

    def fell(self, future: Future[list[Row]]) -> str:
        """Why a future that is done has no rows, as when its worker died; empty if it has. May raise ExecutorLost."""
        error = future.exception()
        return f"{type(error).__name__}: {error}" if error else ""

    def falls_together(self, future: Future[list[Row]]) -> bool:
        """Whether with this future all that is in flight has fallen."""
        return False

    def begun(self) -> Collection[int] | None:
        """Numbers of runs that were begun on workers now dead; None where nobody knows. Asked after a fall."""
        return None

    def check(self) -> None:  # noqa: B027
        """Asked about ten times a second; raises ExecutorLost when nothing more will come."""

    def killable(self) -> Engine:
        """Itself, or an engine with a worker that can be killed."""
        return self

    @abstractmethod
    def kill(self) -> None:
        """End what runs at once; the engine may be used again."""

    @abstractmethod
    def close(self) -> None:
        """Let the workers leave."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self.kill()
        self.close()
