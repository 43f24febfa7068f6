"""An order: everything the user asked of `run`, checked as far as it can be without the scenario."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, cast

from fupin_sim.errors import BadInput

MOST_REPLICATES = 100_000


@dataclass(frozen=True)
class Order:
    """The options of `run`, as given."""

    scenario: str
    replicates: int = 10
    seed: int | None = None
    sets: tuple[str, ...] = ()
    workers: str = "auto"
    out: Path | None = None
    households: str | None = None
    check_books: bool = False
    force: bool = False
    quiet: bool = False
    json: bool = False

    @property
    def panel(self) -> Literal["yearly", "monthly"] | None:
        return cast(Literal["yearly", "monthly"] | None, self.households)

    @property
    def wanted_workers(self) -> int | None:
        """How many the user wants; None for as many as make sense."""
        return None if self.workers == "auto" else int(self.workers)

    def check(self) -> None:
        """Refuse what makes no sense; raises BadInput with all of it."""
        mistakes = []
        if not 1 <= self.replicates <= MOST_REPLICATES:
            mistakes.append(f"--replicates {self.replicates}: must lie between 1 and {MOST_REPLICATES:,}")
        if self.seed is not None and self.seed < 0:
            mistakes.append(f"--seed {self.seed}: must be at least 0")
        if self.workers != "auto" and not (self.workers.isdecimal() and 1 <= int(self.workers) <= 1024):
            mistakes.append(f'--workers {self.workers}: must be "auto" or a whole number between 1 and 1,024')
        if self.households and self.out is None:
            mistakes.append(f"--households {self.households}: needs --out DIR, a folder to keep them in")
        if self.force and self.out is None:
            mistakes.append("--force: means nothing without --out DIR")
        if mistakes:
            raise BadInput(mistakes, "fupin-sim run")

    def settings(self) -> list[str]:
        """What is set on top of the scenario's file; a seed is one more setting, so that it is part of the key."""
        return [*self.sets, *([f"scenario.seed={self.seed}"] if self.seed is not None else [])]

    def words(self) -> list[str]:
        """The command, word by word, with what matters for the results; `--force` would repeat itself."""
        words = ["fupin-sim", "run", self.scenario]
        for setting in self.sets:
            words += ["--set", setting]
        if self.seed is not None:
            words += ["--seed", str(self.seed)]
        words += ["--replicates", str(self.replicates)]
        if self.households:
            words += ["--households", self.households]
        if self.check_books:
            words.append("--check-books")
        if self.workers != "auto":
            words += ["--workers", self.workers]
        if self.out is not None:
            words += ["--out", str(self.out)]
        return words

    def command(self) -> str:
        """The command as it can be typed."""
        return shlex.join(self.words())

    def replay(self, seed: int) -> str:
        """The command that runs one replicate again, keeping nothing."""
        alone = replace(self, seed=seed, replicates=1, out=None, households=None, workers="auto")
        return alone.command()
