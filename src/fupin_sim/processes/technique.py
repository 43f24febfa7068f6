"""Technique: what a household has been taught about farm and business, fading unless it is taught again (技术)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World

MANY = 8
"""Where more than one household in so many is concerned, whole columns are quicker than rows picked out of them."""


class Technique(Process):
    """Gained from teaching, more by those who know less; without teaching it fades to what everybody knows."""

    gain = Parameter(
        0.03, unit="per full course-month", range=(0.0, 0.06), limits=(0.0, 1.0), mark="assumed", claim="S13",
        doc="part of what is still unknown that a month of teaching conveys",
    )  # fmt: skip
    fading = Parameter(0.01, unit="per month", range=(0.0, 0.03), limits=(0.0, 1.0), mark="assumed", doc="forgotten")
    worth = Parameter(
        0.125, unit="share of business income", range=(0.0, 0.25), limits=(0.0, 5.0), mark="unverified", claim="S13",
        doc="what full technique adds to business income",
        source="the range holds the 872 yuan per person that members of cooperatives earn more (Liu 2020)",
    )  # fmt: skip

    def run(self, world: World) -> None:
        technique, teaching = world.households.technique, world.intensity("technique_training")
        concerned = technique > 0
        if not isinstance(teaching, float) or teaching:
            concerned |= np.asarray(teaching > 0)
        # Whoever neither knows nor is taught anything still knows nothing: so all may be computed where many are.
        if MANY * np.count_nonzero(concerned) > len(world):
            technique[:] = taught(technique, teaching, self.gain, self.fading)
        elif len(rows := concerned.nonzero()[0]):
            some = teaching[rows] if isinstance(teaching, np.ndarray) else teaching
            technique[rows] = taught(technique[rows], some, self.gain, self.fading)


def taught(technique: NDArray[np.floating], teaching: Array | float, gain: float, fading: float) -> Array:
    """Technique after a month of teaching; 0 to 1, shape (n,).

    Its fixed point is gain · teaching / (gain · teaching + fading).

    >>> taught(np.array([0.0, 0.5]), 1.0, 0.03, 0.01)
    array([0.03, 0.51])
    """
    x = technique.astype(np.float64)
    after: Array = 1.0 - x
    after *= gain * teaching
    after += x
    x *= fading
    after -= x
    return np.clip(after, 0.0, 1.0, out=after)
