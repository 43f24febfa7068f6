"""A year of families: death, parting, birth, succession; weddings apart, for they cost money.

The households of a village are those of its land: none is founded and none dies out. Children who do not inherit
leave; when the last member dies, young kin take the house over. Splits are out of scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.family.families import ADULT, NOBODY, PLACES, Counts, Customs, Families, Flags, Rows, number
from fupin_sim.family.life_table import life_table

GROWN, GROOM, SETTLED = 20, 22, 45
"""Ages from which children leave home and sons marry, and after which they stay as they are."""
BRIDE_IS_YOUNGER = 2
GENERATION = 18
"""Years of age within which two people are of one generation."""
FERTILE_FROM, LESS_FERTILE_FROM, FERTILE_UNTIL = 20, 25, 43
GIRLS = 0.488
YOUNGEST_KIN, KIN_SPREAD, KIN_AT_BIRTH = 24, 10, 23
"""Who takes over an empty house: a man of 24 to 33, his wife and a child born when he was 23."""
WOMEN = 128
"""Where women begin in a table over the ages of both sexes."""
Luck = Callable[[str, Rows], NDArray[np.float64]]
"""A uniform for each of some households, by what it is drawn for."""


@dataclass(frozen=True)
class Changes:
    """What a year did besides ageing.

    gone: places whose people died or left, perhaps taken again since, shape (PLACES, n). buried: adults who died,
    shape (n,). taken_over: rows of the houses that kin took over.
    """

    gone: Flags
    buried: Counts
    taken_over: Rows


def live_a_year(families: Families, customs: Customs, luck: Luck) -> Changes:
    """One more year for every family, in place."""
    ages = families.ages
    dead = _deaths(families, customs, luck)
    buried = number(dead & (ages >= ADULT))
    families.vacate(dead)
    ages += ages != NOBODY
    left = _partings(families, customs, luck)
    families.vacate(left)
    _bear(families, customs, luck)
    empty = np.flatnonzero(ages.max(axis=0) == NOBODY)
    _succeed(families, empty, luck)
    return Changes(dead | left, buried, empty)


def heirs(families: Families) -> tuple[Rows, Counts]:
    """The eldest single son of age 20 to 45 of each household in which no couple of his generation lives.

    Returns the rows of those households, and his place in each.
    """
    ages = families.ages
    single = _of_age(families) & ~families.women
    eldest = (ages * single).max(axis=0)
    settled = (families.wed & (np.abs(ages - eldest) < GENERATION)).any(axis=0)
    rows = np.flatnonzero((eldest > 0) & ~settled)
    place = np.argmax(ages.take(rows, axis=1) * single.take(rows, axis=1), axis=0)
    return rows, place.astype(np.int8)


def suitors(families: Families) -> tuple[Rows, Counts]:
    """Households whose heir is old enough to marry and not at school, with a place for the bride; and his place."""
    rows, place = heirs(families)
    ready = (families.ages[place, rows] >= GROOM) & ~families.at_school[place, rows]
    ready &= families.ages.take(rows, axis=1).min(axis=0) == NOBODY
    return rows[ready], place[ready]


def wed(families: Families, rows: Rows, place: Counts) -> None:
    """Sons at these places marry; the bride moves in."""
    bride = np.maximum(families.ages[place, rows] - BRIDE_IS_YOUNGER, FERTILE_FROM)
    families.wed[place, rows] = True
    families.seat(rows, bride, np.ones(len(rows), bool), wed=True)


def _of_age(families: Families) -> Flags:
    """Who might leave or marry."""
    flags: Flags = (families.ages >= GROWN) & (families.ages <= SETTLED) & ~families.wed
    return flags


def _deaths(families: Families, customs: Customs, luck: Luck) -> Flags:
    table = life_table(
        customs.mortality, customs.mortality_slope, customs.infant_mortality, customs.women_younger
    )  # fmt: skip
    risk = np.ones((2, WOMEN))
    risk[:, : table.shape[1]] = table
    # A byte says it all: seven bits for the age, and the first for a woman.
    entries = families.ages.view(np.uint8) | (families.women.view(np.uint8) * np.uint8(WOMEN))
    dead = np.zeros_like(families.women)
    for place in range(PLACES):
        rows = (families.ages[place] != NOBODY).nonzero()[0]
        if len(rows):
            dead[place][rows] = luck(f"death {place + 1}", rows) < risk.ravel().take(entries[place][rows])
    return dead


def _partings(families: Families, customs: Customs, luck: Luck) -> Flags:
    """Grown children who are single, not at school and will not inherit leave: to marry, or for good."""
    ready, left = _of_age(families) & ~families.at_school, np.zeros_like(families.women)
    at_home, heir = heirs(families)
    ready[heir, at_home] = False
    for place in range(PLACES):
        rows = np.flatnonzero(ready[place])
        if len(rows):
            left[place][rows] = luck(f"leaving {place + 1}", rows) < customs.leaving
    return left


def _bear(families: Families, customs: Customs, luck: Luck) -> None:
    """The youngest wife of each household may bear a child, if there is a place for it; less and less from 25 on."""
    ages = families.ages
    wives = families.wed & families.women & (ages >= FERTILE_FROM) & (ages < FERTILE_UNTIL)
    rows = np.flatnonzero(wives.any(axis=0) & (ages.min(axis=0) == NOBODY))
    age = np.where(wives.take(rows, axis=1), ages.take(rows, axis=1), FERTILE_UNTIL).min(axis=0)
    chance = customs.births * np.minimum((FERTILE_UNTIL - age) / (FERTILE_UNTIL - LESS_FERTILE_FROM), 1.0)
    rows = rows[luck("birth", rows) < chance]
    families.seat(rows, np.zeros(len(rows), np.int8), luck("sex of the child", rows) < GIRLS, wed=False)


def _succeed(families: Families, rows: Rows, luck: Luck) -> None:
    """A young couple and their child take over an empty house."""
    age = YOUNGEST_KIN + np.floor(KIN_SPREAD * luck("succession", rows))
    for years, woman in ((0, False), (-BRIDE_IS_YOUNGER, True)):
        families.seat(rows, age + years, np.full(len(rows), woman), wed=True)
    families.seat(rows, age - KIN_AT_BIRTH, luck("sex of the kin's child", rows) < GIRLS, wed=False)
