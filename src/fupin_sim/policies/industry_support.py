"""Industry support (产业扶贫): a project that a grant starts, or a dividend from one, until support expires."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.instrument import AUTOMATIC, WHOM, Instrument, among
from fupin_sim.world import Array, Flags, World, place

BIRTH = 0
"""The month that lasting luck is drawn for: before all months that are lived."""
Rows = NDArray[np.intp]


class IndustrySupport(Instrument):
    """One project a household: months without income, then output for the county market until it fails or expires.

    The grant is paid in kind: stock, seedlings, a greenhouse. Without training much of its worth is lost; training is
    a policy of its own. Project work keeps people from jobs elsewhere, and who loses a project looks for one.
    """

    flow = "service"
    earns = ("project",)

    by_application = AUTOMATIC
    administration = Parameter(0.10, unit="share of outlay", range=(0.05, 0.2), limits=(0.0, 1.0), mark="assumed")
    form = Parameter(
        "grant", choices=("grant", "dividend"), mark="choice", claim="S32",
        doc="a project of the household's own, or a fixed dividend from a company the money is given to (资产收益)",
    )  # fmt: skip
    whom = Parameter("registered", choices=WHOM, mark="choice", claim="S08", doc="those on the register, or everybody")
    grant = Dated(
        8_000.0, unit="yuan per household", range=(2_000, 20_000), limits=(0, 1e6), mark="assumed", claim="S32",
        doc="once, in kind",
    )  # fmt: skip
    uptake = Parameter(
        0.05, unit="per household-month", range=(0.01, 0.2), limits=(0.0, 1.0), mark="assumed",
        doc="chance that a household that may have a project starts it",
    )  # fmt: skip
    term = Parameter(
        24, unit="months", range=(12, 60), limits=(0, 1200), mark="assumed", claim="S32",
        doc="from the grant until support expires, and the project or the dividend with it",
    )  # fmt: skip
    goes_on = Parameter(
        0.2, unit="share of projects", range=(0.0, 0.6), limits=(0.0, 1.0), mark="assumed", claim="S32",
        doc="that stand on their own feet when support expires; dividends never do",
    )  # fmt: skip
    again = Parameter(
        None, kind="int", unit="months", limits=(0, 1200), mark="choice", claim="S32",
        doc="after the end of a project until the household may have another; none: never",
    )  # fmt: skip
    gestation = Parameter(
        6, unit="months", range=(0, 24), limits=(0, 1200), mark="assumed", claim="S32", doc="until there is output"
    )
    output = Parameter(
        0.4, unit="share of the grant per year", range=(0.15, 0.6), limits=(0.0, 10.0), mark="assumed", claim="S32",
        doc="income at base prices from a project of the fully trained",
    )  # fmt: skip
    needs_training = Parameter(
        0.5, unit="share of output", range=(0.0, 0.9), limits=(0.0, 1.0), mark="second-hand", claim="S39",
        doc="that households without technique lose",
        source="one county quasi-experiment: industry support significant only with training",
    )  # fmt: skip
    dividend = Parameter(
        0.08, unit="share of the grant per year", range=(0.04, 0.12), limits=(0.0, 10.0), mark="assumed", claim="S32",
        doc="paid by the company, at no labour and whatever the market brings",
    )  # fmt: skip
    failure = Parameter(
        0.09, unit="per project-year", range=(0.06, 0.12), limits=(0.0, 12.0), mark="assumed", claim="S32",
        doc="chance to fail, were all projects different and no team there",
    )  # fmt: skip
    goods = Parameter(
        4, unit="goods", range=(1, 12), limits=(1, 1000), mark="assumed", claim="S32",
        doc="from which each village has chosen its own; few make projects alike (产业同质化)",
    )  # fmt: skip
    alike = Parameter(
        1.5, unit="factor", range=(0.0, 3.0), limits=(0.0, 100.0), mark="assumed", claim="S32",
        doc="by which failure is more likely were all projects of a county alike",
    )  # fmt: skip
    advice = Parameter(
        0.5, unit="share", range=(0.0, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S13",
        doc="of failures that a team of full strength and skill in industry prevents",
    )  # fmt: skip
    time = Parameter(
        0.3, unit="workers", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S32",
        doc="taken from the rest of the business and from the search for work elsewhere",
    )  # fmt: skip
    crowding = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S32",
        doc="by which fewer jobs elsewhere are found while the project runs",
    )  # fmt: skip
    search = Parameter(
        1.5, unit="factor", range=(1.0, 2.0), limits=(0.0, 20.0), mark="assumed", claim="S32",
        doc="on finding jobs elsewhere after a project has ended",
    )  # fmt: skip
    search_months = Parameter(
        12, unit="months", range=(6, 24), limits=(0, 1200), mark="assumed", doc="for which that lasts"
    )

    # ---- giving

    def titled(self, world: World) -> Flags:
        home = world.households
        flags: Flags = among(world, self.whom) & (home.workers > home.disabled)
        return flags

    def worth(self, world: World) -> Array:
        rows = np.flatnonzero(self._free(world))
        rows = rows[world.draw(f"{self.name} starts", rows) < self.uptake]
        yuan = np.zeros(len(world))
        yuan[rows] = self.grant
        return yuan

    def paid(self, world: World, amount: Money) -> None:
        rows = np.flatnonzero(amount > 0)
        self._started(world)[rows] = world.clock.month
        self._ended(world)[rows] = NEVER
        self._grant(world)[rows] = amount[rows] / 100.0

    def _free(self, world: World) -> Flags:
        """Who has no project, and had none or had it long enough ago, shape (households,)."""
        free: Flags = self._started(world) == NEVER
        if self.again is not None:
            ended = self._ended(world)
            free |= (ended != NEVER) & (world.clock.month - ended >= self.again)
        return free

    # ---- what it brings

    def adjust(self, world: World) -> None:
        started, ended = self._started(world), self._ended(world)
        rows = np.flatnonzero(started != NEVER)
        if len(rows) == 0:
            return
        running = rows[ended[rows] == NEVER]
        lost = self._fails(world, running) | self._expires(world, running)
        ended[running[lost]] = world.clock.month
        running = running[~lost]
        if self.form == "dividend":
            self._pay_out(world, running)
        else:
            self._produce(world, running)
            self._work(world, running, rows[ended[rows] != NEVER])

    def _produce(self, world: World, rows: Rows) -> None:
        rows = rows[world.clock.month - self._started(world)[rows] > self.gestation]
        if len(rows) and self.output:
            yuan = np.zeros(len(world))
            taught = 1.0 - self.needs_training * (1.0 - world.households.technique[rows].astype(np.float64))
            yuan[rows] = self.output / 12 * self._grant(world)[rows] * taught
            world.intensify("project", yuan, self.name)

    def _pay_out(self, world: World, rows: Rows) -> None:
        if len(rows) and self.dividend:
            yuan = np.zeros(len(world))
            yuan[rows] = self.dividend / 12 * self._grant(world)[rows]
            world.intensify("project_dividend", yuan, self.name)

    def _work(self, world: World, running: Rows, over: Rows) -> None:
        """Labour in the project is not elsewhere; where it has ended, people look for work elsewhere."""
        seeking = over[world.clock.month - self._ended(world)[over] < self.search_months]
        finding = np.ones(len(world))
        finding[running] = 1.0 - self.crowding
        finding[seeking] = self.search
        world.rates.adjust("job_finding", finding, self.name)
        if self.time and len(running):
            home, labour = world.households, np.ones(len(world))
            able = np.maximum(home.workers[running] - home.disabled[running], 1)
            labour[running] = 1.0 - self.time / able
            world.rates.adjust("labour", labour, self.name)

    # ---- its end

    def _expires(self, world: World, rows: Rows) -> Flags:
        """Support lasts its term; some projects go on without it. Who does is settled once, not month by month."""
        home = world.households
        over: Flags = world.clock.month - self._started(world)[rows] > self.term
        if self.form == "dividend" or not over.any():
            return over
        u = world.draws.uniform(f"{self.name} goes on", BIRTH, home.luck[rows])
        over &= u >= self.goes_on
        return over

    def _fails(self, world: World, rows: Rows) -> Flags:
        villages = world.villages
        village = place(villages.number, world.households.village[rows])
        u = world.draws.uniform(f"{self.name}: good of the village", BIRTH, villages.luck)
        good = np.floor(u * self.goods).astype(np.int64)
        county = place(world.counties.number, villages.county)
        same = homogeneity(county[village], good[village], len(world.counties.number), self.goods)
        team, skill = world.processes["team_channels"].at_work(world, "industry")
        helped = 1.0 - self.advice * skill * team
        hazard = self.failure / 12 * (1.0 + self.alike * same)[county[village]] * helped[village]
        flags: Flags = world.draw(f"{self.name} fails", rows) < hazard
        return flags

    # ---- what it remembers

    def _started(self, world: World) -> NDArray[np.int32]:
        return world.recall(self.name, "started", np.int32, NEVER)

    def _ended(self, world: World) -> NDArray[np.int32]:
        return world.recall(self.name, "ended", np.int32, NEVER)

    def _grant(self, world: World) -> NDArray[np.float32]:
        return world.recall(self.name, "grant", np.float32, 0.0)


def homogeneity(county: NDArray[np.integer], good: NDArray[np.integer], counties: int, goods: int) -> Array:
    """How alike the projects of each county are: the sum of the squared shares of goods, 1 when all are one.

    county, good: of each project, counted from 0, shape (projects,). Returns shape (counties,), 0 without projects.

    >>> homogeneity(np.array([0, 0, 0, 0, 2]), np.array([1, 1, 0, 0, 1]), 3, 2)
    array([0.5, 0. , 1. ])
    """
    number = np.bincount(county * goods + good, minlength=counties * goods).reshape(counties, goods).astype(np.float64)
    total = np.maximum(number.sum(axis=1), 1.0)
    squares: Array = (number * number).sum(axis=1) / (total * total)
    return squares
