"""What a study shows, for a person or as JSON: one table, what failed, how to go on, where the files are."""

from __future__ import annotations

import math
import shlex
import shutil
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.cli.ask import Ask
from fupin_sim.cli.counted import counted
from fupin_sim.cli.outcome import STOPPED
from fupin_sim.cli.summary import records, value_of
from fupin_sim.experiment.analysis import Analysis
from fupin_sim.experiment.driver import Outcome
from fupin_sim.experiment.study import Study

if TYPE_CHECKING:
    import pandas as pd

WIDEST, MOST_LINES, MOST_FAILURES = 120, 60, 5
WHY = {
    "reached": "precise enough after {n}",
    "most": "{n}",
    "failed": "not finished: runs failed",
    "stopped": "stopped early, with {n} complete",
    "budget": "the budget is spent, with {n} complete",
}


@dataclass(frozen=True)
class Told:
    """All there is to tell. problem: what came in the way of the disk or the cluster, in one line."""

    study: Study
    folder: Path
    ask: Ask
    outcome: Outcome
    analysis: Analysis
    failures: pd.DataFrame | None
    problem: str
    files: Sequence[Path]
    code: int

    @property
    def go_on(self) -> str:
        """The command that does the rest."""
        return self.ask.command


def as_text(told: Told) -> str:
    """For a person."""
    parts = [*_table(told), *_remarks(told), *_refused(told), *_failed(told)]
    if told.problem:
        parts.append(f"Given up: {told.problem}")
    if told.code == STOPPED:
        parts.append(f"What has finished is kept. The same command does the rest:\n  {told.go_on}")
    if told.files:
        names = sorted({file.relative_to(told.folder).parts[0] for file in told.files})
        parts.append(f"Results in {told.folder}: {', '.join(f'{name}/' for name in names)}, provenance.json")
    else:
        parts.append(f"Runs are kept in {told.folder}.")
    parts.append(f"Exit code {told.code}.")
    return "\n".join(parts)


def _table(told: Told) -> list[str]:
    """By measure a line for each cell, in columns that all measures share."""
    against, rows = told.study.baseline, list(_rows(told))
    if not rows:
        return []
    head = ("", "level ± 95 %", *(() if against is None else (f"less {against} ± 95 %", "Holm p", "best")))
    shown = [row[: len(head)] for row in rows[:MOST_LINES]]
    inner = [head, *(row for row in shown if len(row) > 1)]
    widths = [max(len(row[i]) for row in inner) for i in range(len(head))]
    narrow = sum(widths) + 2 * (len(widths) - 1) > shutil.get_terminal_size().columns
    lines = [told.study.title or told.folder.name, ""]
    for row in [head, *shown]:
        cells = [
            text.ljust(width) if i < 3 else text.rjust(width)
            for i, (text, width) in enumerate(zip(row, widths, strict=False))
        ]
        if narrow and len(row) > 1:  # names on lines of their own
            lines += [row[0]] if row[0] else []
            cells = [" " * 2, *cells[1:]]
        lines.append("  ".join(cells).rstrip() if len(row) > 1 else row[0])
    more = len(rows) - MOST_LINES
    return [*lines, *([f"… and {counted(more, 'line')} more, in tables/"] if more > 0 else []), ""]


def _rows(told: Told) -> Iterator[tuple[str, ...]]:
    """One line a measure with its unit, below it one a cell: arm, level, difference, p, chance of being best."""
    study, analysis = told.study, told.analysis
    levels = _by(analysis.levels)
    effects = {(r["measure"], r["point"], r["arm"], r["against"]): r for r in records(analysis.effects)}
    best = _by(analysis.best)
    for measure in dict.fromkeys(analysis.levels["measure"]):
        mine = {key[1:]: row for key, row in levels.items() if key[0] == measure}
        unit = next(iter(mine.values()))["unit"]
        yield (f"{measure}, {unit}" if unit else measure,)
        for (point, arm), level in mine.items():
            effect = effects.get((measure, point, arm, study.baseline))
            chance = best.get((measure, point, arm))
            yield (
                f"  {_cell(study, point, arm)}", value_of(level), signed(effect) if effect else "",
                p_told(effect["p_holm"]) if effect else "",
                f"{100 * chance['probability']:.0f} %" if chance else "",
            )  # fmt: skip
        for a, b in study.contrasts:
            for place in study.points:
                if effect := effects.get((measure, place.number, a, b)):
                    name = f"  {_cell(study, place.number, a)} less {b}"
                    yield name, "", signed(effect), p_told(effect["p_holm"]), ""


def _by(frame: pd.DataFrame) -> dict[tuple[str, int, str], dict[str, Any]]:
    return {(row["measure"], row["point"], row["arm"]): row for row in records(frame)}


def _cell(study: Study, point: int, arm: str) -> str:
    factors = study.points[point].factors
    told = ", ".join(f"{path.rpartition('.')[2]} {value}" for path, value in factors.items())
    return ", ".join(filter(None, (told, arm if len(study.arms) > 1 or not told else "")))


def signed(row: Mapping[str, Any]) -> str:
    """A difference with its sign, ± half its interval."""
    told = value_of(row)
    return f"+{told}" if row["mean"] > 0 else told


def p_told(p: float) -> str:
    """>>> p_told(0.0312), p_told(1e-9)
    ('.031', '<.001')
    """
    return "<.001" if p < 0.001 else f"{p:.3f}".removeprefix("0") if p < 1 else "1"


