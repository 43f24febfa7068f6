"""Workers: processes that leave with their parent."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import ParamSpec, TypeVar

from fupin_sim.executors import work
from fupin_sim.executors.board import Board
from fupin_sim.executors.ticks import count_with

P = ParamSpec("P")
T = TypeVar("T")

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
LEAVING_S = 5.0


class Workers(ProcessPoolExecutor):
    """Spawned processes with one thread of linear algebra each, or as many as said.

    Ctrl-C reaches only the parent, which decides; when the parent dies, however it dies, they leave.
    """

    def __init__(self, workers: int, threads: int = 1) -> None:
        context = get_context("spawn")
        self.board = Board(context, workers)
        self._settings, self._most = {name: str(threads) for name in ONE_THREAD}, workers
        super().__init__(workers, mp_context=context, initializer=_enter, initargs=(self.board,))

    @property
    def ticks(self) -> int:
        return sum(line.ticks for line in self.board)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        if len(self._processes or ()) == self._most:
            return super().submit(fn, *args, **kwargs)
        with _settings_to_inherit(self._settings):  # here processes are started
            return super().submit(fn, *args, **kwargs)

    def kill(self) -> None:
        """End all workers at once, whatever they are doing."""
        processes = list((self._processes or {}).values())
        self.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            if not connection.wait([process.sentinel], LEAVING_S):
                process.kill()

    def kill_one(self, pid: int) -> None:
        """End one worker at once; then the pool is broken."""
        process = (self._processes or {}).get(pid)
        if process is not None:
            process.kill()


_inheriting = threading.Lock()


@contextmanager
def _settings_to_inherit(settings: dict[str, str]) -> Iterator[None]:
    """What a process must find when it starts: before it can run a line of ours, NumPy and Ctrl-C may have come."""
    with _inheriting:
        ours = {name: value for name, value in settings.items() if name not in os.environ}
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


def _enter(board: Board) -> None:
    """The first thing a worker does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent is not None

    def leave_with_parent() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=leave_with_parent, daemon=True).start()
    board.take_line()
    count_with(board.count)
    work.board = board
