"""Return to poverty (返贫): who had left, was out last December and is poor this December."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, Flags, World


def return_rate(exited: Flags, poor_before: Flags, poor_now: Flags) -> float:
    """#(exited, not poor before, poor now) / #(exited, not poor before); missing (NaN) when nobody is at risk.

    exited: struck from the register in a December before this one, shape (households,). All three by one income
    notion throughout. Source: docs/measures.md.

    >>> import numpy as np
    >>> return_rate(np.array([True, True, True, False]), np.array([False, False, True, False]),
    ...             np.array([True, False, True, True]))
    0.5
    """
    at_risk = exited & ~poor_before
    return ratio(float((at_risk & poor_now).sum()), float(at_risk.sum()))


def return_within(exit_at: NDArray[np.integer], poor: Flags, dates: int, weight: Array | None = None) -> float:
    """The share of an exit cohort that is poor at one of the first `dates` dates after its exit, as within 5 years.

    exit_at: the date of the exit that is followed, as a column of `poor`, below 0 for none, shape (n,). poor: shape
    (n, all dates), by one income notion. Left out are those poor at the exit itself, and those whose first `dates`
    dates are not all seen, so that no cohort is judged early. weight: shape (n,). Missing (NaN) when nobody is left.
    Raises NotMeasured.

    >>> poor = np.array([[1, 0, 0, 1], [1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 0, 0]], dtype=bool)
    >>> [return_within(np.array([1, 1, 2, -1]), poor, dates) for dates in (1, 2)]
    [0.0, 0.5]
    """
    w = np.ones(len(exit_at)) if weight is None else weight
    checked(exit_at=exit_at, poor=poor, weight=w)
    if poor.ndim != 2 or dates < 1:
        raise NotMeasured("poor: must have a column a date; dates: must be at least 1")
    last = poor.shape[1]
    rows = np.flatnonzero((exit_at >= 0) & (exit_at + dates < last))
    rows = rows[~poor[rows, exit_at[rows]]]
    after = poor[rows[:, None], exit_at[rows][:, None] + np.arange(1, dates + 1)]
    return ratio(float(w[rows][after.any(axis=1)].sum()), float(w[rows].sum()))


def exited_before(world: World) -> Flags:
    """Who was struck from the register in a December before this month, shape (households,)."""
    first = world.households.first_exited_on
    flags: Flags = (first != NEVER) & (first < world.clock.month)
    return flags


class _Return(Measure):
    unit, every, better = "share of exited households per year", "year", "lower"
    notion = ""

    def take(self, world: World) -> float:
        home = world.households
        before = home.poor_last_december if not self.notion else getattr(home, f"poor_last_december_{self.notion}")
        return return_rate(exited_before(world), before, world.income_pc(self.notion) < world.line)


class ReturnRate(_Return):
    """Yearly return of exited households, on income with policy income (返贫率)."""


class ReturnRateNetOfPolicy(_Return):
    """Yearly return of exited households on income without policy income: return that support hides."""

    notion = "net_of_policy"


class ReturnRateNetOfBills(_Return):
    """Yearly return of exited households on income after own medical and school bills."""

    notion = "net_of_bills"


class NewPovertyRate(Measure):
    """Share of never-registered households not poor last December that are poor now."""

    unit, every, better = "share of households per year", "year", "lower"

    def take(self, world: World) -> float:
        home = world.households
        # Who was first listed this December had not been listed before it.
        never = (home.first_listed_on == NEVER) | (home.first_listed_on == world.clock.month)
        return return_rate(never, home.poor_last_december, world.income_pc() < world.line)


class ExitRate(Measure):
    """Share of the households on the register that were struck off it this December."""

    unit, every, better = "share of registered households per year", "year", "higher"

    def take(self, world: World) -> float:
        home = world.households
        struck = float((home.exited_on == world.clock.month).sum())
        listed = float((home.registered & (home.listed_on < world.clock.month)).sum())
        return ratio(struck, struck + listed)


class RegisteredShare(Measure):
    """Share of households on the register at the end of the year."""

    unit, every, better = "share of households", "year", "lower"

    def take(self, world: World) -> float:
        return ratio(float(world.households.registered.sum()), float(len(world)))
