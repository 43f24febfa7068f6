"""Recorder: takes the measures each month, keeps the series, the survival table and the household panel."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.ledger import GIVEN_BY_POLICIES, Money
from fupin_sim.outcomes import Outcomes
from fupin_sim.plugins import Measure
from fupin_sim.tally import DECILES
from fupin_sim.world import World

MOST_YEARS = 101
Row = tuple[int, str, str, float]


@dataclass
class Recorder:
    """What is seen of a run; nothing in the month reads it.

    rows: (month, measure, group, value) in the order taken; group "" is the whole. at_risk, returned: households by
    years since their last exit, pooled over Decembers, index 0 unused. panel: columns of all households by month.
    outcomes: what became of each household, if it was asked for.
    """

    measures: Sequence[Measure]
    panel_every: str = ""
    panel_columns: Sequence[str] = ()
    rows: list[Row] = field(default_factory=list)
    latest: dict[str, float] = field(default_factory=dict)
    at_risk: NDArray[np.int64] = field(default_factory=lambda: np.zeros(MOST_YEARS, np.int64))
    returned: NDArray[np.int64] = field(default_factory=lambda: np.zeros(MOST_YEARS, np.int64))
    panel: list[tuple[int, dict[str, NDArray[Any]]]] = field(default_factory=list)
    outcomes: Outcomes | None = None

    def __post_init__(self) -> None:
        self.names = frozenset(measure.name for measure in self.measures)

    def record(self, world: World) -> None:
        """Take this month's measures, and in December the year's."""
        self._add_up(world)
        if self.outcomes is not None:
            self.outcomes.follow(world, received(world))
        if world.clock.in_burn_in:
            return
        for measure in self.measures:
            if measure.every == "month" or world.clock.december:
                self._keep(world.clock.month, measure.name, measure.take(world))
        if world.clock.december:
            self._follow_exits(world)
        if self.panel_every == "month" or (self.panel_every == "year" and world.clock.december):
            columns = {name: getattr(world.households, name).copy() for name in self.panel_columns}
            self.panel.append((world.clock.month, columns))

    def _keep(self, month: int, name: str, taken: float | dict[str, float]) -> None:
        for group, value in taken.items() if isinstance(taken, dict) else [("", taken)]:
            self.rows.append((month, name, group, float(value)))
            self.latest[f"{name} {group}" if group else name] = float(value)

    def _add_up(self, world: World) -> None:
        tally = world.tally
        if world.clock.january:
            tally.clear()
        for name, fen in world.ledger.totals.items():
            tally.flows[name] += fen
        for name, outlay in world.outlays.items():
            tally.spent[name] = tally.spent.get(name, 0.0) + float(outlay.spent.sum())
            benefits = float((outlay.received + outlay.leaked).sum())
            tally.benefits[name] = tally.benefits.get(name, 0.0) + benefits
            tally.leaked[name] = tally.leaked.get(name, 0.0) + float(outlay.leaked.sum())
        for name, cost in world.overheads.items():
            tally.overheads[name] = tally.overheads.get(name, 0.0) + float(cost.sum())
        for given in received(world):
            tally.received += np.bincount(world.households.decile, weights=given, minlength=DECILES)

    def _follow_exits(self, world: World) -> None:
        home, month = world.households, world.clock.month
        exited = (home.exited_on != NEVER) & (home.exited_on < month)
        exited &= (home.returned_on == NEVER) | (home.returned_on == month)
        out = exited.nonzero()[0]
        years = (month - home.exited_on[out]) // 12
        self.at_risk += np.bincount(years, minlength=MOST_YEARS)
        self.returned += np.bincount(years[home.returned_on[out] == month], minlength=MOST_YEARS)

    def headlines(self) -> dict[str, float]:
        """The mean of each measure over the months in which it is not missing; NaN when it always is.

        Of a measure whose headline is "sum" the sum over all its months; NaN when one is missing.
        """
        summed = {measure.name for measure in self.measures if measure.headline == "sum"}
        return {
            name: math.fsum(values) if name.split(" ")[0] in summed else _mean(values)
            for name, values in self._values().items()
        }

    def missing(self) -> dict[str, int]:
        """In how many months each measure was missing, as a rate is when nobody was at risk."""
        return {name: sum(map(math.isnan, values)) for name, values in self._values().items()}

    def _values(self) -> dict[str, list[float]]:
        values: dict[str, list[float]] = {}
        for _, name, group, value in self.rows:
            values.setdefault(f"{name} {group}" if group else name, []).append(value)
        return values

    def digest(self) -> str:
        """BLAKE2b-128 of the measures' names, months and bytes."""
        said = hashlib.blake2b(digest_size=16)
        for month, name, group, value in self.rows:
            said.update(f"{month} {name} {group} ".encode() + np.float64(value).tobytes())
        said.update(self.at_risk.tobytes() + self.returned.tobytes())
        return said.hexdigest()


def _mean(values: list[float]) -> float:
    known = [value for value in values if not math.isnan(value)]
    return float(np.mean(known)) if known else math.nan


def received(world: World) -> list[Money]:
    """What households got from policies this month: cash, services, interest, insurance, guarantees; (households,)."""
    given = [world.ledger.flows[flow] for flow in GIVEN_BY_POLICIES if world.ledger.totals[flow]]
    return [*given, *world.insured.values(), *world.guaranteed.values()]
