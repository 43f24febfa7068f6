"""The commands about what is kept: `store info`, `verify`, `gc`, `merge`, and `export`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fupin_sim.cli.ask import STUDIES
from fupin_sim.cli.counted import counted
from fupin_sim.codebook import Columns
from fupin_sim.errors import BadInput
from fupin_sim.store import Problem, Store
from fupin_sim.store.export import Kind
from fupin_sim.store.export import export as export_tables
from fupin_sim.store.journal import NAME
from fupin_sim.store.merge import merge as merge_stores

if TYPE_CHECKING:
    import pandas as pd

DONE, DIFFERS = 0, 5
SHOWN = 8  # keys of damaged runs told of one file


def info(folder: Path) -> int:
    """`store info`."""
    folder = _meant(folder)
    with Store(folder, write=False) as store:
        told = store.info()
    runs = ", ".join(f"{n:,} {status}" for status, n in told.runs.items()) or "none"
    print(f"{told.title or folder}")
    print(f"runs       {runs}")
    print(f"planned    {counted(told.cells, 'cell')}; {counted(told.missing, 'run')} missing")
    if told.unplanned:
        runs = counted(told.unplanned, "run")
        print(f"unplanned  {runs} that no plan names; to remove: fupin-sim store gc {folder}")
    shards, tables = counted(told.shards, "shard"), counted(told.households, "household table")
    print(f"kept in    {shards}, {counted(told.waiting, 'run')} waiting, {tables}")
    print(f"size       {told.bytes / 1e6:,.1f} MB, schema {told.schema}")
    print(f"writer     {told.writer or 'nobody'}")
    return DONE


def verify(folder: Path, deep: bool, forget: bool) -> int:
    """`store verify`: 0 if all is whole, or is forgotten and can run again; 5 if not."""
    folder = _meant(folder)
    _refuse_unless_there(folder)
    with Store(folder, write=forget) as store:
        problems = store.verify(deep=deep)
        keys = sorted({key for problem in problems for key in problem.keys})
        runs = len(store.finished())
        for problem in problems:
            print(_line(problem))
        if not problems:
            print(f"{counted(runs, 'run', 'is', 'are')} whole.")
            return DONE
        if not forget:
            damaged = f"{len(keys):,} of {counted(runs, 'run', 'is', 'are')} damaged"
            print(f"{damaged}. To have the study's own command make what is damaged again:")
            print(f"  fupin-sim store verify {folder} --forget")
            return DIFFERS
        store.forget(keys)
        left = store.verify(deep=deep)
    print(f"{counted(len(keys), 'run', 'is', 'are')} forgotten; the study's own command makes what is missing.")
    for problem in left:
        print(f"Not mended: {_line(problem)}")
    return DIFFERS if left else DONE


def gc(folder: Path) -> int:
    """`store gc`."""
    folder = _meant(folder)
    _refuse_unless_there(folder)
    with Store(folder, write=True) as store:
        freed = store.gc()
    print(f"Removed {counted(freed.runs, 'run')}, {counted(freed.files, 'file')}, {freed.bytes / 1e6:,.1f} MB.")
    return DONE


def merge(folders: Sequence[Path], into: Path) -> int:
    """`store merge`."""
    came = merge_stores(folders, into)
    print(f"{counted(came, 'run')} came into {into}.")
    return DONE


def export(folder: Path, kind: Kind, out: Path | None) -> int:
    """`export`."""
    from fupin_sim.outcomes import COLUMNS

    folder = _meant(folder)
    target = out or folder / "tables"
    if target.exists() and not target.is_dir():
        raise BadInput(f"--out {target}: is a file; a folder is needed", "fupin-sim export")
    columns = {name: (unit, doc, None) for name, (unit, doc, *_) in COLUMNS.items()}
    paths = export_tables(folder, kind, target, columns, _counterfactuals(folder))
    print(f"Written to {paths[0].parent}: {', '.join(path.name for path in paths)}")
    return DONE


def _counterfactuals(folder: Path) -> dict[str, tuple[pd.DataFrame, Columns]]:
    """Households of each arm beside the same ones in another, where the study followed them; a row a household."""
    from fupin_sim.cli.study_files import RESOLVED, resolved

    if not (folder / RESOLVED).is_file():
        return {}
    study = resolved(folder)
    if not study.households:
        return {}
    import pandas as pd

    from fupin_sim.counterfactual.households import TABLE
    from fupin_sim.experiment.board import Board
    from fupin_sim.experiment.lifted import compared

    with Store(folder, write=False) as store:
        board = Board(study)
        board.widen(max((place[3] for place in store.planned()), default=-1) + 1)
        board.load(store)
        frames = list(compared(board, store, board.balanced()))
    told = {**TABLE, "against": ("", "arm it is held against: the world without the policy")}
    known: Columns = {name: (unit, doc, None) for name, (unit, doc) in told.items()}
    return {"counterfactuals": (pd.concat(frames, ignore_index=True), known)} if frames else {}


def _meant(folder: Path) -> Path:
    """The folder as given, or, where it is none of a study, the one of this name in `studies`."""
    named = STUDIES / folder
    return named if not (folder / NAME).exists() and (named / NAME).exists() else folder


def _refuse_unless_there(folder: Path) -> None:
    """A store that is opened to be written would be made."""
    Store(folder, write=False).close()


def _line(problem: Problem) -> str:
    keys = ", ".join(key[:12] for key in problem.keys[:SHOWN]) + (", …" if len(problem.keys) > SHOWN else "")
    lost = f"; {counted(len(problem.keys), 'run')}: {keys}" if problem.keys else ""
    return f"{problem.file} {problem.what}{lost}"
