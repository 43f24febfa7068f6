"""What the columns of a user's survey mean: the mapping file that names them, checked.

docs/microdata.md has the grammar with an example.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from fupin_sim.errors import nearest

MONTHS = {"year": 1, "month": 12}  # how many of the period make a year
PERIODS = tuple(f"{who}-{period}" for who in ("person", "household") for period in MONTHS)


@dataclass(frozen=True)
class Variable:
    """A quantity the model can take from a survey. kind: a plain number, yes or no, or money."""

    unit: str
    doc: str
    kind: Literal["number", "flag", "money"] = "number"
    lowest: float = -math.inf
    highest: float = math.inf
    whole: bool = False


VARIABLES: Mapping[str, Variable] = {
    "weight": Variable("households", "how many households this one stands for; 1 where the survey has none", lowest=0),
    "members": Variable("persons", "household size", lowest=1, whole=True),
    "schooling": Variable("years", "schooling of the head", lowest=0, highest=25),
    "head_age": Variable("years", "age of the head", lowest=0, highest=120),
    "head_female": Variable("share", "1 where a woman heads the household", kind="flag"),
    "consumption": Variable("yuan per person-year", "all expenditure, own produce included", kind="money", lowest=0),
    "income": Variable("yuan per person-year", "net income; a year of losses is negative", kind="money"),
    "food": Variable("yuan per person-year", "expenditure on food, own produce included", kind="money", lowest=0),
    "medical": Variable("yuan per person-year", "own expenditure on health", kind="money", lowest=0),
}
CODES: Mapping[str, str] = {
    "household": "one code per household, unlike any other in the file",
    "village": "where the household lives",
    "county": "which county the village is in; without it the survey is one county",
}
REQUIRED = ("household", "village", "members")
WELFARE = ("consumption", "income")


@dataclass(frozen=True)
class Origin:
    """Where one variable comes from: column(s) of the file, unit as the file has it, factor to the model's unit."""

    columns: tuple[str, ...]
    unit: str = ""
    factor: float = 1.0
    per: str = "person-year"
    true: tuple[str, ...] = ("1",)

    @property
    def label(self) -> str:
        return "/".join(self.columns)


@dataclass(frozen=True)
class SurveyMapping:
    """What a mapping file says, checked."""

    title: str = ""
    source: str = ""
    encoding: str = "utf-8"
    separator: str = ","
    missing: frozenset[str] = frozenset({"", ".", "NA", "NaN"})
    drop: bool = False
    columns: Mapping[str, Origin] = field(default_factory=dict)


KEYS: Mapping[str, tuple[str, ...]] = {  # what { column = …, … } may say besides
    "money": ("unit", "yuan", "per"),
    "flag": ("unit", "true"),
    "number": ("unit", "factor"),
    "code": (),
}


def read_mapping(path: Path) -> tuple[SurveyMapping, list[str]]:
    """The mapping, as far as it can be understood, with the mistakes in it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return SurveyMapping(), [f"{path.name} is not a TOML file: {error}"]
    return parse_mapping(table)


def parse_mapping(table: Mapping[str, Any]) -> tuple[SurveyMapping, list[str]]:
    """As `read_mapping`, from the table that a mapping file holds."""
    mistakes: list[str] = []
    _refuse_unknown(table, ("title", "source", "file", "missing", "columns"), "", mistakes)
    file = _subtable(table, "file", ("encoding", "separator"), mistakes)
    missing = _subtable(table, "missing", ("rows", "codes"), mistakes)
    columns = _subtable(table, "columns", (*CODES, *VARIABLES), mistakes)
    rows = missing.get("rows", "refuse")
    if rows not in ("refuse", "drop"):
        mistakes.append(f'[missing] rows = {rows!r}: allowed are "refuse", "drop".')
    codes = missing.get("codes", [])
    if not _is_texts(codes):
        mistakes.append('[missing] codes: a list of texts, such as ["NA", "-9"].')
        codes = []
    separator = file.get("separator", ",")
    if not isinstance(separator, str) or len(separator) != 1:
        mistakes.append('[file] separator: one character, such as ";".')
        separator = ","
    origins = {name: _origin(name, said, mistakes) for name, said in columns.items() if name in (*CODES, *VARIABLES)}
    if isinstance(table.get("columns", {}), Mapping):
        _demand_columns(columns, mistakes)
    said = SurveyMapping(
        title=str(table.get("title", "")),
        source=str(table.get("source", "")),
        encoding=str(file.get("encoding", "utf-8")),
        separator=separator,
        missing=SurveyMapping.missing | frozenset(codes),
        drop=rows == "drop",
        columns=origins,
    )
    return said, mistakes


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
    _refuse_unknown(said, allowed, f"[{name}] ", mistakes)
    return said


def _refuse_unknown(said: Mapping[str, Any], allowed: Sequence[str], where: str, mistakes: list[str]) -> None:
    for key in said:
        if key not in allowed:
            mistakes.append(f"{where}{key}: no such key.{nearest(key, allowed)} Allowed are {', '.join(allowed)}.")


def _is_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(text, str) for text in said)


def _origin(name: str, said: Any, mistakes: list[str]) -> Origin:
    """What the mapping says of one variable: "column", or { column = …, … }, or for codes ["column", "column"]."""
    kind = VARIABLES[name].kind if name in VARIABLES else "code"
    if isinstance(said, str) or (kind == "code" and said and _is_texts(said)):
        if kind == "money":
            example = f'{{ column = "{said}", unit = "yuan of 2020", yuan = 1.0, per = "person-year" }}'
            mistakes.append(f"[columns] {name}: money needs its unit, for instance {example}.")
        return Origin((said,) if isinstance(said, str) else tuple(said))
    if not isinstance(said, Mapping) or not isinstance(said.get("column"), str):
        mistakes.append(f'[columns] {name}: the name of a column in quotes, or {{ column = "…", … }}.')
        return Origin(())
    where = f"[columns] {name} "
    _refuse_unknown(said, ("column", *KEYS[kind]), where, mistakes)
    return Origin(
        (said["column"],),
        unit=str(said.get("unit", "")),
        factor=_factor(said, "yuan" if kind == "money" else "factor", where, mistakes),
        per=_per(said, kind == "money", where, mistakes),
        true=_true(said, where, mistakes),
    )


def _factor(said: Mapping[str, Any], key: str, where: str, mistakes: list[str]) -> float:
    if key == "yuan" and key not in said:
        mistakes.append(f"{where}has no yuan: how many yuan of the model (constant prices) one unit of it is worth.")
    factor = said.get(key, 1.0)
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 < factor < math.inf:
        mistakes.append(f"{where}{key} = {factor!r}: a number above 0 is wanted.")
        return 1.0
    return float(factor)


def _per(said: Mapping[str, Any], is_money: bool, where: str, mistakes: list[str]) -> str:
    if is_money and "per" not in said:
        mistakes.append(f"{where}has no per: one of {', '.join(PERIODS)}.")
    per = said.get("per", "person-year")
    if per not in PERIODS:
        mistakes.append(f"{where}per = {per!r}: allowed are {', '.join(PERIODS)}.{nearest(str(per), PERIODS)}")
        return "person-year"
    return str(per)


def _true(said: Mapping[str, Any], where: str, mistakes: list[str]) -> tuple[str, ...]:
    true = said.get("true", "1")
    texts = [true] if isinstance(true, str) else true
    if not texts or not _is_texts(texts):
        mistakes.append(f'{where}true: the text that means yes, such as "female", or a list of such texts.')
        return ()
    return tuple(texts)
