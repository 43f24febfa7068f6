"""Draws and elementary functions: nanoseconds an element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.bars import Bar, Report
from benchmarks.clock import best
from fupin_sim import maths
from fupin_sim.draws import Draws, luck_key

ELEMENTS = 131_072
FEW = 1_000
REPEATS = 30
BARS = {"a uniform": 15.0, "exp": 15.0, "log": 15.0, "power": 30.0, "sigmoid": 20.0, "normal": 30.0}
"""Nanoseconds: twice what a quiet machine of our kind needs."""


def draws(tiny: bool = False) -> Report:
    luck = luck_key(0, np.arange(FEW if tiny else ELEMENTS))
    cube, out = Draws(1), np.empty(luck.shape)
    works = {
        "a uniform": lambda few: cube.uniform("illness", 24192, luck[:few], out=out[:few]),
        "a normal": lambda few: cube.normal("illness", 24192, luck[:few], out=out[:few]),
    }
    return _report("Draws", works, len(luck), tiny)


def functions(tiny: bool = False) -> Report:
    u = Draws(2).uniform("elementary functions", 24192, luck_key(np.arange(FEW if tiny else ELEMENTS)))
    out = np.empty(u.shape)
    works = {
        "exp": lambda few: maths.exp(u[:few], out=out[:few]),
        "log": lambda few: maths.log(u[:few], out=out[:few]),
        "power": lambda few: maths.power(u[:few], 0.3, out=out[:few]),
        "sigmoid": lambda few: maths.sigmoid(u[:few], out=out[:few]),
        "normal": lambda few: maths.normal(u[:few], out=out[:few]),
    }
    return _report("Elementary functions with the same bits everywhere", works, len(u), tiny)


def _report(title: str, works: dict[str, Callable[[int], Any]], elements: int, tiny: bool) -> Report:
    rows, bars = [], []
    for name, work in works.items():
        many, few, one = (_nanoseconds(work, n, 3 if tiny else REPEATS) for n in (elements, FEW, 1))
        rows.append((name, f"{many / elements:.1f}", f"{few / FEW:.1f}", f"{one / 1e3:.0f}"))
        if name in BARS:
            bars.append(Bar(f"nanoseconds for {name}", many / elements, BARS[name]))
    header = ("", f"ns each of {elements:,}", f"ns each of {FEW:,}", "microseconds for one alone")
    return Report(title, header, rows, bars)


def _nanoseconds(work: Callable[[int], Any], elements: int, repeats: int) -> float:
    calls = max(1, min(200, 20_000 // elements))  # the processor's clock is too coarse for one short call

    def many() -> None:
        for _ in range(calls):
            work(elements)

    return best(many, repeats).cpu / calls * 1e9
