"""The commands `compare` and `study`: from words to a study, its folder, and what is to be done with it."""

from __future__ import annotations

import json as json_
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from fupin_sim.cli.ask import STUDIES, Ask
from fupin_sim.cli.counted import counted
from fupin_sim.cli.study_files import CANCEL, RESOLVED, found, resolved
from fupin_sim.cli.study_run import run_study
from fupin_sim.errors import BadInput
from fupin_sim.experiment.board import FAILED, MEASURES, OK, Board
from fupin_sim.experiment.own_tables import MOST_REPLICATES
from fupin_sim.experiment.study import Study
from fupin_sim.experiment.study_file import compare_study, read_study
from fupin_sim.files import write_text
from fupin_sim.store import Store

UNTIL = {"headcount": 0.002, "return_rate": 0.002}


def compare_scenarios(
    scenarios: Sequence[str], measures: Sequence[str], until: Sequence[str], replicates: int | None, households: bool,
    ask: Ask,
) -> int:  # fmt: skip
    """`compare`."""
    ask.check("fupin-sim compare")
    if replicates is not None and not 1 <= replicates <= MOST_REPLICATES:
        told = f"--replicates {replicates}: must be a whole number from 1 to {MOST_REPLICATES:,}"
        raise BadInput(told, "fupin-sim compare")
    wanted = _until(until)
    if not until and replicates is None:
        wanted = {name: half for name, half in UNTIL.items() if name in (measures or MEASURES)}
    table: dict[str, Any] = {"until": wanted} if wanted else {}
    if replicates is not None:
        table |= {"most": replicates} if wanted else {"first": replicates, "most": replicates}
    elif not wanted:
        table = {"first": 20, "most": 20}
    study = compare_study(
        list(scenarios), title=_title(scenarios), seed=ask.seed, measures=measures or MEASURES, replicates=table,
        households=households, sets=ask.sets, max_runs=ask.max_runs,
    )  # fmt: skip
    return run_study(study, ask.out or STUDIES / name_of(study), ask)


def _title(scenarios: Sequence[str]) -> str:
    names = [Path(name).stem for name in scenarios]
    return f"{', '.join(names[1:])} beside {names[0]}"


def _until(given: Sequence[str]) -> dict[str, float]:
    wanted, mistakes = {}, []
    for text in given:
        name, _, half = text.rpartition("=")
        try:
            wanted[name.strip()] = float(half)
        except ValueError:
            mistakes.append(f"--until {text}: write a measure and a half-width, such as headcount=0.002")
    if mistakes:
        raise BadInput(mistakes, "fupin-sim compare")
    return wanted


def name_of(study: Study) -> str:
    """A name of its own for every comparison, the same for the same one whatever its length."""
    from fupin_sim.reading import digest_of

    said = [str(study.seed), *(f"{cell.arm} {cell.scenario.luckless_key}" for cell in study.cells())]
    arms = "-".join(arm.name for arm in study.arms)
    return f"{arms[:80]}-{digest_of(' '.join(said).encode())[:6]}"


def run_file(file: Path, ask: Ask) -> int:
    """`study run`."""
    ask.check("fupin-sim study")
    study = read_study(file, sets=ask.settings, max_runs=ask.max_runs)
    return run_study(study, ask.out or STUDIES / file.stem, ask)


def plan_file(file: Path, ask: Ask) -> int:
    """`study plan`."""
    ask.check("fupin-sim study")
    if file.is_file():
        return run_file(file, replace(ask, dry_run=True))
    folder = found(file)
    study = read_study(folder / RESOLVED, sets=ask.settings, max_runs=ask.max_runs)
    return run_study(study, folder, replace(ask, dry_run=True))


def resume(name: str, ask: Ask) -> int:
    """`study resume`."""
    ask.check("fupin-sim study")
    folder = found(name)
    return run_study(resolved(folder), folder, ask)


def retry_failed(name: str, ask: Ask) -> int:
    """`study retry-failed`."""
    ask.check("fupin-sim study")
    folder = found(name)
    with Store(folder, write=True) as store:
        failed = set(store.failures()["key"])
        store.forget(failed)
    if not ask.quiet and not ask.json:
        print(f"{counted(len(failed), 'failed run', 'is', 'are')} run again." if failed else "No run has failed.")
    return run_study(resolved(folder), folder, ask)


def cancel(name: str) -> int:
    """`study cancel`."""
    folder = found(name)
    with Store(folder, write=False) as store:
        writer = store.writer
    if not writer:
        print(f"Nobody runs {folder}.")
        return 0
    write_text(folder / CANCEL, "")
    print(f"Asked {writer} to stop when its runs at work have finished.")
    return 0


def status(name: str, json: bool) -> int:
    """`study status`."""
    folder = found(name)
    study = resolved(folder)
    with Store(folder, write=False) as store:
        board, writer = Board(study), store.writer
        board.widen(max((place[3] for place in store.planned()), default=-1) + 1)
        board.load(store)
        for key in store.failures()["key"]:
            board.enter(key, None)
    told = {
        "study": study.title or folder.name, "folder": str(folder), "writer": writer,
        "planned": len(board.spots), "ok": board.counted(OK), "failed": board.counted(FAILED),
        "replicates": board.balanced(), "most": study.replicates.most,
    }  # fmt: skip
    print(json_.dumps(told, ensure_ascii=False) if json else _status(told))
    return 0


def _status(told: dict[str, Any]) -> str:
    lines = [
        f"{told['study']}: {told['replicates']} of at most {counted(told['most'], 'replicate')} in all arms",
        f"{told['ok']:,} of {counted(told['planned'], 'planned run')} ok, {told['failed']:,} failed",
        f"Running: {told['writer']}"
        if told["writer"]
        else "Nobody runs it, and nothing is left to be run."
        if told["ok"] == told["planned"] and told["replicates"] == told["most"]
        else f"Nobody runs it; go on: fupin-sim study resume {told['folder']}",
    ]
    return "\n".join(lines)
