"""Observation: the income that officials see, which is not quite the income that is (精准识别)."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.ledger import Money
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, Flags, World, place

MEMORY = "process.observation"
"""Under this name the world keeps what observation remembers; no policy can be called so."""
DOUBT = 1e-9
"""Share by which an estimate must miss the mark to be trusted; roundings are a million times smaller."""

Rows = NDArray[np.intp]


class Observation(Process):
    """Idle unless `process.register.observation` is "observed"; then everybody's income is looked at each December.

    The register acts on apparent income: what is seen of income, more what the yard shows, less what favour hides.
    """

    local = False

    first_pass = Parameter(
        0.45, unit="log", range=(0.2, 0.6), limits=(0.0, 2.0), mark="assumed", claim="S14",
        doc="standard deviation of the error before public review, where no team has worked",
    )  # fmt: skip
    reviewed = Parameter(
        0.125, unit="log", range=(0.10, 0.15), limits=(0.0, 2.0), mark="assumed", claim="S14",
        doc="the same from the first December after public review (公示、回头看)",
    )  # fmt: skip
    review_after = Parameter(
        11, unit="months", range=(0, 24), limits=(0, 1200), mark="choice", claim="S14", optional=True,
        doc="from the start of the scenario until the register is posted in the village and reviewed; none: never",
    )  # fmt: skip
    persistence = Parameter(
        0.7, unit="per year", range=(0.4, 0.9), limits=(0.0, 1.0), mark="assumed", claim="S14",
        doc="correlation of an error with that of a year before; errors drawn anew would make false returns",
    )  # fmt: skip
    exposure = Parameter(
        0.6, unit="share", range=(0.0, 0.9), limits=(0.0, 1.0), mark="assumed", claim="S14",
        doc="part of the error that full exposure to team work takes away",
    )  # fmt: skip
    assets = Parameter(
        0.05, unit="yuan a year per yuan", range=(0.0, 0.1), limits=(0.0, 1.0), mark="assumed", claim="S14",
        doc="by which productive capital in the yard makes a household look better off",
    )  # fmt: skip
    favour = Parameter(
        0.165, unit="log", range=(0.0, 0.33), limits=(0.0, 2.0), mark="assumed", claim="S08",
        doc="by which full favour makes a household look poorer (人情保、关系户)",
        source="0.3 standard deviations of log income, which is about 0.55",
    )  # fmt: skip
    favoured_clan = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S08",
        doc="of favour that comes of a tie to the leading clan of the village; the rest comes of wealth",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not self.erring(world):
            return
        if world.clock.december:
            self.look(world)
        elif world.clock.month == world.clock.first:
            self.weigh(world)

    def erring(self, world: World) -> bool:
        """Whether officials see incomes with error at all."""
        return bool(world.processes["register"].observation == "observed")

    def look(self, world: World) -> None:
        """Look at everybody: last year's error, part of it forgotten, and a new one."""
        error = self._error(world)
        error[:] = carried(error, maths.normal(world.draw("observation")), self.persistence)
        self.weigh(world)

    def weigh(self, world: World) -> None:
        """Give the errors the size they have now, in view of public review and of team work in the village."""
        error = self._error(world)
        if np.isnan(error).any():
            fresh = maths.normal(world.draw("first observation"))
            error[:] = np.where(np.isnan(error), fresh, error)
        spread = world.of_village(blurred(self.blur(world), self.exposure, world.villages.exposure_observed))
        self.factor(world)[:] = misread(error.astype(np.float64), spread)

    def blur(self, world: World) -> float:
        """The standard deviation of errors this month, where no team has worked."""
        after = self.review_after
        return float(self.first_pass if after is None or world.clock.elapsed < after else self.reviewed)

    def factor(self, world: World) -> NDArray[np.float32]:
        """Seen over true income as of the last look, shape (households,); 1 before the first."""
        return world.recall(MEMORY, "factor", np.float32, 1.0)

    def apparent(self, world: World, notion: str = "", rows: Rows | None = None) -> Money:
        """The income of twelve months that officials go by, fen per household, of all households or of some rows.

        notion: as in `World.income_pc`: "" or "net_of_policy".
        """
        fen = self._net(world, notion, rows)
        if not self.erring(world):
            return fen
        fen = fen * self.factor(world)[slice(None) if rows is None else rows]
        if self.favour:
            fen *= maths.exp(-self.favour * self.favoured(world, rows))
        fen += self._shown(world, rows)
        return fen

    def _net(self, world: World, notion: str, rows: Rows | None) -> Money:
        """The true income of twelve months, fen per household."""
        home, where = world.households, slice(None) if rows is None else rows
        fen: Money = home.income12[where]
        if notion == "net_of_policy":
            fen = fen - home.support12[where]
        return fen

    def _shown(self, world: World, rows: Rows | None) -> Money:
        """What the yard shows, as income of twelve months, fen per household."""
        shown: Money = self.assets * world.households.capital[slice(None) if rows is None else rows]
        shown *= world.processes["business"].yuan_per_unit * 100.0
        return shown

    def apparent_pc(self, world: World, notion: str = "", rows: Rows | None = None) -> Array:
        """The same per person, yuan a year; `World.income_pc` where officials do not err."""
        members = world.households.members if rows is None else world.households.members[rows]
        pc: Array = self.apparent(world, notion, rows) / (members * 100.0)
        return pc

    def sees_at_least(self, world: World, notion: str, rows: Rows, wanted: Array | float) -> Flags:
        """Which of some rows have an `apparent_pc` of at least `wanted`, yuan a year, at least 0; to the last bit.

        Favour, which is dear to look up, is looked up only for those whom it decides about.
        """
        if not (self.erring(world) and self.favour):
            above: Flags = self.apparent_pc(world, notion, rows) >= wanted
            return above
        home = world.households
        most = self._net(world, notion, rows)
        most *= self.factor(world)[rows]
        least = most * float(maths.exp(-self.favour))
        shown = self._shown(world, rows)
        fen = wanted * (home.members[rows] * 100.0)
        below_nothing = most < 0
        most += shown
        least += shown
        surely: Flags = least >= fen * (1.0 + DOUBT)
        surely &= ~below_nothing
        doubtful = most >= fen * (1.0 - DOUBT)
        doubtful |= below_nothing
        doubtful &= ~surely
        some = doubtful.nonzero()[0]
        floor = wanted[some] if isinstance(wanted, np.ndarray) else wanted
        surely[some] = self.apparent_pc(world, notion, rows[some]) >= floor
        return surely

    def favoured(self, world: World, rows: Rows | None = None) -> Array:
        """How much favour each household enjoys, 0 to 1, of all households or of some rows."""
        leads = leaders(world)
        favoured: Array = self.favoured_clan * (leads if rows is None else leads[rows])
        favoured += (1.0 - self.favoured_clan) * standing(world, rows)
        return favoured

    def _error(self, world: World) -> NDArray[np.float32]:
        return world.recall(MEMORY, "error", np.float32, np.nan)


