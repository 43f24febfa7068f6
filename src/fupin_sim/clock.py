"""Which month it is."""

from __future__ import annotations

from dataclasses import dataclass

from fupin_sim.dated import month_name


@dataclass
class Clock:
    """The month being lived.

    month: absolute number, year·12 + (month−1). start: the first month after burn-in. first: the first month lived.
    """

    month: int
    start: int
    first: int

    @property
    def elapsed(self) -> int:
        """Months since the start; negative during burn-in."""
        return self.month - self.start

    @property
    def in_burn_in(self) -> bool:
        return self.month < self.start

    @property
    def december(self) -> bool:
        return self.month % 12 == 11

    @property
    def january(self) -> bool:
        return self.month % 12 == 0

    @property
    def opens_a_year(self) -> bool:
        """January, and the first month lived: what is drawn yearly is drawn now."""
        return self.january or self.month == self.first

    @property
    def name(self) -> str:
        return month_name(self.month)
