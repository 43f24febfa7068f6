"""Illness: a bill, and sometimes months of lost labour (因病致贫)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World

NON_FOOD = 0.6
"""Share of yearly consumption that is not food, in the definition of catastrophic spending."""


class Illness(Process):
    """Bills are drawn as a share of yearly consumption; severe cases cost labour, the worst for good."""

    risk = Parameter(
        0.0905, unit="per household-month", range=(0.05, 0.13), limits=(0.0, 1.0), mark="fitted", claim="S38",
        source="level: rural catastrophic spending 18.3 %, CFPS 2018",
    )  # fmt: skip
    log_severity = Parameter(
        -2.907, unit="log share of yearly consumption", range=(-3.3, -2.5), limits=(-10.0, 2.0), mark="measured",
        source="shape: VLSS 1997–98, 4,269 rural households",
    )  # fmt: skip
    spread = Parameter(
        1.509, unit="log", range=(1.2, 1.8), limits=(0.0, 5.0), mark="measured", source="as log_severity"
    )
    worst = Parameter(3.0, unit="years of consumption", range=(1.0, 5.0), limits=(0.0, 50.0), mark="assumed")
    covered = Parameter(
        0.5, unit="share of the bill", range=(0.4, 0.65), limits=(0.0, 0.99), mark="unverified", claim="S38",
        doc="what basic insurance pays back to everybody; severity is own cost at this cover",
    )  # fmt: skip
    consumption_share = Parameter(
        0.68, unit="share of income", range=(0.65, 0.85), limits=(0.0, 2.0), mark="fitted",
        doc="reference consumption as a share of twelve-month income, at least 0.6 of the need",
    )  # fmt: skip
    labour_lost_from = Parameter(
        0.2, unit="share of yearly consumption", range=(0.2, 0.8), limits=(0.0, 50.0), mark="fitted",
        doc="severity from which one worker is lost for three to nine months",
    )  # fmt: skip
    carer_lost_from = Parameter(
        0.5, unit="share of yearly consumption", range=(0.4, 1.6), limits=(0.0, 50.0), mark="fitted",
        doc="severity from which one more worker nurses the ill, a migrant coming home for it",
    )  # fmt: skip
    permanent = Parameter(
        0.03, unit="share of lost workers", range=(0.0, 0.1), limits=(0.0, 1.0), mark="assumed",
        doc="chance that a worker who is lost does not recover",
    )  # fmt: skip
    renewal = Parameter(
        0.05, unit="per disabled worker-year", range=(0.02, 0.1), limits=(0.0, 1.0), mark="assumed",
        doc="rate at which a disabled worker finds work that can be done; age, death and heirs come on top",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        _count_down(home.months_sick)
        _count_down(home.months_caring)
        self._renew(world)
        ill = (world.draw("illness") < self.risk * world.rate("illness") * home.frailty).nonzero()[0]
        if len(ill) == 0:
            return
        share = severity(world.draw("illness severity", ill), self.log_severity, self.spread, self.worst)
        reference = reference_consumption(
            home.income12[ill] / 100.0, home.members[ill], self.consumption_share, world.processes["consumption"].need
        )
        # Severity is own cost at ordinary cover; the clinic's bill is what such a household would owe before it.
        world.ledger.post("medical_bill", world.fen(share * reference / (1.0 - self.covered)), ill)
        self._lose_labour(world, ill, share)

    def _lose_labour(self, world: World, ill: NDArray[np.intp], share: Array) -> None:
        home = world.households
        severe = (share > self.labour_lost_from).nonzero()[0]
        rows, share = ill[severe], share[severe]
        able = home.workers[rows] - home.disabled[rows] - (home.months_sick[rows] > 0)
        some = (able > 0).nonzero()[0]
        rows, share, able = rows[some], share[some], able[some]
        if len(rows) == 0:
            return
        luck = world.draws_of(("illness months", "illness of a migrant", "illness for good"), rows)
        months = (3.0 + np.floor(7.0 * luck[0])).astype(np.int8)
        home.months_sick[rows] = np.maximum(home.months_sick[rows], months)
        away = luck[1] * able < home.migrants[rows]
        nursed = share > self.carer_lost_from
        home.months_caring[rows] = np.where(nursed, months, home.months_caring[rows])
        home.migrants[rows] = np.maximum(home.migrants[rows] - away - (nursed & (home.migrants[rows] > away)), 0)
        lasting = luck[2] < self.permanent
        home.disabled[rows] += lasting.astype(np.int8)
        home.migrants[rows] = np.minimum(home.migrants[rows], home.workers[rows] - home.disabled[rows])

    def _renew(self, world: World) -> None:
        home = world.households
        rows = (home.disabled > 0).nonzero()[0]
        if len(rows):
            healed = world.draw("renewal of the disabled", rows) < self.renewal / 12 * home.disabled[rows]
            home.disabled[rows] -= healed.astype(np.int8)


def _count_down(months: NDArray[np.int8]) -> None:
    months -= months > 0


def severity(u: Array, location: float, spread: float, worst: float) -> Array:
    """Own cost of an illness as a share of yearly consumption: a lognormal quantile, capped.

    u: uniforms, shape (n,). Returns shape (n,). Source: fitted to VLSS 1997–98; see docs/model.md, Illness.

    >>> severity(np.array([.5]), -2.907, 1.509, 3.0).round(3)
    array([0.055])
    """
    return np.minimum(maths.exp(location + spread * maths.normal(u)), worst)


def reference_consumption(income: Array, members: NDArray[np.int8], share: float, need: float) -> Array:
    """Yearly consumption of a household by which bills are measured, yuan: never below 0.6 of the need.

    income: household income over twelve months, yuan, shape (n,). need: yuan per person-year.

    >>> reference_consumption(np.array([10_000., 40_000.]), np.array([4, 4]), .75, 4_000.)
    array([ 9600., 30000.])
    """
    reference: Array = np.maximum(share * income, 0.6 * need * members)
    return reference
