"""What the figures read out of replicates: a regular grid of months by replicates, after burn-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from fupin_sim.dated import month_number
from fupin_sim.replicates import Replicate, units_of

Units = Mapping[str, str]


@dataclass(frozen=True)
class Grid:
    """One measure of one group. time: (m,) in calendar years; values: (m, replicates), NaN where missing."""

    time: NDArray[np.float64]
    values: NDArray[np.float64]
    yearly: bool

    @property
    def empty(self) -> bool:
        return not np.isfinite(self.values).any()


def grid(results: Sequence[Replicate], measure: str, group: str = "") -> Grid:
    """Months after burn-in on a regular grid, so that what was not recorded is a gap and not a slope.

    A monthly value stands in the middle of its month, a yearly one in the middle of its year.
    """
    found: list[dict[int, float]] = []
    for result in results:
        rows = result.series[(result.series["measure"] == measure) & (result.series["group"] == group)]
        months = [month_number(str(month)) for month in rows["month"]]
        pairs = zip(months, rows["value"], strict=True)
        found.append({month: float(value) for month, value in pairs if month >= int(result.scenario.start)})
    months = sorted({month for one in found for month in one})
    if not months:
        return Grid(np.empty(0), np.empty((0, len(results))), False)
    step = gcd(*(month - months[0] for month in months)) or 12
    months = list(range(months[0], months[-1] + 1, step))
    values = np.array([[one.get(month, np.nan) for one in found] for month in months])
    yearly = step % 12 == 0
    time = np.array([month // 12 + 0.5 if yearly else (month + 0.5) / 12 for month in months])
    return Grid(time, values, yearly)


def groups(results: Sequence[Replicate], measure: str, kind: str) -> list[str]:
    """The names after "kind:" among a measure's groups, as first seen."""
    names: dict[str, None] = {}
    for result in results:
        seen = result.series.loc[result.series["measure"] == measure, "group"].unique()
        names.update(dict.fromkeys(group for group in seen if group.startswith(f"{kind}:")))
    return [name.partition(":")[2] for name in names]


def units_told(results: Sequence[Replicate], units: Units | None) -> dict[str, str]:
    """Units by measure: those given, else those that the scenario's measures declare."""
    return {**units_of(results[0].scenario), **(units or {})}


def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the replicates that have a value, (m, replicates) -> (m,); NaN where none has."""
    there = ~np.isnan(values)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(there, values, 0.0).sum(axis=1) / there.sum(axis=1))


CONSTANT = " Yuan are at constant prices."
"""For figures of money, after the note on replicates."""


def replicates_note(results: Sequence[Replicate], intervals: str = "bands") -> str:
    """What the figure stands on: how many replicates, what shows their interval ("" for nothing), which scenario."""
    if len(results) == 1:
        what = "One replicate: no interval."
    else:
        what = f"Mean of {len(results)} replicates"
        what += f"; {intervals}: 95 % Student interval over replicates." if intervals else "."
    return f"{what} Scenario {results[0].scenario.key[:12]}."


def missing_note(values: Mapping[str, Sequence[NDArray[np.float64]]]) -> str:
    """How many values are missing in what, or nothing if none is."""
    told = []
    for what, arrays in values.items():
        missing = sum(int(np.isnan(array).sum()) for array in arrays)
        if missing:
            told.append(f"{missing} of {sum(array.size for array in arrays)} in {what}")
    return f" Missing values, for want of anybody to count: {', '.join(told)}." if told else ""
