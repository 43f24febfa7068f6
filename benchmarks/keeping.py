"""Keeping: a sink that puts rows into a store, as a study does."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fupin_sim.executors import Done

Sink = Callable[[list[Done]], None]


@contextmanager
def kept(folder: Path) -> Iterator[Sink]:
    """Rows in a journal of SQLite."""
    base = sqlite3.connect(folder / "runs.sqlite", isolation_level=None)
    base.execute("pragma journal_mode=wal")
    base.execute("create table runs(key text primary key, status text, headcount real, seconds real, memory int)")

    def put(rows: list[Done]) -> None:
        base.execute("begin")
        told = ((row.key, row.status, row.value["headcount"], row.seconds, row.memory) for row in rows)
        base.executemany("insert into runs values(?,?,?,?,?)", told)
        base.execute("commit")

    try:
        yield put
    finally:
        base.close()
