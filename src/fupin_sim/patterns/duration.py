"""P4: the longer a household has been out of poverty, the less likely it falls back."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.mean import ratio
from fupin_sim.measures.spells import spells
from fupin_sim.patterns.pattern import Numbers, Part, Pattern, Sets
from fupin_sim.patterns.years import lived
from fupin_sim.world import Flags

YEARS = 12
LAST = 8


def run(seed: int, sets: Sets) -> Numbers:
    """Twelve years without support, with growth and without."""
    found: Numbers = {}
    for name, growth in (("growth", True), ("no growth", False)):
        poor = lived("no_support", seed, {"process.growth.on": growth, **sets}, YEARS).poor
        found |= {f"{value}, {name}": number for value, number in dependence(poor).items()}
    return found


def dependence(poor: Flags) -> Numbers:
    """Re-entry hazard by year since exit, and year 2 over year 5; poor each December, shape (households, dates).

    Source: negative duration dependence of re-entry in rural China, CHNS 1989–2006 and 1989–2009 (Imai & You 2014).
    """
    hazard = spells(poor.astype(np.int8)).hazards("re-entry").hazard
    at = {year: float(hazard[year - 1]) if len(hazard) >= year else float("nan") for year in range(1, LAST + 1)}
    year_2_over_5 = ratio(at[2], at[5]) if at[5] == at[5] else float("nan")
    return {"year 2 over year 5": year_2_over_5, **{f"re-entry hazard {year}": at[year] for year in at}}


P4 = Pattern(
    "P4", "re-entry hazard, year 2 over year 5 since exit", "negative dependence on duration",
    "China Health and Nutrition Survey 1989–2009; You & Imai 2014, abstract read",
    "`no_support`, 12 years, with growth on and off; the surveys are from before the campaign",
    "hazard to be poor again after 2, and after 5, Decembers out of poverty, of spells whose beginning was seen",
    run,
    (Part("year 2 over year 5, growth", "year 2 over year 5, growth on", 1.3, percent=False),
     Part("year 2 over year 5, no growth", "year 2 over year 5, growth off", 1.3, percent=False)),
    {"re-entry hazard 2, growth": "hazard of year 2, growth on", "re-entry hazard 5, growth": "of year 5, growth on",
     "re-entry hazard 2, no growth": "of year 2, growth off", "re-entry hazard 5, no growth": "of year 5, growth off"},
)  # fmt: skip
