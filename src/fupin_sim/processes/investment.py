"""Investment: households build their business towards the level that the dynamic programme says is worth it."""

from __future__ import annotations

from typing import Any

import numpy as np

from fupin_sim import dynamic_programme
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.consumption import income_of_month
from fupin_sim.world import Array, World


class Investment(Process):
    """Households build up the capital they aim at; with a constant saving rate instead there would be no trap."""

    depreciation = Parameter(
        0.08, unit="per year", range=(0.05, 0.12), limits=(0.001, 0.9), mark="second-hand",
        source="Ikegami, Carter, Barrett & Janzen 2016",
    )  # fmt: skip
    months_to_target = Parameter(
        36, unit="months", range=(12, 60), limits=(1, 600), mark="assumed", doc="in which the gap to the aim is closed"
    )
    most_of_income = Parameter(
        0.17, unit="share of income", range=(0.05, 0.25), limits=(0.0, 1.0), mark="assumed",
        doc="most invested; with much less a worker who stays at home cannot keep the upper state of the trap",
    )  # fmt: skip
    most_of_wealth = Parameter(
        0.3, unit="share of wealth", range=(0.1, 0.6), limits=(0.0, 1.0), mark="assumed", doc="most invested"
    )
    land = Parameter(
        0.2, unit="units of capital", range=(0.0, 0.5), limits=(0.0, 100.0), mark="assumed",
        doc="capital in contracted land (承包地), which may not be sold and which work alone keeps",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home, business = world.households, world.processes["business"]
        unit = business.yuan_per_unit * 100.0
        spent = wanted(home.capital, self.aim(home), self.depreciation, self.months_to_target)
        spent *= unit
        most = self.most_of_income * income_of_month(world)
        np.minimum(spent, most, out=spent)
        np.multiply(home.wealth, self.most_of_wealth, out=most)
        np.minimum(spent, most, out=spent)
        np.floor(spent, out=spent)
        world.ledger.post("investment", spent)
        home.capital *= 1.0 - self.depreciation / 12
        np.maximum(home.capital, self.land, out=home.capital)
        spent /= unit
        home.capital += spent

    def aim(self, home: Any) -> Array:
        """The capital a household works towards: low below its threshold, high from there; shape (n,)."""
        low = home.capital < home.threshold
        # One of the two products is 0: the same as `np.where`, which is slow where low and high stand mixed.
        aim: Array = (home.aim_low * low + home.aim_high * ~low).astype(np.float64)
        return aim


class Aims(Process):
    """What each household works towards, from its ability and the technology; looked up once a year."""

    def run(self, world: World) -> None:
        if not (world.clock.opens_a_year or world.whole.fresh):
            return
        home, wear = world.households, world.processes["investment"].depreciation
        technology = dynamic_programme.SHIPPED[world.processes["business"].technology]
        threshold, low, high = dynamic_programme.targets(technology, depreciation=wear).at(home.ability)
        home.threshold[:], home.aim_low[:], home.aim_high[:] = threshold, low, high


def wanted(capital: Array, aim: Array, depreciation: float, months: float) -> Array:
    """Units invested in a month by who can pay: a part of the gap and what wears out; 0 from the aim upwards.

    >>> wanted(np.array([1.0, 4.0]), np.array([4.6, 4.0]), 0.0, 36)
    array([0.1, 0. ])
    """
    units = aim - capital
    short = units > 0
    units /= months
    units += depreciation / 12 * capital
    units *= short
    return units
