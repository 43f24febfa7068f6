"""Upkeep: what was built beyond the usual wears away, and what fell below it is restored."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World

USUAL, MOST = 1.0, 2.0
"""The index of infrastructure everybody's upkeep holds, and the one no spending exceeds."""


class Upkeep(Process):
    """The county's ordinary means keep roads, water and power at the usual; more than that decays towards it."""

    local = False

    wear = Parameter(
        0.03, unit="per year", range=(0.01, 0.06), limits=(0.0, 1.0), mark="assumed", claim="S40",
        doc="part of the distance to the usual that is lost; a road built wears likewise, and the village is as remote "
        "as it was",
    )  # fmt: skip

    def run(self, world: World) -> None:
        villages, rate = world.villages, self.wear / 12
        if world.clock.month == world.clock.first:
            villages.remoteness_at_start[:] = villages.remoteness
        villages.infrastructure[:] = worn(villages.infrastructure, USUAL, rate)
        villages.remoteness[:] = worn(villages.remoteness, villages.remoteness_at_start, rate)


def worn(now: NDArray[np.float64], usual: NDArray[np.float64] | float, rate: float) -> NDArray[np.float64]:
    """The state a month later, a part of the way back to the usual; unchanged, to the bit, where it is the usual.

    >>> worn(np.array([1.0, 2.0]), 1.0, 0.03)
    array([1.  , 1.97])
    """
    return now + rate * (usual - now)


def built(index: NDArray[np.float64], spending: NDArray[np.float64]) -> NDArray[np.float64]:
    """The index after spending, which counts in full at the usual and for less and less towards the most.

    spending: points of the index it would be worth at the usual, shape (villages,).

    >>> built(np.array([1.0, 1.5, 1.0, 1.0]), np.array([0.1, 0.1, 0.0, 9.0]))
    array([1.1 , 1.55, 1.  , 2.  ])
    """
    return np.minimum(index + spending * (MOST - index) / (MOST - USUAL), MOST)
