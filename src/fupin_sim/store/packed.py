"""A table as a few bytes: the same table always gives the same, and they give back every bit of it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

TEXT = "text"
DATE = "<M8[us]"
CODE = np.dtype("<i4")
PLAIN = ("|b1", "|i1", "|u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f4", "<f8", DATE)


@dataclass(frozen=True)
class Packed:
    """A packed table.

    data: compressed bytes. digest: BLAKE2b-128 of what they say, whatever the compression. shape: a digest of the names
    and kinds of the columns; tables of equal shape can share a file. attrs: the frame's `attrs` as JSON.
    """

    data: bytes
    digest: str
    shape: str
    attrs: str = "{}"


@dataclass(frozen=True)
class Part:
    """One column: its name, its kind (a NumPy type, or "text"), its values, or codes of the texts (-1 is missing)."""

    name: str
    kind: str
    values: NDArray[Any]
    texts: tuple[str, ...] = ()


def packed(frame: pd.DataFrame) -> Packed:
    """Pack a table; its index is left out.

    Columns may hold truths, whole numbers, floats, dates or texts. NaN is kept as NaN, whatever its bits; None among
    texts is missing. Raises ValueError for any other column, and for two columns of one name.
    """
    names = [str(name) for name in frame.columns]
    if len(set(names)) < len(names):
        raise ValueError(f"two columns have the same name: {', '.join(names)}")
    table = pack_parts([_part(name, frame.iloc[:, i]) for i, name in enumerate(names)], len(frame))
    return replace(table, attrs=json.dumps(dict(frame.attrs), sort_keys=True)) if frame.attrs else table


def pack_parts(parts: Sequence[Part], rows: int) -> Packed:
    """Pack columns of `rows` values each."""
    told = {"rows": rows, "columns": [[part.name, part.kind, list(part.texts)] for part in parts]}
    head = json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"
    whole = b"".join([head, *(part.values.tobytes() for part in parts)])
    shape = json.dumps([[part.name, part.kind] for part in parts]).encode()
    return Packed(zlib.compress(whole, 1), _digest(whole), _digest(shape))


def unpacked(table: Packed | bytes) -> pd.DataFrame:
    """The table again, with the same columns, values and order of rows. Raises ValueError for damaged bytes."""
    import pandas as pd

    frame = pd.DataFrame({part.name: _values(part) for part in parts_of(table)}, copy=False)
    if isinstance(table, Packed):
        frame.attrs = json.loads(table.attrs)
    return frame


def parts_of(table: Packed | bytes) -> list[Part]:
    """The columns of a packed table. Raises ValueError for damaged bytes."""
    try:
        whole = zlib.decompress(table if isinstance(table, bytes) else table.data)
        end = whole.index(b"\n") + 1
        return list(_cut(*_head(whole[:end]), memoryview(whole)[end:]))
    except (zlib.error, KeyError, TypeError) as error:
        raise ValueError(f"a packed table is damaged: {error}") from error


def digest_of(data: bytes) -> str:
    """The digest of packed bytes. Raises ValueError for damaged ones."""
    try:
        return _digest(zlib.decompress(data))
    except zlib.error as error:
        raise ValueError(f"a packed table is damaged: {error}") from error


def _digest(said: bytes) -> str:
    return hashlib.blake2b(said, digest_size=16).hexdigest()


Column = tuple[str, str, np.dtype[Any], tuple[str, ...]]  # name, kind, type of the values, texts


@lru_cache(maxsize=64)  # the tables of a study mostly begin alike
def _head(head: bytes) -> tuple[int, tuple[Column, ...]]:
    """The number of rows and the columns that the head of a packed table tells."""
    told = json.loads(head)
    columns = [
        (name, kind, CODE if kind == TEXT else np.dtype(kind), tuple(texts)) for name, kind, texts in told["columns"]
    ]
    return told["rows"], tuple(columns)


def _cut(rows: int, columns: Sequence[Column], rest: memoryview) -> Iterator[Part]:
    start = 0
    for name, kind, dtype, texts in columns:
        values = np.frombuffer(rest, dtype, rows, start)
        start += values.nbytes
        yield Part(name, kind, values, texts)


def _values(part: Part) -> Any:
    if part.kind != TEXT:
        return part.values.copy()
    texts = np.array([*part.texts, None], dtype=object)
    return texts[part.values]


def _part(name: str, column: pd.Series[Any]) -> Part:
    import pandas as pd

    dtype = column.dtype
    if isinstance(dtype, pd.CategoricalDtype) or dtype.kind == "O" or isinstance(dtype, pd.StringDtype):
        return text_part(name, column)
    values = np.ascontiguousarray(column.to_numpy())
    if values.dtype.kind == "M":
        values = values.astype(DATE)
    values = values.astype(values.dtype.newbyteorder("<"), copy=False)
    return plain_part(name, values)


def plain_part(name: str, values: NDArray[Any]) -> Part:
    """A column of numbers, truths or dates."""
    if values.dtype.str not in PLAIN:
        raise ValueError(f'column "{name}" holds {values.dtype}; numbers, dates or texts are wanted')
    if values.dtype.kind == "f" and (lost := np.isnan(values)).any():
        values = np.where(lost, values.dtype.type(np.nan), values)
    return Part(name, values.dtype.str, values)


def text_part(name: str, column: Any) -> Part:
    """A column of texts; what is missing has code -1."""
    import pandas as pd

    codes, texts = pd.factorize(np.asarray(column, dtype=object))
    if odd := [text for text in texts if not isinstance(text, str)]:
        raise ValueError(f'column "{name}" holds {type(odd[0]).__name__} among its texts')
    return Part(name, TEXT, codes.astype(CODE), tuple(texts))
