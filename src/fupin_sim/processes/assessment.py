"""Assessment (考核): how hard counties hold their cadres to results, and the paperwork that comes of it."""

from __future__ import annotations

import numpy as np

from fupin_sim.dated import month_number
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World


class Assessment(Process):
    """Sets the assessment and the paperwork of all counties; what they do is the business of others.

    Effort of cadres rises with assessment and their free time falls with paperwork; incomes written up at the standard
    of exit grow with assessment. Before a deadline the pressure rises in a straight line, and it ends with it.
    """

    local = False

    strength = Dated(
        0.0, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="choice", claim="S05",
        doc="how hard cadres are assessed on results; 0: not at all",
    )  # fmt: skip
    paperwork_power = Parameter(
        2, choices=(0, 1, 2), mark="assumed", claim="S05",
        doc="paperwork is assessment to this power; 0: any assessment brings all of it (形式主义)",
    )  # fmt: skip
    deadline = Parameter(
        None, kind="date", mark="choice", claim="S05", doc="last month of the campaign; none: there is no deadline"
    )
    pressure = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 10.0), mark="assumed", claim="S05",
        doc="by which assessment is harder at the deadline than without one; never above 1",
    )  # fmt: skip
    lead = Parameter(
        36, unit="months", range=(12, 60), limits=(1, 600), mark="assumed", claim="S05",
        doc="before the deadline, over which pressure rises from nothing",
    )  # fmt: skip

    def run(self, world: World) -> None:
        resumed = world.fresh and world.clock.month != world.clock.first
        if not (self.strength or "strength" in self.schedules or resumed):
            return
        hard = pressed(self.strength, self.pressure, self._rise(world.clock.month))
        world.counties.assessment[:] = hard
        world.counties.paperwork[:] = forms(hard, self.paperwork_power)

    def _rise(self, month: int) -> float:
        """How far the pressure of the deadline has risen, 0 to 1."""
        if self.deadline is None or month > (end := month_number(self.deadline)):
            return 0.0
        return max(1.0 - (end - month) / float(self.lead), 0.0)


def pressed(strength: float, pressure: float, rise: float) -> float:
    """Assessment under a deadline, 0 to 1.

    >>> pressed(0.4, 0.5, 0.0), pressed(0.4, 0.5, 1.0), pressed(0.8, 0.5, 1.0)
    (0.4, 0.6000000000000001, 1.0)
    """
    return float(np.minimum(strength * (1.0 + pressure * rise), 1.0))


def forms(assessment: float, power: int) -> float:
    """The paperwork of an assessment; none without one.

    >>> [forms(0.5, power) for power in (0, 1, 2)], forms(0.0, 0)
    ([1.0, 0.5, 0.25], 0.0)
    """
    paperwork = 1.0 if assessment else 0.0
    for _ in range(power):
        paperwork *= assessment
    return paperwork
