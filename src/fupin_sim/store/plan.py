"""The plan of a study: which run fills which cell, and what measures and points mean."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from fupin_sim.store.entry import canonical

Place: TypeAlias = tuple[str, int, str, int]  # key, point, arm, replicate


def add(connection: sqlite3.Connection, cells: Iterable[Place], anew: bool) -> None:
    """Add cells; one that is planned already gets the key given now, and keeps its place."""
    if anew:
        connection.execute("delete from plan")
    connection.executemany(
        "insert into plan(key, point, arm, replicate) values(?, ?, ?, ?)"
        " on conflict(point, arm, replicate) do update set key = excluded.key",
        cells,
    )


def cells(connection: sqlite3.Connection) -> list[Place]:
    """The cells in the order in which they were first planned."""
    return connection.execute("select key, point, arm, replicate from plan order by place").fetchall()


def in_order(places: Iterable[Place]) -> list[Place]:
    """Cells by point, arm as first planned, replicate."""
    known = list(places)
    arms = {arm: i for i, arm in enumerate(dict.fromkeys(arm for _, _, arm, _ in known))}
    return sorted(known, key=lambda place: (place[1], arms[place[2]], place[3]))


def keep_told(connection: sqlite3.Connection, told: Mapping[str, Any]) -> None:
    """Keep JSON values by name; None leaves what there is."""
    rows = [(name, canonical(value)) for name, value in told.items() if value is not None]
    connection.executemany("insert or replace into meta values(?, ?)", rows)


def told(connection: sqlite3.Connection) -> dict[str, Any]:
    """What `keep_told` kept."""
    return {name: json.loads(value) for name, value in connection.execute("select name, value from meta")}
