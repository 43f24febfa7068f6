"""Adult training: courses that count as years of schooling, for wages and for work elsewhere (成人培训)."""

from __future__ import annotations

import numpy as np

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World


class AdultTraining(Process):
    """Two years of a full course are worth a year at school; nobody is schooled beyond what schools offer."""

    years = Parameter(
        0.5, unit="years of schooling per year of a full course", range=(0.0, 1.0), limits=(0.0, 12.0),
        mark="assumed", claim="S39", doc="what courses count for",
    )  # fmt: skip
    most = Parameter(
        16.0, unit="years", range=(12.0, 20.0), limits=(0.0, 25.0), mark="assumed", doc="no course leads beyond it"
    )

    def run(self, world: World) -> None:
        home, course = world.households, world.intensity("training")
        if isinstance(course, float) and course == 0.0:
            return
        years = home.schooling.astype(np.float64) + self.years / 12 * course
        home.schooling[:] = np.where(years <= self.most, years, np.maximum(home.schooling, self.most))
