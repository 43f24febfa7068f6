"""The folder of a study: its journal, its shards, its household tables."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from fupin_sim.errors import BadInput
from fupin_sim.store import gather, plan
from fupin_sim.store.collect import Freed, collect
from fupin_sim.store.entry import COLUMNS, INSERT, Entry, entry_of, numbers_in
from fupin_sim.store.faults import StoreFailed, told
from fupin_sim.store.info import Info, info_of
from fupin_sim.store.journal import Journal
from fupin_sim.store.lock import WriterLock, writer_of
from fupin_sim.store.plan import Place
from fupin_sim.store.row import Problem, Row
from fupin_sim.store.sharding import shard
from fupin_sim.store.shards import RUNS, Files
from fupin_sim.store.verify import verify

if TYPE_CHECKING:
    import pandas as pd

LENT = 200  # runs taken from another store at once


class Store:
    """All runs of one study: one process writes, any number read, also while it writes.

    folder: the study's; with write=True it is made if need be, and the lock of the single writer is taken.
    Raises BadInput for a folder that is not there or holds no store of ours, StoreBusy (also a BadInput) while another
    process writes, naming it, StoreFailed (an OSError) when the disk is full or read-only. Every method may raise
    StoreFailed; what was committed before is safe. Reading a table that is damaged raises BadInput.
    """

    def __init__(self, folder: str | Path, *, write: bool) -> None:
        self.folder = Path(folder)
        self._lock: WriterLock | None = None
        if write:
            _make(self.folder)
            with told(self.folder):
                self._lock = WriterLock(self.folder)
        try:
            self._journal = Journal(self.folder, write=write)
        except BaseException:
            if self._lock:
                self._lock.release()
            raise
        self._files = Files(self.folder)
        self._waiting = self._count("waiting")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # the plan

    def plan(self, cells: Iterable[Place], *, anew: bool = False) -> None:
        """Add cells (key, point, arm, replicate) to the plan, each once; several may share one key.

        A cell that is planned already gets the key given now. anew: everything planned before is dropped first.
        """
        with self._journal.change() as connection:
            plan.add(connection, cells, anew)

    def planned(self) -> list[Place]:
        """The cells of the plan in the order they were first planned."""
        with self._journal.look() as connection:
            return plan.cells(connection)

    def describe(
        self,
        *,
        title: str | None = None,
        measures: Mapping[str, tuple[str, str]] | None = None,
        points: Mapping[int, Mapping[str, Any]] | None = None,
    ) -> None:
        """Keep what exported tables tell: unit and meaning of each measure, factors of each point of a sweep."""
        factors = None if points is None else {str(number): dict(values) for number, values in points.items()}
        meant = None if measures is None else {name: list(pair) for name, pair in measures.items()}
        with self._journal.change() as connection:
            plan.keep_told(connection, {"title": title, "measures": meant, "points": factors})

    def described(self) -> dict[str, Any]:
        """title, measures {name: [unit, meaning]}, points {number as text: {factor: value}}, as far as described."""
        with self._journal.look() as connection:
            return plan.told(connection)

    # runs

    def finished(self, *, households: bool = False) -> set[str]:
        """Keys that need not run: they ended, well or not. To run failed ones again, forget them.

        households: runs that ended well count only if their household table is there.
        """
        only = " where status != 'ok' or household_file is not null" if households else ""
        return {key for (key,) in self._asked(f"select key from runs{only}")}

    def statuses(self) -> dict[str, int]:
        """How many runs there are by status."""
        return dict(self._asked("select status, count(*) from runs group by status order by status"))

    def attempts(self) -> dict[str, int]:
        """How often each run was tried that did not end well, by key."""
        return dict(self._asked("select key, attempts from runs where status != 'ok' order by key"))

    def put(self, rows: Sequence[Row]) -> None:
        """Keep runs in one transaction; when it returns, they are on the disk.

        A run that is there already is replaced. When it raises StoreFailed, these runs may have to run again. About
        every 200 runs, tables move from the journal into a shard.
        """
        entries = [entry_of(row) for row in rows]
        with told(self.folder):
            lines = [self._line(entry) for entry in entries]
        with self._journal.change() as connection:
            connection.executemany(INSERT, lines)
            connection.executemany("delete from waiting where key = ?", [(entry.row.key,) for entry in entries])
            connection.executemany("insert or replace into waiting values(?, ?, ?, ?)", _waiting(entries))
            (self._waiting,) = connection.execute("select count(*) from waiting").fetchone()
        if self._waiting >= RUNS:
            self._shard()

    def headlines(self) -> pd.DataFrame:
        """One row per planned cell whose run ended, in the order of points, arms as planned and replicates.

        point, arm, replicate, key, seed, status, digest, seconds, and one column per measure (NaN where missing).
        """
        import pandas as pd

        with self._journal.look() as connection:
            cells = plan.in_order(plan.cells(connection))
            found = connection.execute("select key, seed, status, digest, seconds, headlines from runs").fetchall()
        runs = {key: (int(seed), *rest, numbers_in(numbers or "{}")) for key, seed, *rest, numbers in found}
        ended = [(place, runs[place[0]]) for place in cells if place[0] in runs]
        names = ["point", "arm", "replicate", "key", "seed", "status", "digest", "seconds"]
        first = [(point, arm, replicate, key, *run[:4]) for (key, point, arm, replicate), run in ended]
        numbers = [run[4] for _, run in ended]
        measures = sorted({name for told_ in numbers for name in told_})
        return pd.concat(
            [
                pd.DataFrame(first, columns=names),
                pd.DataFrame({name: [told_.get(name, float("nan")) for told_ in numbers] for name in measures}),
            ],
            axis=1,
        )

    def series(self, keys: Collection[str] | None = None, measures: Collection[str] | None = None) -> pd.DataFrame:
        """key and the columns of the runs' series; runs by key, their rows as recorded. Default: all runs."""
        return self._gathered("series", keys, measures)

    def survival(self, keys: Collection[str] | None = None) -> pd.DataFrame:
        """key and the columns of the runs' survival tables, runs by key. Default: all runs."""
        return self._gathered("survival", keys)

    def households(self, key: str) -> pd.DataFrame | None:
        """The household table of a run, None if it has none."""
        from fupin_sim.store.packed import unpacked

        with told(self.folder):
            table = gather.household(self._journal, self._files, key)
        return None if table is None else unpacked(table)

    def failures(self) -> pd.DataFrame:
        """key, scenario_key, seed, status, attempts, error, trace of the runs that did not end well, by key."""
        import pandas as pd

        names = ["key", "scenario_key", "seed", "status", "attempts", "error", "trace"]
        found = self._asked(f"select {', '.join(names)} from runs where status != 'ok' order by key")
        return pd.DataFrame([(key, scenario, int(seed), *rest) for key, scenario, seed, *rest in found], columns=names)

    def rows(self, keys: Collection[str] | None = None) -> Iterator[Row]:
        """Whole runs with their tables packed, shard by shard; runs that are not there are left out."""
        with told(self.folder):
            yield from gather.rows(self._journal, self._files, None if keys is None else set(keys))

    def contents(self) -> dict[str, str]:
        """The digest of what each run showed, by key."""
        return dict(self._asked("select key, content from runs order by key"))

    def find(self, prefix: str) -> list[str]:
        """Keys of runs and plans that begin so, sorted."""
        found = self._asked("select key from runs union select key from plan order by key")
        return [key for (key,) in found if key.startswith(prefix)]

    def forget(self, keys: Iterable[str]) -> int:
        """Drop runs, so that they run again; how many there were. The plan stays."""
        wanted = [(key,) for key in dict.fromkeys(keys)]
        with self._journal.change() as connection:
            connection.executemany("delete from waiting where key = ?", wanted)
            gone = connection.executemany("delete from runs where key = ?", wanted).rowcount
            (self._waiting,) = connection.execute("select count(*) from waiting").fetchone()
        return max(gone, 0)

    def borrow(self, keys: Iterable[str], others: Iterable[str | Path], *, households: bool = False) -> dict[str, Path]:
        """Take runs that ended well and are missing here from other stores; from where, by key.

        others: folders of studies, or folders of such folders; what is no store is passed over, and so are runs that
        cannot be read there or are not as they were written. households: take only runs with a household table.
        """
        wanted = set(keys) - self.finished(households=households)
        taken: dict[str, Path] = {}
        for folder in gather.stores_in(others, self.folder):
            if not wanted:
                break
            for rows in _lent(folder, wanted, households):
                self.put(rows)
                taken |= {row.key: folder for row in rows}
                wanted -= {row.key for row in rows}
        return taken

    def digest(self) -> str:
        """BLAKE2b-128 of all that the planned runs showed, in whatever order and on whatever machines they ran.

        Equal for equal results: seconds, memory, attempts, texts of errors and the layout of files do not count.
        Without a plan, of all runs.
        """
        with self._journal.look():
            shown, cells = self.contents(), self.planned()
        places = cells or [(key, 0, "", 0) for key in shown]
        said = hashlib.blake2b(digest_size=16)
        for line in sorted(
            f"{point} {arm} {replicate} {key} {shown.get(key)}\n" for key, point, arm, replicate in places
        ):
            said.update(line.encode())
        return said.hexdigest()

    # care

    def verify(self, *, deep: bool = False) -> list[Problem]:
        """What is not as it was written; an empty list says that every run is whole.

        deep: also read every table back and compare it with its run's digest, which takes longer.
        """
        with told(self.folder):
            return verify(self._journal, self._files, deep)

    def gc(self) -> Freed:
        """Remove runs that no plan names, files that no run refers to, leftovers of killed writers; what was freed."""
        with told(self.folder):
            return collect(self._journal, self._files)

    def info(self) -> Info:
        """What there is, in numbers."""
        with told(self.folder):
            return info_of(self._journal, self.writer)

    @property
    def writer(self) -> str:
        """Who writes to this store now, "" for nobody."""
        return writer_of(self.folder)

    def close(self) -> None:
        """Move waiting tables into shards, close the journal, let go of the lock. Never raises for want of space."""
        try:
            if self._lock and self._lock.handle is not None and self._waiting:
                self._shard()
        except (StoreFailed, BadInput):
            pass  # they wait on, safe in the journal
        finally:
            self._files.close()
            self._journal.close()
            if self._lock:
                self._lock.release()

    def _shard(self) -> None:
        with told(self.folder):
            while self._waiting:
                self._waiting -= shard(self._journal, self._files)

    def _line(self, entry: Entry) -> tuple[Any, ...]:
        """The line to write; the household table goes to the disk before the line that names it."""
        line = dict(entry.line)
        if entry.households is not None:
            line["household_file"] = self._files.write_household(entry.row.key, entry.households)
        return tuple(line[name] for name in COLUMNS)

    def _gathered(
        self, kind: str, keys: Collection[str] | None, measures: Collection[str] | None = None
    ) -> pd.DataFrame:
        with told(self.folder):
            wanted = None if keys is None else set(keys)
            return gather.table(self._journal, self._files, kind, wanted, measures)

    def _count(self, table: str) -> int:
        return int(self._asked(f"select count(*) from {table}")[0][0])

    def _asked(self, sql: str) -> list[Any]:
        with self._journal.look() as connection:
            return connection.execute(sql).fetchall()


def _make(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise BadInput("is a file; a folder is needed", str(folder))
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)


def _waiting(entries: Sequence[Entry]) -> Iterator[tuple[str, bytes | None, bytes | None, str]]:
    for entry in entries:
        a, b = entry.series, entry.survival
        if a or b:
            shapes = f"{a.shape if a else ''}|{b.shape if b else ''}"
            yield entry.row.key, a.data if a else None, b.data if b else None, shapes


def _lent(folder: Path, wanted: Collection[str], households: bool) -> Iterator[list[Row]]:
    """Runs of another store in handfuls, as far as it can be read; never one that says another thing than it said."""
    try:
        with Store(folder, write=False) as other:
            said = other.contents()
            batch: list[Row] = []
            for row in other.rows(other.finished(households=households) & set(wanted)):
                if row.status == "ok" and entry_of(row).line["content"] == said.get(row.key):
                    batch.append(row)
                if len(batch) == LENT:
                    yield batch
                    batch = []
            yield batch
    except (BadInput, StoreFailed):
        return
