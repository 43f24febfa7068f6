"""What was read from a survey, column by column, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fupin_sim.microdata.moments import UNITS
from fupin_sim.microdata.survey import Survey

HEAD = ("variable", "column", "n", "missing", "rule", "lowest", "median", "mean", "highest", "unit")


def report_text(survey: Survey) -> str:
    """The report as a plain table, and below it what the table cannot say."""
    rows = [
        (
            row.name, row.column, f"{row.n:,}", f"{row.missing:,}", row.rule if row.missing else "",
            *(f"{number:,.6g}" for number in (row.lowest, row.median, row.mean, row.highest)), row.unit,
        )
        for row in survey.report
    ]  # fmt: skip
    return "\n".join([_table([HEAD, *rows]), *notes(survey)])


def compared(survey: Mapping[str, float], population: Mapping[str, float]) -> str:
    """The moments of a survey, by weight, beside those of the population that starts from it."""
    rows = [(name, f"{of:,.5g}", f"{population[name]:,.5g}", UNITS[name]) for name, of in survey.items()]
    return _table([("moment", "survey", "population", "unit"), *rows])


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def notes(survey: Survey) -> list[str]:
    """One sentence each."""
    expenditure = " (expenditure as income)" if survey.welfare_is == "consumption" else ""
    said = [
        f"{len(survey):,} households in {len(survey.village_names):,} villages"
        f" of {len(survey.county_names):,} counties; income starts from {survey.welfare_is}{expenditure}"
    ]
    if survey.absent:
        said.append(f"not in the survey: {', '.join(survey.absent)}")
    if not any(row.name == "weight" for row in survey.report):
        said.append("no weights: every household counts once")
    if survey.dropped:
        said.append(f"left out for a missing cell: {survey.dropped:,} rows")
    filled = [f"{name} {filled.sum():,}" for name, filled in survey.imputed.items()]
    if filled:
        said.append(f"imputed cells: {', '.join(filled)}")
    return said
