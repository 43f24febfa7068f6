"""Time: what the processor spent, beside what passed on the wall."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Spent:
    """Seconds of processor time and of wall time; on a machine with other work only the first says something."""

    cpu: float
    wall: float


def spent(work: Callable[[], object]) -> Spent:
    """What one call takes."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return Spent(time.process_time() - cpu, time.perf_counter() - wall)


def best(work: Callable[[], object], repeats: int) -> Spent:
    """The least processor time and the least wall time of some calls; whatever disturbs a call makes it longer."""
    found = [spent(work) for _ in range(repeats)]
    return Spent(min(one.cpu for one in found), min(one.wall for one in found))
