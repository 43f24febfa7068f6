"""Identification: which parameters the targets speak about at all, and how far the headline hangs on the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fupin_sim.calibrate import STEPS, Lever, levers
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.model import spec_of
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.patterns import Numbers, Sets
from fupin_sim.simulation import simulate
from fupin_sim.targets import TARGETS
from fupin_sim.world import Array

NOT_KNOWN = ("assumed", "unverified")
YEARS = 5
SMALL: Mapping[str, Any] = {"population.villages": 4, "population.households": 40}
"""A population in which it is seen fast whether a parameter does anything at all."""
HEADLINES = ("return_rate", "headcount")
TAKEN = (*HEADLINES, "return_rate_net_of_policy")
FOLLOWED = range(2017, 2021)
CONTESTED: Mapping[str, Mapping[str, Any]] = {
    "as it stands": {},
    "no poverty trap": {"process.business.technology": "no_trap"},
    "no growth": {"process.growth.on": False},
    "relief discourages nobody": {"process.dependence.strength": 0.0},
    "relief discourages as much as in the study that finds most": {"process.dependence.strength": 0.46},
}
"""Settings on which the studies disagree, or that are assumed as a whole."""

# ---- what the targets speak about


@dataclass(frozen=True)
class Jacobian:
    """slopes: tolerances by which a target moves when a lever crosses its plausible range, shape (targets, levers).

    Linear, from a small step. error: standard errors over replicates, which share luck; of the same shape.
    """

    levers: tuple[str, ...]
    targets: tuple[str, ...]
    slopes: Array
    error: Array

    @property
    def singular(self) -> Array:
        """Singular values, largest first: tolerances that the best combinations of levers move the targets by."""
        return np.linalg.svd(self.slopes, compute_uv=False).astype(np.float64)

    @property
    def rank(self) -> int:
        """How many independent combinations move the targets by more than one tolerance and more than their error."""
        noise = float(np.sqrt((self.error * self.error).sum()))
        return int((self.singular > max(1.0, noise)).sum())

    @property
    def condition(self) -> float:
        """Largest over smallest singular value."""
        return float(self.singular[0] / self.singular[-1]) if self.singular[-1] > 0 else float("inf")

    @property
    def narrowed(self) -> Array:
        """By what share the targets narrow what is believed of each lever alone, 0 to 1, shape (levers,).

        Linear and normal: a plausible range is four standard deviations wide, a tolerance is two.
        """
        told = 2.0 * self.slopes
        spread = np.linalg.inv(np.eye(len(self.levers)) / (1 / 4) ** 2 + told.T @ told)
        return np.asarray(1.0 - np.sqrt(np.diag(spread)) * 4)

    def silent(self) -> tuple[str, ...]:
        """Levers that move no target by half a tolerance, whatever their value."""
        moved = np.abs(self.slopes).max(axis=0) >= 0.5
        return tuple(name for name, moves in zip(self.levers, moved, strict=True) if not moves)


def stepped(lever: Lever) -> float:
    """The value of a lever one step away from where it stands, inside its range."""
    return lever.start + lever.step if lever.start + lever.step <= lever.high else lever.start - lever.step


def jacobian(base: Sequence[Numbers], moved: Mapping[str, Sequence[Numbers]]) -> Jacobian:
    """base: each replicate's targets by name. moved: by lever, the same replicates with that lever a step away."""
    moving = [lever for lever in levers(STEPS) if lever.path in moved]
    each = np.array(
        [
            [
                [(there[t.name] - here[t.name]) / t.tolerance * (m.high - m.low) / (stepped(m) - m.start)
                 for here, there in zip(base, moved[m.path], strict=True)]
                for m in moving
            ]
            for t in TARGETS
        ]
    )  # fmt: skip
    error = each.std(axis=2, ddof=1) / np.sqrt(each.shape[2]) if each.shape[2] > 1 else np.zeros(each.shape[:2])
    names = tuple(lever.path for lever in moving), tuple(t.name for t in TARGETS)
    return Jacobian(*names, each.mean(axis=2), error)


# ---- what is known of the parameters


def marks() -> dict[tuple[str, str], int]:
    """How many parameters have which claim and which evidence mark; those that many plugins share count once."""
    groups = (BUILT_IN.sections, BUILT_IN.processes, BUILT_IN.policies, BUILT_IN.shocks)
    declared: dict[int, Parameter] = {}
    for group in groups:
        for cls in group.values():
            declared |= {id(parameter): parameter for parameter in parameters_of(cls).values()}
    found: dict[tuple[str, str], int] = {}
    for parameter in declared.values():
        key = parameter.claim or "none", str(parameter.mark)
        found[key] = found.get(key, 0) + 1
    return found


def open_parameters() -> dict[str, tuple[float, float]]:
    """The parameters of the baseline that are assumed or unverified, and the ends of their plausible ranges."""
    spec = spec_of("baseline")
    values = spec.values()
    found = {}
    for path, parameter in spec.parameters().items():
        number = isinstance(values[path], int | float) and not isinstance(values[path], bool)
        if parameter.mark in NOT_KNOWN and parameter.range is not None and number:
            low, high = (int(end) if parameter.kind == "int" else float(end) for end in parameter.range)
            found[path] = low, high
    return found


# ---- how far the headline hangs on what is not known


def headline(settings: Mapping[str, Any], seed: int, sets: Sets) -> Numbers:
    """Yearly return of exited households 2017–20 and the headcount of 2020 in the baseline with these settings."""
    series = _series(settings, seed, sets)
    of = {name: series[series["measure"] == name].set_index("month")["value"] for name in TAKEN}
    yearly = {
        f"{words} {year}": float(of[name][f"{year}-12"])
        for words, name in (("return", "return_rate"), ("return net of policy", "return_rate_net_of_policy"))
        for year in FOLLOWED
    }
    known = [rate for year in FOLLOWED if (rate := yearly[f"return {year}"]) == rate]
    rate = float(np.mean(known)) if known else float("nan")
    return {"return_rate": rate, "headcount": float(of["headcount"].iloc[-1]), **yearly}


def _series(settings: Mapping[str, Any], seed: int, sets: Sets) -> Any:
    lasting = {"scenario.years": YEARS, "measures.use": [*TAKEN, "income", "gini_consumption"]}
    return simulate("baseline", seed, sets={**lasting, **sets, **settings}).series


def swing(path: str, ends: tuple[float, float], seeds: Sequence[int], sets: Sets) -> Numbers:
    """What the headline changes by from the low to the high end of a parameter, others as they stand.

    The mean over seeds; luck is shared. Exactly 0, and `idle` 1, where the ends differ in nothing at all.
    """
    small = [_series({path: end}, seeds[0], {**sets, **SMALL}) for end in ends]
    if small[0].equals(small[1]):
        return {**dict.fromkeys(HEADLINES, 0.0), "idle": 1.0}
    found = [[headline({path: end}, seed, sets) for end in ends] for seed in seeds]
    change = {name: float(np.mean([high[name] - low[name] for low, high in found])) for name in HEADLINES}
    return {**change, "idle": 0.0}
