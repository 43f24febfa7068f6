"""Local worthies (新乡贤): the wealthy of a village who engage for it, and keep a part of what passes their hands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.cooperative_surplus import wealthiest
from fupin_sim.world import Array, Flags, World


class Worthies(Process):
    """Chosen each January; whoever engages shows how it is done, finds jobs for others, is looked up to, and takes."""

    local = False

    on = Parameter(False, mark="choice", doc="whether there are any")
    number = Parameter(
        2, unit="households per village", range=(0, 2), limits=(0, 100), mark="assumed", claim="S29",
        doc="the wealthiest who are asked to engage",
    )  # fmt: skip
    wealth = Parameter(
        0.9, unit="quantile", range=(0.8, 0.98), limits=(0.0, 1.0), mark="assumed", claim="S29",
        doc="of the county's liquid wealth, above which a household is asked",
    )  # fmt: skip
    engages = Parameter(
        0.3, unit="per year", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S29",
        doc="chance where the village organisation has no capacity; at full capacity twice that",
    )  # fmt: skip
    brings = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S29",
        doc="technique that a worthy has at least, from elsewhere",
    )  # fmt: skip
    hiring = Parameter(
        1.1, unit="factor", range=(1.0, 1.3), limits=(0.0, 20.0), mark="assumed", claim="S29",
        doc="on the chance of others in the village to find a job",
    )  # fmt: skip
    captures = Parameter(
        0.1, unit="share of project income", range=(0.0, 0.3), limits=(0.0, 1.0), mark="assumed", claim="S29",
        doc="that worthies keep of the projects of others in their village",
    )  # fmt: skip
    looked_up_to = Parameter(
        True, mark="choice", claim="S29", doc="whether they are among those by whom aspirations are measured"
    )

    def run(self, world: World) -> None:
        if not self.on:
            return
        villages = world.villages
        if world.clock.opens_a_year:
            self._engage(world)
        if self.hiring != 1.0 and villages.worthies.any():
            more = np.where(villages.worthies > 0, self.hiring, 1.0)
            world.rates.adjust("job_finding", world.of_village(more), self.name)

    def _engage(self, world: World) -> None:
        home, villages = world.households, world.villages
        rows = np.flatnonzero(self._wealthy(world))
        rows = rows[wealthiest(home.village[rows], home.wealth[rows], home.luck[rows], self.number)]
        chance = self.engages * (1.0 + world.of_village(villages.organization)[rows])
        rows = np.sort(rows[world.draw("worthy engages", rows) < chance])
        home.worthy[:] = False
        home.worthy[rows] = True
        home.technique[rows] = np.maximum(home.technique[rows], self.brings)
        villages.worthies[:] = world.by_village(home.worthy.astype(np.int8))
        shown = np.where(home.worthy, home.technique, np.float32(0.0))
        villages.example[:] = np.maximum.reduceat(shown, world.village_starts)

    def _wealthy(self, world: World) -> Flags:
        """Who owns more than the quantile of the county, shape (households,)."""
        wealth, above = world.households.wealth, np.zeros(len(world), bool)
        for rows in world.counties_as_rows():
            ascending = np.sort(wealth[rows])
            limit = ascending[min(int(self.wealth * len(ascending)), len(ascending) - 1)]
            above[rows] = wealth[rows] > limit if self.wealth else True
        return above


class Example(Process):
    """Neighbours of a worthy come to know something of what the worthy knows."""

    gain = Parameter(
        0.01, unit="per month", range=(0.0, 0.03), limits=(0.0, 1.0), mark="assumed", claim="S29",
        doc="part of the technique by which the worthy is ahead that is learnt from the example",
    )  # fmt: skip

    def run(self, world: World) -> None:
        villages = world.whole.villages
        if not (world.processes["worthies"].on and self.gain and villages.worthies.any()):
            return
        home = world.households
        home.technique[:] = followed(home.technique, world.of_village(villages.example), self.gain)


def followed(technique: NDArray[np.floating], shown: Array, gain: float) -> Array:
    """Technique after a month beside somebody who knows more: x + gain · (x_w − x)⁺; shape (n,).

    >>> followed(np.array([0.0, 0.6]), np.array([0.5, 0.5]), 0.01)
    array([0.005, 0.6  ])
    """
    ahead: Array = shown - technique
    np.maximum(ahead, 0.0, out=ahead)
    ahead *= gain
    ahead += technique
    return ahead
