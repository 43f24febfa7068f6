"""A study's tables for other programs: Parquet, CSV or Stata, with a codebook."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from fupin_sim.codebook import Columns, codebook, markdown
from fupin_sim.errors import BadInput
from fupin_sim.files import write_csv, write_parquet, write_text
from fupin_sim.store.entry import canonical
from fupin_sim.store.faults import told
from fupin_sim.store.plan import in_order
from fupin_sim.store.stata import write_stata
from fupin_sim.store.store import Store

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["parquet", "csv", "stata"]
ENDINGS: Mapping[Kind, str] = {"parquet": ".parquet", "csv": ".csv", "stata": ".dta"}
CELL = ["point", "arm", "replicate"]

OURS: Columns = {
    "point": ("", "point of the sweep; 0 where nothing is varied", None),
    "arm": ("", "arm of the study", None),
    "replicate": ("", "number of the replicate; equal numbers share their luck in all arms and points", None),
    "key": ("", "key of the run; two cells with one key are one run", None),
    "seed": ("", "seed of the run", None),
    "status": ("", "ok; failed: it raised; crashed: its process died; timeout: it took too long", None),
    "digest": ("", "BLAKE2b-128 of the measures' bytes: equal for equal results", None),
    "seconds": ("seconds", "wall time of the run", None),
    "month": ("", "year and month; yearly values stand at their December", None),
    "measure": ("", "what was measured; see runs for units and meanings", None),
    "group": ("", "part of the population or of the sum; empty: the whole", None),
    "value": ("unit of the measure", "value in that month; missing: 0/0", None),
    "years_since_exit": ("years", "from the December of the exit to the December looked at", None),
    "at_risk": ("households", "exited that long ago and not returned before", None),
    "returned": ("households", "of these, poor again in that December", None),
}


def export(
    folder: str | Path, kind: Kind, out: str | Path, households: Columns | None = None,
    more: Mapping[str, tuple[pd.DataFrame, Columns]] | None = None,
) -> list[Path]:  # fmt: skip
    """Write the planned runs that ended as runs, series, survival and, if there are any, households; the paths.

    One row of runs is a cell: its factors, if it is a sweep's, then the mean of each measure. The other tables have the
    cell before each row. households: unit and meaning of the columns of the household tables. more: further tables by
    name, with what is not known here of their columns.
    Raises BadInput if no planned run has ended, StoreFailed if the files cannot be written.
    """
    with Store(folder, write=False) as store:
        described = store.described()
        tables = {"runs": _runs(store, described)}
        if tables["runs"].empty:
            raise BadInput("no planned run has ended yet", str(folder))
        tables |= {"series": _celled(store, store.series()), "survival": _celled(store, store.survival())}
        if (frame := _households(store)) is not None:
            tables["households"] = frame
    columns = {name: _told(frame, described, households or {}) for name, frame in tables.items()}
    for name, (frame, known) in (more or {}).items():
        tables[name], columns[name] = frame, _told(frame, described, known)
    target = Path(out)
    with told(target):
        target.mkdir(parents=True, exist_ok=True)
        write = _writer(kind, str(described.get("title") or ""))
        paths = [write(target / f"{name}{ENDINGS[kind]}", frame, columns[name]) for name, frame in tables.items()]
        book = codebook({path.name: columns[path.stem] for path in paths})
        return [
            *paths,
            write_csv(target / "codebook.csv", book),
            write_text(target / "codebook.md", markdown(book)),
        ]


def _writer(kind: Kind, title: str) -> Callable[[Path, pd.DataFrame, Columns], Path]:
    def stata(path: Path, frame: pd.DataFrame, columns: Columns) -> Path:
        labels = {name: f"{doc} ({unit})" if unit else doc for name, (unit, doc, _) in columns.items()}
        return write_stata(path, frame, labels, title)

    writers: Mapping[Kind, Callable[[Path, pd.DataFrame, Columns], Path]] = {
        "parquet": lambda path, frame, columns: write_parquet(path, frame),
        "csv": lambda path, frame, columns: write_csv(path, frame),
        "stata": stata,
    }
    return writers[kind]


def _runs(store: Store, described: Mapping[str, Any]) -> pd.DataFrame:
    frame = store.headlines()
    frame["seed"] = _seeds(frame["seed"])
    factors: Mapping[str, Mapping[str, Any]] = described.get("points") or {}
    names = list(dict.fromkeys(name for values in factors.values() for name in values))
    for place, name in enumerate(names, len(CELL)):
        values = [factors.get(str(point), {}).get(name) for point in frame["point"]]
        plain = all(isinstance(value, int | float) for value in values)
        told_ = values if plain else [value if isinstance(value, str) else canonical(value) for value in values]
        frame.insert(place, name if name not in frame else f"factor {name}", told_)
    return frame


def _seeds(seeds: pd.Series[Any]) -> Any:
    """Whole numbers as they are, or as texts where one is longer than tables allow."""
    return seeds.astype(str) if seeds.astype(object).map(int).max() >= 2**63 else seeds.astype("int64")


def _celled(store: Store, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of each run below each of its cells, in the order of points, arms and replicates."""
    import pandas as pd

    cells = pd.DataFrame(in_order(store.planned()), columns=["key", *CELL])
    joined = cells.merge(rows, on="key", how="inner")
    return joined[[*CELL, *(name for name in rows if name != "key")]]


def _households(store: Store) -> pd.DataFrame | None:
    import pandas as pd

    frames = [(key, frame) for key in sorted(store.finished()) if (frame := store.households(key)) is not None]
    if not frames:
        return None
    return _celled(store, pd.concat([frame.assign(key=key) for key, frame in frames], ignore_index=True))


def _told(frame: pd.DataFrame, described: Mapping[str, Any], households: Columns) -> Columns:
    measures = described.get("measures") or {}
    factors = {name for values in (described.get("points") or {}).values() for name in values}

    def column(name: str) -> tuple[str, str, Any]:
        if name in OURS:
            return OURS[name]
        if name in households:
            return households[name]
        if name.removeprefix("factor ") in factors:
            return "", "factor of the sweep", None
        unit, meaning = measures.get(name) or measures.get(name.split(" ")[0]) or ("", "")
        return unit, f"mean over months: {meaning}" if meaning else "mean over months" if name in frame else "", None

    return {str(name): column(str(name)) for name in frame}
