"""The mapping file that says what the columns of a survey are, read and checked; docs/microdata.md has the grammar."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fupin_sim.errors import nearest
from fupin_sim.reading import read_bytes
from fupin_sim.survey_mapping.origin import Origin, is_texts, origin_of, refuse_unknown
from fupin_sim.survey_mapping.variables import CODES, REQUIRED, VARIABLES, WELFARE
from fupin_sim.tabular import FileSettings
from fupin_sim.toml_text import shown

ROWS = ("refuse", "drop")
BLANK = frozenset({"", ".", "NA", "NaN", "nan"})
INCOME = "income"


@dataclass(frozen=True)
class SurveyMapping:
    """What a mapping file says, checked.

    missing: texts of a missing cell. rows: what befalls a row with one, "refuse" or "drop", unless `rules` has another
    rule for the variable. welfare: which variable the model's income starts from.
    """

    title: str = ""
    source: str = ""
    file: FileSettings = field(default_factory=FileSettings)
    missing: frozenset[str] = BLANK
    rows: str = ROWS[0]
    rules: Mapping[str, str] = field(default_factory=dict)
    welfare: str = INCOME
    columns: Mapping[str, Origin] = field(default_factory=dict)

    @property
    def wanted(self) -> frozenset[str]:
        """The columns of the file that are needed."""
        return frozenset(column for origin in self.columns.values() for column in origin.columns)

    def rule(self, name: str) -> str:
        """What befalls a missing cell of a variable."""
        return self.rules.get(name, self.rows)


def read_mapping(path: Path) -> tuple[SurveyMapping, list[str]]:
    """The mapping, as far as it can be understood, with the mistakes in it."""
    try:
        table = tomllib.loads(read_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return SurveyMapping(), [f"{path.name} is not UTF-8, as TOML must be, at byte {error.start}; save it as UTF-8."]
    except ValueError as error:
        return SurveyMapping(), [f"{path.name} is not a TOML file: {error}"]
    return parse_mapping(table)


def parse_mapping(table: Mapping[str, Any]) -> tuple[SurveyMapping, list[str]]:
    """As `read_mapping`, from the table that a mapping file holds."""
    mistakes: list[str] = []
    refuse_unknown(table, ("title", "source", "file", "missing", "use", "columns"), "", mistakes)
    columns = _subtable(table, "columns", (*CODES, *VARIABLES), mistakes)
    origins = {name: origin_of(name, said, mistakes) for name, said in columns.items() if name in (*CODES, *VARIABLES)}
    if isinstance(table.get("columns", {}), Mapping):
        _demand_columns(columns, mistakes)
    codes, rows, rules = _missing(table, columns, mistakes)
    said = SurveyMapping(
        title=str(table.get("title", "")),
        source=str(table.get("source", "")),
        file=_file(table, mistakes),
        missing=BLANK | frozenset(codes),
        rows=rows,
        rules=rules,
        welfare=_welfare(table, columns, mistakes),
        columns=origins,
    )
    return said, mistakes


def _file(table: Mapping[str, Any], mistakes: list[str]) -> FileSettings:
    file = _subtable(table, "file", ("encoding", "separator"), mistakes)
    encoding, separator = file.get("encoding"), file.get("separator")
    if separator is not None and (not isinstance(separator, str) or len(separator) != 1 or separator in '"\r\n'):
        mistakes.append('[file] separator: one character, such as ";".')
        separator = None
    if encoding is not None and not isinstance(encoding, str):
        mistakes.append('[file] encoding: a name in quotes, such as "gb18030".')
        encoding = None
    return FileSettings(encoding, separator)


def _missing(
    table: Mapping[str, Any], columns: Mapping[str, Any], mistakes: list[str]
) -> tuple[list[str], str, dict[str, str]]:
    """Texts of a missing cell, what befalls a row with one, and the variables with a rule of their own."""
    missing = _subtable(table, "missing", ("rows", "codes", *VARIABLES), mistakes)
    rows, codes = missing.get("rows", ROWS[0]), missing.get("codes", [])
    if rows not in ROWS:
        mistakes.append(f"[missing] rows = {shown(rows)}: allowed are {_quoted(ROWS)}.{nearest(str(rows), ROWS)}")
        rows = ROWS[0]
    if not is_texts(codes):
        mistakes.append('[missing] codes: a list of texts, such as ["NA", "-9"].')
        codes = []
    rules = {name: rule for name, rule in missing.items() if name in VARIABLES}
    for name, rule in rules.items():
        allowed = (*ROWS, *VARIABLES[name].imputed)
        if rule not in allowed:
            hint = nearest(str(rule), allowed)
            mistakes.append(f"[missing] {name} = {shown(rule)}: allowed are {_quoted(allowed)}.{hint}")
        if name not in columns:
            mistakes.append(f"[missing] {name}: [columns] names no column for it.")
    return codes, rows, {name: str(rule) for name, rule in rules.items()}


def _welfare(table: Mapping[str, Any], columns: Mapping[str, Any], mistakes: list[str]) -> str:
    """Which variable stands for income at the start. Expenditure does only where the mapping says so."""
    there = [name for name in WELFARE if name in columns]
    if len(there) == 0:
        return INCOME
    use = _subtable(table, "use", ("welfare", "as"), mistakes)
    example = '[use] welfare = "consumption" and as = "income"'
    if not use:
        if "consumption" in there:
            other = ', or [use] welfare = "income"' if INCOME in there else ""
            mistakes.append(
                "[use] is missing: the model starts from income, and the survey has consumption. "
                f"Say that it stands for income: {example}{other}."
            )
        return there[-1]
    welfare = use.get("welfare")
    if welfare not in WELFARE:
        mistakes.append(f"[use] welfare = {shown(welfare)}: allowed are {_quoted(WELFARE)}.")
        return there[-1]
    if welfare not in there:
        mistakes.append(f'[use] welfare = "{welfare}": [columns] names no column for it.')
    stands_for = use.get("as", INCOME if welfare == INCOME else None)
    if stands_for != INCOME:
        what = "is missing" if stands_for is None else f"= {shown(stands_for)}"
        mistakes.append(f"[use] as {what}: the model starts from income, so write {example}.")
    return str(welfare)


def _demand_columns(columns: Mapping[str, Any], mistakes: list[str]) -> None:
    for name in REQUIRED:
        if name not in columns:
            what = CODES.get(name) or VARIABLES[name].doc
            mistakes.append(f"[columns] names no column for {name} ({what}).")
    if not any(name in columns for name in WELFARE):
        mistakes.append("[columns] names no column for consumption nor for income; one of them is needed.")


def _subtable(table: Mapping[str, Any], name: str, allowed: Sequence[str], mistakes: list[str]) -> Mapping[str, Any]:
    said = table.get(name, {})
    if not isinstance(said, Mapping):
        mistakes.append(f"{name}: a table is wanted, [{name}].")
        return {}
    refuse_unknown(said, allowed, f"[{name}] ", mistakes)
    return said


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
