"""Capacity: how many workers a machine has room for, and how many threads each may use."""

from __future__ import annotations

import os
from pathlib import Path

ROOM = 0.8
"""The share of free memory that workers may take."""


def workers_for(
    memory: int | None = None, runs: int | None = None, *, cores: int | None = None, free: int | None = None
) -> int:
    """As many workers as processors, memory and runs allow, at least one.

    memory: bytes of a process that lives one run. cores, free: instead of what this machine says.

    >>> workers_for(cores=8, free=2**40), workers_for(2**30, cores=8, free=4 * 2**30), workers_for(runs=3, cores=8)
    (8, 3, 3)
    """
    cores = processors() if cores is None else cores
    free = free_memory() if free is None else free
    room = cores if free is None or not memory else int(ROOM * free / memory)
    return max(1, min(cores, room, cores if runs is None else runs))


def threads_for(workers: int, cores: int | None = None) -> int:
    """Threads of linear algebra for each worker, so that together they use no more than the processors there are.

    >>> threads_for(2, cores=8), threads_for(16, cores=8)
    (4, 1)
    """
    return max(1, (processors() if cores is None else cores) // workers)


def processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def free_memory() -> int | None:
    """Bytes that can be had without swapping; None where the system does not tell."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    told = dict(line.split(":", 1) for line in lines)
    return int(told["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in told else None
