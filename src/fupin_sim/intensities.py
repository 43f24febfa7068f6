"""Named intensities: how much coaching, teaching or aid policies bring to each household this month.

A rate is a factor on what happens anyhow; an intensity is something that only policies bring, and exactly 0 in every
month in which nobody brings it. What several bring is added in the order of their names.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput, nearest

Intensity = float | NDArray[np.float64]

INTENSITIES: Mapping[str, str] = MappingProxyType(
    {
        "coach": "visits and encouragement: 1 is one full visit a month",
        "training": "adult schooling: 1 is a full course, for all the adults of the household",
        "technique_training": "teaching of farm and business technique: 1 is a full course",
        "school_aid": "help that keeps a pupil at school: log odds of dropping out that it takes away",
        "project": "output of supported projects at base prices, yuan a month before growth",
        "project_dividend": "dividends agreed for money put into companies, yuan a month",
        "job_service": "log odds of wanting work elsewhere that placement and information add",
    }
)


class Intensities:
    """This month's intensities, one per name, each a number or an array over households."""

    def __init__(self) -> None:
        self._given: dict[str, dict[str, Intensity]] = {}
        self._settled: dict[str, Intensity] = {}

    def reset(self) -> None:
        """Return every intensity to 0: what one month brings is gone in the next."""
        self._given.clear()
        self._settled.clear()

    def add(self, name: str, amount: Intensity, by: str) -> None:
        """Bring more of something this month.

        name: one of INTENSITIES. amount: a number or an array of shape (households,), at least 0.
        by: the name of the policy or shock; a second call by the same name adds to its own.
        Raises BadInput for a name that is no intensity.
        """
        if name not in INTENSITIES:
            allowed = ", ".join(INTENSITIES)
            raise BadInput(f'{by}: no intensity called "{name}".{nearest(name, INTENSITIES)}  Intensities: {allowed}')
        mine = self._given.setdefault(name, {})
        mine[by] = mine[by] + amount if by in mine else amount
        self._settled.pop(name, None)

    def total(self, name: str) -> Intensity:
        """The sum of all that was brought this month; exactly 0.0 when nothing was."""
        if name not in self._settled:
            total: Intensity = 0.0
            for _, amount in sorted(self._given[name].items()) if name in self._given else ():
                total = total + amount
            self._settled[name] = total
        return self._settled[name]
