"""Team projects (驻村项目): roads, water and collective industry from the money that teams mobilise."""

from __future__ import annotations

import numpy as np

from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.policies.instrument import AUTOMATIC, Instrument
from fupin_sim.processes.caseload import covered
from fupin_sim.processes.upkeep import MOST, USUAL, built
from fupin_sim.world import Array, Flags, World

LEAST = 0.5
"""The index of infrastructure below which no lack of money brings it."""
FUND = "mobilised"
"""The county's fund that money of teams comes into, from above."""


class _Mobilised(Instrument):
    """What spends the money that `process.mobilisation` brings to villages with a team."""

    mobilised = True

    by_application = AUTOMATIC
    fund = Parameter(FUND, mark="choice", doc="name of the fund it draws on; that of all money teams mobilise")
    administration = Parameter(0.10, unit="share of outlay", range=(0.05, 0.2), limits=(0.0, 1.0), mark="assumed")

    def titled(self, world: World) -> Flags:
        flags: Flags = world.of_village(world.villages.mobilised > 0)
        return flags

    def _per_person(self, world: World, share: float, among: Flags) -> Array:
        """A share of each village's money, by the head of those among whom it is parted, yuan per household."""
        members = world.households.members * among
        people = np.maximum(world.by_village(members.astype(np.float64)), 1.0)
        net = share / (100.0 * (1.0 + self.administration))
        yuan: Array = members * world.of_village(world.villages.mobilised * net / people)
        return yuan


class TeamProjects(_Mobilised):
    """Infrastructure and collective industry in villages with a team; some of it is missing where there is none."""

    flow = "service"
    earns = ("dividend",)

    infrastructure = Parameter(
        0.60, unit="share of the money", range=(0.4, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S11",
        doc="for roads, water and power",
    )  # fmt: skip
    industry = Parameter(
        0.25, unit="share of the money", range=(0.1, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S11",
        doc="for what the village owns together",
    )  # fmt: skip
    raises = Parameter(
        0.05, unit="index per 100 yuan per person", range=(0.0, 0.15), limits=(0.0, 10.0), mark="assumed", claim="S13",
        doc="of infrastructure, from the usual level of 1; less and less towards 2, and likewise downwards to 0.5",
    )  # fmt: skip
    nearer = Parameter(
        0.02, unit="remoteness per 100 yuan per person", range=(0.0, 0.06), limits=(0.0, 0.5), mark="assumed",
        claim="S42", doc="in a village of remoteness 0.5; in proportion elsewhere",
    )  # fmt: skip

    def worth(self, world: World) -> Array:
        everybody = np.ones(len(world), bool)
        return self._per_person(world, min(self.infrastructure + self.industry, 1.0), everybody)

    def paid(self, world: World, amount: Money) -> None:
        villages, both = world.villages, self.infrastructure + self.industry
        people = np.maximum(world.by_village(world.households.members.astype(np.float64)), 1.0)
        fen = world.by_village(amount)
        roads = self.infrastructure / both if both else 0.0
        hundreds, lacking = roads * fen / people / 1e4, villages.diverted / people / 1e4
        villages.infrastructure[:] = worn_without(
            built(villages.infrastructure, self.raises * hundreds), self.raises * lacking
        )
        farther = 1.0 + 2.0 * self.nearer * (lacking - hundreds)
        villages.remoteness[:] = np.clip(villages.remoteness * np.maximum(farther, 0.0), 0.0, 1.0)
        villages.collective_assets[:] += np.floor((1.0 - roads) * fen)


class TeamGrants(_Mobilised):
    """What teams give to households they look after, in cash, by the head."""

    households = Parameter(
        0.15, unit="share of the money", range=(0.0, 0.3), limits=(0.0, 1.0), mark="assumed", claim="S11",
        doc="for households",
    )  # fmt: skip

    def titled(self, world: World) -> Flags:
        flags: Flags = super().titled(world) & covered(world)
        return flags

    def worth(self, world: World) -> Array:
        return self._per_person(world, self.households, covered(world))


def worn_without(index: Array, missing: Array) -> Array:
    """The index where money went elsewhere: it counts in full at the usual and for less and less towards the least.

    missing: points of the index that the money would be worth at the usual, shape (villages,).

    >>> worn_without(np.array([1.0, 0.75, 1.2]), np.array([0.1, 0.1, 0.0]))
    array([0.9, 0.7, 1.2])
    """
    return np.maximum(index - missing * np.clip((index - LEAST) / (USUAL - LEAST), 0.0, 1.0), np.minimum(index, LEAST))


assert MOST == 2.0  # what the description of `raises` says
