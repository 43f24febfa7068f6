"""Merging studies: the runs and the plans of several stores in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

from fupin_sim.errors import BadInput
from fupin_sim.store.row import Row
from fupin_sim.store.store import Store

SHOWN = 5  # cells or runs named in a message
BATCH = 200
SHARED = ("study.toml", "resolved.toml")


def merge(sources: Sequence[str | Path], into: str | Path) -> int:
    """Bring all runs and plans of the sources into one store, which may be there already; how many runs came.

    A run that ended well anywhere is taken before one that failed. study.toml and resolved.toml come along where all
    sources that have one agree. Raises BadInput, before anything is written, where two plans fill one cell with
    different runs, or two stores hold different results of one run.
    """
    with ExitStack() as stack:
        stores = [stack.enter_context(Store(source, write=False)) for source in sources]
        _refuse_conflicts(stores)
        target = stack.enter_context(Store(into, write=True))
        _refuse_conflicts([target, *stores])
        came = 0
        for store in stores:
            target.plan(store.planned())
            told = store.described()
            points = {int(number): factors for number, factors in told.get("points", {}).items()}
            target.describe(title=told.get("title"), measures=told.get("measures"), points=points or None)
            for rows in _batches(store, target):
                target.put(rows)
                came += len(rows)
        for name in SHARED:
            _share(name, [store.folder for store in stores], target.folder)
    return came


def _batches(store: Store, target: Store) -> Iterator[list[Row]]:
    well, there = _well(target), target.finished()
    wanted = (store.finished() - there) | (_well(store).keys() - well.keys())
    rows = store.rows(wanted)
    while batch := list(islice(rows, BATCH)):
        yield batch


def _well(store: Store) -> dict[str, str]:
    """Digests of the runs that ended well."""
    failed = store.attempts()
    return {key: content for key, content in store.contents().items() if key not in failed}


def _refuse_conflicts(stores: Sequence[Store]) -> None:
    cells: dict[tuple[int, str, int], str] = {}
    runs: dict[str, str] = {}
    other_cells, other_runs = [], set()
    for store in stores:
        for key, *cell in store.planned():
            place: tuple[int, str, int] = tuple(cell)  # type: ignore[assignment]
            if cells.setdefault(place, key) != key:
                other_cells.append("point {}, arm {}, replicate {}".format(*place))
        for key, content in _well(store).items():
            if runs.setdefault(key, content) != content:
                other_runs.add(key)
    mistakes = []
    if other_cells:
        mistakes.append(f"{len(other_cells)} cells are filled by different runs: {_some(other_cells)}")
    if other_runs:
        mistakes.append(f"{len(other_runs)} runs have different results: {_some(sorted(other_runs))}")
    if mistakes:
        raise BadInput(mistakes, " + ".join(str(store.folder) for store in stores))


def _some(names: Sequence[str]) -> str:
    return "; ".join(names[:SHOWN]) + ("; …" if len(names) > SHOWN else "")


def _share(name: str, sources: Sequence[Path], target: Path) -> None:
    texts = {path.read_bytes() for folder in sources if (path := folder / name).is_file()}
    if len(texts) == 1 and not (target / name).exists():
        (target / name).write_bytes(texts.pop())
