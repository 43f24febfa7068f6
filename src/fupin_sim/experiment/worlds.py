"""The scenarios of a study: every arm resolved, every factor looked up in it, every cell made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.errors import BadInput
from fupin_sim.experiment.factors import Factor
from fupin_sim.experiment.own_tables import Wrong
from fupin_sim.experiment.study import Arm, Cell, Point
from fupin_sim.month import lived_by
from fupin_sim.parameter import Parameter
from fupin_sim.scenario import Layer, Scenario, load_layers, read_layers, tables_of
from fupin_sim.shipped import scenario_file
from fupin_sim.toml_text import listed, shown

MOST_TOLD = 5
Sets = Sequence[str] | Mapping[str, Any]


@dataclass(frozen=True)
class Ground:
    """What all arms stand on. scenario: a file, a shipped name, a loaded Scenario, or None for the defaults."""

    scenario: Any
    folder: Path
    measures: tuple[str, ...]
    sets: Sets


def resolved_arms(arms: Sequence[Arm], ground: Ground, wrong: Wrong) -> dict[str, Scenario]:
    """The scenario of each arm that has no mistakes."""
    found = {}
    for arm in arms:
        try:
            found[arm.name] = _resolved(arm, ground)
        except BadInput as error:
            for mistake in error.mistakes:
                set_here = mistake.startswith("--set ") and len(arms) > 1
                wrong(f'{mistake}  (in arm "{arm.name}")' if set_here else mistake)
    return found


def _resolved(arm: Arm, ground: Ground) -> Scenario:
    tables = dict(arm.tables)
    said = f"[arms.{arm.name}] extends" if "extends" in tables else "[study] scenario"
    layers = list(base_layers(tables.pop("extends", ground.scenario), ground.folder, said))
    layers.append(Layer(tables, ground.folder, f"[arms.{arm.name}] "))
    if ground.measures:
        layers.append(Layer({"measures": {"use": list(ground.measures)}}, ground.folder, "[study] measures: "))
    scenario = load_layers(layers, BUILT_IN, sets=ground.sets)
    lived_by(scenario)
    return scenario


def base_layers(scenario: Any, folder: Path, said: str) -> tuple[Layer, ...]:
    """The layers of the scenario that something stands on; raises BadInput."""
    if scenario is None:
        return (Layer({}, folder),)
    if isinstance(scenario, Scenario):
        return (Layer(whole_tables(scenario), folder, f"{Path(scenario.where).name}: "),)
    try:
        if isinstance(scenario, str) and scenario.isidentifier() and not (folder / scenario).exists():
            scenario_file(scenario)  # its refusal of a misspelt name has the shipped ones
    except BadInput as error:
        raise BadInput(f"{said} = {shown(scenario)}: {error.mistakes[0]}") from None
    try:
        return read_layers({"extends": scenario}, folder)
    except BadInput as error:
        raise BadInput([re.sub(r"^extends\b", lambda _: said, mistake) for mistake in error.mistakes]) from None


def whole_tables(scenario: Scenario) -> dict[str, Any]:
    """Everything a scenario says, as tables of a file, but for its luck."""
    tables = tables_of(scenario.to_toml())
    del tables["scenario"]["seed"]
    return tables


# ---- factors ------------------------------------------------------------------------------------------------


def look_up(
    factors: Sequence[Factor], arms: Mapping[str, Scenario], sets: Sequence[str], wrong: Wrong
) -> dict[str, bool]:
    """Which factors are whole numbers; a path that an arm does not have is a mistake, and so is one that is set."""
    whole = {}
    for factor in factors:
        if factor.path in sets:
            wrong(f"--set {factor.path}: is varied by [sweep.vary]; take one of them out")
        parameter = _parameter(factor, arms, wrong)
        if parameter is not None:
            whole[factor.name] = parameter.kind == "int"
            if factor.since and not parameter.dated:
                wrong(f"[sweep.vary] {factor.name}: this parameter may not be dated")
    return whole


def _parameter(factor: Factor, arms: Mapping[str, Scenario], wrong: Wrong) -> Parameter | None:
    """The parameter behind a factor, the same in all its arms; None where it is none, as for `enabled`."""
    concerned = {name: arm for name, arm in arms.items() if factor.arms is None or name in factor.arms}
    lacking, found = {}, None
    for name, scenario in concerned.items():
        parameter = scenario.parameters().get(factor.path)
        if parameter is not None:
            found = found or parameter
        elif not factor.path.endswith(".enabled"):
            lacking[name] = _why_not(scenario, factor.path)
    if not lacking:
        return found
    if len(lacking) == len(concerned):
        nearer = [reason for reason in lacking.values() if "no such parameter" in reason]  # by arms that come closer
        wrong(f"[sweep.vary] {factor.path}: {[*nearer, *lacking.values()][0]}")
    else:
        have = shown([name for name in concerned if name not in lacking], 200)
        told = ", ".join(f'"{name}"' for name in lacking)
        wrong(
            f"[sweep.vary] {factor.path}: arm {told} has no such parameter; "
            f"vary it where it is, with {{ values = …, arms = {have} }}"
        )
    return None


def _why_not(scenario: Scenario, path: str) -> str:
    try:
        scenario.get(path)
    except BadInput as error:
        return error.mistakes[0].removeprefix(f"{path}: ")
    return "cannot be varied"


def accepted(
    points: Sequence[dict[str, Any]], factors: Sequence[Factor], arms: Mapping[str, Scenario], wrong: Wrong
) -> tuple[Point, ...]:
    """The points with values in their parameters' own types; a value outside what is allowed is a mistake."""
    columns: dict[str, list[Any]] = {}
    for factor in sorted(factors, key=lambda factor: factor.name):
        concerned = [arm for name, arm in arms.items() if factor.arms is None or name in factor.arms]
        parameter = concerned[0].parameters().get(factor.path) if concerned else None
        values = [point[factor.name] for point in points]
        columns[factor.name] = values if parameter is None else _checked(factor, parameter, values, wrong)
    return tuple(Point(i, {name: values[i] for name, values in columns.items()}) for i in range(len(points)))


