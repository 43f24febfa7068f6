"""The world: what every verb, process, shock and policy receives.

`world.households.wealth` is a full, writable column. A *part* of the world has the same attributes and shows a run
of rows only, so that a process is written once and lived block by block or all at once with the same bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.accounts import Accounts
from fupin_sim.clock import Clock
from fupin_sim.draws import Draws
from fupin_sim.funds import Fund, Outlay
from fupin_sim.intensities import Intensities, Intensity
from fupin_sim.ledger import Ledger, Money
from fupin_sim.plugins import Policy, Shock
from fupin_sim.promises import Promises
from fupin_sim.rates import Factor, Rates
from fupin_sim.scenario import Scenario
from fupin_sim.tally import Tally

Flags = NDArray[np.bool_]
Array = NDArray[np.float64]

TAKEN_OFF = MappingProxyType({"net_of_policy": "support12", "net_of_bills": "bills12", "net_of_relief": "relief12"})
"""What an income notion leaves out of twelve-month income."""


class World:
    """Tables, rates, draws, ledger, clock and scenario.

    households, villages, counties, cadres, teams: columns by attribute. rows: which households this part shows;
    `whole` is the world it belongs to. processes: the processes of the month by name, so that one may read another's
    parameters.
    fresh: this is the first month lived since the model was made or resumed.
    overheads: what institutions that are no policies cost this month, by name, whole fen per county.
    line: yuan per person-year, a number, or an array over the households of this part where counties have their own.
    memory: what a policy keeps about each household, by policy and name. settled: what follows from who lives where and
    so never changes, worked out once and in no snapshot. paid: what each policy gave each household
    this month. insured: what each pays of the household's own medical cost. guaranteed: what each pays lenders for the
    household's debts when they are written off. running: what each spent in each county on its own work, beside
    its share of outlay.
    """

    def __init__(
        self,
        spec: Scenario,
        clock: Clock,
        draws: Draws,
        households: Any,
        villages: Any,
        counties: Any,
        ledger: Ledger,
        accounts: Accounts,
        cadres: Any = (),
        teams: Any = (),
    ) -> None:
        self.spec, self.clock, self.draws = spec, clock, draws
        self.households, self.villages, self.counties = households, villages, counties
        self.cadres, self.teams = cadres, teams
        self.ledger, self.accounts = ledger, accounts
        self.rates = Rates()
        self.intensities = Intensities()
        self.promises = Promises()
        self.rows = slice(0, len(households.luck))
        self.whole = self
        self.processes: dict[str, Any] = {}
        self.policies: dict[str, Policy] = {}
        self.shocks: dict[str, Shock] = {}
        self.funds: dict[str, Fund] = {}
        self.outlays: dict[str, Outlay] = {}
        self.overheads: dict[str, Money] = {}
        self.tally = Tally()
        self.paid: dict[str, Money] = {}
        self.insured: dict[str, Money] = {}
        self.guaranteed: dict[str, Money] = {}
        self.running: dict[str, Money] = {}
        self.memory: dict[str, dict[str, NDArray[Any]]] = {}
        self.settled: dict[str, NDArray[Any]] = {}
        self.county_starts: NDArray[np.int64] = counties.first
        self.village_starts: NDArray[np.int64] = villages.first
        self.fresh = True
        self.line: Array | float = 0.0
        self._spreads: dict[str, tuple[slice, NDArray[np.int64]]] = {}
        self._village: NDArray[np.int32] | None = None
        self.growth: Mapping[str, float] = {"wage": 1.0, "business": 1.0, "transfers": 1.0}

    def part(self, rows: slice, households: Any) -> World:
        """The world seen through a run of rows; everything but the household columns is shared."""
        part = object.__new__(World)
        part.__dict__.update(self.__dict__)
        part.rows, part.households, part._spreads = rows, households, {}
        part.ledger = self.ledger.on(rows, households)
        part.accounts = self.accounts.on(rows)
        return part

    def follow(self) -> None:
        """Take this month's line and growth over from the whole world, before a part is lived."""
        line, self.growth = self.whole.line, self.whole.growth
        self.line = line[self.rows] if isinstance(line, np.ndarray) else line

    def __len__(self) -> int:
        """How many households this part shows."""
        return self.rows.stop - self.rows.start

    # ---- luck ----------------------------------------------------------------

    def draw(self, process: str, rows: NDArray[np.intp] | None = None) -> Array:
        """One uniform in (0, 1) for each household, or for some rows: a function of seed, process, month, luck key."""
        luck = self.households.luck
        return self.draws.uniform(process, self.clock.month, luck if rows is None else luck[rows])

    def draws_of(self, processes: Sequence[str], rows: NDArray[np.intp]) -> Array:
        """What `draw` gives for each of several processes and the same few rows; shape (processes, rows)."""
        return self.draws.uniforms(processes, self.clock.month, self.households.luck[rows])

    # ---- rates ---------------------------------------------------------------

    def rate(self, name: str) -> Factor:
        """This month's factor on a named rate: a number, or an array over the households of this part."""
        factor = self.rates.factor(name)
        return factor[self.rows] if isinstance(factor, np.ndarray) else factor

    # ---- the line ------------------------------------------------------------

    def line_of(self, rows: NDArray[np.intp]) -> Array | float:
        """The poverty line for some households, yuan per person-year."""
        return self.line[rows] if isinstance(self.line, np.ndarray) else self.line

    # ---- intensities ---------------------------------------------------------

    def intensify(self, name: str, amount: Intensity, by: str) -> None:
        """Bring more of a named intensity to households this month; of the whole world only."""
        self.intensities.add(name, amount, by)

    def intensity(self, name: str) -> Intensity:
        """What policies bring of it this month: exactly 0.0 when none does, or an array over this part's households."""
        total = self.intensities.total(name)
        return total[self.rows] if isinstance(total, np.ndarray) else total

    # ---- money and places ----------------------------------------------------

    @staticmethod
    def fen(yuan: Array | float) -> Money:
        """Whole fen, halves to even.

        >>> World.fen(np.array([1.006, 2.0]))
        array([101., 200.])
        """
        return np.rint(np.multiply(yuan, 100.0))

    def charge(self, institution: str, fen: Money) -> None:
        """Enter what an institution costs this month, whole fen per county; it adds to what it cost already.

        The money is the treasury's: no policy's fund pays it, and no household receives it.
        """
        self.overheads[institution] = self.overheads[institution] + fen if institution in self.overheads else fen

    def of_village(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column over villages, spread to the households of this part."""
        return self._spread(column, "village", self.village_starts)

    def of_county(self, column: NDArray[Any]) -> NDArray[Any]:
        """A column over counties, spread to the households of this part."""
        return self._spread(column, "county", self.county_starts)

    def _spread(self, column: NDArray[Any], place: str, starts: NDArray[np.int64]) -> NDArray[Any]:
        if place not in self._spreads:
            self._spreads[place] = sizes_of(starts, self.rows)
        places, sizes = self._spreads[place]
        return np.repeat(column[places], sizes)

    def by_county(self, column: NDArray[Any]) -> NDArray[Any]:
        """Sums of a household column over each county; of the whole world only."""
        total: NDArray[Any] = np.add.reduceat(column, self.county_starts)
        return total

    def by_village(self, column: NDArray[Any]) -> NDArray[Any]:
        """Sums of a household column over each village; of the whole world only."""
        total: NDArray[Any] = np.add.reduceat(column, self.village_starts)
        return total

    def count_by_village(self, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        """How many of some households, in ascending order, each village has; of the whole world only."""
        return np.diff(np.searchsorted(rows, self.village_starts), append=len(rows))

    def villages_of(self, rows: NDArray[np.intp]) -> NDArray[np.int32]:
        """The row of the village of some households, shape of rows; of the whole world only."""
        if self._village is None:
            self._village = self.of_village(np.arange(len(self.villages), dtype=np.int32))
        return self._village[rows]

    def counties_as_rows(self) -> list[slice]:
        """The rows of each county, in order."""
        ends = [*self.county_starts[1:].tolist(), len(self)]
        return [slice(a, b) for a, b in zip(self.county_starts.tolist(), ends, strict=True)]

    # ---- what policies remember ----------------------------------------------

    def recall(self, policy: str, name: str, dtype: Any, default: Any) -> NDArray[Any]:
        """A policy's own column over households, made on first use, kept in snapshots."""
        mine = self.memory.setdefault(policy, {})
        if name not in mine:
            mine[name] = np.full(len(self.whole), default, dtype)
        return mine[name][self.rows]

    # ---- incomes -------------------------------------------------------------

    def income_pc(self, notion: str = "", rows: NDArray[np.intp] | None = None) -> Array:
        """Income per person over the last twelve months, yuan a year, of all households or of some rows.

        notion: "" with policy income; "net_of_policy"; "net_of_bills" (own medical and school bills taken off);
        "net_of_relief" (the means test: income without means-tested relief).
        """
        home, where = self.households, slice(None) if rows is None else rows
        fen = home.income12[where]
        if notion:
            fen = fen - getattr(home, TAKEN_OFF[notion])[where]
        pc: Array = fen / (home.members[where] * 100.0)
        return pc


def sizes_of(starts: NDArray[np.integer], rows: slice) -> tuple[slice, NDArray[np.int64]]:
    """The places that a run of rows touches, and how many of its rows each has; rows stand place by place.

    starts: the first row of each place, ascending.

    >>> sizes_of(np.array([0, 2, 4]), slice(1, 5))
    (slice(0, 3, None), array([1, 2, 1]))
    """
    first, last = int(np.searchsorted(starts, rows.start, "right")) - 1, int(np.searchsorted(starts, rows.stop))
    return slice(first, last), np.diff(starts[first + 1 : last], prepend=rows.start, append=rows.stop)


def place(numbers: NDArray[np.integer], wanted: NDArray[np.integer]) -> NDArray[np.integer]:
    """Where each wanted number stands in an ascending column of numbers.

    The column has gaps when counties that are no neighbours are lived without the others.

    >>> place(np.array([4, 5, 6]), np.array([6, 4])), place(np.array([0, 1, 7]), np.array([7, 1]))
    (array([2, 0]), array([2, 1]))
    """
    gaps = numbers[-1] - numbers[0] >= len(numbers)
    return np.searchsorted(numbers, wanted) if gaps else wanted - numbers[0]
