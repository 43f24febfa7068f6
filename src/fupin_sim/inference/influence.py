"""Influence: how much an index moves with the weight of each household, which is what linearised errors are made of."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.atkinson import atkinson
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.palma import palma, share_of_poorest
from fupin_sim.ranking import ascending
from fupin_sim.world import Array


def of_mean(values: Array, weight: Array) -> Array:
    """dμ/dw = (v − μ)/W, shape (n,).

    >>> of_mean(np.array([1.0, 3.0]), np.ones(2)).tolist()
    [-0.5, 0.5]
    """
    people = weight.sum()
    return np.asarray((values - (values * weight).sum() / people) / people)


def of_fgt(income: Array, line: Array, weight: Array, alpha: int) -> Array:
    """Of FGT_α, a mean."""
    gap = np.maximum(0.0, (line - income) / line)
    return of_mean((income < line).astype(np.float64) if alpha == 0 else gap**alpha, weight)


def of_watts(income: Array, line: Array, weight: Array) -> Array:
    """Of Watts's index, a mean."""
    return of_mean(np.where(income < line, np.log(line / income), 0.0), weight)


def of_gini(values: Array, weight: Array) -> Array:
    """Of G = 1 − N/(S·W), N = Σ w_i(S_i + S_{i−1}), in ascending order: each weight acts on its own and later sums."""
    order = ascending(values)
    v, w = values[order], weight[order]
    below, people = np.cumsum(v * w), np.cumsum(w)
    money, all_, later = below[-1], people[-1], people[-1] - people
    area = ((2.0 * below - v * w) * w).sum()
    d_area = 2.0 * below - v * w + v * (w + 2.0 * later)
    out = np.empty(len(values))
    out[order] = -(d_area * money * all_ - area * (v * all_ + money)) / (money * all_) ** 2
    return out


def of_sen(income: Array, line: Array, weight: Array) -> Array:
    """Of H·(1 − (1 − I)(1 − G)), (1 − I) being the mean of y/z of the poor."""
    poor = income < line
    out = of_mean(poor.astype(np.float64), weight)
    if not (income[poor] > 0).any():  # nobody is poor, or the poor have nothing: then it is the headcount
        return out
    part, mine = (income / line)[poor], weight[poor]
    share, left, g = mine.sum() / weight.sum(), (part * mine).sum() / mine.sum(), gini((income / line)[poor], mine)
    out = np.asarray(out * (1.0 - left * (1.0 - g)))
    out[poor] += share * (left * of_gini(part, mine) - of_mean(part, mine) * (1.0 - g))
    return out


def of_sst(income: Array, line: Array, weight: Array) -> Array:
    """Of gap·(1 + G of gaps)."""
    gap = np.maximum(0.0, (line - income) / line)
    if not gap.any():
        return np.zeros(len(gap))
    mean = (gap * weight).sum() / weight.sum()
    return np.asarray(of_mean(gap, weight) * (1.0 + gini(gap, weight)) + mean * of_gini(gap, weight))


def of_theil(income: Array, weight: Array) -> Array:
    """Of T = Σ w y ln y/Σ w y − ln μ."""
    people, money = weight.sum(), (weight * income).sum()
    mean = money / people
    log = np.log(np.where(income > 0, income, 1.0))
    inner = (weight * income * log).sum() / money
    return np.asarray(income * (log - inner) / money - (income - mean) / money)


def of_mld(income: Array, weight: Array) -> Array:
    """Of L = ln μ − mean of ln y."""
    mean = (weight * income).sum() / weight.sum()
    return np.asarray(of_mean(income, weight) / mean - of_mean(np.log(income), weight))


def of_atkinson(income: Array, weight: Array, aversion: float = 1.0) -> Array:
    """Of A = 1 − E/μ, E the income that, the same for all, would be as good."""
    mean, rest = (weight * income).sum() / weight.sum(), 1.0 - aversion
    equal = mean * (1.0 - atkinson(income, weight, aversion))
    if rest == 0:
        d_equal = equal * of_mean(np.log(income), weight)
    else:
        d_equal = equal**aversion / rest * of_mean(income**rest, weight)
    return np.asarray(-d_equal / mean + equal / mean**2 * of_mean(income, weight))


def of_share(income: Array, weight: Array, part: float) -> Array:
    """Of the income share of the poorest part of persons; who comes in below the limit pushes others out above it."""
    order = ascending(income)
    people = np.cumsum(weight[order])
    limit = income[order][np.searchsorted(people, part * people[-1], side="left").clip(max=len(order) - 1)]
    money = (weight * income).sum()
    mine = part * limit + np.minimum(income - limit, 0.0)
    return np.asarray((mine - share_of_poorest(income, weight, part) * income) / money)


def of_palma(income: Array, weight: Array) -> Array:
    """Of the ratio of two shares."""
    poorest = share_of_poorest(income, weight, 0.4)
    top = -of_share(income, weight, 0.9)
    return np.asarray((top - palma(income, weight) * of_share(income, weight, 0.4)) / poorest)
