"""A value that takes effect on dates: months by number, a series of values, prices that make money real."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import pairwise
from typing import Any

_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def month_number(text: str) -> int:
    """The month a date falls in, as year * 12 + month - 1.

    text: "2016" (its January), "2016-01" or "2016-01-15" (a day takes effect in its month).
    Raises ValueError for anything else.

    >>> month_number("2016-01"), month_number("2016"), month_number("2016-01-31")
    (24192, 24192, 24192)
    """
    if not isinstance(text, str):
        raise ValueError(f'{text!r} is not a date; write "2016-01" (or "2016", "2016-01-15")')
    return _month_number(text)


@lru_cache(maxsize=1024)  # policies ask for their dates in every month
def _month_number(text: str) -> int:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f'{text!r} is not a date; write "2016-01" (or "2016", "2016-01-15")')
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        date(year, month, day)
    except ValueError:
        raise ValueError(f'"{text}" is not in the calendar; write "2016-01" (or "2016", "2016-01-15")') from None
    return year * 12 + month - 1


def month_name(month: int) -> str:
    """The month of that number, as in a scenario file.

    >>> month_name(month_number("2016-12-24"))
    '2016-12'
    """
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


@dataclass(frozen=True, slots=True)
class Series:
    """Values that take effect in months; each stays in force until the next, and the first also before its month.

    months: ascending month numbers. values: as many values.

    >>> level = Series.of({"2016-01": 0.65, "2018-01": 0.80})
    >>> level.at(month_number("2017-12")), level.at(month_number("2018-01")), level.at(month_number("1999-01"))
    (0.65, 0.8, 0.65)
    """

    months: tuple[int, ...]
    values: tuple[Any, ...]

    def __post_init__(self) -> None:
        if not self.months or len(self.months) != len(self.values):
            raise ValueError("a series needs at least one month, and one value for each month")
        for earlier, later in pairwise(self.months):
            if earlier == later:
                raise ValueError(f"two values for {month_name(later)}")
            if earlier > later:
                raise ValueError(f"dates out of order: {month_name(earlier)} stands before {month_name(later)}")

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> Series:
        """The series of a table {date: value}, whose dates must ascend; raises ValueError."""
        return cls(tuple(month_number(day) for day in table), tuple(table.values()))

    def at(self, month: int) -> Any:
        """The value in force in that month."""
        return self.values[max(bisect_right(self.months, month) - 1, 0)]

    def table(self) -> dict[str, Any]:
        """The series as a table {month: value}, ready for a scenario file."""
        return {month_name(month): value for month, value in zip(self.months, self.values, strict=True)}

    def simplest(self) -> Any:
        """The same values without the months in which nothing changes; a bare value when none changes.

        >>> Series.of({"2016": 3, "2017": 3, "2018": 4}).simplest().table()
        {'2016-01': 3, '2018-01': 4}
        >>> Series.of({"2016": 3, "2017": 3}).simplest()
        3
        """
        kept = [i for i, value in enumerate(self.values) if i == 0 or value != self.values[i - 1]]
        if len(kept) == 1:
            return self.values[0]
        return Series(tuple(self.months[i] for i in kept), tuple(self.values[i] for i in kept))


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """Prices by month, and the base whose yuan are the constant yuan.

    The index is piecewise constant, like every dated value: a yearly table gives all months of a year that
    year's average, and a deflated series is again a series. Before its first date the index is the first
    value, after its last the last: prices outside the table do not move.
    base: "2020" is the mean of the twelve months of 2020, "2020-06" is that month.

    >>> prices = PriceIndex(Series.of({"2018": 95.0, "2020": 100.0}), "2020")
    >>> prices.deflate(3800, month_number("2019-05"))
    4000.0
    """

    index: Series
    base: str = "2020"

    def __post_init__(self) -> None:
        month_number(self.base)
        if not all(0 < value < float("inf") for value in self.index.values):
            raise ValueError("a price index must be above 0")

    @property
    def base_index(self) -> float:
        """The index of the base: a month's, or the mean of a year's."""
        first = month_number(self.base)
        months = range(first, first + (12 if len(self.base) == 4 else 1))
        return float(sum(self.index.at(month) for month in months) / len(months))

    def deflate(self, nominal: float, month: int) -> float:
        """Yuan of that month in constant yuan of the base: nominal · index of the base / index of the month."""
        return float(nominal) * self.base_index / float(self.index.at(month))

    def real(self, nominal: Any) -> Series:
        """A nominal amount or series in constant yuan, changing whenever the amount or the prices change.

        >>> PriceIndex(Series.of({"2018": 50.0, "2020": 100.0})).real(Series.of({"2018-06": 10})).table()
        {'2018-06': 20.0, '2020-01': 10.0}
        """
        if not isinstance(nominal, Series):
            nominal = Series(self.index.months[:1], (nominal,))
        first = nominal.months[0]
        months = sorted({*nominal.months, *(month for month in self.index.months if month > first)})
        return Series(tuple(months), tuple(self.deflate(nominal.at(month), month) for month in months))
