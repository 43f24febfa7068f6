"""Endowment: what households own, owe and do at the start: near to what decades without support leave them.

A population that starts richer than it can stay, or poorer, has a trend of its own for decades, which would be taken
for an effect of policy. The law drawn from here is an approximation, in few numbers, of the one that the model settles
in with no policy and no growth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.chance import binomial
from fupin_sim.dynamic_programme import SHIPPED, targets
from fupin_sim.scenario import Scenario

Array = NDArray[np.float64]
People = dict[str, NDArray[Any]]
NEAR = 0.85
"""Part of the chance to find work that the middling remote village has left."""
ROUNDS = 4
"""In which what can be afforded is found within some hundredths of a unit."""


@dataclass(frozen=True)
class Endowment:
    """The scenario's settings that say what a household could earn and owe; see the processes of these names."""

    business: Any
    investment: Any
    wages: Any
    wish: Any
    finding: float
    losing: float
    lent_by_kin: float
    lent_by_bank: float
    secure: float
    savings: float
    indebted: float

    @classmethod
    def of(cls, spec: Scenario) -> Self:
        """The settings of a scenario."""
        people, coping = spec.section("population"), spec.process("coping")
        return cls(
            spec.process("business"), spec.process("investment"), spec.process("wages"), spec.process("migration_wish"),
            spec.process("migration")["finding"] * NEAR, spec.process("job_loss")["risk"], coping["kin_limit"],
            coping["bank_limit"], people["secure_income"], people["savings"], people["indebted"],
        )  # fmt: skip

    def columns(self, home: People, place: Array, uniform: Callable[[str], Array], savings: Array) -> People:
        """Migrants, capital, wealth and debts.

        home: columns of households so far. place: factor of the village on business and wages. uniform: draws by name.
        savings: normal scores of the inclination to save. All of shape (households,).
        """
        free = np.maximum(home["workers"] - home["disabled"], 0)
        away = self.away(home)
        aim, attainable = self.affordable(home, away * free, place)
        kept = kept_share(uniform("capital"), attainable, self.secure)
        wealth = self.savings * (attainable / self.secure) * kept * maths.exp(0.8 * savings)
        return {
            "migrants": binomial(uniform("migrants"), free, away),
            "capital": np.maximum(aim * kept, self.investment["land"]),
            "wealth": np.rint(100 * wealth * home["members"]),
            **self.debts(uniform("debt"), kept, home["trust"]),
        }

    def away(self, home: People) -> Array:
        """The share of a household's able workers that is away when as many find work in a month as lose it."""
        odds = self.wish["base"] + self.wish["schooling"] * (home["schooling"] - 6.5)
        odds = odds - self.wish["care"] * home["carers"] + home["mobility"]
        found = self.finding * maths.sigmoid(odds)
        share: Array = found / np.maximum(found + self.losing, 1e-12)
        return share

    def aim(self, ability: Array) -> Array:
        """The capital that a household works towards; who could aim high or low aims low."""
        threshold, low, high = targets(
            SHIPPED[self.business["technology"]], depreciation=self.investment["depreciation"]
        ).at(ability)
        return np.where(threshold <= 0, high, low)

    def affordable(self, home: People, away: Array, place: Array) -> tuple[Array, Array]:
        """The capital aimed at, or the most whose wear income can replace; and the income per person that goes with it.

        The latter is the fixed point of k = most / δ · income(k) / unit, approached from above.
        """
        aim = self.aim(home["ability"])
        most = self.investment["most_of_income"] / self.investment["depreciation"] / self.unit * home["members"]
        capital, income = aim, self.attainable(home, aim, away, place)
        for _ in range(ROUNDS):
            capital = np.minimum(aim, most * income)
            income = self.attainable(home, capital, away, place)
        return capital, income

    @property
    def unit(self) -> float:
        """What a unit of capital costs, yuan."""
        return float(self.business["unit" if self.business["technology"] == "trap" else "unit_no_trap"])

    def attainable(self, home: People, capital: Array, away: Array, place: Array) -> Array:
        """Income in a usual year with this capital and so many away, yuan per person; shape (households,)."""
        business = self.unit * SHIPPED[self.business["technology"]].output(capital, home["ability"])
        wage = self.wages["mean"] * home["wage_premium"]
        wage = wage * np.maximum(1.0 + self.wages["schooling"] * (home["schooling"] - 6.5), 0.0)
        income: Array = place * (business + wage * away) / np.maximum(home["members"], 1)
        return income

    def debts(self, u: Array, kept: Array, trust: Array) -> People:
        """What is owed, fen: first to kin, as far as these lend, then to the bank; more by those who kept less."""
        kin = self.lent_by_kin * trust
        owed = self.indebted * u * np.sqrt(1.0 - kept) * (kin + self.lent_by_bank)
        return {"debt_kin": np.rint(100 * np.minimum(owed, kin)), "debt_bank": np.rint(100 * np.maximum(owed - kin, 0))}


def kept_share(u: Array, attainable: Array, secure: float) -> Array:
    """The share of the capital it aims at that a household has kept through bad years, 0 to 1.

    u: uniforms, shape (n,). attainable: income per person with all the capital aimed at. At the secure income anything
    between nothing and all is as likely; the poorer have less, the richer more.

    >>> kept_share(np.array([0.5, 0.5, 0.5]), np.array([3_250.0, 13_000.0, 52_000.0]), 13_000.0).round(2)
    array([0.25, 0.5 , 0.71])
    """
    return maths.power(u, np.sqrt(secure / np.maximum(attainable, 1.0)))
