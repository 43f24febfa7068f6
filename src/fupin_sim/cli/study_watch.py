"""How a study goes, while it goes: a bar for each arm in a terminal, plain lines elsewhere, JSON lines for programs."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from fupin_sim.cli.estimate import spoken
from fupin_sim.cli.summary import value_of
from fupin_sim.executors import Heard
from fupin_sim.experiment.board import Board, Spot
from fupin_sim.experiment.driver import Ears
from fupin_sim.experiment.looks import Effect, Look
from fupin_sim.paired import PairedEffect, paired_interval
from fupin_sim.store import Row

EVERY_S = 5.0
"""Least time between two plain lines."""
DRAW_S = 0.5
"""Least time between two bars."""


class StudyWatch:
    """Hears the driver and tells the user. tell: takes events as JSON has them, or None."""

    def __init__(self, board: Board, quiet: bool, tell: Callable[[dict[str, Any]], None] | None) -> None:
        self.board, self.tell = board, tell
        self.console = Console(stderr=True, highlight=False, quiet=quiet)
        self.bars = Progress(
            TextColumn("{task.description}"), BarColumn(None), MofNCompleteColumn(),
            TextColumn("{task.fields[effect]}"), console=self.console, disable=quiet or not self.console.is_terminal,
        )  # fmt: skip
        self.n = self.ran = self.failed = self.retried = self.todo = 0
        self.seconds = 0.0
        self.workers = 1
        self.began = self.spoke = self.drew = time.monotonic()
        self.arms = [arm.name for arm in board.study.arms]
        self.tasks = [self.bars.add_task(arm, total=None, effect="") for arm in self.arms]
        self.whole = self.bars.add_task("", total=None, effect="")

    @property
    def ears(self) -> Ears:
        return Ears(self.round_, self.ran_, self.heard, self.looked)

    def __enter__(self) -> Self:
        self.bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if not self.bars.disable:
            self._draw()
        self.bars.stop()

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
        if self.bars.disable and now - self.spoke >= EVERY_S:
            self.spoke = now
            self.say(self._so_far())

    def heard(self, heard: Heard) -> None:
        """About ten times a second."""
        self.retried, self.workers = heard.retried, max(heard.workers, 1)
        now = time.monotonic()
        if not self.bars.disable and now - self.drew >= DRAW_S:
            self.drew = now
            self._draw()

    def looked(self, look: Look) -> None:
        """A round is complete."""
        rule = self.board.study.replicates
        if rule.until:
            last = look.reached or look.n >= rule.most
            more = "" if look.reached else "at most reached" if last else f"goes on: {look.wanting[0]}"
            self.say(f"{look.n} replicates: " + ("precise enough" if look.reached else more))
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
        rate = self.ran / took if took else 0.0
        # the first have waited for their workers to start
        left = (self.todo - self.ran) / rate if self.ran > 2 * self.workers else math.inf
        parts = [f"{self.ran:,} of {self.todo:,} runs"]
        parts += [f"{n} {what}" for n, what in ((self.failed, "failed"), (self.retried, "retried")) if n]
        parts += [f"{rate:.1f} a second"] if rate >= 1 else []
        parts += [f"about {spoken(left)} left to {self.n} replicates"] if math.isfinite(left) and left > 0 else []
        return ", ".join(parts)

    def _draw(self) -> None:
        points = len(self.board.study.points)
        for arm, task in zip(self.arms, self.tasks, strict=True):
            mine = [i for i, cell in enumerate(self.board.cells) if cell.arm == arm]
            done = int((self.board.state[mine, : self.n] != 0).sum())
            self.bars.update(
                task, total=self.n * points, completed=done, effect=self._effect(arm) if points == 1 else ""
            )
        self.bars.update(self.whole, total=max(self.todo, 1), completed=self.ran, effect=self._so_far())

    def _effect(self, arm: str) -> str:
        """The paired effect so far of the first measure whose precision is wanted."""
        study = self.board.study
        against = study.baseline
        if against is None or arm == against:
            return ""
        measure = next(iter(study.replicates.until), self.board.measures[0])
        a, b = (self.board.place()[0, name] for name in (arm, against))
        n = self.board.paired(a, b)
        return (
            f"{measure} {signed(paired_interval(self.board.of(a, measure, n), self.board.of(b, measure, n)))}"
            if n
            else ""
        )


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
