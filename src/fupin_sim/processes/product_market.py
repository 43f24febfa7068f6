"""Product market: what a county can sell of the project good before its price falls (产业同质化与滞销)."""

from __future__ import annotations

import numpy as np

from fupin_sim import maths
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World


class ProductMarket(Process):
    """The price of the project good follows its quantity at base prices, against what the county usually sells."""

    local = False

    flexibility = Parameter(
        0.5, unit="elasticity", range=(0.0, 1.0), limits=(0.0, 5.0), mark="assumed", claim="S32",
        doc="by which the price falls as the quantity rises beyond the usual; at 0 it never moves",
    )  # fmt: skip
    usual = Parameter(
        0.3, unit="share of business income", range=(0.05, 0.5), limits=(0.001, 10.0), mark="assumed", claim="S32",
        doc="what the county sells of such goods without projects; frozen with the burn-in, then growing with demand",
    )  # fmt: skip
    demand = Parameter(
        1.0, unit="elasticity", range=(0.5, 1.2), limits=(0.0, 5.0), mark="assumed",
        doc="of demand to the growth of business; at 0 prices fall as output grows",
    )  # fmt: skip
    share = Parameter(
        0.3, unit="share of business income", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S32",
        doc="that other households earn at this price",
    )  # fmt: skip
    macro = Dated(1.0, unit="factor", range=(0.7, 1.3), limits=(0.01, 10.0), mark="choice", doc="of all county prices")

    def run(self, world: World) -> None:
        counties, projects = world.counties, world.intensity("project")
        if isinstance(projects, float) and projects == 0.0:
            counties.product_price[:] = self.macro
            return
        each = np.rint(np.broadcast_to(projects, len(world)) * (100.0 * world.growth["business"]))
        demand = float(maths.power(np.array([world.growth["business"]]), self.demand)[0])
        usual = counties.usual_trade * (self.usual * demand)
        counties.product_price[:] = price(world.by_county(each), usual, self.flexibility) * self.macro


class UsualTrade(Process):
    """What the businesses of a county bring in, followed in the burn-in and frozen at its end."""

    local = False

    def run(self, world: World) -> None:
        clock, counties = world.clock, world.counties
        if not (clock.in_burn_in or clock.month == clock.first):
            return
        now = world.by_county(world.ledger.flows["business"])
        first = clock.month == clock.first
        counties.usual_trade[:] = now if first else counties.usual_trade + (now - counties.usual_trade) / 12


def price(projects: Array, usual: Array, flexibility: float) -> Array:
    """The price of the project good, 1 without projects; shape (counties,).

    projects: their quantity at base prices; usual: what is sold without them; both fen a month.

    >>> price(np.array([0.0, 300.0, 50.0]), np.array([100.0, 100.0, 0.0]), 0.5)
    array([1. , 0.5, 1. ])
    """
    more = projects / np.where(usual > 0, usual, np.inf)
    return maths.power(1.0 + more, -flexibility)
