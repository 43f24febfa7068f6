"""A table of the user's as arrays; all that is wrong with it is said in one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput, nearest
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.microdata.numbers import to_numbers
from fupin_sim.tabular import Cells, FileSettings, read_cells
from fupin_sim.world import Array, Flags

MISSING = frozenset(("", ".", "NA", "NaN", "nan"))
NUMBERS = ("income", "weight", "members", "line")
SHOWN = 3
LARGEST = 1e100
"""Of numbers; the squares and ratios of larger ones are none."""


@dataclass(frozen=True)
class Columns:
    """What the columns of the file are called. line: a column or a number. household, time: of a panel.

    members: where it is given, income is that of the household, and weight is of households; both are made per person.
    """

    income: str
    line: str
    weight: str | None = None
    members: str | None = None
    by: str | None = None
    household: str | None = None
    time: str | None = None
    cluster: str | None = None
    strata: str | None = None

    @property
    def fixed_line(self) -> float | None:
        """The line, where it is a number."""
        number = to_numbers([self.line])[0]
        return None if np.isnan(number) else float(number)

    def named(self) -> dict[str, str]:
        """The columns of the file that are wanted, by option."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: column for name, column in given.items() if column and not (name == "line" and self.fixed_line)}


@dataclass(frozen=True)
class Table:
    """Arrays of shape (rows,): income per person, persons as weights; the labels None where not asked for.

    left_out: rows with a missing cell, which were skipped.
    """

    income: Array
    line: Array
    weight: Array
    by: NDArray[Any] | None
    household: NDArray[Any] | None
    time: NDArray[Any] | None
    cluster: NDArray[Any] | None
    strata: NDArray[Any] | None
    left_out: int = 0


def read_table(path: Path, columns: Columns, skip_missing: bool = False, settings: FileSettings | None = None) -> Table:
    """The columns of a CSV, Parquet or Stata file. Raises NotMeasured with all mistakes.

    skip_missing: leave out rows in which a wanted cell is missing, instead of refusing them.
    """
    where, wanted = str(path), columns.named()
    try:
        cells = read_cells(path, set(wanted.values()), settings)
    except BadInput as error:
        raise NotMeasured([_as_options(mistake) for mistake in error.mistakes], where) from None
    absent = [
        f"--{_option(name)} {column}: no such column.{nearest(column, cells.names)}  Columns: {_some(cells.names)}"
        for name, column in wanted.items()
        if column not in cells.names
    ]
    if absent or cells.mistakes:
        raise NotMeasured([*absent, *map(_as_options, cells.mistakes)], where)
    texts = {
        name: np.array([cell.strip() for cell in cells.labelled(column)], dtype=object)
        if name == "by"
        else np.array([cell.strip() for cell in cells.columns[column]], dtype=object)
        for name, column in wanted.items()
    }
    mistakes: list[str] = []
    if columns.household is not None and columns.household == columns.time:
        mistakes.append(f"--panel {columns.household},{columns.time}: the household and the date are one column.")
    there = _complete(texts, wanted, cells, skip_missing, mistakes)
    found = {
        name: _numbers(name, wanted[name], column, there, cells, mistakes)
        for name, column in texts.items()
        if name in NUMBERS
    }
    if not mistakes and not there.any():
        mistakes.append("no row is left that has all of the wanted cells.")
    if mistakes:
        raise NotMeasured(mistakes, where)
    return _table(columns, texts, found, there)


def _table(columns: Columns, texts: dict[str, NDArray[Any]], found: dict[str, Array], there: Flags) -> Table:
    n = int(there.sum())
    labels = {
        name: labels_of(texts[name][there]) if name in texts else None
        for name in ("by", "household", "time", "cluster", "strata")
    }
    line = found["line"] if "line" in found else np.full(n, columns.fixed_line or np.nan)
    weight = found["weight"] if "weight" in found else np.ones(n)
    members = found["members"] if "members" in found else np.ones(n)
    return Table(found["income"] / members, line, weight * members, **labels, left_out=int((~there).sum()))


def labels_of(texts: NDArray[Any]) -> NDArray[Any]:
    """Labels as numbers where all of them are, so that they are put in that order; else as texts.

    >>> labels_of(np.array(["10", "9"], dtype=object)).tolist(), labels_of(np.array(["10", "b"], dtype=object)).tolist()
    ([10, 9], ['10', 'b'])
    """
    numbers = to_numbers(texts.tolist())
    if np.isnan(numbers).any():
        return texts.astype(str)
    whole = (numbers == np.rint(numbers)).all() and (np.abs(numbers) < 2.0**53).all()
    return numbers.astype(np.int64) if whole else numbers


def _complete(
    texts: dict[str, NDArray[Any]], wanted: dict[str, str], cells: Cells, skip: bool, mistakes: list[str]
) -> Flags:
    there = np.ones(len(cells.places), dtype=bool)
    for name, column in texts.items():
        empty = np.isin(column.astype(str), list(MISSING))
        there &= ~empty
        if empty.any() and not skip:
            what = f"{_count(empty)} missing, in {_at(empty, cells)}; --skip-missing leaves such rows out."
            mistakes.append(f"--{_option(name)} {wanted[name]}: {what}")
    return there


def _numbers(name: str, column: str, texts: NDArray[Any], there: Flags, cells: Cells, mistakes: list[str]) -> Array:
    """The numbers of the rows that are complete; what keeps them from being measured is added to the mistakes."""
    numbers = np.full(len(texts), np.nan)
    numbers[there] = to_numbers(texts[there].tolist())
    wrong = there & np.isnan(numbers)
    said = f"--{_option(name)} {column}: "
    if wrong.any():
        mistakes.append(f"{said}{_count(wrong)} not a number, in {_at(wrong, cells)}, such as {texts[wrong][0]!r}.")
    vast = there & (np.abs(numbers) > LARGEST) | there & (numbers != 0) & (np.abs(numbers) < 1.0 / LARGEST)
    if vast.any():
        mistakes.append(f"{said}{_count(vast)} beyond {LARGEST:g} or within 1/{LARGEST:g} of 0, in {_at(vast, cells)}.")
    positive = name in ("line", "members")
    low = there & (numbers <= 0 if positive else numbers < 0)
    if name != "income" and low.any():
        least = "above 0" if positive else "at least 0"
        mistakes.append(f"{said}{_count(low)} not {least}, in {_at(low, cells)}.")
    if name == "weight" and there.any() and not wrong.any() and not low.any() and not numbers[there].sum() > 0:
        mistakes.append(f"{said}the weights sum to 0.")
    return numbers[there]


def _count(which: Flags) -> str:
    number = int(which.sum())
    return f"{number:,} cell{'s are' if number != 1 else ' is'}"


def _at(which: Flags, cells: Cells) -> str:
    places = [str(cells.places[i]) for i in np.flatnonzero(which)]
    return f"{cells.place} {', '.join(places[:SHOWN])}{' …' if len(places) > SHOWN else ''}"


def _option(name: str) -> str:
    return {"household": "panel", "time": "panel"}.get(name, name)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:20]) + (" …" if len(names) > 20 else "")


def _as_options(mistake: str) -> str:
    """What is said of a mapping file, said of the command."""
    for name in ("separator", "encoding"):
        mistake = mistake.replace(f"[file] {name} = ", f"--{name} ")
    return mistake
