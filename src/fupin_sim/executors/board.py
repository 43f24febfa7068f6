"""Board: what each worker is doing, in memory shared with the parent."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any, NamedTuple


class Line(NamedTuple):
    """What one worker is at. run: number of its present or last run. began: time, 0 while none is being lived."""

    run: int
    began: int
    ticks: int
    pid: int


WIDTH = len(Line._fields)
RUN, BEGAN, TICKS, PID = range(WIDTH)


class Board:
    """One line for each worker; each writes its own only, so that none waits for another.

    Times are nanoseconds of the monotonic clock, which all processes of a machine share and nobody sets back.
    """

    def __init__(self, context: Any, workers: int) -> None:
        self._cells = context.RawArray("q", workers * WIDTH)
        self._taken = context.Value("q", 0)
        self._mine = 0

    def take_line(self) -> None:
        """In a worker, before anything else."""
        with self._taken.get_lock():
            self._mine, self._taken.value = self._taken.value * WIDTH, self._taken.value + 1
        self._cells[self._mine + PID] = os.getpid()

    def count(self) -> None:
        self._cells[self._mine + TICKS] += 1

    def take_up(self, run: int) -> None:
        """A run is made ready; should the worker die, it is to blame."""
        self._cells[self._mine + BEGAN] = 0
        self._cells[self._mine + RUN] = run

    def begin(self) -> None:
        """Its time runs."""
        self._cells[self._mine + BEGAN] = time.monotonic_ns()

    def end(self) -> None:
        """Its time no longer runs; it stays to blame until another is taken up or its chunk has been handed over."""
        self._cells[self._mine + BEGAN] = 0

    def __iter__(self) -> Iterator[Line]:
        """The lines of workers that have begun."""
        for row in range(min(self._taken.value, len(self._cells) // WIDTH)):
            yield Line(*self._cells[row * WIDTH : (row + 1) * WIDTH])

    def overdue(self, limit: float) -> list[Line]:
        """Workers whose present run takes longer than so many seconds."""
        latest = time.monotonic_ns() - int(limit * 1e9)
        return [line for line in self if 0 < line.began < latest]
