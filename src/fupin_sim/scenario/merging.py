"""Layers become one draft: tables key by key, entries by name, then the paths of [reform] and of --set."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fupin_sim.errors import nearest
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.paths import GROUPS, Places
from fupin_sim.plugins import default_name, is_file
from fupin_sim.scenario.layers import Layer, Setting
from fupin_sim.scenario.settings import Classes
from fupin_sim.toml_text import listed, shown

_NAME = re.compile(r"[^\W_][\w-]*")


@dataclass(frozen=True)
class Leaf:
    """One value as it was said.

    said: where, up to the name of the parameter, for "[line] level = -3: …". owner: the table, for "…: no option";
    "" where a path said it. before: what a reform changes, if it was said at all.
    """

    value: Any
    folder: Path
    said: str
    owner: str = ""
    raw: str | None = None
    reform: bool = False
    before: Leaf | None = None


Leaves = dict[str, Leaf]


@dataclass
class Draft:
    """What the layers say together, unchecked: leaves by section, process, policy, shock and measure.

    Entries keep their `use`, `name` and `enabled` among their leaves.
    """

    sections: dict[str, Leaves] = field(default_factory=dict)
    groups: dict[str, dict[str, Leaves]] = field(default_factory=lambda: {group: {} for group in GROUPS})
    measures_in_use: Leaf | None = None
    mistakes: list[str] = field(default_factory=list)
    wrong_paths: list[str] = field(default_factory=list)


def merge(layers: Sequence[Layer], settings: Sequence[Setting], classes: Classes) -> Draft:
    """All layers in one, later ones over earlier, with the settings on top; mistakes are collected in the draft."""
    draft = Draft()
    for layer in layers:
        _Merge(draft, layer, classes).run()
    for setting in settings:
        said = setting.path if setting.raw is None else f"--set {setting.path}"
        leaf = Leaf(setting.value, layers[-1].folder, said, raw=setting.raw)
        _put(draft, setting.path, leaf, classes)
    return draft


class _MeasuresInUse:
    use = Parameter((), kind="list[str]")


def places_of(draft: Draft, classes: Classes) -> Places:
    """What paths can name in this draft; what comes from a plugin file is known only by its name yet."""
    measures: dict[str, type | None] = dict(classes.measures)
    in_use = draft.measures_in_use.value if draft.measures_in_use else []
    if isinstance(in_use, list):
        measures |= {default_name(use): None for use in in_use if isinstance(use, str) and is_file(use)}
    return Places(
        {**classes.sections, "measures": _MeasuresInUse},
        {
            "process": classes.processes,
            "policy": {name: classes.policies.get(e["use"].value) for name, e in draft.groups["policy"].items()},
            "shock": {name: classes.shocks.get(e["use"].value) for name, e in draft.groups["shock"].items()},
            "measures": measures,
        },
        {"policy": ("enabled",), "shock": ("enabled",)},
    )


def entries_in_use(entries: Mapping[str, Leaves]) -> dict[str, Leaves]:
    """The entries that no layer took out with `enabled = false`."""
    return {name: leaves for name, leaves in entries.items() if not _is_off(leaves)}


def _is_off(leaves: Leaves) -> bool:
    return "enabled" in leaves and leaves["enabled"].value is False


class _Merge:
    """One layer on its way into the draft."""

    def __init__(self, draft: Draft, layer: Layer, classes: Classes) -> None:
        self.draft, self.layer, self.classes = draft, layer, classes

    def run(self) -> None:
        for key, value in self.layer.data.items():
            if key == "process":
                self._named_tables(key, value, self.classes.processes)
            elif key in ("policy", "shock"):
                self._entries(key, value)
            elif key == "measures":
                self._measures(value)
            elif key in self.classes.sections:
                self._table(f"[{key}]", value, self.draft.sections.setdefault(key, {}))
            elif key not in ("extends", "reform"):
                self._wrong(self._unknown_key(key, value))
        self._reform(self.layer.data.get("reform", {}))

    def _wrong(self, mistake: str) -> None:
        self.draft.mistakes.append(self.layer.mention + mistake)

    def _unknown_key(self, key: Any, value: Any) -> str:
        known = [*self.classes.sections, *GROUPS, "reform", "extends"]
        if not isinstance(value, Mapping | list):
            homes = [name for name, cls in self.classes.sections.items() if key in parameters_of(cls)]
            if homes:
                return f"{shown(key)[1:-1]} = {shown(value)}: stands under no table; write it under [{homes[0]}]"
        return f"{shown(key)[1:-1]}: no such section.{nearest(str(key), known)}  Sections: {listed(known, 20)}"

    def _table(self, owner: str, table: Any, into: Leaves, link: str = " ") -> None:
        """The keys of one table over what is there."""
        if not isinstance(table, Mapping):
            self._wrong(f"{owner} = {shown(table)}: must be a table, written {owner} on a line of its own")
            return
        mention = self.layer.mention + owner
        for key, value in table.items():
            into[str(key)] = Leaf(value, self.layer.folder, f"{mention}{link}{key}", mention)

    def _named_tables(self, group: str, tables: Any, known: Mapping[str, type]) -> None:
        """[process.NAME] tables: each must be of something known."""
        if not isinstance(tables, Mapping):
            self._wrong(f"[{group}] = {shown(tables)}: must hold tables, written [{group}.NAME]")
            return
        for name, table in tables.items():
            if name in known:
                self._table(f"[{group}.{name}]", table, self.draft.groups[group].setdefault(name, {}))
            else:
                options = f"{GROUPS[group].title()}: {listed(known, 20)}"
                self._wrong(f"[{group}] {name}: no such {group}.{nearest(str(name), known)}  {options}")

    def _measures(self, table: Any) -> None:
        """[measures] use = […], and the [measures.NAME] tables of their parameters."""
        if not isinstance(table, Mapping):
            self._wrong(f"[measures] = {shown(table)}: must be a table, written [measures]")
            return
        for name, value in table.items():
            if name == "use":
                said = f"{self.layer.mention}[measures] use"
                self.draft.measures_in_use = Leaf(value, self.layer.folder, said)
            elif isinstance(value, Mapping):
                self._table(f"[measures.{name}]", value, self.draft.groups["measures"].setdefault(str(name), {}))
            else:
                self._wrong(f'[measures] {name} = {shown(value)}: no option called "{name}".  Options: use')

    def _entries(self, group: str, entries: Any) -> None:
        """[[policy]] or [[shock]] entries, each under its name over the entry of that name below."""
        if isinstance(entries, Mapping):
            self._wrong(f"[{group}]: must be written [[{group}]], once for each {group}")
            return
        if not isinstance(entries, list):
            self._wrong(f"{group} = {shown(entries)}: must be tables, each written [[{group}]]")
            return
        here: set[str] = set()
        for number, entry in enumerate(entries, 1):
            if not isinstance(entry, Mapping):
                self._wrong(f'[[{group}]] number {number} = {shown(entry)}: must be a table with use = "…"')
                continue
            name = self._name_of(group, number, entry)
            if name in here:
                self._wrong(f'[[{group}]] {name}: two entries of that name; give each its own with name = "…"')
            elif name:
                here.add(name)
                self._entry(group, name, entry)

    def _name_of(self, group: str, number: int, entry: Mapping[Any, Any]) -> str:
        """The name of an entry, by default its `use`; "" and a mistake when it has none."""
        use, name = entry.get("use"), entry.get("name")
        label = f"[[{group}]] number {number}"
        if use is not None and (not isinstance(use, str) or not use):
            self._wrong(f"{label}: use = {shown(use)}: must be the name of a {group} or of a file, in quotes")
            return ""
        if use is None and name is None:
            self._wrong(f'{label}: needs use = "…", or the name of an entry it changes')
            return ""
        name = default_name(str(use)) if name is None else name
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            hint = "letters, digits, _ and -" if "name" in entry else 'name = "…", since the file\'s does not serve'
            self._wrong(
                f"{label}: name = {shown(name)}: must be {hint}" if "name" in entry else f"{label}: needs {hint}"
            )
            return ""
        if use is None and name not in self.draft.groups[group]:
            there = self.draft.groups[group]
            self._wrong(
                f'[[{group}]] {name}: has no use = "…", and there is no entry of that name to change.'
                f"{nearest(name, there)}  {GROUPS[group].title()} so far: {listed(there)}"
            )
            return ""
        return name

    def _entry(self, group: str, name: str, entry: Mapping[Any, Any]) -> None:
        below = self.draft.groups[group].get(name, {})
        if "use" in entry and "use" in below and not self._same(below["use"], entry["use"]):
            below = {}  # something else under an old name begins afresh
        leaves = dict(below)
        self._table(f"[[{group}]] {name}", entry, leaves, ".")
        self.draft.groups[group][name] = leaves

    def _same(self, below: Leaf, use: str) -> bool:
        """Whether `use` means what it meant below: a file of the same name in another folder is another file."""
        return bool(below.value == use and (below.folder == self.layer.folder or not is_file(use)))

    def _reform(self, table: Any) -> None:
        if not isinstance(table, Mapping):
            self._wrong(f'[reform] = {shown(table)}: must be a table of paths, such as "policy.dibao.level" = 0.8')
            return
        for path, value in table.items():
            said = f"{self.layer.mention}[reform] {path}"
            if "." not in str(path) and isinstance(value, Mapping):
                self.draft.wrong_paths.append(
                    f'{said}: write the whole path in quotes, such as "policy.dibao.level" = 0.8'
                )
            else:
                _put(self.draft, str(path), Leaf(value, self.layer.folder, said, reform=True), self.classes)


def _put(draft: Draft, path: str, leaf: Leaf, classes: Classes) -> None:
    """The leaf in the place its path names."""
    try:
        group, name, key = places_of(draft, classes).find(path)
    except ValueError as error:
        draft.wrong_paths.append(f"{leaf.said}: {error}")
        return
    if (group, name, key) == ("", "measures", "use"):
        draft.measures_in_use = leaf
        return
    leaves = draft.groups[group].setdefault(name, {}) if group else draft.sections.setdefault(name, {})
    before = leaves.get(key)
    leaves[key] = Leaf(leaf.value, leaf.folder, leaf.said, "", leaf.raw, leaf.reform, before if leaf.reform else None)
