"""Gathering runs from wherever their tables lie: the journal, shards, household files, other studies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.store.entry import COLUMNS, row_of
from fupin_sim.store.faults import damaged_journal
from fupin_sim.store.journal import NAME, Journal
from fupin_sim.store.packed import Packed, pack_parts
from fupin_sim.store.query import rows_of
from fupin_sim.store.row import Row
from fupin_sim.store.shards import KINDS, Files

if TYPE_CHECKING:
    import pandas as pd


def table(
    journal: Journal, files: Files, kind: str, keys: Collection[str] | None, measures: Collection[str] | None = None
) -> pd.DataFrame:
    """All rows of series or survival tables of some runs, or of all. Raises BadInput for a damaged shard."""
    with journal.look() as connection:
        sharded = connection.execute(
            f"select key, number, s.{kind} from runs join shards s on number = shard where runs.{kind} is not null"
        ).fetchall()
        waiting = connection.execute(
            f"select key, {kind}, shapes from waiting where {kind} is not null order by key"
        ).fetchall()
    if keys is not None:
        sharded = [run for run in sharded if run[0] in keys]
        waiting = [run for run in waiting if run[0] in keys]
    files.refuse_damaged({files.shard(kind, number): digest for _, number, digest in sharded})
    return rows_of(files, {key: files.shard(kind, number) for key, number, _ in sharded}, waiting, measures)


def household(journal: Journal, files: Files, key: str) -> Packed | None:
    """The household table of a run. Raises BadInput if its file is damaged."""
    with journal.look() as connection:
        found = connection.execute("select household_file, household_attrs from runs where key = ?", (key,)).fetchone()
    if not found or found[0] is None:
        return None
    path = files.household(key)
    files.refuse_damaged({path: found[0]})
    parts = list(files.read(path).values())
    return replace(pack_parts(parts, len(parts[0].values) if parts else 0), attrs=found[1])


def rows(journal: Journal, files: Files, keys: Collection[str] | None) -> Iterator[Row]:
    """Whole runs, those of one shard together. Raises BadInput for a damaged shard."""
    with journal.look() as connection:
        homes: dict[int | None, list[str]] = {}
        for key, number in connection.execute("select key, shard from runs order by shard, key"):
            if keys is None or key in keys:
                homes.setdefault(number, []).append(key)
    at: tuple[int | None, dict[str, dict[str, Packed]]] = (None, {})
    for key in (key for inside in homes.values() for key in inside):
        if (found := _line(journal, key)) is None:  # forgotten meanwhile
            continue
        line, waiting = found
        if line["shard"] != at[0]:  # one shard at a time is in memory
            at = line["shard"], {kind: _shard(journal, files, kind, line["shard"]) for kind in KINDS}
        tables = {kind: _own(line, kind, waiting, at[1]) for kind in KINDS}
        yield row_of(line, {**tables, "households": household(journal, files, key)})


def stores_in(others: Iterable[str | Path], own: Path) -> list[Path]:
    """The folders among these, and right below these, that hold a journal; not our own."""
    found: dict[Path, Path] = {}
    for other in map(Path, others):
        for folder in [other, *(sorted(path.parent for path in other.glob(f"*/{NAME}")))]:
            if (folder / NAME).is_file():
                found.setdefault(folder.resolve(), folder)
    found.pop(own.resolve(), None)
    return list(found.values())


def _line(journal: Journal, key: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A run's line, and its tables as far as they wait."""
    with journal.look() as connection:
        found = connection.execute(f"select {', '.join(COLUMNS)} from runs where key = ?", (key,)).fetchone()
        waiting = connection.execute("select series, survival, shapes from waiting where key = ?", (key,)).fetchone()
    if found is None:
        return None
    return dict(zip(COLUMNS, found, strict=True)), dict(
        zip((*KINDS, "shapes"), waiting or (None, None, ""), strict=True)
    )


def _own(
    line: dict[str, Any], kind: str, waiting: dict[str, Any], shard: dict[str, dict[str, Packed]]
) -> Packed | None:
    if line[kind] is None:
        return None
    if (data := waiting[kind]) is not None:
        return Packed(data, line[kind], waiting["shapes"].split("|")[KINDS.index(kind)])
    if not shard.get(kind):
        raise damaged_journal(Path(line["key"]), "has lost the tables of a run")
    return shard[kind].get(line["key"], shard[kind][""])


def _shard(journal: Journal, files: Files, kind: str, number: int | None) -> dict[str, Packed]:
    with journal.look() as connection:
        (digest,) = connection.execute(f"select max({kind}) from shards where number = ?", (number,)).fetchone()
    if number is None or digest is None:
        return {}
    path = files.shard(kind, number)
    files.refuse_damaged({path: digest})
    return dict(files.tables(path))
