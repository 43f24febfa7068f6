"""Texts as numbers, or what keeps them from being numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

CUT_OFF = re.compile(r"\d(\.\d+)?[eE]\+?\d+")


def to_numbers(texts: Sequence[str]) -> NDArray[np.float64]:
    """Texts as float64 (n,); NaN for what is not a finite number.

    >>> to_numbers(["1.5", " 2", "1,000", "1_000", "inf"]).tolist()
    [1.5, 2.0, nan, nan, nan]
    """
    try:
        if any("_" in text for text in texts):  # Python takes 1_000 for a number
            raise ValueError
        numbers = np.array(texts, dtype=np.float64)
    except ValueError:
        numbers = np.array([_to_number(text) for text in texts], dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _to_number(text: str) -> float:
    try:
        return float(text) if "_" not in text else np.nan
    except ValueError:
        return np.nan


def why_not(text: str, is_count: bool) -> str:
    """What to say of a text that is not a number. is_count: whether the mapping may say what number it means.

    >>> why_not("3,5", False)
    "not a number ('3,5'; numbers have a decimal point and no separators of thousands)"
    """
    hint = ""
    if "," in text and any(sign.isdigit() for sign in text):
        hint = "; numbers have a decimal point and no separators of thousands"
    elif is_count and any(sign.isalpha() for sign in text) and not text.startswith("#") and "inf" not in text:
        hint = f'; values = {{ "{text}" = … }} in the mapping says what a text means'
    return f"not a number ({text!r}{hint})"


def is_cut_off(code: str) -> bool:
    """Whether a code is a long number that a spreadsheet or a float has rounded.

    >>> is_cut_off("5.2E+17"), is_cut_off("52263419")
    (True, False)
    """
    return CUT_OFF.fullmatch(code) is not None
