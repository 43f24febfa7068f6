"""The tables that only a study has: [study], [arms], [replicates], [compare]."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.errors import BadInput, nearest
from fupin_sim.experiment.numbers import is_number
from fupin_sim.experiment.study import Arm, Replicates
from fupin_sim.given import seed_of
from fupin_sim.plugins import default_name, is_file
from fupin_sim.scenario import ScenarioSection
from fupin_sim.toml_text import listed, shown

TABLES = ("study", "arms", "sweep", "replicates", "compare")
LATER = ("sensitivity", "calibrate", "search", "discover")
MOST_REPLICATES = 100_000
ARM_NAME = re.compile(r"[^\W_][\w-]*")
_HEAD = ("title", "description", "scenario", "seed", "measures")

Wrong = Callable[[str], None]


@dataclass
class Head:
    """[study]: seed is None where the scenario's own is meant; measures are empty where all of the scenario's are."""

    title: str = ""
    scenario: Any = None
    seed: int | None = None
    measures: tuple[str, ...] = ()


@dataclass
class Compared:
    """[compare]."""

    baseline: str | None = None
    contrasts: tuple[tuple[str, str], ...] = ()
    households: bool = False


def table_of(tables: Mapping[str, Any], name: str, options: Sequence[str] | None, wrong: Wrong) -> Mapping[str, Any]:
    """A table without the keys nobody knows; empty where there is none. options: None where every key is right."""
    table = tables.get(name, {})
    if not isinstance(table, Mapping):
        wrong(f"[{name}] = {shown(table)}: must be a table, written [{name}] on a line of its own")
        return {}
    if options is None:
        return table
    for key in table:
        if key not in options:
            wrong(f'[{name}]: no option called "{key}".{nearest(str(key), options)}  Options: {listed(options, 12)}')
    return {key: value for key, value in table.items() if key in options}


def unknown_tables(tables: Mapping[str, Any], wrong: Wrong) -> None:
    """Say what has no place at the top of a study file."""
    for name, value in tables.items():
        if name in LATER:
            wrong(f"[{name}]: comes later; a study has {', '.join(f'[{table}]' for table in TABLES)}")
        elif name not in TABLES:
            known = [*TABLES, *LATER]
            hint = nearest(str(name), known)
            homes = [home for home, keys in (("study", _HEAD), ("replicates", _REPLICATES)) if name in keys]
            if homes and not isinstance(value, Mapping):
                hint = f" Write it under [{homes[0]}]."
            elif not hint and name in _scenario_tables():
                hint = f" It is a table of scenarios: write [arms.NAME.{name}], or put it into the scenario."
            wrong(f"{shown(name)[1:-1]}: no such table in a study.{hint}  Tables: {listed(TABLES)}")


def _scenario_tables() -> set[str]:
    return {"scenario", "process", "policy", "shock", "measures", "reform", "extends", *BUILT_IN.sections}


def is_study(tables: Mapping[str, Any]) -> bool:
    """Whether the tables of a file are a study's, not a scenario's."""
    return any(name in tables for name in (*TABLES, *LATER))


def head_of(tables: Mapping[str, Any], wrong: Wrong) -> Head:
    """[study]."""
    table = table_of(tables, "study", _HEAD, wrong)
    head = Head(scenario=table.get("scenario"))
    for word in ("title", "description"):
        if not isinstance(table.get(word, ""), str):
            wrong(f"[study] {word} = {shown(table[word])}: must be text in quotes")
    head.title = str(table.get("title", ""))
    if "seed" in table:
        try:
            head.seed = seed_of(table["seed"])
        except BadInput as error:
            wrong(f"[study] {error.mistakes[0]}")
            head.seed = ScenarioSection.seed.default
    head.measures = _measures(table.get("measures"), wrong)
    return head


def _measures(uses: Any, wrong: Wrong) -> tuple[str, ...]:
    if uses is None:
        return ()
    if not isinstance(uses, list | tuple) or not uses or not all(isinstance(use, str) for use in uses):
        wrong(f"[study] measures = {shown(uses)}: must be a list of measures in quotes, not empty")
        return ()
    known = BUILT_IN.measures
    for use in dict.fromkeys(uses):
        if list(uses).count(use) > 1:
            wrong(f'[study] measures: "{use}" stands there twice')
        if use not in known and not is_file(use):
            wrong(f"[study] measures: no measure {shown(use)}.{nearest(use, known)}  Measures: {listed(known, 20)}")
    return tuple(use for use in dict.fromkeys(uses) if use in known or is_file(use))


def arms_of(tables: Mapping[str, Any], wrong: Wrong) -> tuple[Arm, ...]:
    """[arms.NAME], in the order of the file."""
    arms = []
    for name, layer in table_of(tables, "arms", None, wrong).items():
        if not ARM_NAME.fullmatch(str(name)):
            wrong(f"[arms] {shown(name)}: the name of an arm has letters, digits, _ and -")
        elif not isinstance(layer, Mapping):
            wrong(f"[arms] {name} = {shown(layer)}: must be a table, written [arms.{name}]")
        elif isinstance(scenario := layer.get("scenario"), Mapping) and "seed" in scenario:
            wrong(f"[arms.{name}.scenario] seed: luck is shared by all arms; write it under [study]")
        else:
            arms.append(Arm(str(name), layer))
    return tuple(arms)


_REPLICATES = ("first", "step", "most", "until")


def replicates_of(tables: Mapping[str, Any], wrong: Wrong) -> Replicates:
    """[replicates]; what makes no sense together is said and left out."""
    table = table_of(tables, "replicates", _REPLICATES, wrong)
    given: dict[str, int] = {}
    for key in ("first", "step", "most"):
        value = table.get(key)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_REPLICATES:
            wrong(f"[replicates] {key} = {shown(value)}: must be a whole number from 1 to {MOST_REPLICATES:,}")
        else:
            given[key] = value
    until = _until(table.get("until", {}), wrong)
    default = Replicates()
    most = given.get("most", default.most if until else given.get("first", default.first))
    first = given.get("first", min(default.first, most))
    if first > most:
        wrong(f"[replicates] first = {first}, most = {most}: first must not be more than most")
    if until and first < 2:
        wrong(f"[replicates] first = {first}: an interval needs at least two replicates")
    return Replicates(first, given.get("step", default.step), most, until)


def _until(table: Any, wrong: Wrong) -> dict[str, float]:
    if not isinstance(table, Mapping):
        wrong(f"[replicates] until = {shown(table)}: must hold measures and half-widths, {{ headcount = 0.002 }}")
        return {}
    for measure, half in table.items():
        if not is_number(half) or not half > 0:
            wrong(
                f"[replicates] until.{measure} = {shown(half)}: must be a number above 0, half of an interval's width"
            )
    return {str(measure): float(half) for measure, half in table.items() if is_number(half)}


def compared_of(tables: Mapping[str, Any], arms: Collection[str], wrong: Wrong) -> Compared:
    """[compare], against the names of the arms."""
    table = table_of(tables, "compare", ("baseline", "contrasts", "households"), wrong)
    compared = Compared()

    def known(said: str, name: Any) -> bool:
        if isinstance(name, str) and name in arms:
            return True
        wrong(f"[compare] {said} = {shown(name)}: no such arm.{nearest(str(name), arms)}  Arms: {listed(arms)}")
        return False

    if "baseline" in table and known("baseline", table["baseline"]):
        compared.baseline = table["baseline"]
    elif "baseline" not in table and len(arms) > 1:
        wrong(f"[compare] baseline: say which arm the others are compared with.  Arms: {listed(arms)}")
    elif len(arms) == 1:
        compared.baseline = None
    compared.contrasts = _contrasts(table.get("contrasts", []), known, wrong)
    compared.households = table.get("households", False)
    if not isinstance(compared.households, bool):
        wrong(f"[compare] households = {shown(compared.households)}: must be true or false")
    return compared


def _contrasts(pairs: Any, known: Callable[[str, Any], bool], wrong: Wrong) -> tuple[tuple[str, str], ...]:
    if not isinstance(pairs, list | tuple):
        wrong(f'[compare] contrasts = {shown(pairs)}: must be a list of pairs of arms, [["a", "b"]]')
        return ()
    found: list[tuple[str, str]] = []
    for pair in pairs:
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            wrong(f'[compare] contrasts: {shown(pair)} must be a pair of arms, ["a", "b"]')
        elif {known("contrasts", name) for name in pair} == {True}:  # not `all`: both are to be looked at
            if pair[0] == pair[1]:
                wrong(f"[compare] contrasts: {shown(pair)} compares an arm with itself")
            elif {*pair} in map(set, found):
                wrong(f"[compare] contrasts: {shown(pair)} stands there twice")
            else:
                found.append((pair[0], pair[1]))
    return tuple(found)


def names_of(measures: Sequence[str]) -> tuple[str, ...]:
    """The names under which measures are recorded."""
    return tuple(default_name(use) for use in measures)


@dataclass
class Mistakes:
    """What is wrong, each thing once, in the order found."""

    found: dict[str, None] = field(default_factory=dict)

    def __call__(self, mistake: str) -> None:
        self.found[mistake] = None

    def __len__(self) -> int:
        return len(self.found)
