"""Counts: poverty in 2012–20 with growth only, with policy only and with both, beside the official numbers.

Nothing here passes or fails: the official counts are of all of rural China, and the model is one of poor areas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fupin_sim.model import spec_of
from fupin_sim.patterns import NO_CAMPAIGN, Numbers, Sets
from fupin_sim.simulation import simulate

YEARS = range(2012, 2021)
POOR: Sequence[float] = (9_899, 8_249, 7_017, 5_575, 4_335, 3_046, 1_660, 551, 0)
"""Rural poor of China at the end of 2012 to 2020, ten thousand persons, by the standard of 2010.

The falls are measured; the levels of 2013–15 are unverified. National Bureau of Statistics.
"""
RETURNS: Mapping[int, float] = {2016: 68.4, 2017: 20.8, 2018: 5.8, 2019: 0.54}
"""Persons who returned to poverty by the registers of all counties, ten thousand; as often cited, unverified."""
ARMS = ("growth only", "policy only", "both")
BEGINS = 2012
GROWN = 4
"""Years by which the run begins before the baseline; what grows is taken back by so many years at its own rate."""


def settings(arm: str) -> dict[str, Any]:
    """The settings of an arm, on top of the baseline; the transfers of the campaign begin in 2014."""
    values = spec_of("baseline").values()
    rate = {name: 1.0 + float(values[f"process.growth.{name}"]) for name in ("wage", "business", "transfers")}
    begun: dict[str, Any] = {
        "scenario.start": f"{BEGINS}-01", "scenario.years": len(YEARS), "measures.use": ["headcount"],
        "process.wages.mean": float(values["process.wages.mean"]) / rate["wage"] ** GROWN,
        "process.business.price": 1.0 / rate["business"] ** GROWN,
        "policy.universal.level": float(values["policy.universal.level"]) / rate["transfers"] ** GROWN,
        "policy.targeted.level": float(values["policy.targeted.level"]) / rate["transfers"] ** GROWN,
        "policy.targeted.start": "2014-01",
    }  # fmt: skip
    if arm == "growth only":
        kept = {key: value for key, value in begun.items() if not key.startswith("policy.targeted.")}
        return {**kept, **NO_CAMPAIGN}
    return begun | ({"process.growth.on": False} if arm == "policy only" else {})


def headcounts(arm: str, seed: int, sets: Sets) -> Numbers:
    """The headcount of persons at the end of each year, by year."""
    series = simulate("baseline", seed, sets={**settings(arm), **sets}).series
    found = series.loc[series["measure"] == "headcount", "value"]
    return {str(year): float(value) for year, value in zip(YEARS, found, strict=True)}
