"""The outcome of a plan, and the exit code that says it."""

from __future__ import annotations

from dataclasses import dataclass, field

from fupin_sim.executors import Failure
from fupin_sim.replicates import Replicate

DONE, FAILED, STOPPED, DIFFERS = 0, 3, 4, 5


@dataclass
class Outcome:
    """What came of a plan. results: of this command, then of all there are. stopped: before all was done."""

    results: list[Replicate] = field(default_factory=list)
    failures: dict[int, Failure] = field(default_factory=dict)
    stopped: bool = False

    @property
    def code(self) -> int:
        return STOPPED if self.stopped else FAILED if self.failures else DONE
