"""What is asked of a study beside the study itself: where it runs, how long, what is told."""

from __future__ import annotations

import math
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from fupin_sim.errors import BadInput, nearest

STUDIES = Path("studies")
UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86400.0}
ENGINES = re.compile(r"serial|local|(dask|slurm):.+")


@dataclass(frozen=True)
class Ask:
    """The options that change no result. words: the command as typed, to be told to the user."""

    sets: tuple[str, ...] = ()
    seed: int | None = None
    workers: str = "auto"
    on: str = "local"
    out: Path | None = None
    budget: str = ""
    timeout: str = ""
    max_runs: int | None = None
    dry_run: bool = False
    quiet: bool = False
    json: bool = False
    figures: bool = True
    words: tuple[str, ...] = ("fupin-sim",)
    force: bool = False

    def check(self, command: str) -> None:
        """Refuse what makes no sense; raises BadInput with all of it."""
        mistakes = []
        if self.seed is not None and self.seed < 0:
            mistakes.append(f"--seed {self.seed}: must be at least 0")
        if self.workers != "auto" and not (self.workers.isdecimal() and 1 <= int(self.workers) <= 1024):
            mistakes.append(f'--workers {self.workers}: must be "auto" or a whole number between 1 and 1,024')
        if not ENGINES.fullmatch(self.on):
            near = nearest(self.on.partition(":")[0], ("serial", "local", "dask", "slurm"))
            mistakes.append(f"--on {self.on}: allowed are serial, local, dask:ADDRESS, slurm:PROFILE.{near}")
        if self.max_runs is not None and self.max_runs < 1:
            mistakes.append(f"--max-runs {self.max_runs}: must be at least 1")
        for option, name in (("budget", "most_runs"), ("budget", "most_seconds"), ("timeout", "time_limit")):
            try:
                getattr(self, name)
            except ValueError as error:
                mistakes.append(f"--{option} {getattr(self, option)}: {error}")
        if mistakes:
            raise BadInput(mistakes, command)

    @property
    def settings(self) -> list[str]:
        """What is set on top of every arm; the seed is one of the study's own settings."""
        return [*self.sets, *([f"study.seed={self.seed}"] if self.seed is not None else [])]

    @property
    def most_runs(self) -> float:
        """--budget in runs; infinite without."""
        return _runs(self.budget) if self.budget.endswith("runs") else math.inf

    @property
    def most_seconds(self) -> float:
        """--budget in seconds; infinite without."""
        return math.inf if not self.budget or self.budget.endswith("runs") else seconds_of(self.budget)

    @property
    def time_limit(self) -> float | None:
        """--timeout in seconds."""
        return seconds_of(self.timeout) if self.timeout else None

    @property
    def command(self) -> str:
        """The command as it can be typed again."""
        return shlex.join(self.words)


def seconds_of(text: str) -> float:
    """A time such as "90s", "20min", "1h30m"; a bare number is seconds. Raises ValueError.

    >>> seconds_of("90"), seconds_of("1h30m"), seconds_of("0.5 d")
    (90.0, 5400.0, 43200.0)
    """
    parts = re.findall(r"(\d+(?:\.\d+)?)\s*(s|min|m|h|d)?", text)
    told = re.sub(r"\s+", "", text)
    if not told or "".join(number + unit for number, unit in parts) != told:
        raise ValueError("write a time such as 90s, 20min, 2h or 1h30m")
    seconds = sum(float(number) * UNITS[unit or "s"] for number, unit in parts)
    if not seconds > 0:
        raise ValueError("must be more than nothing")
    return seconds


def _runs(text: str) -> float:
    number = text.removesuffix("runs").strip()
    if not number.isdecimal() or not int(number):
        raise ValueError("write a number of runs such as 5000runs, or a time such as 2h")
    return float(number)
