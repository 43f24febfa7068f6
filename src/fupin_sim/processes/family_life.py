"""Family life: once a year people age, die, leave, are born and marry, and a house that falls empty is taken over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.chance import binomial
from fupin_sim.family.families import (
    NOBODY,
    RETIRED,
    Counts,
    Customs,
    Families,
    head_counts,
    number,
    packed,
    pupil_counts,
    work_counts,
)
from fupin_sim.family.year import Changes, live_a_year, suitors, wed
from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World

Rows = NDArray[np.intp]
LIFE_TABLE = "life expectancy of rural China in the 2010s, about 73 and 77 years; no table was read"
OLDEST_CHILD = 15


class FamilyLife(Process):
    """Every January; what hangs on it (members, workers, carers, pupils) follows, and migrants come or go with it.

    Weddings and funerals cost a share of yearly income, net of what guests give. The literature's 80–200 thousand yuan
    for a wedding and 20–30 thousand for a funeral (unverified) are what is spent, not what it takes from a household
    whose savings are some 16,000 yuan. With `on = false` nobody ages, and pupils follow a fixed cycle.
    """

    on = Parameter(True, mark="choice", doc="whether families live; otherwise they stay as they are at the start")
    births = Parameter(
        0.18, unit="per wife-year", range=(0.13, 0.23), limits=(0.0, 1.0), mark="assumed",
        doc="chance of a child up to 25, falling to nothing at 43; who marries at 24 expects 1.9 at the default",
    )  # fmt: skip
    wedding = Parameter(
        0.4, unit="per heir-year", range=(0.2, 0.6), limits=(0.0, 1.0), mark="assumed",
        doc="chance that a son of 22 or more who will inherit finds a bride; he marries if the purse allows",
    )  # fmt: skip
    affordable = Parameter(
        0.28, unit="share of weddings", range=(0.2, 0.8), limits=(0.0, 1.0), mark="fitted",
        doc="that a purse allows; only for the families of the first month, who have lived without purses",
    )  # fmt: skip
    students = Parameter(
        0.2, unit="share of children", range=(0.1, 0.4), limits=(0.0, 1.0), mark="fitted",
        doc="who go to college, and leave home later; only for the families of the first month",
    )  # fmt: skip
    leaving = Parameter(
        0.2, unit="per person-year", range=(0.1, 0.4), limits=(0.0, 1.0), mark="assumed",
        doc="chance that a grown child who will not inherit leaves, to marry or for good",
    )  # fmt: skip
    mortality = Parameter(
        5e-5, unit="per year at age 0", range=(3e-5, 8e-5), limits=(0.0, 1.0), mark="unverified", source=LIFE_TABLE,
        doc="level of men's mortality, by the curve of Gompertz",
    )  # fmt: skip
    mortality_slope = Parameter(
        0.095, unit="log per year of age", range=(0.09, 0.1), limits=(0.0, 1.0), mark="unverified", source=LIFE_TABLE,
        doc="growth of mortality with age",
    )  # fmt: skip
    infant_mortality = Parameter(
        0.01, unit="per birth", range=(0.005, 0.03), limits=(0.0, 1.0), mark="unverified", source=LIFE_TABLE,
        doc="deaths in the first year of life",
    )  # fmt: skip
    women_younger = Parameter(
        4.0, unit="years", range=(3.0, 6.0), limits=(0.0, 20.0), mark="unverified", source=LIFE_TABLE,
        doc="women's mortality is that of men so much younger",
    )  # fmt: skip
    small_child = Parameter(
        6, unit="years", range=(2, 7), limits=(0, 15), mark="assumed",
        doc="age below which a child ties a worker to care",
    )  # fmt: skip
    very_old = Parameter(
        80, unit="years", range=(75, 90), limits=(66, 120), mark="assumed", doc="age from which the old do so"
    )
    wedding_cost = Parameter(
        0.2, unit="years of household income", range=(0.1, 0.6), limits=(0.0, 20.0), mark="assumed",
        doc="of a son's wedding, net of gifts; postponed until savings and kin can pay",
    )  # fmt: skip
    funeral_cost = Parameter(
        0.15, unit="years of household income", range=(0.0, 0.4), limits=(0.0, 20.0), mark="assumed",
        doc="of an adult's funeral, net of gifts",
    )  # fmt: skip
    reserve = Parameter(
        1.0, unit="months of least consumption", range=(0.0, 6.0), limits=(0.0, 120.0), mark="assumed",
        doc="savings that nobody spends on a wedding",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not (self.on and world.clock.january) or world.clock.month == world.clock.first:
            return
        home = world.households
        families = Families.of(home)
        workers, able = families.workers, home.workers.copy()
        changes = live_a_year(families, self.customs, lambda what, rows: world.draw(f"family, {what}", rows))
        year_income = self.year_income(world)
        self._bury(world, changes, year_income)
        self._marry(world, families, year_income)
        self._seat_others(world, families)
        lost = number(workers & (changes.gone | (families.ages >= RETIRED)))
        self._lose(world, lost, able)
        for column in (home.disabled, home.migrants, home.months_sick, home.months_caring):
            column[changes.taken_over] = 0
        self.enter(world, families)

    @property
    def customs(self) -> Customs:
        return Customs.of(self.values)

    def enter(self, world: World, families: Families, rows: Rows | slice = slice(None)) -> None:
        """Write families, and the counts that follow from them, into the columns, or into some rows of them."""
        home, month = world.households, world.clock.month % 12
        columns = families.columns() | head_counts(families, self.customs, home.others[rows])
        for name, column in (columns | pupil_counts(families, month)).items():
            getattr(home, name)[rows] = column
        self._fit(world, rows)

    def enter_pupils(self, world: World, families: Families, rows: Rows) -> None:
        """The same where nobody was born, came or went, but some have left school or entered it."""
        home, month = world.households, world.clock.month % 12
        columns = work_counts(families, self.customs) | pupil_counts(families, month)
        for name, column in (columns | {"at_school": packed(families.at_school)}).items():
            getattr(home, name)[rows] = column
        self._fit(world, rows)

    def _fit(self, world: World, rows: Rows | slice) -> None:
        """No more people are disabled or away than there are workers."""
        home = world.households
        home.disabled[rows] = np.minimum(home.disabled[rows], home.workers[rows])
        home.migrants[rows] = np.minimum(home.migrants[rows], home.workers[rows] - home.disabled[rows])

    def year_income(self, world: World) -> Money:
        """What feasts are measured by, fen: the income of twelve months, or least consumption if that is more."""
        fen: Money = np.maximum(world.households.income12, 12 * world.processes["consumption"].floor(world))
        return fen

    def _bury(self, world: World, changes: Changes, year_income: Money) -> None:
        """Funerals are owed at once, like bills; what the purse lacks is left to coping."""
        rows = np.flatnonzero(changes.buried)
        world.ledger.post("ceremony", np.rint(self.funeral_cost * year_income[rows] * changes.buried[rows]), rows)

    def _marry(self, world: World, families: Families, year_income: Money) -> None:
        """Sons who have found a bride marry if the purse and kin can pay for it."""
        home = world.households
        rows, place = suitors(families)
        found = world.draw("family, bride", rows) < self.wedding
        rows, place = rows[found], place[found]
        cost = np.rint(self.wedding_cost * year_income[rows])
        floor = world.processes["consumption"].floor(world)[rows]
        own = np.maximum(home.wealth[rows] - np.rint(self.reserve * floor), 0.0)
        room = world.processes["coping"].room(world, "kin", rows)
        paid = cost <= own + room
        rows, place, cost, own = rows[paid], place[paid], cost[paid], own[paid]
        world.ledger.post("ceremony", cost, rows)
        world.ledger.post("loan_kin", np.maximum(cost - own, 0.0), rows)
        wed(families, rows, place)

    def _seat_others(self, world: World, families: Families) -> None:
        """Where a survey counted more people than there are places, a child takes a place that falls free."""
        home = world.households
        rows = np.flatnonzero(home.others)
        rows = rows[families.ages.take(rows, axis=1).min(axis=0) == NOBODY]
        if len(rows):
            age = np.floor((OLDEST_CHILD + 1) * world.draw("family, age of another", rows))
            families.seat(rows, age, world.draw("family, sex of another", rows) < 0.5, wed=False)
            home.others[rows] -= 1

    def _lose(self, world: World, lost: Counts, able: Counts) -> None:
        """Who no longer works may have been a migrant or disabled, like any other worker of the household."""
        home = world.households
        for column, what in ((home.migrants, "migrants"), (home.disabled, "disabled")):
            rows = np.flatnonzero((lost > 0) & (column > 0))
            if len(rows):
                share: Array = lost[rows] / able[rows]
                column[rows] -= binomial(world.draw(f"family, {what} lost", rows), column[rows], share)
