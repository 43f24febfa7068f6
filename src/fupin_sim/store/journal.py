"""The journal of a study: SQLite in WAL mode, so that others read while one writes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from fupin_sim.errors import BadInput
from fupin_sim.store.faults import StoreFailed, damaged_journal, told
from fupin_sim.store.schema import APPLICATION, SCHEMA, TABLES

NAME = "runs.sqlite"
PATIENCE_S = 10.0  # for another program's lock; counted in naps, not on the clock


class Journal:
    """An open journal. folder: of the study. write: False opens one that is there, and never changes it."""

    def __init__(self, folder: Path, *, write: bool) -> None:
        self.folder, self.path = folder, folder / NAME
        self._busy = threading.RLock()
        with told(folder):
            if write and not self.path.exists():
                _make(self.path)
            self.connection = _open_to_write(self.path) if write else _open_to_read(self.path)
            try:
                _refuse_foreign(folder, self.connection)
                self._born = self.path.stat()
            except BaseException:
                self.connection.close()
                raise

    @contextlib.contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all that is done within is kept, or nothing."""
        with self._busy, told(self.folder):
            self._refuse_vanished()
            self.connection.execute("begin immediate")
            try:
                yield self.connection
                self.connection.execute("commit")
            except BaseException:  # Ctrl-C too
                with contextlib.suppress(sqlite3.Error):  # a full disk has rolled back already
                    self.connection.execute("rollback")
                raise
            self._refuse_vanished()

    @contextlib.contextmanager
    def look(self) -> Iterator[sqlite3.Connection]:
        """Several queries that see the same moment, whatever a writer does meanwhile."""
        with self._busy, told(self.folder):
            if self.connection.in_transaction:
                yield self.connection
                return
            self.connection.execute("begin")
            try:
                yield self.connection
            finally:
                with contextlib.suppress(sqlite3.Error):
                    self.connection.execute("rollback")

    def vacuum(self) -> None:
        """Give back free pages to the disk."""
        with self._busy, told(self.folder):
            self.connection.execute("vacuum")
            self.connection.execute("pragma wal_checkpoint(truncate)")

    def close(self) -> None:
        """Close; the last to leave folds the write-ahead log into the file."""
        with contextlib.suppress(sqlite3.Error):
            self.connection.close()

    def _refuse_vanished(self) -> None:
        """A file without a name takes everything written to it and keeps nothing."""
        try:
            there = os.path.samestat(self.path.stat(), self._born)
        except OSError:
            there = False
        if not there:
            raise StoreFailed(f"{self.folder}: runs.sqlite has vanished while it was in use")


def _make(path: Path) -> None:
    """A new journal, whole from the moment it has its name."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.unlink(missing_ok=True)
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            connection.executescript(TABLES)
        finally:
            connection.close()
        for stale in (f"{path}-wal", f"{path}-shm"):  # of a journal somebody deleted: it would be read into the new one
            Path(stale).unlink(missing_ok=True)
        os.replace(part, path)
    except BaseException:
        for left in (part, Path(f"{part}-wal"), Path(f"{part}-shm")):
            with contextlib.suppress(OSError):
                left.unlink()
        raise


def _open_to_write(path: Path) -> sqlite3.Connection:
    _refuse_empty(path)
    connection = sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")  # a commit is on the disk when it returns
    except BaseException:
        connection.close()
        raise
    return connection


def _open_to_read(path: Path) -> sqlite3.Connection:
    """As one who may tidy up behind himself; else as one who may not; else as if nobody could write, if so it is."""
    if not path.parent.is_dir():
        raise BadInput("no such folder", str(path.parent))
    if not path.exists():
        raise BadInput(f"holds no study: there is no {NAME}", str(path.parent))
    _refuse_empty(path)
    ways = ["mode=rw", "mode=ro"]
    log = Path(f"{path}-wal")
    if not log.exists() or not log.stat().st_size:
        ways.append("mode=ro&immutable=1")
    for way in ways:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?{way}", uri=True, timeout=PATIENCE_S, isolation_level=None,
            check_same_thread=False,
        )  # fmt: skip
        try:
            connection.execute("pragma query_only = on")
            connection.execute("select count(*) from sqlite_master").fetchone()
            return connection
        except sqlite3.OperationalError:
            connection.close()
            if way == ways[-1]:
                raise
        except BaseException:
            connection.close()
            raise
    raise AssertionError


def _refuse_empty(path: Path) -> None:
    if not path.stat().st_size:
        raise damaged_journal(path.parent, "is empty")


def _refuse_foreign(folder: Path, connection: sqlite3.Connection) -> None:
    (application,) = connection.execute("pragma application_id").fetchone()
    (schema,) = connection.execute("pragma user_version").fetchone()
    if application != APPLICATION:
        raise BadInput(f"{NAME} was not made by fupin-sim; give another folder", str(folder))
    if schema != SCHEMA:
        newer = "a newer version" if schema > SCHEMA else "another version"
        raise BadInput(f"{NAME} was made by {newer} of fupin-sim (schema {schema}, known is {SCHEMA})", str(folder))
