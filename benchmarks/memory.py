"""Memory: bytes a household takes, by what they are for."""

from __future__ import annotations

import json
import subprocess
import sys
import tracemalloc

import psutil

from benchmarks.bars import Bar, Report
from benchmarks.month import made
from fupin_sim.agents import Household
from fupin_sim.columns import RowModel
from fupin_sim.model import PovertyModel

HOUSEHOLDS = 1_000_000
MONTHS = 14
BAR = 700
"""Bytes a household, everything that Python holds from month to month."""
IN_ALL = "in all"


def parts_of(model: PovertyModel) -> dict[str, int]:
    """Bytes of all arrays of a model, by what they are for."""
    world = model.world
    places = [table for kind, table in model.tables.items() if kind is not Household]
    return {
        "household columns": model.table(Household).nbytes,
        "village and county columns": sum(table.nbytes for table in places),
        "flows of the month": world.ledger.flows.nbytes,
        "twelve-month accounts": sum(ring.nbytes for ring in world.accounts.rings.values()),
        "memory of policies": sum(column.nbytes for mine in world.memory.values() for column in mine.values()),
    }


def under_mesa(households: int) -> int:
    """Bytes that Mesa and our rows take for so many agents beyond their columns."""
    tracemalloc.start()
    try:
        model = RowModel()
        Household.create_agents(model, households)
        return tracemalloc.get_traced_memory()[0] - model.table(Household).nbytes
    finally:
        tracemalloc.stop()


def child(households: int, months: int) -> dict[str, float]:
    """What a fresh process finds: bytes by part and in all, at rest and at most, and how far the process grew."""
    process = psutil.Process()
    before = process.memory_info().rss
    tracemalloc.start(1)
    model = made(households)
    for _ in range(months):
        tracemalloc.reset_peak()
        model.step()
    held, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    grown = process.memory_info().rss - before
    parts = parts_of(model)
    rest = {"what policies paid this month, sums kept, the rest of Python": held - sum(parts.values())}
    return {**parts, **rest, IN_ALL: held, "at most within a month": most, "growth of the process": grown}


def run(tiny: bool = False) -> Report:
    households, months = (1_000, 1) if tiny else (HOUSEHOLDS, MONTHS)
    command = [sys.executable, "-m", "benchmarks.memory", str(households), str(months)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    each = [(name, f"{bytes_ / households:,.1f}") for name, bytes_ in found.items()]
    each.append(("beside its columns, Mesa's own", f"{under_mesa(households) / households:,.1f}"))
    title = f"Bytes a household, {households:,} households after {months} months of the baseline"
    return Report(title, ("", "bytes"), each, [Bar("bytes a household in all", found[IN_ALL] / households, BAR)])


if __name__ == "__main__":
    print(json.dumps(child(int(sys.argv[1]), int(sys.argv[2]))))
