"""The month as it stands: household-months a second on one core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from benchmarks.bars import Bar, Report
from benchmarks.clock import Spent, best, spent
from fupin_sim.allocator import keep_memory
from fupin_sim.model import PovertyModel
from fupin_sim.simulation import simulate

MUST_MEET = (100_000, 1_000_000)
CORE: Mapping[str, Any] = MappingProxyType(
    {"process.family.on": False, "process.motivation.effort": 0.0, "process.dependence.strength": 0.0}
)
"""What is switched off in the month without families and minds."""
INSTITUTIONS: Mapping[str, Any] = MappingProxyType(
    {
        "process.register.observation": "observed", "process.delivery.on": True, "process.teams.per_village": 0.5,
        "process.assignment.rule": "need_match", "process.withdrawal.rule": "when_stable",
        "process.assessment.strength": 0.5, "process.organization.on": True, "process.worthies.on": True,
        "process.practices.on": True, "process.cooperatives.on": True,
    }
)  # fmt: skip
"""All that acts in villages and counties, each at its dearest; may cost half of the month without it."""
WHOLE, WITH_ALL = "the whole month", "with all institutions"
MONTHS: Mapping[str, tuple[Mapping[str, Any], float]] = MappingProxyType(
    {
        WHOLE: (MappingProxyType({}), 2e6),
        "without families and minds": (CORE, 3e6),
        WITH_ALL: (INSTITUTIONS, 2e6 / 1.5),
    }
)
"""Settings of each kind of month, and the household-months per second of processor time that it must reach."""
RATIO_AT, RATIO = 1_000_000, 1.5
"""How many times the whole month of so many households all institutions may make of it."""
LIFE_BAR_S = 1.5
"""Seconds of processor time for the baseline's 6,000 households, from the burn-in to the end, once all is imported."""
VILLAGE = 125
COUNTY = 50_000
BURN_IN = 2
YEARS: Mapping[int, int] = MappingProxyType({1_000: 10, 100_000: 8, 1_000_000: 4})
"""How many years are lived, of whose Januaries, Februaries … the quickest count."""


def settings(households: int) -> dict[str, Any]:
    """Settings of the baseline for so many households, in villages of 125 and counties of at most 50,000."""
    villages = max(households // VILLAGE, 1)
    counties = min(max(households // COUNTY, 4), villages)
    return {
        "population.villages": villages, "population.counties": counties,
        "population.households": max(households // villages, 1), "burn_in.months": BURN_IN,
    }  # fmt: skip


def made(households: int, sets: Mapping[str, Any] = MappingProxyType({})) -> PovertyModel:
    """The baseline's model of so many households, at its first January."""
    keep_memory()
    return PovertyModel("baseline", **settings(households), **sets)


def year_of(model: PovertyModel, years: int) -> Spent:
    """A whole year, so that what happens in January and in December is in it: the best of each month over some years.

    What else a machine does comes and goes within a year; the best Junes and the best Decembers need not be of one.
    """
    return years_of([model], years)[0]


def years_of(models: Sequence[PovertyModel], years: int) -> list[Spent]:
    """`year_of` several models that live year by year in turn, so that what else a machine does befalls all of them."""
    lived: list[list[list[Spent]]] = [[] for _ in models]
    for _ in range(years):
        for model, mine in zip(models, lived, strict=True):
            mine.append([spent(model.step) for _ in range(12)])
    return [_best_months(mine) for mine in lived]


def _best_months(lived: Sequence[Sequence[Spent]]) -> Spent:
    same = list(zip(*lived, strict=True))
    return Spent(
        sum(min(one.cpu for one in each) for each in same), sum(min(one.wall for one in each) for each in same)
    )


def life(tiny: bool) -> Spent:
    """The baseline scenario from the first to the last month, when everything is imported and warm."""
    sets = {"population.villages": 4, "scenario.years": 1, "burn_in.months": 0} if tiny else {}
    return best(lambda: simulate("baseline", sets=sets), 1 if tiny else 3)


def run(tiny: bool = False) -> Report:
    rows, bars = [], []
    for households in (1_000,) if tiny else YEARS:
        models = [made(households, sets) for sets, _ in MONTHS.values()]
        years = dict(zip(MONTHS, years_of(models, 1 if tiny else YEARS[households]), strict=True))
        lived = 12 * len(models[0].world)
        for kind, (_, bar) in MONTHS.items():
            year = years[kind]
            rows.append((
                f"{lived // 12:,}, {kind}", f"{year.cpu / lived * 1e9:,.0f}", f"{lived / year.cpu / 1e6:.2f}",
                f"{lived / year.wall / 1e6:.2f}",
            ))  # fmt: skip
            if tiny or households in MUST_MEET:
                bars.append(Bar(f"{kind}, a second at {households:,} households", lived / year.cpu, bar, True))
        if tiny or households == RATIO_AT:
            times = years[WITH_ALL].cpu / years[WHOLE].cpu
            bars.append(Bar(f"{WITH_ALL}, times {WHOLE} at {households:,}", times, RATIO))
    whole = life(tiny)
    rows.append(("the baseline's life", "", f"{whole.cpu:.2f} s", f"{whole.wall:.2f} s"))
    bars.append(Bar("seconds for the baseline's life", whole.cpu, LIFE_BAR_S))
    header = ("households", "ns each", "million/s of CPU", "million/s of wall")
    return Report(
        "The month of the baseline scenario, one core, the best of each month over several years", header, rows, bars
    )
