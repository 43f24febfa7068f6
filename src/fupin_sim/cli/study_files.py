"""The files of a study beside its runs: what it says, its tables, where everything came from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fupin_sim import provenance
from fupin_sim.errors import BadInput
from fupin_sim.experiment.analysis import Analysis
from fupin_sim.experiment.driver import Outcome
from fupin_sim.experiment.study import Study
from fupin_sim.experiment.study_file import read_study
from fupin_sim.experiment.study_text import written
from fupin_sim.files import write_csv, write_json, write_text
from fupin_sim.replicates import meanings_of, units_of
from fupin_sim.store import Store

STUDY, RESOLVED, PROVENANCE = "study.toml", "resolved.toml", "provenance.json"
TABLES = {
    **{name: name for name in ("levels", "effects", "best", "costs", "runs")},
    "saved_and_harmed": "households", "saved_and_harmed_by_group": "households_by_group",
}  # fmt: skip
"""Tables of a study, and what the analysis calls them; `export` writes tables of other names beside them."""
CANCEL = "cancel"
"""A file of this name in the folder asks the process that runs the study to stop."""


def begin(study: Study, folder: Path, store: Store, words: Sequence[str]) -> None:
    """Write what the study says, before its first run. Raises OSError."""
    (folder / CANCEL).unlink(missing_ok=True)
    write_text(folder / STUDY, study.text)
    write_text(folder / RESOLVED, written(study, folder))
    scenario = study.cells()[0].scenario
    units, meanings = units_of(scenario), meanings_of(scenario)
    store.describe(
        title=study.title,
        measures={name: (units.get(name, ""), meanings.get(name, "")) for name in units},
        points={point.number: dict(point.factors) for point in study.points},
    )
    write_json(folder / PROVENANCE, _told(study, words, None, {}))


def finish(
    study: Study, folder: Path, words: Sequence[str], outcome: Outcome, analysis: Analysis, also: Sequence[Path]
) -> list[Path]:
    """Write the tables, and the provenance of everything; the paths."""
    tables = folder / "tables"
    tables.mkdir(exist_ok=True)
    frames = {name: getattr(analysis, frame) for name, frame in TABLES.items()}
    files = [write_csv(tables / f"{name}.csv", frame) for name, frame in frames.items() if len(frame)]
    for name, frame in frames.items():
        if not len(frame):
            (tables / f"{name}.csv").unlink(missing_ok=True)
    digests = provenance.file_digests([*files, *also], folder)
    write_json(folder / PROVENANCE, _told(study, words, outcome, digests))
    return [*files, *also]


def _told(study: Study, words: Sequence[str], outcome: Outcome | None, outputs: dict[str, str]) -> dict[str, Any]:
    scenarios = {f"{cell.arm} {cell.point}": cell.scenario for cell in study.cells()[: len(study.arms)]}
    files = {name: digest for scenario in scenarios.values() for name, digest in scenario.files.items()}
    return {
        **provenance.program(),
        "study": study.title,
        "study_key": study.key,
        "seed": study.seed,
        "scenario_keys": {name.split(" ")[0]: scenario.luckless_key for name, scenario in scenarios.items()},
        "files": provenance.files_told(files),
        "command": provenance.command_told(words),
        "status": "running" if outcome is None else outcome.why,
        "replicates": 0 if outcome is None else outcome.n,
        "outputs": outputs,
    }


def found(name: str | Path) -> Path:
    """The folder of a study: as given, or by its name or its file's among `studies`. Raises BadInput."""
    from fupin_sim.cli.ask import STUDIES
    from fupin_sim.errors import nearest

    folders = [Path(name), STUDIES / name, *([STUDIES / Path(name).stem] if str(name).endswith(".toml") else [])]
    for folder in folders:
        if (folder / RESOLVED).is_file():
            return folder
    there = sorted(folder.parent.name for folder in STUDIES.glob(f"*/{RESOLVED}"))
    listed = f"  There: {', '.join(there)}" if there else f"  There is none in {STUDIES}/"
    raise BadInput(f'no study called "{name}".{nearest(str(name), there)}{listed}', "fupin-sim study")


def resolved(folder: Path) -> Study:
    """The study of a folder, as it was run. Raises BadInput."""
    return read_study(folder / RESOLVED)


def refuse_another(study: Study, folder: Path, store: Store) -> None:
    """Raise BadInput where the folder has runs of a study that this one shares no arm and no luck with.

    A study that has changed goes on with what both have; one whose files cannot be read any more is not known.
    """
    if not (folder / RESOLVED).is_file() or not store.finished():
        return
    try:
        there = resolved(folder)
    except BadInput:
        return
    mine, its = ({cell.scenario.luckless_key for cell in each.cells()} for each in (study, there))
    if study.seed != there.seed or not mine & its:
        differs = f"its seed is {there.seed}, not {study.seed}" if study.seed != there.seed else "its arms are others"
        told = f'{folder}: holds another study, "{there.title or folder.name}": {differs}'
        raise BadInput(f"{told}; give another --out, or --force to put this one in its place", "fupin-sim study")
