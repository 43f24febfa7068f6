"""The table [sweep]: what is varied, by which design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fupin_sim.errors import nearest
from fupin_sim.experiment.designs import DESIGNS, DRAWN, size_of
from fupin_sim.experiment.factors import Factor, factors_of
from fupin_sim.experiment.own_tables import Wrong, table_of
from fupin_sim.toml_text import listed, shown

MOST_CELLS = 100_000
LUCK_AND_WORDS = ("scenario.seed", "scenario.title", "scenario.description", "measures.use")
"""Paths that no factor may have: what they say is the study's."""


@dataclass
class Sweep:
    """What [sweep] says; a study that has none is one point. size: how many points there are; 0 where it is wrong."""

    design: str = "grid"
    factors: list[Factor] = field(default_factory=list)
    points: int = 0
    size: int = 1


def sweep_of(tables: Mapping[str, Any], arms: list[str], wrong: Wrong) -> Sweep:
    """[sweep] and [sweep.vary], without a look at the scenarios."""
    if "sweep" not in tables:
        return Sweep()
    table = table_of(tables, "sweep", ("design", "points", "vary"), wrong)
    sweep = Sweep(design=table.get("design", "grid"))
    if sweep.design not in DESIGNS:
        allowed = f"{listed(DESIGNS)}.{nearest(str(sweep.design), DESIGNS)}"
        wrong(f"[sweep] design = {shown(sweep.design)}: allowed are {allowed}")
        sweep.size = 0
    sweep.points = _points(table, sweep, wrong)
    sweep.factors = _factors(table.get("vary", {}), arms, wrong)
    _twice(sweep, wrong)
    if sweep.factors and sweep.size:
        try:
            sweep.size = size_of(sweep.design, sweep.factors, sweep.points)
        except ValueError as error:
            wrong(f"[sweep] {error}")
            sweep.size = 0
    if sweep.size * len(arms) > MOST_CELLS:
        wrong(
            f"[sweep]: {sweep.size:,} points and {len(arms)} arms; a study has at most {MOST_CELLS:,} of both together"
        )
        sweep.size = 0
    return sweep


def _points(table: Mapping[str, Any], sweep: Sweep, wrong: Wrong) -> int:
    points = table.get("points")
    if sweep.design in DRAWN:
        if not isinstance(points, bool) and isinstance(points, int) and 1 <= points <= MOST_CELLS:
            return points
        said = "is missing" if points is None else f"= {shown(points)}: must be a whole number from 1 to {MOST_CELLS:,}"
        wrong(f"[sweep] points {said}; how many points {sweep.design} is to draw")
        sweep.size = 0
    elif points is not None and sweep.size:
        wrong(f"[sweep] points = {shown(points)}: a {sweep.design} has as many points as its values make; leave it out")
    return 0


def _factors(vary: Any, arms: list[str], wrong: Wrong) -> list[Factor]:
    if not isinstance(vary, Mapping) or not vary:
        wrong('[sweep.vary]: must say what is varied, such as "process.illness.risk" = [0.02, 0.05]')
        return []
    factors: list[Factor] = []
    for name, form in vary.items():
        if "." not in str(name) and isinstance(form, Mapping) and "dist" not in form and "from" not in form:
            wrong(f'[sweep.vary] {name}: write the whole path in quotes, such as "process.illness.risk"')
            continue
        try:
            found = factors_of(str(name), form)
        except ValueError as error:
            sentence = str(error)
            wrong(f"[sweep.vary] {name}{' ' if sentence.startswith('=') else ': '}{sentence}")
            continue
        if found[0].path in LUCK_AND_WORDS:
            wrong(f"[sweep.vary] {name}: is the study's, not a scenario's, and cannot be varied")
            continue
        strange = [arm for arm in found[0].arms or () if arm not in arms]
        for arm in strange:
            wrong(f"[sweep.vary] {name}: arms: no arm {shown(arm)}.{nearest(arm, arms)}  Arms: {listed(arms)}")
        factors += found
    return factors


def _twice(sweep: Sweep, wrong: Wrong) -> None:
    """Refuse what is varied twice, and a value that would make two points of a grid the same."""
    names = [factor.name for factor in sweep.factors]
    for name in dict.fromkeys(name for name in names if names.count(name) > 1):
        wrong(f"[sweep.vary] {name}: is varied twice")
    dated = {factor.path for factor in sweep.factors if factor.since}
    for factor in sweep.factors:
        if not factor.since and factor.path in dated:
            wrong(f"[sweep.vary] {factor.path}: is varied from a date on and as a whole; keep one")
        levels = [shown(level, 200) for level in factor.levels or ()]
        if sweep.design == "grid" and len({*levels}) < len(levels):
            twice = next(level for level in levels if levels.count(level) > 1)
            wrong(f"[sweep.vary] {factor.name}: {twice} stands there twice")
