"""Chronic and transient poverty: what lasts, and what comes and goes (长期贫困与暂时贫困)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio, weighted_mean
from fupin_sim.measures.poverty import fgt
from fupin_sim.world import Array


@dataclass(frozen=True)
class ChronicTransient:
    """total = chronic + transient; share: transient / total, missing (NaN) without poverty."""

    total: float
    chronic: float
    transient: float

    @property
    def share(self) -> float:
        return ratio(self.transient, self.total)


def jalan_ravallion(income: Array, line: float, weight: Array, corrected: bool = False) -> ChronicTransient:
    """Squared gaps: chronic = p(mean income over time), transient = mean p − chronic.

    income: per person, without gaps, shape (n, dates), at least 2 dates. line: same unit. weight: persons, shape (n,).
    corrected: the mean over few dates is itself uncertain, which makes (z − ȳ)² too large by s²/dates for who is
    poor on average; that is taken off, but not below 0 in all (s² the variance over dates, dates − 1 below it).
    Raises NotMeasured.
    Source: Jalan & Ravallion 1998, Journal of Public Economics; correction: Duclos, Araar & Giles 2010.

    >>> y = np.array([[4.0, 6, 8], [3, 4, 5], [7, 2, 9], [10, 9, 8]])
    >>> found = jalan_ravallion(y, 5.5, np.ones(4))
    >>> round(found.total, 5), round(found.chronic, 5), round(found.share, 5)
    (0.06405, 0.0186, 0.70968)
    """
    total, mean = _totals(income, line, weight), income.mean(axis=1)
    chronic = fgt(mean, line, weight, 2)
    if corrected:
        excess = np.where(mean < line, _variance(income / line) / income.shape[1], 0.0)
        chronic = max(0.0, chronic - weighted_mean(excess, weight))
    return ChronicTransient(total, chronic, total - chronic)


def duclos_araar_giles(income: Array, line: float, weight: Array, corrected: bool = True) -> ChronicTransient:
    """Equally distributed equivalent gaps: total Γ = √(mean g²); transient = mean over persons of γ_i − ḡ_i.

    g: gap ratios max(0, (z − y)/z). γ_i = √(mean over dates of g²) is the gap that, if it never changed, would be as
    bad as person i's changing ones, ḡ_i their mean. chronic = total − transient: the mean gap and its inequality
    between persons.
    corrected: the root of a mean over few dates is too small, by s²/(8·dates·P^{3/2}) to the second order, where P is
    the mean of g² and s² the variance of g² over dates; that is added to γ_i. Shapes as in `jalan_ravallion`.
    Source: Duclos, Araar & Giles 2010, Journal of Development Economics 91, with α = 2.

    >>> y = np.array([[4.0, 6, 8], [3, 4, 5], [7, 2, 9], [10, 9, 8]])
    >>> plain, found = duclos_araar_giles(y, 5.5, np.ones(4), corrected=False), duclos_araar_giles(y, 5.5, np.ones(4))
    >>> round(plain.total, 5), round(plain.transient, 5), round(found.transient, 5)
    (0.25308, 0.0649, 0.08486)
    """
    total = float(np.sqrt(_totals(income, line, weight)))
    gap = np.maximum(0.0, (line - income) / line)
    transient = weighted_mean(fluctuation(gap, corrected), weight)
    return ChronicTransient(total, total - transient, transient)


def fluctuation(gap: Array, corrected: bool = True) -> Array:
    """γ_i − ḡ_i of each person: what the changes of the gap add to it; shape (n,). gap, corrected: see above.

    >>> fluctuation(np.array([[0.5, 0.5], [0.0, 0.0]])).tolist()
    [0.0, 0.0]
    """
    squared = (gap * gap).mean(axis=1)
    root = np.sqrt(squared)
    if corrected:
        cube = np.where(squared > 0, squared * root, 1.0)
        root = root + np.where(squared > 0, _variance(gap * gap) / (8.0 * gap.shape[1] * cube), 0.0)
    return np.asarray(np.maximum(0.0, root - gap.mean(axis=1)))


def _totals(income: Array, line: float, weight: Array) -> float:
    """The mean over dates of the squared gap of all."""
    if income.ndim != 2 or income.shape[1] < 2:
        raise NotMeasured("income: must have a row a household and at least two dates, a column each")
    checked(line, income=income, weight=weight)
    return float(np.mean([fgt(column, line, weight, 2) for column in income.T]))


def _variance(values: Array) -> Array:
    """Over dates, with dates − 1 below; shape (n,)."""
    away = values - values.mean(axis=1, keepdims=True)
    variance: Array = (away * away).sum(axis=1) / (values.shape[1] - 1)
    return variance
