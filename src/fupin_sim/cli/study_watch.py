"""How a study goes, while it goes: a bar for each arm in a terminal, plain lines elsewhere, JSON lines for programs."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.live import Live

from fupin_sim.cli.counted import counted
from fupin_sim.cli.estimate import spoken
from fupin_sim.cli.study_bars import ArmLine, bars
from fupin_sim.cli.summary import value_of
from fupin_sim.executors import Heard
from fupin_sim.experiment.board import Board, Spot
from fupin_sim.experiment.driver import Ears
from fupin_sim.experiment.looks import Effect, Look
from fupin_sim.paired import PairedEffect, paired_interval
from fupin_sim.replicates import units_of
from fupin_sim.store import Row

EVERY_S = 5.0
"""Least time between two plain lines."""
DRAW_S = 0.5
"""Least time between two bars."""
PACES = (("a second", 1), ("a minute", 60), ("an hour", 3600))


class StudyWatch:
    """Hears the driver and tells the user. tell: takes events as JSON has them, or None."""

    def __init__(self, board: Board, quiet: bool, tell: Callable[[dict[str, Any]], None] | None) -> None:
        self.board, self.tell = board, tell
        self.console = Console(stderr=True, highlight=False, quiet=quiet)
        self.live = Live(console=self.console, auto_refresh=False)
        self.drawing = self.console.is_terminal and not self.console.is_dumb_terminal and not quiet
        self.n = self.ran = self.failed = self.retried = self.todo = 0
        self.seconds = 0.0
        self.workers = 1
        self.began = self.spoke = self.drew = time.monotonic()
        self.arms = [arm.name for arm in board.study.arms]
        self.measure = next(iter(board.study.replicates.until), self.board.measures[0])

    @property
    def ears(self) -> Ears:
        return Ears(self.round_, self.ran_, self.heard, self.looked)

    def __enter__(self) -> Self:
        if self.drawing:
            self.live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.drawing:
            self._draw()
            self.live.stop()

    def round_(self, n: int, runs: int) -> None:
        """The driver makes for n replicates; so many runs are missing."""
        self.n, self.todo = n, self.ran + runs
        self._event("round", replicates=n, runs=runs)

    def ran_(self, row: Row, spot: Spot) -> None:
        """A run has ended and is kept."""
        self.ran += 1
        self.seconds += row.seconds
        cell, ok = self.board.cells[spot.cell], row.status == "ok"
        self.failed += not ok
        self._event(
            "run", run=row.key, arm=cell.arm, point=cell.point, replicate=spot.replicate, seed=row.seed,
            status=row.status, seconds=round(row.seconds, 4), attempts=row.attempts,
            **({"digest": row.digest} if ok else {"error": row.error}),
        )  # fmt: skip
        if not ok and self.failed <= 5:
            self.say(f"{cell.arm}, replicate {spot.replicate}: {row.error}")
        now = time.monotonic()
        if not self.drawing and now - self.spoke >= EVERY_S:
            self.spoke = now
            self.say(self._so_far())

    def heard(self, heard: Heard) -> None:
        """About ten times a second."""
        self.retried, self.workers = heard.retried, max(heard.workers, 1)
        now = time.monotonic()
        if self.drawing and now - self.drew >= DRAW_S:
            self.drew = now
            self._draw()

    def looked(self, look: Look) -> None:
        """A round is complete."""
        rule = self.board.study.replicates
        if rule.until:
            self.say(counted(look.n, "replicate") + _verdict(look, rule.most))
        self._event(
            "look", replicates=look.n, reached=look.reached, wanting=[str(each) for each in look.wanting],
            effects=[_told(effect) for effect in look.effects],
        )  # fmt: skip

    def say(self, text: str) -> None:
        """A line of its own, above the bars."""
        self.console.print(text, markup=False, soft_wrap=True)

    def _event(self, event: str, **told: Any) -> None:
        if self.tell:
            self.tell({"event": event, **told})

    def _so_far(self) -> str:
        took = time.monotonic() - self.began
        parts = [f"{self.ran - self.failed:,} of {counted(self.todo, 'run')} ok"]
        parts += [f"{n:,} {what}" for n, what in ((self.failed, "failed"), (self.retried, "retried")) if n]
        if self.ran > 2 * self.workers:  # the first have waited for their workers to start
            left = (self.todo - self.ran) * took / self.ran
            parts.append(paced(self.ran / took))
            parts += [f"about {spoken(left)} left to {counted(self.n, 'replicate')}"] if left > 0 else []
        return ", ".join(parts)

    def _draw(self) -> None:
        study = self.board.study
        points = len(study.points)
        lines = []
        for arm in self.arms:
            mine = [i for i, cell in enumerate(self.board.cells) if cell.arm == arm]
            done = int((self.board.state[mine, : self.n] != 0).sum())
            lines.append(ArmLine(arm, done, self.n * points, self._effect(arm) if points == 1 else ""))
        head = ""
        if study.baseline is not None and points == 1:
            unit = units_of(self.board.cells[0].scenario).get(self.measure)
            head = f"{self.measure}{f', {unit}' if unit else ''}: so far, less {study.baseline}"
        width, height = self.console.size
        self.live.update(bars(lines, head, self._so_far(), width, height), refresh=True)

    def _effect(self, arm: str) -> str:
        """The paired effect so far of the first measure whose precision is wanted."""
        against = self.board.study.baseline
        if against is None or arm == against:
            return ""
        a, b = (self.board.place()[0, name] for name in (arm, against))
        if not (n := self.board.paired(a, b)):
            return ""
        return signed(paired_interval(self.board.of(a, self.measure, n), self.board.of(b, self.measure, n)))


def paced(rate: float) -> str:
    """Runs in the unit of time that makes it a number one can grasp.

    >>> paced(12.3), paced(0.2), paced(0.002)
    ('12.3 a second', '12.0 a minute', '7.2 an hour')
    """
    unit, seconds = next(((u, s) for u, s in PACES if rate * s >= 1), PACES[-1])
    return f"{rate * seconds:,.1f} {unit}"


def _verdict(look: Look, most: int) -> str:
    if look.reached:
        return ": precise enough"
    return f"{', the most' if look.n >= most else ': goes on'}: {look.wanting[0]}"


def signed(effect: PairedEffect) -> str:
    """A difference with its sign, ± half its interval."""
    told = value_of({"mean": effect.mean, "low": effect.low, "high": effect.high})
    return f"+{told}" if effect.mean > 0 else told


def _told(effect: Effect) -> dict[str, Any]:
    numbers = {name: getattr(effect.paired, name) for name in ("mean", "low", "high", "half", "n", "skew")}
    return {"point": effect.point, "arm": effect.arm, "against": effect.against, "measure": effect.measure} | {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in numbers.items()
    }


def line_of(event: dict[str, Any]) -> str:
    """An event as one line of JSON."""
    return json.dumps(event, ensure_ascii=False, allow_nan=False)
