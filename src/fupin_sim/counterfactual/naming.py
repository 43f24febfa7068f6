"""Names of households: how a user says which one is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput


def row_of(household: int | str, columns: Mapping[str, NDArray[Any]]) -> int:
    """The row of a household: "1204" is its row in the panel, "3-17-204" county, village and its number in the
    village, as in the frames of outcomes, all from 0; a number beyond all rows is a luck key.

    columns: luck, county, village of all households, in the order of rows. Raises BadInput.

    >>> columns = {"luck": np.array([90, 70, 80], np.uint64), "county": np.zeros(3), "village": np.array([0, 1, 1])}
    >>> row_of(2, columns), row_of("0-1-0", columns), row_of("80", columns)
    (2, 1, 2)
    """
    text, n = str(household).strip(), len(columns["luck"])
    if parts := re.fullmatch(r"(\d+)-(\d+)-(\d+)", text):
        county, village, number = (int(part) for part in parts.groups())
        rows = np.flatnonzero((columns["county"] == county) & (columns["village"] == village))
        if number < len(rows):
            return int(rows[number])
        if not len(rows):
            raise BadInput(f'household = "{text}": there is no village {village} in county {county}, counted from 0')
        told = f"{len(rows):,} households, counted from 0"
        raise BadInput(f'household = "{text}": in village {village} of county {county} there are {told}')
    if not text.isdecimal():
        raise BadInput(f'household = "{text}": write a row of the panel, county-village-household, or a luck key')
    if int(text) < n:
        return int(text)
    rows = np.flatnonzero(columns["luck"] == np.uint64(int(text))) if int(text) < 2**64 else np.zeros(0, int)
    if not len(rows):
        raise BadInput(f"household = {text}: rows are 0 to {n - 1:,}, and nobody has this luck key")
    return int(rows[0])
