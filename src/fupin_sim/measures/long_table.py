"""A long table, a row a household and date, as a panel with a row a household and a column a date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.checks import NotMeasured
from fupin_sim.world import Array, Flags

SHOWN = 3


@dataclass(frozen=True)
class Panel:
    """households, dates: labels in ascending order. rows: where each stands in the long table, −1 where there is no
    row; shape (households, dates)."""

    households: NDArray[Any]
    dates: NDArray[Any]
    rows: NDArray[np.int64]

    @property
    def seen(self) -> Flags:
        there: Flags = self.rows >= 0
        return there

    @property
    def gaps(self) -> int:
        """How many dates are missing between the first and the last at which a household was seen."""
        inside = np.maximum.accumulate(self.seen, axis=1) & np.maximum.accumulate(self.seen[:, ::-1], axis=1)[:, ::-1]
        return int((inside & ~self.seen).sum())

    def of(self, column: Array) -> Array:
        """A column of the long table as a panel; NaN where there is no row."""
        return np.where(self.seen, column[self.rows], np.nan)


def panel_of(household: NDArray[Any], date: NDArray[Any]) -> Panel:
    """The panel of a long table; household, date: labels, shape (n,). Raises NotMeasured for rows that stand twice.

    >>> found = panel_of(np.array(["a", "b", "a"]), np.array([2018, 2018, 2020]))
    >>> found.of(np.array([1.0, 2.0, 3.0])).tolist(), found.dates.tolist(), found.gaps
    ([[1.0, 3.0], [2.0, nan]], [2018, 2020], 0)
    """
    if len(household) != len(date):
        raise NotMeasured(f"lengths differ: household {len(household)}, date {len(date)}")
    names, who = np.unique(household, return_inverse=True)
    dates, when = np.unique(date, return_inverse=True)
    cell = who.astype(np.int64) * len(dates) + when
    times = np.bincount(cell, minlength=len(names) * len(dates))
    twice = np.flatnonzero(times > 1)
    if len(twice):
        shown = [f"{names[each // len(dates)]} at {dates[each % len(dates)]}" for each in twice[:SHOWN]]
        more = f", … {len(twice)} in all" if len(twice) > SHOWN else ""
        raise NotMeasured(f"--panel: a household stands more than once at a date: {'; '.join(shown)}{more}")
    rows = np.full(len(names) * len(dates), -1, np.int64)
    rows[cell] = np.arange(len(cell))
    return Panel(names, dates, rows.reshape(len(names), len(dates)))
