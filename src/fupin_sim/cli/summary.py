"""The summary of a run in the terminal: one line a measure, mean ± half the Student interval over replicates."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.intervals import summarise
from fupin_sim.replicates import Replicate

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

MOST_GROUPS = 8
"""A measure of more groups is for the tables and figures, not for the terminal."""
WIDEST_NAME = 30
"""Longer names, which are the user's own, are broken, so that there is room for the numbers and their units."""


def summary_of(results: Sequence[Replicate]) -> pd.DataFrame:
    """The frame of `summarise`, with the built-in measures in the order of the catalogue."""
    frame = summarise(results)
    place = {name: i for i, name in enumerate(BUILT_IN.measures)}
    order = sorted(frame.index, key=lambda i: place.get(frame["measure"][i].split(" ")[0], len(place)))
    return frame.loc[order].reset_index(drop=True)


def lines_of(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Measure, value, n and unit of every line of the table; groups stand indented under their measure.

    What has no value in any replicate has no line; `remarks_on` names it.
    """
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in filter(lambda row: row["n"], rows):
        groups.setdefault(row["measure"].partition(" ")[0], []).append(row)
    lines = []
    for measure, mine in groups.items():
        grouped = " " in mine[0]["measure"]
        if grouped and len(mine) > MOST_GROUPS:
            continue
        if grouped:
            lines.append((measure, "", "", mine[0]["unit"]))
        for row in mine:
            name = f"  {row['measure'].partition(':')[2]}" if grouped else measure
            lines.append((name, value_of(row), str(row["n"]), "" if grouped else row["unit"]))
    return lines


def value_of(row: Mapping[str, Any]) -> str:
    """Mean ± half-width to two digits of the half-width; the mean alone where there is no interval.

    >>> value_of({"mean": 0.01234, "low": 0.012, "high": 0.01268, "n": 5})
    '0.01234 ± 0.00034'
    >>> value_of({"mean": 13832.8, "low": math.nan, "high": math.nan, "n": 1})
    '13,833'
    """
    mean = float(row["mean"])
    half = (float(row["high"]) - float(row["low"])) / 2
    if math.isnan(half):
        return _digits(mean, 4, mean)
    if half < 1e-6 * abs(mean) or half == 0:  # as for what a policy gives to everybody: rounding of fen
        return f"{_digits(mean, 4, mean)} ± 0"
    return f"{_digits(mean, 2, half)} ± {_digits(half, 2, half)}"


def _digits(value: float, significant: int, of: float) -> str:
    """The value with as many decimals as show so many significant digits of another number.

    >>> _digits(0.5, 4, 0.5), _digits(1234.5, 2, 20.0)
    ('0.5000', '1,234')
    """
    if of == 0:
        return f"{value:.4g}"
    decimals = significant - 1 - math.floor(math.log10(abs(of)))
    return f"{value:,.{min(max(decimals, 0), 12)}f}"


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by name of column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def table_of(frame: pd.DataFrame, title: str, replicates: int) -> Table:
    """The table for the terminal; it fits 80 columns."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0)
    )
    table.add_column("measure", max_width=WIDEST_NAME, overflow="fold")
    table.add_column("mean" if replicates == 1 else "mean ± 95 %", no_wrap=True)
    table.add_column("n", justify="right")
    table.add_column("unit")
    for line in lines_of(records(frame)):
        table.add_row(*line)
    return table


def remarks_on(results: Sequence[Replicate], frame: pd.DataFrame) -> list[str]:
    """What a reader must know about the numbers: intervals that are none, and values that are missing."""
    n = len(results)
    remarks = ["One replicate: no interval."] if n == 1 else [f"± half the 95 % Student interval over {n} replicates."]
    for row in records(frame):
        if 0 < row["missing"] < n:
            remarks.append(f"{row['measure']}: missing in {row['missing']} of {n} replicates.")
    never = dict.fromkeys(row["measure"].partition(" ")[0] for row in records(frame) if row["n"] == 0)
    remarks += [f"Nobody to count in any year, so no value: {', '.join(never)}."] if never else []
    return [*remarks, *_gaps(results)]


def _gaps(results: Sequence[Replicate]) -> list[str]:
    """Which measures lack what part of their values, all replicates together."""
    import pandas as pd

    series = pd.concat([result.series for result in results])
    whole = series[series["group"] == ""]
    measures: dict[float, list[str]] = {}
    for name, lacks in whole["value"].isna().groupby(whole["measure"], sort=False).mean().items():
        if 0 < lacks < 1:
            measures.setdefault(lacks, []).append(str(name))
    return [
        f"No value (0/0: nobody at risk) in {100 * lacks:.0f} % of the years, left out of the mean: {', '.join(names)}."
        for lacks, names in measures.items()
    ]
