"""What fills a missing cell: the median of the village, or a regression with a drawn residual."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
FEWEST = 10  # households with a value, for a regression
SINGULAR = 1e-9  # a regressor with less variation of its own than this share adds nothing


def by_village_median(values: Floats, village: NDArray[np.int64], county: NDArray[np.int64]) -> Floats:
    """Values (n,) with NaN replaced by the median of those observed in the village, else county, else survey.

    >>> village, county = np.array([0, 0, 0, 1, 2]), np.array([0, 0, 0, 0, 1])
    >>> by_village_median(np.array([1.0, 3.0, np.nan, np.nan, np.nan]), village, county)
    array([1., 3., 2., 2., 2.])
    """
    filled = values.copy()
    for place in (village, county, np.zeros(len(values), np.int64)):
        _fill_with_medians(filled, values, place)
    return filled


def _fill_with_medians(filled: Floats, values: Floats, place: NDArray[np.int64]) -> None:
    """Fill what is still missing with the medians of the observed values of the same place."""
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.lexsort((values[known], place[known]))]
    here, first, count = np.unique(place[order], return_index=True, return_counts=True)
    sorted_values = values[order]
    middle = 0.5 * (sorted_values[first + (count - 1) // 2] + sorted_values[first + count // 2])
    median = np.full(int(place.max()) + 1, np.nan)
    median[here] = middle
    gaps = np.isnan(filled)
    filled[gaps] = median[place[gaps]]


def by_regression(
    values: Floats, regressors: Sequence[Floats], usable: Flags, weight: Floats, u: Floats, *, logs: bool
) -> Floats:
    """Values (n,) with NaN replaced by a weighted least-squares prediction plus a drawn residual.

    regressors: (n,) each, without gaps. usable: which rows may be fitted on, (n,). u: a uniform for each household,
    (n,); the residual is the weighted quantile of the observed ones at u, so no shape is assumed. logs: in logarithms,
    if all observed values are above 0. Raises ValueError where fewer than ten households can be fitted on.
    """
    known = usable & ~np.isnan(values) & (weight > 0)
    if known.sum() < FEWEST:
        raise ValueError(f"a regression needs at least {FEWEST} households with all values; {known.sum()} have them")
    logs = logs and bool((values[known] > 0).all())
    y = maths.log(values[known]) if logs else values[known]
    fitted = least_squares(y, [x[known] for x in regressors], weight[known], regressors)
    predicted = fitted + quantile(y - fitted[known], weight[known], u)
    return np.where(np.isnan(values), maths.exp(predicted) if logs else predicted, values)


def least_squares(y: Floats, x: Sequence[Floats], weight: Floats, at: Sequence[Floats]) -> Floats:
    """Weighted least squares of y (m,) on a constant and x, each (m,): the prediction at `at`, each (n,).

    By Gram and Schmidt rather than LAPACK, whose last bits depend on the processor; a regressor that adds nothing to
    those before it is left out.

    >>> x = np.array([1.0, 2.0, 3.0])
    >>> least_squares(2 * x + 1, [x, x], np.ones(3), [np.array([10.0]), np.array([10.0])]).round(9)
    array([21.])
    """
    total = float(np.sum(weight))
    level = float(np.sum(weight * y)) / total
    rest, prediction = y - level, np.full(len(at[0]), level)
    axes: list[tuple[Floats, Floats]] = []
    for own, there in zip(x, at, strict=True):
        mean = float(np.sum(weight * own)) / total
        here, away = own - mean, there - mean
        size = float(np.sum(weight * here * here))
        for axis, axis_away in axes:
            share = float(np.sum(weight * here * axis)) / float(np.sum(weight * axis * axis))
            here, away = here - share * axis, away - share * axis_away
        left = float(np.sum(weight * here * here))
        if left <= SINGULAR * size or left <= 0:
            continue
        slope = float(np.sum(weight * here * rest)) / left
        rest, prediction = rest - slope * here, prediction + slope * away
        axes.append((here, away))
    return prediction


def quantile(values: Floats, weight: Floats, u: Floats) -> Floats:
    """The value below which the share u of the weight lies; values, weight: (m,), u: (n,). Returns shape (n,).

    >>> quantile(np.array([3.0, 1.0]), np.array([1.0, 3.0]), np.array([0.7, 0.8]))
    array([1., 3.])
    """
    order = np.argsort(values, kind="stable")
    return values[order[picked(weight[order], u)]]


def picked(weight: NDArray[Any], u: Floats) -> NDArray[np.int64]:
    """For each uniform the row it falls on when the weights are laid end to end; rows of weight 0 are never picked.

    >>> picked(np.array([0.0, 1.0, 3.0]), np.array([0.2, 0.3]))
    array([1, 2])
    """
    ends = np.cumsum(weight)
    last = int(np.flatnonzero(weight)[-1])
    row: NDArray[np.int64] = np.minimum(np.searchsorted(ends, u * ends[-1], side="right"), last)
    return row
