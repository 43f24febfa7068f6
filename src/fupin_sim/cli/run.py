"""The command `run`: a scenario, some replicates, a table, and a folder of results."""

from __future__ import annotations

import json
import math
import shutil
import sys
import textwrap
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.cli.estimate import Estimate, estimate, free_memory, processors, seconds_for, spoken, workers_for
from fupin_sim.cli.order import Order
from fupin_sim.cli.progress import Watch
from fupin_sim.cli.stopping import Wish, heeding
from fupin_sim.cli.summary import records, remarks_on, summary_of, table_of
from fupin_sim.dated import month_name
from fupin_sim.errors import BadInput
from fupin_sim.executors import Failure, run_all, tick
from fupin_sim.files import write_text
from fupin_sim.model import spec_of
from fupin_sim.output import RunFolder
from fupin_sim.replicates import Replicate
from fupin_sim.scenario import Scenario

if TYPE_CHECKING:
    from fupin_sim.simulate import Result

DONE, FAILED, STOPPED = 0, 3, 4
FAILURES = "failures.txt"
WIDEST = 120


@dataclass
class Outcome:
    """What came of the replicates that were to be run."""

    results: list[Replicate] = field(default_factory=list)
    failures: dict[int, Failure] = field(default_factory=dict)
    stopped: bool = False

    @property
    def code(self) -> int:
        return STOPPED if self.stopped else FAILED if self.failures else DONE


def run_scenario(order: Order) -> int:
    """Do what was ordered and print it; the exit code. Raises BadInput before anything is written."""
    order.check()
    try:
        scenario = spec_of(order.scenario, order.settings())
        seeds = range(scenario.seed, scenario.seed + order.replicates)
        if order.out is not None:
            RunFolder(order.out, scenario, seeds, order.households, order.words()).refuse_unless_ours(order.force)
        cost = measured(scenario, order)
        folder = None
        if order.out is not None:
            folder = RunFolder.prepare(
                order.out, scenario, seeds, households=order.households, force=order.force, command=order.words()
            )
    except KeyboardInterrupt:
        print("Stopped; nothing was run.", file=sys.stderr)
        return STOPPED
    missing = folder.missing() if folder else list(enumerate(seeds, 1))
    workers = workers_of(order, cost, len(missing))
    say = (lambda text: None) if order.quiet else (lambda text: print(text, file=sys.stderr))
    announce(say, order, scenario, cost, missing, workers)
    outcome = Outcome()
    with heeding() as wish:
        try:
            if missing:
                live(order, scenario, [seed for _, seed in missing], workers, wish, folder, outcome)
            outcome.stopped = len(outcome.results) + len(outcome.failures) < len(missing)
            written = keep(folder, order, outcome, say) if folder else []
        except KeyboardInterrupt:
            outcome.stopped, written = True, []
    results = folder.finished() if folder else sorted(outcome.results, key=lambda result: result.seed)
    if order.json:
        print(json.dumps(as_json(order, scenario, results, outcome), indent=2, ensure_ascii=False, allow_nan=False))
    else:
        tell(order, scenario, results, outcome, written)
    return outcome.code


def measured(scenario: Scenario, order: Order) -> Estimate | None:
    """The cost of one run; None where the trial raises, as then do the runs, which are recorded."""
    try:
        return estimate(scenario, order.households)
    except BadInput:
        raise
    except Exception:
        return None


def workers_of(order: Order, cost: Estimate | None, runs: int) -> int:
    """How many processes work: as many as wanted, or as make sense."""
    if order.wanted_workers is not None:
        return max(1, min(order.wanted_workers, runs))
    return workers_for(runs, cost, processors(), free_memory()) if cost and runs else 1


def announce(
    say: Any, order: Order, scenario: Scenario, cost: Estimate | None, missing: list[tuple[int, int]], workers: int
) -> None:
    """Before: what is run, what it will cost, how much of it is there already."""
    burn_in = scenario.section("burn_in")["months"]
    end = month_name(scenario.start + scenario.months - 1)
    say(scenario.title or order.scenario)
    say(f"{month_name(scenario.start)} to {end}, after {burn_in} months of burn-in")
    say(str(cost) if cost else "No estimate: the trial of three months failed.")
    there = order.replicates - len(missing)
    if there:
        say(f"{there} of {order.replicates} runs are there already.")
    if not missing:
        return
    hands = "1 worker" if workers == 1 else f"{workers} workers"
    about = f": about {spoken(seconds_for(len(missing), cost, workers))}" if cost else ""
    say(f"{len(missing)} {'run' if len(missing) == 1 else 'runs'} on {hands}{about}")
    free = free_memory()
    if cost and free is not None and workers * cost.memory > free:
        say(f"This may need more memory than is free ({free / 2**20:,.0f} MB); fewer --workers need less.")


