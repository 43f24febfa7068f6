"""Norms: the usual effort and dependence of a county, against which a household's own are measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World

GRAIN = 2.0**24
"""Shares are summed in whole parts of this size, so that the sum does not depend on its order."""
LEAST = 0.01
"""Mean dependence below which relief has begun too lately, or reaches too few, to tell what is usual."""


class Norms(Process):
    """Followed in the burn-in and frozen at its end, so that policies of the scenario do not move the measure."""

    local = False

    dependence = Parameter(
        0.25, unit="share", range=(0.1, 0.5), limits=(0.001, 1.0), mark="assumed", claim="S31",
        doc="usual dependence where hardly anybody was on relief in the burn-in",
    )  # fmt: skip

    def run(self, world: World) -> None:
        clock = world.clock
        if not (clock.in_burn_in or clock.month == clock.first):
            return
        home, counties = world.households, world.counties
        everybody = np.ones(len(world), bool)
        motivation = mean(world, home.motivation, everybody)
        counties.usual_effort[:] = 0.5 + 0.5 * np.where(np.isnan(motivation), 0.5, motivation)
        usual = mean(world, home.dependence, relief(world) > 0)
        counties.usual_dependence[:] = np.where(usual >= LEAST, usual, self.dependence)


def mean(world: World, column: NDArray[np.floating], of: NDArray[np.bool_]) -> Array:
    """The mean of a share over some households of each county; NaN where there are none."""
    total = world.by_county(np.rint(column.astype(np.float64) * GRAIN) * of)
    number = world.by_county(of.astype(np.float64))
    return total / np.where(number > 0, number, np.nan) / GRAIN


def relief(world: World) -> Money:
    """What means-tested relief has paid to each household this month, fen, shape (households,)."""
    total = np.zeros(len(world))
    for name, paid in sorted(world.paid.items()):
        if getattr(world.policies[name], "relief", False):
            total += paid
    return total
