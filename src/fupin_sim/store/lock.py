"""The lock of the single writer: held by the operating system, which drops it when the process dies, however it dies.

No process number is asked whether it still lives and no clock is read, so a number used again and a clock set back
change nothing. The file says who holds the lock only for the message.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import sys
import time
import weakref
from pathlib import Path
from typing import Any

from fupin_sim.provenance import command_told
from fupin_sim.store.faults import StoreBusy

NAME = "writer.lock"
TRIES, PAUSE_S = 8, 0.05  # somebody asking who writes holds the lock for an instant
FAR = 1 << 30  # Windows locks bytes, and nobody may read a locked one: lock one beyond the text

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int, alone: bool) -> None:
        os.lseek(handle, FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK if alone else msvcrt.LK_NBRLCK, 1)
else:
    import fcntl

    def _take(handle: int, alone: bool) -> None:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)


class WriterLock:
    """Held from the moment it is made until `release`. Raises StoreBusy while another holds it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.handle: int | None = self._held(folder)
        _HELD.add(self)
        told = {"process": os.getpid(), "machine": platform.node(), "command": " ".join(command_told())}
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same
            _write(self.handle, json.dumps(told, ensure_ascii=False))

    def release(self) -> None:
        """Let go; the text goes first, so that no study keeps the name of a machine."""
        if self.handle is not None:
            with contextlib.suppress(OSError):
                _write(self.handle, "")
            self.drop()

    def drop(self) -> None:
        """Close the file without a word, as a forked child must: else it would hold its parent's lock."""
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None

    def _held(self, folder: Path) -> int:
        for attempt in range(TRIES):
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
            try:
                _take(handle, alone=True)
                if _same(handle, self.path):
                    return handle
            except (BlockingIOError, PermissionError):
                pass
            except BaseException:
                os.close(handle)
                raise
            os.close(handle)
            if attempt + 1 < TRIES:
                time.sleep(PAUSE_S)
        raise StoreBusy(f"another process writes to it: {_told(self.path)}", str(folder))


def writer_of(folder: Path) -> str:
    """Who writes to the store in this folder, "" for nobody."""
    try:
        handle = os.open(folder / NAME, os.O_RDONLY)
    except OSError:
        return ""
    try:
        _take(handle, alone=False)
    except (BlockingIOError, PermissionError):
        return _told(folder / NAME)
    except OSError:  # locks do not work here
        return ""
    finally:
        os.close(handle)
    return ""


def _told(path: Path) -> str:
    """The holder in words, from what it wrote."""
    try:
        told: Any = json.loads(path.read_text(encoding="utf-8"))
        return f"{told['command']} (process {told['process']} on {told['machine']})"
    except (OSError, ValueError, KeyError, TypeError):  # it holds the lock and has not yet written
        return "one that has just begun"


def _write(handle: int, text: str) -> None:
    os.lseek(handle, 0, os.SEEK_SET)
    os.ftruncate(handle, 0)
    os.write(handle, text.encode())


def _same(handle: int, path: Path) -> bool:
    """Whether the file of this name is still the one that was locked."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False


_HELD: weakref.WeakSet[WriterLock] = weakref.WeakSet()


def _let_go_in_child() -> None:
    for lock in list(_HELD):
        lock.drop()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go_in_child)
