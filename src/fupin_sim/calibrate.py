"""Calibrate: move the free parameters of a scenario towards the targets, by damped Gauss–Newton steps.

    python -m fupin_sim.calibrate               # the baseline: prints each step, and at the end the values
    python -m fupin_sim.calibrate campaign --seeds 16 --rounds 5 --workers 2

Distances are in tolerances, so a distance below 1 is a hit. Luck is shared between all runs, which makes small
differences visible. Values stay within the plausible range of each parameter; what cannot be reached is a miss.
The check is `python -m fupin_sim.targets SCENARIO`, on other seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.errors import BadInput
from fupin_sim.executors import Failure, run_all
from fupin_sim.model import spec_of
from fupin_sim.targets import FIT_SEEDS, measured, targets_of

Array = NDArray[np.float64]
DAMPING = 0.3
LONGEST = 3.0
"""Steps per round, in units of the lever's own step."""
PARTS = (1.0, 0.5, 0.25)
"""Of a Gauss–Newton step; the best is taken."""


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
"""Steps of the levers that every scenario has."""
OF_INSTITUTIONS = {"policy.monitoring.capacity": 0.0004}
"""And of those that come with institutions."""


def steps_of(scenario: str) -> dict[str, float]:
    """The steps of all levers that the scenario has."""
    has = spec_of(scenario).values()
    return {path: step for path, step in {**STEPS, **OF_INSTITUTIONS}.items() if path in has}


def levers(steps: Mapping[str, float], scenario: str = "baseline") -> list[Lever]:
    """The levers as the scenario sets them; bounds are the plausible ranges that the parameters declare."""
    spec = spec_of(scenario)
    values, declared = spec.values(), spec.parameters()
    return [
        Lever(path, step, float(values[path]), *map(float, declared[path].range or (-np.inf, np.inf)))
        for path, step in steps.items()
    ]


Settings = Mapping[str, float]


def distances(
    tried: Iterable[Settings], seeds: Sequence[int] = FIT_SEEDS, scenario: str = "baseline", workers: int = 1
) -> list[Array]:
    """How far each target is missed under each of the settings, in tolerances, on average over the seeds.

    Returns an array of shape (targets,) for each of the settings, whatever the number of workers. Raises BadInput with
    all runs that failed.
    """
    tried, targets = list(tried), targets_of(scenario)
    tasks = [((nth, seed), (seed, dict(settings), scenario)) for nth, settings in enumerate(tried) for seed in seeds]
    with closing(run_all(measured, tasks, workers)) as outcomes:
        found, failed = {}, []
        for (nth, seed), outcome in outcomes:
            if isinstance(outcome, Failure):
                failed.append(f"seed {seed}: {outcome.error}")
            else:
                found[nth, seed] = outcome
    if failed:
        raise BadInput(sorted(failed))
    return [
        np.array([(np.mean([found[nth, seed][t.name] for seed in seeds]) - t.value) / t.tolerance for t in targets])
        for nth in range(len(tried))
    ]


def _printed(line: str) -> None:
    print(line, flush=True)


def fit(
    moving: Sequence[Lever],
    missed: Callable[[Sequence[Settings]], Sequence[Array]] = distances,
    rounds: int = 5,
    tell: Callable[[str], None] = _printed,
) -> dict[str, float]:
    """Damped Gauss–Newton: differences along each lever, a step, halved until it helps; stops when none does.

    missed: some settings by path -> distances under each. Returns the best settings by path.
    """
    steps = np.array([lever.step for lever in moving])
    low, high = (np.array([getattr(lever, end) for lever in moving]) / steps for end in ("low", "high"))
    at = np.clip(np.array([lever.start for lever in moving]) / steps, low, high)

    def settings(x: Array) -> dict[str, float]:
        return {lever.path: float(v) for lever, v in zip(moving, x * steps, strict=True)}

    (here,) = missed([settings(at)])
    for turn in range(rounds):
        tell(f"round {turn}: sum of squares {float(here @ here):.3f}; {_shown(settings(at))}")
        beside = [_beside(at, i, low, high) for i in range(len(moving))]
        there = missed([settings(tried) for tried in beside])
        moved = [tried[i] - at[i] for i, tried in enumerate(beside)]
        slopes = np.stack([(each - here) / way for each, way in zip(there, moved, strict=True)], axis=1)
        step = np.linalg.solve(slopes.T @ slopes + DAMPING * np.eye(len(moving)), -slopes.T @ here)
        step = np.clip(step, -LONGEST, LONGEST)
        tries = [np.clip(at + part * step, low, high) for part in PARTS]
        better = [(x, found) for x, found in zip(tries, missed([settings(x) for x in tries]), strict=True)]
        best, found = min(better, key=lambda each: float(each[1] @ each[1]))
        if found @ found >= here @ here:
            break
        at, here = best, found
    return settings(at)


def _beside(at: Array, i: int, low: Array, high: Array) -> Array:
    """One step along a lever, or back where there is no room."""
    tried = at.copy()
    tried[i] = np.clip(at[i] + (1.0 if at[i] + 1.0 <= high[i] else -1.0), low[i], high[i])
    return tried


def _shown(settings: Mapping[str, float]) -> str:
    return ", ".join(f"{path.rsplit('.', 2)[-2]}.{path.rsplit('.', 1)[-1]} {v:.4g}" for path, v in settings.items())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="baseline", help="a shipped name or a file")
    parser.add_argument("--seeds", type=int, default=len(FIT_SEEDS), help="the first so many of those to fit on")
    parser.add_argument("--rounds", type=int, default=5, help="at most so many steps")
    parser.add_argument("--workers", type=int, default=1)
    given = parser.parse_args()

    def missed(tried: Sequence[Settings]) -> list[Array]:
        """On the workers that were asked for."""
        return distances(tried, FIT_SEEDS[: given.seeds], given.scenario, given.workers)

    best = fit(levers(steps_of(given.scenario), given.scenario), missed, given.rounds)
    for target, distance in zip(targets_of(given.scenario), missed([best])[0], strict=True):
        print(f"{target.name}: off by {distance:+.2f} tolerances")
    for path, value in best.items():
        print(f'"{path}" = {value:.5g}')
