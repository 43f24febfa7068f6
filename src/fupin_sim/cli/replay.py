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
from fupin_sim.errors import BadInput, nearest
from fupin_sim.executors import Failure, attempt
from fupin_sim.experiment.run_key import run_key
from fupin_sim.experiment.study import Cell, Study
from fupin_sim.scenario import Scenario
from fupin_sim.store import Row, Store

if TYPE_CHECKING:
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
    if wanted.json:
        print(json.dumps(_record(found, again, other, beside, code), ensure_ascii=False, allow_nan=False))
        return code
    print("\n".join([f"{found.key}: {found.name}", *_verdict(found, again, code)]))
    if isinstance(again, Failure):
        return code
    print("\n".join(["", *_headlines(found, again, other, beside)]))
    if wanted.household is not None:
        print("\n" + _diaries(found, other, wanted.household))
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
        told = ", ".join(key[:16] for key in list(found)[:5])
        raise BadInput(f'"{wanted.run}": {len(found)} runs begin so: {told} …; write more of it', REPLAY)
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
    rows = [("", *heads)]
    if isinstance(beside, Failure):
        rows, beside = [("", found.cell.arm)], None
    for name, value in again.headlines.items():
        if name.split(" ")[0] in found.study.measures:
            values = [value, *([beside.headlines.get(name, float("nan"))] if beside else [])]
            rows.append((name, *(f"{each:,.6g}" for each in values)))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(text.ljust(w) if i == 0 else text.rjust(w) for i, (text, w) in
                      enumerate(zip(row, widths, strict=True))).rstrip() for row in rows]  # fmt: skip


def _diaries(found: Found, other: Cell | None, household: str) -> str:
    """The household's life, or both of its lives with the month in which they part."""
    from fupin_sim.counterfactual import diary, side_by_side, two_diaries

    if other is not None:
        two = two_diaries(found.cell.scenario, other.scenario, household, found.seed)
        return side_by_side(two, (found.cell.arm, other.arm))
    page = diary(found.cell.scenario, found.seed, household)
    shown = page[
        ["month", "members", "wages", "business", "received", "consumption", "wealth", "debt", "poor", "events"]
    ]
    return f"Household {household}\n{shown.to_string(index=False, float_format=lambda value: f'{value:,.0f}')}"


def _record(
    found: Found, again: Result | Failure, other: Cell | None, beside: Result | Failure | None, code: int
) -> dict[str, Any]:
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
    return told
