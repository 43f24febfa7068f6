"""A study: arms at the points of a sweep, replicate by replicate, all on the same luck."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from fupin_sim.reading import digest_of
from fupin_sim.scenario import Scenario

SEED_BITS = 53  # the largest whole numbers that a float, JSON and a spreadsheet keep


@dataclass(frozen=True)
class Replicates:
    """How many replicates there are: `first`, then `step` more at a time until the rule is met, `most` at the most.

    until: the half-width of the paired 95 % interval that each of these measures must reach; without any, `most`
    replicates are run and no rule is asked.
    """

    first: int = 20
    step: int = 10
    most: int = 400
    until: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Arm:
    """One of the things compared: tables of a scenario file, laid over the study's scenario.

    `extends` among them names another scenario to be laid over instead.
    """

    name: str
    tables: Mapping[str, Any]


@dataclass(frozen=True)
class Point:
    """One point of the sweep; `Point(0, {})` where nothing is varied.

    factors: value by name of the factor, which is a path, or "path@2018-01" for its value from a date on. In the order
    of names, and every point has all of them.
    """

    number: int
    factors: Mapping[str, Any]


@dataclass(frozen=True)
class Cell:
    """An arm at a point, resolved. What two cells run is the same exactly when their `scenario_key` is."""

    arm: str
    point: int
    scenario: Scenario


@dataclass(frozen=True)
class Study:
    """Everything that decides which runs there are, and what they are for.

    title: one line for tables. kind: "sweep" as soon as something is varied. seed: the luck of the whole study.
    measures: their names, in the order of the study file. arms: in the order of the study file. baseline: the arm that
    the others are compared with; None where there is only one. contrasts: further pairs of arms, (a, b) for a − b.
    households: whether outcomes are kept household by household. text: the study file as given, or as it would be
    written. worlds: what `cells()` returns. bases: the scenario of each arm before anything is varied. limits: the only
    arms that a factor is varied in, where it is not all. where: the file, for messages.
    """

    title: str
    kind: Literal["compare", "sweep"]
    seed: int
    measures: tuple[str, ...]
    arms: tuple[Arm, ...]
    points: tuple[Point, ...]
    replicates: Replicates
    baseline: str | None
    contrasts: tuple[tuple[str, str], ...]
    households: bool
    text: str = field(repr=False)
    worlds: tuple[Cell, ...] = field(repr=False)
    bases: Mapping[str, Scenario] = field(repr=False)
    limits: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    where: str = ""

    def cells(self) -> tuple[Cell, ...]:
        """Every arm at every point: point by point, within a point the arms as listed."""
        return self.worlds

    def cell(self, arm: str, point: int = 0) -> Cell:
        """The cell of an arm at a point."""
        return self._places[arm, point]

    @cached_property
    def _places(self) -> dict[tuple[str, int], Cell]:
        return {(cell.arm, cell.point): cell for cell in self.worlds}

    def with_text(self, text: str) -> Study:
        """The same study with another text."""
        return replace(self, text=text)

    @property
    def factors(self) -> tuple[str, ...]:
        """The names of what is varied."""
        return tuple(self.points[0].factors)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What is compared, (a, b) for a − b: each arm with the baseline, then the contrasts."""
        with_baseline = [(arm.name, self.baseline) for arm in self.arms if self.baseline not in (None, arm.name)]
        return tuple(dict.fromkeys([*((a, str(b)) for a, b in with_baseline), *self.contrasts]))

    @property
    def most_runs(self) -> int:
        """Runs if every replicate is needed; cells that say the same are lived once."""
        return self.replicates.most * len({cell.scenario.luckless_key for cell in self.worlds})

    def seed_of(self, replicate: int) -> int:
        """The luck of a replicate (0, 1, …): of the study's seed and the replicate, never of arm or point."""
        return seed_of(self.seed, replicate)

    @cached_property
    def key(self) -> str:
        """BLAKE2b-128 of all that decides what is run; titles, and the order of keys in the file, do not."""
        return digest_of(json.dumps(self._canonical(), sort_keys=True, separators=(",", ":")).encode())

    def _canonical(self) -> dict[str, Any]:
        worlds: list[dict[str, str]] = [{} for _ in self.points]
        for cell in self.worlds:
            worlds[cell.point][cell.arm] = cell.scenario.luckless_key
        r = self.replicates
        return {
            "seed": self.seed,
            "points": [[dict(point.factors), arms] for point, arms in zip(self.points, worlds, strict=True)],
            "replicates": [r.first, r.step, r.most, dict(r.until)],
            "compare": [self.baseline, sorted(self.contrasts), self.households],
            "measures": sorted(self.measures),
        }


def seed_of(seed: int, replicate: int) -> int:
    """The luck of a replicate of a study: a hash, so that studies with neighbouring seeds share no luck.

    >>> seed_of(1, 0) == seed_of(1, 0), seed_of(1, 1) == seed_of(2, 0)
    (True, False)
    """
    digest = hashlib.blake2b(f"study {seed} replicate {replicate}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> (64 - SEED_BITS)
