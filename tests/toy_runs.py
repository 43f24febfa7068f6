"""Toy runs for the supervisor: functions of a module that workers can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from fupin_sim.executors import tick


class Odd(Exception):
    """An exception that no pickle can bring back."""

    def __init__(self, a: int, b: int) -> None:
        super().__init__("odd")


class Mute(Exception):
    """An exception that cannot say what it is."""

    def __str__(self) -> str:
        raise RuntimeError("no words")


class Beyond(BaseException):
    """An exception that `except Exception` does not catch."""


class OneWay:
    """A value that can be pickled, but not brought back."""

    def __reduce__(self) -> Any:
        return _refuse, ()


def _refuse() -> None:
    raise ValueError("not to be brought back")


def square(x: int) -> int:
    return x * x


def burn(given: tuple[int, float]) -> int:
    """A number after so many seconds of work on a processor."""
    x, seconds = given
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return x


def misbehave(given: tuple[str, Any]) -> Any:
    """A run that does what it is told."""
    what, x = given
    match what:
        case "return":
            return x
        case "odd":
            raise Odd(1, 2)
        case "mute":
            raise Mute
        case "beyond":
            raise Beyond("far")
        case "leave":
            raise SystemExit(7)
        case "interrupt":
            raise KeyboardInterrupt
        case "lambda":
            return lambda: x
        case "one way":
            return OneWay()
        case "huge":
            return bytes(x)
        case "recurse":
            return misbehave((what, x))
        case "greedy":
            return greedy(x)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "exit":
            os._exit(3)
        case "die once":
            if not Path(x).exists():
                Path(x).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return "alive"
        case "hang":
            time.sleep(x)
            return x
    raise AssertionError(what)


def greedy(limit: int) -> int:
    """Asks for more memory than the process may have, which is `limit` bytes more than it has."""
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + limit, before[1]))
    try:
        return len(bytearray(4 * limit))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def take(given: tuple[int, int]) -> int:
    """Uses so many bytes for a moment."""
    x, size = given
    block = bytearray(size)
    block[:: os.sysconf("SC_PAGE_SIZE")] = b"1" * len(block[:: os.sysconf("SC_PAGE_SIZE")])
    return x


def process(x: int) -> int:
    """Which process this is."""
    return os.getpid()


def threads(x: int) -> str | None:
    """How many threads linear algebra may use here."""
    return os.environ.get("OPENBLAS_NUM_THREADS")


def ticking(x: int) -> int:
    """Tells of three steps."""
    for _ in range(3):
        tick()
    return x


def meet(given: tuple[int, str]) -> int:
    """Leaves a mark that it was begun, and ends when the folder's `go` is there."""
    x, folder = given
    Path(folder, f"begun-{x}").touch()
    while not Path(folder, "go").exists():
        time.sleep(0.01)
    return x
