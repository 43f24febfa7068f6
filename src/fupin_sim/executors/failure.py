"""Failure: what is kept of an exception, as text."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

LINE, TRACE = 1_000, 20_000
"""Most characters kept of a message and of a traceback."""


@dataclass(frozen=True)
class Failure:
    """A task that raised, or whose process died: one line, and the traceback where there is one."""

    error: str
    trace: str = ""


def attempt(fn: Callable[..., T], *args: Any) -> T | Failure:
    """What the function returns, or its failure as text.

    Text, because an exception of the user's own that cannot be unpickled would take the whole pool with it.
    """
    try:
        return fn(*args)
    except (Exception, SystemExit) as error:
        return told(error)


def told(error: BaseException) -> Failure:
    """An exception as text, whatever its own methods do; the end of a long traceback, where it was raised."""
    kind = type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}, line {frames[-1].lineno})" if frames else ""
    try:
        said = " ".join(str(error).split())[:LINE]
        trace = "".join(traceback.format_exception(error))[-TRACE:]
    except Exception:
        said, trace = "its message cannot be shown", "".join(traceback.format_tb(error.__traceback__))[-TRACE:]
    return Failure(f"{kind}: {said}{place}" if said else f"{kind}{place}", trace)