def carried(error: NDArray[np.floating], fresh: Array, persistence: float) -> Array:
    """Standard errors a year later: an autoregression of order one that keeps their variance at 1.

    error: NaN where there is none yet. fresh: standard normal. Both of shape (n,).

    >>> carried(np.array([np.nan, 1.0, 1.0]), np.array([0.3, 0.0, 1.0]), 0.6)
    array([0.3, 0.6, 1.4])
    """
    kept = persistence * error + math.sqrt(1.0 - persistence * persistence) * fresh
    return np.where(np.isnan(error), fresh, kept)


def blurred(blur: float, reduction: float, exposure: Array) -> Array:
    """Standard deviation of errors by village: σ = σ0 (1 − reduction · X), shape (villages,).

    >>> blurred(0.45, 0.6, np.array([0.0, 0.5]))
    array([0.45 , 0.315])
    """
    return blur * (1.0 - reduction * exposure)


def misread(error: Array, spread: Array | float) -> Array:
    """Seen over true income, exp(σε − σ²/2), with mean 1; exactly 1 where the spread is 0. All of shape (n,).

    >>> misread(np.array([0.0, 1.0, -3.0]), np.array([0.2, 0.2, 0.0])).round(3)
    array([0.98 , 1.197, 1.   ])
    """
    return maths.exp(spread * error - 0.5 * spread * spread)


def leading_clan(world: World) -> Flags:
    """Who belongs to the clan with most households in its village; the first of those that are equal."""
    home = world.households
    new = (home.clan[1:] != home.clan[:-1]) | (home.village[1:] != home.village[:-1])
    starts = np.flatnonzero(np.concatenate([[True], new]))
    size = np.diff(starts, append=len(home.clan))
    of = np.searchsorted(world.village_starts, starts, "right") - 1
    # The largest first within each village, and of equals the one that stands first.
    order = np.lexsort((starts, -size, of))
    leads = np.zeros(len(starts), bool)
    leads[order[np.flatnonzero(np.diff(of[order], prepend=-1))]] = True
    return np.repeat(leads, size)


def leaders(world: World) -> Flags:
    """`leading_clan`, which is found once: clans never change. Of the whole world only."""
    if "leading clan" not in world.settled:
        world.settled["leading clan"] = leading_clan(world)
    return world.settled["leading clan"]


def standing(world: World, rows: Rows | None = None) -> Array:
    """Liquid wealth beside twice the mean of the village, at most 1, of all households or of some rows."""
    wealth = world.households.wealth
    mean = world.by_village(wealth) / world.villages.households
    if rows is None:
        usual = world.of_village(mean)
    else:
        usual, wealth = mean[place(world.villages.number, world.households.village[rows])], wealth[rows]
    share: Array = np.minimum(wealth / np.maximum(2.0 * usual, 1.0), 1.0)
    return share
