"""What pairing saved: how many runs without common luck an interval of the same width would have needed."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from fupin_sim.paired.effect import LEVEL, differing, half_width, moments


def pairing_saved(arm: ArrayLike, baseline: ArrayLike, level: float = LEVEL) -> float:
    """Runs that independent arms would need for the same half-width, over the runs of the pairs.

    Of m runs an arm with luck of their own the half-width is t(2m − 2)·√((s₁² + s₂²)/m). The ratio is m/n, for both
    arms have as many. 1 means that nothing was saved. Infinite where differences do not vary, missing (NaN) where
    nothing varies or for fewer than two pairs. It is an estimate: of 20 pairs its own interval reaches from about half
    to about twice the value.

    >>> luck = np.array([4.0, 1.0, 3.0, 2.0, 5.0, 0.0])
    >>> round(pairing_saved(luck + 0.1 * luck[::-1], luck), 1)
    106.8
    """
    first, second = differing(arm, baseline)
    n, scale = len(first), float(max(np.abs(first).max(), np.abs(second).max()))
    if n < 2:
        return math.nan
    apart, one, other = (float(moments(each, scale)[1]) for each in (first - second, first, second))
    if not apart:
        return math.inf if one or other else math.nan
    aim = float(half_width(apart, n, level))
    return max(_runs(one * one + other * other, aim, level), 2.0) / n


def _runs(variance: float, aim: float, level: float) -> float:
    """m at which t(2m − 2)·√(variance/m) is the aim; a fixed point, since t hardly moves."""
    from scipy.special import stdtrit

    m = 100.0
    for _ in range(50):
        t = float(stdtrit(2.0 * max(m, 2.0) - 2.0, 0.5 + level / 2))
        m = variance * (t / aim) ** 2
    return m
