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
    Flags,
    number,
)
from fupin_sim.family.year import GROWN
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
        rows = (home.pupils_senior + home.pupils_college).nonzero()[0]
        fen = home.pupils_senior[rows] * float(world.fen(self.fee_senior_high / 12))
        fen += home.pupils_college[rows] * float(world.fen(self.fee_college / 12))
        world.ledger.post("school_bill", fen, rows)

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
        eldest = np.argmax(families.ages * families.at_school, axis=0)
        leaves = np.zeros_like(families.at_school)
        leaves[eldest, np.arange(len(rows))] = True
        families.at_school &= ~leaves
        autumn = world.clock.month % 12 >= SEPTEMBER
        self._learn_from(world, families, rows, leaves, autumn)
        home.out_of_school[rows] = True
        world.processes["family"].enter_pupils(world, families, rows)

    def hazard(self, world: World, rows: Rows) -> Array:
        """Chance of the pupils of each of these households to drop out this September, shape (rows,)."""
        home = world.households
        if not self.drop_out:
            return np.zeros(len(rows))
        odds = self.drop_out_debt * (world.ledger.owed() / world.processes["family"].year_income(world))[rows]
        odds += self.drop_out_base
        odds -= self.drop_out_aspiration * gap(home.aspiration[rows], world.income_pc()[rows])
        aid = world.intensity("school_aid")
        odds -= aid[rows] if isinstance(aid, np.ndarray) else aid
        hazard: Array = maths.sigmoid(odds)
        return hazard

    def _enrol(self, world: World) -> None:
        """In the first month, the young who are at school: as many as would have gone on in such families."""
        families = Families.of(world.households)
        senior, college = self._shares(world.households.schooling)
        kept = np.cumprod(np.full(SENIOR_HIGH + COLLEGE, self._usually_stay))
        stayed = np.cumprod(np.append(1.0, np.full(COLLEGE, 1.0 - world.processes["family"].leaving)))
        for place in range(PLACES):
            age = families.ages[place]
            rows = ((age > ENTERS_SENIOR_HIGH) & (age <= LEAVES_COLLEGE) & ~families.wed[place]).nonzero()[0]
            years = age[rows] - ENTERS_SENIOR_HIGH
            chance = senior[rows] * np.where(years > SENIOR_HIGH, college[rows], 1.0) * kept[years - 1]
            # Of those old enough to leave home the others have partly left, so that more of who is here are students.
            others = (1.0 - chance) * stayed[np.maximum(age[rows] - GROWN + 1, 0)]
            chance /= np.maximum(chance + others, 1e-300)
            families.at_school[place][rows] = world.draw(f"school, place {place + 1}", rows) < chance
        world.processes["family"].enter(world, families)

    def _go_on(self, world: World) -> None:
        """September: those of 15 enter senior high school, pupils of 18 college; the others stay; or they leave."""
        home = world.households
        home.schooling += self.reversion * (world.spec.section("population")["schooling"] - home.schooling)
        of_15 = np.logical_or.reduce([getattr(home, f"age_{i + 1}") == ENTERS_SENIOR_HIGH for i in range(PLACES)])
        rows = (of_15 | (home.at_school > 0) | home.out_of_school).nonzero()[0]
        families = Families.of(home, rows)
        ages = families.ages
        asked = (ages == ENTERS_SENIOR_HIGH) | families.at_school
        home.out_of_school[rows] &= ((ages >= ENTERS_SENIOR_HIGH) & (ages < LEAVES_COLLEGE) & ~families.wed).any(axis=0)
        senior, college = self._shares(home.schooling[rows])
        stay = 1.0 - self.hazard(world, rows)
        for place in range(PLACES):
            mine = asked[place].nonzero()[0]
            age = ages[place][mine]
            wishes = np.where(age == ENTERS_SENIOR_HIGH, senior[mine], 1.0)
            wishes = np.where(age == LEAVES_SENIOR_HIGH, college[mine], wishes) * (age < LEAVES_COLLEGE)
            u = world.draw(f"school, place {place + 1}", rows[mine])
            goes = u < wishes * stay[mine]
            families.at_school[place][mine] = goes
            home.out_of_school[rows[mine]] |= (u < wishes) & ~goes
        self._learn_from(world, families, rows, asked & ~families.at_school, autumn=True)
        world.processes["family"].enter_pupils(world, families, rows)

    def _learn_from(self, world: World, families: Families, rows: Rows, leavers: Flags, autumn: bool) -> None:
        """What children who have just left school bring to these households; autumn: September has passed."""
        schooling = world.households.schooling[rows].astype(np.float64)
        left = number(leavers)
        years = (families.ages * leavers).sum(axis=0) + left * (COMPULSORY - ENTERS_SENIOR_HIGH - (not autumn))
        surprise = years - left * expected_years(*self._shares(schooling), self._usually_stay)
        adults = number((families.ages >= ENTERS_SENIOR_HIGH) & ~families.at_school)
        schooling += self.influence / np.maximum(adults, 1) * surprise
        world.households.schooling[rows] = np.minimum(np.maximum(schooling, 0.0), MOST_YEARS)

    def _shares(self, schooling: NDArray[np.floating]) -> tuple[Array, Array]:
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
