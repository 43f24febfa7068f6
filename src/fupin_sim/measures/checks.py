"""What arrays must be before they are measured; all that is wrong with them is said at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim.errors import BadInput


class NotMeasured(BadInput):
    """Arrays or tables that cannot be measured."""

    outcome = "nothing was measured"


def checked(line: ArrayLike | None = None, *, weight: ArrayLike | None = None, **columns: ArrayLike) -> None:
    """Raise NotMeasured unless columns have one length, no NaN or infinity, weights at least 0 and a line above 0.

    columns: by the name to use in messages; the first axis is that of households. line: a number or one a household.

    >>> checked(0.0, income=np.array([1.0, np.nan]), weight=np.array([1.0, -1.0]))
    Traceback (most recent call last):
    fupin_sim.measures.checks.NotMeasured:   income: 1 of 2 values are not finite numbers, first in row 1
      weight: 1 of 2 values are below 0, first in row 1
      line: must be above 0 and finite, not 0.0
    3 mistakes; nothing was measured.
    """
    arrays = {name: np.asarray(column) for name, column in columns.items()}
    mistakes = [_told(name, ~np.isfinite(array), "not finite numbers") for name, array in arrays.items()]
    if weight is not None:
        arrays["weight"] = weights = np.asarray(weight)
        mistakes += [
            _told("weight", ~np.isfinite(weights), "not finite numbers"),
            _told("weight", weights < 0, "below 0"),
        ]
    if len({len(array) for array in arrays.values()}) > 1:
        mistakes.append("lengths differ: " + ", ".join(f"{name} {len(array)}" for name, array in arrays.items()))
    if line is not None:
        mistakes.append(_of_line(np.asarray(line, dtype=np.float64), next(iter(arrays.values()))))
    if any(mistakes):
        raise NotMeasured([mistake for mistake in mistakes if mistake])


def at_least(least: float, name: str, values: ArrayLike, why: str, *, above: bool = False) -> None:
    """Raise NotMeasured where values are below `least`, or not above it; `why` says what they would be needed for.

    >>> at_least(0.0, "income", np.array([3.0, -1.0]), "no Sen")
    Traceback (most recent call last):
    fupin_sim.measures.checks.NotMeasured:   income: 1 of 2 values are below 0, first in row 1; no Sen
    1 mistake; nothing was measured.
    """
    array = np.asarray(values)
    said = _told(name, array <= least if above else array < least, f"{'not above' if above else 'below'} {least:g}")
    if said:
        raise NotMeasured(f"{said}; {why}")


def _told(name: str, wrong: NDArray[np.bool_], what: str) -> str:
    """A mistake, or "" where nothing is wrong."""
    rows = np.flatnonzero(wrong.any(axis=tuple(range(1, wrong.ndim))))
    return f"{name}: {len(rows)} of {len(wrong)} values are {what}, first in row {rows[0]}" if len(rows) else ""


def _of_line(line: NDArray[np.float64], first: NDArray[Any]) -> str:
    if line.ndim and line.shape[0] != len(first):
        return f"line: {line.shape[0]} values for {len(first)} households"
    wrong = ~(np.isfinite(line) & (line > 0))
    return f"line: must be above 0 and finite, not {np.ravel(line[wrong])[0]}" if wrong.any() else ""
