"""Targets: what the population of a scenario should look like, and what it does look like.

    python -m fupin_sim.targets                 # a table of the baseline: target, simulated, interval, hit or miss
    python -m fupin_sim.targets campaign        # of another scenario

A target whose mechanism the scenario lacks is left out. Tolerances were fixed before calibration; a miss is printed as
a miss.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.intervals import student
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.world import World

Array = NDArray[np.float64]
FIT_SEEDS = tuple(range(1, 17))
"""Many, for luck alone moves mean income by most of its tolerance."""
CHECK_SEEDS = tuple(range(101, 109))
YEARS = 5
INCOMES = ("business", "wage", "property", "support")
PARTS = (*INCOMES, "medical", "school")


@dataclass
class Watch:
    """What the targets need of a run: yearly series, and the components of each household's year.

    series: by measure and group, by year. year, year_before: fen by component, shape (households,), bills negative.
    causes: how often each component was the largest part of the fall of (income − own bills) into poverty.
    """

    series: dict[tuple[str, str], dict[int, float]] = field(default_factory=dict)
    year: dict[str, Array] = field(default_factory=dict)
    year_before: dict[str, Array] = field(default_factory=dict)
    was_out: NDArray[np.bool_] | None = None
    causes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    migrants_of_exited: float = float("nan")
    village_share: float = float("nan")

    def see(self, world: World) -> None:
        """Add up a month; in December look at the year."""
        flows, clock = world.ledger.flows, world.clock
        if clock.january or not self.year:
            self.year_before, self.year = self.year, {name: np.zeros(len(world)) for name in PARTS}
        for name in INCOMES:
            self.year[name] += flows[name]
        self.year["medical"] -= flows["medical_bill"] - flows["reimbursement"]
        self.year["school"] -= flows["school_bill"]
        if clock.december:
            self._name_causes(world)
            if clock.month // 12 == 2019:
                self._look_at_2019(world)

    def _name_causes(self, world: World) -> None:
        """Who falls below the line net of own bills, and which component fell most."""
        out = world.income_pc("net_of_bills") >= world.line
        if self.year_before and self.was_out is not None:
            fell = np.flatnonzero(self.was_out & ~out)
            falls = np.stack([(self.year_before[name] - self.year[name])[fell] for name in PARTS])
            for name, times in zip(PARTS, np.bincount(np.argmax(falls, axis=0), minlength=len(PARTS)), strict=True):
                self.causes[name] += int(times)
        self.was_out = out

    def _look_at_2019(self, world: World) -> None:
        home = world.households
        exited = home.first_exited_on != NEVER
        self.migrants_of_exited = float(home.migrants[exited].sum() / max(home.members[exited].sum(), 1))
        log_income = pd.Series(np.log(np.maximum(world.income_pc(), 100.0)))
        self.village_share = float(log_income.groupby(home.village).mean().var(ddof=0) / log_income.var(ddof=0))

    def mean(self, measure: str, years: Sequence[int], group: str = "") -> float:
        """The mean of a yearly measure over some years."""
        return float(np.mean([self.series[measure, group][year] for year in years]))

    def illness_share(self) -> float:
        """Share of the falls into poverty in which own medical cost was the largest component."""
        return self.causes["medical"] / max(sum(self.causes.values()), 1)


@dataclass(frozen=True)
class Target:
    """A moment of the data: value ± tolerance, where it is from, and how to read it off a run."""

    name: str
    value: float
    tolerance: float
    unit: str
    source: str
    of: Callable[[Watch], float]


def _business_share(watch: Watch) -> float:
    return watch.mean("income_by_source", [2019], "source:business") / watch.mean("income", [2019])


TARGETS = (
    Target("mean income 2019", 11_567, 600, "yuan per person-year", "poor areas, measured",
           lambda w: w.mean("income", [2019])),
    Target("business share of income 2019", 0.36, 0.04, "share", "poor areas, measured", _business_share),
    Target("Gini of consumption 2016–19", 0.325, 0.02, "0 to 1", "World Bank PIP, rural China 2012–20, measured",
           lambda w: w.mean("gini_consumption", range(2016, 2020))),
    Target("catastrophic health spending 2016–20", 0.184, 0.015, "share of households", "rural China, measured",
           lambda w: w.mean("catastrophic_spending", range(2016, 2021))),
    Target("yearly return of exited households 2018–20", 0.0113, 0.003, "per household-year",
           "Yucheng county, 45,141 exited households; Fan, Ning & Qin 2023, measured",
           lambda w: w.mean("return_rate", range(2018, 2021))),
    Target("migrants of exited households 2019", 0.30, 0.05, "share of persons",
           "measured count over an unverified total", lambda w: w.migrants_of_exited),
    Target("illness the largest part of the fall at entry 2017–20", 0.43, 0.08, "share of entries",
           "measured as main cause 2013, 2015", Watch.illness_share),
    Target("village share of log-income variance 2019", 0.15, 0.06, "share", "assumed", lambda w: w.village_share),
)  # fmt: skip
MONITORED = Target("monitored households 2018–20", 0.03, 0.015, "share of households", "derived",
                   lambda w: w.mean("monitored_share", range(2018, 2021)))  # fmt: skip
"""Only where somebody monitors."""


def targets_of(scenario: str) -> tuple[Target, ...]:
    """The targets whose mechanisms the scenario has."""
    watched = "policy.monitoring.capacity" in spec_of(scenario).values()
    return (*TARGETS, MONITORED) if watched else TARGETS


def watch(seed: int, settings: Mapping[str, Any] | None = None, scenario: str = "baseline") -> Watch:
    """Five years of a scenario, and what the targets need of them."""
    model = PovertyModel(scenario, seed=seed, **{"scenario.years": YEARS, **(settings or {})})
    seen = Watch()
    while model.running:
        model.step()
        seen.see(model.world)
    for month, name, group, value in model.recorder.rows:
        seen.series.setdefault((name, group), {})[month // 12] = value
    return seen


def measured(seed: int, settings: Mapping[str, Any] | None = None, scenario: str = "baseline") -> dict[str, float]:
    """What one run gives for each target of the scenario, by name."""
    seen = watch(seed, settings, scenario)
    return {target.name: target.of(seen) for target in targets_of(scenario)}


def compare(seeds: Sequence[int] = CHECK_SEEDS, scenario: str = "baseline") -> pd.DataFrame:
    """Each target beside what the scenario gives: mean and 95 % interval over replicates, hit or miss.

    seeds: kept apart from those that the parameters were fitted on.
    """
    return judged([measured(seed, scenario=scenario) for seed in seeds], targets_of(scenario))


def judged(found: Sequence[Mapping[str, float]], targets: Sequence[Target] = TARGETS) -> pd.DataFrame:
    """The table of `compare`, from what each replicate gave by name; a missing value (NaN) is left out of the mean."""
    rows = []
    for target in targets:
        interval = student([each[target.name] for each in found])
        hit = abs(interval.mean - target.value) <= target.tolerance
        rows.append(
            {
                "moment": target.name, "target": target.value, "tolerance": target.tolerance,
                "simulated": interval.mean, "low": interval.low, "high": interval.high, "n": interval.n,
                "verdict": "hit" if hit else "miss", "unit": target.unit, "source": target.source,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenario", nargs="?", default="baseline", help="a shipped name or a file")
    with pd.option_context("display.width", 200, "display.max_columns", 20, "display.max_colwidth", 60):
        print(
            compare(scenario=parser.parse_args().scenario)
            .drop(columns="source")
            .to_string(index=False, float_format=lambda x: f"{x:.4g}")
        )
