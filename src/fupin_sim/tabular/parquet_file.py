"""Parquet, through DuckDB: only the wanted columns are read."""

from __future__ import annotations

import glob
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin_sim.errors import BadInput
from fupin_sim.tabular.cells import Cells, FileSettings, damaged, no_rows, texts_of

if TYPE_CHECKING:
    import duckdb

FRACTIONS = ("DOUBLE", "FLOAT", "DECIMAL")
NOT_PLAIN = ("STRUCT", "MAP", "UNION", "BLOB", "BIT")


def read_parquet(path: Path, wanted: Collection[str], settings: FileSettings) -> Cells:
    """The wanted columns of a Parquet file; rows are counted from 1 in the order of the file."""
    import duckdb

    if settings != FileSettings():
        raise BadInput("a Parquet file says its encoding and has no separator; leave [file] out.")
    connection = duckdb.connect(":memory:", config={"threads": 1})  # one thread: rows keep their order
    try:
        return _read(connection, path, wanted)
    except duckdb.Error as error:
        raise damaged("Parquet", str(error).partition("LINE 1:")[0]) from None
    finally:
        connection.close()


def _read(connection: duckdb.DuckDBPyConnection, path: Path, wanted: Collection[str]) -> Cells:
    source = glob.escape(str(path)).replace("'", "''")  # a folder may be called "runs [new]": brackets are no pattern
    connection.execute(f"create view file as select * from read_parquet('{source}')")
    kinds = {str(name): str(kind) for name, kind, *_ in connection.execute("describe file").fetchall()}
    read = [name for name in kinds if name in wanted]
    odd = [name for name in read if kinds[name].endswith("]") or kinds[name].startswith(NOT_PLAIN)]
    if odd:
        raise BadInput([f'column "{name}" holds {kinds[name]}; numbers or texts are wanted.' for name in odd])
    (count,) = connection.execute("select count(*) from file").fetchone() or (0,)
    columns = {name: _column(connection, name, kinds[name]) for name in read}
    return Cells(tuple(kinds), columns, tuple(range(1, count + 1)), mistakes=no_rows(tuple(kinds), count))


def _column(connection: duckdb.DuckDBPyConnection, name: str, kind: str) -> tuple[str, ...]:
    quoted = '"' + name.replace('"', '""') + '"'
    if kind.startswith(FRACTIONS):
        numbers: Any = connection.execute(f"select {quoted} as x from file").fetchnumpy()["x"]
        return texts_of(np.ma.filled(numbers, np.nan))
    # Whole numbers are never made floats: codes of eighteen digits must keep every one.
    values = connection.execute(f"select coalesce(cast({quoted} as varchar), '') as x from file").fetchnumpy()["x"]
    return texts_of(np.asarray(values, dtype=object))