def _remarks(told: Told) -> list[str]:
    analysis, n = told.analysis, told.analysis.n
    count, ran = counted(n, "replicate"), counted(told.outcome.ran, "run", "was", "were")
    failed = f", of which {told.outcome.failed:,} failed," if told.outcome.failed else ""
    now = f"{ran} lived now{failed} and {told.outcome.there:,} {'was' if told.outcome.there == 1 else 'were'} there."
    said = [f"{WHY[told.outcome.why].format(n=count)}; {now}"]
    said[0] = said[0][0].upper() + said[0][1:]
    if found := _wanting(told.outcome):
        said.append(f"Not as precise as wanted, with the most replicates that may be: {'; '.join(found)}.")
    if n > 1 and len(analysis.effects):
        said.append("± half the 95 % Student interval; differences are of pairs that share their luck.")
        skewed = analysis.effects[(analysis.effects["skew"].abs() > 1) & (n < 100)]
        if len(skewed):
            which = ", ".join(dict.fromkeys(skewed["measure"]))
            said.append(f"Skewed differences, so that fewer than 100 pairs may say too much: {which}.")
        said += _saved(analysis)
    said += [f"{row['arm']} beside {row['against']}, {row['account'].replace('_', ' ')}: {row['told']}"
             for row in records(analysis.costs)]  # fmt: skip
    said += _households(told)
    width = min(shutil.get_terminal_size().columns, WIDEST)
    return [textwrap.fill(text, width, subsequent_indent="  ") for text in said]


def _wanting(outcome: Outcome) -> list[str]:
    """Of each measure that is not precise enough after the last look, the widest interval."""
    if outcome.why != "most" or outcome.look is None:
        return []
    return [str(each) for each in {each.measure: each for each in reversed(outcome.look.wanting)}.values()][::-1]


def _households(told: Told) -> list[str]:
    """What arms did to households: how many have fewer, and how many more poor person-years."""
    rows = records(told.analysis.households)
    found = {(row["point"], row["arm"], row["against"], row["what"]): row for row in rows}
    said = []
    for point, arm, against in dict.fromkeys(key[:3] for key in found):
        saved, harmed, of = (found[point, arm, against, what] for what in ("saved", "harmed", "households"))
        said.append(
            f"{_cell(told.study, point, arm)} beside {against}, of {of['mean']:,.0f} households: "
            f"{value_of(saved)} have fewer poor months, {value_of(harmed)} more."
        )
    return said[:MOST_LINES]


def _saved(analysis: Analysis) -> list[str]:
    """By measure the median over comparisons, of those that vary."""
    known = analysis.effects[analysis.effects["times_fewer"].map(math.isfinite)]
    if not len(known):
        return []
    times = known.groupby("measure", sort=False)["times_fewer"].median()
    told = ", ".join(f"{value:,.0f} × for {name}" if value >= 10 else f"{value:.1f} × for {name}"
                     for name, value in times.items())  # fmt: skip
    return [f"Pairing saved about this many times the runs: {told}."]


def _refused(told: Told) -> list[str]:
    """Cells of which nothing is said above, because runs are missing."""
    if told.outcome.why != "failed":
        return []
    cells = Counter((int(row["point"]), str(row["arm"])) for row in records(told.analysis.refused))
    names = [f"{_cell(told.study, *cell)} ({n} of {told.analysis.n})" for cell, n in cells.items()]
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    again = shlex.join(["fupin-sim", "study", "retry-failed", str(told.folder)])
    return [f"No interval, because runs failed: {'; '.join(names[:8])}{more}.\n  again: {again}"]


def _failed(told: Told) -> list[str]:
    """Runs that failed, with the command that replays each."""
    rows = failed_rows(told)
    lines = [f"Failed: {row['arm']}, replicate {row['replicate']}: {row['error']}\n  again: {row['again']}"
             for row in rows[:MOST_FAILURES]]  # fmt: skip
    more = len(rows) - MOST_FAILURES
    return [*lines, *([f"{counted(more, 'more run')} failed."] if more > 0 else [])]


def failed_rows(told: Told) -> list[dict[str, Any]]:
    """What failed of this study: arm, point, replicate, run, error, and the command that lives it again."""
    if told.failures is None:
        return []
    why = {row["key"]: row for row in records(told.failures)}
    return [
        {
            "arm": row["arm"], "point": int(row["point"]), "replicate": int(row["replicate"]), "run": row["run"],
            "status": why[row["run"]]["status"], "error": why[row["run"]]["error"],
            "again": shlex.join(["fupin-sim", "replay", row["run"][:12], "--in", str(told.folder)]),
        }
        for row in records(told.analysis.refused) if row["run"] in why
    ]  # fmt: skip


def as_record(told: Told) -> dict[str, Any]:
    """For a program."""
    analysis, outcome = told.analysis, told.outcome
    frames = {name: getattr(analysis, name) for name in ("levels", "effects", "best", "costs", "households")}
    return {
        "title": told.study.title, "study_key": told.study.key, "replicates": analysis.n, "why": outcome.why,
        "ran": outcome.ran, "failed": outcome.failed, "retried": outcome.retried, "there": outcome.there,
        "wanting": _wanting(outcome), "seconds": round(outcome.seconds, 3), "problem": told.problem or None,
        "folder": str(told.folder),
        **{name: [{key: plain(value) for key, value in row.items()} for row in records(frame)]
           for name, frame in frames.items()},
        "failures": failed_rows(told), "again": told.go_on, "exit_code": told.code,
    }  # fmt: skip


def plain(value: Any) -> Any:
    """A value as JSON has it; what is not finite is null."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value
