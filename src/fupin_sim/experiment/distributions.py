"""Distributions a factor can have, by their quantiles."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

DISTRIBUTIONS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "normal": (("mean", "sd"), ("from", "to")),
    "lognormal": (("median", "sd_log"), ("from", "to")),
    "uniform": (("from", "to"), ()),
    "triangular": (("from", "mode", "to"), ()),
    "beta": (("a", "b"), ("from", "to")),
}
"""What each needs, and what it may have; from and to of the first two cut it off, of beta they stretch it."""


def distribution(kind: str, given: Mapping[str, float]) -> Callable[[float], float]:
    """The quantile function; raises ValueError where the numbers contradict one another.

    >>> round(distribution("normal", {"mean": 10, "sd": 2})(0.5), 6)
    10.0
    """
    from scipy import stats  # heavy, and not needed for most studies

    stretched = kind == "beta"  # from and to are its ends, by default 0 and 1; others they cut off
    low = given.get("from", 0.0 if stretched else -math.inf)
    high = given.get("to", 1.0 if stretched else math.inf)
    if not low < high:
        raise ValueError(f"from = {low:g}, to = {high:g}: from must be below to")
    for key in ("sd", "sd_log", "median", "a", "b"):
        if not given.get(key, 1) > 0:
            raise ValueError(f"{key} = {given[key]:g}: must be above 0")
    if not low <= given.get("mode", low) <= high:
        raise ValueError(f"mode = {given['mode']:g}: must lie between from and to")
    match kind:
        case "uniform":
            return lambda u: low + u * (high - low)
        case "triangular":
            return _quantile(stats.triang((given["mode"] - low) / (high - low), low, high - low))
        case "beta":
            return _quantile(stats.beta(given["a"], given["b"], low, high - low))
        case "normal":
            return _cut_off(stats.norm(given["mean"], given["sd"]), low, high)
        case _:
            return _cut_off(stats.lognorm(given["sd_log"], 0, given["median"]), low, high)


def _quantile(shape: Any) -> Callable[[float], float]:
    return lambda u: float(shape.ppf(u))


def _cut_off(shape: Any, low: float, high: float) -> Callable[[float], float]:
    """The quantiles of what lies between low and high."""
    first, last = float(shape.cdf(low)), float(shape.cdf(high))
    if not last > first:
        raise ValueError(f"from = {low:g}, to = {high:g}: nothing of the distribution lies between")
    return lambda u: min(max(float(shape.ppf(first + u * (last - first))), low), high)
