"""Where something is in a user's file, in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHOWN = 5  # places listed before "and … more"


def in_places(word: str, places: NDArray[np.int64]) -> str:
    """Lines or rows of the file as a reader wants them.

    >>> in_places("line", np.array([2])), in_places("row", np.arange(4, 11))
    ('line 2', 'rows 4, 5, 6, 7, 8 and 2 more')
    """
    shown = ", ".join(str(place) for place in places[:SHOWN])
    more = f" and {places.size - SHOWN} more" if places.size > SHOWN else ""
    return f"{word}{'s' if places.size > 1 else ''} {shown}{more}"
