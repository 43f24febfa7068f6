"""Shards: the tables of some two hundred runs in one Parquet file, written by DuckDB and named when whole."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput
from fupin_sim.files import copy_to_parquet, sql_path, sql_text
from fupin_sim.provenance import file_digest
from fupin_sim.store.packed import CODE, TEXT, Packed, Part, pack_parts, parts_of, plain_part, text_part

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

RUNS = 200
KINDS = ("series", "survival")


class Files:
    """The Parquet files of a study: series/000123.parquet, survival/000123.parquet, households/KEY.parquet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._duckdb: duckdb.DuckDBPyConnection | None = None
        self._sound: set[tuple[Path, str]] = set()

    @property
    def duckdb(self) -> duckdb.DuckDBPyConnection:
        """One connection for all files: it takes longer to make than a shard to write."""
        if self._duckdb is None:
            import duckdb

            # one thread: rows keep their order
            self._duckdb = duckdb.connect(":memory:", config={"threads": 1})
            self._duckdb.execute(f"set temp_directory = {sql_text(tempfile.gettempdir())}")
        return self._duckdb

    def shard(self, kind: str, number: int) -> Path:
        """Where a shard of series or survival tables lies."""
        return self.folder / kind / f"{number:06d}.parquet"

    def household(self, key: str) -> Path:
        """Where the household table of a run lies."""
        return self.folder / "households" / f"{key}.parquet"

    def write(self, path: Path, runs: Sequence[tuple[str, bytes]]) -> str:
        """Write packed tables one below the other, with the key of each before its rows; the digest of the file."""
        return self._write(path, stacked(runs))

    def write_household(self, key: str, table: Packed) -> str:
        """Write a household table as it is; the digest of the file."""
        return self._write(self.household(key), frame_of(parts_of(table)))

    def damage(self, path: Path, digest: str) -> str:
        """What is wrong with a file that had this digest, "" if nothing."""
        try:
            return "" if file_digest(path) == digest else "is not as it was written"
        except FileNotFoundError:
            return "is gone"
        except OSError as error:
            return f"cannot be read ({error.strerror or error})"

    def refuse_damaged(self, wanted: Mapping[Path, str]) -> None:
        """Raise BadInput unless every file has its digest; each is looked at once."""
        fresh = [(path, digest) for path, digest in wanted.items() if (path, digest) not in self._sound]
        mistakes = []
        for path, digest in fresh:
            if said := self.damage(path, digest):
                name = path.relative_to(self.folder).as_posix()
                mistakes.append(f"{name} {said}; fupin-sim store verify --forget has its runs made again")
        if mistakes:
            raise BadInput(mistakes, str(self.folder))
        self._sound.update(fresh)

    def close(self) -> None:
        """Let go of DuckDB."""
        if self._duckdb is not None:
            self._duckdb.close()
            self._duckdb = None

    def _write(self, path: Path, frame: pd.DataFrame) -> str:
        path.parent.mkdir(exist_ok=True)
        copy_to_parquet(self.duckdb, path, frame, expressions(frame))
        return file_digest(path)

    def tables(self, path: Path) -> Iterator[tuple[str, Packed]]:
        """The packed tables of a shard, by their runs' keys, as they stand in it; last, by "", one without rows."""
        parts = self.read(path)
        keys = parts.pop("key")
        codes = keys.values
        starts = np.flatnonzero(np.diff(codes, prepend=-2))
        for start, end in zip(starts, [*starts, len(codes)][1:], strict=len(codes) > 0):
            cut = [_cut(part, int(start), int(end)) for part in parts.values()]
            yield keys.texts[codes[start]], pack_parts(cut, int(end - start))
        yield "", pack_parts([_cut(part, 0, 0) for part in parts.values()], 0)

    def read(self, path: Path) -> dict[str, Part]:
        """The columns of a Parquet file by name."""
        found: Mapping[str, Any] = self.duckdb.execute(f"select * from read_parquet({sql_path(path)})").fetchnumpy()
        return {name: _part(name, values) for name, values in found.items()}


def frame_of(parts: Sequence[Part]) -> pd.DataFrame:
    """Columns as a frame whose texts are categories."""
    import pandas as pd

    return pd.DataFrame({part.name: _column(part.values, part) for part in parts}, copy=False)


def stacked(runs: Sequence[tuple[str, bytes]]) -> pd.DataFrame:
    """Packed tables of the same columns one below the other; a column of keys before them, texts as categories."""
    import pandas as pd

    tables = [parts_of(data) for _, data in runs]
    lengths = [len(parts[0].values) if parts else 0 for parts in tables]
    keys = pd.Categorical.from_codes(np.repeat(np.arange(len(runs)), lengths), [key for key, _ in runs])  # type: ignore[call-overload]
    columns: dict[str, Any] = {"key": keys}
    for parts in zip(*tables, strict=True):
        columns[parts[0].name] = _joined(parts)
    return pd.DataFrame(columns, copy=False)


def _joined(parts: Sequence[Part]) -> Any:
    if parts[0].kind != TEXT:
        return np.concatenate([part.values for part in parts])
    places: dict[str, int] = {}
    known: dict[tuple[str, ...], NDArray[Any]] = {}  # the texts of many runs are the same
    codes = []
    for part in parts:
        if part.texts not in known:
            known[part.texts] = np.array([*(places.setdefault(text, len(places)) for text in part.texts), -1], CODE)
        codes.append(known[part.texts][part.values])
    return _column(np.concatenate(codes), Part(parts[0].name, TEXT, parts[0].values, tuple(places)))


def _column(values: Any, part: Part) -> Any:
    import pandas as pd

    return pd.Categorical.from_codes(values, list(part.texts)) if part.kind == TEXT else values  # type: ignore[call-overload]


def _cut(part: Part, start: int, end: int) -> Part:
    values = part.values[start:end]
    if part.kind != TEXT:
        return plain_part(part.name, values)
    texts = np.array([*part.texts, None], dtype=object)
    return text_part(part.name, texts[values])


def _part(name: str, values: Any) -> Part:
    lost = np.ma.getmaskarray(values)
    plain = np.ma.getdata(values)
    if plain.dtype.kind == "O":
        if lost.any():
            plain = plain.copy()
            plain[lost] = None
        return text_part(name, plain)
    if lost.any() and plain.dtype.kind == "f":
        plain = np.where(lost, plain.dtype.type(np.nan), plain)
    return plain_part(name, plain)


def expressions(frame: pd.DataFrame) -> dict[str, str]:
    """The SQL of each column by name: categories are texts."""
    quoted = {str(name): _quoted(str(name)) for name in frame}
    return {name: f"cast({sql} as varchar)" if frame[name].dtype == "category" else sql for name, sql in quoted.items()}


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
