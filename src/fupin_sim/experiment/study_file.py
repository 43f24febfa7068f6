"""From a TOML file to a study: every mistake in one message, before anything is run."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from fupin_sim.errors import BadInput, nearest
from fupin_sim.experiment.designs import points_of
from fupin_sim.experiment.own_tables import (
    ARM_NAME,
    TABLES,
    Compared,
    Head,
    Mistakes,
    Wrong,
    arms_of,
    compared_of,
    head_of,
    is_study,
    names_of,
    replicates_of,
    unknown_tables,
)
from fupin_sim.experiment.study import Arm, Cell, Point, Replicates, Study
from fupin_sim.experiment.study_text import written
from fupin_sim.experiment.sweep_table import Sweep, sweep_of
from fupin_sim.experiment.worlds import (
    Ground,
    accepted,
    cells_of,
    look_up,
    measured,
    resolved_arms,
    same_arms,
)
from fupin_sim.model import spec_of
from fupin_sim.scenario import Scenario, plain, settings_of, tables_of, text_of
from fupin_sim.toml_text import listed

Sets = Sequence[str] | Mapping[str, Any]
GIVEN = "the study given"
MOST_IN_VAIN = 100  # points that are looked at although the study is refused anyway
COMPARE = "fupin-sim compare"


def read_study(file: str | Path, *, sets: Sets = (), max_runs: int | None = None) -> Study:
    """The study of a file, every scenario of it resolved; raises BadInput with all mistakes.

    sets: "path=value" texts or {path: value}, on top of every arm; "replicates.most=40" and other keys of the study's
    own tables also change the study. max_runs: refuse a study that may need more runs.
    """
    path = Path(file)
    try:
        text = text_of(path, "study")
        tables = tables_of(text)
        if not tables:
            raise ValueError("holds nothing; a study has at least two [arms.NAME], or a [sweep]")
        if not is_study(tables):
            raise ValueError(f"is not a study but a scenario: no {listed([f'[{t}]' for t in TABLES])} is in it")
    except ValueError as error:
        raise BadInput(str(error), str(file)) from None
    return _Reading(tables, path.absolute().parent, sets, max_runs, str(file), text).study()


def holds_study(file: str | Path) -> bool:
    """Whether a file is a study's, not a scenario's; False for what cannot be read."""
    try:
        return is_study(tables_of(text_of(Path(file))))
    except ValueError:
        return False


def study_of(
    tables: Mapping[str, Any],
    *,
    folder: str | Path | None = None,
    sets: Sets = (),
    max_runs: int | None = None,
    where: str = GIVEN,
) -> Study:
    """The study of ready tables; `folder` is where they look for what they name. Raises BadInput.

    The study's scenario, and what an arm extends, may also be loaded scenarios.
    """
    return _Reading(_plain(tables, where), Path(folder or ".").absolute(), sets, max_runs, where, "").study()


def compare_study(
    scenarios: Sequence[str | Path | Scenario] | Mapping[str, str | Path | Scenario],
    *,
    title: str = "",
    seed: int | None = None,
    measures: Sequence[str] = (),
    replicates: Mapping[str, Any] | None = None,
    contrasts: Sequence[tuple[str, str]] = (),
    households: bool = False,
    sets: Sets = (),
    max_runs: int | None = None,
) -> Study:
    """Scenarios as arms, the first the baseline: files, shipped names or loaded scenarios, or a mapping by arm's name.

    replicates: as the table of a study file. Raises BadInput.
    """
    if isinstance(scenarios, str | Path | Scenario) or len(scenarios) < 2:
        raise BadInput("needs at least two scenarios; the first is the baseline", COMPARE)
    wrong = Mistakes()
    named = dict(scenarios) if isinstance(scenarios, Mapping) else _named(scenarios, wrong)
    arms = {}
    for name, scenario in named.items():
        try:
            arms[name] = {"extends": _found(scenario)}
        except BadInput as error:
            for mistake in error.mistakes:
                wrong(f"{error.where}: {mistake}" if error.where else mistake)
    if wrong:
        raise BadInput([*wrong.found], COMPARE)
    head = {"title": title, "seed": seed, "measures": list(measures) or None}
    tables = {
        "study": {key: value for key, value in head.items() if value not in (None, "")},
        "arms": arms,
        "replicates": dict(replicates or {}),
        "compare": {"baseline": next(iter(arms)), "contrasts": [list(c) for c in contrasts], "households": households},
    }
    return study_of(tables, sets=sets, max_runs=max_runs, where=COMPARE)


def _named(scenarios: Sequence[str | Path | Scenario], wrong: Wrong) -> dict[str, str | Path | Scenario]:
    """Scenarios by the name of their file; where two have one name, with the name of their folder."""
    files = [Path(s.where or "scenario" if isinstance(s, Scenario) else s) for s in scenarios]
    stems = [re.sub(r"[^\w-]", "_", file.stem).lstrip("_-") or "arm" for file in files]
    named: dict[str, str | Path | Scenario] = {}
    for stem, file, scenario in zip(stems, files, scenarios, strict=True):
        name = f"{file.absolute().parent.name}_{stem}" if stems.count(stem) > 1 and file.suffix else stem
        name = re.sub(r"[^\w-]", "_", name).lstrip("_-")
        if name in named or not ARM_NAME.fullmatch(name):
            wrong(f"{file}: two scenarios would be called {name}; give each a name of its own")
        named[name] = scenario
    return named


def _found(scenario: str | Path | Scenario) -> str | Scenario:
    """The whole name of a scenario's file, after a look that it can be loaded; or the loaded scenario."""
    from fupin_sim.shipped import scenario_file

    if isinstance(scenario, Scenario):
        return scenario
    spec_of(scenario)
    path = scenario_file(scenario)
    return str(scenario) if not Path(scenario).exists() and path != Path(scenario) else str(path.absolute())


