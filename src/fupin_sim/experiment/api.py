"""Experiments from Python: scenarios compared, parameters swept, results as tidy pandas frames."""

from __future__ import annotations

import shutil
import tempfile
import warnings
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from fupin_sim.errors import BadInput, nearest
from fupin_sim.executors import workers_for
from fupin_sim.experiment.analysis import analysed
from fupin_sim.experiment.board import MEASURES
from fupin_sim.experiment.driver import Driver, Settings
from fupin_sim.experiment.lifted import lifted
from fupin_sim.experiment.study import Study
from fupin_sim.experiment.study_file import compare_study, read_study, study_of
from fupin_sim.scenario import Scenario
from fupin_sim.store import Store

Given = str | Path | Scenario
Sets = Sequence[str] | Mapping[str, Any]
Workers = int | Literal["auto"]


@dataclass(frozen=True)
class Experiment:
    """What came of a study. All frames begin with point, the factors that were varied, and arm.

    study: what was run. replicates: how many the frames are of. why: it ended there: "reached" the precision wanted,
    "most" replicates, or runs "failed". folder: where its runs are kept; a temporary one unless `out` was given.
    levels: measure, unit, mean, low, high, n. effects: against, measure, unit, mean, low, high, half, n, skew, p,
    p_holm, times_fewer: paired differences, arm − against, to the baseline and of further contrasts. best: measure,
    better, probability. costs: against, account, yuan per averted poor person-year, low, high, verdict.
    households: against, what, mean, low, high: how many were saved and harmed, if they were followed.
    households_by_group: the same by decile, cause, county and village.
    runs: replicate, seed, run, and a column a measure. failures: key, seed, status, error, trace of runs that failed;
    their cells are left out of all other frames.
    """

    study: Study
    replicates: int
    why: str
    folder: Path
    levels: pd.DataFrame
    effects: pd.DataFrame
    best: pd.DataFrame
    costs: pd.DataFrame
    households: pd.DataFrame
    households_by_group: pd.DataFrame
    runs: pd.DataFrame
    failures: pd.DataFrame
    _temporary: Temporary | None = field(default=None, repr=False)

    def series(self, measures: Sequence[str] | None = None) -> pd.DataFrame:
        """The series of all runs: point, the factors, arm, replicate, month, measure, group, value."""
        known = self.runs[[*self.runs.columns[: list(self.runs.columns).index("run") + 1]]].rename(
            columns={"run": "key"}
        )
        with Store(self.folder, write=False) as store:
            found = store.series(set(known["key"]), measures)
        return (
            known.drop(columns="seed").merge(found, on="key", how="inner", validate="many_to_many").drop(columns="key")
        )


@dataclass(frozen=True)
class Comparison(Experiment):
    """What came of `compare`."""

    def effect(self, measure: str, arm: str, against: str | None = None) -> pd.Series[Any]:
        """One paired difference, by default to the baseline. Raises BadInput for one that there is not."""
        against = self.study.baseline if against is None else against
        rows = self.effects.query("measure == @measure and arm == @arm and against == @against")
        if len(rows) != 1:
            raise BadInput(f"no effect on {measure} of {arm} against {against}", "Comparison.effect")
        return rows.iloc[0]


@dataclass(frozen=True)
class Sweep(Experiment):
    """What came of `sweep`."""

    @property
    def points(self) -> pd.DataFrame:
        """point, and a column a factor."""
        rows = [{"point": point.number, **point.factors} for point in self.study.points]
        return pd.DataFrame(rows, columns=["point", *self.study.factors])

    def response(self, measure: str, arm: str | None = None) -> pd.DataFrame:
        """point, the factors, mean, low, high, n of one measure in one arm; default: the first. Raises BadInput."""
        arm = self.study.arms[0].name if arm is None else arm
        known = list(dict.fromkeys(self.levels["measure"]))
        if measure not in known:
            raise BadInput(f'no measure "{measure}".{nearest(measure, known)}  Measures: {", ".join(known)}', "Sweep")
        rows = self.levels[(self.levels["measure"] == measure) & (self.levels["arm"] == arm)]
        return rows.drop(columns=["arm", "measure", "unit"]).reset_index(drop=True)


