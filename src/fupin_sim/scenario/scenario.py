"""A scenario: everything a run depends on but the program, frozen, with a key of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from fupin_sim.dated import Series, month_number
from fupin_sim.errors import BadInput
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.paths import Places
from fupin_sim.plugins import Plugin, PluginFile, default_name, is_file
from fupin_sim.reading import digest_of
from fupin_sim.scenario.entry import Entry, frozen
from fupin_sim.scenario.layers import TABLES, Layer, Setting, read_layers, settings_of
from fupin_sim.scenario.merging import merge
from fupin_sim.scenario.resolving import resolve
from fupin_sim.scenario.settings import Catalogue, Classes
from fupin_sim.toml_text import literal, shown

_WORDS = ("title", "description")  # say what a scenario is for and change nothing in it


@dataclass(frozen=True, eq=False)
class Scenario:
    """Values by parameter for every section and process, and the policies, shocks and measures in order of names.

    files: digest of every plugin and data file by its whole name. Two scenarios are equal when their keys are.
    """

    sections: Mapping[str, Mapping[str, Any]]
    processes: Mapping[str, Mapping[str, Any]]
    policies: tuple[Entry, ...]
    shocks: tuple[Entry, ...]
    measures: tuple[Entry, ...]
    files: Mapping[str, str]
    classes: Classes = field(repr=False)
    layers: tuple[Layer, ...] = field(repr=False)
    settings: tuple[Setting, ...] = field(repr=False)
    where: str = ""

    @property
    def title(self) -> str:
        return str(self.sections["scenario"]["title"])

    @property
    def description(self) -> str:
        return str(self.sections["scenario"]["description"])

    @property
    def start(self) -> int:
        """Number of the first month after the burn-in."""
        return month_number(self.sections["scenario"]["start"])

    @property
    def years(self) -> int:
        return int(self.sections["scenario"]["years"])

    @property
    def months(self) -> int:
        return 12 * self.years

    @property
    def seed(self) -> int:
        return int(self.sections["scenario"]["seed"])

    def section(self, name: str) -> Mapping[str, Any]:
        """The values of one section."""
        return self.sections[name]

    def process(self, name: str) -> Mapping[str, Any]:
        """The values of one process."""
        return self.processes[name]

    def groups(self) -> Iterator[tuple[str, str, type[Plugin], Mapping[str, Any]]]:
        """Path, what it uses, class and values of everything that has values; the order of a scenario file."""
        for name, values in self.sections.items():
            yield name, "", self.classes.sections[name], values
        for name, values in self.processes.items():
            yield f"process.{name}", "", self.classes.processes[name], values
        for group, entries in (("policy", self.policies), ("shock", self.shocks), ("measures", self.measures)):
            for entry in entries:
                yield f"{group}.{entry.name}", entry.use, entry.cls, entry.values

    def parameters(self) -> dict[str, Parameter]:
        """The declaration behind every path of this scenario."""
        return {f"{path}.{key}": p for path, _, cls, _ in self.groups() for key, p in parameters_of(cls).items()}

    def values(self) -> dict[str, Any]:
        """The value or Series behind every path of this scenario."""
        return {f"{path}.{key}": value for path, _, _, values in self.groups() for key, value in values.items()}

    def get(self, path: str) -> Any:
        """The value or Series that a path names; raises BadInput with the nearest spelling."""
        values = self.values()
        if path not in values:
            try:
                self._places().find(path)
            except ValueError as error:
                raise BadInput(f"{path}: {error}", self.where) from None
        return values[path]

    def _places(self) -> Places:
        groups: dict[str, dict[str, type | None]] = {"process": {}, "policy": {}, "shock": {}, "measures": {}}
        for path, _, cls, _ in self.groups():
            group, dot, name = path.partition(".")
            if dot:
                groups[group][name] = cls
        return Places(self.classes.sections, groups)

    def canonical(self) -> dict[str, Any]:
        """Everything that can change a result, as JSON has it: no titles, and files by their digests.

        A series is a table of months. The order of entries and keys, and where files stand, mean nothing.
        """
        tree: dict[str, Any] = {"process": {}, "policy": {}, "shock": {}, "measures": {}}
        for path, use, cls, values in self.groups():
            parameters = parameters_of(cls)
            table = {key: self._canonical(parameters[key], value) for key, value in values.items()}
            if use:
                table["use"] = _used(cls, use)
            group, dot, name = path.partition(".")
            (tree[group] if dot else tree)[name if dot else group] = table
        for word in _WORDS:
            del tree["scenario"][word]
        return tree

    def _canonical(self, parameter: Parameter, value: Any) -> Any:
        if parameter.item == "file":
            value = [self.files.get(v, v) for v in value] if parameter.shape else self.files.get(value, value)
        return _plain(value)

    @cached_property
    def key(self) -> str:
        """BLAKE2b-128 of the canonical JSON: equal exactly when the scenarios say the same."""
        return _digest(self.canonical())

    @cached_property
    def luckless_key(self) -> str:
        """The same without the scenario's own seed, for runs whose luck is decided elsewhere."""
        tree = self.canonical()
        del tree["scenario"]["seed"]
        return _digest(tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    def to_toml(self, folder: str | Path | None = None) -> str:
        """The resolved scenario as a file of its own that loads to the same key.

        folder: where the file will lie; plugins and data are named from there, else by their whole names.
        """
        uses = [_from(folder, entry.use, entry.cls, entry.name) for entry in self.measures]
        tables, measures = [], [f"[measures]\nuse = {literal(uses)}\n"]
        for path, use, cls, values in self.groups():
            parameters = parameters_of(cls)
            lines = [_line(parameters[key], value, folder) for key, value in values.items()]
            group, _, name = path.partition(".")
            if group == "measures":
                measures += ["\n".join([f"[{path}]", *lines, ""])] if lines else []
            elif use:
                head = [f"[[{group}]]", f"name = {literal(name)}", f"use = {literal(_from(folder, use, cls))}"]
                tables.append("\n".join([*head, *lines, ""]))
            elif lines:
                tables.append("\n".join([f"[{path}]", *lines, ""]))
        return "\n".join([*tables, *measures])

    def with_(self, sets: Sequence[str] | Mapping[str, Any], reform: Mapping[str, Any] | None = None) -> Scenario:
        """The scenario with more set on top, as by --set, and reformed, as by [reform]; raises BadInput."""
        settings, mistakes = settings_of(sets)
        layers = (*self.layers, Layer({"reform": reform}, self.layers[-1].folder)) if reform else self.layers
        return _build(layers, (*self.settings, *settings), self.classes, self.where, mistakes)


def load(
    file: str | Path | Mapping[str, Any],
    catalogue: Catalogue,
    *,
    sets: Sequence[str] | Mapping[str, Any] = (),
    folder: str | Path | None = None,
) -> Scenario:
    """The scenario of a file, or of ready tables, against the catalogue; plugin files that it names are run.

    sets: "path=value" texts or {path: value}, on top of the file. folder: where ready tables look for what they name.
    Raises BadInput with all mistakes at once.
    """
    where = TABLES if isinstance(file, Mapping) else str(file)
    return load_layers(read_layers(file, folder), catalogue, sets=sets, where=where)


def load_layers(
    layers: Sequence[Layer], catalogue: Catalogue, *, sets: Sequence[str] | Mapping[str, Any] = (), where: str = TABLES
) -> Scenario:
    """The scenario of layers that are read already, the last on top; raises BadInput."""
    settings, mistakes = settings_of(sets)
    return _build(tuple(layers), settings, Classes.of(catalogue), where, mistakes)


def _build(
    layers: tuple[Layer, ...],
    settings: tuple[Setting, ...],
    classes: Classes,
    where: str,
    mistakes: Sequence[str] = (),
) -> Scenario:
    resolved = resolve(merge(layers, settings, classes), classes)
    mistakes = list(dict.fromkeys(_one_line(mistake) for mistake in [*resolved.mistakes, *mistakes]))
    if mistakes:
        raise BadInput(mistakes, where)
    return Scenario(
        frozen(resolved.sections),
        frozen(resolved.processes),
        resolved.entries["policy"],
        resolved.entries["shock"],
        resolved.entries["measures"],
        frozen(resolved.files),
        classes,
        layers,
        settings,
        where,
    )


def _digest(tree: Mapping[str, Any]) -> str:
    return digest_of(json.dumps(tree, sort_keys=True, separators=(",", ":"), allow_nan=False).encode())


def diff(a: Scenario, b: Scenario) -> list[tuple[str, Any, Any]]:
    """Where two scenarios differ: path, value in a, value in b; None for what one of them does not have.

    An entry that only one of them has is a single row with its `use`.
    """
    left, right = dict(_flat(a)), dict(_flat(b))
    alone = {path.removesuffix(".use") for path in left.keys() ^ right.keys() if path.endswith(".use")}
    rows = []
    for path in dict.fromkeys([*left, *right]):
        entry, _, key = path.rpartition(".")
        (_, x), (_, y) = left.get(path, (None, None)), right.get(path, (None, None))
        if left.get(path, (None,))[0] == right.get(path, (None,))[0] or (entry in alone and key != "use"):
            continue
        rows.append((entry if entry in alone else path, x, y))
    return rows


def _flat(scenario: Scenario) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """For every path the value as equality sees it and as a reader does."""
    for path, use, cls, values in scenario.groups():
        if use:
            origin: PluginFile | None = cls.origin
            yield f"{path}.use", (_used(cls, use), f"{Path(origin.path).name}:{origin.class_name}" if origin else use)
        parameters = parameters_of(cls)
        for key, value in values.items():
            yield f"{path}.{key}", (scenario._canonical(parameters[key], value), value)


def _used(cls: type[Plugin], use: str) -> str:
    """What a `use` means wherever the file stands."""
    return f"{cls.origin.class_name}@{cls.origin.digest}" if cls.origin else use


def _plain(value: Any) -> Any:
    """The value as JSON and TOML have it."""
    if isinstance(value, Series):
        value = value.table()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


def _line(parameter: Parameter, value: Any, folder: str | Path | None) -> str:
    """One line of a scenario file that lies in `folder`; its comment has the unit, and how the value is known."""
    known = _known(parameter, value)
    if parameter.item == "file" and parameter.shape:
        value = tuple(_beside(folder, name) for name in value)
    elif parameter.item == "file":
        value = _beside(folder, value)
    written = literal("none" if value is None else _plain(value))
    unit = " ".join(parameter.unit.split())  # on one line, or the comment would not end
    comment = "; ".join(filter(None, (unit, known)))
    return f"{parameter.name} = {written}" + (f"  # {comment}" if comment else "")


def _known(parameter: Parameter, value: Any) -> str:
    """The evidence mark of a default; of any other value only the scenario knows where it is from."""
    if parameter.mark == "choice":  # there is nothing to know
        return ""
    if value == parameter.default:
        return parameter.mark
    return f"set here; the default {shown(_plain(parameter.default), 30)} is {parameter.mark}"


def _from(folder: str | Path | None, use: str, cls: type[Plugin], name: str = "") -> str:
    """The `use` as a file in `folder` writes it; where it has to imply a name, so that it implies this one."""
    if cls.origin is None:
        return use
    path = _beside(folder, cls.origin.path)
    path = path if is_file(path) else f"./{path}"
    return str(path) if default_name(path) == name else f"{path}:{cls.origin.class_name}"


def _beside(folder: str | Path | None, name: Any) -> Any:
    """The name of a file as seen from a folder; its whole name without one, or where there is no way."""
    if folder is None or not name:
        return name
    try:
        return Path(os.path.relpath(name, folder)).as_posix()
    except ValueError:  # another drive
        return name


def _one_line(mistake: str, most: int = 500) -> str:
    """A mistake without what would spoil a terminal: names in a file can hold anything."""
    text = "".join(c if c.isprintable() else "?" for c in mistake.replace("\n", " "))
    return text if len(text) <= most else text[: most - 1] + "…"
