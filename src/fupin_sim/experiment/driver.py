"""The driver: round by round, what is missing of a study is run and kept, until it is precise enough."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from fupin_sim.executors import Done, Heard, Job, opened, supervise
from fupin_sim.experiment.board import OK, Board, Spot
from fupin_sim.experiment.looks import Look, look_at, rule_of
from fupin_sim.experiment.study import Study
from fupin_sim.experiment.work import Lived, Payload, lacking, live, packed
from fupin_sim.store import Row

if TYPE_CHECKING:
    from fupin_sim.store import Store

Why = Literal["reached", "most", "failed", "stopped", "budget"]


@dataclass(frozen=True)
class Settings:
    """How a study is run; nothing here changes a result.

    on: "serial", "local", "dask:ADDRESS", "slurm:PROFILE". timeout: seconds a run may take. most_seconds, most_runs:
    of this call; then it ends as if stopped. chunk_s, chunk_most: how long what is handed to a worker at once should
    take, and how many runs it may be.
    """

    on: str = "local"
    workers: int = 1
    timeout: float | None = None
    most_seconds: float = math.inf
    most_runs: float = math.inf
    chunk_s: float = 0.1
    chunk_most: int = 64


@dataclass
class Outcome:
    """What a call came to.

    n: replicates that analyses may use: those of the last look, or, if there was none, those that every cell has.
    why: it ended. look: the last one. ran, failed: runs of this call; there: how many were there before it.
    """

    n: int = 0
    why: Why = "stopped"
    look: Look | None = None
    ran: int = 0
    failed: int = 0
    retried: int = 0
    there: int = 0
    seconds: float = 0.0


@dataclass
class Ears:
    """Who wants to hear how it goes; called in the driver's thread. round_: replicates aimed at and runs missing.

    ran: each run that has ended and is safe in the store, with its place and whatever else it is needed for.
    heard: about ten times a second. looked: after each complete round.
    """

    round_: Callable[[int, int], None] = lambda n, runs: None
    ran: Callable[[Row, Spot], None] = lambda row, spot: None
    heard: Callable[[Heard], None] = lambda heard: None
    looked: Callable[[Look], None] = lambda look: None


@dataclass
class Driver:
    """Runs what a study needs. board: what there is of it; store: open for writing. stopping: asked all the time."""

    study: Study
    store: Store
    settings: Settings = field(default_factory=Settings)
    ears: Ears = field(default_factory=Ears)
    stopping: Callable[[], bool] = lambda: False

    def __post_init__(self) -> None:
        self.board = Board(self.study)
        self.outcome = Outcome()
        self._began = time.monotonic()
        self._spent = False
        self._given = 0  # runs handed out; those that Ctrl-C twice catches at work never end
        self._packed: dict[str, bytes] = {}

    def take_up(self) -> None:
        """See what is there already. A run that failed is missing, unless it fails again."""
        first = next(self._looks())
        self.board.widen(first)
        self.store.plan(self.board.plan(first), anew=True)
        self.board.load(self.store)
        self.outcome.there = self.board.counted(OK)

    def drive(self) -> Outcome:
        """Round after round. Raises StoreFailed, ExecutorLost and KeyboardInterrupt with all finished runs kept."""
        self._began = time.monotonic()
        with opened(self.settings.on, self.settings.workers) as engine:
            try:
                for n in self._looks():
                    self._make_room(n)
                    self._round(engine, n)
                    if self._over(n):
                        break
            finally:
                self.outcome.n = self.outcome.look.n if self.outcome.look else self.board.balanced()
                self.outcome.seconds = time.monotonic() - self._began
        return self.outcome

    def _looks(self) -> Iterator[int]:
        return rule_of(self.study).looks()

    def _make_room(self, n: int) -> None:
        """Plan so many replicates, and take from the store what it has of them."""
        before = self.board.width
        if n <= before:
            return
        self.board.widen(n)
        self.store.plan([place for place in self.board.plan(n) if place[3] >= before])
        there = self.board.counted(OK)
        self.board.load(self.store)
        self.outcome.there += self.board.counted(OK) - there

    def _over(self, n: int) -> bool:
        """Whether this was the last round; says why."""
        if not self._complete(n):
            self.outcome.why = "budget" if self._spent else "stopped"
            return True
        if not self.board.whole(n):
            self.outcome.why, self.outcome.look = "failed", Look(n)
            return True
        look = look_at(self.board, n)
        self.outcome.look = look
        self.ears.looked(look)
        self.outcome.why = "reached" if look.reached else "most"
        return look.reached

    def _complete(self, n: int) -> bool:
        return next(self.board.missing(n), None) is None

    def _round(self, engine: object, n: int) -> None:
        todo = list(self.board.missing(n))
        if not todo:
            return
        self.ears.round_(n, len(todo))
        tally = supervise(
            live, self._jobs(todo), on=engine, workers=self.settings.workers, sink=self._sink,  # type: ignore[arg-type]
            timeout=self.settings.timeout, stopping=self._stopping, heard=self.ears.heard,
            chunk_s=self.settings.chunk_s, chunk_most=self.settings.chunk_most, attempts=self.store.attempts(),
        )  # fmt: skip
        self.outcome.retried += tally.retried

    def _jobs(self, todo: Sequence[tuple[str, Spot]]) -> Iterator[Job]:
        for key, spot in todo:
            if self._given >= self.settings.most_runs:
                self._spent = True
                return
            scenario, seed = self.board.cells[spot.cell].scenario, self.study.seed_of(spot.replicate)
            name = scenario.luckless_key
            if name not in self._packed:
                self._packed[name] = packed(scenario)
            self._given += 1
            yield Job(key, Payload(self._packed[name], name, seed, self.study.households))

    def _stopping(self) -> bool:
        if time.monotonic() - self._began > self.settings.most_seconds:
            self._spent = True
            return True
        return self.stopping()

    def _sink(self, dones: list[Done]) -> None:
        """Keep what has finished, then enter it; the store is asked first, since only what it has counts."""
        rows = [self._row(done) for done in dones]
        self.store.put(rows)
        self.outcome.ran += len(rows)
        for row in rows:
            values = (
                [row.headlines[name] for name in self.board.measures] if row.status == "ok" and row.headlines else None
            )
            self.board.enter(row.key, values)
            self.outcome.failed += values is None
            self.ears.ran(row, self.board.spots[row.key][0])

    def _row(self, done: Done) -> Row:
        spot = self.board.spots[done.key][0]
        scenario, seed = self.board.cells[spot.cell].scenario, self.study.seed_of(spot.replicate)
        status, error, lived = done.status, done.error, done.value
        if isinstance(lived, Lived) and (error := lacking(lived.headlines, self.board.measures)):
            status, lived = "failed", None
        told = (done.seconds, done.memory, done.attempts, error, done.trace)
        if not isinstance(lived, Lived):
            return Row(done.key, scenario.luckless_key, seed, status, None, None, "", *told)
        return Row(
            done.key, scenario.luckless_key, seed, status, lived.headlines, lived.missing, lived.digest, *told,
            series=lived.series, survival=lived.survival, households=lived.households,
        )  # fmt: skip
