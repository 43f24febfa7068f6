"""CSV, as spreadsheets and statistics packages write it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection
from pathlib import Path

from fupin_sim.errors import BadInput
from fupin_sim.tabular.cells import Cells, FileSettings

SHOWN = 5  # lines named in a message
MARKS = {  # how a text may begin that says its own encoding
    codecs.BOM_UTF8: ("utf-8", "utf-8-sig"),
    codecs.BOM_UTF16_LE: ("utf-16", "utf-16le", "utf-16-le"),
    codecs.BOM_UTF16_BE: ("utf-16", "utf-16be", "utf-16-be"),
}
LONGEST_CELL = 10_000_000  # characters; the csv module stops at 131,072, a missing quote swallows more


def read_csv(path: Path, wanted: Collection[str], settings: FileSettings) -> Cells:
    """A text file with one head line; quotes as spreadsheets write them. Rows of another length are mistakes."""
    separator = settings.separator or ","
    rows, lines = _parse(_text(path, settings.encoding or "utf-8"), separator)
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
    columns = {name: tuple(row[i] for row, _ in whole) for i, name in enumerate(head) if name in wanted}
    places = tuple(line for _, line in whole)
    return Cells(tuple(head), columns, places, "line", mistakes=tuple(mistakes))


def _text(path: Path, encoding: str) -> str:
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        raise BadInput(f'[file] encoding = "{encoding}": no such encoding; utf-8 and gb18030 are common.') from None
    data = path.read_bytes()
    for mark, own in MARKS.items():
        if data.startswith(mark) and known not in own:
            says = f'[file] encoding = "{own[0]}"'
            raise BadInput(f"the file begins with the mark of {own[0]}, and is read as {encoding}; write {says}.")
    if b"\0" in data[:4096] and not known.startswith(("utf-16", "utf-32")):
        raise BadInput("the file is not text (a spreadsheet or a statistics package's own format?); export it as CSV.")
    try:
        return data.decode(encoding).removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
    except UnicodeDecodeError as error:
        other = "gb18030" if known == "utf-8" else "utf-8"
        raise BadInput(
            f'byte {error.start} of the file is not {encoding}; name its encoding, such as [file] encoding = "{other}".'
        ) from None
    except (UnicodeError, TypeError, AttributeError, ValueError, LookupError):  # rot13, idna and their like
        raise BadInput(f'[file] encoding = "{encoding}": not an encoding of text files.') from None


def _parse(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    before = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows, lines = [], []
    try:
        for row in reader:
            if row:
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num} is not CSV: {error}.") from None
    finally:
        csv.field_size_limit(before)
    return rows, lines
