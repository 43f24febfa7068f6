"""`measure`: poverty, inequality and panels of a table of the user's own, printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from fupin_sim.files import write_csv, write_parquet
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measuring import Columns, Measured, Table, measure, read_table
from fupin_sim.measuring.cross_section import BOOTSTRAP, NONE, Errors, Estimate
from fupin_sim.tabular import FileSettings

BY_GROUP = ("share_of_persons", "share_of_poor", "headcount", "poverty_gap", "squared_gap", "gini")
WRITERS = {".csv": write_csv, ".parquet": write_parquet}


def measure_file(
    path: Path, columns: Columns, errors: Errors, skip_missing: bool, settings: FileSettings, out: Path | None
) -> None:
    """Print what there is to say of a file, and write it all to `out`; raises NotMeasured with all mistakes."""
    if mistakes := list(_wrong(columns, errors, out)):
        raise NotMeasured(mistakes, str(path))
    table = read_table(path, columns, skip_missing, settings)
    try:
        found = measure(table, errors)
    except NotMeasured as error:
        raise NotMeasured(error.mistakes, str(path)) from None
    print("\n".join(lines(path, columns, table, found, errors)))
    if out is not None:
        WRITERS[out.suffix.lower()](out, found.frame())
        print(f"\nWrote {out}.")


def _wrong(columns: Columns, errors: Errors, out: Path | None) -> Iterator[str]:
    if columns.fixed_line is not None and not columns.fixed_line > 0:
        yield f"--line {columns.line}: must be above 0."
    if errors.kind == BOOTSTRAP and errors.draws < 2:
        yield f"--draws {errors.draws}: must be at least 2."
    if out is not None and out.suffix.lower() not in WRITERS:
        yield f"--out {out}: the ending must be one of {', '.join(WRITERS)}."
    if out is not None and (not out.parent.is_dir() or out.is_dir()):
        yield f"--out {out}: wanted is a file in a folder that is there."


def lines(path: Path, columns: Columns, table: Table, found: Measured, errors: Errors) -> Iterator[str]:
    """What is printed."""
    named = " × ".join(filter(None, (columns.weight, columns.members)))
    rows = f"{len(table.income):,} row{'' if len(table.income) == 1 else 's'}"
    yield f"{path.name}: {rows}; {_people(table)} by {named or 'rows'}; line {columns.line}"
    yield f"Errors: {_errors(columns, table, errors)}."
    yield from found.remarks
    dates = list(dict.fromkeys(date for date, _, _ in found.rows if date)) or [""]
    for date in dates:
        mine = [e for d, group, e in found.rows if d == date and not group]
        yield from _of_all(f"{columns.time} {date}" if date else "", mine)
        if columns.by:
            yield from _of_groups(columns.by, [(g, e) for d, g, e in found.rows if d == date and g])
    if columns.time:
        rest = [e for date, _, e in found.rows if not date]
        yield from _of_all("over time", [e for e in rest if not e.measure.startswith(("hazard:", "survival:"))])
        yield from _of_spells({e.measure: e for e in rest})


def _people(table: Table) -> str:
    dates = "" if table.time is None else ", all dates together,"
    return f"{table.weight.sum():,.10g} persons{dates}"


def _errors(columns: Columns, table: Table, errors: Errors) -> str:
    if errors.kind == NONE:
        return "none"
    clusters = "no clusters" if table.cluster is None else f"clusters of {columns.cluster}"
    strata = "no strata" if table.strata is None else f"strata of {columns.strata}"
    draws = f", {errors.draws} draws" if errors.kind == BOOTSTRAP else ""
    return f"{errors.kind}{draws}, {clusters}, {strata}; 95 % intervals by Student"


def _of_all(title: str, estimates: list[Estimate]) -> Iterator[str]:
    width = max(len(e.measure) for e in estimates)
    yield ""
    yield f"{title:<{width}}  {'value':>9}  {'error':>9}  95 % interval"
    for e in estimates:
        limits = "" if np.isnan(e.low) else f"{_number(e.low)} to {_number(e.high)}"
        yield f"{e.measure:<{width}}  {_number(e.value):>9}  {_number(e.error):>9}  {limits or e.note}".rstrip()


def _of_spells(estimates: dict[str, Estimate]) -> Iterator[str]:
    """Hazard and survival side by side, a line a duration."""
    kinds = dict.fromkeys(name.split(":")[1] for name in estimates if name.startswith("hazard:"))
    for kind in kinds:
        yield ""
        yield f"{kind + ', after dates':<40}  {'hazard':>7}  {'error':>7}  {'survival':>8}  {'error':>7}"
        for name, e in estimates.items():
            if name.startswith(f"hazard:{kind}:"):
                after = name.rpartition(":")[2]
                cells = f"{_number(e.value):>7}  {_number(e.error):>7}"
                left = estimates.get(f"survival:{kind}:{after}")
                rest = f"  {_number(left.value):>8}  {_number(left.error):>7}" if left else ""
                yield f"  {after:<10}{e.note:>28}  {cells}{rest}"


def _of_groups(by: str, estimates: list[tuple[str, Estimate]]) -> Iterator[str]:
    values = {(group, e.measure): e.value for group, e in estimates}
    groups = list(dict.fromkeys(group for group, _ in estimates))
    width = max(len(by), *map(len, groups))
    yield ""
    yield f"{by:<{width}}  " + "  ".join(f"{name.replace('share_of_', '% of '):>12}" for name in BY_GROUP)
    for group in groups:
        cells = [_cell(name, values[group, name]) for name in BY_GROUP]
        yield f"{group:<{width}}  " + "  ".join(f"{cell:>12}" for cell in cells)


def _cell(name: str, value: float) -> str:
    return f"{100 * value:.1f}" if name.startswith("share_of") and not np.isnan(value) else _number(value)


def _number(value: float) -> str:
    """Four digits after the point, or, from a thousand on, one and commas; "–" for what is missing.

    >>> _number(-0.00001), _number(12345.67), _number(float("nan"))
    ('0.0000', '12,345.7', '–')
    """
    if np.isnan(value):
        return "–"
    return f"{value:,.1f}" if abs(value) >= 1000 else f"{round(value, 4) + 0.0:.4f}"
