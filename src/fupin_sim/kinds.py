"""What kind of thing a value is: true or false, number, text, date, file, and lists and tables of these."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import Any

from fupin_sim.dated import Series, month_name, month_number

_KIND = re.compile(r"(?:(list|table)\[)?(bool|int|float|str|date|file)\]?")
WANTED = {
    "bool": ("true or false", "of true and false"),
    "int": ("a whole number", "of whole numbers"),
    "float": ("a number", "of numbers"),
    "str": ("text in quotes", "of texts in quotes"),
    "date": ('a date in quotes, such as "2016-01"', 'of dates in quotes, such as "2016-01"'),
    "file": ("the name of a file in quotes", "of names of files in quotes"),
}
_LARGEST = 2**63 - 1  # what TOML promises for a whole number


def kind_of(default: Any, fractions: bool, dated: bool = False) -> str:
    """The kind of a default value; raises TypeError where it does not tell.

    fractions: whole numbers stand for floats. dated: a table holds dates, not named items.

    >>> kind_of([1, 2.5], fractions=False), kind_of({"2016": "a"}, fractions=False, dated=True)
    ('list[float]', 'str')
    """
    if isinstance(default, Series):
        return _common(default.values, fractions)
    if isinstance(default, Mapping) and dated:
        return _common([value for key, value in default.items() if key != "nominal"], fractions)
    if isinstance(default, list | tuple):
        return f"list[{_common(default, fractions)}]"
    if isinstance(default, Mapping):
        return f"table[{_common(list(default.values()), fractions)}]"
    for kind, python in (("bool", bool), ("int", int), ("float", float), ("str", str)):
        if isinstance(default, python):
            return "float" if kind == "int" and fractions else kind
    raise TypeError(f"the type of the default {default!r} does not tell the kind; give kind=")


def _common(values: Sequence[Any], fractions: bool) -> str:
    kinds = {kind_of(value, fractions) for value in values}
    if kinds == {"int", "float"}:
        return "float"
    if len(kinds) != 1:
        raise TypeError(f"the default's items {list(values)!r} do not tell one kind; give kind=")
    return kinds.pop()


def kind_named(kind: Any) -> str:
    """The name of a kind given as text or as a type, such as int or list[str]; raises TypeError for others."""
    text = kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else str(kind)
    if not _KIND.fullmatch(text) or ("[" in text) != ("]" in text):
        raise TypeError(f'no kind "{text}"; kinds are bool, int, float, str, date, file, list[…] and table[…] of these')
    return text


def parts_of(kind: str) -> tuple[str, str]:
    """("list", "int") of "list[int]", ("", "int") of "int"."""
    shape, _, item = kind.removesuffix("]").rpartition("[")
    return shape, item


def typed(value: Any, item: str, may_be_empty: bool = False) -> Any:
    """The value as the item's Python type; raises ValueError with what it must be.

    may_be_empty: whether a date or a file may be "", for none.

    >>> typed(3, "float"), typed(3.0, "int"), typed("2016", "date")
    (3.0, 3, '2016-01')
    """
    if item in ("int", "float"):
        if isinstance(value, Real) and not isinstance(value, bool):
            return _number(value, item)
    elif item == "bool":
        if isinstance(value, bool):
            return value
    elif isinstance(value, str):
        return _text(value, item, may_be_empty)
    raise ValueError(f"must be {WANTED[item][0]}")


def _text(value: str, item: str, may_be_empty: bool) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("must be text that UTF-8 can hold") from None
    if item == "str" or (value == "" and may_be_empty):
        return value
    if item == "date":
        try:
            return month_name(month_number(value))
        except ValueError:
            raise ValueError(f"must be {WANTED['date'][0]}") from None
    if not value or not value.isprintable():
        raise ValueError(f"must be {WANTED['file'][0]}")
    return value


def _number(value: Any, item: str) -> int | float:
    """A finite number; whole numbers within 64 bits, and never -0.0, which would write itself apart from 0.0."""
    try:
        number = float(value)
    except OverflowError:
        raise ValueError("is too large") from None
    if not math.isfinite(number):
        raise ValueError(f"must be {WANTED[item][0]}, and a finite one")
    if item == "float":
        return number + 0.0
    if number != math.floor(number):
        raise ValueError("must be a whole number")
    if abs(int(value)) > _LARGEST:
        raise ValueError("is too large")
    return int(value)
