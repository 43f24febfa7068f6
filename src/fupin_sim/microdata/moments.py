"""Moments of a population that a survey and the model can be compared by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths

Floats = NDArray[np.float64]
UNITS: Mapping[str, str] = {
    "headcount": "share of persons",
    "mean welfare": "yuan per person-year",
    "Gini of welfare": "0 to 1, over persons",
    "village share of log welfare": "share of the variance over households",
    "members": "persons per household",
    "schooling": "years, mean over households",
}
FLOOR = 100.0  # yuan per person-year: what less is counted as in a logarithm


def headcount(welfare: Floats, line: float, persons: Floats) -> float:
    """Share of persons in households whose welfare per person is below the line; welfare, persons: (n,).

    >>> headcount(np.array([1.0, 2.0, 5.0]), 2.0, np.array([3.0, 1.0, 2.0]))
    0.5
    """
    return float(np.sum(persons * (welfare < line)) / np.sum(persons))


def lorenz(welfare: Floats, persons: Floats) -> tuple[Floats, Floats]:
    """The Lorenz curve: the poorest share of persons, and their share of all welfare, both (n + 1,) from 0 to 1.

    >>> lorenz(np.array([3.0, 1.0]), np.array([1.0, 1.0]))
    (array([0. , 0.5, 1. ]), array([0.  , 0.25, 1.  ]))
    """
    order = np.argsort(welfare, kind="stable")
    people = np.concatenate([[0.0], np.cumsum(persons[order])])
    held = np.concatenate([[0.0], np.cumsum((persons * welfare)[order])])
    return people / people[-1], held / held[-1]


def gini(welfare: Floats, persons: Floats) -> float:
    """Gini coefficient: one less twice the area under the Lorenz curve.

    >>> round(gini(np.array([1.0, 2, 3, 4, 5, 6, 8, 10, 14, 20]), np.ones(10)), 7)
    0.4150685
    """
    people, held = lorenz(welfare, persons)
    return float(1.0 - np.sum((held[1:] + held[:-1]) * np.diff(people)))


def village_share(welfare: Floats, village: NDArray[Any], weight: Floats) -> float:
    """Share of the variance of log welfare over households that lies between villages, 0 to 1; NaN of no variance.

    welfare: per person, (n,); at least 100 yuan is counted. village: numbers from 0, (n,). weight: households (n,).

    >>> village_share(np.array([200.0, 800, 200, 800]), np.array([0, 1, 0, 1]), np.ones(4))
    1.0
    """
    log = maths.log(np.maximum(welfare, FLOOR))
    log = log - np.sum(weight * log) / np.sum(weight)
    in_village = np.bincount(village, weights=weight)
    there = in_village > 0
    mean = np.bincount(village, weights=weight * log)[there] / in_village[there]
    whole = float(np.sum(weight * log * log))
    return float(np.sum(in_village[there] * mean * mean)) / whole if whole > 0 else np.nan


def moments(
    welfare: Floats, members: Floats, schooling: Floats | None, village: NDArray[Any], weight: Floats, line: float
) -> Mapping[str, float]:
    """The moments by name: of persons for welfare, of households for size, schooling and the village share."""
    persons = weight * members
    found = {
        "headcount": headcount(welfare, line, persons),
        "mean welfare": float(np.sum(persons * welfare) / np.sum(persons)),
        "Gini of welfare": gini(np.maximum(welfare, 0.0), persons),
        "village share of log welfare": village_share(welfare, village, weight),
        "members": float(np.sum(weight * members) / np.sum(weight)),
    }
    if schooling is not None:
        found["schooling"] = float(np.sum(weight * schooling) / np.sum(weight))
    return found
