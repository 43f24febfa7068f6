"""Values as they are written in a scenario file."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any


def literal(value: Any) -> str:
    """The value in TOML, on one line; raises ValueError for what TOML cannot hold.

    >>> literal({"2016-01": 0.65, "kind": ["a", True]})
    '{ "2016-01" = 0.65, "kind" = ["a", true] }'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        value.encode()  # a lone surrogate raises UnicodeEncodeError, which is a ValueError
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return repr(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{literal(str(key))} = {literal(item)}" for key, item in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(literal(item) for item in value)}]"
    raise ValueError(f"not to be written in a scenario file: {value!r}")


def shown(value: Any, most: int = 60) -> str:
    """The value for a message: as in the file where possible, never longer than `most`, never an exception.

    >>> shown("needs"), shown([1, 2]), shown("x" * 100, most=8)
    ('"needs"', '[1, 2]', '"xxxxxx…')
    """
    try:
        text = literal(value)
    except (ValueError, RecursionError):
        try:
            text = str(value)
        except (ValueError, RecursionError):  # a number of thousands of digits, a list in a list in a list …
            text = f"<{type(value).__name__}>"
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= most else text[: most - 1] + "…"


def listed(words: Iterable[str], most: int = 8) -> str:
    """Options for a message, shortened when there are many.

    >>> listed("abc"), listed("abcdefghijk", most=3)
    ('a, b, c', 'a, b, c, …')
    """
    words = list(words)
    return ", ".join(words[:most]) + (", …" if len(words) > most else "") if words else "none"
