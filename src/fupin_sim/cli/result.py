"""The result of `run`, for a person or as JSON: the table, what failed, how to go on, where the files are."""

from __future__ import annotations

import json
import math
import shutil
import textwrap
from typing import Any

from fupin_sim.cli.counted import counted
from fupin_sim.cli.outcome import Outcome
from fupin_sim.cli.plan import Plan
from fupin_sim.cli.summary import records, remarks_on, summary_of, table_of

WIDEST = 120
MOST_FAILURES = 5


def as_text(plan: Plan, outcome: Outcome) -> str:
    """For a person."""
    parts = [_table(plan, outcome)] if outcome.results else []
    parts += _failures(plan, outcome)
    order, n = plan.order, len(outcome.results)
    if outcome.stopped and order.out is not None:
        parts.append(
            f"Stopped; {n} of {counted(order.replicates, 'run', 'is', 'are')} kept. "
            f"The same command does the rest:\n  {order.command()}"
        )
    elif outcome.stopped:
        parts.append(f"Stopped after {n} of {counted(order.replicates, 'run')}.")
    if order.out is None:
        parts.append("Nothing was written; --out DIR keeps tables, figures and every replicate.")
    elif n:
        parts.append(f"Results in {order.out}: summary.csv, series.parquet, codebook.md, figures/, …")
    return "\n".join(parts)


def _table(plan: Plan, outcome: Outcome) -> str:
    from rich.console import Console

    frame, console = summary_of(outcome.results), Console(highlight=False)
    with console.capture() as table:
        console.print(table_of(frame, plan.title, len(outcome.results)))
    width = min(shutil.get_terminal_size().columns, WIDEST)
    remarks = [textwrap.fill(text, width, subsequent_indent="  ") for text in remarks_on(outcome.results, frame)]
    return "\n".join([*(line.rstrip() for line in table.get().splitlines()), *remarks])


def _failures(plan: Plan, outcome: Outcome) -> list[str]:
    failures = sorted(outcome.failures.items())
    told = [
        f"Failed: seed {seed}: {failure.error}\n  again: {plan.order.replay(seed)}"
        for seed, failure in failures[:MOST_FAILURES]
    ]
    if len(failures) > MOST_FAILURES:
        told.append(f"{counted(len(failures) - MOST_FAILURES, 'more run')} failed.")
    if failures:
        told.append(f"Details in {plan.order.out / 'failures.txt'}." if plan.order.out else failures[0][1].trace)
    return told


def as_json(plan: Plan, outcome: Outcome) -> str:
    """For a program."""
    rows = records(summary_of(outcome.results)) if outcome.results else []
    order = plan.order
    told: dict[str, Any] = {
        "scenario": plan.scenario.title,
        "scenario_key": plan.scenario.key,
        "replicates": order.replicates,
        "finished": [{"seed": r.seed, "digest": r.digest, "seconds": round(r.seconds, 3)} for r in outcome.results],
        "failed": [
            {"seed": seed, "error": failure.error, "again": order.replay(seed)}
            for seed, failure in sorted(outcome.failures.items())
        ],
        "stopped": outcome.stopped,
        "out": None if order.out is None else str(order.out),
        "summary": [{name: _or_null(value) for name, value in row.items()} for row in rows],
        "exit_code": outcome.code,
    }
    return json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False)


def _or_null(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value