def _checked(factor: Factor, parameter: Parameter, values: Sequence[Any], wrong: Wrong) -> list[Any]:
    checked: list[Any] = []
    refused: dict[str, None] = {}
    for value in values:
        if isinstance(value, Mapping):  # dates and nominal yuan are looked at where prices are known
            checked.append(value)
            continue
        result, mistakes = parameter.check(value)
        checked.append(value if result is None or isinstance(result, tuple) else result)
        refused |= dict.fromkeys(mistakes)
    for mistake in list(refused)[:MOST_TOLD] if factor.levels is not None else list(refused)[:1]:
        more = (
            "" if factor.levels is not None else f"; {len(refused)} of {len(values)} points; narrow it by from and to"
        )
        wrong(f"[sweep.vary] {factor.name}{mistake}{more}")
    return checked


# ---- cells --------------------------------------------------------------------------------------------------


def cells_of(
    arms: Mapping[str, Scenario], points: Sequence[Point], factors: Sequence[Factor], wrong: Wrong
) -> tuple[Cell, ...]:
    """Every arm at every point; arms at one point that cannot be paired are a mistake."""
    cells: list[Cell] = []
    told: dict[str, None] = {}
    for point in points:
        here = []
        for name, scenario in arms.items():
            varied = [factor for factor in factors if factor.arms is None or name in factor.arms]
            try:
                here.append(Cell(name, point.number, _at(scenario, point, varied)))
            except BadInput as error:
                at = ", ".join(f"{factor} = {shown(value)}" for factor, value in point.factors.items())
                told |= {f'arm "{name}" at {at}: {mistake}': None for mistake in error.mistakes}
        told |= dict.fromkeys(_not_paired(here))
        cells += here
    for mistake in list(told)[:MOST_TOLD]:
        wrong(mistake)
    if len(told) > MOST_TOLD:
        wrong(f"and {len(told) - MOST_TOLD} more like these")
    return tuple(cells)


def _at(scenario: Scenario, point: Point, factors: Sequence[Factor]) -> Scenario:
    if not factors:
        return scenario
    plainly = {f.path: point.factors[f.name] for f in factors if not f.since}
    dated: dict[str, dict[str, Any]] = {}
    for factor in sorted((f for f in factors if f.since), key=lambda factor: factor.since):
        dated.setdefault(factor.path, {})[factor.since] = point.factors[factor.name]
    there = scenario.with_(plainly, dated)
    lived_by(there)
    return there


def _not_paired(cells: Sequence[Cell]) -> list[str]:
    """Why arms at one point cannot be compared household by household, month by month."""
    mistakes = []
    for other in cells[1:]:
        a, b = cells[0].scenario, other.scenario
        mine, theirs = _shared(a), _shared(b)
        apart = [path for path in mine if mine[path] != theirs.get(path)]
        if apart:
            told = ", ".join(
                f"{path} ({shown(mine[path])} and {shown(theirs.get(path))})" for path in apart[:MOST_TOLD]
            )
            mistakes.append(
                f'arms "{cells[0].arm}" and "{other.arm}": differ in {told}; '
                "what is compared must be lived by the same households in the same months"
            )
    return mistakes


def _shared(scenario: Scenario) -> dict[str, Any]:
    tree = scenario.canonical()
    when = {f"scenario.{key}": tree["scenario"][key] for key in ("start", "years")}
    burn_in = {f"burn_in.{key}": value for key, value in tree["burn_in"].items()}
    return when | burn_in | {f"population.{key}": value for key, value in tree["population"].items()}


def same_arms(cells: Sequence[Cell], wrong: Wrong) -> None:
    """Refuse arms that say the same at every point."""
    content: dict[str, list[str]] = {}
    for cell in cells:
        content.setdefault(cell.arm, []).append(cell.scenario.luckless_key)
    seen: dict[tuple[str, ...], str] = {}
    for name, keys in content.items():
        twin = seen.setdefault(tuple(keys), name)
        if twin != name:
            wrong(f'arms "{twin}" and "{name}": say the same, so every difference would be 0; take one out')


def measured(arms: Mapping[str, Scenario], wrong: Wrong) -> dict[str, bool]:
    """The names of the measures that all arms record, and whether each is taken by group."""
    by_arm = {
        name: {entry.name: bool(getattr(entry.cls, "grouped", False)) for entry in scenario.measures}
        for name, scenario in arms.items()
    }
    first = next(iter(by_arm.values()), {})
    for name, there in by_arm.items():
        if there.keys() != first.keys():
            apart = listed(sorted(there.keys() ^ first.keys()))
            pair = f'arms "{next(iter(by_arm))}" and "{name}"'
            wrong(f"{pair}: record different measures ({apart}); name the study's under [study] measures")
    return first
