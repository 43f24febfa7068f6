"""The model: a world, the month as a list of verbs, and a recorder, as a Mesa model."""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

import numpy as np
from mesa.datacollection import DataCollector
from numpy.typing import NDArray

from fupin_sim import support
from fupin_sim.accounts import Accounts
from fupin_sim.agents import Cadre, County, Household, Team, VillageOrganization
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.clock import Clock
from fupin_sim.columns import RowModel
from fupin_sim.dated import month_name
from fupin_sim.draws import Draws
from fupin_sim.errors import BadInput
from fupin_sim.funds import Fund
from fupin_sim.given import block_of, seed_of
from fupin_sim.ledger import GIVEN_BY_POLICIES, Ledger, Purse
from fupin_sim.ledger import faults as ledger_faults
from fupin_sim.line import Line
from fupin_sim.month import Verb, lived_by
from fupin_sim.muster import mustered
from fupin_sim.outcomes import Outcomes
from fupin_sim.panel import panel_columns
from fupin_sim.plugins import Plugin
from fupin_sim.population import People, build
from fupin_sim.processes.line import draw_line
from fupin_sim.recorder import Recorder
from fupin_sim.scenario import Scenario, load
from fupin_sim.shipped import scenario_file
from fupin_sim.support import flow_of, fund_of
from fupin_sim.tally import Tally
from fupin_sim.world import World

BLOCK = 262_144
"""Households in a block, whose columns stay near the processor from verb to verb; any number gives equal bits.

Smaller ones cost more in calls of NumPy, most of which are about a few rows, than they save in memory traffic.
"""