def live(
    order: Order,
    scenario: Scenario,
    seeds: list[int],
    workers: int,
    wish: Wish,
    folder: RunFolder | None,
    outcome: Outcome,
) -> None:
    """Run the replicates, keeping each as soon as it has finished."""
    months = scenario.section("burn_in")["months"] + scenario.months
    tasks = [(seed, (scenario, seed, order.panel, order.check_books)) for seed in seeds]
    with Watch(len(seeds), months, order.quiet) as watch:

        def heard(ticks: int) -> None:
            watch.heard(ticks)
            if wish.stop and not wish.answered:
                wish.answered = True
                watch.say("Stopping when the runs at work have finished; Ctrl-C again stops at once.")

        with closing(run_all(one, tasks, workers, heard=heard, stopping=wish)) as runs:
            for seed, result in runs:
                if isinstance(result, Failure):
                    outcome.failures[seed] = result
                    watch.say(f"seed {seed}: {result.error}")
                else:
                    if folder:
                        folder.add(result)
                    outcome.results.append(result)
                watch.finished(isinstance(result, Failure))


def one(scenario: Scenario, seed: int, panel: Any, check_books: bool) -> Result:
    """One replicate; runs in a worker too."""
    from fupin_sim.simulate import simulate

    return simulate(scenario, seed, households=panel, check_books=check_books, progress=lambda done, months: tick())


def keep(folder: RunFolder, order: Order, outcome: Outcome, say: Any) -> list[Path]:
    """Write tables, figures and failures of what has finished; the paths."""
    from fupin_sim.figures import draw_all

    also = []
    if outcome.failures:
        also.append(write_text(folder.path / FAILURES, "\n".join(failures_told(order, outcome))))
    else:
        (folder.path / FAILURES).unlink(missing_ok=True)
    results = folder.finished()
    if results:
        say("Writing tables and drawing figures …")
        also += draw_all(results, folder.path / "figures")
    return folder.finish(also=also)


def failures_told(order: Order, outcome: Outcome) -> Iterable[str]:
    """Each failed run: its seed, the command that replays it, and the traceback."""
    for seed, failure in sorted(outcome.failures.items()):
        yield f"seed {seed}: {failure.error}\nreplay: {order.replay(seed)}\n\n{failure.trace}"


def tell(order: Order, scenario: Scenario, results: list[Any], outcome: Outcome, written: list[Path]) -> None:
    """After: the table, what failed and how to replay it, how to go on, where the results lie."""
    from rich.console import Console

    if results:
        frame, console = summary_of(results), Console(highlight=False)
        with console.capture() as table:
            console.print(table_of(frame, scenario.title or order.scenario, len(results)))
        print("\n".join(line.rstrip() for line in table.get().splitlines()))
        for remark in remarks_on(results, frame):
            print(textwrap.fill(remark, min(shutil.get_terminal_size().columns, WIDEST), subsequent_indent="  "))
    for seed, failure in sorted(outcome.failures.items())[:5]:
        print(f"\nFailed: seed {seed}: {failure.error}\n  again: {order.replay(seed)}")
    if len(outcome.failures) > 5:
        print(f"\n{len(outcome.failures) - 5} more runs failed.")
    if outcome.failures and order.out is None:
        print("\n" + next(iter(outcome.failures.values())).trace)
    if outcome.stopped:
        going_on = f"The same command runs the rest:\n  {order.command()}"
        lost = "Nothing was kept; with --out DIR the same command would run only the rest."
        print(f"\nStopped after {len(results)} of {order.replicates} runs. {going_on if order.out else lost}")
    if order.out is None:
        print("Nothing was written; --out DIR keeps tables, figures and every replicate.")
    elif written:
        print(f"Results in {order.out}: summary.csv, series.parquet, codebook.md, figures/, …")


def as_json(order: Order, scenario: Scenario, results: list[Any], outcome: Outcome) -> dict[str, Any]:
    """The same for programs."""
    rows = records(summary_of(results)) if results else []
    return {
        "scenario": scenario.title,
        "scenario_key": scenario.key,
        "replicates": order.replicates,
        "finished": [{"seed": r.seed, "digest": r.digest, "seconds": round(r.seconds, 3)} for r in results],
        "failed": [
            {"seed": seed, "error": failure.error, "replay": order.replay(seed)}
            for seed, failure in sorted(outcome.failures.items())
        ],
        "stopped": outcome.stopped,
        "out": None if order.out is None else str(order.out),
        "summary": [
            {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
            for row in rows
        ],
        "exit_code": outcome.code,
    }
