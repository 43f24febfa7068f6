"""How a county divides a fund that is short: in proportion to claims, evenly, or the poorest first, or whole claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from fupin_sim.funds import share_out
from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Section
from fupin_sim.ranking import ascending

Luck = NDArray[np.uint64]
Array = NDArray[np.float64]


def evenly(available: float, claims: Money, luck: Luck, income: Array) -> Money:
    """Pay everybody who claims the same, as far as the claim goes; odd fen by luck (大水漫灌).

    available: whole fen, at least 0. claims: whole fen, shape (n,). luck: distinct keys, shape (n,), which break ties.
    Returns whole fen, shape (n,), never above the claims; their sum is min(available, sum of claims).

    >>> evenly(10.0, np.array([1.0, 8.0, 8.0]), np.array([3, 1, 2], dtype=np.uint64), np.zeros(3))
    array([1., 5., 4.])
    """
    if float(claims.sum()) <= available:
        return claims.copy()
    ordered = np.sort(claims)
    before = np.cumsum(ordered) - ordered
    level = (available - before) / np.arange(len(claims), 0, -1)
    # From the first claim on that is above what is left for each, all get the same.
    each = np.floor(level[np.argmax(ordered > level)])
    paid: Money = np.minimum(claims, each)
    above = np.flatnonzero(claims > each)
    odd = above[np.argsort(luck[above], kind="stable")][: int(available - float(paid.sum()))]
    paid[odd] += 1.0
    return paid


def poorest_first(available: float, claims: Money, luck: Luck, income: Array) -> Money:
    """Pay in full from the lowest income up until nothing is left (精准滴灌).

    income: as it appears, per person, shape (n,). The rest as for `evenly`.

    >>> poorest_first(10.0, np.array([7.0, 8.0, 2.0]), np.arange(3, dtype=np.uint64), np.array([3.0, 1.0, 2.0]))
    array([0., 8., 2.])
    """
    order = ascending(income, luck)
    before = np.cumsum(claims[order]) - claims[order]
    paid: Money = np.empty_like(claims)
    paid[order] = np.clip(available - before, 0.0, claims[order])
    return paid


def whole(available: float, claims: Money, luck: Luck, income: Array) -> Money:
    """Pay whole claims from the lowest income up until one is larger than what is left; that one and all after it wait.

    For what cannot be cut, such as a cow or a greenhouse. What is left stays in the fund. Otherwise as `poorest_first`.

    >>> whole(10.0, np.array([1.0, 8.0, 3.0]), np.arange(3, dtype=np.uint64), np.array([3.0, 1.0, 2.0]))
    array([0., 8., 0.])
    """
    paid = poorest_first(available, claims, luck, income)
    paid[paid < claims] = 0.0
    return paid


def in_proportion(available: float, claims: Money, luck: Luck, income: Array) -> Money:
    """Cut all claims by the same share; see `share_out`."""
    return share_out(available, claims, luck)


ALLOCATIONS: Mapping[str, Callable[[float, Money, Luck, Array], Money]] = MappingProxyType(
    {"proportional": in_proportion, "uniform": evenly, "targeted": poorest_first, "whole": whole}
)
BY_INCOME = ("targeted", "whole")
"""Those that ask for incomes as they appear."""


class CountyFunds(Section):
    """How county governments (县级政府) keep and divide the money of policies that have a budget."""

    allocation = Parameter(
        "proportional", choices=tuple(ALLOCATIONS), mark="choice", claim="S08",
        doc="of a fund that is short: all claims cut by the same share; the same for each who claims; the poorest "
        "first, as incomes appear; or the same by whole claims, and who no longer fits waits",
    )  # fmt: skip
    carry_over = Parameter(
        0.0, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="choice",
        doc="of what is left at the end of a year that the county may keep; the rest lapses",
    )  # fmt: skip
    tilt = Parameter(
        0.0, unit="share", range=(0.0, 1.0), limits=(-1.0, 1.0), mark="choice", claim="S42",
        doc="by which budgets per resident are larger in a county of none but the remotest villages, and smaller in "
        "one of none but the nearest (深度贫困地区倾斜)",
    )  # fmt: skip