class PovertyModel(RowModel):
    """Households, villages and counties of a scenario, month by month.

    A `mesa.Model`: works with `DataCollector`, `mesa.batch_run` and the visualisations of Mesa. The burn-in is lived
    in the constructor, so `steps` counts months of the scenario. It can be copied, and pickled unless its
    `DataCollector` has reporters of agents that are names or lambdas: give `operator.attrgetter("wealth")` instead.

    scenario: a file, a loaded Scenario, or None for the defaults. seed, rng: which luck; the scenario's own if neither
    is given. block: households in a block. counties: only these, with the same bits as in the whole. outcomes: count
    what becomes of each household, from the start or from a month by its number; None goes on as the snapshot did.
    kwargs: further settings by path, such as {"policy.dibao.level": 0.8}.
    """

    def __init__(
        self,
        scenario: Scenario | str | Path | None = None,
        *,
        seed: int | str | None = None,
        rng: int | str | None = None,
        block: int | None = None,
        counties: Sequence[int] | None = None,
        check_books: bool = False,
        panel: str = "",
        outcomes: int | bool | None = None,
        progress: Callable[[int, int], None] | None = None,
        snapshot: Snapshot | None = None,
        **kwargs: Any,
    ) -> None:
        self.spec = spec_of(scenario if snapshot is None or scenario is not None else snapshot.scenario, kwargs)
        asked = next((seed_of(luck, name) for name, luck in (("seed", seed), ("rng", rng)) if luck is not None), None)
        draws, clock, people = self._beginning(snapshot, asked, counties)
        super().__init__(rng=draws.seed_at(clock.month + 1))
        self.check_books = check_books
        self._block = BLOCK if block is None else block_of(block)
        self._parts: list[World] | None = None
        self.world = self._settle(draws, clock, mustered(self.spec, draws, people))
        self._engage()
        measures: list[Any] = [entry.cls(entry.name, entry.values) for entry in self.spec.measures]
        self.recorder = Recorder(measures, panel, panel_columns())
        self.datacollector = DataCollector(  # type: ignore[no-untyped-call]
            model_reporters={m.name: m.name for m in measures if not getattr(m, "grouped", False)}
        )
        if snapshot is not None:
            self._take_up(snapshot)
        self._count(outcomes)
        self.live_until(self.spec.start - 1, progress)

    def _beginning(
        self, snapshot: Snapshot | None, seed: int | None, counties: Sequence[int] | None
    ) -> tuple[Draws, Clock, People]:
        """Luck, clock and people before the first month to be lived."""
        spec = self.spec
        if snapshot is not None:
            if (spec.start, spec.section("burn_in")["months"]) != (snapshot.start, snapshot.start - snapshot.first):
                raise BadInput("a branch keeps the start and the burn-in of the run it leaves", spec.where)
            changes = snapshot.changes + (() if seed is None else ((snapshot.month + 1, seed),))
            clock = Clock(snapshot.month, snapshot.start, snapshot.first)
            return Draws(snapshot.seed, changes), clock, snapshot.people()
        first = spec.start - spec.section("burn_in")["months"]
        draws = Draws(spec.seed if seed is None else seed)
        people = build(spec, draws, counties)
        return draws, Clock(first - 1, spec.start, first), people

    def _settle(self, draws: Draws, clock: Clock, people: People) -> World:
        """Put the people into tables and open their books."""
        tables: list[Any] = []
        for kind, columns in (
            (Household, people.households),
            (VillageOrganization, people.villages),
            (County, people.counties),
            (Cadre, people.cadres),
            (Team, people.teams),
        ):
            kind.create_agents(self, len(columns["luck"]), **columns)
            tables.append(self.table(kind))
        home, villages, counties, cadres, teams = tables
        books = Ledger.open(home, home.n), Accounts.opened_with(home)
        return World(self.spec, clock, draws, home, villages, counties, *books, cadres, teams)

    def _engage(self) -> None:
        """Make the processes, shocks and policies of the scenario."""
        world, spec = self.world, self.spec
        world.processes = {name: cls(name, spec.process(name)) for name, cls in BUILT_IN.processes.items()}
        for entries, engaged in ((spec.policies, world.policies), (spec.shocks, world.shocks)):
            plugins: dict[str, Any] = {entry.name: entry.cls(entry.name, entry.values) for entry in entries}
            engaged.update(plugins)
        self._line = Line("line", spec.section("line"))

    def _take_up(self, snapshot: Snapshot) -> None:
        """Go on where the snapshot was taken."""
        kept = copy.deepcopy(snapshot)
        self.world.accounts.rings.update(kept.rings)
        self.world.funds, self.world.memory, self.world.tally = kept.funds, kept.memory, kept.tally
        for name in ("rows", "latest", "at_risk", "returned", "panel", "outcomes"):
            setattr(self.recorder, name, getattr(kept.recorder, name))
        self.running = not self.over

    def _count(self, outcomes: int | bool | None) -> None:
        """Begin to follow households, or begin their counts afresh from a month; raises BadInput."""
        counted = self.recorder.outcomes
        if outcomes is None or outcomes is False or (outcomes is True and counted is not None):
            return
        first, end = max(self.spec.start, self.world.clock.month + 1), self.spec.start + self.spec.months - 1
        since = first if outcomes is True else outcomes
        if not first <= since <= end:
            told = f"outcomes = {month_name(since)}: households can be counted from {month_name(first)}"
            raise BadInput(f"{told} to {month_name(end)}")
        self.recorder.outcomes = (counted or Outcomes(since, len(self.world))).since_month(since)

    def snapshot(self) -> Snapshot:
        """Everything that the future depends on, copied: columns and small tables, never pickled agents."""
        world = self.world
        return copy.deepcopy(
            Snapshot(
                self.spec, world.draws.seed, world.draws.changes, world.clock.month, world.clock.start,
                world.clock.first, {kind.__name__: dict(table.data) for kind, table in self.tables.items()},
                world.accounts.rings, world.funds, world.memory, world.tally,
                replace(self.recorder, measures=(), panel_columns=()),
            )
        )  # fmt: skip

    # ---- the month -----------------------------------------------------------

    def step(self) -> None:
        """Live one month; `running` is False after the last."""
        if self.running:
            self._live()
            self.datacollector.collect(self)  # type: ignore[no-untyped-call]
            self.running = not self.over

    @property
    def over(self) -> bool:
        """Whether the last month of the scenario has been lived."""
        return self.world.clock.month >= self.spec.start + self.spec.months - 1

    def live_until(self, month: int, progress: Callable[[int, int], None] | None = None) -> None:
        """Live without collecting; `progress` hears months done and months in all, burn-in included."""
        clock = self.world.clock
        last = self.spec.start + self.spec.months - 1
        while clock.month < month:
            self._live()
            if progress:
                progress(clock.month - clock.first + 1, last - clock.first + 1)

    @property
    def verbs(self) -> tuple[Verb, ...]:
        """The list of verbs that each month is lived by; see `[model] mode`."""
        return lived_by(self.spec)

    def _live(self) -> None:
        world = self.world
        world.clock.month += 1
        before = Purse.of(world.ledger) if self.check_books else None
        # Verbs whose strokes are all local are lived together, so that a block is fetched from memory once for them.
        waiting: list[str] = []
        for verb in self.verbs:
            stroke = f"_{verb.name}"
            if hasattr(type(self), stroke):
                self._run(waiting)
                waiting.clear()
                getattr(self, stroke)()
            waiting += verb.processes
        self._run(waiting)
        world.fresh = False
        if before is not None and (found := self.faults(before)):
            raise BooksDoNotBalance(f"{world.clock.name}: " + "; ".join(found))

    def _set(self) -> None:
        world = self.world
        world.ledger.clear()
        world.rates.reset()
        world.intensities.reset()
        world.promises.reset()
        world.overheads.clear()
        for plugin in self._plugins():
            plugin.at(world.clock.month)
        draw_line(world, self._line)
        for _, shock in sorted(world.shocks.items()):
            shock.adjust(world)
        for _, policy in sorted(world.policies.items()):
            policy.adjust(world)

    def _suffer(self) -> None:
        for _, shock in sorted(self.world.shocks.items()):
            shock.strike(self.world)

    def _support(self) -> None:
        support.settle(self.world)

    def _record(self) -> None:
        self.recorder.record(self.world)

    def _plugins(self) -> Iterable[Plugin]:
        world = self.world
        return (*world.processes.values(), *world.policies.values(), *world.shocks.values(), self._line)

    def _run(self, names: Sequence[str]) -> None:
        """Run processes: neighbours that are local go through the population together, block by block."""
        for local, group in groupby((self.world.processes[name] for name in names), lambda process: process.local):
            processes = list(group)
            for part in self._blocks() if local else [self.world]:
                part.follow()
                for process in processes:
                    process.run(part)

    def _blocks(self) -> list[World]:
        """The world in parts of whole villages, about `block` households each."""
        if self._parts is None:
            world, ends = self.world, [0]
            for end in (*world.village_starts[1:].tolist(), len(world)):
                if end - ends[-1] >= self._block or end == len(world):
                    ends.append(end)
            rows = [slice(a, b) for a, b in pairwise(ends) if b > a]
            self._parts = [world.part(each, world.households.block(each)) for each in rows]
        return self._parts

    def __getstate__(self) -> dict[str, Any]:
        """Parts show rows of the world; a copy makes its own."""
        return {**self.__dict__, "_parts": None}

    # ---- what can be seen ----------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        recorder = self.__dict__.get("recorder")
        if recorder is not None and name in recorder.names:
            return recorder.latest.get(name, math.nan)
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def faults(self, before: Purse) -> list[str]:
        """What does not balance in the month just lived: purses, debts, funds; an empty list when all is well."""
        world = self.world
        found = ledger_faults(before, world.ledger)
        for name, fund in world.funds.items():
            outlays = [world.outlays[policy] for policy in sorted(world.outlays) if fund_of(world, policy) == name]
            spent = sum((outlay.spent for outlay in outlays), np.zeros(len(fund.balance)))
            if (fund.opened - spent != fund.balance).any() or (fund.balance < 0).any():
                found.append(f"fund {name}: what was there, less what was spent, is not what is left")
        for flow in GIVEN_BY_POLICIES:
            mine = [paid for name, paid in sorted(world.paid.items()) if flow_of(world, name) == flow]
            if (sum(mine, np.zeros(len(world))) != world.ledger.flows[flow]).any():
                found.append(f"{flow}: households did not receive what the policies paid")
        pocketed = sum((outlay.captured for outlay in world.outlays.values()), np.zeros(len(world.counties.luck)))
        if (pocketed != world.by_county(world.ledger.flows["captured"])).any():
            found.append("captured: elites did not pocket what policies say leaked to them")
        if any((outlay.captured > outlay.leaked).any() for outlay in world.outlays.values()):
            found.append("captured: more than leaked")
        if (sum(world.insured.values(), np.zeros(len(world))) > world.ledger.flows["reimbursement"]).any():
            found.append("reimbursement: less than the policies paid")
        for name, outlay in world.outlays.items():
            parts = (column[name] for column in (world.paid, world.insured, world.guaranteed) if name in column)
            if (world.by_county(sum(parts, np.zeros(len(world)))) != outlay.received).any():
                found.append(f"policy {name}: what it paid is not what households received")
        return found


