"""Schooling: who goes to senior high school and college, what it costs, and what it leaves (上学负担)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.family.families import (
    ENTERS_SENIOR_HIGH,
    LEAVES_COLLEGE,
    LEAVES_SENIOR_HIGH,
    PLACES,
    SEPTEMBER,
    Families,
    number,
)
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.processes import school_cycle
from fupin_sim.processes.aspiration import gap
from fupin_sim.world import Array, World

SENIOR_HIGH = LEAVES_SENIOR_HIGH - ENTERS_SENIOR_HIGH
COLLEGE = LEAVES_COLLEGE - LEAVES_SENIOR_HIGH
COMPULSORY = 9
"""Years of schooling that everybody has."""
MOST_YEARS = 25.0
Rows = NDArray[np.intp]


class Schooling(Process):
    """Each September the children of school age go on or leave; what a leaver brings moves the household's schooling.

    A household's schooling is measured against its own time: it moves by what a leaver has more, or less, than such a
    family expects, and not because all children now go to school longer. So it has no trend of its own.
    """

    fee_senior_high = Parameter(
        5_000.0, unit="yuan per pupil-year", range=(3_000, 8_000), limits=(0, 1e6), mark="unverified",
        doc="fees and board at senior high school",
    )  # fmt: skip
    fee_college = Parameter(
        15_000.0, unit="yuan per pupil-year", range=(10_000, 20_000), limits=(0, 1e6), mark="unverified",
        doc="fees and board at college",
    )  # fmt: skip
    senior_high_from = Parameter(
        5.0, unit="years of schooling of the adults", range=(3, 8), limits=(0, 25), mark="assumed",
        doc="at which half of the children go on to senior high school",
    )  # fmt: skip
    college_from = Parameter(
        8.0, unit="years of schooling of the adults", range=(6, 11), limits=(0, 25), mark="assumed",
        doc="at which half of those who finish it go on to college",
    )  # fmt: skip
    readiness_spread = Parameter(
        1.0, unit="years of schooling of the adults", range=(0.5, 2.0), limits=(0.01, 100.0), mark="assumed",
        doc="how gradually the share that goes on rises with the schooling of the adults",
    )  # fmt: skip
    drop_out = Parameter(
        True, mark="choice", doc="whether debts and want of hope drive pupils from school, besides an empty purse"
    )
    drop_out_base = Parameter(
        -4.0, unit="log odds per year", range=(-5.0, -3.0), limits=(-50.0, 10.0), mark="assumed",
        doc="of leaving school early, without debts and with all that is hoped for in reach",
    )  # fmt: skip
    drop_out_debt = Parameter(
        2.0, unit="log odds per year of income owed", range=(0.5, 3.0), limits=(0.0, 50.0), mark="assumed"
    )
    drop_out_aspiration = Parameter(
        0.5, unit="log odds", range=(0.0, 1.0), limits=(0.0, 50.0), mark="assumed", claim="S30",
        doc="by which the whole gap between income and aspiration keeps a pupil at school",
    )  # fmt: skip
    expected_drop_out = Parameter(
        0.08, unit="per pupil-year", range=(0.02, 0.15), limits=(0.0, 1.0), mark="fitted",
        doc="chance to leave early, for whatever reason, that families reckon with; fitted so that household schooling "
        "has no trend while policies are kept and nothing grows",
    )  # fmt: skip
    influence = Parameter(
        1.0, unit="factor", range=(0.5, 1.0), limits=(0.0, 1.0), mark="assumed",
        doc="weight of a leaver among the adults of the household; at 0 its schooling never moves",
    )  # fmt: skip
    reversion = Parameter(
        0.0005, unit="per year", range=(0.0, 0.005), limits=(0.0, 1.0), mark="fitted",
        doc="pull of household schooling to the mean of the population, so that its spread lasts",
    )  # fmt: skip

    def run(self, world: World) -> None:
        month, first = world.clock.month % 12, world.clock.month == world.clock.first
        if not world.processes["family"].on:
            school_cycle.run(world, self.senior_high_from, self.college_from)
        else:
            if first:
                self._enrol(world)
            if month == SEPTEMBER or (first and month > SEPTEMBER):
                self._go_on(world)
        home = world.households
        for pupils, fee in ((home.pupils_senior, self.fee_senior_high), (home.pupils_college, self.fee_college)):
            rows = np.flatnonzero(pupils > 0)
            world.ledger.post("school_bill", pupils[rows] * float(world.fen(fee / 12)), rows)

    def take_out(self, world: World, rows: Rows) -> None:
        """For want of money the eldest pupil of each of these households leaves school; in houses without, nobody."""
        home = world.households
        if not world.processes["family"].on:
            school_cycle.take_out(world, rows)
            return
        rows = rows[home.at_school[rows] > 0]
        if len(rows) == 0:
            return
        families = Families.of(home, rows)
        ages = families.ages * families.at_school
        families.at_school[np.argmax(ages, axis=0), np.arange(len(rows))] = False
        before_autumn = world.clock.month % 12 < SEPTEMBER
        self._learn_from(world, families, rows, ages.max(axis=0) - before_autumn)
        home.out_of_school[rows] = True
        world.processes["family"].enter(world, families, rows)

    def hazard(self, world: World) -> Array:
        """Chance of each household's pupils to drop out this September, shape (n,)."""
        home = world.households
        if not self.drop_out:
            return np.zeros(len(world))
        odds = self.drop_out_debt * (world.ledger.owed() / world.processes["family"].year_income(world))
        odds += self.drop_out_base
        odds -= self.drop_out_aspiration * gap(home.aspiration, world.income_pc())
        odds -= world.intensity("school_aid")
        hazard: Array = maths.sigmoid(odds)
        return hazard

    def _enrol(self, world: World) -> None:
        """In the first month, the young who are at school: as many as would have gone on in such families."""
        families = Families.of(world.households)
        senior, college = self._shares(world.households.schooling)
        kept = np.cumprod(np.full(SENIOR_HIGH + COLLEGE, self._usually_stay))
        for place in range(PLACES):
            age = families.ages[place]
            rows = np.flatnonzero((age > ENTERS_SENIOR_HIGH) & (age <= LEAVES_COLLEGE) & ~families.wed[place])
            years = age[rows] - ENTERS_SENIOR_HIGH
            chance = senior[rows] * np.where(years > SENIOR_HIGH, college[rows], 1.0) * kept[years - 1]
            families.at_school[place][rows] = world.draw(f"school, place {place + 1}", rows) < chance
        world.processes["family"].enter(world, families)

    def _go_on(self, world: World) -> None:
        """September: those of 15 enter senior high school, pupils of 18 college; the others stay; or they leave."""
        home = world.households
        families = Families.of(home)
        home.schooling += self.reversion * (world.spec.section("population")["schooling"] - home.schooling)
        senior, college = self._shares(home.schooling)
        stay = 1.0 - self.hazard(world)
        ages, before = families.ages, families.at_school.copy()
        home.out_of_school &= ((ages >= ENTERS_SENIOR_HIGH) & (ages < LEAVES_COLLEGE) & ~families.wed).any(axis=0)
        for place in range(PLACES):
            rows = np.flatnonzero((ages[place] == ENTERS_SENIOR_HIGH) | before[place])
            age = ages[place][rows]
            wishes = np.where(age == ENTERS_SENIOR_HIGH, senior[rows], 1.0)
            wishes = np.where(age == LEAVES_SENIOR_HIGH, college[rows], wishes) * (age < LEAVES_COLLEGE)
            u = world.draw(f"school, place {place + 1}", rows)
            goes = u < wishes * stay[rows]
            families.at_school[place][rows] = goes
            home.out_of_school[rows] |= (u < wishes) & ~goes
            left = ~goes
            self._learn_from(world, families.of_rows(rows[left]), rows[left], age[left])
        world.processes["family"].enter(world, families)

    def _learn_from(self, world: World, families: Families, rows: Rows, age: NDArray[np.integer]) -> None:
        """A child of these households has left school; `age` is that of the last September it did not go on from."""
        schooling = world.households.schooling
        adults = number((families.ages >= ENTERS_SENIOR_HIGH) & ~families.at_school)
        expected = expected_years(*self._shares(schooling[rows]), self._usually_stay)
        surprise = COMPULSORY + age - ENTERS_SENIOR_HIGH - expected
        schooling[rows] = np.clip(schooling[rows] + self.influence / adults * surprise, 0.0, MOST_YEARS)

    def _shares(self, schooling: NDArray[np.float32]) -> tuple[Array, Array]:
        """Of the children of each household, who would go to senior high school; and of those, to college."""
        halves = np.array([[self.senior_high_from], [self.college_from]])
        senior, college = maths.sigmoid((schooling.astype(np.float64) - halves) / self.readiness_spread)
        return senior, college

    @property
    def _usually_stay(self) -> float:
        return 1.0 - (self.expected_drop_out if self.drop_out else 0.0)


def expected_years(senior: Array, college: Array, stays: float) -> Array:
    """Years of schooling that a child may expect, shape (n,).

    senior, college: share that goes to senior high school, and from there to college, shape (n,). stays: chance to
    stay each year, the first included.

    >>> expected_years(np.array([1.0, 1.0, 0.5]), np.array([1.0, 0.5, 0.0]), 1.0)
    array([16. , 14. , 10.5])
    """
    years = np.zeros_like(college)
    for _ in range(COLLEGE):
        years = stays * (1.0 + years)
    years = years * college
    for _ in range(SENIOR_HIGH):
        years = stays * (1.0 + years)
    return COMPULSORY + senior * years
