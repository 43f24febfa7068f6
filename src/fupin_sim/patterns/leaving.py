"""P2, P3: how soon the poor leave poverty, and how many of those who left are back some years later."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.returns import return_within
from fupin_sim.measures.spells import spells
from fupin_sim.patterns.pattern import NO_CAMPAIGN, Numbers, Part, Pattern, Sets
from fupin_sim.patterns.years import lived
from fupin_sim.world import Flags

YEARS = 12


def run(seed: int, sets: Sets) -> Numbers:
    """Twelve years of the baseline without campaign transfers."""
    seen = lived("baseline", seed, {**NO_CAMPAIGN, **sets}, YEARS)
    return {**hazards_of_leaving(seen.poor), **back_within(seen.poor), **of_the_register(seen.exited, seen.poor)}


def hazards_of_leaving(poor: Flags) -> Numbers:
    """Chance to leave after one and after five Decembers in poverty, of spells whose beginning was seen.

    poor: each December, shape (households, dates). Missing (NaN) when nobody is at risk.
    Source: 37.2 % and 8.6 % in rural China, China Family Panel Studies (CFPS); the abstract was read, not the article.
    """
    found = spells(poor.astype(np.int8))
    seen, under_way = found.hazards("exit"), found.hazards("exit of spells under way")
    at = {year: seen.hazard[year - 1] if len(seen.hazard) >= year else np.nan for year in range(1, 9)}
    return {
        "leave in year 1": float(at[1]), "leave in year 5": float(at[5]),
        "leave in the first year seen, spells under way": float(under_way.hazard[0]) if len(under_way.hazard) else
        float("nan"),
        **{f"leaving hazard {year}": float(hazard) for year, hazard in at.items()},
    }  # fmt: skip


def first_exit(poor: Flags) -> NDArray[np.int64]:
    """The first December a household is out of poverty after one in it, as a column; -1 for none.

    >>> first_exit(np.array([[True, True, False, True], [False, False, True, True]])).tolist()
    [2, -1]
    """
    out = np.pad(poor[:, :-1] & ~poor[:, 1:], ((0, 0), (1, 0)))
    return np.where(out.any(axis=1), out.argmax(axis=1), -1)


def back_within(poor: Flags) -> Numbers:
    """The share of those who left poverty that are poor in one of the next 3, 4, 5 Decembers, all of them seen.

    poor: shape (households, dates). Source: "nearly 15 % of those who had left return after 3 to 5 years", CFPS, in the
    abstract read for `hazards_of_leaving`.
    """
    exits = first_exit(poor)
    return {f"back within {dates} years": return_within(exits, poor, dates) for dates in (3, 4, 5)}


def of_the_register(exited: Flags, poor: Flags) -> Numbers:
    """The same, of those who were struck off the register."""
    exits = np.where(exited.any(axis=1), exited.argmax(axis=1), -1)
    return {f"back within {dates} years, off the register": return_within(exits, poor, dates) for dates in (3, 5)}


SOURCE = (
    "China Family Panel Studies; an article on how fast and how lastingly households leave poverty "
    "(脱贫速度及脱贫稳定性), of which the abstract was read"
)
SETTING = (
    "`baseline` without `policy.targeted`, growth on, 12 years, default population. The survey observed incomes and no "
    "register, and its pattern of return is the one without campaign transfers, so both are held against that world"
)

P2 = Pattern(
    "P2", "leave poverty in year 1 and year 5 of a spell", "37.2 and 8.6 %", SOURCE, SETTING,
    "poor: twelve-month income per person below the line in December. Hazard after 1 and after 5 Decembers in poverty, "
    "spells under way at the first December set apart, for their length is not known",
    run,
    (Part("leave in year 1", "leave in year 1", 0.29, 0.45, 0.372),
     Part("leave in year 5", "leave in year 5", 0.04, 0.13, 0.086)),
    {"leave in the first year seen, spells under way": "of the spells set apart, leave in the first year seen"},
)  # fmt: skip

P3 = Pattern(
    "P3", "return within 3–5 years without campaign transfers", "about 15 %", SOURCE, SETTING,
    "first December out of poverty after one in it; share poor in one of the next 3, and one of the next 5, Decembers. "
    "Strictly read: both must lie in the range",
    run,
    (Part("back within 3 years", "back within 3 years", 0.10, 0.20, 0.15),
     Part("back within 5 years", "back within 5 years", 0.10, 0.20, 0.15)),
    {"back within 4 years": "back within 4 years",
     "back within 3 years, off the register": "by exit from the register: back within 3 years",
     "back within 5 years, off the register": "by exit from the register: back within 5 years"},
)  # fmt: skip
