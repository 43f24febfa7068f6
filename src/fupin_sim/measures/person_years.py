"""Poor person-years: how long how many live below the line, added up over a run (贫困人年)."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.discounted_cost import weight_of
from fupin_sim.plugins import Measure
from fupin_sim.world import World


class PoorPersonYears(Measure):
    """Persons who are poor at the end of the month, a twelfth of a year each; the headline is the sum over the run."""

    by_default, headline = False, "sum"
    unit, every, better = "person-years", "month", "lower"

    def take(self, world: World) -> float:
        home = world.households
        return float((home.members * home.poor).sum(dtype=np.int64)) / 12.0


class PoorPersonYearsDiscounted(PoorPersonYears):
    """The same, discounted at the rate of the section [cost], as yuan per averted poor person-year needs it."""

    def take(self, world: World) -> float:
        return weight_of(world) * super().take(world)
