"""Stata's .dta, with its value labels."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Collection
from pathlib import Path
from typing import Any

from fupin_sim.errors import BadInput
from fupin_sim.tabular.cells import Cells, FileSettings, damaged, no_rows, texts_of

FIRST_IN_UTF8 = 118  # the format of Stata 14; what came before does not say its encoding
FORMAT = re.compile(rb"<stata_dta><header><release>(\d+)</release>")
END = b"</stata_dta>"  # of every file of Stata 13 and later; labels stand last, and their loss would go unnoticed


def read_stata(path: Path, wanted: Collection[str], settings: FileSettings) -> Cells:
    """The wanted columns of a Stata file, codes and labels apart; rows are counted from 1, as Stata does.

    [file] encoding is for files of Stata 13 and before, and for later ones whose texts are not the UTF-8 they should
    be. Extended missing values (.a to .z) are missing.
    """
    if settings.separator:
        raise BadInput("a Stata file has no separator; leave [file] separator out.")
    try:
        return _read(path, wanted, settings.encoding)
    except (BadInput, OSError):
        raise
    # pandas meets a damaged file with whatever error it stumbles into.
    except Exception as error:
        raise damaged("Stata", str(error) or type(error).__name__) from None


def _read(path: Path, wanted: Collection[str], encoding: str | None) -> Cells:
    import pandas as pd

    open_: Any = pd.read_stata  # its stubs forget that a reader reads
    with (
        warnings.catch_warnings(record=True) as warned,
        open_(path, iterator=True, convert_categoricals=False, convert_dates=False) as reader,
    ):
        warnings.simplefilter("always")
        own = list(reader.variable_labels())
        old = _format(path) < FIRST_IN_UTF8
        name_of = {name: _decoded(name, encoding if old else None) for name in own}
        read = [name for name in own if name_of[name] in wanted]
        set_of = _set_of(reader)
        frame = reader.read(columns=read or own[:1])
        sets = reader.value_labels()
    not_utf8 = any(issubclass(each.category, UnicodeWarning) for each in warned)
    said = encoding if old or not_utf8 else None
    texts = {name: texts_of(frame[name].to_numpy()) for name in read}
    return Cells(
        tuple(name_of.values()),
        {name_of[name]: tuple(_decoded(text, said) for text in column) for name, column in texts.items()},
        tuple(range(1, len(frame) + 1)),
        labels={
            name_of[name]: {str(code): _decoded(label, said) for code, label in sets[set_of[name]].items()}
            for name in read
            if set_of[name] in sets
        },
        mistakes=no_rows(own, len(frame)),
    )


def _set_of(reader: Any) -> dict[str, str]:
    """The name of each column's set of labels, "" for none.

    pandas keeps it to itself, and forgets it once some columns are read; reading labels instead of codes would be
    public, but fails where two codes share a label.
    """
    return dict(zip(reader._varlist, reader._lbllist, strict=True))


def _format(path: Path) -> int:
    """The number of the file's format, such as 118. Raises ValueError for a file that breaks off."""
    with path.open("rb") as file:
        found = FORMAT.match(head := file.read(64))
        if found is None:
            return head[0]
        file.seek(-len(END), os.SEEK_END)
        if file.read() != END:
            raise ValueError("it breaks off")
    return int(found[1])


def _decoded(text: str, encoding: str | None) -> str:
    """A text that pandas read byte by byte (as Latin-1), in the encoding it is really in."""
    if encoding is None or text.isascii():
        return text
    try:
        return text.encode("latin-1").decode(encoding)
    except UnicodeError:
        raise BadInput(f'[file] encoding = "{encoding}": the text {text!r} is not in it.') from None
    except LookupError:
        raise BadInput(f'[file] encoding = "{encoding}": no such encoding; gb18030 is common.') from None
