"""Migration: able workers look for work elsewhere (外出务工)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.chance import binomial, may_succeed
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World, place


class MigrationWish(Process):
    """Once a year each household weighs schooling, care at home and how many of the village are away."""

    local = False

    base = Parameter(0.0, unit="log odds", range=(-1.2, 0.0), limits=(-20.0, 20.0), mark="fitted")
    schooling = Parameter(
        0.12, unit="log odds per year of schooling", range=(0.05, 0.2), limits=(-5, 5), mark="unverified"
    )
    network = Parameter(
        0.5, unit="log odds per share of the village", range=(0.0, 1.5), limits=(-20, 20), mark="assumed",
        doc="pull of the village's share of migrants above the county's mean",
    )  # fmt: skip
    care = Parameter(
        0.4, unit="log odds per carer", range=(0.0, 1.0), limits=(-20, 20), mark="assumed",
        doc="workers tied to care keep the household at home",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not world.clock.opens_a_year:
            return
        home = world.households
        away, able = home.migrants.astype(np.float64), np.maximum(home.workers - home.disabled, 0).astype(np.float64)
        village = share(world.by_village(away), world.by_village(able))
        county = share(world.by_county(away), world.by_county(able))
        pull = village - county[place(world.counties.number, world.villages.county)]
        odds = self.base + self.schooling * (home.schooling.astype(np.float64) - 6.5)
        odds += self.network * world.of_village(pull)
        odds -= self.care * home.carers
        odds += home.mobility
        odds += world.intensity("job_service")
        home.migration_wish[:] = maths.sigmoid(odds)


class Migration(Process):
    """Each month willing workers find a job with a chance that falls with remoteness."""

    finding = Parameter(
        0.20, unit="per willing worker-month", range=(0.05, 0.2), limits=(0.0, 1.0), mark="fitted",
        doc="chance to find work elsewhere in a month",
    )  # fmt: skip
    remoteness = Parameter(
        0.3, unit="share", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S42",
        doc="how much of that chance the remotest village loses",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        most = self.finding * world.rate("job_finding") * world.rate("labour")
        u, free = world.draw("job finding"), workers_at_home(home)
        rows = may_succeed(u, free, most)
        near = 1.0 - self.remoteness * world.whole.villages.remoteness
        chance = (most[rows] if isinstance(most, np.ndarray) else most) * home.migration_wish[rows]
        chance = chance * near[place(world.whole.villages.number, home.village[rows])]
        chance *= home.labour[rows]
        home.migrants[rows] += binomial(u[rows], free[rows], chance)


def workers_at_home(home: object) -> NDArray[np.int8]:
    """Able workers who are neither away, ill, disabled nor nursing; at least 0, shape (households,)."""
    at_home: NDArray[np.int8] = home.workers - home.migrants  # type: ignore[attr-defined]
    at_home -= home.disabled  # type: ignore[attr-defined]
    at_home -= home.months_sick > 0  # type: ignore[attr-defined]
    at_home -= home.months_caring > 0  # type: ignore[attr-defined]
    at_home *= at_home > 0  # several times as fast as `np.maximum` of int8 with a number
    return at_home


def share(part: Array, whole: Array) -> Array:
    """part / whole, and 0 where there is no whole."""
    return part / np.where(whole > 0, whole, 1.0)
