"""The supervisor: every run gets a row, whatever happens to workers."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from itertools import islice

from fupin_sim.executors.engine import Engine
from fupin_sim.executors.job import ExecutorLost
from fupin_sim.executors.work import Chunk, Row

POLL_S = 0.1
BARREN = 3
"""So many times in a row workers may die before they have begun a run."""
MEMORY = 31
"""The length of a run is the median of so many."""


@dataclass(slots=True)
class Task:
    """A run to be lived, and what has become of it so far. number: from 1 on. tried: how often it was begun in vain."""

    number: int
    payload: bytes
    tried: int = 0
    strikes: int = 0


@dataclass(frozen=True)
class Rules:
    """function: pickled. The rest as for `supervise`."""

    function: bytes
    timeout: float | None = None
    strikes: int = 2
    chunk_s: float = 0.1
    chunk_most: int = 64


class Supervisor:
    """Hands chunks of runs to an engine until each has a row.

    When workers die, the runs they had begun are suspects, and go back alone when all others are done; the rest of what
    was in flight goes back as it was. given: called with each task that has ended and its row.
    """

    def __init__(
        self, engine: Engine, rules: Rules, tasks: Iterable[Task], given: Callable[[Task, Row], None],
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self.engine, self.rules, self.given, self.stopping = engine, rules, given, stopping
        self.deaths = self.retried = self._barren = 0
        self.flying: dict[Future[list[Row]], list[Task]] = {}
        self._tasks = iter(tasks)
        self._returned, self._suspects = deque[Task](), deque[Task]()
        self._overdue: set[int] = set()
        self._seconds = deque[float](maxlen=MEMORY)

    def live(self, between: Callable[[], None] = lambda: None) -> None:
        """Until all is done, or until what runs is done once `stopping`. between: called about ten times a second."""
        while True:
            self._hand_out()
            if not self.flying:
                return
            wait(self.flying, timeout=POLL_S, return_when=FIRST_COMPLETED)
            self.engine.check()
            if self.rules.timeout:
                self._overdue.update(self.engine.end_overdue(self.rules.timeout))
            self._collect()
            between()

    def rescue(self) -> None:
        """Rows of chunks that have come in but were not collected; nothing else is looked at."""
        for future in [future for future in self.flying if future.done() and not future.cancelled()]:
            if future.exception() is None:
                self._enter(self.flying.pop(future), future.result())

    @property
    def left(self) -> bool:
        """Whether there are runs that nobody has begun; takes one from the tasks to see."""
        if not (self._returned or self._suspects):
            self._returned.extend(islice(self._tasks, 1))
        return bool(self._returned or self._suspects)

    def _hand_out(self) -> None:
        while len(self.flying) < self.engine.chunks and not self.stopping():
            if not (tasks := self._next()):
                return
            runs = tuple((task.number, task.payload) for task in tasks)
            chunk = Chunk(self.rules.function, runs, self.rules.timeout, self.rules.strikes)
            self.flying[self.engine.submit(chunk)] = tasks

    def _next(self) -> list[Task]:
        """A chunk of about chunk_s seconds, or one suspect when nothing else flies, or nothing."""
        size = self._size()
        tasks = [self._returned.popleft() for _ in range(min(size, len(self._returned)))]
        tasks += islice(self._tasks, size - len(tasks))
        if not tasks and self._suspects and not self.flying:
            return [self._suspects.popleft()]
        return tasks

    def _size(self) -> int:
        most = min(self.rules.chunk_most, self.engine.most)
        if math.isinf(self.rules.chunk_s):
            return most
        if not self._seconds:
            return 1
        each = max(sorted(self._seconds)[len(self._seconds) // 2], 1e-6)
        return max(1, min(most, int(self.rules.chunk_s / each)))

    def _collect(self) -> None:
        done = [future for future in self.flying if future.done()]
        if any(self.engine.falls_together(future) for future in done):
            wait(self.flying)
            done = list(self.flying)
        fallen, why = list[Task](), ""
        for future in done:
            if reason := self.engine.fell(future):
                fallen += self.flying.pop(future)
                why = reason
            else:
                self._enter(self.flying.pop(future), future.result())
        if fallen:
            self._take_back(fallen, why)

    def _enter(self, tasks: list[Task], rows: list[Row]) -> None:
        """Rows of a chunk, of its first runs at least."""
        self._barren = 0
        by_number = {task.number: task for task in tasks}
        for row in rows:
            task = by_number.pop(row.number)
            self._seconds.append(row.seconds)
            self.given(task, row._replace(attempts=task.tried + row.attempts))
        self._return(by_number.values())

    def _take_back(self, fallen: list[Task], why: str) -> None:
        """Workers have died with these tasks."""
        numbers = self.engine.begun()
        begun = [task for task in fallen if numbers is None or task.number in numbers]
        self._return(task for task in fallen if task not in begun)
        overdue = [task for task in begun if task.number in self._overdue]
        self._overdue.clear()
        for task in begun:
            task.tried += 1
        if overdue:
            for task in overdue:
                self._end(task, Row(task.number, "timeout", error=f"took longer than {self.rules.timeout:g} s"))
            again = [task for task in begun if task not in overdue]
            self.retried += len(again)
            self._return(again)
        else:
            self.deaths += 1
            self._suspect(begun, why)

    def _suspect(self, begun: list[Task], why: str) -> None:
        self._barren = 0 if begun else self._barren + 1
        if self._barren == BARREN:
            raise ExecutorLost(f"workers died {BARREN} times before they began a run")
        alone = len(begun) == 1 and not self.flying
        for task in begun:
            task.strikes += alone
            if task.strikes >= self.rules.strikes:
                self._end(task, Row(task.number, "crashed", error=why))
            else:
                self.retried += 1
                self._suspects.append(task)

    def _end(self, task: Task, row: Row) -> None:
        self.given(task, row._replace(attempts=task.tried))

    def _return(self, tasks: Iterable[Task]) -> None:
        """To the front of the queue, in their order."""
        self._returned.extendleft(reversed(list(tasks)))
