"""Tasks: a few functions are called on workers, and what each returned is yielded as it finishes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from fupin_sim.executors.failure import Failure, attempt
from fupin_sim.executors.serial import Serial
from fupin_sim.executors.workers import Workers

K = TypeVar("K")
T = TypeVar("T")

POLL_S = 0.1


def run_all(
    fn: Callable[..., T],
    tasks: Sequence[tuple[K, tuple[Any, ...]]],
    workers: int,
    *,
    heard: Callable[[int], None] = lambda ticks: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Generator[tuple[K, T | Failure], None, None]:
    """Key and outcome of every task, in the order they finish; workers = 1 needs no other process.

    tasks: keys and the function's arguments. heard: told the ticks so far, on workers at least every POLL_S seconds.
    stopping: asked before a task is started; from True on, only what runs is still waited for.
    When a worker dies, the tasks in flight are run again one by one; one that kills its worker alone is a Failure.
    When the caller leaves early (close it!), the workers are ended at once.
    """
    queue, suspects = deque(tasks), deque[tuple[K, tuple[Any, ...]]]()
    flying: dict[Future[T | Failure], tuple[K, tuple[Any, ...]]] = {}
    pool: Serial | Workers | None = None
    earlier = 0  # ticks of pools that broke
    try:
        while flying or ((queue or suspects) and not stopping()):
            pool = pool or (Serial(heard) if workers == 1 else Workers(workers))
            broken = False
            while not broken and not stopping() and len(flying) < workers and (queue or (suspects and not flying)):
                waiting = queue or suspects
                try:
                    future = pool.submit(attempt, fn, *waiting[0][1])
                    flying[future] = waiting.popleft()
                except BrokenProcessPool:  # a worker died while it had nothing to do
                    broken = True
            wait(flying, timeout=POLL_S, return_when=FIRST_COMPLETED)
            heard(earlier + pool.ticks)
            if broken or any(_is_broken(future) for future in flying):
                wait(flying)
                earlier, pool = earlier + pool.ticks, None
            alone = len(flying) == 1
            for future in [future for future in flying if future.done()]:
                task = flying.pop(future)
                if not _is_broken(future):
                    yield task[0], future.result()
                elif alone:
                    yield task[0], Failure("its process died: killed, or out of memory")
                else:
                    suspects.append(task)
    finally:
        if isinstance(pool, Workers) and flying:
            pool.kill()
        elif pool is not None:
            pool.shutdown()


def _is_broken(future: Future[Any]) -> bool:
    return future.done() and isinstance(future.exception(), BrokenProcessPool)
