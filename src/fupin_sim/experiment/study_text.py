"""A study as a file of its own, in which every scenario is whole and every point stands by its values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.experiment.study import Study
from fupin_sim.toml_text import literal

_HEADER = re.compile(r"^(\[\[?)(.*)$", re.MULTILINE)
_SEED = re.compile(r"^(\[scenario\]\n(?:.+\n)*?)seed = .*\n", re.MULTILINE)


def written(study: Study, folder: str | Path | None = None) -> str:
    """The text; reading it gives a study of the same key.

    folder: where the file will lie; plugins and data are named from there, else by their whole names.
    """
    head: dict[str, Any] = {"title": study.title, "seed": study.seed}
    if all(measure in BUILT_IN.measures for measure in study.measures):
        head["measures"] = study.measures  # of others only the arms know the files
    parts = [_table("study", head)]
    for arm in study.arms:
        parts.append(f"[arms.{arm.name}]\n")
        parts.append(_under(f"arms.{arm.name}", study.bases[arm.name].to_toml(folder)))
    if study.points[0].factors:
        parts += [_table("sweep", {"design": "list"}), _table("sweep.vary", _columns(study))]
    replicates = study.replicates
    counts = {"first": replicates.first, "step": replicates.step, "most": replicates.most}
    parts.append(_table("replicates", counts | ({"until": replicates.until} if replicates.until else {})))
    compare: dict[str, Any] = {} if study.baseline is None else {"baseline": study.baseline}
    compare |= {"contrasts": study.contrasts, "households": study.households}
    parts.append(_table("compare", compare))
    return "\n".join(parts)


def _table(name: str, keys: Mapping[str, Any]) -> str:
    lines = [f"{key if key.isidentifier() else literal(key)} = {literal(value)}" for key, value in keys.items()]
    return "\n".join([f"[{name}]", *lines, ""])


def _under(prefix: str, scenario: str) -> str:
    """The text of a scenario as tables of an arm; its luck is the study's."""
    return _HEADER.sub(lambda found: f"{found[1]}{prefix}.{found[2]}", _SEED.sub(r"\1", scenario))


def _columns(study: Study) -> dict[str, Any]:
    """The points, column by column."""
    columns: dict[str, Any] = {name: [point.factors[name] for point in study.points] for name in study.factors}
    for name, arms in study.limits.items():
        columns[name] = {"values": columns[name], "arms": arms}
    return columns
