"""Verifying a store: every file against its digest, every line of the journal against its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fupin_sim.store.entry import COLUMNS, content_of
from fupin_sim.store.gather import household
from fupin_sim.store.journal import NAME, Journal
from fupin_sim.store.packed import digest_of
from fupin_sim.store.row import Problem
from fupin_sim.store.shards import KINDS, Files

Line = dict[str, Any]


def verify(journal: Journal, files: Files, deep: bool) -> list[Problem]:
    """All that is not as it was written. deep: what the tables say as well, not only the bytes of their files."""
    with journal.look() as connection:
        found = connection.execute(f"select {', '.join(COLUMNS)} from runs order by key")
        lines = [dict(zip(COLUMNS, line, strict=True)) for line in found]
        shards = {number: dict(zip(KINDS, digests, strict=True)) for number, *digests in connection.execute(
            f"select number, {', '.join(KINDS)} from shards order by number")}  # fmt: skip
        problems = [*_journal(connection, lines), *_waiting(connection, lines)]
    for number, digests in shards.items():
        inside = [line for line in lines if line["shard"] == number]
        if inside:
            problems += _shard(files, number, digests, inside, deep)
    problems += _households(journal, files, lines, deep)
    return problems


def _journal(connection: sqlite3.Connection, lines: list[Line]) -> Iterator[Problem]:
    for (said,) in connection.execute("pragma quick_check(5)"):
        if said != "ok":
            yield Problem(NAME, f"is damaged: {said}")
    if odd := tuple(line["key"] for line in lines if content_of(line) != line["content"]):
        yield Problem(NAME, "lines are not as they were written", odd)


def _waiting(connection: sqlite3.Connection, lines: list[Line]) -> Iterator[Problem]:
    """Tables that wait in the journal, and runs whose tables are nowhere."""
    there = {line["key"]: line for line in lines if line["shard"] is None}
    waiting = set()
    lost = []
    for key, *tables in connection.execute("select key, series, survival from waiting order by key"):
        waiting.add(key)
        line = there.get(key)
        if line and any(_digest(data) != line[kind] for kind, data in zip(KINDS, tables, strict=True)):
            lost.append(key)
    lost += [key for key, line in there.items() if key not in waiting and any(line[kind] for kind in KINDS)]
    if lost:
        yield Problem(NAME, "tables that wait in it are not as they were written", tuple(sorted(lost)))


def _shard(files: Files, number: int, digests: Line, inside: list[Line], deep: bool) -> Iterator[Problem]:
    keys = tuple(line["key"] for line in inside)
    for kind in KINDS:
        if digests[kind] is None:
            continue
        path = files.shard(kind, number)
        if said := files.damage(path, digests[kind]):
            yield Problem(_name(files, path), said, keys)
        elif deep and (odd := _differing(files, path, kind, inside)):
            yield Problem(_name(files, path), "tables are not as the runs made them", odd)


def _differing(files: Files, path: Path, kind: str, inside: list[Line]) -> tuple[str, ...]:
    found = {key: table.digest for key, table in files.tables(path)}
    return tuple(line["key"] for line in inside if line[kind] not in (None, found.get(line["key"], found[""])))


def _households(journal: Journal, files: Files, lines: list[Line], deep: bool) -> Iterator[Problem]:
    for line in lines:
        if line["household_file"] is None:
            continue
        key, path = line["key"], files.household(line["key"])
        said = files.damage(path, line["household_file"])
        if not said and deep:
            table = household(journal, files, key)
            said = "" if table is None or table.digest == line["households"] else "is not as the run made it"
        if said:
            yield Problem(_name(files, path), said, (key,))


def _digest(data: bytes | None) -> str | None:
    try:
        return None if data is None else digest_of(data)
    except ValueError:
        return "damaged"


def _name(files: Files, path: Path) -> str:
    return path.relative_to(files.folder).as_posix()
