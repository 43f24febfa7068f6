"""Motivation: the drive to help oneself, and the effort in farm and business that it brings (内生动力)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.aspiration import gap
from fupin_sim.world import Array, World

BIRTH = 0
"""The month that the set point is drawn for: before all months that are lived."""
NEAR, FAR = 0.35, 0.7
"""The gap to the aspiration that pushes most, and the one from which it frustrates as well."""


class Motivation(Process):
    """An aspiration within reach, coaching and success raise it; dependence, failure and hunger wear it down.

    Left alone it returns to the household's own set point. Success is to have risen above the poverty line, failure
    to have fallen below it or to default on debt.
    """

    effort = Parameter(
        1.0, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S27",
        doc="strength with which motivation acts on business income; 0: not at all",
    )  # fmt: skip
    setpoint = Parameter(
        0.4, unit="share", range=(0.3, 0.6), limits=(0.0, 1.0), mark="assumed", doc="mean of the set point"
    )
    setpoint_spread = Parameter(
        0.1, unit="share", range=(0.0, 0.2), limits=(0.0, 1.0), mark="assumed",
        doc="of the set point between households; it stays within 0.05 and 0.95",
    )  # fmt: skip
    back = Parameter(
        0.03, unit="per month", range=(0.01, 0.06), limits=(0.0, 1.0), mark="assumed", doc="return to the set point"
    )
    push = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S15",
        doc="of an aspiration at the most encouraging distance",
    )  # fmt: skip
    coaching = Parameter(
        0.03, unit="per full visit", range=(0.0, 0.06), limits=(0.0, 1.0), mark="assumed", claim="S15",
        doc="of a coach; to be calibrated on the order of arms of a trial, so that order is no finding",
        source="order: four-arm trial in Niger, psychosocial above full above capital alone per dollar",
    )  # fmt: skip
    success = Parameter(
        0.02, unit="per event", range=(0.0, 0.1), limits=(0.0, 1.0), mark="assumed", doc="of a rise above the line"
    )
    failure = Parameter(
        0.02, unit="per event", range=(0.0, 0.1), limits=(0.0, 1.0), mark="assumed",
        doc="lost by a fall below the line, or by a default",
    )  # fmt: skip
    reliance = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S31",
        doc="part of its motivation that a wholly dependent household loses",
    )  # fmt: skip
    hunger = Parameter(
        0.02, unit="per month of hunger", range=(0.0, 0.05), limits=(0.0, 1.0), mark="assumed", doc="lost by hunger"
    )

    def run(self, world: World) -> None:
        home = world.households
        if world.clock.month == world.clock.first:
            u = world.draws.uniform("set point of motivation", BIRTH, home.luck)
            home.motivation_setpoint[:] = np.clip(self.setpoint + self.setpoint_spread * maths.normal(u), 0.05, 0.95)
            home.motivation[:] = home.motivation_setpoint
        rise = encouragement(gap(home.aspiration, world.income_pc()))
        rise *= self.push
        rise += self.coaching * world.intensity("coach")
        fall = self.reliance * home.dependence.astype(np.float64)
        moved = drift(home.motivation, home.motivation_setpoint, rise, fall, self.back)
        self._events(world, moved)
        home.motivation[:] = np.clip(moved, 0.0, 1.0, out=moved)

    def _events(self, world: World, motivation: Array) -> None:
        """What last month's rise above the line or fall below it, this month's default or hunger do."""
        home, repayment = world.households, world.processes["repayment"]
        crossed = ((home.spell == 1) & ~home.spell_censored).nonzero()[0]
        motivation[crossed] += np.where(home.poor[crossed], -self.failure, self.success)
        motivation[home.hungry.nonzero()[0]] -= self.hunger
        if repayment.no_credit:
            defaulted = (home.no_credit_until == world.clock.month + repayment.no_credit).nonzero()[0]
            motivation[defaulted] -= self.failure


def encouragement(gap: Array) -> Array:
    """How much an aspiration encourages, by how far away it is: most at a gap of 0.35; too wide a gap frustrates.

    gap: as a share of the aim, 0 to 1, shape (n,). Returns 0 to 1.

    >>> encouragement(np.array([0.0, 0.35, 0.7, 1.0])).round(3)
    array([0.   , 1.   , 0.736, 0.296])
    """
    near = gap / NEAR
    encouraged = np.subtract(1.0, near)
    maths.exp(encouraged, out=encouraged)
    encouraged *= near
    far = (gap > FAR).nonzero()[0]
    encouraged[far] -= 0.5 * (gap[far] - FAR)
    return encouraged


def drift(
    motivation: NDArray[np.floating], setpoint: NDArray[np.floating], rise: Array, fall: Array, back: float
) -> Array:
    """Motivation after a month without events: a part of what it lacks is gained, a part of what it has is lost.

    It returns to its set point as well. All of shape (n,); rise and fall per month. Its fixed point is
    (rise + back · setpoint) / (rise + fall + back).

    >>> drift(np.array([0.5]), np.array([0.4]), np.array([0.02]), np.array([0.0]), 0.03).round(4)
    array([0.507])
    """
    m = motivation.astype(np.float64)
    change = 1.0 - m
    change *= rise
    fallen = fall * m
    change -= fallen
    np.subtract(m, setpoint, out=fallen)
    fallen *= back
    change -= fallen
    change += m
    return change


def effort_of(motivation: NDArray[np.floating], usual: Array | float, strength: float) -> Array:
    """What effort makes of business income: 1 at the county's usual effort.

    motivation: shape (n,). usual: mean of 0.5 + 0.5 motivation in the county. strength: 0 gives exactly 1.

    >>> effort_of(np.array([0.5, 1.0]), 0.75, 1.0).round(3), effort_of(np.array([0.9]), 0.75, 0.0)
    (array([1.   , 1.333]), array([1.]))
    """
    factor: Array = motivation.astype(np.float64)
    factor *= 0.5
    factor += 0.5
    factor /= usual
    factor -= 1.0
    factor *= strength
    factor += 1.0
    return factor
