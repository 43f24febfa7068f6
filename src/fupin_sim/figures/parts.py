"""The parts of a whole, such as sources of income: named, ordered and at most eight."""

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

    Where there are more than eight, the smallest are summed into one, "n others"; parts that are zero
    throughout are left out, unless all are.
    """
    seen = groups(results, measure, kind)
    ordered = [*names, *(name for name in seen if name not in names)]
    grids = {name: grid(results, measure, f"{kind}:{name}") for name in ordered}
    grids = {name: shown for name, shown in grids.items() if not shown.empty}
    if not grids:
        return None
    time = np.unique(np.concatenate([shown.time for shown in grids.values()]))
    values = {name: _on(time, shown.time, mean(shown.values)) for name, shown in grids.items()}
    size = {name: float(np.nansum(np.abs(value))) for name, value in values.items()}
    values = {name: value for name, value in values.items() if size[name] > 0} or values
    # a part keeps its look where another scenario lacks some of the others
    looks = dict(zip(ordered if len(ordered) <= len(LOOKS) else values, LOOKS, strict=False))
    rest: list[str] = []
    if len(values) > len(LOOKS):
        large = sorted(values, key=lambda name: -size[name])[: len(LOOKS) - 1]
        rest = [name for name in values if name not in large]
        looks = dict(zip((name for name in values if name in large), LOOKS, strict=False))
    shown = [name for name in values if name not in rest]
    parts = Parts(
        time,
        all(grids[name].yearly for name in values),
        [names.get(name, name.replace("_", " ").strip()) for name in shown],
        [values[name] for name in shown],
        [looks[name] for name in shown],
    )
    if rest:
        stacked = np.stack([values[name] for name in rest])
        parts.names.append(f"{len(rest)} others")
        parts.values.append(np.where(np.isnan(stacked).all(axis=0), np.nan, np.nansum(stacked, axis=0)))
        parts.looks.append(REST)
    return parts


def _on(time: NDArray[np.float64], own: NDArray[np.float64], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values at the times of another grid; NaN where they have none."""
    laid = np.full(len(time), np.nan)
    laid[np.searchsorted(time, own)] = values
    return laid
