"""Rows of many runs at once, read from shards and from what still waits in the journal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_sim.files import sql_path
from fupin_sim.store.shards import Files, expressions, stacked

if TYPE_CHECKING:
    import pandas as pd

PLACE = "file_row_number"


def rows_of(
    files: Files,
    shards: Mapping[str, Path],
    waiting: Sequence[tuple[str, bytes, str]],
    measures: Collection[str] | None = None,
) -> pd.DataFrame:
    """key and all columns, by key, the rows of a run in their order.

    shards: where each sharded run's rows lie. waiting: keys, packed tables and their shapes. measures: only rows of
    these.
    """
    import pandas as pd

    numbers = [int(path.stem) for path in shards.values()]
    frames = {
        "wanted": pd.DataFrame({"key": pd.Series(list(shards), dtype="str"), "number": numbers}),
        "measures": pd.DataFrame({"measure": pd.Series(sorted(measures or ()), dtype="str")}),
    }
    sources = [_sharded(sorted(set(shards.values())))] if shards else []
    for i, group in enumerate(_alike(waiting)):
        frame = stacked(group)
        frames[f"waiting{i}"] = frame.assign(**{PLACE: range(len(frame))})
        columns = ", ".join(f'{sql} as "{name}"' for name, sql in expressions(frame).items())
        sources.append(f"select {columns}, {PLACE} from waiting{i}")
    if not sources:
        return pd.DataFrame({"key": pd.Series(dtype="str")})
    only = "" if measures is None else "semi join measures using (measure)"
    every = " union all by name ".join(sources)
    return _asked(files, frames, f"select * exclude {PLACE} from ({every}) {only} order by key, {PLACE}")


def _sharded(paths: Sequence[Path]) -> str:
    """Rows of wanted runs, each only from the shard that the journal names: an older one may still hold the run."""
    options = f"union_by_name = true, filename = true, {PLACE} = true"
    source = f"read_parquet([{', '.join(map(sql_path, paths))}], {options})"
    number = "cast(regexp_extract(filename, '([0-9]+)[.]parquet$', 1) as bigint) as number"
    numbered = f"(select *, {number} from {source})"
    return f"select * exclude (filename, number) from {numbered} semi join wanted using (key, number)"


def _asked(files: Files, frames: Mapping[str, pd.DataFrame], sql: str) -> pd.DataFrame:
    for name, frame in frames.items():
        files.duckdb.register(name, frame)
    try:
        return files.duckdb.execute(sql).df()
    finally:
        for name in frames:
            files.duckdb.unregister(name)


def _alike(waiting: Sequence[tuple[str, bytes, str]]) -> list[list[tuple[str, bytes]]]:
    """Tables of the same columns together."""
    groups: dict[str, list[tuple[str, bytes]]] = {}
    for key, data, shape in waiting:
        groups.setdefault(shape, []).append((key, data))
    return list(groups.values())