def compare(
    scenarios: Sequence[Given] | Mapping[str, Given],
    *,
    replicates: int = 20,
    measures: Sequence[str] = MEASURES,
    until: Mapping[str, float] | None = None,
    contrasts: Sequence[tuple[str, str]] = (),
    households: bool = False,
    sets: Sets = (),
    seed: int | None = None,
    workers: Workers = 1,
    on: str = "local",
    timeout: float | None = None,
    out: str | Path | None = None,
) -> Comparison:
    """Scenarios on shared luck, the first the baseline.

    scenarios: files, shipped names or loaded scenarios; or a mapping by name. replicates: pairs; with `until`, by
    measure the half-width of the paired 95 % interval that is wanted, at most so many, looked at after 20 and then
    every 10. contrasts: further pairs of arms, (a, b) for a − b. households: follow each of them in all arms. sets: on
    top of every scenario. seed: of the study; that of the scenarios if None. workers: processes, 1 for none but this;
    a script that asks for more needs `if __name__ == "__main__":`. on: as --on of the command. timeout: seconds a run
    may take. out: folder in which all runs are kept; the same call there runs only what is missing.
    Raises BadInput; a run that fails is in `failures`, with a warning.

    >>> found = compare(["baseline", "no_support"], replicates=2, measures=["headcount"],
    ...                 sets={"population.villages": 4, "population.households": 30, "scenario.years": 1})
    >>> found.effects[["arm", "against", "measure", "n"]].values.tolist()
    [['no_support', 'baseline', 'headcount', 2]]
    >>> bool(found.effect("headcount", "no_support")["mean"] > 0)
    True
    """
    rule: dict[str, Any] = {"first": min(20, replicates), "most": replicates, "until": dict(until)} if until else {}
    study = compare_study(
        scenarios, seed=seed, measures=measures, replicates=rule or {"first": replicates, "most": replicates},
        contrasts=contrasts, households=households, sets=sets,
    )  # fmt: skip
    return Comparison(**_run(study, workers, on, timeout, out))


def sweep(
    scenario: Given = "baseline",
    *,
    vary: Mapping[str, Any],
    design: str = "grid",
    points: int | None = None,
    arms: Mapping[str, Mapping[str, Any]] | None = None,
    replicates: int = 5,
    measures: Sequence[str] = MEASURES,
    sets: Sets = (),
    seed: int | None = None,
    workers: Workers = 1,
    on: str = "local",
    timeout: float | None = None,
    out: str | Path | None = None,
) -> Sweep:
    """A scenario over values of its parameters, every point on the same luck.

    vary: by path what it is given, as in a study file: a list, {"from": a, "to": b, "steps": n}, or a distribution.
    design: grid, list, lhs or sobol; points: of the last two. arms: by name, tables laid over the scenario, the first
    the baseline. The rest as for `compare`.

    >>> found = sweep("baseline", vary={"policy.dibao.level": [0.4, 0.8]}, replicates=2, measures=["headcount"],
    ...               sets={"population.villages": 4, "population.households": 30, "scenario.years": 1})
    >>> found.response("headcount")["policy.dibao.level"].tolist()
    [0.4, 0.8]
    """
    head = {"scenario": scenario, "measures": list(measures), **({} if seed is None else {"seed": seed})}
    tables: dict[str, Any] = {
        "study": head,
        "sweep": {"design": design, "vary": dict(vary), **({} if points is None else {"points": points})},
        "replicates": {"first": replicates, "most": replicates},
    }
    if arms:
        tables |= {"arms": {name: dict(arm) for name, arm in arms.items()}}
        tables |= {"compare": {"baseline": next(iter(arms))}} if len(arms) > 1 else {}
    return Sweep(**_run(study_of(tables, sets=sets, where="fupin_sim.sweep"), workers, on, timeout, out))


def run_study(
    file: str | Path,
    *,
    sets: Sets = (),
    workers: Workers = 1,
    on: str = "local",
    timeout: float | None = None,
    out: str | Path | None = None,
) -> Experiment:
    """A study file, as `fupin-sim study FILE` runs it; the rest as for `compare`."""
    return Experiment(**_run(read_study(file, sets=sets), workers, on, timeout, out))


class Temporary:
    """A folder that goes with the last who holds this, or with the process."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fupin-sim-"))
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)


def _run(study: Study, workers: Workers, on: str, timeout: float | None, out: str | Path | None) -> dict[str, Any]:
    """Run what is missing and analyse it; the fields of an Experiment."""
    temporary = None if out is not None else Temporary()
    folder = temporary.folder if temporary else Path(str(out))
    number = workers_for() if workers == "auto" else workers
    where = "serial" if on == "local" and number == 1 else on
    with Store(folder, write=True) as store:
        driver = Driver(study, store, Settings(where, number, timeout))
        driver.take_up()
        outcome = driver.drive()
        found = analysed(driver.board, outcome.n)
        failures = store.failures()
        failures = failures[failures["key"].isin(list(driver.board.spots))].reset_index(drop=True)
        households, by_group = lifted(driver.board, store, found.n)
    if len(failures):
        cells = ", ".join(dict.fromkeys(found.refused["arm"].astype(str)))
        runs = f"{len(failures)} run{'' if len(failures) == 1 else 's'}"
        told = f"{runs} failed, so nothing is said of {cells}; the first: {failures['error'][0]}"
        warnings.warn(told, stacklevel=3)
    return {
        "study": study, "replicates": found.n, "why": outcome.why, "folder": folder, "levels": found.levels,
        "effects": found.effects, "best": found.best, "costs": found.costs, "households": households,
        "households_by_group": by_group,
        "runs": found.runs, "failures": failures, "_temporary": temporary,
    }  # fmt: skip
