"""Stopping: the first Ctrl-C asks, the second insists."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Wish:
    """Whether the user wants to stop; `said` once that has been answered."""

    def __init__(self) -> None:
        self.stop = False
        self.answered = False

    def __call__(self) -> bool:
        return self.stop


@contextmanager
def heeding() -> Iterator[Wish]:
    """Turn the first Ctrl-C (or SIGTERM, which schedulers send) into a wish; the next raises KeyboardInterrupt."""
    wish = Wish()

    def heed(number: int, frame: FrameType | None) -> None:
        if wish.stop:
            raise KeyboardInterrupt
        wish.stop = True

    before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wish
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
