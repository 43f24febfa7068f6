"""Ticks: how far tasks have come, told from within them."""

from __future__ import annotations

from collections.abc import Callable

_count: Callable[[], None] | None = None


def tick() -> None:
    """A task has done one step; the executor it runs on counts them."""
    if _count is not None:
        _count()


def count_with(count: Callable[[], None] | None) -> Callable[[], None] | None:
    """From now on ticks of this process go there; where they went before."""
    global _count
    before, _count = _count, count
    return before
