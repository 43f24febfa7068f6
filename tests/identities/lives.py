"""A run as a list of months, each with its purses, flows and funds, so that identities can be read off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import reject
from numpy.typing import NDArray

from fupin_sim.funds import Outlay
from fupin_sim.ledger import Purse
from fupin_sim.model import PovertyModel
from fupin_sim.scenario import Scenario
from fupin_sim.support import fund_of

Fen = NDArray[np.float64]


@dataclass(frozen=True)
class FundMonth:
    """A fund after a month: whole fen per county, and who draws on it."""

    opened: Fen
    spent: Fen
    balance: Fen
    open_ended: bool
    budget: Fen
    policies: tuple[str, ...]


@dataclass(frozen=True)
class Month:
    """What a month moved; columns are copies. before, after: wealth and debts at its two ends."""

    number: int
    before: Purse
    after: Purse
    flows: dict[str, Fen]
    outlays: dict[str, Outlay]
    paid: dict[str, Fen]
    insured: dict[str, Fen]
    guaranteed: dict[str, Fen]
    running: dict[str, Fen]
    claims: dict[str, Fen]
    funds: dict[str, FundMonth]
    home: dict[str, NDArray[Any]]
    tally: dict[str, float]
    faults: list[str]
    line: Fen

    def total(self, *names: str) -> float:
        """Sum of flows over all households, fen."""
        return sum(float(self.flows[name].sum()) for name in names)


class Watched(PovertyModel):
    """The model, keeping a record of every month of burn-in and scenario."""

    def _live(self) -> None:
        self.__dict__.setdefault("months", [])
        before = Purse.of(self.world.ledger)
        claims: dict[str, Fen] = {}
        for name, policy in self.world.policies.items():
            _listen(policy, name, claims)
        super()._live()
        world, home = self.world, self.tables[next(iter(self.tables))]
        people = world.by_county(world.households.members.astype(np.float64))
        self.months.append(
            Month(
                world.clock.month, before, Purse.of(world.ledger),
                {name: column.copy() for name, column in world.ledger.flows.items()},
                dict(world.outlays), _copies(world.paid), _copies(world.insured), _copies(world.guaranteed),
                _copies(world.running), claims,
                {name: self._fund(name, people) for name in world.funds},
                {name: column.copy() for name, column in home.data.items()},
                dict(world.tally.flows), self.faults(before),
                np.broadcast_to(world.line, len(world)).copy(),
            )
        )  # fmt: skip

    def _fund(self, name: str, people: Fen) -> FundMonth:
        fund, world = self.world.funds[name], self.world
        mine = tuple(policy for policy in sorted(world.policies) if fund_of(world, policy) == name)
        yuan = [(world.policies[policy].values["budget"] or 0.0) * self._months(policy) for policy in mine]
        return FundMonth(
            fund.opened.copy(), fund.spent.copy(), fund.balance.copy(), fund.open_ended,
            np.rint(sum(yuan) * 100 / 12 * (people * self._tilted())), mine,
        )  # fmt: skip

    def _tilted(self) -> Fen:
        """By how much budgets per resident differ between counties, told village by village."""
        villages, tilt = self.world.villages, self.spec.section("funds")["tilt"]
        factors = []
        for county in self.world.counties.number:
            rows = np.flatnonzero(villages.county == county)
            far = sum(villages.remoteness_at_start[row] * villages.households[row] for row in rows)
            factors.append(1.0 + tilt * (2.0 * far / villages.households[rows].sum() - 1.0))
        return np.array(factors)

    def _months(self, policy: str) -> int:
        """How many months' budget is given now: an insurer is paid for the rest of the year at its beginning."""
        if not self.world.policies[policy].in_advance:
            return 1
        month, first = self.world.clock.month, self.world.clock.first
        return 12 - month % 12 if month % 12 == 0 or month == first else 0


def _copies(columns: dict[str, Fen]) -> dict[str, Fen]:
    return {name: column.copy() for name, column in columns.items()}


def _listen(policy: Any, name: str, claims: dict[str, Fen]) -> None:
    """Keep a copy of what the policy claims."""
    asked = type(policy).claim

    def claim(world: Any) -> Any:
        wanted = asked(policy, world)
        if wanted is not None:
            claims[name] = wanted.copy()
        return wanted

    policy.claim = claim


def lived(scenario: Scenario, **settings: Any) -> list[Month]:
    """All months of a run, burn-in included."""
    try:
        model = Watched(scenario, **settings)
        model.live_until(model.spec.start + model.spec.months - 1)
    except OverflowError:
        reject()  # the documented answer to incomes of 21 million yuan a month
    months: list[Month] = model.months
    return months
