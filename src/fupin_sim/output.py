"""The output folder of a run: its replicates as they finish, then the tables made of them."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim import provenance
from fupin_sim.codebook import Columns, codebook, markdown, undescribed
from fupin_sim.errors import BadInput
from fupin_sim.files import parquet_columns, read_parquet, write_csv, write_json, write_parquet, write_text
from fupin_sim.intervals import series_intervals, summarise
from fupin_sim.replicates import Replicate, meanings_of, same_scenario, units_of

if TYPE_CHECKING:
    import pandas as pd

MARKER = "provenance.json"
SERIES = {"run": "run", "month": "month", "measure": "measure", "group": '"group"', "value": "value"}


@dataclass(frozen=True)
class Stored:
    """A replicate read back from disk: what `simulate` returned, without the model."""

    scenario: Any
    seed: int
    series: pd.DataFrame
    headlines: dict[str, float]
    survival: pd.DataFrame
    households: pd.DataFrame | None
    digest: str
    seconds: float


class RunFolder:
    """One output folder: one scenario, its planned seeds, and the replicates that have finished.

    Runs are numbered 1, 2, … in the order of the seeds, whatever the order they finish in. A replicate counts as
    finished once `replicates/0001.json` is there; it is written last. Make one with `prepare`.
    """

    def __init__(
        self, path: Path, scenario: Any, seeds: Sequence[int], households: str | None, command: Sequence[str] | None
    ) -> None:
        self.path = path
        self.scenario = scenario
        self.seeds = list(seeds)
        self.households = households
        self.command = provenance.command_told(command)
        self.identity = {"scenario_key": scenario.key, **_chosen(provenance.program(), "version", "source")}

    @classmethod
    def prepare(
        cls,
        path: str | Path,
        scenario: Any,
        seeds: Sequence[int],
        *,
        households: str | None = None,
        force: bool = False,
        command: Sequence[str] | None = None,
    ) -> RunFolder:
        """Make the folder, or take up one left by the same command; touches nothing if it refuses.

        households: how often households are recorded ("yearly", "monthly"), None for never. command: default sys.argv.
        Raises BadInput for a folder that cannot be written, is not ours, or holds another scenario's results or
        another program version's. `force` allows the last two: our own old files go, others' files stay.
        """
        if not seeds or len(set(seeds)) < len(seeds):
            raise ValueError("seeds must be given, each once")
        folder = cls(Path(path), scenario, seeds, households, command)
        old = folder.refuse_unless_ours(force)
        try:
            folder.path.mkdir(parents=True, exist_ok=True)
            outputs = (old or {}).get("outputs") or {}
            if old and _chosen(old, *folder.identity) != folder.identity:
                folder._clear(outputs)
                outputs = {}
            (folder.path / "replicates").mkdir(exist_ok=True)
            folder._write_provenance(outputs)
            write_text(folder.path / "resolved.toml", scenario.to_toml())
        except OSError as error:
            raise BadInput(f"--out {path}: cannot be written ({error.strerror or error})") from error
        return folder

    def missing(self) -> list[tuple[int, int]]:
        """Run number and seed of what is not finished yet."""
        return [(run, seed) for run, seed in enumerate(self.seeds, 1) if self._note(run) is None]

    def add(self, result: Replicate) -> None:
        """Keep a finished replicate. Raises ValueError if it is not one of the folder's scenario and seeds."""
        if result.scenario.key != self.scenario.key or result.seed not in self.seeds:
            raise ValueError(f"seed {result.seed} of scenario {result.scenario.key} is not planned in this folder")
        run = self.seeds.index(result.seed) + 1
        write_parquet(self._shard(run), _numbered(result.series, run)[list(SERIES)])
        if result.households is not None:
            self._panel(run).parent.mkdir(exist_ok=True)
            write_parquet(self._panel(run), _numbered(result.households, run))
        note = {
            **self.identity,
            "run": run,
            "seed": result.seed,
            "households": None if result.households is None else self.households,
            "digest": result.digest,
            "seconds": round(result.seconds, 3),
            "headlines": {name: _or_none(value) for name, value in result.headlines.items()},
            "survival": result.survival.astype(object).where(result.survival.notna(), None).to_dict("list"),
        }
        write_json(self._shard(run).with_suffix(".json"), note)

    def finished(self, *, households: bool = False) -> list[Stored]:
        """The finished replicates in the order of their run numbers; their household panels only if asked for."""
        return [
            self._stored(run, note, households)
            for run in range(1, len(self.seeds) + 1)
            if (note := self._note(run)) is not None
        ]

    def finish(
        self,
        results: Iterable[Replicate] = (),
        *,
        units: Mapping[str, str] | None = None,
        meanings: Mapping[str, str] | None = None,
        columns: Columns | None = None,
        also: Iterable[Path] = (),
    ) -> list[Path]:
        """Write the tables over all finished replicates, and the provenance; the paths written.

        results: replicates not added yet. units, meanings: of the measures, by name; default: what they declare.
        columns: unit, description and codes of the columns of the household panel, default: as `Household` declares
        them; ValueError if one has none. also: files made from these replicates (figures) to be listed in the
        provenance. With nothing finished only the provenance is written.
        """
        units = {**units_of(self.scenario), **(units or {})}
        meanings = {**meanings_of(self.scenario), **(meanings or {})}
        waiting = {seed for _, seed in self.missing()}
        for result in results:
            if result.seed in waiting:
                self.add(result)
        kept = self.finished()
        written = list(also)
        if kept:
            tables = self._tables(kept, units)
            book = self._codebook(tables, units, meanings, columns)
            written.append(write_parquet(self.path / "series.parquet", tables["series.csv"]))
            written += [write_csv(self.path / name, table) for name, table in tables.items()]
            written.append(write_csv(self.path / "codebook.csv", book))
            written.append(write_text(self.path / "codebook.md", markdown(book)))
            written += self._panels()
        self._write_provenance(provenance.file_digests(written, self.path))
        return [*written, self.path / "resolved.toml", self.path / MARKER]

    def _tables(self, kept: Sequence[Stored], units: Mapping[str, str]) -> dict[str, pd.DataFrame]:
        import pandas as pd

        same_scenario(kept)
        runs = [self.seeds.index(result.seed) + 1 for result in kept]
        headlines = [
            (run, result.seed, measure, value)
            for run, result in zip(runs, kept, strict=True)
            for measure, value in result.headlines.items()
        ]
        return {
            "series.csv": read_series(self.path),
            "series_intervals.csv": series_intervals(kept),
            "summary.csv": summarise(kept, units),
            "headlines.csv": pd.DataFrame(headlines, columns=["run", "seed", "measure", "value"]),
            "survival.csv": pd.concat([_numbered(r.survival, run) for run, r in zip(runs, kept, strict=True)]),
        }

    def _codebook(
        self,
        tables: Mapping[str, pd.DataFrame],
        units: Mapping[str, str],
        meanings: Mapping[str, str],
        columns: Columns | None,
    ) -> pd.DataFrame:
        files = {name: {str(column): _OURS[str(column)] for column in table} for name, table in tables.items()}
        files["series.parquet"] = files["series.csv"]
        if panels := self._panels():
            told = {"run": _OURS["run"], "month": _OURS["month"], **(_household() if columns is None else columns)}
            names = parquet_columns(panels[0])
            if lacking := undescribed(names, told):
                raise ValueError(f"household columns without a description: {', '.join(lacking)}")
            files["households/*.parquet"] = {name: told[name] for name in names}
        measures = tables["series.csv"]["measure"].unique()
        files["measures"] = {name: (units.get(name, ""), meanings.get(name, ""), None) for name in measures}
        return codebook(files)

    def refuse_unless_ours(self, force: bool) -> dict[str, Any] | None:
        """The folder's old provenance, or None if it is new, empty or not ours but forced."""
        path = self.path
        try:
            if path.exists() and not path.is_dir():
                raise BadInput(f"--out {path}: is a file; a folder is needed")
            if not path.exists() or not any(path.iterdir()):
                return None
        except OSError as error:
            raise BadInput(f"--out {path}: cannot be read ({error.strerror or error})") from error
        old = _json(path / MARKER)
        if old is None or old.get("package") != provenance.PACKAGE:
            if force:
                return None
            raise BadInput(
                f"--out {path}: is not empty and was not made by {provenance.PACKAGE}; give another folder, or --force"
            )
        reasons = {
            "scenario_key": "holds the results of another scenario",
            "version": f"was made by version {old.get('version')}",
            "source": "was made by another state of the program",
        }
        for name, reason in reasons.items():
            if old.get(name) != self.identity[name] and not force:
                raise BadInput(f"--out {path}: {reason}; give another folder, or --force to replace them")
        return old

    def _clear(self, outputs: Iterable[str]) -> None:
        """Remove what an older command of ours wrote here, by name; anything else stays."""
        for name in outputs:
            target = self.path / name
            if target.resolve().is_relative_to(self.path.resolve()):  # the list is only a file: it may say anything
                target.unlink(missing_ok=True)
        for inside in ("replicates", "households"):
            for file in sorted((self.path / inside).glob("*")):
                if re.fullmatch(r"\d{4,}\.(parquet|json)", file.name):
                    file.unlink()

    def _write_provenance(self, outputs: Mapping[str, str]) -> None:
        notes = {f"{run:04d}": note for run in range(1, len(self.seeds) + 1) if (note := self._note(run))}
        planned, done = len(self.seeds), len(notes)
        told = {
            **provenance.program(),
            "scenario": self.scenario.title,
            "scenario_key": self.scenario.key,
            "files": provenance.files_told(self.scenario.files),
            "command": self.command,
            "status": "finished" if done == planned else f"{done} of {planned} replicates finished",
            "seeds": {f"{run:04d}": seed for run, seed in enumerate(self.seeds, 1)},
            "digests": {run: note["digest"] for run, note in notes.items()},
            "seconds": {run: note["seconds"] for run, note in notes.items()},
            "outputs": dict(outputs),
        }
        write_json(self.path / MARKER, told)

    def _shard(self, run: int) -> Path:
        return self.path / "replicates" / f"{run:04d}.parquet"

    def _panel(self, run: int) -> Path:
        return self.path / "households" / f"{run:04d}.parquet"

    def _note(self, run: int) -> dict[str, Any] | None:
        """What is written about a finished run; None if it is not finished, or is another command's."""
        note = _json(self._shard(run).with_suffix(".json"))
        wanted = {**self.identity, "seed": self.seeds[run - 1]}
        if self.households is not None:
            wanted["households"] = self.households
        if note is None or _chosen(note, *wanted) != wanted or not self._shard(run).exists():
            return None
        return note if self.households is None or self._panel(run).exists() else None

    def _panels(self) -> list[Path]:
        runs = range(1, len(self.seeds) + 1)
        return [panel for run in runs if self._note(run) is not None and (panel := self._panel(run)).exists()]

    def _stored(self, run: int, note: Mapping[str, Any], households: bool) -> Stored:
        import pandas as pd

        panel = self._panel(run)
        survival = pd.DataFrame(note["survival"], columns=["years_since_exit", "at_risk", "returned"])
        return Stored(
            scenario=self.scenario,
            seed=note["seed"],
            series=read_parquet([self._shard(run)]).drop(columns="run"),
            headlines={name: math.nan if value is None else value for name, value in note["headlines"].items()},
            survival=survival,
            households=read_parquet([panel]).drop(columns="run") if households and self.households else None,
            digest=note["digest"],
            seconds=note["seconds"],
        )


