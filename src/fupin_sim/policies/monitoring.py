"""Monitoring (防返贫监测): households in danger of poverty are found, verified, listed, helped and released."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim import support
from fupin_sim.agents.household import EX_POOR, MARGINAL, NEVER, NOT_MONITORED, SUDDEN
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, Instrument
from fupin_sim.processes.illness import reference_consumption
from fupin_sim.world import Array, Flags, World, place

Rows = NDArray[np.intp]
COVERAGE = ("ex_poor", "marginal", "sudden")
"""Whom it watches: who left the register; beside them all whose income is low; beside them all who are not listed."""
NO_CASE, TRUE_ALARM, FALSE_ALARM, LISTED = 0, 1, 2, 3
"""Where a household stands with the office: nothing, being verified (rightly or wrongly), on the list."""
QUIET, MISSED, CAUGHT, FALSE, KNOWN = 0, 1, 2, 3, 4
"""What a month of watching was worth: no danger and no alarm; danger unseen, seen; alarm without; danger in hand."""


@dataclass(frozen=True)
class Look:
    """What the month has done to the households that are watched, shape (rows,).

    rows: of the whole world. county: place among the counties. low: income after own bills is below the limit.
    at_risk: in truth. kind: class they would be listed in.
    """

    rows: Rows
    county: NDArray[np.integer]
    low: Flags
    at_risk: Flags
    kind: NDArray[np.int8]


class Monitoring(Instrument):
    """Looks at the end of each month; pays relief to those on its list who cannot work, while they are on it.

    What those who can work are given is another policy's: see `post_support`, and `whom = "monitored"` of services.
    """

    relief = True

    by_application = AUTOMATIC
    coverage = Parameter(
        "marginal", choices=COVERAGE, mark="choice", claim="S37",
        doc="ex_poor: who left the register; marginal: also others of low income who were never listed; sudden: all "
        "who are not on the register",
    )  # fmt: skip
    danger = Parameter(
        1.5, unit="share of the poverty line", range=(1.2, 2.0), limits=(0.0, 10.0), mark="assumed", claim="S33",
        doc="income after own bills below which a household is at risk, if its purse is empty or it was hit",
    )  # fmt: skip
    little = Parameter(
        0.15, unit="share of a year's consumption", range=(0.08, 0.3), limits=(0.0, 10.0), mark="assumed",
        doc="liquid wealth below which the purse is empty",
    )  # fmt: skip
    big_bill = Parameter(
        0.1, unit="share of yearly income", range=(0.05, 0.3), limits=(0.0, 100.0), mark="assumed",
        doc="own bills of a month from which a household was hit",
    )  # fmt: skip
    self_report = Parameter(
        0.1, unit="per month", range=(0.0, 0.3), limits=(0.0, 1.0), mark="assumed", claim="S37",
        doc="chance that a household at risk reports itself, without any trust",
    )  # fmt: skip
    by_trust = Parameter(
        0.2, unit="per month", range=(0.0, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S17",
        doc="what full trust adds to that chance",
    )  # fmt: skip
    visits = Parameter(
        0.25, unit="per month", range=(0.0, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S37",
        doc="chance that visits find it, in a village that team work has fully reached",
    )  # fmt: skip
    matching = Parameter(
        0.15, unit="per month", range=(0.0, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S37",
        doc="chance that matched data of offices find it",
    )  # fmt: skip
    false_alarm = Parameter(
        0.01, unit="per month", range=(0.0, 0.05), limits=(0.0, 1.0), mark="assumed", claim="S37",
        doc="chance of an alarm about a watched household that is not at risk",
    )  # fmt: skip
    capacity = Parameter(
        0.002, unit="alarms per household of the county and month", range=(0.0005, 0.02), limits=(0.0, 1.0),
        mark="fitted", claim="S37", doc="that can be followed up; the others are lost",
        source="fitted alone, to a list of 3 % of households",
    )  # fmt: skip
    verification = Parameter(
        1.0, unit="months", range=(0.0, 3.0), limits=(0.0, 60.0), mark="assumed",
        doc="mean time from an alarm to its verification",
    )  # fmt: skip
    delivery = Parameter(
        0.5, unit="months", range=(0.5, 6.0), limits=(0.0, 60.0), mark="assumed", claim="S37",
        doc="from the list to the first help in a county of good delivery; times 1.5 − its quality",
    )  # fmt: skip
    cash = Dated(
        1_800.0, unit="yuan per person-year", range=(600, 4_000), limits=(0, 1e6), mark="assumed", claim="S12",
        doc="relief of those on the list who have nobody able to work",
    )  # fmt: skip
    release_at = Parameter(
        1.5, unit="share of the poverty line", range=(1.0, 2.0), limits=(0.0, 10.0), mark="assumed", claim="S37",
        doc="income after own bills from which a month is a good one",
    )  # fmt: skip
    release_after = Parameter(
        6, unit="months", range=(3, 12), limits=(1, 120), mark="assumed", claim="S37",
        doc="good months in a row after which a household is released",
    )  # fmt: skip
    screening = Parameter(
        60.0, unit="yuan per watched household-year", range=(20, 150), limits=(0, 1e4), mark="assumed", claim="S37"
    )
    verifying = Parameter(
        300.0, unit="yuan per alarm followed up", range=(100, 800), limits=(0, 1e5), mark="assumed", claim="S37"
    )

    # ---- relief in the support stroke ---------------------------------------

    def titled(self, world: World) -> Flags:
        home = world.households
        flags: Flags = home.helped & (home.workers <= home.disabled) & (self._case(world) == LISTED)
        return flags

    def worth(self, world: World) -> Array:
        yuan: Array = world.households.members * (self.cash / 12)
        return yuan

    # ---- the end of the month ------------------------------------------------

    def watch(self, world: World) -> None:
        """Release who is well, help who has waited, raise alarms, verify some, list who is rightly in danger."""
        case = self._case(world)
        if not self.in_force(world):
            self._close(world, np.flatnonzero(case))
            return
        self._release(world, case)
        self._deliver(world, case)
        look = self._look(world, case)
        self._alarm(world, case, look)
        self._verify(world, case, look)
        self._migrants(world)[:] = world.households.migrants

    def _look(self, world: World, case: NDArray[np.int8]) -> Look:
        """Who is watched, and who of them is at risk in truth."""
        home = world.households
        exited = home.first_exited_on != NEVER
        watched = ~home.registered & ((home.monitored == NOT_MONITORED) | (case == LISTED))
        limit = home.members * (self.danger * 100.0 * world.line)
        if self.coverage != "sudden":
            watched &= exited | (home.income12 < limit) if self.coverage == "marginal" else exited
        rows = np.flatnonzero(watched)
        income, limit, members = home.income12[rows], limit[rows], home.members[rows]
        low = income - home.bills12[rows] < limit
        kind = np.where(exited[rows], EX_POOR, np.where(income < limit, MARGINAL, SUDDEN)).astype(np.int8)
        year = 100.0 * reference_consumption(
            income / 100.0, members, world.processes["illness"].consumption_share, world.processes["consumption"].need
        )
        bill = world.accounts.rings["bills12"][world.clock.month % 12][rows]
        hit = (bill > self.big_bill * income) | (home.migrants[rows] < self._migrants(world)[rows])
        at_risk = low & (hit | (home.wealth[rows] < self.little * year))
        return Look(rows, place(world.counties.number, home.county[rows]), low, at_risk, kind)

    def _alarm(self, world: World, case: NDArray[np.int8], look: Look) -> None:
        """Alarms, true and false, about households without a case; as many become one as the office can follow up."""
        seen = self.seen(world)
        seen[:] = QUIET
        seen[look.rows] = np.where(look.at_risk, np.where(case[look.rows] == NO_CASE, MISSED, KNOWN), QUIET)
        chance = np.where(look.at_risk, self._chance(world, look.rows), self.false_alarm)
        chance *= self._screened(world, look)[look.county]
        raised = np.flatnonzero((world.draw(f"{self.name} alarm", look.rows) < chance) & (case[look.rows] == NO_CASE))
        raised = raised[self._followed_up(world, look.rows[raised], look.county[raised])]
        rows, true = look.rows[raised], look.at_risk[raised]
        case[rows] = np.where(true, TRUE_ALARM, FALSE_ALARM)
        seen[rows] = np.where(true, CAUGHT, FALSE)
        self.alarmed_on(world)[rows] = world.clock.month

    def _chance(self, world: World, rows: Rows) -> Array:
        """The chance of a month to find a household at risk: it reports itself, a visit finds it, or data do."""
        home, exposure = world.households, world.villages.exposure_observed
        by_itself = np.minimum(self.self_report + self.by_trust * home.trust[rows], 1.0)
        visited = self.visits * exposure[place(world.villages.number, home.village[rows])]
        return found(by_itself, visited, self.matching)

    def _screened(self, world: World, look: Look) -> Array:
        """The part of screening that the fund of each county can pay for."""
        number = np.bincount(look.county, minlength=len(world.counties.number))
        wanted = np.rint(number * (self.screening * 100.0 / 12))
        spent = support.administer(world, self.name, wanted)
        return np.where(wanted > 0, spent / np.maximum(wanted, 1.0), 1.0)

    def _followed_up(self, world: World, rows: Rows, county: NDArray[np.integer]) -> NDArray[np.intp]:
        """Which of the alarms are followed up, by lot: as many as capacity and money allow in each county."""
        counties = world.counties
        # A part of an alarm is one with that chance, so that small counties have no larger office.
        room = np.floor(
            self.capacity * counties.households
            + world.draws.uniform(f"{self.name} room", world.clock.month, counties.luck)
        )
        each = self.verifying * 100.0
        if each:
            room = np.minimum(room, np.floor(support.available(world, self.name) / each))
        order = np.lexsort((world.households.luck[rows], world.draw(f"{self.name} queue", rows), county))
        number = np.bincount(county, minlength=len(room))
        rank = np.arange(len(rows)) - np.repeat(np.cumsum(number) - number, number)
        taken: Rows = order[rank < room[county[order]]]
        support.administer(world, self.name, np.rint(np.bincount(county[taken], minlength=len(room)) * each))
        return taken

    def _verify(self, world: World, case: NDArray[np.int8], look: Look) -> None:
        """Some of those being verified are done with: a true alarm about who is still low leads to the list."""
        pending = np.flatnonzero((case[look.rows] == TRUE_ALARM) | (case[look.rows] == FALSE_ALARM))
        rows = look.rows[pending]
        done = world.draw(f"{self.name} verified", rows) < 1.0 / (1.0 + self.verification)
        pending, rows = pending[done], rows[done]
        right = (case[rows] == TRUE_ALARM) & look.low[pending]
        self._close(world, rows[~right])
        pending, rows = pending[right], rows[right]
        quality = world.counties.delivery_quality[look.county[pending]]
        lag = self.delivery * (1.5 - quality) + world.draw(f"{self.name} delivery", rows)
        self._waiting(world)[rows] = np.floor(lag).astype(np.int8)
        case[rows] = LISTED
        home = world.households
        home.monitored[rows], home.monitored_since[rows] = look.kind[pending], world.clock.month
        home.helped[rows] = lag < 1.0

    def _deliver(self, world: World, case: NDArray[np.int8]) -> None:
        """Count down what those on the list still wait for."""
        rows = np.flatnonzero((case == LISTED) & ~world.households.helped)
        waiting = self._waiting(world)
        waiting[rows] -= 1
        world.households.helped[rows[waiting[rows] <= 0]] = True

    def _release(self, world: World, case: NDArray[np.int8]) -> None:
        """Close the cases of those who have been well for long enough, and of those whom the register has taken."""
        home = world.households
        rows = np.flatnonzero(case)
        well, limit = self._well(world), self.release_at * 100.0 * world.line_of(rows)
        good = home.income12[rows] - home.bills12[rows] >= home.members[rows] * limit
        well[rows] = np.where(good & (case[rows] == LISTED), well[rows] + 1, 0)
        self._close(world, rows[(well[rows] >= self.release_after) | home.registered[rows]])

    def _close(self, world: World, rows: Rows) -> None:
        if len(rows) == 0:
            return
        case, home = self._case(world), world.households
        listed = rows[case[rows] == LISTED]
        home.monitored[listed], home.monitored_since[listed], home.helped[listed] = NOT_MONITORED, NEVER, False
        case[rows] = NO_CASE
        self._well(world)[rows] = 0
        self.alarmed_on(world)[rows] = NEVER

    # ---- what it remembers ---------------------------------------------------

    def seen(self, world: World) -> NDArray[np.int8]:
        """What the last look was worth: QUIET, MISSED, CAUGHT, FALSE or KNOWN, shape (households,)."""
        return world.recall(self.name, "seen", np.int8, QUIET)

    def alarmed_on(self, world: World) -> NDArray[np.int32]:
        """Month of the alarm that opened the case; NEVER without a case."""
        return world.recall(self.name, "alarmed_on", np.int32, NEVER)

    def _case(self, world: World) -> NDArray[np.int8]:
        return world.recall(self.name, "case", np.int8, NO_CASE)

    def _waiting(self, world: World) -> NDArray[np.int8]:
        return world.recall(self.name, "waiting", np.int8, 0)

    def _well(self, world: World) -> NDArray[np.int8]:
        return world.recall(self.name, "well", np.int8, 0)

    def _migrants(self, world: World) -> NDArray[np.int8]:
        return world.recall(self.name, "migrants", np.int8, 0)


def found(by_itself: Array, visited: Array, matching: float) -> Array:
    """The chance that at least one of three ways finds a household, each on its own, shape (n,).

    >>> found(np.array([0.2, 0.0]), np.array([0.0, 0.25]), 0.15).round(4)
    array([0.32  , 0.3625])
    """
    return 1.0 - (1.0 - by_itself) * (1.0 - visited) * (1.0 - matching)
