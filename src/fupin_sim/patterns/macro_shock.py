"""P10: incomes in poor areas in the first months of 2020."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fupin_sim.dated import month_number
from fupin_sim.ledger import COSTS, INCOME
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.patterns.pattern import Numbers, Part, Pattern, Sets

YEARS = 5
FIRST, SHOCK = month_number("2020-01"), month_number("2020-02")


def run(seed: int, sets: Sets) -> Numbers:
    """The shipped scenario, and the baseline with the same luck."""
    return changes(*(incomes(scenario, seed, sets) for scenario in ("macro_shock", "baseline")))


def incomes(scenario: str, seed: int, sets: Sets) -> dict[int, float]:
    """Income per person by month, all sources, net of what it costs to earn it, yuan of constant prices."""
    model = PovertyModel(spec_of(scenario, {"scenario.years": YEARS, **sets}), seed=seed)
    found = {}
    while model.running:
        model.step()
        world = model.world
        earned = sum(world.ledger.totals[name] for name in INCOME) - sum(world.ledger.totals[name] for name in COSTS)
        found[world.clock.month] = earned / 100 / float(world.households.members.sum(dtype=np.int64))
    return found


def changes(shocked: Mapping[int, float], calm: Mapping[int, float]) -> Numbers:
    """Shares, from income by month in the world with the shock and in the one without.

    Source: real income per person of rural residents of poor areas, first quarter of 2020 over that of 2019: −3.0 %,
    a statistic of the National Bureau of Statistics.
    """
    quarter, strokes = range(FIRST, FIRST + 3), range(SHOCK, SHOCK + 3)
    year = range(FIRST, FIRST + 12)
    return {
        "quarter on a year before": _sum(shocked, quarter) / _sum(shocked, quarter, 12) - 1,
        "three months on a year before": _sum(shocked, strokes) / _sum(shocked, strokes, 12) - 1,
        "quarter against no shock": _sum(shocked, quarter) / _sum(calm, quarter) - 1,
        "three months against no shock": _sum(shocked, strokes) / _sum(calm, strokes) - 1,
        "year against no shock": _sum(shocked, year) / _sum(calm, year) - 1,
    }


def _sum(income: Mapping[int, float], months: range, before: int = 0) -> float:
    return sum(income[month - before] for month in months)


P10 = Pattern(
    "P10", "macro shock of early 2020", "−3.0 % real in poor areas",
    "National Bureau of Statistics, first quarter of 2020",
    "`macro_shock`: jobs away from home are lost four times as fast from February to April 2020; other policies and "
    "growth as in `baseline`",
    "income per person of January to March 2020 over January to March 2019, as the statistic is made; so two of the "
    "three months of the shock, and a year of growth, are in it",
    run, (Part("quarter on a year before", "change on a year before", -0.045, -0.015, -0.03),),
    {"three months on a year before": "the three months of the shock, on a year before",
     "quarter against no shock": "January to March, against no shock",
     "three months against no shock": "the three months, against no shock",
     "year against no shock": "all of 2020, against no shock"},
)  # fmt: skip
