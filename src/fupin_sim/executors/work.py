"""Work: a chunk of runs is lived, in a worker or here, and each becomes a row."""

from __future__ import annotations

import pickle
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from fupin_sim.executors.board import Board
from fupin_sim.executors.failure import Failure, told
from fupin_sim.executors.job import Status
from fupin_sim.executors.peak import Peak

LONG_S = 1.0
"""After so many seconds a chunk is handed over as far as it has come, so that little is lost with its worker."""
MUCH = 16 * 2**20
"""The same with so many bytes of values."""

board: Board | None = None
"""Where this process tells what it is at, if it is a worker."""


class Chunk(NamedTuple):
    """Some runs to be lived one after another by a pickled function: number and pickled payload of each."""

    function: bytes
    runs: tuple[tuple[int, bytes], ...]
    timeout: float | None
    strikes: int


class Row(NamedTuple):
    """What became of a run. value: pickled."""

    number: int
    status: Status
    value: bytes = b""
    seconds: float = 0.0
    memory: int = 0
    attempts: int = 1
    error: str = ""
    trace: str = ""


def work(chunk: Chunk) -> list[Row]:
    """Rows of the first runs of a chunk, all of them unless they take long."""
    rows: list[Row] = []
    begin, size = time.monotonic(), 0
    for number, payload in chunk.runs:
        if rows and (time.monotonic() - begin > LONG_S or size > MUCH):
            break
        rows.append(lived(chunk.function, number, payload))
        size += len(rows[-1].value)
    return rows


def lived(function: bytes, number: int, payload: bytes) -> Row:
    """One run, whatever it raises; only here, where Ctrl-C is the user's, KeyboardInterrupt goes through."""
    seconds, memory = 0.0, 0
    try:
        if board:
            board.take_up(number)
        fn, given, peak = _function(function), pickle.loads(payload), Peak()
        if board:
            board.begin()
        begin = time.perf_counter()
        try:
            value = fn(given)
        finally:
            seconds, memory = time.perf_counter() - begin, peak.bytes
        return Row(number, "ok", pickle.dumps(value, pickle.HIGHEST_PROTOCOL), seconds, memory)
    except BaseException as error:
        if board is None and isinstance(error, KeyboardInterrupt):
            raise
        return failed(number, told(error), seconds, memory)
    finally:
        if board:
            board.end()


def failed(number: int, failure: Failure, seconds: float = 0.0, memory: int = 0) -> Row:
    return Row(number, "failed", b"", seconds, memory, 1, failure.error, failure.trace)


@lru_cache(maxsize=4)
def _function(pickled: bytes) -> Callable[[Any], Any]:
    found: Callable[[Any], Any] = pickle.loads(pickled)
    return found
