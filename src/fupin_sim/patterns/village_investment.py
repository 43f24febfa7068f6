"""P7: what is built for a whole village serves its better-off more than its poor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.mean import ratio
from fupin_sim.patterns.pattern import Numbers, Part, Pattern, Sets
from fupin_sim.patterns.years import lived, with_policies
from fupin_sim.world import Array, Flags

YEARS = 5
BUILT = {"name": "roads", "use": "village_infrastructure", "start": "2017-01", "end": "2020-12"}
"""Everywhere, for everybody, at its default level; the first year is lived without, to tell the halves apart."""


def run(seed: int, sets: Sets) -> Numbers:
    """Four years of building, and the same households with the same luck without it."""
    without = lived("no_support", seed, sets, YEARS)
    built = lived(with_policies("no_support", [BUILT]), seed, sets, YEARS)
    top = top_half(without.income_pc[:, 0], without.village[:, 0])
    before, after, people = without.income[:, -1], built.income[:, -1], without.members[:, -1]
    gain = {name: gained(after[rows], before[rows]) for name, rows in (("top half", top), ("bottom half", ~top))}
    return {
        **gain, "top less bottom": gain["top half"] - gain["bottom half"],
        "yuan, top half": ratio(float((after - before)[top].sum()), float(people[top].sum())),
        "yuan, bottom half": ratio(float((after - before)[~top].sum()), float(people[~top].sum())),
    }  # fmt: skip


def top_half(income: Array, village: NDArray[np.int64]) -> Flags:
    """Which households are above the median household of their village; income per person, shape (n,).

    >>> top_half(np.array([1.0, 2.0, 3.0, 9.0, 5.0]), np.array([0, 0, 0, 1, 1])).tolist()
    [False, False, True, True, False]
    """
    flags = np.zeros(len(income), bool)
    for number in np.unique(village):
        mine = village == number
        flags[mine] = income[mine] > np.median(income[mine])
    return flags


def gained(after: Array, before: Array) -> float:
    """The change of total income as a share of what it was.

    Source: Park & Wang 2010, community development in poor villages of China (整村推进): income or consumption of
    richer households +6.1 to +9.2 %, of the poorer nothing.
    """
    return ratio(float(after.sum()), float(before.sum())) - 1.0


P7 = Pattern(
    "P7", "untargeted village investment", "richer +6.1–9.2 %, poorer none",
    "Park & Wang 2010, villages of western China 2001–04",
    "`no_support` with `village_infrastructure` everywhere in 2017–20 at its default level, against the same "
    "households with the same luck without it",
    "change of the sum of incomes of 2020; halves of each village by income per person of 2016, before anything is "
    "built",
    run,
    (Part("top less bottom", "gain of the top half less that of the bottom half", low=0.0, strict=True),
     Part("bottom half", "gain of the bottom half", high=0.03, strict=True)),
    {"top half": "gain of the top half", "yuan, top half": "yuan a person and year, top half",
     "yuan, bottom half": "yuan a person and year, bottom half"},
)  # fmt: skip
