"""Employment: what the dependence of those on dibao really takes from the labour they supply.

    python -m fupin_sim.employment              # a table: exposure, strength, effect with interval

The strength λ is the labour that a recipient of usual dependence withholds where relief is large beside earnings. Few
recipients are all of that, so what is realised is less, and is what studies of dibao can be held against. Each
strength is lived by the same households with the same luck as strength 0; recipients are those of the world at 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from fupin_sim.intervals import student
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.processes.norms import relief
from fupin_sim.world import Array, World

STRENGTHS = (0.0, 0.15, 0.46)
EXPOSURES: Mapping[str, str] = MappingProxyType({"default": "baseline", "high": "high_relief_exposure"})
"""The scenario by how much relief there is."""
LARGE = 0.25
"""Relief beside earnings from which it is called large."""
SEEDS = range(101, 109)
YEARS = "scenario.years=5"
OF_ALL = ("relief_paid", "poor", "on_relief")
EFFECTS = ("labour", "jobs_away", "labour_at_home", "labour_where_large", "earnings")


def compare(
    seeds: Sequence[int] = SEEDS,
    strengths: Sequence[float] = STRENGTHS,
    exposures: Mapping[str, str] = EXPOSURES,
    sets: Sequence[str] = (YEARS,),
) -> pd.DataFrame:
    """Effects by exposure and strength: a row for each effect with mean, 95 % interval and number of replicates.

    Columns exposure, strength, effect, mean, low, high, n. Effects are changes as a share of what is supplied at
    strength 0 by those on relief; of all households, `relief_paid` is the change of what is paid, as a share, `poor`
    that of the headcount of households, and `on_relief` the share of household-months on relief.
    strengths: the first is what the others are compared with, usually 0. sets: further settings.
    """
    rows = []
    for exposure, scenario in exposures.items():
        found = [realised(seed, strengths, sets, scenario) for seed in seeds]
        for strength in strengths:
            for effect in (*EFFECTS, *OF_ALL):
                over = student([each[strength][effect] for each in found])
                rows.append(
                    (exposure, strength, effect, float(over.mean), float(over.low), float(over.high), int(over.n))
                )
    return pd.DataFrame(rows, columns=["exposure", "strength", "effect", "mean", "low", "high", "n"])


def realised(
    seed: int, strengths: Sequence[float], sets: Iterable[str] = (), scenario: str = "baseline"
) -> dict[float, dict[str, float]]:
    """What each strength does to a scenario's recipients of relief over all months of one run, by effect."""
    models = [
        PovertyModel(spec_of(scenario, [*sets, f"process.dependence.strength={strength}"]), seed=seed)
        for strength in strengths
    ]
    sums: list[dict[str, float]] = [dict.fromkeys((*EFFECTS, *OF_ALL, "months"), 0.0) for _ in models]
    while models[0].running:
        for model in models:
            model.step()
        first = models[0].world
        on = relief(first) > 0
        large = on & (first.households.relief12 >= LARGE * _earned(first))
        for total, model in zip(sums, models, strict=True):
            _add(total, model.world, on, large)
    return {strength: _against(total, sums[0]) for strength, total in zip(strengths, sums, strict=True)}


def supplied(world: World) -> tuple[Array, Array]:
    """Workers away, and workers at home by the share of their labour that they offer; shape (households,) each."""
    home = world.households
    away = home.migrants.astype(np.float64)
    return away, workers_at_home(home) * (home.labour * world.rate("labour"))


def _earned(world: World) -> Array:
    earned: Array = np.maximum(world.households.income12 - world.households.support12, 0.0)
    return earned


def _add(total: dict[str, float], world: World, on: Any, large: Any) -> None:
    away, at_home = supplied(world)
    for name, each in (
        ("labour", away + at_home), ("jobs_away", away), ("labour_at_home", at_home), ("earnings", _earned(world)),
        ("on_relief", np.ones(len(world))),
    ):  # fmt: skip
        total[name] += float(each[on].sum())
    total["labour_where_large"] += float((away + at_home)[large].sum())
    total["relief_paid"] += float(relief(world).sum())
    total["poor"] += float(world.households.poor.sum())
    total["months"] += len(world)


def _against(total: Mapping[str, float], base: Mapping[str, float]) -> dict[str, float]:
    changed = (*EFFECTS, "relief_paid")
    effects = {name: total[name] / base[name] - 1.0 if base[name] else float("nan") for name in changed}
    months = base["months"]
    return effects | {"on_relief": base["on_relief"] / months, "poor": (total["poor"] - base["poor"]) / months}


if __name__ == "__main__":
    print(compare().to_string(index=False, float_format=lambda x: f"{x:.4f}"))
