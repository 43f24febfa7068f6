"""Processes of a test, known by a mark in their environment, and none of them left behind."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker

import psutil

MARK = "FUPIN_SIM_TEST_MARK"


def marked(mark: str) -> list[psutil.Process]:
    """Living processes that were started with this mark, by whomever."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get(MARK) == mark:
                found.append(process)
    return found


@contextmanager
def nobody_left(within: float = 3.0) -> Iterator[str]:
    """All that is started in the block, also by those who were started, has left so many seconds after it.

    Who has not is killed, and the test fails.
    """
    if os.name == "posix":
        resource_tracker.ensure_running()  # without the mark: it stays as long as the tests do
    mark, before = uuid.uuid4().hex, os.environ.get(MARK)
    os.environ[MARK] = mark
    try:
        yield mark
        _, stayed = psutil.wait_procs(marked(mark), timeout=within)
        assert stayed == []
    finally:
        _restore(before)
        for process in marked(mark):
            with suppress(psutil.NoSuchProcess):
                process.kill()


def wait_until_gone(mark: str, within: float) -> list[psutil.Process]:
    """Who is left after so many seconds at most."""
    end = time.monotonic() + within
    while (left := marked(mark)) and time.monotonic() < end:
        psutil.wait_procs(left, timeout=0.1)
    return left


def _restore(before: str | None) -> None:
    if before is None:
        del os.environ[MARK]
    else:
        os.environ[MARK] = before
