"""The parts of a whole, such as sources of income: named, ordered and at most seven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.figures.data import grid, groups, mean
from fupin_sim.figures.style import LOOKS, REST, Look
from fupin_sim.replicates import Replicate


@dataclass(frozen=True)
class Parts:
    """time: (m,); values: one (m,) per part, means over replicates, NaN where missing; the last may be the rest."""

    time: NDArray[np.float64]
    yearly: bool
    names: list[str]
    values: list[NDArray[np.float64]]
    looks: list[Look]


def parts_of(results: Sequence[Replicate], measure: str, kind: str, names: dict[str, str]) -> Parts | None:
    """The groups "kind:…" of a measure; those in `names` first, in that order. None if nothing was recorded.

    Where there are more than seven, the smallest are summed into one, "n others"; parts that are zero
    throughout are left out, unless all are.
    """
    there = groups(results, measure, kind)
    ordered = [name for name in names if name in there] + [name for name in there if name not in names]
    grids = {name: grid(results, measure, f"{kind}:{name}") for name in ordered}
    grids = {name: shown for name, shown in grids.items() if not shown.empty}
    if not grids:
        return None
    time = np.unique(np.concatenate([shown.time for shown in grids.values()]))
    values = {name: _on(time, shown.time, mean(shown.values)) for name, shown in grids.items()}
    size = {name: float(np.nansum(np.abs(value))) for name, value in values.items()}
    values = {name: value for name, value in values.items() if size[name] > 0} or values
    shown_names = [names.get(name, name.replace("_", " ").strip()) for name in values]
    looks = list(LOOKS[: len(values)])
    parts = list(values.values())
    if len(parts) > len(LOOKS):
        large = sorted(sorted(values, key=lambda name: -size[name])[: len(LOOKS) - 1], key=list(values).index)
        small = [name for name in values if name not in large]
        rest = np.stack([values[name] for name in small])
        parts = [values[name] for name in large]
        parts.append(np.where(np.isnan(rest).all(axis=0), np.nan, np.nansum(rest, axis=0)))
        shown_names = [names.get(name, name.replace("_", " ").strip()) for name in large] + [f"{len(small)} others"]
        looks = [*LOOKS[: len(large)], REST]
    return Parts(time, all(shown.yearly for shown in grids.values()), shown_names, parts, looks)


def _on(time: NDArray[np.float64], own: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values at the times of another grid; NaN where they have none."""
    laid = np.full(len(time), np.nan)
    laid[np.searchsorted(time, own)] = values
    return laid
