"""The command: how soon `fupin-sim --help` answers, and what there is to import."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.bars import Bar, Report
from benchmarks.clock import Spent, spent

BAR_S = 0.5
REPEATS = 5
IMPORTS = ("fupin_sim", "fupin_sim.cli", "numpy", "mesa", "pandas", "matplotlib.figure", "fupin_sim.simulation")


def answered(command: Sequence[str | Path], repeats: int) -> Spent:
    """The least processor and wall time in which a command succeeds."""
    found = []
    for _ in range(repeats):
        before = _children()
        wall = spent(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)).wall
        found.append(Spent(_children() - before, wall))
    return Spent(min(one.cpu for one in found), min(one.wall for one in found))


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(tiny: bool = False) -> Report:
    repeats = 1 if tiny else REPEATS
    help_ = answered([Path(sys.executable).parent / "fupin-sim", "--help"], repeats)
    rows = [("fupin-sim --help", f"{help_.cpu:.2f}", f"{help_.wall:.2f}")]
    for name in IMPORTS[:1] if tiny else IMPORTS:
        took = answered([sys.executable, "-c", f"import {name}"], repeats)
        rows.append((f"import {name}", f"{took.cpu:.2f}", f"{took.wall:.2f}"))
    title = f"Seconds from a cold start, best of {repeats}"
    return Report(title, ("", "CPU", "wall"), rows, [Bar("seconds until help is there", help_.wall, BAR_S)])
