"""Return insurance (防返贫保险): a pool that pays when a bill or a fall of income pushes a household down."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import NEVER
from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World


class ReturnInsurance(Instrument):
    """A county pays a premium for every resident; claims beyond it are cut, what is left at the year's end goes back.

    The loss insured is a household's own bills of twelve months together with the fall of its income since January.
    Its pay is a share of the loss, as far as that loss explains that income after bills is below the threshold.
    """

    in_advance = True

    budget = Dated(
        100.0, kind="float", unit="yuan per resident-year", range=(20, 200), limits=(0, 1e9), mark="assumed",
        claim="S37", optional=True, doc="the premium, given to the fund whole each January; none: every claim is met",
    )  # fmt: skip
    administration = Parameter(
        0.10, unit="share of outlay", range=(0.05, 0.2), limits=(0.0, 1.0), mark="assumed", doc="kept by the insurer"
    )
    whom = Parameter("all", choices=WHOM, mark="choice", doc="those on the register, or everybody")
    threshold = Parameter(
        1.0, unit="share of the poverty line", range=(1.0, 1.5), limits=(0.0, 10.0), mark="assumed",
        doc="income after own bills that is insured",
    )  # fmt: skip
    covers = Parameter(
        0.5, unit="share of the loss", range=(0.3, 1.0), limits=(0.0, 1.0), mark="assumed", doc="beyond the deductible"
    )
    deductible = Parameter(
        8_000.0, unit="yuan per household", range=(3_000, 15_000), limits=(0, 1e6), mark="assumed",
        doc="of the loss, borne by the household",
    )  # fmt: skip
    least_fall = Parameter(
        0.2, unit="share of income", range=(0.1, 0.4), limits=(0.0, 1.0), mark="assumed",
        doc="a smaller fall of income is no loss",
    )  # fmt: skip
    most = Parameter(
        20_000.0, unit="yuan per household", range=(5_000, 50_000), limits=(0, 1e7), mark="assumed", doc="paid at once"
    )
    pause = Parameter(
        12, unit="months", range=(6, 24), limits=(1, 600), mark="assumed",
        doc="after a payment until the household can claim again; the same bills count but once",
    )  # fmt: skip

    def titled(self, world: World) -> Flags:
        return among(world, self.whom)

    def worth(self, world: World) -> Array:
        home, since = world.households, self._paid_on(world)
        line = self.threshold * world.line * 100.0
        short = line * home.members - (home.income12 - home.bills12)
        rows = np.flatnonzero((short > 0) & ((since == NEVER) | (world.clock.month - since >= self.pause)))
        before = home.income12_a_year_ago[rows] * 100.0 * home.members[rows]
        lost = loss(home.income12[rows], before, home.bills12[rows], self.least_fall) - self.deductible * 100.0
        fen = self.covers * np.minimum(np.maximum(lost, 0.0), short[rows])
        yuan = np.zeros(len(world))
        yuan[rows] = np.minimum(fen / 100.0, self.most)
        return yuan

    def paid(self, world: World, amount: Money) -> None:
        self._paid_on(world)[amount > 0] = world.clock.month

    def _paid_on(self, world: World) -> Array:
        return world.recall(self.name, "paid_on", np.int32, NEVER)


def loss(income: Money, before: Money, bills: Money, least_fall: float) -> Money:
    """Own bills, and the fall of income if it is large enough; all in fen, shape (n,).

    >>> loss(np.array([70.0, 95.0, 120.0]), np.array([100.0, 100.0, 100.0]), np.array([5.0, 5.0, 0.0]), 0.2)
    array([35.,  5.,  0.])
    """
    fall = before - income
    total: Money = bills + np.where(fall >= least_fall * before, np.maximum(fall, 0.0), 0.0)
    return total
