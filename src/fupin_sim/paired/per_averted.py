"""Yuan per averted poor person-year: what one arm costs more than another, over the poverty it averts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fupin_sim.inference.cost_effectiveness import acceptability, cost_effectiveness
from fupin_sim.paired.effect import LEVEL, Array, NotPaired, PairedEffect, effect_of, paired_interval

WORTH = tuple(float(yuan) for yuan in range(1_000, 20_001, 1_000))
"""What an averted poor person-year may be worth to the reader, yuan."""


@dataclass(frozen=True)
class PerAverted:
    """What an averted poor person-year costs.

    cost: difference of discounted costs, yuan. averted: poor person-years of the baseline less those of the arm,
    discounted alike. yuan, low, high: their ratio with Fieller's limits; missing (NaN) unless the interval of `averted`
    excludes 0, because a ratio to what may be nothing is no number. verdict: dominant, dominated, costs more and averts
    more, costs less and averts less, or cannot be told from no effect.
    """

    cost: PairedEffect
    averted: PairedEffect
    yuan: float
    low: float
    high: float
    verdict: str

    @property
    def told(self) -> bool:
        """Whether there is a ratio to be printed."""
        return self.averted.told_apart

    def __str__(self) -> str:
        """As it is printed: the ratio where it means a price, else why there is none."""
        if not self.told:
            return "no ratio: poor person-years averted cannot be told from none"
        limits = f"{self.low:,.0f} to {self.high:,.0f}"
        if self.verdict == "costs less and averts less":
            return f"saves {self.yuan:,.0f} yuan ({limits}) for each poor person-year more"
        if self.verdict in ("dominant", "dominated"):
            return {"dominant": "costs no more and averts poverty", "dominated": "costs more and adds poverty"}[
                self.verdict
            ]
        return f"{self.yuan:,.0f} yuan ({limits}) per averted poor person-year"


@dataclass(frozen=True)
class NetBenefit:
    """At a worth of v yuan per averted poor person-year: v·averted − cost, yuan.

    probability: that its mean is above 0, Student's. share: of replicates in which it is: the luck of single worlds.
    """

    worth: float
    benefit: PairedEffect
    probability: float
    share: float


def cost_per_averted(
    cost: ArrayLike, poor_years: ArrayLike, cost_baseline: ArrayLike, poor_years_baseline: ArrayLike,
    level: float = LEVEL,
) -> PerAverted:  # fmt: skip
    """The incremental ratio of an arm to the baseline, from replicates that share their luck, all shape (n,).

    cost, cost_baseline: discounted, yuan (`fiscal_cost` or `social_cost`). poor_years, poor_years_baseline:
    `poor_person_years_discounted`. Raises NotPaired for fewer than two, IncompleteBlock. Source: Fieller 1954; Willan &
    O'Brien 1996.

    >>> found = cost_per_averted([900.0, 1000.0, 1100.0], [7.0, 8.0, 6.0], [0.0, 0.0, 0.0], [16.0, 18.0, 17.0])
    >>> found.yuan, str(found)
    (100.0, '100 yuan (100 to 100) per averted poor person-year')
    """
    dearer, averted = _differences(cost, poor_years, cost_baseline, poor_years_baseline, level)
    if dearer.n < 2:
        raise NotPaired("yuan per averted poor person-year: needs two pairs at least")
    yuan = low = high = np.nan
    verdict = "cannot be told from no effect"
    if averted.told_apart:
        found = cost_effectiveness(_off(cost, cost_baseline), _off(poor_years_baseline, poor_years), level)
        yuan, low, high, verdict = found.per_averted, found.low, found.high, found.verdict
    return PerAverted(dearer, averted, float(yuan), float(low), float(high), verdict)


def net_benefits(
    cost: ArrayLike, poor_years: ArrayLike, cost_baseline: ArrayLike, poor_years_baseline: ArrayLike,
    worths: Sequence[float] = WORTH, level: float = LEVEL,
) -> list[NetBenefit]:  # fmt: skip
    """Net benefit and acceptability at several worths of an averted poor person-year; arguments as above.

    Unlike the ratio it is defined whatever is averted. Source: Stinnett & Mullahy 1998; van Hout et al. 1994.

    >>> found = net_benefits([900.0, 1100.0], [7.0, 7.0], [0.0, 0.0], [16.0, 18.0], [50, 150])
    >>> [round(each.benefit.mean) for each in found]
    [-500, 500]
    """
    _differences(cost, poor_years, cost_baseline, poor_years_baseline, level)
    dearer, averted = _off(cost, cost_baseline), _off(poor_years_baseline, poor_years)
    shares = acceptability(dearer, averted, worths)
    return [_at(worth, worth * averted - dearer, share, level) for worth, share in zip(worths, shares, strict=True)]


def _at(worth: float, benefit: Array, share: float, level: float) -> NetBenefit:
    found = effect_of(benefit, level)
    above = found.p / 2 if found.mean <= 0 else 1.0 - found.p / 2
    return NetBenefit(float(worth), found, above, float(share))


def _differences(
    cost: ArrayLike, poor_years: ArrayLike, cost_baseline: ArrayLike, poor_years_baseline: ArrayLike, level: float
) -> tuple[PairedEffect, PairedEffect]:
    dearer = paired_interval(cost, cost_baseline, level)
    averted = paired_interval(poor_years_baseline, poor_years, level)
    if dearer.n != averted.n:
        raise NotPaired(f"{dearer.n} pairs of costs, {averted.n} of poor person-years")
    return dearer, averted


def _off(first: ArrayLike, second: ArrayLike) -> Array:
    return np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64)
