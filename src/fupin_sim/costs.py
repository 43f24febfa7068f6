"""Costs: what an arm costs from the decision month on, discounted, in the fiscal and in the social account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fupin_sim import maths
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Section
from fupin_sim.processes.teams import posted
from fupin_sim.world import World

DIVERTED = "diverted"
"""The institution by whose name coordinated money that is missing elsewhere is credited."""
POSTS = "team"
"""The institution by whose name the treasury is charged for cadres in villages."""
PARTS = {
    "received": "received by households from policies, in cash, in kind and as interest paid",
    "leaked": "leaked on the way",
    "administered": "administration of policies, monitoring included",
    "institutions": "registers and their like",
    "losses": "microcredit written off that no guarantee pays",
    "not additional": "coordinated money that villages without a team go without",
}
"""What is added up of a month, in fen."""


class Cost(Section):
    """How costs are counted when arms are compared; nobody's life depends on it."""

    rate = Parameter(
        0.04, unit="per year", range=(0.03, 0.05), limits=(0.0, 1.0), mark="assumed", claim="S11", doc="of discount"
    )
    years = Parameter(8, unit="years", range=(5, 12), limits=(1, 60), mark="choice", doc="from the decision month")
    tail = Parameter(5, unit="years", range=(0, 10), limits=(0, 60), mark="choice", doc="after them, counted as well")
    cadre_fiscal = Parameter(
        30_000.0, unit="yuan per cadre-year", range=(15_000, 60_000), limits=(0, 1e7), mark="assumed", claim="S11",
        doc="of a cadre in a village, in the fiscal account: the wage at home is paid anyhow",
    )  # fmt: skip
    cadre_social = Parameter(
        90_000.0, unit="yuan per cadre-year", range=(60_000, 150_000), limits=(0, 1e7), mark="assumed", claim="S11",
        doc="the same in the social account: the cadre is missing at home",
    )  # fmt: skip


@dataclass
class Account:
    """Discounted costs of one run, yuan, and what they are divided by.

    parts: by the names in PARTS. cadre_years: discounted too. people: residents in the decision month.
    """

    cadre_fiscal: float
    cadre_social: float
    parts: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))
    cadre_years: float = 0.0
    people: float = 0.0

    @property
    def fiscal(self) -> float:
        """Public money that is additional, and what the posts of cadres add to their wages."""
        return sum(self.parts.values()) + self.cadre_years * self.cadre_fiscal

    @property
    def social(self) -> float:
        """All that is used: coordinated money in full, and cadres who are missing where they came from."""
        return sum(self.parts.values()) - self.parts["not additional"] + self.cadre_years * self.cadre_social

    def of(self, account: str) -> float:
        """ "fiscal" or "social", yuan per resident of the decision month."""
        return float(getattr(self, account)) / self.people

    def add(self, world: World, weight: float) -> None:
        """Enter the month just lived. weight: its discount factor."""
        for name, fen in of_month(world).items():
            self.parts[name] += weight * fen / 100.0
        self.cadre_years += weight * len(posted(world)) / 12.0


def of_month(world: World) -> dict[str, float]:
    """What the month just lived has cost, fen, by the names in PARTS; automatic spending is inside."""
    outlays = world.outlays.values()
    total = {what: sum(float(getattr(outlay, what).sum()) for outlay in outlays) for what in list(PARTS)[:3]}
    others = {name: float(fen.sum()) for name, fen in sorted(world.overheads.items())}
    diverted = others.pop(DIVERTED, 0.0)
    others.pop(POSTS, 0.0)  # counted by cadre-years, in either account at its own price
    paid_to_lenders = sum(float(fen.sum()) for fen in world.guaranteed.values())
    losses = world.ledger.totals["written_off_microcredit"] - paid_to_lenders
    return {**total, "institutions": sum(others.values()), "losses": losses, "not additional": diverted}


def discount(rate: float, months: int) -> float:
    """The worth in the decision month of a yuan some months later: (1 + r)^(−t/12).

    >>> discount(0.04, 0), round(discount(0.04, 24), 6)
    (1.0, 0.924556)
    """
    if not (rate and months):
        return 1.0
    return float(maths.exp(-(months / 12.0) * maths.log(np.array([1.0 + rate])))[0])


def opened(rules: Mapping[str, Any]) -> Account:
    """An empty account under the rules of the section [cost]."""
    return Account(rules["cadre_fiscal"], rules["cadre_social"])
