"""P5: about half of the squared poverty gap is of those who are not poor on average."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.chronic import jalan_ravallion
from fupin_sim.model import spec_of
from fupin_sim.patterns.pattern import Numbers, Part, Pattern, Sets
from fupin_sim.patterns.years import lived
from fupin_sim.world import Array

YEARS = 6


def run(seed: int, sets: Sets) -> Numbers:
    """Six years without support and without growth."""
    settings = {"process.growth.on": False, **sets}
    seen = lived("no_support", seed, settings, YEARS)
    line = float(spec_of("no_support", settings).section("line")["level"])
    weight = seen.members.mean(axis=1)
    return {
        "transient share": transient_share(seen.spending_pc, line, weight),
        "transient share of income": transient_share(seen.income_pc, line, weight),
        "poor by consumption": float(np.average(seen.spending_pc < line, weights=seen.members)),
        "poor by income": float(np.average(seen.income_pc < line, weights=seen.members)),
    }


def transient_share(welfare: Array, line: float, weight: Array) -> float:
    """The part of the squared gap that vanishes when each household's welfare is its mean over the years.

    welfare: per person, shape (households, years). weight: persons, shape (households,).
    Source: Jalan & Ravallion 1998, rural households of south-west China, 1985–90, six years of consumption.
    """
    return jalan_ravallion(welfare, line, weight).share


P5 = Pattern(
    "P5", "transient share of the squared gap", "about half",
    "Jalan & Ravallion 1998, south-west China 1985–90", "`no_support`, growth off, 6 years: before any of the policies",
    "Jalan and Ravallion's split, uncorrected as in the source, of consumption per person with own bills, persons as "
    "weights",
    run, (Part("transient share", "transient share of the squared gap", 0.35, 0.65, 0.5),),
    {"transient share of income": "the same of income", "poor by consumption": "poor by consumption, all years",
     "poor by income": "poor by income, all years"},
)  # fmt: skip
