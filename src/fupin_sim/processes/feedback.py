"""Feedback: teams report what goes wrong, and the county delivers better (政策反馈)."""

from __future__ import annotations

import numpy as np

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.migration import share
from fupin_sim.world import Array, World


class Feedback(Process):
    """Delivery quality rises with the county's mean exposure to team work, and returns to its own set point."""

    local = False

    strength = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S10",
        doc="part of what is still badly delivered that full exposure of all villages repairs",
    )  # fmt: skip
    back = Parameter(
        0.005, unit="per month", range=(0.003, 0.02), limits=(0.0, 1.0), mark="assumed", doc="return to the set point"
    )

    def run(self, world: World) -> None:
        counties, villages = world.counties, world.villages
        if (
            not villages.exposure_observed.any()
            and (counties.delivery_quality == counties.delivery_quality_setpoint).all()
        ):
            return
        starts = np.searchsorted(villages.county, counties.number)
        number = np.add.reduceat(np.ones(len(villages.luck)), starts)
        exposure = share(np.add.reduceat(villages.exposure_observed, starts), number)
        quality, usual = counties.delivery_quality, counties.delivery_quality_setpoint
        counties.delivery_quality[:] = delivered(quality, usual, exposure, self.strength, self.back)


def delivered(quality: Array, usual: Array, exposure: Array, strength: float, back: float) -> Array:
    """Delivery quality a month later, 0 to 1; shape (counties,). Source: Q' = Q + .02 X (1 − Q) − .005 (Q − Q0).

    >>> delivered(np.array([0.5, 0.5, 0.6]), np.array([0.5, 0.5, 0.5]), np.array([0.0, 1.0, 0.0]), 0.02, 0.005)
    array([0.5   , 0.51  , 0.5995])
    """
    better = strength * exposure * (1.0 - quality)
    return np.clip(quality + better - back * (quality - usual), 0.0, 1.0)
