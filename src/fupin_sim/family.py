"""Family: eight places at the table, filled and emptied by birth, marriage and death, so that a dynasty never ends.

The households of a village are those of its land: none is founded and none dies out. Children who do not inherit
leave; when the last member dies, young kin take the house over (succession). Splits are out of scope.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.draws import Draws, luck_key

PLACES = 8
NOBODY = -1
OLDEST = 110
WORKING, PENSIONABLE = 16, 65
"""Ages between which a person works, unless at school."""
BRIDE_IS_YOUNGER = 2
Ages = NDArray[np.int8]
Bits = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Luck = Callable[[str, NDArray[np.intp]], NDArray[np.float64]]
"""A uniform for each of some rows, by what it is drawn for."""


@dataclass(frozen=True)
class Customs:
    """Yearly chances by which families change; all assumed but the life table's shape."""

    births: float = 0.10
    wedding: float = 0.15
    leaving: float = 0.20
    mortality: float = 2.6e-5
    mortality_slope: float = 0.097
    infant: float = 0.012


@dataclass
class Families:
    """Who lives in each household.

    ages: shape (PLACES, n), NOBODY where the place is free. women, wed: bit i says it of place i, shape (n,).
    """

    ages: Ages
    women: Bits
    wed: Bits

    def __len__(self) -> int:
        return int(self.ages.shape[1])

    def is_woman(self, place: int) -> Flags:
        return (self.women >> np.uint8(place) & np.uint8(1)).astype(bool)

    def is_wed(self, place: int) -> Flags:
        return (self.wed >> np.uint8(place) & np.uint8(1)).astype(bool)

    def count(self, youngest: int, oldest: int = OLDEST) -> NDArray[np.int8]:
        """Persons of an age between, both included, shape (n,)."""
        return ((self.ages >= youngest) & (self.ages <= oldest)).sum(axis=0, dtype=np.int8)


def live_a_year(families: Families, customs: Customs, luck: Luck) -> NDArray[np.intp]:
    """One more year for every family, in place: ageing, deaths, leaving, births, succession. Weddings cost money and
    are the household's own affair: see `wed_son`.

    Returns the rows in which kin took over an empty house.
    """
    ages = families.ages
    ages += ages != NOBODY
    everyone = np.arange(len(families))
    risk = life_table(customs)
    for place in range(PLACES):
        rows = np.flatnonzero(ages[place] != NOBODY)
        dead = rows[luck(f"death {place}", rows) < risk[families.is_woman(place)[rows].astype(int), ages[place][rows]]]
        _clear(families, place, dead)
    _leave(families, customs, luck)
    _bear(families, customs, luck)
    empty = everyone[(ages == NOBODY).all(axis=0)]
    _succeed(families, empty, luck)
    return empty


def _clear(families: Families, place: int, rows: NDArray[np.intp]) -> None:
    families.ages[place][rows] = NOBODY
    bit = np.uint8(~(1 << place) & 0xFF)
    families.women[rows] &= bit
    families.wed[rows] &= bit


def _leave(families: Families, customs: Customs, luck: Luck) -> None:
    """Grown children who will not inherit go: daughters marry out, and sons once one couple of their age has stayed."""
    ages = families.ages
    young_couple = np.zeros(len(families), bool)
    for place in range(PLACES):
        young_couple |= families.is_wed(place) & (ages[place] >= 18) & (ages[place] <= 45)
    heirs = np.zeros(len(families), np.int8)
    for place in range(PLACES):
        single = (ages[place] >= 20) & (ages[place] <= 45) & ~families.is_wed(place)
        heir = single & ~families.is_woman(place) & ~young_couple & (heirs == 0)
        heirs += heir
        rows = np.flatnonzero(single & ~heir)
        _clear(families, place, rows[luck(f"leaving {place}", rows) < customs.leaving])


