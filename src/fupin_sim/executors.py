"""Executors: tasks one after another in this process, or on worker processes that leave with their parent."""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
POLL_S = 0.1


@dataclass(frozen=True)
class Failure:
    """A task that raised, or whose process died: one line, and the traceback where there is one."""

    error: str
    trace: str = ""


def tick() -> None:
    """A task has done one step; the executor it runs on counts them."""
    if _count_tick is not None:
        _count_tick()


_count_tick: Callable[[], None] | None = None


class Serial(Executor):
    """Runs each task when it is submitted, in this process. heard: told the number of ticks at each tick."""

    def __init__(self, heard: Callable[[int], None]) -> None:
        self.ticks = 0
        self._heard = heard

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        global _count_tick
        future: Future[T] = Future()
        before, _count_tick = _count_tick, self._count
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        finally:
            _count_tick = before
        return future

    def _count(self) -> None:
        self.ticks += 1
        self._heard(self.ticks)


class Workers(ProcessPoolExecutor):
    """Spawned processes with one thread of linear algebra each.

    Ctrl-C reaches only the parent, which decides; when the parent dies, however it dies, they leave.
    """

    def __init__(self, workers: int) -> None:
        context = get_context("spawn")
        self._ticks = context.Value("q", 0)
        super().__init__(workers, mp_context=context, initializer=_enter, initargs=(self._ticks,))

    @property
    def ticks(self) -> int:
        return int(self._ticks.value)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        with _settings_to_inherit():  # here processes are started
            return super().submit(fn, *args, **kwargs)

    def kill(self) -> None:
        """End all workers at once, whatever they are doing."""
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


@contextmanager
def _settings_to_inherit() -> Iterator[None]:
    """What a process must find when it starts: before it can run a line of ours, NumPy and Ctrl-C may have come."""
    ours = {name: "1" for name in ONE_THREAD if name not in os.environ}
    mask = getattr(signal, "pthread_sigmask", None)  # not on Windows, where `_enter` must do
    held = mask(signal.SIG_BLOCK, {signal.SIGINT}) if mask else set()
    os.environ.update(ours)
    try:
        yield
    finally:
        for name in ours:
            del os.environ[name]
        if mask:
            mask(signal.SIG_SETMASK, held)


def _enter(ticks: Any) -> None:
    """The first thing a worker does."""
    global _count_tick
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def leave_with_parent() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    def count() -> None:
        with ticks.get_lock():
            ticks.value += 1

    _count_tick = count
    threading.Thread(target=leave_with_parent, daemon=True).start()


def attempt(fn: Callable[..., T], *args: Any) -> T | Failure:
    """What the function returns, or its failure as text.

    Text, because an exception of the user's own that cannot be unpickled would take the whole pool with it.
    """
    try:
        return fn(*args)
    except (Exception, SystemExit) as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
        said = " ".join(str(error).split())
        kind = type(error).__name__
        return Failure(f"{kind}: {said}{place}" if said else f"{kind}{place}", traceback.format_exc())


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
