"""What a run will cost in time and memory, measured by living a few months of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from numpy.typing import NDArray

from fupin_sim.agents import Household
from fupin_sim.allocator import keep_memory
from fupin_sim.columns import Table, columns_of
from fupin_sim.errors import BadInput
from fupin_sim.executors.capacity import ROOM, free_memory
from fupin_sim.model import PovertyModel
from fupin_sim.scenario import Scenario

START_S = 2.5
"""What a worker needs to start Python and import its libraries."""
WORTH_S = 6.0
"""Below this many seconds of work, more processes are not worth their start."""
BASE = 120 * 2**20
"""Bytes of a process that has imported everything and lived nothing."""
LEAST = 500
"""Bytes that a household needs at the very least, with its books."""


@dataclass(frozen=True)
class Estimate:
    """households: how many. seconds, memory: of one run and of the process it is in, in bytes. each: bytes of state
    and books per household."""

    households: int
    seconds: float
    memory: int
    each: int

    def __str__(self) -> str:
        run = f"about {spoken(self.seconds)} and {round(self.memory / 2**20, -1):,.0f} MB"
        return f"{self.households:,} households of {self.each:,} bytes; a run: {run}"


def estimate(scenario: Scenario, panel: str | None) -> Estimate:
    """Build the population and live the first three months of the scenario; raises what the scenario makes it raise.

    panel: "yearly", "monthly" or None, for the households kept.
    """
    keep_memory()
    trial = scenario.with_({"burn_in.months": 0, "scenario.years": 1})
    marks = [time.perf_counter()]
    model = PovertyModel(trial)
    marks.append(time.perf_counter())
    for months in (1, 3):
        model.live_until(trial.start + months - 1)
        marks.append(time.perf_counter())
    built, first, two_more = (after - before for before, after in pairwise(marks))
    months = scenario.section("burn_in")["months"] + scenario.months
    seconds = built + max(first - two_more / 2, 0.0) * months / 12 + two_more / 2 * months
    n = len(model.world)
    bytes_ = _bytes_of(model)
    kept = {None: 0, "yearly": scenario.years, "monthly": scenario.months}[panel]
    row = sum(column.dtype.itemsize for column in columns_of(Household).values())
    memory = max(BASE + 3 * bytes_, _peak()) + 2 * kept * row * n  # the panel is put together from its months
    return Estimate(n, seconds, memory, round(bytes_ / n))


def refuse_too_large(scenario: Scenario) -> None:
    """Refuse a population that cannot fit, before it is built and the machine starts to swap; raises BadInput."""
    settings, free = scenario.section("population"), free_memory()
    if settings["source"] == "survey" and settings["resample"] == "none":
        return
    villages, households = settings["villages"], settings["households"]
    if free is not None and villages * households * LEAST > free:
        raise BadInput(
            f"[population] {villages:,} villages of {households:,} households: needs at least "
            f"{villages * households * LEAST / 2**30:,.1f} GB of memory, and {free / 2**30:,.1f} are free",
            scenario.where,
        )


def _bytes_of(model: PovertyModel) -> int:
    """Bytes of all columns, flows, twelve-month accounts and policies' memories."""
    world = model.world
    tables: Iterable[Table] = model.tables.values()
    arrays: list[NDArray[Any]] = list(world.accounts.rings.values())
    arrays += [column for mine in world.memory.values() for column in mine.values()]
    return sum(table.nbytes for table in tables) + world.ledger.flows.nbytes + sum(array.nbytes for array in arrays)


def _peak() -> int:
    """The most memory this process has used, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def workers_for(runs: int, cost: Estimate, processors: int, free: int | None) -> int:
    """As many workers as processors, memory and runs allow; one, in this process, where more are not worth it.

    >>> cost = Estimate(6000, 60.0, 2**30, 700)
    >>> workers_for(10, cost, 8, None), workers_for(10, cost, 8, 4 * 2**30), workers_for(1, cost, 8, None)
    (8, 3, 1)
    """
    if runs * cost.seconds < WORTH_S:
        return 1
    room = processors if free is None else int(ROOM * free / cost.memory)
    return max(1, min(runs, processors, room))


def seconds_for(runs: int, cost: Estimate, workers: int) -> float:
    """Wall time of so many runs: as many rounds as the busiest worker has."""
    return -(-runs // workers) * cost.seconds + (START_S if workers > 1 else 0.0)


def spoken(seconds: float) -> str:
    """A time as one says it.

    >>> spoken(0.4), spoken(42), spoken(200), spoken(8000)
    ('0.4 s', '42 s', '3 min', '2 h 13 min')
    """
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    if seconds < 99.5:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
