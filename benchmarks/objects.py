"""One rule twice: a household's month as plain Mesa objects, and as a process on columns.

Both have seven draws and some forty operations: business with a season's luck, illness and its bill, a job found or
lost, a wage, a disaster, help from kin, consumption, repayment, investment, a spell in or out of poverty. Given the
same draws they give the same household, to rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from types import SimpleNamespace
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from benchmarks.bars import Bar, Report
from benchmarks.clock import Spent, best
from fupin_sim import maths
from fupin_sim.columns import Column, RowAgent, RowModel
from fupin_sim.draws import Draws, luck_key
from fupin_sim.plugins import Process

RATIO = 20.0
"""How many times as fast columns must be."""
HOUSEHOLDS, BLOCK, MONTHS = 65_536, 16_384, 5
START = 24192

DRAWS = ("season", "illness", "severity", "job", "wage", "disaster", "kin")
SEASON, WAGE_LUCK = 0.3, 0.2
RISK, LOG_SEVERITY, SEVERITY_SPREAD, WORST, COVERED = 0.09, -2.9, 1.5, 3.0, 0.5
UNIT, EXPONENT, WEAR, AIM = 9_900.0, 0.3, 0.08, 4.0
WAGE, JOB_LOSS, JOB_FINDING = 1_150.0, 0.03, 0.06
DISASTER, ASSETS_LOST = 0.008, 0.2
NEED, LINE, KIN_LIMIT = 2_640.0, 4_000.0, 12_000.0
quantile = NormalDist().inv_cdf


class PlainHousehold(mesa.Agent):
    """As one writes it with Mesa."""

    def __init__(self, model: mesa.Model, **state: float) -> None:
        super().__init__(model)
        self.members, self.migrant = state["members"], state["migrant"]
        self.capital, self.ability, self.frailty = state["capital"], state["ability"], state["frailty"]
        self.wealth, self.debt, self.income12 = state["wealth"], state["debt"], state["income12"]
        self.poor, self.spell = state["poor"], state["spell"]

    def step(self) -> None:
        self.live(self.random.random)

    def live(self, luck: Callable[[], float]) -> None:
        """One month, each draw from luck()."""
        season = math.exp(SEASON * quantile(luck()) - SEASON * SEASON / 2)
        business = UNIT / 12 * self.ability * self.capital**EXPONENT * season
        ill, severity = luck() < RISK * self.frailty, luck()
        bill = 0.0
        if ill:
            share = min(math.exp(LOG_SEVERITY + SEVERITY_SPREAD * quantile(severity)), WORST)
            bill = (1 - COVERED) * share * max(0.75 * self.income12, 0.6 * NEED * self.members)
        job = luck()
        if self.migrant:
            self.migrant = 0 if job < JOB_LOSS else 1
        else:
            self.migrant = 1 if job < JOB_FINDING else 0
        wage = self.migrant * WAGE * math.exp(WAGE_LUCK * quantile(luck()) - WAGE_LUCK * WAGE_LUCK / 2)
        if luck() < DISASTER:
            self.capital *= 1 - ASSETS_LOST
        income = business + wage + 0.015 / 12 * self.wealth
        self.wealth += income - bill
        floor, kin = NEED / 12 * self.members, luck()
        if self.wealth < floor:
            loan = min(floor - self.wealth, max(KIN_LIMIT * kin - self.debt, 0.0))
            self.wealth += loan
            self.debt += loan
        spent = max(0.7 * income + 0.02 * self.wealth, floor)
        self.wealth = max(self.wealth - spent, 0.0)
        paid = min(0.05 * self.wealth, self.debt)
        self.wealth -= paid
        self.debt -= paid
        invested = min(max(AIM - self.capital, 0.0) * UNIT / 36, 0.12 * income, 0.3 * self.wealth)
        self.wealth -= invested
        self.capital += invested / UNIT - WEAR / 12 * self.capital
        self.income12 += income - self.income12 / 12
        poor = self.income12 < LINE * self.members
        self.spell = self.spell + 1 if poor == self.poor else 1
        self.poor = poor


class RowHousehold(RowAgent):
    """The same household as a row."""

    luck = Column(0, np.uint64)
    members = Column(4, np.int8)
    migrant = Column(0, np.int8)
    capital, ability, frailty = Column(), Column(), Column()
    wealth, debt, income12 = Column(), Column(), Column()
    poor = Column(False, bool)
    spell = Column(0, np.int16)


class Living(Process):
    """The same month on columns."""

    def run(self, world: Any) -> None:
        home = world.households
        season = maths.normal(world.draw("season"))
        season *= SEASON
        season -= SEASON * SEASON / 2
        income = maths.log(home.capital)
        income *= EXPONENT
        income += season
        maths.exp(income, out=income)  # k^.3 e^s in one
        income *= home.ability
        income *= UNIT / 12
        bill = self._bill(world, np.flatnonzero(world.draw("illness") < RISK * home.frailty))
        self._work(world)
        away = np.flatnonzero(home.migrant > 0)
        luck = maths.normal(world.draw("wage", away))
        luck *= WAGE_LUCK
        luck -= WAGE_LUCK * WAGE_LUCK / 2
        income[away] += WAGE * maths.exp(luck, out=luck)
        home.capital[world.draw("disaster") < DISASTER] *= 1 - ASSETS_LOST
        income += 0.015 / 12 * home.wealth
        home.wealth += income
        home.wealth -= bill
        self._live_on(world, income)

    def _bill(self, world: Any, ill: NDArray[np.intp]) -> NDArray[np.float64]:
        home = world.households
        share = maths.exp(LOG_SEVERITY + SEVERITY_SPREAD * maths.normal(world.draw("severity", ill)))
        reference = np.maximum(0.75 * home.income12[ill], 0.6 * NEED * home.members[ill])
        bill = np.zeros(len(home))
        bill[ill] = (1 - COVERED) * np.minimum(share, WORST) * reference
        return bill

    def _work(self, world: Any) -> None:
        home, job = world.households, world.draw("job")
        home.migrant[:] = np.where(home.migrant > 0, job >= JOB_LOSS, job < JOB_FINDING)

    def _live_on(self, world: Any, income: NDArray[np.float64]) -> None:
        home = world.households
        floor = NEED / 12 * home.members
        short = np.flatnonzero(home.wealth < floor)
        room = np.maximum(KIN_LIMIT * world.draw("kin", short) - home.debt[short], 0.0)
        loan = np.minimum(floor[short] - home.wealth[short], room)
        home.wealth[short] += loan
        home.debt[short] += loan
        spent = 0.7 * income
        spent += 0.02 * home.wealth
        home.wealth -= np.maximum(spent, floor, out=spent)
        np.maximum(home.wealth, 0.0, out=home.wealth)
        paid = np.minimum(0.05 * home.wealth, home.debt)
        home.wealth -= paid
        home.debt -= paid
        invested = np.maximum(AIM - home.capital, 0.0)
        invested *= UNIT / 36
        np.minimum(invested, 0.12 * income, out=invested)
        np.minimum(invested, 0.3 * home.wealth, out=invested)
        home.wealth -= invested
        invested /= UNIT
        invested -= WEAR / 12 * home.capital
        home.capital += invested
        income -= home.income12 / 12
        home.income12 += income
        poor = home.income12 < LINE * home.members
        home.spell += 1
        home.spell[poor != home.poor] = 1
        home.poor[:] = poor


class Rows(RowModel):
    """A Mesa model whose households are rows, lived block by block."""

    def __init__(self, state: Mapping[str, NDArray[Any]], seed: int = 1) -> None:
        super().__init__()
        RowHousehold.create_agents(self, len(state["luck"]), **state)
        self.cube, self.month, self.living = Draws(seed), START, Living("living", {})

    def step(self) -> None:
        table = self.table(RowHousehold)
        for start in range(0, table.n, BLOCK):
            block = table.block(slice(start, min(start + BLOCK, table.n)))
            self.living.run(SimpleNamespace(households=block, draw=self.drawn_for(block.luck)))
        self.month += 1

    def drawn_for(self, luck: NDArray[np.uint64]) -> Callable[..., NDArray[np.float64]]:
        def draw(name: str, rows: NDArray[np.intp] | None = None) -> NDArray[np.float64]:
            return self.cube.uniform(name, self.month, luck if rows is None else luck[rows])

        return draw


class Plain(mesa.Model):
    """A Mesa model of plain objects."""

    def __init__(self, state: Mapping[str, NDArray[Any]]) -> None:
        super().__init__(rng=1)
        columns = {name: column.tolist() for name, column in state.items() if name != "luck"}
        for row in zip(*columns.values(), strict=True):
            PlainHousehold(self, **dict(zip(columns, row, strict=True)))

    def step(self) -> None:
        self.agents.shuffle_do("step")


def beginning(households: int) -> dict[str, NDArray[Any]]:
    """The same households for both."""
    luck = luck_key(np.arange(households))
    u = {name: Draws(7).uniform(name, 0, luck) for name in ("members", "migrant", "capital", "ability", "wealth")}
    members = (2 + np.floor(4 * u["members"])).astype(np.int8)
    return {
        "luck": luck, "members": members, "migrant": (u["migrant"] < 0.5).astype(np.int8),
        "capital": 1.0 + 4 * u["capital"], "ability": 0.7 + 0.6 * u["ability"], "frailty": 0.5 + u["wealth"],
        "wealth": 8_000.0 * u["wealth"] * members, "debt": np.zeros(households),
        "income12": (2_500.0 + 7_000.0 * u["ability"]) * members,
        "poor": np.zeros(households, bool), "spell": np.zeros(households, np.int16),
    }  # fmt: skip


def largest_difference(households: int, months: int) -> float:
    """How far the two get apart, relative to the larger, when the objects are handed the draws of the rows."""
    state = beginning(households)
    plain, rows = Plain(state), Rows(state)
    for _ in range(months):
        u = np.stack([rows.cube.uniform(name, rows.month, state["luck"]) for name in DRAWS], axis=1)
        for agent, mine in zip(plain.agents, u.tolist(), strict=True):
            agent.live(iter(mine).__next__)
        rows.step()
    table = rows.table(RowHousehold)
    apart = 0.0
    for name in state:
        if name != "luck":
            a, b = np.array([getattr(agent, name) for agent in plain.agents], float), table.data[name].astype(float)
            apart = max(apart, float((np.abs(a - b) / np.maximum(np.maximum(abs(a), abs(b)), 1.0)).max()))
    return apart


def run(tiny: bool = False) -> Report:
    households, months, compared = (100, 1, 3) if tiny else (HOUSEHOLDS, MONTHS, 24)
    state = beginning(households)
    times: dict[str, Spent] = {}
    for name, model in (("plain Mesa objects", Plain(state)), ("a process on columns", Rows(state))):
        model.step()
        times[name] = best(model.step, months)
    rows = [
        (name, f"{took.cpu / households * 1e9:,.0f}", f"{households / took.cpu / 1e6:.2f}")
        for name, took in times.items()
    ]
    objects, columns = times.values()
    bars = [
        Bar("times as fast on columns", objects.cpu / columns.cpu, RATIO, least=True),
        Bar("largest relative difference between the two", largest_difference(min(households, 2_000), compared), 1e-9),
    ]
    title = f"One household's month, the same rule twice, {households:,} households"
    return Report(title, ("", "ns each", "million/s of CPU"), rows, bars)
