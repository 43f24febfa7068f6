"""Dependence: what living on relief does to the labour a household offers (等靠要)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World, place

YUAN = 100.0


class Dependence(Process):
    """Relief that asks for nothing makes some offer less labour, and at an income limit with benefits a little less.

    Relief is what a policy marks as such: dibao wholly, other support by its `relief_share`.
    """

    strength = Parameter(
        0.15, unit="share of labour", range=(0.0, 0.46), limits=(0.0, 1.0), mark="assumed", claim="S31",
        doc="labour that a recipient of usual dependence withholds when relief is large beside earnings; always to be "
        "shown over its range, with the effect it really has",
        source="four studies of dibao: −46 % employment in a fuzzy discontinuity, negative only for high benefits, "
        "none, positive with job information",
    )  # fmt: skip
    growing = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S31",
        doc="growth of dependence when all income is relief",
    )  # fmt: skip
    fading = Parameter(
        0.03, unit="per month", range=(0.01, 0.06), limits=(0.0, 1.0), mark="assumed", doc="its decay when none is"
    )
    coaching = Parameter(
        0.02, unit="per full visit", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S31",
        doc="part of it that a coach takes away",
    )  # fmt: skip
    felt_from = Parameter(
        0.25, unit="share of earnings", range=(0.1, 0.5), limits=(0.0, 10.0), mark="assumed",
        doc="relief beside earnings at which half of the strength is felt",
    )  # fmt: skip
    felt_width = Parameter(
        0.05, unit="share of earnings", range=(0.02, 0.15), limits=(0.001, 10.0), mark="assumed",
        doc="how gradually it comes to be felt",
    )  # fmt: skip
    notch = Parameter(
        0.5, unit="share of strength", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S34",
        doc="further labour withheld by those on relief just below an income limit with tied benefits",
    )  # fmt: skip
    notch_width = Parameter(
        0.1, unit="share of the limit", range=(0.05, 0.2), limits=(0.0, 1.0), mark="assumed", claim="S34",
        doc="how far below the limit is just below",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        self._discretionary(world)
        home.labour[:] = 1.0
        benefits = home.relief12 + home.discretionary12
        rows = ((benefits > 0) | (home.dependence > 0)).nonzero()[0]
        if len(rows) == 0:
            return
        benefits, dependence = benefits[rows], home.dependence[rows].astype(np.float64)
        coach = world.intensity("coach")
        coached = self.coaching * (coach[rows] if isinstance(coach, np.ndarray) else coach)
        income = home.income12[rows]
        share = np.minimum(benefits / np.maximum(income, YUAN), 1.0)
        dependence = grown(dependence, share, self.growing, self.fading, coached)
        home.dependence[rows] = dependence
        if self.strength:
            earned = np.maximum(income - home.support12[rows], YUAN)
            felt = benefits / earned
            felt -= self.felt_from
            felt /= self.felt_width
            maths.sigmoid(felt, out=felt)
            counties = world.whole.counties
            usual = counties.usual_dependence[place(counties.number, home.county[rows])]
            home.labour[rows] = offered(dependence, usual, felt, self.strength)

    def _discretionary(self, world: World) -> None:
        """Keep about twelve months of the relief within other support; dibao's own months are kept exactly."""
        home = world.households
        cash = discretionary(world)
        if cash is not None or home.discretionary12.any():
            kept = home.discretionary12 * (11.0 / 12.0)
            home.discretionary12[:] = kept if cash is None else kept + cash


def discretionary(world: World) -> Money | None:
    """This month's relief within support that is not means-tested, fen, shape (households,); None if there is none."""
    cash = None
    for name, paid in sorted(world.whole.paid.items()):
        share = float(world.policies[name].values.get("relief_share", 0.0))
        if share:
            mine = share * paid[world.rows]
            cash = mine if cash is None else cash + mine
    return cash


def grown(dependence: Array, share: Array, growing: float, fading: float, coached: Array | float) -> Array:
    """Dependence after a month in which a share of income was relief.

    All of shape (n,), 0 to 1. coached: part taken away by a coach. Its fixed point without one is
    growing · share / (growing · share + fading · (1 − share)).

    >>> grown(np.array([0.0, 0.5]), np.array([1.0, 0.0]), 0.02, 0.03, 0.0)
    array([0.02 , 0.485])
    """
    change = growing * share * (1.0 - dependence)
    change -= fading * (1.0 - share) * dependence
    change -= coached * dependence
    change += dependence
    return np.clip(change, 0.0, 1.0, out=change)


def offered(dependence: Array, usual: Array | float, felt: Array, strength: float) -> Array:
    """The share of its able labour that a household offers.

    dependence: shape (n,). usual: mean dependence of those on relief, above 0. felt: how large relief is beside
    earnings, 0 to 1. strength: 0 gives exactly 1, and 1 − strength is the least.

    >>> offered(np.array([0.0, 0.2, 0.4, 0.4]), 0.2, np.array([1.0, 1.0, 1.0, 0.5]), 0.46)
    array([1.  , 0.54, 0.54, 0.77])
    """
    factor: Array = np.minimum(dependence / usual, 1.0)
    factor *= felt
    factor *= -strength
    factor += 1.0
    return factor


def just_below(income: Array, limit: float, width: float) -> NDArray[np.bool_]:
    """Who stands below a limit by no more than a share of it.

    >>> just_below(np.array([89.0, 90.0, 99.0, 100.0]), 100.0, 0.1)
    array([False,  True,  True, False])
    """
    near: NDArray[np.bool_] = (income < limit) & (income >= limit * (1.0 - width))
    return near
