"""Calibrate: move the free parameters of the baseline towards the targets, by damped Gauss–Newton steps.

    python -m fupin_sim.calibrate               # prints each step, and at the end the values as lines of TOML

Distances are in tolerances, so a distance below 1 is a hit. Luck is shared between all runs, which makes small
differences visible. Values stay within the plausible range of each parameter; what cannot be reached is a miss.
The check is `python -m fupin_sim.targets`, on other seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.model import spec_of
from fupin_sim.targets import FIT_SEEDS, TARGETS, watch

Array = NDArray[np.float64]
DAMPING = 0.3
LONGEST = 3.0
"""Steps per round, in units of the lever's own step."""


@dataclass(frozen=True)
class Lever:
    """A parameter that may move: its path, a step that is small and yet seen, where it starts, and its bounds."""

    path: str
    step: float
    start: float
    low: float
    high: float


STEPS = {
    "process.business.unit": 500.0,
    "process.wages.mean": 800.0,
    "process.migration.finding": 0.01,
    "process.migration_wish.base": 0.1,
    "population.ability_spread": 0.03,
    "population.wage_spread": 0.05,
    "population.village_spread": 0.03,
    "population.mobility_spread": 0.15,
    "population.frailty_spread": 0.08,
    "policy.universal.level": 100.0,
    "policy.targeted.level": 150.0,
    "process.illness.risk": 0.004,
    "process.illness.consumption_share": 0.02,
    "process.illness.labour_lost_from": 0.05,
    "process.job_loss.risk": 0.003,
    "process.disaster.yield_lost": 0.05,
}


def levers(steps: Mapping[str, float]) -> list[Lever]:
    """The levers of the baseline; bounds are the plausible ranges that the parameters declare."""
    spec = spec_of("baseline")
    values, declared = spec.values(), spec.parameters()
    return [
        Lever(path, step, float(values[path]), *map(float, declared[path].range or (-np.inf, np.inf)))
        for path, step in steps.items()
    ]


def distances(settings: Mapping[str, float], seeds: Sequence[int] = FIT_SEEDS) -> Array:
    """How far each target is missed, in tolerances, on average over the seeds; shape (targets,)."""
    seen = [watch(seed, settings) for seed in seeds]
    return np.array([(np.mean([t.of(each) for each in seen]) - t.value) / t.tolerance for t in TARGETS])


def fit(
    moving: Sequence[Lever],
    missed: Callable[[Mapping[str, float]], Array] = distances,
    rounds: int = 5,
    tell: Callable[[str], None] = print,
) -> dict[str, float]:
    """Damped Gauss–Newton: differences along each lever, a step, halved until it helps; stops when none does.

    missed: settings by path -> distances. Returns the best settings by path.
    """
    steps = np.array([lever.step for lever in moving])
    low, high = (np.array([getattr(lever, end) for lever in moving]) / steps for end in ("low", "high"))
    at = np.clip(np.array([lever.start for lever in moving]) / steps, low, high)

    def settings(x: Array) -> dict[str, float]:
        return {lever.path: float(v) for lever, v in zip(moving, x * steps, strict=True)}

    here = missed(settings(at))
    for turn in range(rounds):
        tell(f"round {turn}: sum of squares {float(here @ here):.3f}; {_shown(settings(at))}")
        slopes = np.zeros((len(here), len(moving)))
        for i in range(len(moving)):
            way = 1.0 if at[i] + 1.0 <= high[i] else -1.0
            tried = at.copy()
            tried[i] = np.clip(at[i] + way, low[i], high[i])
            slopes[:, i] = (missed(settings(tried)) - here) / (tried[i] - at[i])
        step = np.linalg.solve(slopes.T @ slopes + DAMPING * np.eye(len(moving)), -slopes.T @ here)
        step = np.clip(step, -LONGEST, LONGEST)
        for part in (1.0, 0.5, 0.25):
            tried = np.clip(at + part * step, low, high)
            there = missed(settings(tried))
            if there @ there < here @ here:
                at, here = tried, there
                break
        else:
            break
    return settings(at)


def _shown(settings: Mapping[str, float]) -> str:
    return ", ".join(f"{path.rsplit('.', 2)[-2]}.{path.rsplit('.', 1)[-1]} {v:.4g}" for path, v in settings.items())


if __name__ == "__main__":
    best = fit(levers(STEPS))
    for target, distance in zip(TARGETS, distances(best), strict=True):
        print(f"{target.name}: off by {distance:+.2f} tolerances")
    for path, value in best.items():
        print(f'"{path}" = {value:.5g}')