def _plain(tables: Any, where: str) -> dict[str, Any]:
    if not isinstance(tables, Mapping):
        raise BadInput(f"must be tables, not {type(tables).__name__}", where)
    try:
        found: dict[str, Any] = plain(tables)
    except (TypeError, RecursionError) as error:
        raise BadInput(str(error) if isinstance(error, TypeError) else "nested too deeply", where) from None
    if not found:
        raise BadInput("holds nothing; a study has at least two [arms.NAME], or a [sweep]", where)
    return found


class _Reading:
    """One study on its way from tables to runs; whatever is wrong is collected."""

    def __init__(
        self, tables: dict[str, Any], folder: Path, sets: Sets, max_runs: int | None, where: str, text: str
    ) -> None:
        self.wrong = Mistakes()
        self.folder, self.max_runs, self.where, self.text = folder, max_runs, where, text
        self.tables, self.sets = _set_on(tables, sets, self.wrong)

    def study(self) -> Study:
        """The study; raises BadInput with all mistakes."""
        tables, wrong = self.tables, self.wrong
        unknown_tables(tables, wrong)
        head = head_of(tables, wrong)
        arms = self._arms(head)
        named = [arm.name for arm in arms] or [str(name) for name in _table(tables.get("arms"))]
        replicates, compared = replicates_of(tables, wrong), compared_of(tables, named, wrong)
        sweep = sweep_of(tables, named, wrong)
        self._enough(arms, sweep, replicates, compared)
        self._few_enough(sweep, len(arms), replicates)
        resolved = resolved_arms(arms, Ground(head.scenario, self.folder, head.measures, self.sets), wrong)
        measures = self._measures(head, resolved, replicates)
        seed = self._seed(head, resolved)
        points, cells = self._worlds(sweep, resolved, seed)
        if not wrong:
            same_arms(cells, wrong)
        if wrong:
            raise BadInput([_one_line(mistake) for mistake in wrong.found], self.where)
        kind: Literal["compare", "sweep"] = "sweep" if sweep.factors else "compare"
        limits = {factor.name: factor.arms for factor in sweep.factors if factor.arms is not None}
        study = Study(
            head.title, kind, seed, measures, arms, points, replicates, compared.baseline, compared.contrasts,
            compared.households, self.text, cells, resolved, limits, self.where,
        )  # fmt: skip
        return study if self.text else study.with_text(written(study))

    def _arms(self, head: Head) -> tuple[Arm, ...]:
        """The arms; the scenario alone where there are none."""
        if "arms" in self.tables:
            return arms_of(self.tables, self.wrong)
        scenario = head.scenario
        said = scenario.where if isinstance(scenario, Scenario) else scenario
        stem = re.sub(r"[^\w-]", "_", Path(said).stem) if isinstance(said, str) and said else "model"
        return (Arm(stem if ARM_NAME.fullmatch(stem) else "model", {}),)

    def _enough(self, arms: Sequence[Arm], sweep: Sweep, replicates: Replicates, compared: Compared) -> None:
        if len(arms) < 2 and "sweep" not in self.tables and not self.wrong:
            there = f'only the arm "{arms[0].name}"' if "arms" in self.tables and arms else "no [arms.NAME]"
            self.wrong(f"{there}, and no [sweep]: there is nothing to compare; a study has two arms, or a sweep")
        elif replicates.until and len(arms) == 1 and not self.wrong:
            self.wrong("[replicates] until: is about differences between arms, and there is one arm; leave it out")

    def _few_enough(self, sweep: Sweep, arms: int, replicates: Replicates) -> None:
        runs = sweep.size * arms * replicates.most
        if self.max_runs is not None and runs > self.max_runs:
            self.wrong(
                f"up to {runs:,} runs ({sweep.size:,} points, {arms} arms, {replicates.most:,} replicates), "
                f"and at most {self.max_runs:,} are wanted (--max-runs)"
            )

    def _seed(self, head: Head, arms: Mapping[str, Scenario]) -> int:
        seeds = {name: scenario.seed for name, scenario in arms.items()}
        if head.seed is None and len({*seeds.values()}) > 1:
            told = ", ".join(f"{seed} in {name}" for name, seed in seeds.items())
            self.wrong(f"[study] seed: say which luck all arms share; the scenarios have {told}")
        return head.seed if head.seed is not None else next(iter(seeds.values()), 0)

    def _measures(self, head: Head, arms: Mapping[str, Scenario], replicates: Replicates) -> tuple[str, ...]:
        """The names of what is measured; what the stopping rule asks for must be among them."""
        grouped = measured(arms, self.wrong)
        names = names_of(head.measures) or tuple(grouped)
        for measure in replicates.until if arms else ():
            name, _, group = measure.partition(" ")
            if name not in names:
                hint = nearest(name, names)
                there = f"Measures: {listed(names, 20)}"
                self.wrong(f"[replicates] until.{measure}: is not among the measures.{hint}  {there}")
            elif grouped.get(name, False) != bool(group):
                told = "is taken by group; name one of them" if grouped.get(name) else "has no groups"
                self.wrong(f"[replicates] until.{measure}: {told}")
        return names

    def _worlds(
        self, sweep: Sweep, arms: Mapping[str, Scenario], seed: int
    ) -> tuple[tuple[Point, ...], tuple[Cell, ...]]:
        """Points and cells, as far as there are no mistakes."""
        whole = look_up(sweep.factors, arms, _paths(self.sets), self.wrong)
        if not sweep.size or not arms or (self.wrong and sweep.size > MOST_IN_VAIN):
            return (), ()
        known = [factor for factor in sweep.factors if factor.name in whole or factor.path.endswith(".enabled")]
        points = points_of(sweep.design, known, sweep.points, seed, whole) if known else [{}]
        before = len(self.wrong)
        found = accepted(points, known, arms, self.wrong)
        if len(self.wrong) > before:
            return (), ()
        return found, cells_of(arms, found, known, self.wrong)


