"""Donors: families in their steady state, from which a population takes its own."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fupin_sim.draws import Draws, luck_key
from fupin_sim.family.families import (
    LEAVES_COLLEGE,
    LEAVES_SENIOR_HIGH,
    NOBODY,
    PLACES,
    Customs,
    Families,
    Rows,
)
from fupin_sim.family.year import (
    BRIDE_IS_YOUNGER,
    GENERATION,
    GIRLS,
    KIN_AT_BIRTH,
    YOUNGEST_KIN,
    live_a_year,
    suitors,
    wed,
)

DYNASTIES = 1536
OLDEST_FOUNDER, CHILD_AT_HOME_UNTIL = 90, 60
"""Founders of a dynasty are of any age up to the first, and have a child at home up to the second: near to what lasts,
so that the steady state is soon reached."""
STEADY, APART, TIMES = 120, 15, 8
"""Years until it is; years between two looks at the dynasties from then on; and how many looks."""
NEAR = 2
"""Years by which the age of a donor's head may differ where there are several to choose from."""


@lru_cache(maxsize=4)
def donors(customs: Customs) -> Families:
    """Families in the steady state of the yearly process, some twelve thousand.

    Their luck hangs on no seed, so that a population differs from another only by which donors it drew. A wedding is
    held with a chance of wedding × affordable a year, in place of the purses that postpone it in the model, and a
    child of 18 goes to college with a chance of `students`, in place of schooling and purses.
    """
    keys, draws = luck_key("donor", np.arange(DYNASTIES)), Draws(0)
    families, seen = _founders(draws, keys), []
    for year in range(STEADY + APART * (TIMES - 1) + 1):

        def luck(what: str, rows: Rows, year: int = year) -> NDArray[np.float64]:
            return draws.uniform(what, year, keys[rows])

        live_a_year(families, customs, luck)
        _study(families, luck("college", np.arange(DYNASTIES)) < customs.students)
        rows, place = suitors(families)
        held = luck("wedding", rows) < customs.wedding * customs.affordable
        wed(families, rows[held], place[held])
        if year >= STEADY and (year - STEADY) % APART == 0:
            seen.append(families.copy())
    steady = Families.together(seen)
    steady.at_school[:] = False  # the process of schooling says who goes to school, and knows the purse
    return steady


def _founders(draws: Draws, keys: NDArray[np.uint64]) -> Families:
    """A couple in each household, and a child with those who are not old."""
    families, rows = Families.none(len(keys)), np.arange(len(keys))
    age = YOUNGEST_KIN + np.floor((OLDEST_FOUNDER - YOUNGEST_KIN) * draws.uniform("founder", 0, keys))
    for years, woman in ((0, False), (-BRIDE_IS_YOUNGER, True)):
        families.seat(rows, age + years, np.full(len(rows), woman), wed=True)
    rows = rows[age < CHILD_AT_HOME_UNTIL]
    families.seat(rows, age[rows] - KIN_AT_BIRTH, draws.uniform("sex of the child", 0, keys[rows]) < GIRLS, wed=False)
    return families


def _study(families: Families, chosen: NDArray[np.bool_]) -> None:
    """Some go to college at 18, and stay there until 22."""
    ages = families.ages
    families.at_school |= (ages == LEAVES_SENIOR_HIGH) & chosen
    families.at_school &= ages < LEAVES_COLLEGE


def choose(
    pool: Families,
    u: NDArray[np.float64],
    members: NDArray[np.int64] | None = None,
    head_age: NDArray[np.float64] | None = None,
) -> Families:
    """A donor for each household: of its size, and with someone in it who could be its head, as far as these are known.

    u: a uniform for each household, shape (n,), which chooses among the donors that fit. Of a household of more
    members than there are places eight are found; where no donor is as large as needed, the largest is taken, and
    where all are larger, some of the donor's people stay away.
    """
    if members is None:
        return pool.of_rows(np.floor(u * len(pool)).astype(np.intp))
    donor, age = heads(pool) if head_age is not None else (np.arange(len(pool)), np.zeros(len(pool), np.int64))
    size = pool.count().astype(np.int64)[donor]
    there = np.unique(size)
    wanted = there[np.maximum(np.searchsorted(there, np.minimum(members, PLACES), side="right") - 1, 0)]
    order = np.lexsort((donor, age, size))
    donor, age, size = donor[order], age[order], size[order]
    first, last = np.searchsorted(size, wanted), np.searchsorted(size, wanted, side="right")
    if head_age is not None:
        first, last = _near(first, last, age + 1000 * size, np.rint(head_age).astype(np.int64) + 1000 * wanted)
    chosen = pool.of_rows(donor[first + np.floor(u * (last - first)).astype(np.intp)])
    for place in reversed(range(PLACES)):
        surplus = chosen.count() > members
        chosen.vacate((chosen.ages != NOBODY) & surplus & (np.arange(PLACES) == place)[:, None])
    return chosen


def heads(families: Families) -> tuple[Rows, NDArray[np.int64]]:
    """Who could be the head of a household: every husband, widower or widow, or else the eldest. Rows, and ages."""
    ages, wed = families.ages, families.wed
    could = wed & ~families.women
    for place in range(PLACES):
        husband = (wed & ~families.women & (np.abs(ages - ages[place]) < GENERATION)).any(axis=0)
        could[place] |= wed[place] & families.women[place] & ~husband
    could |= (ages == ages.max(axis=0)) & ~wed.any(axis=0)
    places, rows = np.nonzero(could)
    return rows, ages[places, rows].astype(np.int64)


def _near(first: Rows, last: Rows, age: NDArray[np.int64], wanted: NDArray[np.int64]) -> tuple[Rows, Rows]:
    """Of the ascending ages first to last (not included) the run within NEAR of the wanted one, or the one nearest."""
    low = np.clip(np.searchsorted(age, wanted - NEAR), first, last)
    high = np.clip(np.searchsorted(age, wanted + NEAR, side="right"), first, last)
    below, above = np.maximum(low - 1, first), np.minimum(low, last - 1)
    nearest = np.where(wanted - age[below] <= age[above] - wanted, below, above)
    none = low == high
    return np.where(none, nearest, low), np.where(none, nearest + 1, high)
