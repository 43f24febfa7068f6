"""Cost-effectiveness: what an averted poor person-year costs, from replicates paired by luck (成本效果)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio
from fupin_sim.world import Array


def discounted(yearly: ArrayLike, rate: float) -> Array:
    """Σ v_t/(1 + r)^t over years t = 0, 1, …; yearly: shape (…, years). rate: yearly, 3–5 % is usual.

    >>> float(discounted([100.0, 105.0], 0.05))
    200.0
    """
    values = np.asarray(yearly, dtype=np.float64)
    if not rate > -1:
        raise NotMeasured(f"rate: must be above −1, not {rate}")
    return np.asarray((values / (1.0 + rate) ** np.arange(values.shape[-1])).sum(axis=-1))


@dataclass(frozen=True)
class CostEffectiveness:
    """cost, averted: mean differences to the other arm. per_averted: their ratio, yuan per averted poor person-year;
    missing (NaN) where nothing is averted on average. low, high: Fieller's limits; infinite or missing where the
    effect cannot be told from none. verdict: dominant, dominated, costs more and averts more, costs less and averts
    less, or no effect. n: replicates."""

    cost: float
    averted: float
    per_averted: float
    low: float
    high: float
    verdict: str
    n: int


def cost_effectiveness(cost: Array, averted: Array, level: float = 0.95) -> CostEffectiveness:
    """The incremental ratio of means with limits that allow for what cost and effect share.

    cost, averted: differences between arms of one replicate each, with common luck, discounted alike, shape (n,).
    Raises NotMeasured for fewer than two replicates. Source: Fieller 1954; Willan & O'Brien 1996.

    >>> found = cost_effectiveness(np.array([100.0, 120.0, 110.0]), np.array([10.0, 12.0, 11.0]))
    >>> found.per_averted, round(found.low, 6), round(found.high, 6)
    (10.0, 10.0, 10.0)
    """
    from scipy.special import stdtrit

    checked(cost=cost, averted=averted)
    n = len(cost)
    if n < 2:
        raise NotMeasured(f"replicates: at least 2 are needed, not {n}")
    mean_cost, mean_averted = float(cost.mean()), float(averted.mean())
    (vc, cov), (_, va) = np.cov(cost, averted) / n
    t = float(stdtrit(n - 1, 0.5 + level / 2))
    low, high = _fieller(mean_cost, mean_averted, float(vc), float(va), float(cov), t)
    verdict = _verdict(mean_cost, mean_averted)
    return CostEffectiveness(mean_cost, mean_averted, ratio(mean_cost, mean_averted), low, high, verdict, n)


def acceptability(cost: Array, averted: Array, willingness: ArrayLike) -> Array:
    """The share of replicates in which λ·averted > cost, for each willingness λ to pay for an averted person-year.

    cost, averted: as in `cost_effectiveness`, shape (n,). willingness: yuan, shape (m,). Returns shape (m,).
    Source: van Hout et al. 1994; Fenwick, Claxton & Sculpher 2001.

    >>> acceptability(np.array([100.0, 300.0]), np.array([10.0, 10.0]), [5.0, 20.0, 40.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    checked(cost=cost, averted=averted)
    if not len(cost):
        raise NotMeasured("replicates: there are none")
    amounts = np.asarray(willingness, dtype=np.float64)
    return np.asarray((amounts[:, None] * averted > cost).mean(axis=1))


def _fieller(c: float, e: float, vc: float, va: float, cov: float, t: float) -> tuple[float, float]:
    """All ratios r for which c − r·e is within t deviations of 0."""
    square, half, rest = e * e - t * t * va, c * e - t * t * cov, c * c - t * t * vc
    if square <= 0:  # the effect may be none, so the ratio may be anything
        return (-np.inf, np.inf) if e else (np.nan, np.nan)
    root = float(np.sqrt(max(half * half - square * rest, 0.0)))
    return (half - root) / square, (half + root) / square


def _verdict(cost: float, averted: float) -> str:
    if averted == 0:
        return "no effect"
    if averted > 0:
        return "dominant" if cost <= 0 else "costs more and averts more"
    return "dominated" if cost >= 0 else "costs less and averts less"
