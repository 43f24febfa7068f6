"""Numbers of a study, the same to the last bit on every machine."""

from __future__ import annotations

import math
from typing import Any

DIGITS = 12


def tidy(value: Any) -> Any:
    """A fraction to 12 digits, so that what is computed equals what is typed; anything else as it is.

    >>> tidy(0.02 + 2 * 0.02), tidy(3), tidy("need")
    (0.06, 3, 'need')
    """
    return float(f"{value:.{DIGITS}g}") + 0.0 if isinstance(value, float) and math.isfinite(value) else value


def is_number(value: Any) -> bool:
    """Whether a value of a file is a finite number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < math.inf
