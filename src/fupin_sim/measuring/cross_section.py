"""Indices of a table with standard errors, of all persons and of groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fupin_sim.inference.survey_design import Design, bootstrap_weights, linearised_variance
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measuring.indices import INDICES, Index
from fupin_sim.world import Array, Flags

PLACE = re.compile(r", first in row \d+")
"""Counted in arrays of a part of the table, which tells a user nothing of his file."""
LINEARISED, BOOTSTRAP, NONE = "linearised", "bootstrap", "none"


@dataclass(frozen=True)
class Errors:
    """How standard errors are made. draws, seed: of the bootstrap."""

    kind: str = LINEARISED
    draws: int = 200
    seed: int = 1


@dataclass(frozen=True)
class Estimate:
    """One number: value, standard error and 95 % limits; NaN where missing, with the reason in `note`."""

    measure: str
    value: float
    error: float = np.nan
    low: float = np.nan
    high: float = np.nan
    note: str = ""


def estimates(
    income: Array, line: Array, weight: Array, domain: Flags, design: Design, errors: Errors
) -> Iterator[Estimate]:
    """All indices of the rows in `domain`; the whole design counts for the errors, as it should for a subpopulation.

    All arrays: shape (n,).
    """
    drawn = _drawn(weight, design, errors)
    for name, index in INDICES.items():
        try:
            value = index.value(income[domain], line[domain], weight[domain])
        except NotMeasured as error:
            yield Estimate(name, np.nan, note="; ".join(PLACE.sub("", mistake) for mistake in error.mistakes))
            continue
        if np.isnan(value):
            yield Estimate(name, value, note="nothing to divide by")
            continue
        yield with_limits(name, value, _error(index, income, line, weight, domain, design, errors, drawn), design)


def with_limits(name: str, value: float, error: float, design: Design) -> Estimate:
    """An estimate with Student's limits by the degrees of freedom of the design."""
    from scipy.special import stdtrit

    half = float(stdtrit(design.degrees, 0.975)) * error if design.degrees > 0 else np.nan
    return Estimate(name, value, error, value - half, value + half)


def _drawn(weight: Array, design: Design, errors: Errors) -> list[Array]:
    if errors.kind != BOOTSTRAP:
        return []
    return [bootstrap_weights(design, weight, i, errors.seed) for i in range(errors.draws)]


def _error(
    index: Index, y: Array, z: Array, weight: Array, domain: Flags, design: Design, errors: Errors, drawn: list[Array]
) -> float:
    if errors.kind == NONE:
        return float("nan")
    if errors.kind == BOOTSTRAP:
        found = np.array([index.value(y[domain], z[domain], each[domain]) for each in drawn])
        known = found[~np.isnan(found)]  # a draw may leave a small group empty
        return float(known.std(ddof=1)) if len(known) > 1 else float("nan")
    slope = np.zeros(len(y))
    positive = domain & (weight > 0)
    slope[positive] = index.influence(y[positive], z[positive], weight[positive])
    return float(np.sqrt(linearised_variance(slope, weight, design)))
