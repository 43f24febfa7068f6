"""Collecting what nothing refers to any more."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fupin_sim.store.journal import NAME, Journal
from fupin_sim.store.shards import KINDS, Files

PART = re.compile(r"\..+\.\d+\.part(-wal|-shm)?")


@dataclass(frozen=True)
class Freed:
    """What was removed: runs, files, and the bytes that they took."""

    runs: int
    files: int
    bytes: int


def collect(journal: Journal, files: Files) -> Freed:
    """Remove runs that the plan does not name, if there is a plan; then shards, household tables and leftovers."""
    with journal.change() as connection:
        gone = 0
        if connection.execute("select 1 from plan limit 1").fetchone():
            unplanned = "key not in (select key from plan)"
            gone = connection.execute(f"delete from runs where {unplanned}").rowcount
        connection.execute("delete from waiting where key not in (select key from runs where shard is null)")
        connection.execute("delete from shards where number not in (select shard from runs where shard is not null)")
        numbers = {number for (number,) in connection.execute("select number from shards")}
        keys = {key for (key,) in connection.execute("select key from runs where household_file is not null")}
    sizes = []
    for path in list(unreferred(files, numbers, keys)):
        sizes.append(path.stat().st_size)
        path.unlink()
    return Freed(gone, len(sizes), sum(sizes) + _shrink(journal))


def unreferred(files: Files, shards: set[int], households: set[str]) -> Iterator[Path]:
    """Files of ours that these shards and household tables do not need; files of others are never among them."""
    for kind in KINDS:
        for path in sorted((files.folder / kind).glob("*.parquet")):
            if path.stem.isdigit() and int(path.stem) not in shards:
                yield path
    for path in sorted((files.folder / "households").glob("*.parquet")):
        if path.stem not in households and not path.name.startswith("."):
            yield path
    for folder in (files.folder / kind for kind in (*KINDS, "households")):
        yield from (path for path in sorted(folder.glob(".*")) if PART.fullmatch(path.name))
    yield from (path for path in sorted(files.folder.glob(f".{NAME}.*")) if PART.fullmatch(path.name))


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder; those that vanish meanwhile count nothing."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_size if path.is_file() else 0
    return total


def _shrink(journal: Journal) -> int:
    """Give back the pages of the journal that are free, if they are many; how many bytes."""
    with journal.look() as connection:
        (free,) = connection.execute("pragma freelist_count").fetchone()
        (pages,) = connection.execute("pragma page_count").fetchone()
        (size,) = connection.execute("pragma page_size").fetchone()
    if 4 * free <= pages:
        return 0
    journal.vacuum()
    return int(free * size)
