"""The command `run`: replicates are lived and kept, one by one."""

from __future__ import annotations

import sys
import warnings
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.cli.order import Order
from fupin_sim.cli.outcome import STOPPED, Outcome
from fupin_sim.cli.plan import Plan, announce, planned
from fupin_sim.cli.progress import Watch
from fupin_sim.cli.result import as_json, as_text
from fupin_sim.cli.stopping import Wish, heeding
from fupin_sim.executors import Failure, run_all, tick
from fupin_sim.files import write_text
from fupin_sim.output import RunFolder
from fupin_sim.scenario import Scenario

if TYPE_CHECKING:
    from fupin_sim.simulation import Result

FAILURES = "failures.txt"


def run_scenario(order: Order) -> int:
    """Do what was ordered and print it; the exit code. Raises BadInput before anything is written."""
    plan = planned(order)
    announce(plan)
    try:
        outcome = carried_out(plan)
    except OSError as error:
        if plan.folder is None:
            raise
        print(given_up(plan, plan.folder, error), file=sys.stderr)
        return STOPPED
    print(as_json(plan, outcome) if order.json else as_text(plan, outcome))
    return outcome.code


def carried_out(plan: Plan) -> Outcome:
    """Run what is missing, keep it, draw; on Ctrl-C with what has finished."""
    outcome, folder = Outcome(), plan.folder
    with heeding() as wish:
        try:
            if plan.seeds:
                live(plan, wish, outcome)
            outcome.stopped = len(outcome.results) + len(outcome.failures) < len(plan.seeds)
            if folder:
                keep(plan, folder, outcome)
        except KeyboardInterrupt:
            outcome.stopped = True
    outcome.results = [*folder.finished()] if folder else sorted(outcome.results, key=lambda result: result.seed)
    return outcome


def given_up(plan: Plan, folder: RunFolder, error: OSError) -> str:
    """What to say when the folder cannot be written to any more, as when the disk is full."""
    there = plan.order.replicates - len(folder.missing())
    return (
        f"--out {plan.order.out}: cannot be written ({error.strerror or error}); given up.\n"
        f"  {there} of {plan.order.replicates} runs are kept. With room there, the same command does the rest:\n"
        f"  {plan.order.command()}"
    )


def live(plan: Plan, wish: Wish, outcome: Outcome) -> None:
    """Run the replicates, keeping each as soon as it has finished."""
    order = plan.order
    tasks = [(seed, (plan.scenario, seed, order.panel, order.check_books)) for seed in plan.seeds]
    with Watch(len(tasks), plan.months, order.quiet) as watch:

        def answer() -> None:
            if wish.stop and not wish.answered:
                wish.answered = True
                watch.say("Stopping when the runs at work have finished; Ctrl-C again stops at once.")

        def heard(ticks: int) -> None:
            watch.heard(ticks)
            answer()

        with closing(run_all(one, tasks, plan.workers, heard=heard, stopping=wish)) as runs:
            for seed, result in runs:
                if isinstance(result, Failure):
                    outcome.failures[seed] = result
                    watch.say(f"seed {seed}: {result.error}")
                else:
                    if plan.folder:
                        plan.folder.add(result)
                    outcome.results.append(result)
                watch.finished(isinstance(result, Failure))
        answer()  # the wish may have come with the last run


def one(scenario: Scenario, seed: int, panel: Any, check_books: bool) -> Result:
    """One replicate; in a worker, or here."""
    from fupin_sim.simulation import simulate

    return simulate(scenario, seed, households=panel, check_books=check_books, progress=lambda done, months: tick())


def keep(plan: Plan, folder: RunFolder, outcome: Outcome) -> list[Path]:
    """Write tables and figures of all that has finished, and what failed; the paths."""
    from fupin_sim.figures import draw_all

    written, failures = [], folder.path / FAILURES
    failures.unlink(missing_ok=True)
    if outcome.failures:
        written.append(write_text(failures, "\n".join(failures_told(plan.order, outcome))))
    results = folder.finished()
    if results:
        plan.say("Writing tables and drawing figures …")
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            written += draw_all(results, folder.path / "figures")
        for warning in dict.fromkeys(str(each.message) for each in told):
            plan.say(warning)
    return folder.finish(also=written)


def failures_told(order: Order, outcome: Outcome) -> list[str]:
    """Each failed run: its seed, the command that replays it, and the traceback."""
    return [
        f"seed {seed}: {failure.error}\nagain: {order.replay(seed)}\n\n{failure.trace}"
        for seed, failure in sorted(outcome.failures.items())
    ]
