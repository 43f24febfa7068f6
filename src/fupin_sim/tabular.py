"""A data file as columns of texts, by the ending of its name."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from fupin_sim.errors import BadInput

SHOWN = 5  # lines named in a message


@dataclass(frozen=True)
class Cells:
    """columns: the texts of each column by its name; lines: the line of the file each row ends in, the head being 1."""

    columns: Mapping[str, tuple[str, ...]]
    lines: tuple[int, ...]
    mistakes: tuple[str, ...] = ()


def read_cells(path: Path, encoding: str = "utf-8", separator: str = ",") -> Cells:
    """The columns of a file. Raises BadInput where it is not the kind of file that its name says."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"the ending {path.suffix!r} is not one of {', '.join(READERS)}; export the survey as CSV.")
    return reader(path, encoding, separator)


def read_csv(path: Path, encoding: str, separator: str) -> Cells:
    """A text file with one head line; quotes as spreadsheets write them. Rows of another length are mistakes."""
    rows, lines = _parse(_text(path, encoding), separator)
    if not rows:
        raise BadInput("the file is empty.")
    head = [name.strip() for name in rows[0]]
    twice = sorted({name for name in head if head.count(name) > 1})
    mistakes = [f'two columns are called "{name}".' for name in twice]
    if len(head) == 1 and (other := next((mark for mark in ";\t|," if mark in head[0]), "")):
        mistakes.append(f"the head line is one column, {head[0]!r}; [file] separator = {other!r} may be meant.")
    if len(rows) == 1:
        mistakes.append("the file has a head line and no rows.")
    ragged = [line for row, line in zip(rows[1:], lines[1:], strict=True) if len(row) != len(head)]
    if ragged:
        shown = ", ".join(str(line) for line in ragged[:SHOWN]) + (" …" if len(ragged) > SHOWN else "")
        mistakes.append(f"{len(ragged)} rows have more or fewer cells than the {len(head)} columns, in lines {shown}.")
    whole = [(row, line) for row, line in zip(rows[1:], lines[1:], strict=True) if len(row) == len(head)]
    columns = {name: tuple(row[i] for row, _ in whole) for i, name in enumerate(head)}
    return Cells(columns, tuple(line for _, line in whole), tuple(mistakes))


def _text(path: Path, encoding: str) -> str:
    try:
        codecs.lookup(encoding)
    except LookupError:
        raise BadInput(f'[file] encoding = "{encoding}": no such encoding; utf-8 and gb18030 are common.') from None
    data = path.read_bytes()
    if b"\0" in data[:4096] and not encoding.lower().startswith("utf-16"):
        raise BadInput("the file is not text (a spreadsheet or a statistics package's own format?); export it as CSV.")
    try:
        return data.decode(encoding).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except UnicodeDecodeError as error:
        other = '[file] encoding = "gb18030"'
        raise BadInput(
            f"byte {error.start} of the file is not {encoding}; name its encoding, such as {other}."
        ) from None


def _parse(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, lines = [], []
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num} is not CSV: {error}.") from None
    return rows, lines


READERS: dict[str, Callable[[Path, str, str], Cells]] = {".csv": read_csv}
