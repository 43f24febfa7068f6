"""Discounted cost: what a run costs in all, as equal-cost comparisons count it."""

from __future__ import annotations

from fupin_sim.costs import discount, opened
from fupin_sim.plugins import Measure
from fupin_sim.world import World


def weight_of(world: World) -> float:
    """The worth of a yuan of this month in the first month of the scenario, at the rate of the section [cost]."""
    return discount(world.spec.section("cost")["rate"], world.clock.month - world.clock.start)


class _Cost(Measure):
    by_default, headline = False, "sum"
    unit, every, better = "yuan", "month", "lower"
    account = ""

    def take(self, world: World) -> float:
        counted = opened(world.spec.section("cost"))
        counted.add(world, weight_of(world))
        return float(getattr(counted, self.account))


class FiscalCost(_Cost):
    """Additional public money of the month, posts of cadres included, discounted to the first month of the run.

    Its headline is the sum over the run, at the prices of the section [cost]; `years` and `tail` there do not bound it.
    """

    account = "fiscal"


class SocialCost(_Cost):
    """All that is used up in the month, whoever pays and wherever it is missing, discounted in the same way."""

    account = "social"
