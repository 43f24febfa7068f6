"""Targeting: whom a programme reaches who should not be reached, and whom it should reach and does not (瞄准)."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.checks import checked
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.ranking import ascending
from fupin_sim.world import Array, Flags, World

POOREST = 0.40
"""The part of persons whose benefits the index of Coady, Grosh and Hoddinott looks at."""


def exclusion_error(covered: Flags, poor: Flags, weight: Array) -> float:
    """The share of the poor who are not covered; missing (NaN) when nobody is poor.

    covered, poor, weight (persons): shape (n,).

    >>> covered, poor = np.array([True, True, False, False]), np.array([True, False, True, True])
    >>> round(exclusion_error(covered, poor, np.ones(4)), 4)
    0.6667
    """
    checked(weight=weight, covered=covered, poor=poor)
    return ratio(_sum(weight, poor & ~covered), _sum(weight, poor))


def inclusion_error(covered: Flags, poor: Flags, weight: Array) -> float:
    """The share of the non-poor who are covered; missing (NaN) when all are poor. Shapes as in `exclusion_error`.

    >>> inclusion_error(np.array([True, True, False]), np.array([True, False, False]), np.ones(3))
    0.5
    """
    checked(weight=weight, covered=covered, poor=poor)
    return ratio(_sum(weight, covered & ~poor), _sum(weight, ~poor))


def leakage(covered: Flags, poor: Flags, weight: Array) -> float:
    """The share of the covered who are not poor; missing (NaN) when nobody is covered. Shapes as in `exclusion_error`.

    With weight = benefits it is the share of benefits that the non-poor receive.

    >>> leakage(np.array([True, True, False]), np.array([True, False, False]), np.array([2.0, 1.0, 5.0])).__round__(4)
    0.3333
    """
    checked(weight=weight, covered=covered, poor=poor)
    return ratio(_sum(weight, covered & ~poor), _sum(weight, covered))


def targeting_differential(covered: Flags, poor: Flags, weight: Array) -> float:
    """Coverage of the poor minus coverage of the non-poor: 1 is perfect, 0 is blind; NaN when either has nobody.

    Source: Ravallion 2009, "How relevant is targeting to the success of an antipoverty program?"

    >>> targeting_differential(np.array([True, True, False]), np.array([True, False, False]), np.ones(3))
    0.5
    """
    return 1.0 - exclusion_error(covered, poor, weight) - inclusion_error(covered, poor, weight)


def cgh(benefit: Array, welfare: Array, weight: Array, poorest: float = POOREST) -> float:
    """The benefit share of the poorest 40 % of persons over .40: 1 is what a uniform benefit gives.

    benefit: of the household, any unit. welfare: per person. weight: persons. All of shape (n,). A household that
    stands across the limit counts with the part of its persons below it. Missing (NaN) when there are no benefits.
    Source: Coady, Grosh & Hoddinott 2004.

    >>> cgh(np.array([3.0, 1.0, 1.0, 0.0, 0.0]), np.arange(5.0), np.ones(5))
    2.0
    >>> cgh(np.array([3.0, 4.0, 5.0, 1.0, 2.0]), np.arange(5.0), np.array([3.0, 4.0, 5.0, 1.0, 2.0])).__round__(12)
    1.0
    """
    checked(weight=weight, benefit=benefit, welfare=welfare)
    order = ascending(welfare)
    persons = weight[order]
    ends = np.cumsum(persons)
    below = poorest * ends[-1:] - (ends - persons)
    # Who stands for nobody is in or out as a whole.
    inside = np.clip(np.where(persons > 0, below / np.where(persons > 0, persons, 1.0), below > 0), 0.0, 1.0)
    return ratio(float((benefit[order] * inside).sum()), float(benefit.sum()) * poorest)


def excess_mass(values: Array, at: float, width: float, hole: float, reach: float) -> float:
    """How many more stand in the bin that begins at a threshold than beside it, as a share of what is expected there.

    values: shape (n,). at: the threshold, above 0. width, hole, reach: shares of it. The bin is [at, at(1 + width)).
    Expected is the straight line through the density in [at(1 − reach), at(1 − hole)) and that in
    [at(1 + width), at(1 + reach)); the hole is where those come from who bunch. 0 when nobody bunches, whatever the
    straight slope of the density; missing (NaN) when nobody is expected.
    Source: after Chetty, Friedman, Olsen & Pistaferri 2011, with a line for the polynomial.

    >>> even = np.linspace(0.5, 1.5, 100_000, endpoint=False)
    >>> round(excess_mass(even, 1.0, 0.02, 0.1, 0.3), 3) + 0.0
    0.0
    >>> lifted = np.where((even >= 0.9) & (even < 1.0) & (np.arange(len(even)) % 5 == 0), 1.0, even)
    >>> round(excess_mass(lifted, 1.0, 0.02, 0.1, 0.3), 3)
    1.0
    """
    edges = at * np.array([1.0 - reach, 1.0 - hole, 1.0, 1.0 + width, 1.0 + reach])
    # A value put exactly at the threshold may be kept in fewer digits than it.
    below = [float((values < edge * (1.0 - 1e-6)).sum()) for edge in edges]
    left, right = (below[1] - below[0]) / (reach - hole), (below[4] - below[3]) / (reach - width)
    from_left, from_right = (width + reach + hole) / 2.0, reach / 2.0
    expected = width * (left * from_right + right * from_left) / (from_left + from_right)
    return ratio(below[3] - below[2] - expected, expected)


class _Register(Measure):
    """Coverage is the register at the end of December, poverty the income of that December; persons."""

    every, better = "year", "lower"

    def take(self, world: World) -> float:
        home = world.households
        return self.error(home.registered, home.poor, home.members.astype(np.float64))

    def error(self, covered: Flags, poor: Flags, weight: Array) -> float:
        raise NotImplementedError


class ExclusionError(_Register):
    """Share of poor persons who are not on the register (漏评)."""

    unit = "share of poor persons"

    def error(self, covered: Flags, poor: Flags, weight: Array) -> float:
        return exclusion_error(covered, poor, weight)


class InclusionError(_Register):
    """Share of persons who are not poor but on the register (错评)."""

    unit = "share of non-poor persons"

    def error(self, covered: Flags, poor: Flags, weight: Array) -> float:
        return inclusion_error(covered, poor, weight)


class Leakage(_Register):
    """Share of persons on the register who are not poor."""

    unit = "share of registered persons"

    def error(self, covered: Flags, poor: Flags, weight: Array) -> float:
        return leakage(covered, poor, weight)


class TargetingDifferential(_Register):
    """Coverage of the poor by the register minus its coverage of the non-poor."""

    unit, better = "difference of shares", "higher"

    def error(self, covered: Flags, poor: Flags, weight: Array) -> float:
        return targeting_differential(covered, poor, weight)


class CGH(Measure):
    """Share of all cash support of the year that goes to the poorest 40 % by income without it, over .40."""

    unit, every, better = "ratio", "year", "higher"

    def take(self, world: World) -> float:
        home = world.households
        return cgh(home.support12, world.income_pc("net_of_policy"), home.members.astype(np.float64))


class TakeUp(Measure):
    """Share of household-months with a title in which it was taken up, by policy that must be applied for."""

    grouped = True
    unit, every, better = "share of households with a title", "year", "higher"

    def take(self, world: World) -> dict[str, float]:
        return {f"policy:{name}": ratio(taken, all_) for name, (all_, taken) in sorted(world.tally.titles.items())}


class OutlayLeakage(Measure):
    """Share of what policies paid out to households that leaked on the way, administration apart."""

    unit, every, better = "share of benefits", "year", "lower"

    def take(self, world: World) -> float:
        tally = world.tally
        return ratio(sum(tally.leaked.values()), sum(tally.benefits.values()))


def _sum(weight: Array, flags: Flags) -> float:
    return float((weight * flags).sum())
