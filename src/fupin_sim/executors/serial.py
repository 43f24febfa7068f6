"""Serial: an executor that needs no other process."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import ParamSpec, TypeVar

from fupin_sim.executors.ticks import count_with

P = ParamSpec("P")
T = TypeVar("T")


class Serial(Executor):
    """Runs each task when it is submitted, in this process. heard: told the number of ticks at each tick."""

    def __init__(self, heard: Callable[[int], None]) -> None:
        self.ticks = 0
        self._heard = heard

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        before = count_with(self._count)
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        finally:
            count_with(before)
        return future

    def _count(self) -> None:
        self.ticks += 1
        self._heard(self.ticks)
