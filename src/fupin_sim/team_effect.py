"""Team effect: solve how strong the channels of team work must be for the effect asked of them.

    python -m fupin_sim.team_effect             # prints what is found, and writes the table that ships

In the reference every village has a team and exposure is held at 0.2. After 24 months the income of twelve months of
those who were first listed is held against that of the same households with the same luck and all channels off.

First each of production, jobs and delivery alone is brought to its part of the reference effect. That fixes their
proportions. Then one common scale is solved for each effect of the table, with all channels on: so what encouragement
and teaching do by themselves is counted in. What others gain is reported and never asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from fupin_sim.intervals import student
from fupin_sim.model import PovertyModel, Snapshot, spec_of
from fupin_sim.scenario import Scenario
from fupin_sim.team_scales import TABLE, Scales, table

EXPOSURE, MONTHS = 0.2, 24
REFERENCE = 0.03
SPLIT: Mapping[str, float] = MappingProxyType({"production": 0.4, "jobs": 0.4, "delivery": 0.2})
EFFECTS = (-0.05, -0.02, 0.0, 0.03, 0.06, 0.10, 0.15)
SEEDS = range(201, 213)
CHECK_SEEDS = range(301, 307)
"""Apart from those that the table is solved on."""
CHANNELS = (*SPLIT, "motivation")
SETTINGS: Mapping[str, Any] = MappingProxyType(
    {
        "process.teams.per_village": 1.0, "process.assignment.rule": "random", "process.withdrawal.rule": "never",
        "process.delivery.on": True, "scenario.years": MONTHS // 12,
    }
)  # fmt: skip
CLOSE = 1e-4
"""Distance between effects that is no difference."""


class Pair:
    """One luck, lived up to the start of the scenario once, and from there on with and without the channels."""

    def __init__(self, seed: int, settings: Mapping[str, Any] = SETTINGS) -> None:
        self.settings = settings
        self.moment: Snapshot = PovertyModel(self._spec(()), seed=seed).snapshot()
        self.income = self._income((), Scales(0.0, 0.0, 0.0))

    def gains(
        self, scales: Scales | None = None, channels: Sequence[str] = CHANNELS, effect: float = REFERENCE
    ) -> tuple[float, float]:
        """What the poor who were reached gained, and what all others did, as shares of their income without.

        scales: None for those of the table for that effect.
        """
        with_team = self._income(channels, scales, effect)
        mine, others = self.listed, ~self.listed
        return _gain(with_team[mine], self.income[mine]), _gain(with_team[others], self.income[others])

    def _spec(self, channels: Sequence[str], effect: float = REFERENCE) -> Scenario:
        switches = {f"process.team_channels.{name}": name in channels for name in CHANNELS}
        return spec_of("baseline", {**self.settings, **switches, "process.team_channels.effect": effect})

    def _income(self, channels: Sequence[str], scales: Scales | None, effect: float = REFERENCE) -> Any:
        model = PovertyModel(self._spec(channels, effect), snapshot=self.moment)
        world, process = model.world, model.world.processes["team_channels"]
        process.tried = scales
        for _ in range(MONTHS):
            world.villages.exposure[:] = EXPOSURE
            process.expose(world)
            model.step()
        self.listed = world.households.first_listed_on == model.spec.start
        return world.households.income12.copy()


def _gain(after: Any, before: Any) -> float:
    return float(after.sum() / before.sum() - 1.0)


def mean_gain(pairs: Sequence[Pair], scales: Scales, channels: Sequence[str] = CHANNELS) -> float:
    """What the poor who were reached gained, on average over some lucks."""
    return float(np.mean([pair.gains(scales, channels)[0] for pair in pairs]))


def root(f: Callable[[float], float], low: float, high: float, steps: int = 6) -> float:
    """Where an increasing and nearly straight function is nil, by secants through the two last points.

    >>> round(root(lambda x: x * x * x - 8.0, 1.0, 3.0, 20), 3)
    2.0
    """
    a, b = low, high
    at_a, at_b = f(a), f(b)
    for _ in range(steps):
        if abs(at_b) < CLOSE or at_a == at_b:
            break
        a, at_a, b = b, at_b, b - at_b * (b - a) / (at_b - at_a)
        at_b = f(b)
    return b


def proportions(pairs: Sequence[Pair]) -> Scales:
    """The scales at which each channel alone has its part of the reference effect."""

    def alone(name: str) -> float:
        def missed(scale: float) -> float:
            return mean_gain(pairs, _only(name, scale), (name,)) - SPLIT[name] * REFERENCE

        return root(missed, 0.5, 1.0)

    return Scales(**{name: alone(name) for name in SPLIT})


def _only(name: str, scale: float) -> Scales:
    return Scales(**{each: scale if each == name else 0.0 for each in SPLIT})


def tabulate(
    pairs: Sequence[Pair], effects: Sequence[float] = EFFECTS, tell: Callable[[str], None] = print
) -> list[tuple[float, Scales]]:
    """The scales for each effect."""
    unit, rows = proportions(pairs), []
    for effect in effects:
        start = effect / REFERENCE

        def missed(common: float, effect: float = effect) -> float:
            return mean_gain(pairs, scaled(unit, common)) - effect

        common = root(missed, start - 0.2, start)
        rows.append((effect, scaled(unit, common)))
        tell(f"{effect:+.2%}: common scale {common:.3f}, {rows[-1][1]}")
    return rows


def scaled(unit: Scales, common: float) -> Scales:
    """All scales times a common one."""
    return Scales(*(common * each for each in unit))


def write(rows: Sequence[tuple[float, Scales]], file: Path = TABLE) -> None:
    """Write the table that ships, to four digits."""
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(("effect", *Scales._fields))
        writer.writerows((effect, *(f"{each:.4g}" for each in scales)) for effect, scales in rows)
    table.cache_clear()


def compare(effects: Sequence[float] = (-0.02, 0.03, 0.10), seeds: Sequence[int] = CHECK_SEEDS) -> pd.DataFrame:
    """What is found for effects that are asked for: a row for each with mean and 95 % interval over lucks.

    Columns asked, found, low, high, others, others_low, others_high, n. Others are all who were not first listed.
    """
    pairs, rows = [Pair(seed) for seed in seeds], []
    for effect in effects:
        gains = [pair.gains(effect=effect) for pair in pairs]
        both = [student([gain[i] for gain in gains]) for i in (0, 1)]
        found = [float(end) for each in both for end in (each.mean, each.low, each.high)]
        rows.append((effect, *found, int(both[0].n)))
    return pd.DataFrame(rows, columns=["asked", "found", "low", "high", "others", "others_low", "others_high", "n"])


if __name__ == "__main__":
    write(tabulate([Pair(seed) for seed in SEEDS]))
    print(compare().to_string(index=False, float_format=lambda x: f"{x:.4f}"))
