"""Paired effects: the mean difference between two arms that share their luck, with Student's interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim.errors import BadInput

LEVEL = 0.95
ROUNDING = 1e-12
"""Differences that vary by less than this share of what they are differences of do not vary."""

Array = NDArray[np.float64]


class NotPaired(BadInput):
    """What is to be compared does not stand pair by pair: other replicates, or another seed in the same one."""

    outcome: ClassVar[str] = "nothing was compared"


class IncompleteBlock(BadInput):
    """A run or a value is missing; no interval is made of what is left."""

    outcome: ClassVar[str] = "no interval is made of what is left"


@dataclass(frozen=True)
class PairedEffect:
    """How far an arm is from another one, over replicates that share their luck.

    mean, low, high: of the differences, in the unit of the measure. half: half the width of the interval. sd: of the
    differences. n: pairs. skew: their skewness, 0 where they do not vary. p: Student's, two-sided, of no difference.
    With one pair there is a mean and nothing else (NaN).
    """

    mean: float
    low: float
    high: float
    half: float
    n: int
    skew: float
    sd: float
    p: float

    @property
    def told_apart(self) -> bool:
        """Whether the interval excludes 0."""
        return self.low > 0 or self.high < 0


def paired_interval(arm: ArrayLike, baseline: ArrayLike, level: float = LEVEL) -> PairedEffect:
    """Student's interval for the mean of arm − baseline, replicate by replicate: mean ± t(n − 1)·sd/√n.

    arm, baseline: one measure of the same replicates in the same order, shape (n,). level: of confidence.
    Raises NotPaired for other shapes or none, IncompleteBlock if a value is missing.

    >>> found = paired_interval([3.0, 5.0, 7.0], [2.0, 3.0, 4.0])
    >>> found.mean, round(found.low, 3), round(found.high, 3), found.n, found.skew
    (2.0, -0.484, 4.484, 3, 0.0)
    """
    first, second = differing(arm, baseline)
    scale = max(float(np.abs(first).max()), float(np.abs(second).max()))
    return effect_of(first - second, level, scale)


def effect_of(differences: ArrayLike, level: float = LEVEL, scale: float = 0.0) -> PairedEffect:
    """The same of differences that are there already, shape (n,). scale: how large what they are made of is."""
    values = whole("differences", differences)
    mean, sd, skew = (float(found) for found in moments(values, scale))
    n = len(values)
    half = float(half_width(sd, n, level))
    return PairedEffect(mean, mean - half, mean + half, half, n, skew, sd, two_sided(mean, sd, n))


def differing(arm: ArrayLike, baseline: ArrayLike) -> tuple[Array, Array]:
    """Both as arrays of one length with nothing missing; raises NotPaired or IncompleteBlock."""
    first, second = np.asarray(arm, dtype=np.float64), np.asarray(baseline, dtype=np.float64)
    if first.shape != second.shape:
        raise NotPaired(f"pairs: {first.size} replicates of one arm, {second.size} of the other")
    return whole("arm", first), whole("baseline", second)


def whole(name: str, values: ArrayLike) -> Array:
    """Values of replicates, shape (n,), n ≥ 1; raises IncompleteBlock naming the replicates that have none."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not array.size:
        raise NotPaired(f"{name}: needs a value for each of one or more replicates, not shape {array.shape}")
    if not np.isfinite(array).all():
        missing = np.flatnonzero(~np.isfinite(array))
        told = ", ".join(map(str, missing[:5])) + (", …" if len(missing) > 5 else "")
        raise IncompleteBlock(f"{name}: no value in replicate {told}; no interval is made of the others")
    return array


def moments(differences: Array, scale: float = 0.0) -> tuple[Array, Array, Array]:
    """Mean, standard deviation and skewness along the last axis, shape (…, n) → (…).

    The skewness is G₁ = √(n(n − 1))/(n − 2) · m₃/m₂^1.5, which small samples bias less than m₃/m₂^1.5; 0 for fewer
    than three, and where the differences do not vary. Source: Joanes & Gill 1998.

    >>> [round(float(found), 4) for found in moments(np.array([1.0, 2.0, 6.0]))]
    [3.0, 2.6458, 1.4579]
    """
    n = differences.shape[-1]
    mean = differences.mean(axis=-1)
    off = differences - mean[..., None]
    square = off * off
    m2, m3 = square.mean(axis=-1), (square * off).mean(axis=-1)
    varies = np.sqrt(m2) > ROUNDING * np.maximum(scale, np.abs(mean))
    with np.errstate(divide="ignore", invalid="ignore"):
        sd = np.where(varies, np.sqrt(m2 * n / (n - 1)), 0.0 if n > 1 else np.nan)
        factor = np.sqrt(n * (n - 1.0)) / (n - 2.0) if n > 2 else 0.0
        skew = np.where(varies, factor * m3 / (m2 * np.sqrt(m2)), 0.0)
    return mean, sd, skew


def half_width(sd: ArrayLike, n: int, level: float = LEVEL) -> Array:
    """t(n − 1)·sd/√n; missing (NaN) for one pair."""
    # the quantile alone: scipy.stats takes two seconds to import
    from scipy.special import stdtrit

    if n < 2:
        return np.full(np.shape(sd), np.nan)
    return np.asarray(stdtrit(n - 1, 0.5 + level / 2) * np.asarray(sd) / np.sqrt(n))


def two_sided(mean: float, sd: float, n: int) -> float:
    """Student's p of a mean difference of 0; where nothing varies, 1 without a difference and 0 with one."""
    from scipy.special import stdtr

    if n < 2:
        return float("nan")
    if not sd:
        return float(mean == 0)
    return float(2.0 * stdtr(n - 1, -abs(mean) / sd * np.sqrt(n)))
