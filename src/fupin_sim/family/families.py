"""Families: eight places at the table of each household, and who sits there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

PLACES = 8
OLDEST_AGE = 127
NOBODY = -1
"""Age of a place where nobody sits."""
ADULT, RETIRED, ELDER = 16, 65, 60
"""Ages from which a person works unless at school, no longer works, and counts as old."""
ENTERS_SENIOR_HIGH, LEAVES_SENIOR_HIGH, LEAVES_COLLEGE = 15, 18, 22
"""Ages in September, when the school year begins."""
SEPTEMBER = 8
"""Month of the calendar, counted from 0."""
BITS = ("women", "wed", "at_school")
Counts = NDArray[np.int8]
Flags = NDArray[np.bool_]
Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Customs:
    """What families do by chance, and whom they care for; the parameters of the process `family` say more of each."""

    births: float
    wedding: float
    affordable: float
    students: float
    leaving: float
    mortality: float
    mortality_slope: float
    infant_mortality: float
    women_younger: float
    small_child: int
    very_old: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """The customs among the values of a process."""
        return cls(**{field.name: values[field.name] for field in fields(cls)})


@dataclass
class Families:
    """Who lives in each household, all of shape (PLACES, n).

    ages: in years, NOBODY where the place is free. women, wed, at_school: flags, False where nobody sits; `wed` stays
    with the widowed.
    """

    ages: Counts
    women: Flags
    wed: Flags
    at_school: Flags

    @classmethod
    def none(cls, n: int) -> Self:
        """Empty tables."""
        ages = np.full((PLACES, n), NOBODY, np.int8)
        return cls(ages, *(np.zeros((PLACES, n), bool) for _ in BITS))

    @classmethod
    def of(cls, home: Any, rows: Rows | slice = slice(None)) -> Self:
        """Those of household columns, or of some rows of them, copied."""
        ages = np.stack([getattr(home, f"age_{place + 1}")[rows] for place in range(PLACES)])
        return cls(ages, *(_unpacked(getattr(home, bits)[rows]) for bits in BITS))

    def columns(self) -> dict[str, NDArray[Any]]:
        """As household columns: an age for each place, and for each kind of flag a byte with a bit for each place."""
        ages = {f"age_{place + 1}": self.ages[place] for place in range(PLACES)}
        return ages | {bits: packed(getattr(self, bits)) for bits in BITS}

    @classmethod
    def together(cls, parts: Sequence[Families]) -> Self:
        """Those of all the parts, one after the other."""
        return cls(*(np.concatenate([getattr(part, each.name) for part in parts], axis=1) for each in fields(cls)))

    def of_rows(self, rows: Rows) -> Families:
        """Those of some households, copied."""
        return Families(*(getattr(self, each.name).take(rows, axis=1) for each in fields(self)))

    def copy(self) -> Families:
        return Families(*(getattr(self, each.name).copy() for each in fields(self)))

    def __len__(self) -> int:
        return int(self.ages.shape[1])

    def count(self, youngest: int = 0, oldest: int = OLDEST_AGE) -> Counts:
        """Persons of an age between, both included, shape (n,)."""
        of_age = self.ages >= youngest
        return number(of_age if oldest == OLDEST_AGE else of_age & (self.ages <= oldest))

    @property
    def workers(self) -> Flags:
        """Who is of working age and not at school."""
        flags: Flags = (self.ages >= ADULT) & (self.ages < RETIRED) & ~self.at_school
        return flags

    def vacate(self, places: Flags) -> None:
        """Those at these places are gone."""
        self.ages[places] = NOBODY
        for bits in BITS:
            flags = getattr(self, bits)
            flags &= ~places

    def seat(self, rows: Rows, age: NDArray[Any], woman: Flags, wed: bool) -> None:
        """A newcomer takes the first free place in each of these households; there must be one."""
        place = np.argmax(self.ages.take(rows, axis=1) == NOBODY, axis=0)
        self.ages[place, rows] = age
        self.women[place, rows] = woman
        self.wed[place, rows] = wed


def number(flags: Flags) -> Counts:
    """How many places of each household are flagged, shape (n,)."""
    counts: Counts = flags.view(np.int8).sum(axis=0, dtype=np.int8)
    return counts


def head_counts(families: Families, customs: Customs, others: Counts) -> dict[str, Counts]:
    """Household columns that follow from who lives there.

    others: members beyond the eight places, children of unknown age, shape (n,).
    """
    return {
        "members": families.count() + others,
        **work_counts(families, customs),
        "children": families.count(0, ADULT - 1) + others,
        "elders": families.count(ELDER),
    }


def work_counts(families: Families, customs: Customs) -> dict[str, Counts]:
    """Household columns that also follow from who is at school: who works, and who is tied to care.

    A worker is so for each of two reasons, small children and the very old, unless someone who has retired and is not
    very old is there to help.
    """
    workers = number(families.workers)
    need = (families.count(0, customs.small_child - 1) > 0).astype(np.int8)
    need += families.count(customs.very_old) > 0
    need -= families.count(RETIRED, customs.very_old - 1)
    return {"workers": workers, "carers": np.minimum(np.maximum(need, 0), workers)}


def pupil_counts(families: Families, month: int) -> dict[str, Counts]:
    """Household columns: pupils at senior high school and at college, in a month of the calendar, 0 to 11.

    Ages count from January, school years from September: who is 18 finishes senior high school in summer.
    """
    senior = families.at_school & (families.ages <= LEAVES_SENIOR_HIGH - (month >= SEPTEMBER))
    return {"pupils_senior": number(senior), "pupils_college": number(families.at_school & ~senior)}


def _unpacked(bits: NDArray[np.uint8]) -> Flags:
    # Shifts by hand: NumPy's (un)packbits along the first axis are ten times slower.
    flags: Flags = ((bits >> _SHIFTS) & np.uint8(1)).view(bool)
    return flags


def packed(flags: Flags) -> NDArray[np.uint8]:
    """A byte for each household with a bit for each place."""
    bits: NDArray[np.uint8] = flags[0].astype(np.uint8)
    for place in range(1, PLACES):  # several times as fast as all places at once, reduced
        bits |= flags[place].view(np.uint8) << np.uint8(place)
    return bits


_SHIFTS = np.arange(PLACES, dtype=np.uint8)[:, None]
