"""Where one variable comes from: [columns] of a mapping file, entry by entry."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fupin_sim.errors import nearest
from fupin_sim.survey_mapping.variables import VARIABLES
from fupin_sim.toml_text import shown

MONTHS = {"year": 1, "month": 12}  # how many of the period make a year
PERIODS = tuple(f"{who}-{period}" for who in ("person", "household") for period in MONTHS)
YES = ("1", "true")
KEYS: Mapping[str, tuple[str, ...]] = {  # what { column = …, … } may say besides
    "money": ("unit", "yuan", "per"),
    "flag": ("unit", "true"),
    "number": ("unit", "factor", "values"),
    "code": (),
}


@dataclass(frozen=True)
class Origin:
    """Column(s) of the file, unit as the file has it, factor to the model's unit; texts that mean yes, or a number."""

    columns: tuple[str, ...]
    unit: str = ""
    factor: float = 1.0
    per: str = "person-year"
    true: tuple[str, ...] = YES
    values: Mapping[str, float] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return "/".join(self.columns)


def origin_of(name: str, said: Any, mistakes: list[str]) -> Origin:
    """What the mapping says of one variable: "column", or { column = …, … }, or for codes ["column", "column"]."""
    kind = VARIABLES[name].kind if name in VARIABLES else "code"
    if (isinstance(said, str) and said) or (kind == "code" and said and is_texts(said)):
        if kind == "money":
            example = f'{{ column = "{said}", unit = "yuan of 2020", yuan = 1.0, per = "person-year" }}'
            mistakes.append(f"[columns] {name}: money needs its unit, for instance {example}.")
        return Origin((said,) if isinstance(said, str) else tuple(said))
    if not isinstance(said, Mapping) or not isinstance(said.get("column"), str) or not said["column"]:
        mistakes.append(f'[columns] {name}: the name of a column in quotes, or {{ column = "…", … }}.')
        return Origin(())
    where = f"[columns] {name} "
    refuse_unknown(said, ("column", *KEYS[kind]), where, mistakes)
    return Origin(
        (said["column"],),
        unit=_unit(said, kind == "money", where, mistakes),
        factor=_factor(said, "yuan" if kind == "money" else "factor", where, mistakes),
        per=_per(said, kind == "money", where, mistakes),
        true=_true(said, where, mistakes),
        values=_values(said, where, mistakes),
    )


def refuse_unknown(said: Mapping[str, Any], allowed: Sequence[str], where: str, mistakes: list[str]) -> None:
    for key in said:
        if key not in allowed:
            mistakes.append(f"{where}{key}: no such key.{nearest(key, allowed)} Allowed are {', '.join(allowed)}.")


def is_texts(said: Any) -> bool:
    return isinstance(said, list) and all(isinstance(text, str) for text in said)


def _is_number(said: Any) -> bool:
    return isinstance(said, int | float) and not isinstance(said, bool) and math.isfinite(said)


def _unit(said: Mapping[str, Any], is_money: bool, where: str, mistakes: list[str]) -> str:
    unit = said.get("unit", "")
    if not isinstance(unit, str) or (is_money and not unit.strip()):
        mistakes.append(f'{where}has no unit: the money of the column in words, such as "yuan of 2018".')
        return ""
    return unit


def _factor(said: Mapping[str, Any], key: str, where: str, mistakes: list[str]) -> float:
    if key == "yuan" and key not in said:
        mistakes.append(f"{where}has no yuan: how many yuan of the model (constant prices) one unit of it is worth.")
    factor = said.get(key, 1.0)
    if not _is_number(factor) or factor <= 0:
        mistakes.append(f"{where}{key} = {shown(factor)}: a number above 0 is wanted.")
        return 1.0
    return float(factor)


def _per(said: Mapping[str, Any], is_money: bool, where: str, mistakes: list[str]) -> str:
    if is_money and "per" not in said:
        mistakes.append(f"{where}has no per: one of {', '.join(PERIODS)}.")
    per = said.get("per", "person-year")
    if per not in PERIODS:
        mistakes.append(f"{where}per = {shown(per)}: allowed are {', '.join(PERIODS)}.{nearest(str(per), PERIODS)}")
        return "person-year"
    return str(per)


def _true(said: Mapping[str, Any], where: str, mistakes: list[str]) -> tuple[str, ...]:
    true = said.get("true", list(YES))
    texts = [true] if isinstance(true, str) else true
    if not texts or not is_texts(texts):
        mistakes.append(f'{where}true: the text that means yes, such as "female", or a list of such texts.')
        return ()
    return tuple(texts)


def _values(said: Mapping[str, Any], where: str, mistakes: list[str]) -> Mapping[str, float]:
    values = said.get("values", {})
    if not isinstance(values, Mapping) or not all(_is_number(number) for number in values.values()):
        mistakes.append(f'{where}values: a table of texts and the numbers they mean, such as {{ "primary" = 6 }}.')
        return {}
    return {str(text): float(number) for text, number in values.items()}
