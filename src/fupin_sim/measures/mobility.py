"""Mobility: how far ranks in the distribution at one date foretell those at another."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio, weighted_mean
from fupin_sim.measures.transitions import States, transition_matrix
from fupin_sim.plugins import Measure
from fupin_sim.ranking import ascending
from fupin_sim.world import Array, World


def ranks(values: Array, weight: Array) -> Array:
    """The share of persons below each, those of equal value counting half: between 0 and 1, with mean ½.

    Shape (n,). Missing (NaN) where the weights sum to nothing.

    >>> ranks(np.array([5.0, 1.0, 5.0, 9.0]), np.ones(4)).tolist()
    [0.5, 0.125, 0.5, 0.875]
    """
    checked(values=values, weight=weight)
    order = ascending(values)
    found = values[order]
    tie = np.cumsum(np.concatenate([[False], found[1:] != found[:-1]]))[: len(found)]
    people = np.bincount(tie, weight[order])
    middle = np.cumsum(people) - people / 2.0
    out = np.empty(len(values))
    all_ = float(people.sum())
    out[order] = (middle / all_)[tie] if all_ > 0 else np.nan
    return out


def rank_correlation(before: Array, after: Array, weight: Array) -> float:
    """Spearman's correlation of ranks: 1 where nobody overtakes, near 0 where the past says nothing.

    before, after: income, shape (n,). weight: persons. Missing (NaN) when all are equal at a date.

    >>> rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0]), np.ones(3))
    0.5
    """
    a, b = ranks(before, weight), ranks(after, weight)
    a, b = a - weighted_mean(a, weight), b - weighted_mean(b, weight)
    spread = weighted_mean(a * a, weight) * weighted_mean(b * b, weight)
    return ratio(weighted_mean(a * b, weight), float(np.sqrt(spread)))


def mean_rank_change(before: Array, after: Array, weight: Array) -> float:
    """Mean of how far a person's rank has moved either way: 0 where nobody overtakes, ⅓ where the past says nothing.

    >>> round(mean_rank_change(np.array([1.0, 2.0, 3.0]), np.array([10.0, 30.0, 20.0]), np.ones(3)), 4)
    0.2222
    """
    return weighted_mean(np.abs(ranks(after, weight) - ranks(before, weight)), weight)


def quantile_groups(values: Array, weight: Array, number: int) -> States:
    """Which of `number` equal groups of persons each is in by rank, 0 the poorest; equal values go together.

    >>> quantile_groups(np.array([5.0, 1.0, 7.0, 9.0]), np.ones(4), 2).tolist()
    [0, 0, 1, 1]
    """
    return np.minimum((ranks(values, weight) * number).astype(np.int8), np.int8(number - 1)).astype(np.int8)


def shorrocks_mobility(share: Array) -> float:
    """Mobility of a transition matrix, M = (m − trace)/(m − 1): 0 where nobody moves, 1 where the past says nothing.

    share: rows sum to 1, shape (m, m), m at least 2; missing (NaN) where a row is. Source: Shorrocks 1978.

    >>> shorrocks_mobility(np.array([[0.8, 0.2], [0.4, 0.6]])).__round__(4)
    0.6
    """
    number = len(share)
    if share.shape != (number, number) or number < 2:
        raise NotMeasured("share: must be a square matrix of at least two states")
    return (number - float(np.trace(share))) / (number - 1.0)


def quintile_mobility(before: Array, after: Array, weight: Array, number: int = 5) -> float:
    """Shorrocks's mobility between equal groups of persons, fifths if not said otherwise.

    >>> quintile_mobility(np.arange(10.0), np.arange(10.0) * 3, np.ones(10))
    0.0
    """
    groups = [quantile_groups(income, weight, number) for income in (before, after)]
    return shorrocks_mobility(transition_matrix(groups[0], groups[1], number, weight).share)


class RankCorrelation(Measure):
    """Correlation of persons' ranks by income this December with those by income last January."""

    by_default = False
    unit, every = "-1 to 1", "year"

    def take(self, world: World) -> float:
        home = world.households
        before = home.income12_a_year_ago.astype(np.float64)
        return rank_correlation(before, world.income_pc(), home.members.astype(np.float64))
