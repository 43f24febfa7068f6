"""Student intervals over replicates, never over households."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim.replicates import KEY, Replicate, by_replicate, same_scenario, units_of

if TYPE_CHECKING:
    import pandas as pd

LEVEL = 0.95


@dataclass(frozen=True)
class Interval:
    """Mean and confidence limits over replicates, with the number that had a value and the number that had none."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    n: NDArray[np.int64]
    missing: NDArray[np.int64]


def student(values: ArrayLike, level: float = LEVEL) -> Interval:
    """Student's interval for the mean along the last axis: mean ± t(n − 1) · sd / √n.

    values: shape (..., replicates); NaN is a missing value. It is left out of mean and n and counted in `missing`.
    All of the result has shape (...). No value: the mean is NaN. Fewer than two: the limits are NaN.

    >>> found = student([1.0, 2.0, 3.0, np.nan])
    >>> [round(float(x), 3) for x in (found.low, found.mean, found.high)], int(found.n), int(found.missing)
    ([-0.484, 2.0, 4.484], 3, 1)
    """
    # the quantile alone: scipy.stats would cost two seconds to import and calls this very function
    from scipy.special import stdtrit

    array = np.asarray(values, dtype=np.float64)
    there = ~np.isnan(array)
    n = there.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(there, array, 0.0).sum(axis=-1) / n
        squares = np.where(there, array - mean[..., None], 0.0) ** 2
        half = stdtrit(np.maximum(n - 1, 1), 0.5 + level / 2) * np.sqrt(squares.sum(axis=-1) / (n - 1) / n)
    half = np.where(n > 1, half, np.nan)
    return Interval(mean, mean - half, mean + half, n, array.shape[-1] - n)


def summarise(results: Sequence[Replicate], units: Mapping[str, str] | None = None) -> pd.DataFrame:
    """The headlines of replicates of one scenario: measure, unit, mean, low, high, n, missing, missing_months.

    n, missing: replicates that have the headline and that have none. missing_months: how many of the values over all
    months and replicates that the headlines are means of are missing, as a rate is when nobody was at risk.
    units: by measure; default: what the scenario's measures declare. A headline called "measure group" has the unit of
    its measure. A headline that a replicate lacks counts as missing there. Raises ValueError for no replicates or for
    replicates of different scenarios.
    """
    import pandas as pd

    same_scenario(results)
    units = {**units_of(results[0].scenario), **(units or {})}
    measures = list(dict.fromkeys(name for result in results for name in result.headlines))
    values = [[result.headlines.get(name, np.nan) for result in results] for name in measures]
    found = student(np.array(values, dtype=np.float64).reshape(len(measures), len(results)))
    lacking = pd.concat([result.series[result.series["value"].isna()] for result in results])
    names = [f"{measure} {group}".strip() for measure, group in zip(lacking["measure"], lacking["group"], strict=True)]
    return pd.DataFrame(
        {
            "measure": pd.Series(measures, dtype="str"),
            "unit": pd.Series([units.get(name.split(" ")[0], "") for name in measures], dtype="str"),
            **vars(found),
            "missing_months": [names.count(name) for name in measures],
        }
    )


def series_intervals(results: Sequence[Replicate]) -> pd.DataFrame:
    """The series of replicates of one scenario: measure, group, month, mean, low, high, n, missing."""
    import pandas as pd

    same_scenario(results)
    wide = by_replicate([result.series for result in results])
    found = student(wide.to_numpy())
    return pd.concat([wide.index.to_frame(index=False)[KEY], pd.DataFrame(vars(found))], axis=1)
