"""School aid (雨露计划): money for each pupil in senior high school and college."""

from __future__ import annotations

import numpy as np

from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World


class SchoolAid(Instrument):
    """Cash by the month, and the prospect of it keeps pupils at school where it has been paid before."""

    level = Dated(
        3_000.0, unit="yuan per pupil-year", range=(1_500, 5_000), limits=(0, 1e6), mark="assumed", claim="S38",
        doc="for each pupil who is at school",
    )  # fmt: skip
    whom = Parameter("registered", choices=WHOM, mark="choice", doc="those on the register, or everybody")
    keeps = Parameter(
        1.0, unit="log odds", range=(0.0, 2.0), limits=(0.0, 20.0), mark="assumed", claim="S38",
        doc="taken off dropping out, where claims are met in full",
    )  # fmt: skip

    def titled(self, world: World) -> Flags:
        return among(world, self.whom)

    def worth(self, world: World) -> Array:
        home = world.households
        yuan: Array = (home.pupils_senior + home.pupils_college) * (self.level / 12)
        return yuan

    def adjust(self, world: World) -> None:
        met = self._met(world)
        if self.in_force(world) and self.keeps and met.any():
            world.intensify("school_aid", self.keeps * met * self.share(world, self.titled(world)), self.name)

    def claim(self, world: World) -> Money | None:
        self._claimed = super().claim(world)
        return self._claimed

    def paid(self, world: World, amount: Money) -> None:
        """Remember what part of its claims each county met when it last had any."""
        assert self._claimed is not None
        claimed = world.by_county(self._claimed)
        part = world.by_county(amount) / np.where(claimed > 0, claimed, 1.0)
        met = self._met(world)
        met[:] = np.where(world.of_county(claimed > 0), world.of_county(part), met)

    def _met(self, world: World) -> Array:
        return world.recall(self.name, "met", np.float32, 0.0)
