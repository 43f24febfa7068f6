"""Stata files: names of at most 32 letters, labels of at most 80, and no infinities."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin_sim.files import write_whole

if TYPE_CHECKING:
    import pandas as pd

LONGEST_NAME, LONGEST_LABEL = 32, 80
LARGEST_WHOLE = 2**53  # beyond, Stata's doubles lose digits
LARGEST = {"f4": 1.7e38, "f8": 8.98e307}
MONTH = re.compile(r"\d{4}-\d{2}")
ALWAYS = datetime.datetime(2000, 1, 1)
RESERVED = {
    "_all", "_b", "byte", "_coef", "_cons", "double", "float", "if", "in", "int", "long", "_n", "_N", "_pi", "_pred",
    "_rc", "_skip", "str", "strL", "using", "with",
}  # fmt: skip


def write_stata(path: Path, frame: pd.DataFrame, labels: Mapping[str, str], title: str = "") -> Path:
    """Write a table for Stata 14 and later. labels: by column.

    Truths are 0 and 1; months such as 2016-12 are Stata's months (%tm); whole numbers beyond 2**53 are texts; infinite
    numbers, and those beyond Stata's largest, are missing.
    """
    import pandas as pd

    names = stata_names(map(str, frame.columns))
    columns = {names[str(name)]: _column(frame[name]) for name in frame}
    made = pd.DataFrame(columns, index=frame.index)
    months: Any = {name: "tm" for name in columns if made[name].dtype.kind == "M"}
    told = {names[str(name)]: _label(labels.get(str(name)) or str(name)) for name in frame}

    def write(part: Path) -> None:
        made.to_stata(
            part, write_index=False, version=118, variable_labels=told, data_label=_label(title), time_stamp=ALWAYS,
            convert_dates=months,
        )  # fmt: skip

    return write_whole(path, write)


def stata_names(columns: Iterable[str]) -> dict[str, str]:
    """A name for each column that Stata allows, each once.

    >>> stata_names(["gini", "2 of 3", "2_of_3", "in"])
    {'gini': 'gini', '2 of 3': '_2_of_3', '2_of_3': '_2_of_31', 'in': 'in_'}
    """
    names: dict[str, str] = {}
    for column in columns:
        name = re.sub(r"[^A-Za-z0-9_]", "_", column) or "_"
        name = f"_{name}" if name[0].isdigit() else f"{name}_" if name in RESERVED else name
        number, fresh = 0, name[:LONGEST_NAME]
        while fresh in names.values() or fresh in RESERVED or re.fullmatch(r"str\d+", fresh):
            number += 1
            fresh = f"{name[: LONGEST_NAME - len(str(number))]}{number}"
        names[column] = fresh
    return names


def _column(column: pd.Series[Any]) -> Any:
    import pandas as pd

    values = column.to_numpy()
    if values.dtype.kind == "b":
        return values.astype(np.int8)
    if values.dtype.kind == "M":
        return column.astype("datetime64[ns]")
    if values.dtype.kind in "iu":
        if len(values) and (int(values.max()) > LARGEST_WHOLE or int(values.min()) < -LARGEST_WHOLE):
            return values.astype(str).astype(object)
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            return np.where(np.abs(values) <= LARGEST[values.dtype.str[1:]], values, np.nan).astype(values.dtype)
    texts = ["" if pd.isna(text) else str(text) for text in column]
    if texts and all(MONTH.fullmatch(text) for text in texts):
        return pd.to_datetime(pd.Series(texts, index=column.index), format="%Y-%m").astype("datetime64[ns]")
    return np.array(texts, dtype=object)


def _label(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1] + "…"