def _set_on(tables: dict[str, Any], sets: Sets, wrong: Wrong) -> tuple[dict[str, Any], Sets]:
    """The tables with what is set on the study's own, and what is set on its scenarios."""
    settings, mistakes = settings_of(sets)
    for mistake in mistakes:
        wrong(mistake)
    own = [setting for setting in settings if setting.path.split(".")[0] in TABLES]
    if own:
        tables = {key: copy.copy(value) if isinstance(value, dict) else value for key, value in tables.items()}
    for setting in own:
        head, _, rest = setting.path.partition(".")
        keys = [head, "vary", rest.removeprefix("vary.")] if rest.startswith("vary.") else [head, *rest.split(".", 1)]
        if head == "arms" or not rest:
            wrong(f"--set {setting.path}: change the arms in the file; what all of them share is set by its own path")
            continue
        table = tables
        for key in keys[:-1]:
            table[key] = dict(_table(table.get(key)))
            table = table[key]
        table[keys[-1]] = setting.value
    theirs = {s.path for s in settings} - {s.path for s in own}
    if isinstance(sets, Mapping):
        return tables, {path: value for path, value in sets.items() if path in theirs}
    texts = [sets] if isinstance(sets, str) else sets
    return tables, [text for text in texts if str(text).partition("=")[0].strip() in theirs]


def _paths(sets: Sets) -> list[str]:
    return [str(each).partition("=")[0].strip() for each in ([sets] if isinstance(sets, str) else sets)]


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _one_line(mistake: str, most: int = 500) -> str:
    text = "".join(c if c.isprintable() else "?" for c in mistake)
    return text if len(text) <= most else text[: most - 1] + "…"
