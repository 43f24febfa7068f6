"""Delivery: the last mile, where some do not apply and part of the money does not arrive (最后一公里)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fupin_sim.funds import Outlay
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes.observation import leaders
from fupin_sim.world import Array, Flags, World, place

MEMORY = "process.delivery"
NOT_YET, NO, YES = -1, 0, 1
BIRTH = 0
"""The month that lasting luck is drawn for: before all months that are lived."""


class Delivery(Process):
    """Off by default: everybody takes what there is a title to, and every fen arrives.

    Who has a title takes it up or does not, settled each January by lasting luck, so that better delivery only adds to
    those who do. Of what a fund pays out a part leaks in the village; of that a part ends with its elite.
    """

    local = False

    on = Parameter(False, mark="choice", claim="S09", doc="switch of incomplete take-up and of leakage")
    take_up = Parameter(
        0.6, unit="share of those with a title", range=(0.4, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S09",
        doc="who take up what must be applied for, where no team has worked and trust is .5",
    )  # fmt: skip
    take_up_exposure = Parameter(
        0.3, unit="share", range=(0.0, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S09",
        doc="more of them at full exposure to team work",
    )  # fmt: skip
    take_up_trust = Parameter(
        0.2, unit="share", range=(0.0, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S17",
        doc="more of them as trust rises from 0 to 1",
    )  # fmt: skip
    leakage = Parameter(
        0.10, unit="share of outlay", range=(0.0, 0.25), limits=(0.0, 0.5), mark="assumed", claim="S09",
        doc="that is lost on the way where no team has worked (跑冒滴漏)",
    )  # fmt: skip
    leakage_exposure = Parameter(
        0.5, unit="share of leakage", range=(0.0, 0.9), limits=(0.0, 1.0), mark="assumed", claim="S09",
        doc="that full exposure to team work prevents",
    )  # fmt: skip
    elite = Parameter(
        0.4, unit="share of leakage", range=(0.0, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S08",
        doc="that ends with the elite of the village, if it has one (精英俘获); the rest is gone",
    )  # fmt: skip
    elite_from = Parameter(
        2.0, unit="mean wealth of the village", range=(1.5, 4.0), limits=(0.0, 100.0), mark="assumed", claim="S08",
        doc="liquid wealth from which households of the leading clan are the elite",
    )  # fmt: skip

    @property
    def earns(self) -> tuple[str, ...]:
        """The source of income that it opens for some."""
        return ("captured",) if self.on and self.leakage and self.elite else ()

    def run(self, world: World) -> None:
        """Each January it is settled who the elite is."""
        if not self.on:
            return
        elite = self._elite(world)
        if world.clock.january or elite[0] == NOT_YET:
            elite[:] = leaders(world) & wealthy(world, self.elite_from)

    def takes_up(self, world: World, policy: str) -> Flags | None:
        """Who takes up what a policy offers if it has a title, shape (households,); None: everybody does."""
        if not self.on:
            return None
        takes = world.recall(MEMORY, f"{policy} taken up", np.int8, NOT_YET)
        if world.clock.january or takes[0] == NOT_YET:
            u = world.draws.uniform(f"{policy} taken up", BIRTH, world.households.luck)
            exposure = world.of_village(world.villages.exposure_delivered)
            takes[:] = u < willing(
                world.households.trust, exposure, self.take_up, self.take_up_exposure, self.take_up_trust
            )
        return takes.view(np.bool_)

    def rate(self, world: World) -> Array | float:
        """The part of an outlay that leaks: in each village, shape (villages,), or everywhere where no team works."""
        exposure = world.villages.exposure_delivered
        return leaking(self.leakage, self.leakage_exposure, exposure) if exposure.any() else float(self.leakage)

    def leak(self, world: World, policies: Sequence[str]) -> None:
        """Take what leaks off what some policies have paid this month, and hand its part to the elite."""
        if not (self.on and self.leakage):
            return
        rate, elite = self.rate(world), np.flatnonzero(self._elite(world) == YES)
        if isinstance(rate, np.ndarray):
            rate = world.of_village(rate)
        village, villages = world.villages_of(elite), len(world.villages)
        number = np.bincount(village, minlength=villages)
        county, counties = place(world.counties.number, world.villages.county), len(world.counties)
        pocketed = np.zeros(villages)
        for policy in policies:
            outlay = world.outlays[policy]
            if not outlay.received.any():
                continue
            lost = rate * world.paid[policy]
            np.rint(lost, out=lost)
            leaked = world.by_village(lost)
            world.paid[policy] = np.subtract(world.paid[policy], lost, out=lost)
            each = np.floor(self.elite * leaked / np.maximum(number, 1))
            pocketed += each
            gone, captured = (np.bincount(county, fen, counties) for fen in (leaked, each * number))
            world.outlays[policy] = Outlay(
                outlay.received - gone, outlay.leaked + gone, outlay.administered, outlay.captured + captured
            )
        world.ledger.post("captured", pocketed[village], elite)

    def seen(self, world: World) -> Array | float:
        """The share of outlays that people see leak away this month, a number or shape (villages,)."""
        leaks = any(outlay.leaked.any() for outlay in world.outlays.values())
        return self.rate(world) if leaks else 0.0

    def _elite(self, world: World) -> NDArray[np.int8]:
        return world.recall(MEMORY, "elite", np.int8, NOT_YET)


def willing(trust: NDArray[np.floating], exposure: Array, base: float, by_exposure: float, by_trust: float) -> Array:
    """The share of those with a title who take it up: base + by_exposure · X + by_trust (trust − ½), within 0 and 1.

    >>> willing(np.array([0.5, 1.0]), np.array([0.0, 1.0]), 0.6, 0.3, 0.2)
    array([0.6, 1. ])
    """
    return np.clip(base + by_exposure * exposure + by_trust * (trust - 0.5), 0.0, 1.0)


def leaking(base: float, prevented: float, exposure: Array) -> Array:
    """The part of an outlay that leaks: base · (1 − prevented · X), shape of X.

    >>> leaking(0.1, 0.5, np.array([0.0, 1.0]))
    array([0.1 , 0.05])
    """
    return base * (1.0 - prevented * exposure)


def wealthy(world: World, times: float) -> Flags:
    """Who has more than so many times the mean liquid wealth of the village, shape (households,)."""
    wealth = world.households.wealth
    mean = world.by_village(wealth) / world.villages.households
    flags: Flags = wealth > times * world.of_village(mean)
    return flags
