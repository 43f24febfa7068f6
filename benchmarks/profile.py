"""Profile: which process of the month takes how much of it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from benchmarks.bars import Bar, Report
from benchmarks.month import INSTITUTIONS, made
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.month import MONTH, Verb

HOUSEHOLDS, YEARS = 100_000, 6
MANY, FEW_YEARS = 300_000, 3
"""How many households live with and without institutions, and how long, to see what these cost."""
SHOWN = 0.5
"""Nanoseconds from which a process is shown."""
FAMILY, FAMILY_BAR = "FamilyLife.run", 25.0
STROKES = ("_set", "_suffer", "_support", "_record")
ALL, VERB = "all", "verb: "
Times = MutableMapping[str, float]


@contextmanager
def charged(times: Times, name: str) -> Iterator[None]:
    """Add the processor time of what is done within."""
    began = time.process_time()
    yield
    times[name] += time.process_time() - began


def timed(work: Callable[[], None], times: Times, name: str) -> Callable[[], None]:
    """A call whose time is written down."""

    def charging() -> None:
        with charged(times, name):
            work()

    return charging


class Timed:
    """A plugin whose time is written down; everything else about it is asked of the plugin itself."""

    def __init__(self, plugin: Any, times: Times, does: str) -> None:
        self._plugin, self._times, self._does = plugin, times, does
        self._label = f"{type(plugin).__name__}.{does}"

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._plugin, name)
        if name != self._does:
            return found

        def charging(*given: Any) -> Any:
            with charged(self._times, self._label):
                return found(*given)

        return charging


class Watched:
    """A model of so many households, each of whose processes is timed."""

    def __init__(self, households: int, sets: Mapping[str, Any] = MappingProxyType({})) -> None:
        self.model, self.times = made(households, sets), defaultdict[str, float](float)
        self.least: dict[tuple[str, int], float] = {}
        world = self.model.world
        world.processes.update({name: Timed(each, self.times, "run") for name, each in world.processes.items()})
        world.policies.update({name: Timed(policy, self.times, "claim") for name, policy in world.policies.items()})
        for stroke in STROKES:
            setattr(self.model, stroke, timed(getattr(self.model, stroke), self.times, stroke.strip("_")))

    def live_a_year(self) -> None:
        """Live twelve months, and keep of each process and month of the year the least seconds so far."""
        for month in range(12):
            self.times.clear()
            with charged(self.times, ALL):
                self.model.step()
            for name, seconds in self.times.items():
                self.least[name, month] = min(self.least.get((name, month), seconds), seconds)


def months_of(households: int, years: int) -> dict[tuple[str, int], float]:
    """Least seconds of each process in each month of the year, over some years of the baseline."""
    watched = Watched(households)
    for _ in range(years):
        watched.live_a_year()
    return watched.least


def of_verb(verb: Verb) -> list[str]:
    """What a verb of the month is made of, as the profile calls it: its stroke, and its processes."""
    return [verb.name, *(f"{BUILT_IN.processes[name].__name__}.run" for name in verb.processes)]


def nanoseconds(least: Mapping[tuple[str, int], float], names: Iterable[str], households: int) -> list[float]:
    """What some of them take together a household-month: over a year, in January, June and December."""
    names = tuple(names)
    each = [sum(least.get((name, month), 0.0) for name in names) / households * 1e9 for month in range(12)]
    return [sum(each) / 12, each[0], each[5], each[11]]


def run(tiny: bool = False) -> Report:
    households, years = (1_000, 1) if tiny else (HOUSEHOLDS, YEARS)
    least = months_of(households, years)
    rows = []
    for label, parts in (
        (f"{VERB}{{}}", {verb.name: of_verb(verb) for verb in MONTH}),
        ("{}", {name: [name] for name, _ in least}),
    ):
        costs = {name: nanoseconds(least, names, households) for name, names in parts.items()}
        for name, cost in sorted(costs.items(), key=lambda each: -each[1][0]):
            if cost[0] >= SHOWN or tiny:
                rows.append((label.format(name), *(f"{value:.1f}" for value in cost)))
    title = f"Nanoseconds of processor time a household-month, {households:,} households, least of {years} years"
    family = nanoseconds(least, [FAMILY], households)[0]
    bars = [Bar("nanoseconds a household-month for families", family, FAMILY_BAR)]
    return Report(title, ("", "year", "January", "June", "December"), rows, bars)


def institutions(tiny: bool = False) -> Report:
    """What each process costs without and with all institutions, which live their years in turn."""
    households, years = (1_000, 1) if tiny else (MANY, FEW_YEARS)
    without, within = Watched(households), Watched(households, INSTITUTIONS)
    for _ in range(years):
        without.live_a_year()
        within.live_a_year()
    cost = {
        name: [nanoseconds(each.least, [name], households)[0] for each in (without, within)]
        for name, _ in {**without.least, **within.least}
    }
    rows = [
        (name, f"{old:.1f}", f"{new:.1f}", f"{new - old:.1f}")
        for name, (old, new) in sorted(cost.items(), key=lambda each: each[1][0] - each[1][1])
        if abs(new - old) >= SHOWN or tiny
    ]
    title = f"Nanoseconds of processor time a household-month, {households:,} households, least of {years} years"
    return Report(title, ("", "baseline", "with all institutions", "more"), rows)
