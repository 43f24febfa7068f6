"""Files that are whole or not there: written under another name in the same folder, then renamed."""

from __future__ import annotations

import contextlib
import glob
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def write_whole(path: Path, write: Callable[[Path], None]) -> Path:
    """Let `write` make a temporary file, then put it in the place of `path`; a failure leaves the old file as it was.

    The temporary file is hidden and named after this process, so two writers cannot spoil each other's.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(temporary)
        with temporary.open("rb+") as handle:
            os.fsync(handle.fileno())
        os.replace(temporary, path)
        _sync_folder(path.parent)
    except BaseException:  # Ctrl-C too: nobody shall find half a file
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return path


def _sync_folder(folder: Path) -> None:
    """Have the new name on the disk too, where a system lets folders be opened."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_text(path: Path, text: str) -> Path:
    """Text in UTF-8 with "\\n" ends of line on every system."""

    def write(part: Path) -> None:
        part.write_bytes(text.encode())

    return write_whole(path, write)


def write_json(path: Path, value: Any) -> Path:
    """JSON a person can read; NaN is refused, since JSON has none (use None)."""
    return write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def write_csv(path: Path, frame: pd.DataFrame) -> Path:
    """A frame as CSV; numbers keep every digit, missing values are empty."""
    return write_text(path, frame.to_csv(index=False, lineterminator="\n"))


def write_parquet(path: Path, frame: pd.DataFrame) -> Path:
    """A frame as Parquet; NaN becomes null. The same frame gives the same bytes with the same DuckDB."""

    with _connection() as connection:
        return copy_to_parquet(connection, path, frame)


def copy_to_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, frame: pd.DataFrame, columns: Mapping[str, str] | None = None
) -> Path:
    """`write_parquet` through a connection that is there already. columns: name -> SQL expression, in order."""
    what = ", ".join(f"{sql} as {_name(name)}" for name, sql in columns.items()) if columns else "*"

    def copy(part: Path) -> None:
        connection.register("frame", frame)
        try:
            source = f"(select {what} from frame)"
            connection.execute(f"copy {source} to {sql_text(str(part))} (format parquet, compression zstd)")
        finally:
            connection.unregister("frame")

    return write_whole(path, copy)


def read_parquet(paths: Sequence[Path], columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Parquet files one after the other; null becomes NaN. columns: name -> SQL expression, in order."""
    return _read(paths, ", ".join(f'{sql} as "{name}"' for name, sql in columns.items()) if columns else "*")


def parquet_columns(path: Path) -> list[str]:
    """The names of a Parquet file's columns, without reading its rows."""
    return list(_read([path], "*", "limit 0").columns)


def _read(paths: Sequence[Path], what: str, rest: str = "") -> pd.DataFrame:
    files = ", ".join(map(sql_path, paths))
    with _connection() as connection:
        return connection.execute(f"select {what} from read_parquet([{files}]) {rest}").df()


def sql_path(path: Path) -> str:
    """A file to read in DuckDB's SQL; a folder may be called "runs [new]": the brackets are no pattern."""
    return sql_text(glob.escape(str(path)))


@contextlib.contextmanager
def _connection() -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    # one thread: rows keep their order and row groups their sizes
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        yield connection
    finally:
        connection.close()


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def sql_text(text: str) -> str:
    """A text in SQL."""
    return "'" + text.replace("'", "''") + "'"