class BooksDoNotBalance(AssertionError):
    """A month in which money came from nowhere or went nowhere: a defect of a process or a plugin."""


@dataclass(frozen=True)
class Snapshot:
    """A moment of a run, from which it can go on, under its own scenario and luck or under others."""

    scenario: Scenario
    seed: int
    changes: tuple[tuple[int, int], ...]
    month: int
    start: int
    first: int
    columns: Mapping[str, Mapping[str, NDArray[Any]]]
    rings: dict[str, NDArray[np.int32]]
    funds: dict[str, Fund]
    memory: dict[str, dict[str, NDArray[Any]]]
    tally: Tally
    recorder: Recorder

    def people(self) -> People:
        """The agents as they were."""
        kinds = (Household, VillageOrganization, County, Cadre, Team)
        return People(*(self.columns[kind.__name__] for kind in kinds))


def spec_of(scenario: Scenario | str | Path | None, settings: Mapping[str, Any] | Sequence[str] = ()) -> Scenario:
    """The scenario of a file or a shipped name, a loaded one, or the defaults, with further settings by path.

    Raises BadInput.
    """
    if not isinstance(scenario, Scenario | str | Path | None):
        raise BadInput(f"scenario: must be a file, a loaded Scenario or None, not {type(scenario).__name__}")
    if isinstance(scenario, Scenario):
        spec = scenario.with_(settings) if settings else scenario
    else:
        spec = load({} if scenario is None else scenario_file(scenario), BUILT_IN, sets=settings)
    lived_by(spec)
    return spec
