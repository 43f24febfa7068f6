"""Workers: processes that leave with their parent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import Any, ParamSpec, TypeVar

from fupin_sim.executors.ticks import count_with

P = ParamSpec("P")
T = TypeVar("T")

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


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
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def leave_with_parent() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    def count() -> None:
        with ticks.get_lock():
            ticks.value += 1

    count_with(count)
    threading.Thread(target=leave_with_parent, daemon=True).start()
