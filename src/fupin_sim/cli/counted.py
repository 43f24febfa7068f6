"""Counted: a number and what is counted, one or many."""

from __future__ import annotations


def counted(n: int, what: str, one: str = "", many: str = "") -> str:
    """One of something, or many; then the verb of one, or of many.

    >>> counted(1, "run"), counted(2_000, "run"), counted(1, "run", "is", "are")
    ('1 run', '2,000 runs', '1 run is')
    """
    verb = one if n == 1 else many
    return f"{n:,} {what}{'' if n == 1 else 's'}" + (f" {verb}" if verb else "")
