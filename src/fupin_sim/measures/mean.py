"""Means and ratios that say when there is nothing to divide by."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def weighted_mean(values: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Σ w·v / Σ w, shapes (n,); missing (NaN) when the weights sum to nothing."""
    return ratio(float((values * weight).sum()), float(weight.sum()))


def ratio(part: float, whole: float) -> float:
    """part / whole; missing (NaN), not an error, when the whole is nothing.

    >>> ratio(1, 4), ratio(0, 0)
    (0.25, nan)
    """
    return part / whole if whole else math.nan
