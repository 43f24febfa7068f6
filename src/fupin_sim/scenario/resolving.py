"""A draft becomes values: every parameter checked, every default filled in, every file read for its digest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fupin_sim.dated import PriceIndex, Series, month_number
from fupin_sim.errors import BadInput, nearest
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.paths import GROUPS, missing_parameter, unknown_option
from fupin_sim.plugins import Measure, Plugin, Policy, Shock, default_name, is_file, load_plugin
from fupin_sim.reading import digest_of, read_bytes
from fupin_sim.scenario.entry import Entry, frozen
from fupin_sim.scenario.merging import Draft, Leaf, Leaves, entries_in_use
from fupin_sim.scenario.settings import Classes
from fupin_sim.toml_text import listed, shown

Values = Mapping[str, Any]
_BASES: Mapping[str, type[Plugin]] = {"policy": Policy, "shock": Shock, "measures": Measure}
_UNSAID = PriceIndex(Series((0,), (1.0,)))  # stands for a faulty index, so that nominal values are not faulted as well


@dataclass
class Resolved:
    """Everything a scenario is made of, and all that is wrong with it; values mean nothing where mistakes are."""

    sections: dict[str, Values] = field(default_factory=dict)
    processes: dict[str, Values] = field(default_factory=dict)
    entries: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


def resolve(draft: Draft, classes: Classes) -> Resolved:
    """The draft against the classes."""
    resolving = _Resolving(draft, classes)
    resolving.sections()
    resolving.processes()
    resolving.entries("policy", classes.policies)
    resolving.entries("shock", classes.shocks)
    resolving.measures()
    resolving.done.mistakes += draft.wrong_paths  # last, as they stand in a file
    return resolving.done


class _Resolving:
    def __init__(self, draft: Draft, classes: Classes) -> None:
        self.draft, self.classes = draft, classes
        self.prices: PriceIndex | None = None
        self.done = Resolved(mistakes=list(draft.mistakes))

    def _wrong(self, mistake: str) -> None:
        self.done.mistakes.append(mistake)

    def sections(self) -> None:
        """All sections in the catalogue's order, but prices first: nominal amounts need them."""
        names = list(self.classes.sections)
        done = {}
        for name in sorted(names, key=lambda name: name != "prices"):
            leaves, before = self.draft.sections.get(name, {}), len(self.done.mistakes)
            done[name] = self._values(self.classes.sections[name], leaves)
            if name == "prices":
                self._set_prices(leaves, done[name], faulty=len(self.done.mistakes) > before)
        self.done.sections = {name: done[name] for name in names}

    def _set_prices(self, leaves: Leaves, prices: Values, faulty: bool) -> None:
        """The price index, where one was given; `base` is a year or a month, by default 2020."""
        index = prices.get("index")
        if faulty:
            self.prices = _UNSAID
        elif index is not None and ("index" in leaves or isinstance(index, Series)):
            series = index if isinstance(index, Series) else Series((0,), (index,))
            try:
                self.prices = PriceIndex(series, str(prices.get("base", 2020)))
            except ValueError as error:
                self._wrong(f"[prices]: {error}")
                self.prices = _UNSAID

    def processes(self) -> None:
        for name, cls in self.classes.processes.items():
            self.done.processes[name] = self._values(cls, self.draft.groups["process"].get(name, {}))

    def entries(self, group: str, known: Mapping[str, type[Plugin]]) -> None:
        """The entries in the order of their names: the order in the file means nothing."""
        entries = []
        for name, leaves in sorted(entries_in_use(self.draft.groups[group]).items()):
            options = {key: leaf for key, leaf in leaves.items() if key not in ("use", "name", "enabled")}
            if "enabled" in leaves and leaves["enabled"].value is not True:
                leaf = leaves["enabled"]
                self._wrong(f"{leaf.said} = {shown(leaf.value)}: must be true or false")
            use = leaves["use"]
            entry = self._entry(group, name, str(use.value), use, options, known)
            entries += [entry] if entry else []
        self.done.entries[group] = tuple(entries)

    def measures(self) -> None:
        """What [measures] use names, by default all that is measured unasked."""
        known, leaf, tables = self.classes.measures, self.draft.measures_in_use, self.draft.groups["measures"]
        unasked = [name for name, cls in known.items() if getattr(cls, "by_default", True)]
        uses = unasked if leaf is None else leaf.value
        if not isinstance(uses, list) or not all(isinstance(use, str) for use in uses) or (leaf and not uses):
            self._wrong(f"{leaf.said if leaf else ''} = {shown(uses)}: must be a list of texts in quotes, not empty")
            uses = []
        names = [default_name(use) for use in uses]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self._wrong(f'{leaf.said if leaf else ""}: "{name}" stands there twice')
        for name, leaves in tables.items():
            if name not in names and name in known:
                self._values(known[name], leaves)  # not in use, and still to be right
            elif name not in names:
                said = next((leaf.owner or leaf.said for leaf in leaves.values()), f"[measures.{name}]")
                self._wrong(f"{said}: no such measure.{nearest(name, known)}  Measures: {listed(known)}")
        source = leaf or Leaf([], Path(), "[measures] use")
        found = [
            self._entry("measures", name, use, source, tables.get(name, {}), known)
            for name, use in sorted(zip(names, uses, strict=True))
        ]
        self.done.entries["measures"] = tuple(entry for entry in found if entry)

    def _entry(
        self, group: str, name: str, use: str, said: Leaf, options: Leaves, known: Mapping[str, type[Plugin]]
    ) -> Entry | None:
        """One entry with its class and values; None and a mistake where it has no class."""
        label = said.owner or said.said
        if use in known:
            return Entry(name, use, known[use], self._values(known[use], options))
        if not is_file(use):
            word = "measure" if group == "measures" else group
            options_ = f'{GROUPS[group].title()}: {listed(known, 20)}; or a file beside the scenario, such as "mine.py"'
            self._wrong(f"{label}: no {word} {shown(use)}.{nearest(use, known)}  {options_}")
            return None
        try:
            cls = load_plugin(use, _BASES[group], said.folder)
        except BadInput as error:
            self.done.mistakes += [f"{label}: use = {shown(use)}: {mistake}" for mistake in error.mistakes]
            return None
        assert cls.origin is not None
        self.done.files[cls.origin.path] = cls.origin.digest
        use = f"{cls.origin.path}:{cls.origin.class_name}"
        return Entry(name, use, cls, self._values(cls, options), cls.origin.digest)

    def _values(self, cls: type, leaves: Leaves) -> Values:
        """Every parameter of a class: what was said, or its default."""
        parameters = parameters_of(cls)
        for key, leaf in leaves.items():
            if key in parameters:
                continue
            if leaf.owner:
                self._wrong(f"{leaf.owner}: {unknown_option(cls, key)}")
            else:
                path = leaf.said.rpartition(" ")[2]
                self._wrong(f"{leaf.said}: {missing_parameter(cls, key, path.removesuffix(key))}")
        values: Values = frozen({key: self._value(p, leaves.get(key)) for key, p in parameters.items()})
        return values

    def _value(self, parameter: Parameter, leaf: Leaf | None) -> Any:
        if leaf is None:
            return parameter.default
        value, mistakes = parameter.check(_as_said(parameter, leaf), self.prices)
        if mistakes:
            self.done.mistakes += [leaf.said + mistake for mistake in mistakes]
            return parameter.default
        if parameter.item == "file":
            return tuple(self._file(v, leaf) for v in value) if parameter.shape else self._file(value, leaf)
        if leaf.reform and parameter.dated and isinstance(leaf.value, Mapping):
            return _from_then_on(leaf.value, value, self._value(parameter, leaf.before))
        return value

    def _file(self, name: str | None, leaf: Leaf) -> str | None:
        """The whole name of a data file, whose digest is kept."""
        if not name:
            return name
        path = Path(leaf.folder, name).absolute()
        try:
            self.done.files[str(path)] = digest_of(read_bytes(path))
        except ValueError as error:
            self._wrong(f"{leaf.said} = {shown(name)}: {error}")
        return str(path)


def _as_said(parameter: Parameter, leaf: Leaf) -> Any:
    """The value, or for text the words of --set as typed: 2016 is a date there, also without quotes."""
    typed = isinstance(leaf.value, bool | int | float) and leaf.raw is not None
    return leaf.raw if typed and parameter.item in ("str", "date", "file") else leaf.value


def _from_then_on(table: Mapping[str, Any], value: Any, earlier: Any) -> Any:
    """A dated reform changes nothing before its first date: what was in force until then stays.

    >>> _from_then_on({"2018-01": 0.8}, 0.8, 0.65).table()
    {'2017-12': 0.65, '2018-01': 0.8}
    """
    first = min(month_number(day) for day in table if day != "nominal")
    later = value if isinstance(value, Series) else Series((first,), (value,))
    if not isinstance(earlier, Series):
        earlier = Series((first - 1,), (earlier,))
    kept = [(m, v) for m, v in zip(earlier.months, earlier.values, strict=True) if m < first]
    kept = kept or [(first - 1, earlier.values[0])]
    months = tuple(month for month, _ in kept) + later.months
    return Series(months, tuple(value for _, value in kept) + later.values).simplest()
