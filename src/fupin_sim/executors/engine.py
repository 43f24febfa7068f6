"""Engines: where runs are lived, chosen by a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol


class Engine(Protocol):
    """Somewhere runs are lived; kept open between calls of `supervise`, so that workers need not start again."""

    workers: int

    def close(self) -> None:
        """Let what runs finish, and let the workers leave."""


@contextmanager
def opened(on: str = "local", workers: int = 1) -> Iterator[Any]:
    """An engine for several calls of `supervise(..., on=engine)`; its workers start once and end with the block.

    on: "serial", "local", "dask:ADDRESS" or "slurm:PROFILE"; workers: processes of "local", jobs of "slurm".
    Raises BadInput for another word, a scheduler that does not answer, or a missing extra.
    """
    yield on
