"""Disaster: a bad year for a county or a village, with assets lost in it (因灾致贫)."""

from __future__ import annotations

import numpy as np

from fupin_sim.chance import markov, second_smallest
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World, place


class Disaster(Process):
    """Villages follow the fate of their county or have their own; either kind comes in spells."""

    local = False

    probability = Parameter(
        0.10, unit="per village-year", range=(0.05, 0.2), limits=(0.0, 1.0), mark="unverified", doc="long-run share"
    )
    correlation = Parameter(
        0.5, unit="autocorrelation", range=(0.0, 0.8), limits=(0.0, 1.0), mark="assumed", doc="from year to year"
    )
    common = Parameter(
        0.5, unit="share of villages", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed",
        doc="chance that a village shares its county's fate in a year",
    )  # fmt: skip
    yield_lost = Parameter(
        0.45, unit="share of business income", range=(0.2, 0.5), limits=(0.0, 1.0), mark="fitted",
        doc="lost over the whole year of a disaster",
    )  # fmt: skip
    households_hit = Parameter(
        0.3, unit="share of households", range=(0.1, 0.6), limits=(0.0, 1.0), mark="assumed",
        doc="households of a stricken village that lose assets: Beta(2, 8) of their productive capital",
    )  # fmt: skip
    month = Parameter(7, unit="month of the year", limits=(1, 12), mark="assumed", doc="month in which assets are lost")

    def run(self, world: World) -> None:
        if world.clock.opens_a_year:
            self._draw_year(world)
        if world.clock.month % 12 == self.month - 1:
            self._lose_assets(world)

    def _draw_year(self, world: World) -> None:
        counties, villages, month = world.counties, world.villages, world.clock.month
        # A rate over households becomes one of places: the first household of a place stands for it.
        rate = np.broadcast_to(np.asarray(world.rate("disaster")), (len(world),))
        chance = np.minimum(self.probability * rate, 1.0)
        u = world.draws.uniform("disaster of the county", month, counties.luck)
        counties.disaster[:] = markov(u, counties.disaster, chance[counties.first], self.correlation)
        u = world.draws.uniform("disaster of the village", month, villages.luck)
        villages.disaster_own[:] = markov(u, villages.disaster_own, chance[villages.first], self.correlation)
        shares = world.draws.uniform("disaster in common", month, villages.luck) < self.common
        with_county = counties.disaster[place(counties.number, villages.county)]
        villages.disaster[:] = np.where(shares, with_county, villages.disaster_own)

    def _lose_assets(self, world: World) -> None:
        if not world.villages.disaster.any():
            return
        home = world.households
        struck = np.flatnonzero(world.of_village(world.villages.disaster))
        hit = struck[world.draw("disaster hits", struck) < self.households_hit]
        u = np.stack([world.draw(f"disaster loss {i}", hit) for i in range(9)], axis=1)
        home.capital[hit] *= 1.0 - second_smallest(u)
