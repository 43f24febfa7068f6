"""The plan of a study: how many runs, what one costs as measured, how long, how much disk; before anything is run."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fupin_sim.cli.counted import counted
from fupin_sim.cli.estimate import START_S, WORTH_S, estimate, refuse_too_large, spoken
from fupin_sim.executors import free_memory, processors, workers_for
from fupin_sim.experiment.board import Board
from fupin_sim.experiment.study import Cell, Study
from fupin_sim.scenario import Scenario

TRIED = 6
"""How many different scenarios are tried; the others are taken to cost as much on average."""
SHORT_S = 3.0
"""Runs that seem to take less are lived whole, which tells it better."""
BASE = 120 * 2**20
LINE, NUMBER = 4096, 9
"""Bytes that a run takes in the journal, and that a value of its series takes, packed."""


@dataclass(frozen=True)
class StudyPlan:
    """seconds, memory, disk: of one run, on average, at most, on average; None where the trial failed.

    first, most: runs still missing to the first look, and to the last. there: runs that are there already.
    """

    study: Study
    seconds: float | None
    memory: int | None
    disk: int
    first: int
    most: int
    there: int
    workers: int
    on: str

    def wall(self, runs: int) -> float | None:
        """Seconds that so many runs take."""
        if self.seconds is None:
            return None
        start = 0.0 if self.on == "serial" else START_S
        return runs / self.workers * self.seconds + (start if runs else 0.0)

    def lines(self) -> list[str]:
        """For a person."""
        study, said = self.study, [self.study.title] if self.study.title else []
        rule = study.replicates
        points = f" at {counted(len(study.points), 'point')}" if study.factors else ""
        arms = ", ".join(arm.name for arm in study.arms[:8]) + (" …" if len(study.arms) > 8 else "")
        sequential = rule.until and rule.first < rule.most
        pairs = f"{rule.first} to {rule.most} replicates" if sequential else counted(rule.most, "replicate")
        said.append(f"{counted(len(study.arms), 'arm')} ({arms}){points}, {pairs} on shared luck")
        if rule.until:
            told = ", ".join(f"{name} ± {half:g}" for name, half in rule.until.items())
            said.append(f"Stops when precise enough: {told} in every comparison.")
        if self.there:
            said.append(f"{counted(self.there, 'run')} there already.")
        if not self.most:
            return [*said, "Nothing is left to be run."]
        if self.seconds is None or self.memory is None:
            said.append("No estimate: the trial failed.")
        else:
            said.append(f"A run: about {spoken(self.seconds)} and {round(self.memory / 2**20, -1):,.0f} MB")
        said.append(f"{self._work(self.most, 'At most ' if sequential else '')} on {counted(self.workers, 'worker')}"
                    f", {_bytes(self.most * self.disk)} on disk")  # fmt: skip
        if sequential and 0 < self.first < self.most:
            said.append(f"First look after {self._work(self.first, '')}")
        return said

    def _work(self, runs: int, most: str) -> str:
        wall = self.wall(runs)
        return f"{most}{counted(runs, 'run')}" + (f", about {spoken(wall)}" if wall is not None else "")

    def record(self) -> dict[str, Any]:
        """For a program."""
        return {
            "title": self.study.title, "arms": [arm.name for arm in self.study.arms], "points": len(self.study.points),
            "replicates": {"first": self.study.replicates.first, "most": self.study.replicates.most},
            "seconds_per_run": self.seconds, "bytes_per_run": self.memory, "workers": self.workers, "on": self.on,
            "there": self.there, "runs_first": self.first, "runs_most": self.most,
            "seconds_first": self.wall(self.first), "seconds_most": self.wall(self.most),
            "disk_most": self.most * self.disk,
        }  # fmt: skip


def planned(
    board: Board,
    there: int,
    first: int,
    most: int,
    workers: str,
    on: str,
    seconds: Sequence[float],
    tried: bool = True,
) -> StudyPlan:
    """The plan. board: with what is there entered. seconds: of runs that are there, which tell best.

    tried: whether runs are tried, because somebody wants to know what they take.
    """
    cells = _different(board.cells)
    for cell in cells[:TRIED]:
        refuse_too_large(cell.scenario)
    found = [_tried(cell.scenario) for cell in (_spread(cells, TRIED) if most and tried else [])]
    known = [each for each in found if each is not None]
    each = float(np.mean(seconds)) if len(seconds) >= 8 else float(np.mean([s for s, _ in known])) if known else None
    memory = max((m for _, m in known), default=None)
    disk = int(np.mean([_disk(cell.scenario) for cell in cells]))
    number, where = _workers(workers, on, most, each, memory)
    return StudyPlan(board.study, each, memory, disk, first, most, there, number, where)


def _workers(wanted: str, on: str, runs: int, seconds: float | None, memory: int | None) -> tuple[int, str]:
    """How many, and where: a little work is done at once in this process."""
    if wanted != "auto" or on != "local":
        return (1 if on == "serial" else int(wanted) if wanted != "auto" else processors()), on
    if seconds is not None and runs * seconds < WORTH_S:
        return 1, "serial"
    return workers_for(memory, max(runs, 1), free=free_memory()), on


def _tried(scenario: Scenario) -> tuple[float, int] | None:
    """Seconds and bytes of a run; None where the trial raises, as then do the runs, which are recorded."""
    from fupin_sim.simulation import simulate

    try:
        found = estimate(scenario, None)
        if found.seconds > SHORT_S:
            return found.seconds, found.memory
        begin = time.perf_counter()
        simulate(scenario)
        return time.perf_counter() - begin, found.memory
    except Exception:
        return None


def _different(cells: Sequence[Cell]) -> list[Cell]:
    return list({cell.scenario.luckless_key: cell for cell in cells}.values())


def _spread(cells: Sequence[Cell], n: int) -> list[Cell]:
    """At most n of them, evenly from first to last."""
    if len(cells) <= n:
        return list(cells)
    return [cells[round(i * (len(cells) - 1) / (n - 1))] for i in range(n)]


def _disk(scenario: Scenario) -> int:
    months = {"month": scenario.months, "year": scenario.years}
    return LINE + NUMBER * sum(months[str(getattr(entry.cls, "every", "month"))] for entry in scenario.measures)


def _bytes(n: int) -> str:
    """>>> _bytes(300), _bytes(5_000_000)
    ('less than 1 MB', '5 MB')
    """
    return "less than 1 MB" if n < 10**6 else f"{n / 1e6:,.0f} MB" if n < 10**9 else f"{n / 1e9:,.1f} GB"
