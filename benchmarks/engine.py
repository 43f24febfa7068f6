"""The engine: thousands of short runs on two workers, beside other engines in the same hour."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence

from benchmarks.bars import Bar, Report
from benchmarks.contenders import BURN_S, WORKERS

RUNS, MANY, FEW = 2_000, 20_000, 20
REPEATS = 3
WALL, CPU_MS, GROWN_MB = 1.10, 0.4, 300.0
NAMES = {
    "bare": "two processes that only burn",
    "supervised": "supervise, each row stored",
    "pool": "ProcessPoolExecutor, a future a run",
    "mesa": "mesa.batch_run",
    "ema": "EMA workbench, on processes",
}


def measured(name: str, runs: int) -> dict[str, float]:
    """What a contender says of itself, in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.contenders", name, str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def least(name: str, runs: int, repeats: int) -> dict[str, float]:
    """The least wall and processor time of some repeats; raises if a run is missing."""
    found = [measured(name, runs) for _ in range(repeats)]
    assert all(one["did"] == runs for one in found), f"{name} lost runs"
    return {what: min(one[what] for one in found) for what in ("wall", "cpu")}


def run(tiny: bool = False) -> Report:
    """Wall and processor time of each that can be had, and how far the parent of many runs grows."""
    runs, many, repeats = (FEW, FEW, 1) if tiny else (RUNS, MANY, REPEATS)
    ideal, found = runs * BURN_S / WORKERS, {name: least(name, runs, repeats) for name in NAMES if _there(name)}
    rows: list[Sequence[str]] = []
    for name, told in NAMES.items():
        if name in found:
            wall, own = found[name]["wall"], _own_ms(found[name]["cpu"], runs)
            rows.append((told, f"{wall:.2f}", f"{wall / ideal:.2f}", f"{own:.2f}"))
        else:
            rows.append((told, "not installed", "", ""))
    ours = found["supervised"]
    grown = measured("memory", many)["did"] / 2**20
    bars = [
        Bar("wall time as a multiple of the ideal", ours["wall"] / ideal, WALL),
        Bar("milliseconds of processor a run beyond its own", _own_ms(ours["cpu"], runs), CPU_MS),
        Bar(f"MB by which the parent grows over {many:,} runs", grown, GROWN_MB),
    ]
    title = f"{runs:,} runs of {BURN_S * 1000:g} ms on {WORKERS} workers, ideally {ideal:g} s"
    return Report(title, ("", "s of wall", "of the ideal", "ms CPU a run beyond it"), rows, bars)


def _own_ms(cpu: float, runs: int) -> float:
    """What the engine used for itself, its start shared among the runs."""
    return 1000.0 * (cpu / runs - BURN_S)


def _there(name: str) -> bool:
    return name != "ema" or importlib.util.find_spec("ema_workbench") is not None
