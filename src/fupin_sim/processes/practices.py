"""Practices: a better way to farm, known in some villages, copied by others, taken up by neighbours (经验推广)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.parameter import Parameter
from fupin_sim.processes.adoption import Adoption
from fupin_sim.world import Array, World, place


class Practices(Adoption):
    """From the start of the scenario a few villages know it; the others of the county hear of it, sooner by a team."""

    pioneers = Parameter(
        0.1, unit="share of villages", range=(0.02, 0.3), limits=(0.0, 1.0), mark="assumed", claim="S10",
        doc="that know the practice at the start, in each county at least one if any",
    )  # fmt: skip
    copying = Parameter(
        0.3, unit="per year", range=(0.0, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S10",
        doc="chance that a village learns of it in a county where all others know it",
    )  # fmt: skip
    by_teams = Parameter(
        1.0, unit="factor", range=(0.0, 3.0), limits=(0.0, 100.0), mark="assumed", claim="S10",
        doc="by which that is more likely in a village of full exposure to team work",
    )  # fmt: skip
    worth = Parameter(
        0.06, unit="share of business income", range=(0.0, 0.15), limits=(0.0, 5.0), mark="assumed", claim="S13",
        doc="what the practice adds for those who have taken it up",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not self.on or world.clock.in_burn_in:
            return
        home = world.households
        if world.clock.january or world.clock.elapsed == 0:
            self._copied(world)
            self.decide(world, home.practice, world.villages.practice, self.worth)
        if self.worth and home.practice.any():
            world.rates.adjust("business_income", np.where(home.practice, 1.0 + self.worth, 1.0), self.name)

    def _copied(self, world: World) -> None:
        """Villages hear of it from others of their county that know it, as they did last year."""
        villages, counties = world.villages, world.counties
        county = place(counties.number, villages.county)
        u = world.draws.uniform(f"{self.name}: pioneers", 0, villages.luck)
        villages.practice |= first_few(county, u, villages.luck, self.pioneers)
        many = np.bincount(county, minlength=len(counties.number))
        share = np.bincount(county, weights=villages.practice, minlength=len(many)) / many
        chance = self.copying * share[county] * (1.0 + self.by_teams * villages.exposure_observed)
        villages.practice |= world.draws.uniform(f"{self.name} copied", world.clock.month, villages.luck) < chance


def first_few(county: NDArray[np.integer], u: Array, luck: NDArray[np.uint64], share: float) -> NDArray[np.bool_]:
    """A share of the villages of each county, rounded up: those that come first by u; all of shape (villages,).

    county: counted from 0, ascending. luck: breaks ties.

    >>> u, luck = np.array([0.9, 0.1, 0.5, 0.2]), np.arange(4, dtype=np.uint64)
    >>> first_few(np.array([0, 0, 0, 1]), u, luck, 0.5)
    array([False,  True,  True,  True])
    """
    order = np.lexsort((luck, u, county))
    many = np.bincount(county)
    rank = np.arange(len(order)) - np.repeat(np.cumsum(many) - many, many)
    chosen = np.zeros(len(order), bool)
    chosen[order] = rank < np.ceil(share * many)[county]
    return chosen
