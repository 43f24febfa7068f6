"""An instrument: a policy that pays, with a fund, a budget, dates and three clocks on the household.

The clocks are different things. *Expiry* counts from the month a household was first entitled. *Grace* counts from
the month it lost its title (its exit from the register, or failing the means test): until it ends, support goes on in
full. *Taper* is how many months support takes to fall to nothing after that; 0 is a cliff.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.dated import month_number
from fupin_sim.ledger import Money
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Policy
from fupin_sim.world import Array, Flags, World

AUTOMATIC = Parameter(
    False, name="by_application", mark="choice", claim="S09",
    doc="whether households must apply for it; here it comes without",
)  # fmt: skip
"""For policies that reach whom they are meant for without an application, or settle otherwise who asks for them."""
WHOM = ("registered", "monitored", "all")
"""Whom a policy may be meant for."""


class Instrument(Policy):
    """A built-in policy or a user's own: say who has a title and what it is worth; the clocks do the rest."""

    relief = False
    """Whether it is means-tested relief, which the means test itself leaves out of income."""
    flow = "support"
    """How households get it: "support" is cash and income; see `ledger.GIVEN_BY_POLICIES`."""
    earns: tuple[str, ...] = ()
    """Sources of income besides support that it opens, by the flow that `income_by_source` then shows."""
    in_advance = False
    """Whether the fund is given a whole year's budget at once, as an insurer is a premium."""

    by_application = Parameter(
        True, mark="choice", claim="S09",
        doc="whether households must apply for it, which some do not where `process.delivery` is on",
    )  # fmt: skip
    start = Parameter(None, kind="date", mark="choice", doc="first month of the programme; none: from the beginning")
    end = Parameter(None, kind="date", mark="choice", doc="last month of the programme; none: to the end")
    in_burn_in = Parameter(False, mark="choice", doc="whether it is already in force before the scenario starts")
    fund = Parameter("", mark="choice", doc="name of the fund it draws on; its own when empty")
    budget = Dated(
        None, kind="float", unit="yuan per resident-year", limits=(0, 1e9), mark="choice",
        doc="what it adds to its fund; none: every claim is met",
    )  # fmt: skip
    priority = Parameter(0, limits=(-1000, 1000), mark="choice", doc="smaller is paid first out of a shared fund")
    administration = Parameter(
        0.06, unit="share of outlay", range=(0.02, 0.15), limits=(0.0, 1.0), mark="assumed",
        doc="spent on top of what households receive",
    )  # fmt: skip
    expiry = Parameter(
        None, kind="int", unit="months", limits=(0, 1200), mark="choice", claim="S32",
        doc="months from the first title until support starts to end; none: never",
    )  # fmt: skip
    grace = Parameter(
        0, unit="months", range=(0, 60), limits=(0, 1200), mark="choice", claim="S36",
        doc="months in full after the title is lost",
    )  # fmt: skip
    taper = Parameter(
        0, unit="months", range=(0, 60), limits=(0, 1200), mark="choice", claim="S36",
        doc="months in which support then falls to nothing; 0 is a cliff",
    )  # fmt: skip

    def titled(self, world: World) -> Flags:
        """Who has a title to support this month, shape (households,)."""
        raise NotImplementedError

    def worth(self, world: World) -> Array:
        """What a household with the full title gets this month, yuan, shape (households,)."""
        raise NotImplementedError

    def claim(self, world: World) -> Money | None:
        if not self.in_force(world):
            return None
        title, worth = self.offer(world)
        due = self.share(world, title)
        self._count(world, title)
        due *= worth
        due *= 100.0
        return np.rint(due, out=due)

    def offer(self, world: World) -> tuple[Flags, Array]:
        """`titled` and `worth` of this month, together for those that rest on the same sum."""
        return self.titled(world), self.worth(world)

    def in_force(self, world: World) -> bool:
        """Whether the programme runs this month at all."""
        month = world.clock.month
        if world.clock.in_burn_in and not self.in_burn_in:
            return False
        return (self.start is None or month >= month_number(self.start)) and (
            self.end is None or month <= month_number(self.end)
        )

    def share(self, world: World, title: Flags) -> Array:
        """The part of full support each household is due by the clocks if it takes it up, 0 to 1, shape (households,).

        title: who has one this month, shape (households,).
        """
        due = self._by_clocks(world, title)
        takes = self._takers(world)
        if takes is not None:
            due *= takes
        return due

    def _takers(self, world: World) -> Flags | None:
        """Who takes it up, shape (households,); None: everybody."""
        takes: Flags | None = world.processes["delivery"].takes_up(world, self.name) if self.by_application else None
        return takes

    def _count(self, world: World, title: Flags) -> None:
        """Enter in the year's tally how many had a title this month, and how many of them took it up."""
        if self.by_application:
            takes, (titled, taken) = self._takers(world), world.tally.titles.get(self.name, (0, 0))
            now = int(np.count_nonzero(title))
            taken += now if takes is None else int(np.count_nonzero(title & takes))
            world.tally.titles[self.name] = titled + now, taken

    def _by_clocks(self, world: World, title: Flags) -> Array:
        month = world.clock.month
        due: Array = title.astype(np.float64)
        if self.grace or self.taper:
            last = world.recall(self.name, "last_titled", np.int32, NEVER)
            last[title.nonzero()[0]] = month
            rows = ((last != NEVER) & ~title).nonzero()[0]
            due[rows] = phase(month - last[rows], self.grace, self.taper)
        if self.expiry is not None:
            since = world.recall(self.name, "first_titled", np.int32, NEVER)
            since[title & (since == NEVER)] = month
            rows = (due > 0).nonzero()[0]
            # A household with its first month behind it has had one month of support.
            due[rows] *= phase(month - since[rows], self.expiry - 1, self.taper)
        return due


def among(world: World, whom: str) -> Flags:
    """Those a policy is meant for, shape (households,): "registered", "monitored" (help is due) or "all"."""
    if whom == "registered":
        flags: Flags = world.households.registered
        return flags
    if whom == "monitored":
        helped: Flags = world.households.helped
        return helped
    return np.ones(len(world), bool)


def phase(months: NDArray[np.integer], full: float, taper: float) -> Array:
    """The share of support left some months after a clock was started.

    months: shape (n,), 0 in the month that starts the clock. 1 up to `full`; then a straight line that is nothing
    `taper` + 1 months later.

    >>> phase(np.array([0, 12, 13, 14, 15]), 12, 2).round(2)
    array([1.  , 1.  , 0.67, 0.33, 0.  ])
    >>> phase(np.array([12, 13]), 12, 0)
    array([1., 0.])
    """
    return np.clip(1.0 - (months - full) / (taper + 1.0), 0.0, 1.0) if taper else (months <= full).astype(np.float64)
