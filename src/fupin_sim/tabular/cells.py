"""Columns of a data file as texts, the same for every kind of file, so that one mapping reads them all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput

LARGEST_WHOLE = 2.0**53  # up to here every whole number is a float of its own


@dataclass(frozen=True)
class FileSettings:
    """What [file] of a mapping says: encoding and separator, None where it says nothing."""

    encoding: str | None = None
    separator: str | None = None


@dataclass(frozen=True)
class Cells:
    """Some columns of a file.

    names: all columns the file has. columns: the texts of those wanted, "" where nothing stands. places: where each row
    stands, counted in `place`: lines of a text, the head being 1, or rows. labels: for a column of coded answers what
    its codes mean, {"1": "male"}. mistakes: what is wrong with rows that could not be read.
    """

    names: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    places: tuple[int, ...]
    place: str = "row"
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    mistakes: tuple[str, ...] = ()

    def labelled(self, column: str) -> tuple[str, ...]:
        """A column with labels in the place of the codes that have one."""
        labels = self.labels.get(column, {})
        return tuple(labels.get(text, text) for text in self.columns[column]) if labels else self.columns[column]


def no_rows(names: Sequence[str], rows: int) -> tuple[str, ...]:
    """The mistake of a file without rows, if it has none."""
    return () if rows else (f"the file has {len(names)} columns and no rows.",)


def damaged(kind: str, said: str) -> BadInput:
    """What to say of a file that its own library cannot read, after what the library says.

    >>> damaged("Stata", "no\\nheader.").mistakes
    ['the file is no Stata file, or a damaged one: no header.']
    """
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in said).split())
    return BadInput(f"the file is no {kind} file, or a damaged one: {words[:200].rstrip('.') or 'unreadable'}.")


def texts_of(values: NDArray[Any]) -> tuple[str, ...]:
    """Numbers as the shortest texts that mean them, whole ones without a point; "" for NaN. Shape (n,).

    Texts stay as they are; None is "".

    >>> texts_of(np.array([3.0, 0.1, np.nan, 1e300])), texts_of(np.array([0.1], np.float32))
    (('3', '0.1', '', '1e+300'), ('0.1',))
    """
    if values.dtype.kind in "iu":
        return tuple(values.astype(str).tolist())
    if values.dtype.kind != "f":
        return tuple("" if value is None else str(value) for value in values.tolist())
    texts = values.astype(str).astype(object)
    whole = np.isfinite(values) & (np.abs(values) < LARGEST_WHOLE)
    whole[whole] = values[whole] == np.rint(values[whole])
    texts[whole] = values[whole].astype(np.int64).astype(str)
    texts[np.isnan(values)] = ""
    return tuple(texts.tolist())
