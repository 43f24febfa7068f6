"""Executors: runs are lived in this process, on worker processes, or on a cluster, and none is lost.

`run_all` yields the outcome of some tasks; `supervise` carries thousands of runs through whatever happens to workers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fupin_sim.executors.capacity import free_memory, processors, threads_for, workers_for
    from fupin_sim.executors.engine import Engine
    from fupin_sim.executors.failure import Failure, attempt
    from fupin_sim.executors.job import STATUSES, Done, ExecutorLost, Heard, Job, Status, Tally
    from fupin_sim.executors.opening import opened
    from fupin_sim.executors.serial import Serial
    from fupin_sim.executors.supervision import supervise
    from fupin_sim.executors.tasks import run_all
    from fupin_sim.executors.ticks import tick
    from fupin_sim.executors.workers import ONE_THREAD, Workers

__all__ = [
    "ONE_THREAD",
    "STATUSES",
    "Done",
    "Engine",
    "ExecutorLost",
    "Failure",
    "Heard",
    "Job",
    "Serial",
    "Status",
    "Tally",
    "Workers",
    "attempt",
    "free_memory",
    "opened",
    "processors",
    "run_all",
    "supervise",
    "threads_for",
    "tick",
    "workers_for",
]

_IN = {
    "capacity": ("free_memory", "processors", "threads_for", "workers_for"),
    "engine": ("Engine",),
    "failure": ("Failure", "attempt"),
    "job": ("STATUSES", "Done", "ExecutorLost", "Heard", "Job", "Status", "Tally"),
    "opening": ("opened",),
    "serial": ("Serial",),
    "supervision": ("supervise",),
    "tasks": ("run_all",),
    "ticks": ("tick",),
    "workers": ("ONE_THREAD", "Workers"),
}
_FROM = {name: module for module, names in _IN.items() for name in names}


def __getattr__(name: str) -> Any:  # on demand: a worker needs little of it, and there are many workers
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FROM[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_FROM])
