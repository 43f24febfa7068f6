"""A bar: what was measured, held against what must be reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Bar:
    """A figure and its limit, in the same unit; `least` says whether it may not be lower, or not be higher.

    >>> print(Bar("households a second", 4.126e6, 3e6, least=True))
    met     households a second: 4,126,000, bar: at least 3,000,000
    >>> print(Bar("seconds to start", 0.61, 0.5))
    MISSED  seconds to start: 0.61, bar: at most 0.5
    """

    what: str
    measured: float
    limit: float
    least: bool = False

    @property
    def met(self) -> bool:
        """A figure that is not a number meets nothing."""
        return self.measured >= self.limit if self.least else self.measured <= self.limit

    @property
    def row(self) -> str:
        """As a row of a table: what, measured, limit, verdict."""
        side, verdict = "at least" if self.least else "at most", "met" if self.met else "missed"
        return f"| {self.what} | {spoken(self.measured)} | {side} {spoken(self.limit)} | {verdict} |"

    def __str__(self) -> str:
        verdict, side = "met" if self.met else "MISSED", "least" if self.least else "most"
        return f"{verdict:<7} {self.what}: {spoken(self.measured)}, bar: at {side} {spoken(self.limit)}"


@dataclass(frozen=True)
class Report:
    """What a benchmark found: a table, and its bars."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    bars: Sequence[Bar] = field(default=())

    def __str__(self) -> str:
        return "\n".join([self.title, *aligned([self.header, *self.rows]), *map(str, self.bars)])

    def markdown(self) -> str:
        """As a table of a page, with its bars in another."""
        header = [self.header, ["---", *("---:" for _ in self.header[1:])], *self.rows]
        lines = [f"{self.title}:", "", *("| " + " | ".join(row) + " |" for row in header)]
        if self.bars:
            lines += ["", "| bar | measured | must be | |", "|---|---:|---:|---|", *(bar.row for bar in self.bars)]
        return "\n".join(lines)


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Lines of a table: the first column to the left, numbers to the right.

    >>> aligned([["", "ns"], ["exp", "6.9"], ["normal", "13.2"]])
    ['          ns', 'exp      6.9', 'normal  13.2']
    """
    first, *others = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(first), *(cell.rjust(width) for cell, width in zip(row[1:], others, strict=True))])
        for row in rows
    ]


def spoken(value: float) -> str:
    """Four digits, with commas among the thousands.

    >>> spoken(4126384.2), spoken(0.61349), spoken(21)
    ('4,126,000', '0.6135', '21')
    """
    rounded = float(f"{value:.4g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 or rounded == int(rounded) else f"{rounded:,g}"
