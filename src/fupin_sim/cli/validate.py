"""`validate`: write the validation page and its figures."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from fupin_sim.cli.estimate import spoken
from fupin_sim.cli.outcome import STOPPED
from fupin_sim.cli.stopping import heeding
from fupin_sim.errors import BadInput
from fupin_sim.files import write_text
from fupin_sim.targets import CHECK_SEEDS
from fupin_sim.validation.work import Findings, Plan, carried_out

EVERY_S = 5.0
"""Least time between two lines of progress."""


def write_page(out: Path, plan: Plan, workers: int = 1) -> int:
    """Run what the plan says, draw, write; the exit code. Figures go into a folder beside the page.

    A folder that is not there, or may not be written, is refused before anything is computed. The page comes last, so
    that a page that is there is whole; stopped before the end, nothing is written.
    """
    if not out.parent.is_dir() or out.is_dir():
        raise BadInput(f"--out {out}: wanted is a file in a folder that is there")
    with heeding() as wish:
        found = _found(plan, workers, wish)
    if found is None:
        print("Stopped; nothing was written.", file=sys.stderr)
        return STOPPED
    written = write_all(found, out)
    print(f"Wrote {out} and {len(written) - 1} figures in {out.parent / 'figures'}.")
    return 0


def write_all(found: Findings, out: Path) -> list[Path]:
    """The figures and then the page, each renamed into place when whole; the paths, the page last."""
    from fupin_sim.figures.validation import draw_all
    from fupin_sim.validation.page import page

    text = page(found)
    return [*draw_all(found, out.parent / "figures"), write_text(out, text)]


def _found(plan: Plan, workers: int, wish: Callable[[], bool]) -> Findings | None:
    told = time.monotonic()

    def finished(done: int, of: int) -> None:
        nonlocal told
        if done == of or time.monotonic() - told >= EVERY_S:
            told = time.monotonic()
            print(f"{done} of {of} tasks, {spoken(told - began)} so far", file=sys.stderr, flush=True)

    began = time.monotonic()
    try:
        return carried_out(plan, workers, finished, wish)
    except KeyboardInterrupt:
        return None


def planned(replicates: int) -> Plan:
    """The plan of the page: so many replicates, on the seeds kept for checking."""
    return Plan(tuple(range(CHECK_SEEDS[0], CHECK_SEEDS[0] + replicates)))
