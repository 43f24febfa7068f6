"""P8, P9: a productive asset given once lifts consumption for years where wages are poor, not where they are good."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fupin_sim.measures.mean import ratio
from fupin_sim.patterns.pattern import Numbers, Part, Pattern, Sets
from fupin_sim.patterns.years import Years, lived, with_policies
from fupin_sim.world import Array, Flags

YEARS = 8
GIVEN = 0
"""The first December, a month before the asset is given."""
YEAR_3, YEAR_7 = 3, 7
ASSET = {
    "name": "asset", "use": "industry_support", "start": "2017-01", "end": "2017-01", "uptake": 1.0, "term": 1200,
}  # fmt: skip
"""Once, to every registered household with somebody able to work; what was given is not taken back, so no expiry."""
TAUGHT = {"name": "courses", "use": "training", "start": "2017-01", "end": "2018-06", "reach": 1.0}
"""Eighteen months of training went with the assets in both trials."""
WAGES: Mapping[str, Mapping[str, Any]] = {
    "poor wages": {"process.wages.mean": 10_000.0, "process.migration.finding": 0.05},
    "good wages": {"process.wages.mean": 25_000.0, "process.migration.finding": 0.20},
}
"""The ends of the plausible ranges of both parameters."""


def run(seed: int, sets: Sets) -> Numbers:
    """The asset where wages are poor and where they are good, each against the same households without it."""
    found: Numbers = {}
    for name, wages in WAGES.items():
        without = lived("no_support", seed, {**wages, **sets}, YEARS)
        given = lived(with_policies("no_support", [ASSET, TAUGHT]), seed, {**wages, **sets}, YEARS)
        who = without.registered[:, GIVEN] & without.able[:, GIVEN]
        found |= {f"{effect}, {name}": number for effect, number in effects(given, without, who).items()}
    found["year 7 over year 3"] = over(found["consumption year 7, poor wages"], found["consumption year 3, poor wages"])
    found["good over poor"] = over(found["consumption year 3, good wages"], found["consumption year 3, poor wages"])
    return found


def effects(given: Years, without: Years, who: Flags) -> Numbers:
    """The change of consumption without bills, and of income, of those who got it, 3 and 7 years after."""
    return {
        f"{name} year {year}": effect(getattr(given, name)[who, year], getattr(without, name)[who, year])
        for name in ("consumption", "income")
        for year in (YEAR_3, YEAR_7)
    }


def effect(given: Array, without: Array) -> float:
    """The change of the sum, as a share of it; the sums are of the same households.

    Sources: West Bengal, Banerjee, Duflo & Sharma 2021: consumption +12 % after 3 and +25 % after 7 years; south India,
    Bauchet, Morduch & Ravi 2015: no net impact, for wage work was given up.
    """
    return ratio(float(given.sum()), float(without.sum())) - 1.0


def over(later: float, first: float) -> float:
    """One effect over another; missing (NaN) where the other is no gain, for then there is nothing to last.

    >>> over(0.2, 0.1), over(0.2, -0.1)
    (2.0, nan)
    """
    return later / first if first > 0 else float(np.nan)


SETTING = (
    "`no_support` with a grant of `industry_support` at its default of 8,000 yuan in kind to every registered "
    "household "
    "able to work in January 2017, without expiry, and `training` for 18 months, against the same households with the "
    "same luck without both. Poor wages: `process.wages.mean` 10,000 yuan and `process.migration.finding` .05; good "
    "wages: 25,000 yuan and .20; the ends of their plausible ranges"
)

P8 = Pattern(
    "P8", "an asset transfer lasts where wages are poor", "consumption +12 % at 3, +25 % at 7 years",
    "West Bengal; Banerjee, Duflo & Sharma 2021", SETTING,
    "change of the consumption (without bills) of those who got it in 2019 and 2023, 3 and 7 years after; there "
    "must be "
    "a gain at 3 years for it to last",
    run,
    (Part("consumption year 3, poor wages", "gain at 3 years", low=0.0, evidence=0.12, strict=True),
     Part("year 7 over year 3", "year 7 over year 3", low=0.8, percent=False, evidence=25 / 12)),
    {"consumption year 7, poor wages": "gain at 7 years", "income year 3, poor wages": "of income at 3 years",
     "income year 7, poor wages": "of income at 7 years"},
)  # fmt: skip

P9 = Pattern(
    "P9", "crowding out where wages are good", "no net impact", "south India; Bauchet, Morduch & Ravi 2015", SETTING,
    "gain of consumption at 3 years where wages are good over the gain where they are poor. A loss counts as less than "
    "a third: all that is asked is that there is no gain to speak of",
    run, (Part("good over poor", "gain, good wages over poor wages", high=1 / 3, evidence=0.0, percent=False,
               strict=True),),
    {"consumption year 3, good wages": "gain at 3 years, good wages",
     "consumption year 7, good wages": "gain at 7 years, good wages",
     "income year 3, good wages": "of income at 3 years, good wages"},
)  # fmt: skip
