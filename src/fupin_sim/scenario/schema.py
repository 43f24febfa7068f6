"""The JSON Schema of scenario files, from which editors complete and explain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fupin_sim.parameter import Parameter, parameters_of
from fupin_sim.plugins import Plugin
from fupin_sim.scenario.settings import Catalogue, Classes

_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_FILE = r"[/\\]|\.py(:[A-Za-z_][A-Za-z0-9_]*)?$"
_NAME = r"^[^\s._-][^\s.]*$"  # \w is ASCII in the regular expressions of editors
_TYPES = {"bool": "boolean", "int": "integer", "float": "number", "str": "string", "date": "string", "file": "string"}


def json_schema(catalogue: Catalogue) -> dict[str, Any]:
    """The schema (draft 7, which Taplo and Even Better TOML read) of every file the catalogue accepts."""
    classes = Classes.of(catalogue)
    properties: dict[str, Any] = {
        "extends": {"type": "string", "description": "another scenario file; this one is laid over it, key by key"},
        **{name: _table(cls) for name, cls in classes.sections.items()},
        "process": {
            "type": "object",
            "description": "parameters of what happens every month",
            "properties": {name: _table(cls) for name, cls in classes.processes.items()},
            "additionalProperties": False,
        },
        "policy": _entries(classes.policies),
        "shock": _entries(classes.shocks),
        "measures": _measures(classes.measures),
        "reform": {
            "type": "object",
            "description": "path in quotes = new value; a table of dates changes nothing before its first date",
        },
    }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A scenario of fupin-sim",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def schema_of(parameter: Parameter) -> dict[str, Any]:
    """The schema of one parameter: its type, limits, choices, default, and everything a reader may ask."""
    plain = _plain(parameter)
    forms = [plain]
    if parameter.dated:
        forms.append(_dated(parameter, plain))
    if parameter.optional:
        forms.append({"const": "none", "description": "not set"})
    schema = plain if len(forms) == 1 else {"anyOf": forms}
    schema = {**schema, "title": parameter.name, "description": _description(parameter)}
    default = _jsonable(parameter)
    return schema if default is None else {**schema, "default": default}


def _plain(parameter: Parameter) -> dict[str, Any]:
    item: dict[str, Any] = {"type": _TYPES[parameter.item]}
    if parameter.item == "date":
        item["pattern"] = f"{_DATE}|^$" if parameter.may_be_empty else _DATE
    if parameter.choices is not None:
        item["enum"] = list(parameter.choices)
    low, high = parameter.limits or (None, None)
    item |= {key: end for key, end in (("minimum", low), ("maximum", high)) if end is not None}
    if parameter.shape == "list":
        return {"type": "array", "items": item}
    return {"type": "object", "additionalProperties": item} if parameter.shape else item


def _dated(parameter: Parameter, plain: Mapping[str, Any]) -> dict[str, Any]:
    table: dict[str, Any] = {
        "type": "object",
        "description": "values by the date from which they are in force",
        "patternProperties": {_DATE: dict(plain)},
        "additionalProperties": False,
        "minProperties": 1,
    }
    if parameter.unit.startswith("yuan"):
        about = "yuan of each date, to be turned into constant yuan by [prices] index"
        table["properties"] = {"nominal": {"type": "boolean", "description": about}}
    return table


def _description(parameter: Parameter) -> str:
    """What the parameter is, in which unit, and how its default is known."""
    plausible = f"plausible {parameter.range[0]:,} to {parameter.range[1]:,}" if parameter.range else ""
    said = [parameter.doc, parameter.unit, plausible, parameter.mark]
    said += [f"source: {parameter.source}" if parameter.source else "", parameter.claim or ""]
    return "; ".join(part for part in said if part)


def _jsonable(parameter: Parameter) -> Any:
    default = parameter.default
    table = getattr(default, "table", None)
    if table is not None:
        return table()
    return list(default) if isinstance(default, tuple) else default


def _properties(cls: type) -> dict[str, Any]:
    return {name: schema_of(parameter) for name, parameter in parameters_of(cls).items()}


def _table(cls: type) -> dict[str, Any]:
    return {
        "type": "object",
        "description": _about(cls),
        "properties": _properties(cls),
        "additionalProperties": False,
    }


def _about(cls: type) -> str:
    return " ".join((cls.__doc__ or "").split("\n\n")[0].split())


def _entries(known: Mapping[str, type[Plugin]]) -> dict[str, Any]:
    """[[policy]] or [[shock]]: one of the built-in, a plugin file, or a change to an entry of an extended file."""
    common = {
        "name": {"type": "string", "pattern": _NAME, "description": "by default what it uses"},
        "enabled": {"type": "boolean", "default": True, "description": "false takes the entry out"},
    }
    built_in = [
        {
            "title": use,
            "description": _about(cls),
            "type": "object",
            "properties": {"use": {"const": use, "description": _about(cls)}, **common, **_properties(cls)},
            "required": ["use"],
            "additionalProperties": False,
        }
        for use, cls in known.items()
    ]
    plugin = {
        "title": "a plugin file",
        "type": "object",
        "properties": {"use": {"type": "string", "pattern": _FILE}, **common},
        "required": ["use"],
    }
    change = {
        "title": "a change to an entry of the extended file",
        "type": "object",
        "properties": common,
        "required": ["name"],
        "not": {"required": ["use"]},
    }
    return {"type": "array", "items": {"anyOf": [*built_in, plugin, change]}}


def _measures(known: Mapping[str, type[Plugin]]) -> dict[str, Any]:
    use = {"anyOf": [{"enum": list(known)}, {"type": "string", "pattern": _FILE}]}
    return {
        "type": "object",
        "description": "what is recorded, by default all measures but those that must be asked for",
        "properties": {
            "use": {"type": "array", "items": use, "minItems": 1, "uniqueItems": True},
            **{name: _table(cls) for name, cls in known.items()},
        },
    }
