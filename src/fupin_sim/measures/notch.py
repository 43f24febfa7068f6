"""Benefit notches: what is left to a household of another yuan that it earns (救助悬崖)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fupin_sim.measures.checks import checked
from fupin_sim.measures.mean import ratio
from fupin_sim.world import Array


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
    return ratio(float(weight[known & (rate > 1.0)].sum()), float(weight[known].sum()))
