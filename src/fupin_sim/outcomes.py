"""Outcomes: what became of each household, one row each, so that it can be held against the same one elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER
from fupin_sim.dated import month_name
from fupin_sim.ledger import Money
from fupin_sim.measures.discounted_cost import weight_of
from fupin_sim.measures.returns import exited_before
from fupin_sim.measures.sources import CAUSES, Memory, enter, entered, first_causes, opened, turn
from fupin_sim.reading import digest_of
from fupin_sim.world import World

if TYPE_CHECKING:
    import pandas as pd

NOT_ENTERED, UNKNOWN = "none", "unknown"
"""Causes of those who never fell below the line, and of those of whose last year too little is known."""
COLUMNS: Mapping[str, tuple[str, str]] = {
    "luck": ("key", "identity of the household: the same in every arm and replicate"),
    "county": ("number", "counted from 0"),
    "village": ("number", "counted from 0 over all counties"),
    "household": ("number", "within its village, in the order of the panel, counted from 0"),
    "decile": ("decile", "of income per person in its county, last December before counting began; 0 before any"),
    "members": ("persons", "at the end of the first month counted"),
    "members_at_end": ("persons", "at the end of the last month"),
    "poor_months": ("months", "ends of months at which it was poor"),
    "poor_decembers": ("Decembers", "at which it was poor"),
    "poor_person_years": ("person-years", "its members at every end of month at which it was poor, each a twelfth"),
    "poor_at_end": ("flag", "poor at the end of the last month"),
    "ever_returned": ("flag", "had left the register, was not poor one December, and was the next"),
    "ever_newly_poor": ("flag", "was never on the register, was not poor one December, and was the next"),
    "cause": ("cause", "of its first fall below the line from one December to the next: a source of income per person, "
              "more mouths, or the line; none where it never fell, unknown where the year before was not seen whole"),
    "received": ("yuan", "from policies: cash, services, interest, insurance, guarantees; exact to the fen"),
    "overhead": ("yuan", "its share of what these policies spent beside that, on administration and by leaks: by "
                 "county and month in proportion to what it received from each; evenly where nobody received"),
    "poor_person_years_discounted": ("person-years", "poor_person_years, each month discounted to the scenario's first "
                                     "at the rate of [cost]"),
    "cost_discounted": ("yuan", "received and overhead, discounted in the same way"),
}  # fmt: skip
"""Unit and meaning of each column of the frame, in their order. With `received` and `overhead` of all households the
outlays of all policies are spent to the fen; institutions, posts of cadres and losses of banks are not in them."""


@dataclass
class Outcomes:
    """Counts by household; nothing in the month reads them.

    since: the first month counted. sources: what it lived on, from the first month lived. All others: shape (n,).
    """

    since: int
    n: int
    sources: Memory = field(init=False)
    counts: dict[str, NDArray[Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.sources = opened(self.n)
        dtypes = {
            "decile": np.int8, "members": np.int8, "poor_months": np.int16, "poor_decembers": np.int16,
            "poor_person_months": np.int32, "ever_returned": bool, "ever_newly_poor": bool, "cause": np.int8,
            "received": np.float64, "overhead": np.float64, "poor_person_years_discounted": np.float64,
            "cost_discounted": np.float64,
        }  # fmt: skip
        self.counts = {name: np.zeros(self.n, dtype) for name, dtype in dtypes.items()}

    def since_month(self, month: int) -> Outcomes:
        """Counted afresh from another month on, with what is known of incomes."""
        fresh = Outcomes(month, self.n)
        fresh.sources = self.sources
        return fresh

    def follow(self, world: World, received: list[Money]) -> None:
        """Count the month just lived. received: whole fen that policies gave, in parts, see the recorder."""
        enter(self.sources, world)
        if world.clock.month >= self.since:
            self._count(world, received)
        if world.clock.december:
            turn(self.sources, world)

    def _count(self, world: World, received: list[Money]) -> None:
        home, counts = world.households, self.counts
        if world.clock.month == self.since:
            counts["decile"][:], counts["members"][:] = home.decile, home.members
        counts["poor_months"] += home.poor
        poor = home.members * home.poor
        counts["poor_person_months"] += poor
        worth = weight_of(world)
        counts["poor_person_years_discounted"] += worth / 12.0 * poor
        spent = np.zeros(self.n)  # whole fen, so that the order of policies changes no bit
        for name, parts in (("received", received), ("overhead", overheads(world))):
            for fen in parts:
                counts[name] += fen
                spent += fen
        counts["cost_discounted"] += worth / 100.0 * spent
        if world.clock.december:
            counts["poor_decembers"] += home.poor
            self._entries(world)

    def _entries(self, world: World) -> None:
        home, counts, fell = world.households, self.counts, entered(world)
        never = (home.first_listed_on == NEVER) | (home.first_listed_on == world.clock.month)
        counts["ever_newly_poor"] |= fell & never
        counts["ever_returned"] |= fell & exited_before(world)
        first = np.flatnonzero(fell & (counts["cause"] == 0))
        counts["cause"][first] = 2 + first_causes(self.sources, world, first)

    def frame(self, world: World) -> pd.DataFrame:
        """One row a household, with the columns of COLUMNS; attrs say of which seed and months."""
        import pandas as pd

        home = world.households
        within = np.arange(len(world)) - world.of_village(world.village_starts)
        yuan = {name: self.counts[name] / 100.0 for name in ("received", "overhead")}
        cause = pd.Categorical.from_codes(self.counts["cause"], pd.Index([NOT_ENTERED, UNKNOWN, *CAUSES]))
        shown = {
            **{name: getattr(home, name).copy() for name in ("luck", "county", "village")},
            **self.counts, **yuan, "household": within.astype(np.int32), "cause": cause,
            "poor_person_years": self.counts["poor_person_months"] / 12.0,
            "members_at_end": home.members.copy(), "poor_at_end": home.poor.copy(),
        }  # fmt: skip
        frame = pd.DataFrame({name: shown[name] for name in COLUMNS})
        frame.attrs = {
            "seed": world.draws.seed, "changes": [list(change) for change in world.draws.changes],
            "first": month_name(world.clock.first), "since": month_name(self.since), "until": world.clock.name,
            "population": digest_of(repr(sorted(world.spec.section("population").items())).encode()),
        }  # fmt: skip
        return frame


def overheads(world: World) -> list[Money]:
    """What each policy spent beside what households received, as shares of households; whole fen, (households,)."""
    found = []
    for name, outlay in sorted(world.outlays.items()):
        beside = outlay.leaked + outlay.administered
        if beside.any():
            parts = [column[name] for column in (world.paid, world.insured, world.guaranteed) if name in column]
            given = sum(parts, np.zeros(len(world)))
            given = np.where(world.of_county(world.by_county(given)) > 0, given, 1.0)
            found.append(_shared(beside, given, world))
    return found


def _shared(fen: Money, given: Money, world: World) -> Money:
    """Whole fen of each county in proportion to what was given, exact in their sum: differences of rounded sums."""
    starts = world.county_starts
    summed = np.cumsum(given)
    before = world.of_county(summed[starts] - given[starts])
    total = world.of_county(world.by_county(given))
    upto = np.rint(world.of_county(fen) * ((summed - before) / total))
    share: Money = np.diff(upto, prepend=0.0)
    share[starts] = upto[starts]
    return share
