"""What can go wrong with a store, said in one line."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

from fupin_sim.errors import BadInput


class StoreBusy(BadInput):
    """Another process writes to the store; the message names it."""

    outcome: ClassVar[str] = "nothing was changed"


class StoreFailed(OSError):
    """The store could not be written or read: full disk, read-only folder, vanished folder, another program's lock.

    Everything committed before is still there; once the cause is gone the same command does the rest.
    """


def damaged_journal(folder: Path, said: str) -> BadInput:
    """What to say of a journal that is none, or no longer one."""
    return BadInput(f"runs.sqlite {said}; put a copy of it in its place, or move the folder away", str(folder))


@contextmanager
def told(folder: Path) -> Iterator[None]:
    """Turn what the system, SQLite and DuckDB say into StoreFailed, or into BadInput for a journal that is none."""
    import duckdb

    try:
        yield
    except StoreFailed:
        raise
    except OSError as error:
        raise _failed(folder, error.strerror or str(error)) from error
    except sqlite3.DatabaseError as error:
        code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
        if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            said = "is not a SQLite file" if code == sqlite3.SQLITE_NOTADB else "is damaged"
            raise damaged_journal(folder, said) from error
        if code not in _FAULTS:
            raise
        raise _failed(folder, _FAULTS[code]) from error
    except duckdb.IOException as error:
        raise _failed(folder, str(error).splitlines()[0]) from error


_FAULTS = {
    sqlite3.SQLITE_FULL: "no space left",
    sqlite3.SQLITE_IOERR: "input or output failed",
    sqlite3.SQLITE_READONLY: "cannot be written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_BUSY: "another program holds runs.sqlite",
    sqlite3.SQLITE_LOCKED: "another program holds runs.sqlite",
    sqlite3.SQLITE_PERM: "may not be opened",
    sqlite3.SQLITE_PROTOCOL: "its locks do not work here; keep it on a disk of this machine",
    sqlite3.SQLITE_NOMEM: "no memory left",
}


def _failed(folder: Path, said: str) -> StoreFailed:
    return StoreFailed(f"{folder}: {said}")
