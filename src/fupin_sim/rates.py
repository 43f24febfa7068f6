"""Named rates that shocks and policies adjust without knowing one another.

A rate is a factor on what a process does by itself: 1 in every month in which nobody adjusts it. Factors are
multiplied in the order of the names of those who gave them, so the order of a scenario file changes no bit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput, nearest

Factor = float | NDArray[np.float64]

RATES: Mapping[str, str] = MappingProxyType(
    {
        "illness": "risk of falling ill in a month",
        "out_of_pocket": "share of a medical bill that the household bears",
        "yield_loss": "share of business income lost to a disaster",
        "disaster": "probability of a natural disaster in a year",
        "job_loss": "risk that a migrant loses the job in a month",
        "job_finding": "chance that a willing worker finds a job in a month",
        "business_income": "income from farm and business",
        "labour": "able labour that a household offers, at home and for work elsewhere",
        "wage": "what a migrant earns in a month",
    }
)


class Rates:
    """This month's factors, one per name, each a number or an array over households."""

    def __init__(self) -> None:
        self._given: dict[str, dict[str, Factor]] = {}
        self._settled: dict[str, Factor] = {}

    def reset(self) -> None:
        """Return every rate to 1: what one month adjusts is gone in the next."""
        self._given.clear()
        self._settled.clear()

    def adjust(self, rate: str, factor: Factor, by: str) -> None:
        """Multiply a rate by a factor for this month.

        rate: a name in RATES. factor: a number or an array of shape (households,), at least 0.
        by: the name of the policy or shock; a second call by the same name multiplies its own factor.
        Raises BadInput for a name that is no rate.
        """
        if rate not in RATES:
            raise BadInput(f'{by}: no rate called "{rate}".{nearest(rate, RATES)}  Rates: {", ".join(RATES)}')
        mine = self._given.setdefault(rate, {})
        mine[by] = mine[by] * factor if by in mine else factor
        self._settled.pop(rate, None)

    def given(self, rate: str) -> list[tuple[str, Factor]]:
        """This month's factors with the names of those who gave them, in the order of names."""
        return sorted(self._given.get(rate, {}).items())

    def factor(self, rate: str) -> Factor:
        """The product of all factors given this month; 1.0 when there are none."""
        if rate not in self._settled:
            self._settled[rate] = _product([factor for _, factor in self.given(rate)])
        return self._settled[rate]


def _product(factors: Sequence[Factor]) -> Factor:
    """The product from the first to the last, of floats whatever was given; an array of its own, 1.0 without any."""
    first, *others = factors or [1.0]
    alike = bool(others) and isinstance(first, np.ndarray) and first.dtype == np.float64
    product: Factor = first if alike else 1.0 * first
    for factor in others:
        product = product * factor
    return product
