"""A run as a line of the journal, and back."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from fupin_sim.store.packed import Packed, packed
from fupin_sim.store.row import Row, Status, Table

COLUMNS = (
    "key", "scenario_key", "seed", "status", "digest", "seconds", "memory", "attempts", "error", "trace",
    "headlines", "missing", "series", "survival", "households", "household_attrs", "household_file",
    "shard", "content",
)  # fmt: skip
INSERT = f"insert or replace into runs({', '.join(COLUMNS)}) values({', '.join('?' * len(COLUMNS))})"
TABLES = ("series", "survival", "households", "household_attrs")
KEY = re.compile(r"[0-9A-Za-z_-]{1,64}")
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


@dataclass(frozen=True)
class Entry:
    """A row ready to be written: its line without household_file, and its tables packed."""

    row: Row
    line: dict[str, Any]
    series: Packed | None
    survival: Packed | None
    households: Packed | None


def entry_of(row: Row) -> Entry:
    """Check and pack a row. Raises ValueError for one that a program may not give."""
    if not KEY.fullmatch(row.key):
        raise ValueError(f"a key is letters and digits, at most 64: {row.key!r}")
    if row.status not in get_args(Status):
        raise ValueError(f"no such status: {row.status!r}")
    series, survival, households = (_table(table) for table in (row.series, row.survival, row.households))
    line: dict[str, Any] = {
        "key": row.key,
        "scenario_key": row.scenario_key,
        "seed": str(int(row.seed)),
        "status": row.status,
        "digest": row.digest,
        "seconds": float(row.seconds),
        "memory": int(row.memory),
        "attempts": int(row.attempts),
        "error": row.error,
        "trace": row.trace,
        "headlines": None if row.headlines is None else numbers_told(row.headlines),
        "missing": None if row.missing is None else canonical({name: int(n) for name, n in row.missing.items()}),
        "series": series and series.digest,
        "survival": survival and survival.digest,
        "households": households and households.digest,
        "household_attrs": households and households.attrs,
        "household_file": None,
        "shard": None,
    }
    return Entry(row, {**line, "content": content_of(line)}, series, survival, households)


def content_of(line: Mapping[str, Any]) -> str:
    """BLAKE2b-128 of what a run showed: not of seconds, memory, attempts, errors or where its tables lie."""
    shown = ("key", "scenario_key", "seed", "status", "digest", "headlines", "missing")
    said = canonical([line[name] for name in (*shown, *TABLES)])
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def row_of(line: Mapping[str, Any], tables: Mapping[str, Packed | None]) -> Row:
    """The row that a line of the journal and its tables say."""
    return Row(
        line["key"], line["scenario_key"], int(line["seed"]), line["status"],
        None if line["headlines"] is None else numbers_in(line["headlines"]),
        None if line["missing"] is None else json.loads(line["missing"]),
        line["digest"], line["seconds"], line["memory"], line["attempts"], line["error"], line["trace"],
        **tables,
    )  # fmt: skip


def canonical(value: Any) -> str:
    """JSON with sorted names and without spaces: equal values, equal texts."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def numbers_told(numbers: Mapping[str, float]) -> str:
    """Floats as canonical JSON that gives back every bit; what JSON has no number for is a text.

    >>> numbers_told({"b": float("nan"), "a": -0.0})
    '{"a":-0.0,"b":"NaN"}'
    """
    return canonical({name: _told(float(number)) for name, number in numbers.items()})


def numbers_in(text: str) -> dict[str, float]:
    """The floats that `numbers_told` wrote.

    >>> numbers_in('{"a":-0.0,"b":"-Infinity"}')
    {'a': -0.0, 'b': -inf}
    """
    return {name: NOT_FINITE[told] if isinstance(told, str) else float(told) for name, told in json.loads(text).items()}


def _told(number: float) -> float | str:
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _table(table: Table) -> Packed | None:
    return table if table is None or isinstance(table, Packed) else packed(table)