def read_series(folder: str | Path) -> pd.DataFrame:
    """run, month, measure, group, value of the replicates in an output folder, finished or interrupted.

    Raises BadInput if the folder is not ours or nothing in it has finished.
    """
    path = Path(folder)
    marker = _json(path / MARKER)
    if marker is None or marker.get("package") != provenance.PACKAGE:
        raise BadInput(f"{folder}: is no output folder of {provenance.PACKAGE}")
    shards = []
    for run, seed in marker["seeds"].items():
        note = _json(path / "replicates" / f"{run}.json")
        if note and note["seed"] == seed and note["scenario_key"] == marker["scenario_key"]:
            shards.append(path / "replicates" / f"{run}.parquet")
    if not shards:
        raise BadInput(f"{folder}: no replicate has finished")
    return read_parquet(shards, SERIES)


_OURS: Columns = {
    "run": ("", "number of the replicate; its seed stands in headlines.csv and provenance.json", None),
    "seed": ("", "seed of the replicate", None),
    "measure": ("", "what was measured: see measures, below; a headline of one group is called measure group", None),
    "month": ("", "year and month; yearly values stand at their December", None),
    "group": ("", "part of the population or of the sum; empty: the whole", None),
    "value": ("unit of the measure", "value in that month; empty: missing (0/0)", None),
    "unit": ("", "unit of the measure", None),
    "mean": ("unit of the measure", "mean over the replicates that have a value", None),
    "low": ("unit of the measure", "lower end of the 95 % Student interval over replicates, if two or more", None),
    "high": ("unit of the measure", "upper end of that interval", None),
    "n": ("replicates", "that have a value", None),
    "missing": ("replicates", "that have none", None),
    "missing_months": ("values", "of all months and replicates that are missing (0/0) and left out of the means", None),
    "years_since_exit": ("years", "from the December of the exit to the December looked at", None),
    "at_risk": ("households", "exited that long ago and not returned before", None),
    "returned": ("households", "of these, poor again in that December", None),
}


def _household() -> Columns:
    from fupin_sim.panel import described  # imports Mesa, which takes a second

    return described()


def _numbered(frame: pd.DataFrame, run: int) -> pd.DataFrame:
    numbered = frame.drop(columns="run", errors="ignore")
    numbered.insert(0, "run", run)
    return numbered


def _chosen(mapping: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: mapping.get(name) for name in names}


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def _json(path: Path) -> dict[str, Any] | None:
    """A JSON object, or None if the file is not there or is something else."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
