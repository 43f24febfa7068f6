"""Village infrastructure (基础设施): roads, water and power, which serve the poor and everybody else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, Instrument
from fupin_sim.processes.upkeep import MOST, built
from fupin_sim.world import Array, Flags, World


class VillageInfrastructure(Instrument):
    """So much per resident of the villages chosen, the remotest first; what is built wears, see `process.upkeep`."""

    flow = "service"

    by_application = AUTOMATIC
    level = Dated(
        200.0, unit="yuan per person-year", range=(50, 600), limits=(0, 1e6), mark="assumed", claim="S40",
        doc="spent in the villages chosen, for every resident",
    )  # fmt: skip
    reach = Parameter(
        1.0, unit="share of a county's villages", range=(0.1, 1.0), limits=(0.0, 1.0), mark="choice", claim="S42",
        doc="those that were the remotest at the start come first",
    )  # fmt: skip
    raises = Parameter(
        0.05, unit="index per 100 yuan per person", range=(0.0, 0.15), limits=(0.0, 10.0), mark="assumed", claim="S13",
        doc="from the usual level of 1; less and less towards 2",
    )  # fmt: skip
    nearer = Parameter(
        0.02, unit="remoteness per 100 yuan per person", range=(0.0, 0.06), limits=(0.0, 0.5), mark="assumed",
        claim="S42", doc="in a village of remoteness 0.5; in proportion elsewhere",
    )  # fmt: skip
    administration = Parameter(0.10, unit="share of outlay", range=(0.05, 0.2), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        flags: Flags = world.of_village(self._chosen(world))
        return flags

    def worth(self, world: World) -> Array:
        yuan: Array = world.households.members * (self.level / 12)
        return yuan

    def paid(self, world: World, amount: Money) -> None:
        villages = world.villages
        people = world.by_village(world.households.members.astype(np.float64))
        hundreds = world.by_village(amount) / people / 1e4
        villages.infrastructure[:] = built(villages.infrastructure, self.raises * hundreds)
        villages.remoteness[:] = villages.remoteness * np.maximum(1.0 - 2.0 * self.nearer * hundreds, 0.0)

    def _chosen(self, world: World) -> NDArray[np.bool_]:
        villages = world.villages
        order = np.lexsort((villages.luck, -villages.remoteness_at_start, villages.county))
        chosen = np.zeros(len(order), bool)
        first = 0
        for number in np.unique(villages.county, return_counts=True)[1].tolist():
            chosen[order[first : first + round(self.reach * number)]] = True
            first += number
        return chosen


assert MOST == 2.0  # what the description of `raises` says
