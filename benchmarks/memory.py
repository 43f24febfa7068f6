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

HOUSEHOLDS = 200_000
MONTHS = 14
BAR = 700
"""Bytes of arrays a household."""


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
    """What a fresh process finds: bytes by part, and how far it grew by then."""
    process = psutil.Process()
    before = process.memory_info().rss
    model = made(households)
    for _ in range(months):
        model.step()
    grown = process.memory_info().rss - before
    return {**parts_of(model), "Mesa's own": under_mesa(households), "process": grown}


def run(tiny: bool = False) -> Report:
    households, months = (1_000, 1) if tiny else (HOUSEHOLDS, MONTHS)
    command = [sys.executable, "-m", "benchmarks.memory", str(households), str(months)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, int] = json.loads(done.stdout)
    grown = found.pop("process")
    arrays = sum(found.values())
    each = [(name, f"{bytes_ / households:,.1f}") for name, bytes_ in found.items()]
    each.append(("together", f"{arrays / households:,.1f}"))
    each.append(("growth of the process, temporary arrays included", f"{grown / households:,.1f}"))
    title = f"Bytes a household, {households:,} households after {months} months of the baseline"
    return Report(title, ("", "bytes"), each, [Bar("bytes of arrays a household", arrays / households, BAR)])


if __name__ == "__main__":
    print(json.dumps(child(int(sys.argv[1]), int(sys.argv[2]))))
