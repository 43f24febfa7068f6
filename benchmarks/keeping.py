"""Keeping: a sink that puts rows into a store, as a study does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fupin_sim.executors import Done
from fupin_sim.store import Row, Store

Sink = Callable[[list[Done]], None]


@contextmanager
def kept(folder: Path) -> Iterator[Sink]:
    """Rows in the store of a study."""
    with Store(folder, write=True) as store:
        yield lambda rows: store.put([_row(row) for row in rows])
        assert set(store.statuses()) == {"ok"}


def _row(done: Done) -> Row:
    return Row(
        done.key, "toy", int(done.key, 16), done.status, headlines=done.value, missing={}, seconds=done.seconds,
        memory=done.memory, attempts=done.attempts,
    )  # fmt: skip
