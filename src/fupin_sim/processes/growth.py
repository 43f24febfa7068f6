"""Growth: wages, farm prices and transfers rise year by year in real terms."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from fupin_sim import maths
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World

SOURCE = "poor-area income rose 8.6 % a year in nominal terms 2020–24; the split is assumed"


class Growth(Process):
    """Wages, farm prices and transfers rise in real terms; without growth all progress would be credited to policy."""

    local = False

    on = Parameter(True, mark="choice", doc="switch of all growth")
    wage = Parameter(0.06, unit="share per year", range=(0.0, 0.08), limits=(-0.2, 0.3), mark="assumed", source=SOURCE)
    business = Parameter(
        0.04, unit="share per year", range=(0.0, 0.06), limits=(-0.2, 0.3), mark="assumed", source=SOURCE
    )
    transfers = Parameter(
        0.05, unit="share per year", range=(0.0, 0.08), limits=(-0.2, 0.3), mark="assumed", source=SOURCE
    )

    def run(self, world: World) -> None:
        names = ("wage", "business", "transfers")
        # It waits for the end of the burn-in.
        rates = [self.values[name] if self.on else 0.0 for name in names]
        world.growth = dict(zip(names, since_start(tuple(rates), max(world.clock.elapsed, 0)), strict=True))


def since_start(rates: tuple[float, ...], months: int) -> tuple[float, ...]:
    """The factors that yearly rates make of some months; exactly 1 without growth and in burn-in.

    >>> since_start((0.0, 0.06), 12)
    (1.0, 1.06)
    """
    if months == 0 or not any(rates):
        return tuple(1.0 for _ in rates)
    return _of_a_year(rates, months // 12)[months % 12]


@lru_cache(maxsize=1024)  # one exponential costs as much as many
def _of_a_year(rates: tuple[float, ...], year: int) -> list[tuple[float, ...]]:
    years = (12 * year + np.arange(12)) / 12
    return [tuple(row) for row in maths.exp(years[:, None] * maths.log(1.0 + np.array(rates))).tolist()]
