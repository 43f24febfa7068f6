"""Profile: which process of the month takes how much of it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from benchmarks.bars import Report
from benchmarks.month import made

HOUSEHOLDS, YEARS = 100_000, 3
STROKES = ("_set", "_suffer", "_support", "_record")
ALL = "all"
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


def months_of(households: int, years: int) -> dict[tuple[str, int], float]:
    """Least seconds of each process in each month of the year, over some years."""
    model, times = made(households), defaultdict[str, float](float)
    world = model.world
    world.processes.update({name: Timed(process, times, "run") for name, process in world.processes.items()})
    world.policies.update({name: Timed(policy, times, "claim") for name, policy in world.policies.items()})
    for stroke in STROKES:
        setattr(model, stroke, timed(getattr(model, stroke), times, stroke.strip("_")))
    least: dict[tuple[str, int], float] = {}
    for _ in range(years):
        for month in range(12):
            times.clear()
            with charged(times, ALL):
                model.step()
            for name, seconds in times.items():
                least[name, month] = min(least.get((name, month), seconds), seconds)
    return least


def run(tiny: bool = False) -> Report:
    households, years = (1_000, 1) if tiny else (HOUSEHOLDS, YEARS)
    least = months_of(households, years)
    names = {name for name, _ in least}
    rows = []
    for name in sorted(names, key=lambda name: -sum(least.get((name, month), 0.0) for month in range(12))):
        each = [least.get((name, month), 0.0) / households * 1e9 for month in range(12)]
        rows.append((name, *(f"{value:.1f}" for value in (sum(each) / 12, each[0], each[5], each[11]))))
    title = f"Nanoseconds of processor time a household-month, {households:,} households, least of {years} years"
    return Report(title, ("", "year", "January", "June", "December"), rows)