def suitors(families: Families) -> tuple[NDArray[np.intp], NDArray[np.int8]]:
    """Households with an heir of age 22 to 45 who is not wed and a free place for a bride: rows, and his place."""
    ages = families.ages
    young_couple = np.zeros(len(families), bool)
    for place in range(PLACES):
        young_couple |= families.is_wed(place) & (ages[place] >= 18) & (ages[place] <= 45)
    where = np.full(len(families), NOBODY, np.int8)
    for place in range(PLACES):
        single = (ages[place] >= 22) & (ages[place] <= 45) & ~families.is_wed(place) & ~families.is_woman(place)
        where[single & (where == NOBODY) & ~young_couple] = place
    rows = np.flatnonzero((where != NOBODY) & (ages == NOBODY).any(axis=0))
    return rows, where[rows]


def wed_son(families: Families, rows: NDArray[np.intp], place: NDArray[np.int8]) -> None:
    """Sons in these places marry; the bride moves in."""
    age = families.ages[place, rows]
    families.wed[rows] |= np.left_shift(np.uint8(1), place.astype(np.uint8))
    _seat(families, rows, np.maximum(age - BRIDE_IS_YOUNGER, 20).astype(np.int8), np.ones(len(rows), bool), True)


def _bear(families: Families, customs: Customs, luck: Luck) -> None:
    ages = families.ages
    fertile = np.zeros(len(families), bool)
    for place in range(PLACES):
        fertile |= families.is_wed(place) & families.is_woman(place) & (ages[place] >= 20) & (ages[place] <= 42)
    rows = np.flatnonzero(fertile & (ages == NOBODY).any(axis=0))
    rows = rows[luck("birth", rows) < customs.births]
    _seat(families, rows, np.zeros(len(rows), np.int8), luck("sex of the child", rows) < 0.488, False)


def _succeed(families: Families, rows: NDArray[np.intp], luck: Luck) -> None:
    """A young couple and their child take over an empty house."""
    age = (24 + np.floor(10 * luck("succession", rows))).astype(np.int8)
    for years, woman, wed in ((0, False, True), (-BRIDE_IS_YOUNGER, True, True)):
        _seat(families, rows, (age + years).astype(np.int8), np.full(len(rows), woman), wed)
    _seat(families, rows, (age - 23).astype(np.int8), luck("sex of the heir", rows) < 0.488, False)


def _seat(families: Families, rows: NDArray[np.intp], age: Ages, woman: Flags, wed: bool) -> None:
    """Give each newcomer the first free place."""
    if len(rows) == 0:
        return
    place = np.argmax(families.ages[:, rows] == NOBODY, axis=0).astype(np.uint8)
    families.ages[place, rows] = age
    bit = np.left_shift(np.uint8(1), place)
    families.women[rows] |= np.where(woman, bit, np.uint8(0))
    if wed:
        families.wed[rows] |= bit


@lru_cache(maxsize=16)
def life_table(customs: Customs) -> NDArray[np.float64]:
    """Chance to die within the year, by sex (man, woman) and age, shape (2, OLDEST + 2); certain at the end.

    A Gompertz curve with an infant's risk on top; women's risk is that of men five years younger.
    """
    age = np.arange(OLDEST + 2, dtype=np.float64)
    table = np.stack(
        [customs.mortality * maths.exp(customs.mortality_slope * np.maximum(age - younger, 0.0)) for younger in (0, 5)]
    )
    table[:, 0] += customs.infant
    table[:, OLDEST:] = 1.0
    return np.minimum(table, 1.0)


@lru_cache(maxsize=4)
def donors(customs: Customs, number: int = 4096, years: int = 200) -> Families:
    """Families in their steady state: dynasties lived for two centuries, from which a population is drawn.

    Their luck hangs on no seed, so a population differs from another only by which donors it drew.
    """
    keys, draws = luck_key("donor", np.arange(number)), Draws(0)
    families = Families(np.full((PLACES, number), NOBODY, np.int8), np.zeros(number, np.uint8), np.zeros(number, np.uint8))
    for year in range(years):
        live_a_year(families, customs, lambda what, rows, y=year: draws.uniform(what, y, keys[rows]))
        rows, place = suitors(families)
        willing = draws.uniform("wedding", year, keys[rows]) < customs.wedding
        wed_son(families, rows[willing], place[willing])
    return families
