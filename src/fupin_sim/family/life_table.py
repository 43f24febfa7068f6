"""The life table: the chance to die within a year, by sex and age (生命表)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths

OLDEST = 110
"""Nobody grows older."""


@lru_cache(maxsize=64)
def life_table(level: float, slope: float, infant: float, advantage: float) -> NDArray[np.float64]:
    """Chance to die before the next birthday, shape (2, OLDEST + 1): men, women; certain at the greatest age.

    level: a man's risk at age 0 by the curve of Gompertz. slope: its growth, log per year of age. infant: added in the
    first year of life. advantage: years by which a woman's body is younger than a man's of her age.

    >>> life_table(0.0001, 0.1, 0.01, 10.0)[:, 70].round(4)
    array([0.1097, 0.0403])
    """
    age = np.arange(OLDEST + 1, dtype=np.float64)
    table = np.stack([level * maths.exp(slope * np.maximum(age - years, 0.0)) for years in (0.0, advantage)])
    table[:, 0] += infant
    table[:, OLDEST] = 1.0
    table = np.minimum(table, 1.0)
    table.flags.writeable = False
    return table


def life_expectancy(table: NDArray[np.float64]) -> NDArray[np.float64]:
    """Years that a newborn can expect, men and women, shape (2,); who dies does so in the middle of a year.

    >>> life_expectancy(np.array([[0.5, 1.0]])).tolist()  # half die in the first year, half in the second
    [1.0]
    """
    years: NDArray[np.float64] = np.cumprod(1.0 - table, axis=1).sum(axis=1) + 0.5
    return years
