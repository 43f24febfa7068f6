"""What there is, as tables: the month, the parameters, the policies, and where two scenarios differ."""

from __future__ import annotations

import csv
import fnmatch
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.dated import Series
from fupin_sim.errors import BadInput, nearest
from fupin_sim.month import MONTH, lived_by
from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.plugins import Plugin, Policy, Shock
from fupin_sim.scenario import Entry, Scenario
from fupin_sim.scenario import diff as differences
from fupin_sim.scenario.settings import Catalogue, Classes
from fupin_sim.toml_text import literal

HOOKS: Mapping[str, Sequence[tuple[str, type[Plugin], str]]] = {
    "set": (("shock", Shock, "adjust"), ("policy", Policy, "adjust")),
    "suffer": (("shock", Shock, "strike"),),
    "support": (("policy", Policy, "claim"),),
}
"""In which verb which hook of a plugin is called."""


@dataclass(frozen=True)
class Stroke:
    """One verb of the month. parts: what takes part in it: process, policy or shock, its name, what it does."""

    verb: str
    doc: str
    parts: tuple[tuple[str, str, str], ...]


def month_of(scenario: Scenario | None = None) -> list[Stroke]:
    """The month verb by verb; with a scenario, its policies and shocks stand where they act."""
    verbs = MONTH if scenario is None else lived_by(scenario)
    return [Stroke(verb.name, verb.doc, tuple(_parts(verb.name, verb.processes, scenario))) for verb in verbs]


def _parts(verb: str, processes: Sequence[str], scenario: Scenario | None) -> Iterator[tuple[str, str, str]]:
    for group, base, hook in HOOKS.get(verb, ()) if scenario else ():
        assert scenario is not None
        for entry in scenario.policies if group == "policy" else scenario.shocks:
            if getattr(entry.cls, hook) is not getattr(base, hook):
                yield group, entry.name, described(entry)
    for name in processes:
        yield "process", name, first_line(BUILT_IN.processes[name])


def described(entry: Entry) -> str:
    """What a policy or shock says of itself, in one line."""
    plugin = entry.make()
    return " ".join(plugin.describe().split()) if isinstance(plugin, Policy) else first_line(entry.cls)


def first_line(cls: type) -> str:
    """The first line of a class's own docstring.

    >>> first_line(Policy)
    'An instrument, seen by the month through four hooks only; none reads another policy.'
    """
    return (vars(cls).get("__doc__") or "").strip().partition("\n")[0]


@dataclass(frozen=True)
class Row:
    """One parameter, as text."""

    path: str
    default: str
    unit: str
    range: str
    mark: str
    source: str
    claim: str
    doc: str


def parameters(pattern: str = "", catalogue: Catalogue = BUILT_IN) -> list[Row]:
    """Every built-in parameter whose path contains the pattern, or matches it where it has a * or ?.

    A policy's path has the name of the built-in here; in a scenario it has the name of the entry.
    Raises BadInput when there is none.
    """
    rows = [_row(path, parameter) for path, parameter in _all(catalogue)]
    sought = pattern.lower() if any(sign in pattern for sign in "*?[") else f"*{pattern.lower()}*"
    found = [row for row in rows if fnmatch.fnmatchcase(row.path, sought)]
    if not found:
        words = {word for row in rows for word in (row.path, *row.path.split("."))}
        raise BadInput(f'no parameter matches "{pattern}".{nearest(pattern.lower(), sorted(words))}', "fupin-sim show")
    return found


def _all(catalogue: Catalogue) -> Iterator[tuple[str, Parameter]]:
    classes = Classes.of(catalogue)
    groups = {
        "": classes.sections, "process.": classes.processes, "policy.": classes.policies, "shock.": classes.shocks,
        "measures.": classes.measures,
    }  # fmt: skip
    for group, known in groups.items():
        for name, cls in known.items():
            for key, parameter in parameters_of(cls).items():
                yield f"{group}{name}.{key}", parameter


def _row(path: str, parameter: Parameter) -> Row:
    low_high = f"{parameter.range[0]:,} to {parameter.range[1]:,}" if parameter.range else ""
    return Row(
        path, value_told(parameter.default), parameter.unit, low_high, parameter.mark, parameter.source,
        parameter.claim or "", parameter.doc,
    )  # fmt: skip


def value_told(value: Any) -> str:
    """A value as a scenario file writes it.

    >>> value_told(None), value_told((1, 2)), value_told(Series.of({"2016": 1.5, "2018": 2.0}))
    ('"none"', '[1, 2]', '{ "2016-01" = 1.5, "2018-01" = 2.0 }')
    """
    if isinstance(value, Series):
        value = value.table()
    return literal("none" if value is None else value)


def as_csv(rows: Sequence[Row]) -> str:
    """The parameters for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["path", "default", "unit", "range", "mark", "source", "claim", "description"])
    writer.writerows([vars(row).values() for row in rows])
    return out.getvalue()


def policies(catalogue: Catalogue = BUILT_IN) -> dict[str, tuple[str, list[Row]]]:
    """By name: what a policy does, and its options; those that every policy has are under ""."""
    told = {}
    everywhere = [
        key
        for key, parameter in parameters_of(next(iter(catalogue.policies.values()))).items()
        if all(parameters_of(cls).get(key) is parameter for cls in catalogue.policies.values())
    ]
    for name, cls in catalogue.policies.items():
        options = parameters_of(cls)
        told[name] = (first_line(cls), [_row(key, p) for key, p in options.items() if key not in everywhere])
        told[""] = ("", [_row(key, options[key]) for key in everywhere])
    return told


def compared(a: Scenario, b: Scenario) -> list[tuple[str, str, str]]:
    """Path, value in a, value in b, wherever the two differ; "–" for what one of them does not have."""
    has_a, has_b = _paths(a), _paths(b)
    return [
        (path, value_told(x) if path in has_a else "–", value_told(y) if path in has_b else "–")
        for path, x, y in differences(a, b)
    ]


def _paths(scenario: Scenario) -> set[str]:
    """Everything that can be on one side of a difference: parameters, entries and what entries use."""
    entries = [path for path, use, _, _ in scenario.groups() if use]
    return {*scenario.values(), *entries, *(f"{path}.use" for path in entries)}
