"""The codebook: what every column of the output means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Codes = Mapping[int, str] | Sequence[str] | None
Columns = Mapping[str, tuple[str, str, Codes]]  # name -> unit, description, codes


def codebook(files: Mapping[str, Columns]) -> pd.DataFrame:
    """One row per column of every file: file, column, unit, description, codes.

    >>> print(codebook({"a.csv": {"sex": ("", "sex of the head", ["woman", "man"])}}).to_csv(index=False), end="")
    file,column,unit,description,codes
    a.csv,sex,,sex of the head,0 woman; 1 man
    """
    import pandas as pd

    rows = [
        (file, name, unit, doc, _told(codes))
        for file, columns in files.items()
        for name, (unit, doc, codes) in columns.items()
    ]
    return pd.DataFrame(rows, columns=["file", "column", "unit", "description", "codes"], dtype="str")


def markdown(book: pd.DataFrame) -> str:
    """The codebook as Markdown, one table per file."""
    lines = ["# Codebook"]
    for file, rows in book.groupby("file", sort=False):
        lines += ["", f"## {file}", "", "| column | unit | description | codes |", "|---|---|---|---|"]
        cells = rows[["column", "unit", "description", "codes"]].to_numpy()
        lines += ["| " + " | ".join(_cell(text) for text in row) + " |" for row in cells]
    return "\n".join(lines) + "\n"


def undescribed(columns: Iterable[str], described: Columns) -> list[str]:
    """The columns that have no description at all."""
    return [name for name in columns if name not in described or not described[name][1].strip()]


def _told(codes: Codes) -> str:
    if not codes:
        return ""
    pairs = codes.items() if isinstance(codes, Mapping) else enumerate(codes)
    return "; ".join(f"{code} {meaning}" for code, meaning in pairs)


def _cell(text: str) -> str:
    return " ".join(str(text).replace("|", "\\|").split())
