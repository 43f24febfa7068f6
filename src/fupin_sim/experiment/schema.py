"""The JSON Schema of study files, from which editors complete and explain."""

from __future__ import annotations

from typing import Any

from fupin_sim.experiment.designs import DESIGNS
from fupin_sim.experiment.distributions import DISTRIBUTIONS
from fupin_sim.experiment.study import Replicates
from fupin_sim.scenario import Catalogue, json_schema

_DATE = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"


def study_schema(catalogue: Catalogue) -> dict[str, Any]:
    """The schema (draft 7) of study files; an arm is a scenario file in a table."""
    scenario = json_schema(catalogue)
    arm = {"type": "object", "properties": scenario["properties"], "additionalProperties": False}
    text, names = {"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}
    return {
        "$schema": scenario["$schema"],
        "title": "A study of fupin-sim",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "study": _table(
                "what the study is called, stands on and measures",
                title=text,
                description=text,
                scenario=text | {"description": "a scenario file, or the name of a shipped one"},
                seed={"type": "integer", "minimum": 0, "description": "the luck of the whole study"},
                measures=names | {"uniqueItems": True},
            ),
            "arms": {
                "type": "object",
                "description": "what is compared: [arms.NAME], each a scenario laid over the study's",
                "additionalProperties": arm,
            },
            "sweep": _table(
                "what is varied in all arms",
                design={"enum": list(DESIGNS), "default": "grid"},
                points={"type": "integer", "minimum": 1, "description": "how many lhs or sobol draw"},
                vary={"type": "object", "minProperties": 1, "additionalProperties": _factor()},
            ),
            "replicates": _replicates(),
            "compare": _table(
                "which differences are looked at",
                baseline=text,
                contrasts={"type": "array", "items": names | {"minItems": 2, "maxItems": 2}},
                households={"type": "boolean", "default": False},
            ),
        },
    }


def _table(about: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": about, "properties": properties, "additionalProperties": False}


def _replicates() -> dict[str, Any]:
    default = Replicates()
    whole = {"type": "integer", "minimum": 1}
    return _table(
        "how many replicates there are",
        first=whole | {"default": default.first},
        step=whole | {"default": default.step},
        most=whole | {"default": default.most},
        until={
            "type": "object",
            "description": "half-width of the paired 95 % interval by measure",
            "additionalProperties": {"type": "number", "exclusiveMinimum": 0},
        },
    )


def _factor() -> dict[str, Any]:
    """Everything that may stand behind a path of [sweep.vary]."""
    number, whole = {"type": "number"}, {"type": "integer", "minimum": 1}
    arms = {"arms": {"type": "array", "items": {"type": "string"}, "minItems": 1}}
    levels = {"type": "array", "minItems": 1}
    stretch = {"from": number, "to": number, "steps": whole, "step": number, "scale": {"enum": ["linear", "log"]}}
    forms = [
        levels,
        _table("single values", values=levels, **arms) | {"required": ["values"]},
        _table("from … to …", **stretch, **arms) | {"required": ["from", "to"]},
        *(
            _table(f"a {kind} distribution", dist={"const": kind}, steps=whole, **dict.fromkeys(keys, number), **arms)
            | {"required": ["dist", *needed]}
            for kind, (needed, optional) in DISTRIBUTIONS.items()
            for keys in [(*needed, *optional)]
        ),
    ]
    fixed = {"type": ["number", "string", "boolean"]}
    dated = _table("values from a date on", **arms) | {"patternProperties": {_DATE: {"anyOf": [*forms, fixed]}}}
    return {"anyOf": [*forms, dated]}
