"""Benefit notches: what is left to a household of another yuan that it earns (救助悬崖)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fupin_sim.measures.checks import checked
from fupin_sim.measures.mean import ratio
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Measure
from fupin_sim.policies.dibao import Dibao
from fupin_sim.world import Array, Flags, World

ROUNDING = 1e-9
"""A rate this little above 1 is 1: what a top-up takes, after sums in floating point."""


def effective_marginal_tax_rate(earned: Array, more: Array, left: Array, left_of_more: Array) -> Array:
    """τ = 1 − (what is left of more − what is left)/(more − earned), per household.

    earned, more: own income before benefits and taxes, as it is and with something added. left, left_of_more: income
    after them. All of shape (n,), one unit. 0: all is kept; 1: nothing; above 1: earning more makes poorer. Missing
    (NaN) where nothing is added. Raises NotMeasured.

    >>> earned = np.array([1000.0, 1000.0, 1000.0])
    >>> left, then = np.array([1500.0, 1500, 1000]), np.array([1500.0, 1300, 1100])
    >>> effective_marginal_tax_rate(earned, earned + 100, left, then)
    array([1., 3., 0.])
    """
    checked(earned=earned, more=more, left=left, left_of_more=left_of_more)
    added = more - earned
    return np.where(added != 0, 1.0 - (left_of_more - left) / np.where(added != 0, added, 1.0), np.nan)


def along(benefit: Callable[[Array], Array], earned: Array, step: float) -> Array:
    """The rates that a schedule of benefits makes for households that earn `step` more; benefit: of own income.

    >>> top_up = lambda income: np.maximum(0.0, 4000.0 - income)
    >>> along(top_up, np.array([1000.0, 3950.0, 5000.0]), 100.0)
    array([1. , 0.5, 0. ])
    """
    return effective_marginal_tax_rate(
        earned, earned + step, earned + benefit(earned), earned + step + benefit(earned + step)
    )


def share_in_notch(rate: Array, weight: Array) -> float:
    """The share of persons whom earning more makes poorer, τ > 1, among those whose rate is known.

    >>> share_in_notch(np.array([0.0, 1.2, np.nan]), np.ones(3))
    0.5
    """
    known = ~np.isnan(rate)
    return ratio(float(weight[known & (rate > 1.0 + ROUNDING)].sum()), float(weight[known].sum()))


class BenefitNotch(Measure):
    """What dibao takes of a little more own income from those it pays: mean rate, and share whom more makes poorer."""

    grouped, by_default = True, False
    unit, every, better = "share of persons paid, or of what is earned", "year", "lower"
    step = Parameter(
        100.0, unit="yuan per person-year", range=(10.0, 500.0), limits=(0.01, 1e5), mark="choice",
        doc="more own income, of which is asked what is left",
    )  # fmt: skip

    def take(self, world: World) -> dict[str, float]:
        """At this December's means test; what the register or other policies would do later is not in it."""
        home = world.households
        persons = home.members.astype(np.float64)
        earned = world.income_pc("net_of_relief") * persons
        more = earned + self.step * persons
        before, after, paid = np.zeros(len(world)), np.zeros(len(world)), np.zeros(len(world), dtype=bool)
        for name, policy in sorted(world.policies.items()):
            if isinstance(policy, Dibao) and name in world.paid:
                gets = world.paid[name] > 0
                gap = policy.gap(world)
                before += _yearly(policy, gap, persons, gets)
                after += _yearly(policy, gap - self._seen(world, policy), persons, gets)
                paid |= gets
        rate = effective_marginal_tax_rate(earned, more, earned + before, more + after)[paid]
        total = float(persons[paid].sum())
        mean = ratio(float((rate * persons[paid]).sum()), total)
        return {"notch:rate": mean, "notch:poorer": share_in_notch(rate, persons[paid])}

    def _seen(self, world: World, policy: Dibao) -> Array:
        """The step as the means test would see it, yuan per person-year."""
        officials = world.processes["observation"]
        if policy.observation == "exact" or not officials.erring(world):
            return np.full(len(world), self.step)
        factor: Array = officials.factor(world).astype(np.float64)
        return np.asarray(self.step * factor)


def _yearly(policy: Dibao, gap: Array, persons: Array, gets: Flags) -> Array:
    """What a full title pays in a year to those who are paid now, yuan per household."""
    yearly: Array = np.where((gap > 0) & gets, gap * persons + policy.tied, 0.0)
    return yearly
