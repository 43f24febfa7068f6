"""The command `replay`: one run of a study is lived again and compared bit for bit, beside another arm if wanted."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.cli.ask import STUDIES
from fupin_sim.cli.outcome import DIFFERS, DONE, FAILED
from fupin_sim.cli.study_files import RESOLVED, resolved
from fupin_sim.cli.study_result import plain
from fupin_sim.cli.summary import records
from fupin_sim.errors import BadInput, nearest
from fupin_sim.executors import Failure, attempt
from fupin_sim.experiment.run_key import run_key
from fupin_sim.experiment.study import Cell, Study
from fupin_sim.replicates import units_of
from fupin_sim.scenario import Scenario
from fupin_sim.store import Row, Store

if TYPE_CHECKING:
    import pandas as pd

    from fupin_sim.counterfactual import TwoDiaries
    from fupin_sim.simulation import Result

REPLAY = "fupin-sim replay"


@dataclass(frozen=True)
class Wanted:
    """What was asked for. folder: of a study or of studies."""

    run: str
    folder: Path | None
    household: str | None
    against: str | None
    json: bool


@dataclass(frozen=True)
class Found:
    """A planned run. row: what the store has of it."""

    key: str
    folder: Path
    study: Study
    cell: Cell
    replicate: int
    row: Row | None

    @property
    def seed(self) -> int:
        return self.study.seed_of(self.replicate)

    @property
    def name(self) -> str:
        at = f", point {self.cell.point}" if self.study.factors else ""
        return f"{self.cell.arm}{at}, replicate {self.replicate}, seed {self.seed}"


def replay(wanted: Wanted) -> int:
    """Live it again; the exit code: 0 equal, 5 different, 3 it fails."""
    found = find(wanted)
    other = _other(found, wanted.against)
    changed = run_key(found.cell.scenario, found.seed) != found.key
    if changed:
        print("The program or a file has changed since this run; its bits may differ for that.", file=sys.stderr)
    again = attempt(_lived, found.cell.scenario, found.seed)
    beside = attempt(_lived, other.scenario, found.seed) if other else None
    code = _code(found, again)
    lives = None if wanted.household is None or isinstance(again, Failure) else _lives(found, other, wanted.household)
    if wanted.json:
        print(json.dumps(_record(found, again, other, beside, code, lives), ensure_ascii=False, allow_nan=False))
        return code
    print("\n".join([f"{found.key}: {found.name}", *_verdict(found, again, code)]))
    if isinstance(again, Failure):
        return code
    print("\n".join(["", *_headlines(found, again, other, beside)]))
    if lives is not None:
        print("\n" + _diaries(found, other, wanted.household, lives))
    return code


def find(wanted: Wanted) -> Found:
    """The one planned run whose key begins so; raises BadInput."""
    folders = list(_folders(wanted.folder or STUDIES))
    if not folders:
        raise BadInput(f"{wanted.folder or STUDIES}: no study is there; --in says where", REPLAY)
    found: dict[str, Path] = {}
    for folder in folders:
        with Store(folder, write=False) as store:
            for key in store.find(wanted.run):
                found.setdefault(key, folder)
    if len(found) > 1:
        told = ", ".join(key[:16] for key in list(found)[:5]) + (", …" if len(found) > 5 else "")
        raise BadInput(f'"{wanted.run}": {len(found)} runs begin so: {told}; write more of it', REPLAY)
    if not found:
        raise BadInput(f'"{wanted.run}": no run begins so in {", ".join(map(str, folders[:5]))}', REPLAY)
    key, folder = next(iter(found.items()))
    return _placed(key, folder)


def _folders(where: Path) -> Iterator[Path]:
    if (where / RESOLVED).is_file():
        yield where
    else:
        yield from sorted(file.parent for file in where.glob(f"*/{RESOLVED}"))


def _placed(key: str, folder: Path) -> Found:
    study = resolved(folder)
    with Store(folder, write=False) as store:
        place = next((place for place in store.planned() if place[0] == key), None)
        row = next(store.rows([key]), None)
    if place is None:
        raise BadInput(f"{key}: was run for an earlier form of {folder}, which no longer says how", REPLAY)
    _, point, arm, replicate = place
    return Found(key, folder, study, study.cell(arm, point), replicate, row)


def _other(found: Found, against: str | None) -> Cell | None:
    if against is None:
        return None
    arms = [arm.name for arm in found.study.arms]
    if against not in arms:
        told = f"  Arms: {', '.join(arms)}"
        raise BadInput(f"--against {against}: no such arm in {found.folder}.{nearest(against, arms)}{told}", REPLAY)
    if against == found.cell.arm:
        told = f"--against {against}: is the arm of this run.  The others: {', '.join(a for a in arms if a != against)}"
        raise BadInput(told, REPLAY)
    return found.study.cell(against, found.cell.point)


def _lived(scenario: Scenario, seed: int) -> Result:
    from fupin_sim.simulation import simulate

    return simulate(scenario, seed)


def _code(found: Found, again: Result | Failure) -> int:
    if isinstance(again, Failure):
        return FAILED
    return DIFFERS if found.row and found.row.digest and found.row.digest != again.digest else DONE


def _verdict(found: Found, again: Result | Failure, code: int) -> list[str]:
    if isinstance(again, Failure):
        return [f"It fails: {again.error}", again.trace.rstrip()]
    if found.row is None:
        return [f"Digest {again.digest}; it was planned and not run yet."]
    if not found.row.digest:
        return [
            f"It had not ended well ({found.row.status}: {found.row.error}); now it does, digest {again.digest}.",
            f"  fupin-sim study retry-failed {found.folder}",
        ]
    if code == DONE:
        return [f"Digest {again.digest}: equal, bit for bit."]
    return [f"Digest {again.digest} DIFFERS from {found.row.digest}, which was kept."]


def _headlines(found: Found, again: Result, other: Cell | None, beside: Result | Failure | None) -> list[str]:
    """The study's measures, and those of the other arm beside them."""
    heads = [found.cell.arm, *([other.arm] if other else [])]
    units, none = units_of(found.cell.scenario), isinstance(beside, Failure)
    rows = [("", *(heads[:1] if none else heads), "")]
    beside = None if isinstance(beside, Failure) else beside
    for name, value in again.headlines.items():
        if name.split(" ")[0] in found.study.measures:
            values = [value, *([beside.headlines.get(name, float("nan"))] if beside else [])]
            rows.append((name, *(f"{each:,.6g}" for each in values), units.get(name.split(" ")[0], "")))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    last = len(widths) - 1
    return ["  ".join(text.ljust(w) if i in (0, last) else text.rjust(w) for i, (text, w) in
                      enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]  # fmt: skip


def _lives(found: Found, other: Cell | None, household: str) -> pd.DataFrame | TwoDiaries:
    """The household's life, or both of its lives."""
    from fupin_sim.counterfactual import diary, two_diaries

    if other is not None:
        return two_diaries(found.cell.scenario, other.scenario, household, found.seed)
    return diary(found.cell.scenario, found.seed, household)


def _diaries(found: Found, other: Cell | None, household: str | None, lives: pd.DataFrame | TwoDiaries) -> str:
    """The household's life, or both with the month in which they part; yuan of the month."""
    from fupin_sim.counterfactual import TwoDiaries, side_by_side

    if isinstance(lives, TwoDiaries):
        return side_by_side(lives, (found.cell.arm, other.arm if other else ""))
    shown = lives[["month", "members", "wages", "business", "received", "consumption", "wealth", "debt"]]
    shown = shown.assign(poor=lives["poor"].map({True: "!", False: ""}))
    head, *lines = shown.to_string(index=False, float_format=lambda value: f"{value:,.0f}").splitlines()
    told = [f"Household {household}", head]
    for line, events in zip(lines, lives["events"], strict=True):
        told += [line.rstrip(), *(f"         {event}" for event in events.split("; ") if event)]
    return "\n".join(
        [*told, "", "Yuan of the month; wealth and debt at its end. ! poor on the income of twelve months."]
    )


def _record(
    found: Found, again: Result | Failure, other: Cell | None, beside: Result | Failure | None, code: int,
    lives: pd.DataFrame | TwoDiaries | None,
) -> dict[str, Any]:  # fmt: skip
    """For a program."""
    told: dict[str, Any] = {
        "run": found.key, "arm": found.cell.arm, "point": found.cell.point, "replicate": found.replicate,
        "seed": found.seed, "kept": found.row.digest if found.row else None, "exit_code": code,
        "status": found.row.status if found.row else "planned",
    }  # fmt: skip
    if isinstance(again, Failure):
        return told | {"error": again.error}
    told |= {"digest": again.digest, "headlines": {name: plain(value) for name, value in again.headlines.items()}}
    if other and beside is not None and not isinstance(beside, Failure):
        told["against"] = {"arm": other.arm, "digest": beside.digest,
                           "headlines": {name: plain(value) for name, value in beside.headlines.items()}}  # fmt: skip
    if lives is not None:
        told |= _pages(lives)
    return told


def _pages(lives: pd.DataFrame | TwoDiaries) -> dict[str, Any]:
    """Diaries for a program: by month, and where two part."""
    from fupin_sim.counterfactual import TwoDiaries

    def page(frame: pd.DataFrame) -> list[dict[str, Any]]:
        return [{key: plain(value) for key, value in row.items()} for row in records(frame)]

    if not isinstance(lives, TwoDiaries):
        return {"diary": page(lives)}
    return {
        "diary": page(lives.a),
        "diary_against": page(lives.b),
        "part_in": lives.month,
        "part_first_in": lives.first,
    }
