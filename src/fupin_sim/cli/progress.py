"""Progress: a bar with the time left in a terminal, plain lines elsewhere, nothing when quiet."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from fupin_sim.cli.counted import counted
from fupin_sim.cli.estimate import spoken

EVERY_S = 5.0
"""Least time between two plain lines."""


class Watch:
    """Tells how far the runs have come. months: of one run; each month is a tick."""

    def __init__(self, runs: int, months: int, quiet: bool) -> None:
        self.runs, self.months, self.quiet = runs, months, quiet
        self.done = self.failed = 0
        self.console = Console(stderr=True, highlight=False, quiet=quiet)
        self.began = self.spoke = time.monotonic()
        self.bar = Progress(
            TextColumn("{task.description}"), BarColumn(None), TaskProgressColumn(), TimeRemainingColumn(),
            TextColumn("left"), console=self.console, disable=quiet or not self.console.is_terminal,
        )  # fmt: skip
        self.task = self.bar.add_task(self._so_far(), total=runs * months)

    def __enter__(self) -> Self:
        self.bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.bar.stop()

    def heard(self, ticks: int) -> None:
        """So many months have been lived in all runs together."""
        # a run that failed lived fewer months than were planned for it
        self.bar.update(self.task, completed=max(ticks, self.done * self.months))

    def finished(self, failed: bool) -> None:
        """One more run has come to its end."""
        self.done += 1
        self.failed += failed
        self.bar.update(self.task, description=self._so_far())
        now = time.monotonic()
        if self.bar.disable and (failed or self.done == self.runs or now - self.spoke >= EVERY_S):
            self.spoke = now
            left = (now - self.began) / self.done * (self.runs - self.done)
            self.say(self._so_far() + (f", about {spoken(left)} left" if self.done < self.runs else ""))

    def say(self, text: str) -> None:
        """A line of its own, above the bar."""
        self.console.print(text, markup=False, soft_wrap=True)

    def _so_far(self) -> str:
        return f"{self.done} of {counted(self.runs, 'run')}" + (f", {self.failed} failed" if self.failed else "")
