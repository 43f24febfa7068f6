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
    except BaseException:  # Ctrl-C too: nobody shall find half a file
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise
    return path


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

    def copy(part: Path) -> None:
        with _connection() as connection:
            connection.register("frame", frame)
            connection.execute(f"copy frame to {_quoted(str(part))} (format parquet, compression zstd)")

    return write_whole(path, copy)


def read_parquet(paths: Sequence[Path], columns: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Parquet files one after the other; null becomes NaN. columns: name -> SQL expression, in order."""
    return _read(paths, ", ".join(f'{sql} as "{name}"' for name, sql in columns.items()) if columns else "*")


def parquet_columns(path: Path) -> list[str]:
    """The names of a Parquet file's columns, without reading its rows."""
    return list(_read([path], "*", "limit 0").columns)


def _read(paths: Sequence[Path], what: str, rest: str = "") -> pd.DataFrame:
    # a folder may be called "runs [new]": the brackets are no pattern
    files = ", ".join(_quoted(glob.escape(str(path))) for path in paths)
    with _connection() as connection:
        return connection.execute(f"select {what} from read_parquet([{files}]) {rest}").df()


@contextlib.contextmanager
def _connection() -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    # one thread: rows keep their order and row groups their sizes
    connection = duckdb.connect(":memory:", config={"threads": 1})
    try:
        yield connection
    finally:
        connection.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
