"""The command `equal-cost`: what one amount of each arm must be for all to cost the same."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fupin_sim.costs import PARTS, Account
from fupin_sim.dated import month_number
from fupin_sim.equal_cost import ACCOUNTS, TOLERANCE, Closing, Solution, on_workers, solve
from fupin_sim.errors import BadInput
from fupin_sim.files import write_text
from fupin_sim.model import spec_of
from fupin_sim.scenario import Scenario


@dataclass(frozen=True)
class Wanted:
    """What was asked for: the reference first among the scenarios."""

    scenarios: tuple[str, ...]
    closings: tuple[str, ...]
    sets: tuple[str, ...]
    account: str
    seeds: int
    decision: str
    workers: str
    write: Path | None
    json: bool
    quiet: bool

    def check(self) -> None:
        """Refuse what makes no sense; raises BadInput with all of it."""
        mistakes = []
        arms = len(self.scenarios) - 1
        if arms < 1:
            mistakes.append("needs two scenarios at least: the one whose cost is aimed at, and an arm to close")
        if len(self.closings) not in (1, max(arms, 1)):
            mistakes.append(f"--closing: {len(self.closings)} paths for {arms} arms; give one for all, or one for each")
        if self.account not in ACCOUNTS:
            mistakes.append(f'--account "{self.account}": allowed are {", ".join(ACCOUNTS)}')
        if not 2 <= self.seeds <= 1000:
            mistakes.append(f"--seeds {self.seeds}: must lie between 2 and 1,000")
        if self.workers != "auto" and not (self.workers.isdecimal() and 1 <= int(self.workers) <= 1024):
            mistakes.append(f'--workers {self.workers}: must be "auto" or a whole number between 1 and 1,024')
        if self.write is not None and not self.write.is_dir():
            mistakes.append(f"--write {self.write}: wanted is a folder that is there")
        if mistakes:
            raise BadInput(mistakes, "fupin-sim equal-cost")


def equal_cost(wanted: Wanted) -> int:
    """Close every arm and print what was found; the exit code."""
    wanted.check()
    specs = [spec_of(name, wanted.sets) for name in wanted.scenarios]
    decision = _decision(wanted.decision, specs)
    paths = wanted.closings * (len(specs) - 1 if len(wanted.closings) == 1 else 1)
    closings = [Closing(spec, path, decision) for spec, path in zip(specs[1:], paths, strict=True)]
    workers = (os.cpu_count() or 1) if wanted.workers == "auto" else int(wanted.workers)
    costs = on_workers(decision, min(workers, wanted.seeds))
    found = []
    for name, closing in zip(wanted.scenarios[1:], closings, strict=True):
        solution = solve(specs[0], closing, costs, wanted.account, wanted.seeds, tell=_teller(wanted, name))
        found.append((name, solution))
        if wanted.write is not None and solution.found:
            write_text(_file(wanted.write, name), written(solution, wanted.scenarios[0]))
    told = [as_record(name, solution) for name, solution in found]
    print(json.dumps(told, indent=2, ensure_ascii=False) if wanted.json else as_text(wanted, found))
    return 0


def _decision(month: str, specs: Sequence[Scenario]) -> int:
    """The month from which costs count: one that is within no arm's past."""
    if not month:
        return max(spec.start for spec in specs)
    try:
        decision = month_number(month)
    except ValueError as error:
        raise BadInput(f"--from: {error}", "fupin-sim equal-cost") from None
    if decision < (first := max(spec.start for spec in specs)):
        raise BadInput(f"--from {month}: before the scenarios begin ({first // 12})", "fupin-sim equal-cost")
    return decision


def _teller(wanted: Wanted, name: str) -> Any:
    return lambda text: None if wanted.quiet else print(f"{name}: {text}", file=sys.stderr, flush=True)


def _file(folder: Path, name: str) -> Path:
    return folder / f"{Path(name).stem}_equal_cost.toml"


def written(solution: Solution, reference: str) -> str:
    """The arm at equal cost as a scenario file of its own."""
    path, value = solution.closing.path, solution.closing.scenario.get(solution.closing.path)
    head = [
        f"# Made by fupin-sim equal-cost: {path} was {_plain(value)} and is scaled by {solution.factor:.6g},",
        f"# so that the {solution.account} cost is that of {reference} within {100 * TOLERANCE:g} %.",
    ]
    return "\n".join([*head, solution.scenario.to_toml(Path.cwd())])


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else "dated"


def as_record(name: str, solution: Solution) -> dict[str, Any]:
    """What was found for one arm, for a program."""
    record: dict[str, Any] = {
        "arm": name, "closing": solution.closing.path, "account": solution.account, "found": solution.found,
    }  # fmt: skip
    if not solution.found:
        return record | {"least": solution.least, "most": solution.most}
    means = {
        arm: {account: float(np.mean([each.of(account) for each in runs])) for account in ACCOUNTS}
        for arm, runs in (("reference", solution.reference), ("arm", solution.arm))
    }
    low, mean, high = (float(x) for x in (solution.confirm.low, solution.confirm.mean, solution.confirm.high))
    return record | {
        "factor": solution.factor, "value": solution.closing.value(solution.factor), "agrees": solution.agrees,
        "difference": {"low": low, "mean": mean, "high": high, "pairs": int(solution.confirm.n)}, "yuan": means,
    }  # fmt: skip


def as_text(wanted: Wanted, found: Sequence[tuple[str, Solution]]) -> str:
    """What was found, for a reader."""
    lines: list[str] = []
    for name, solution in found:
        path = solution.closing.path
        if not solution.found:
            lines += [
                f"{name}: there is no equal-cost setting.",
                f"  {path} from 0 to {solution.closing.most:g} times its value brings the {solution.account} cost to "
                f"{100 * solution.least:.1f} to {100 * solution.most:.1f} % of that of {wanted.scenarios[0]}.",
                "",
            ]
            continue
        off = solution.confirm
        lines += [
            f"{name}: {path} × {solution.factor:.6g}, that is {solution.closing.value(solution.factor)}",
            f"  {solution.account} cost beside {wanted.scenarios[0]}: {100 * float(off.mean):+.2f} % "
            f"({100 * float(off.low):+.2f} to {100 * float(off.high):+.2f}), {int(off.n)} pairs on fresh seeds; "
            + ("agrees" if solution.agrees else "does NOT agree: take more --seeds")
            + f" within {100 * TOLERANCE:g} %",
            *_accounts(wanted.scenarios[0], solution.reference, name, solution.arm),
            "",
        ]
    return "\n".join(lines).rstrip("\n")


def _accounts(reference: str, aim: Sequence[Account], name: str, arm: Sequence[Account]) -> list[str]:
    """Both accounts, yuan per resident, discounted."""
    rows = [("yuan per resident, discounted", reference, name)]

    def row(what: str, value: Any) -> None:
        a, b = (f"{float(np.mean([value(each) for each in runs])):,.1f}" for runs in (aim, arm))
        rows.append((what, a, b))

    for part in PARTS:
        row(part, lambda each, part=part: each.parts[part] / each.people)
    row("cadre-years per 1,000", lambda each: 1000 * each.cadre_years / each.people)
    for account in ACCOUNTS:
        row(f"{account} account", lambda each, account=account: each.of(account))
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    return [f"  {what:<{widths[0]}}  {a:>{widths[1]}}  {b:>{widths[2]}}" for what, a, b in rows]
