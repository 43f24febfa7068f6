"""Jobs: what a supervisor is given, and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Status = Literal["ok", "failed", "crashed", "timeout"]
STATUSES: tuple[Status, ...] = ("ok", "failed", "crashed", "timeout")


class ExecutorLost(Exception):
    """The executor is gone, such as a Dask scheduler that died; what has finished has been given to the sink."""


@dataclass(frozen=True)
class Job:
    """One run to be done: `fn(payload)`, in whatever process. key: by which the caller knows it again."""

    key: str
    payload: Any


@dataclass(frozen=True)
class Done:
    """What became of a job.

    value: what the function returned; None unless ok. seconds: of the last attempt, 0 if its process died. memory: most
    bytes of the process during the run. attempts: how often it was begun, earlier ones included. error: one line.
    """

    key: str
    status: Status
    value: Any
    seconds: float
    memory: int
    attempts: int
    error: str = ""
    trace: str = ""


@dataclass(frozen=True)
class Heard:
    """How far it has come. ticks: of all runs (local and serial only). finished: runs with a row, failed among them.
    retried: runs that were begun again. flying: runs handed out. workers: how many work now."""

    ticks: int
    finished: int
    failed: int
    retried: int
    flying: int
    workers: int


@dataclass
class Tally:
    """How many jobs ended how. stopped: some were left because the caller wished to stop. deaths: of workers."""

    counts: dict[Status, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    retried: int = 0
    deaths: int = 0
    stopped: bool = False
    seconds: float = 0.0

    @property
    def finished(self) -> int:
        return sum(self.counts.values())

    @property
    def failed(self) -> int:
        """All that did not end ok."""
        return self.finished - self.counts["ok"]
