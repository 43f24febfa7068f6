"""What a panel tells beyond its dates: transitions, mobility, spells, chronic and transient poverty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from fupin_sim.inference.survey_design import Design, design_of, linearised_variance
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.chronic import ChronicTransient, duclos_araar_giles, jalan_ravallion
from fupin_sim.measures.long_table import Panel
from fupin_sim.measures.mean import ratio
from fupin_sim.measures.mobility import quintile_mobility, rank_correlation
from fupin_sim.measures.spells import spells
from fupin_sim.measures.transitions import NAMES, NOT_SEEN, states
from fupin_sim.measuring.cross_section import NONE, Errors, Estimate, with_limits
from fupin_sim.measuring.table import Table
from fupin_sim.world import Array, Flags

SPELLS = ("exit", "re-entry", "entry", "exit of spells under way")
LONGEST = 10
"""Durations shown, in dates."""


@dataclass(frozen=True)
class Wide:
    """Income over the line and weights, shape (households, dates), NaN where not seen."""

    panel: Panel
    ratio: Array
    weight: Array

    @classmethod
    def of(cls, table: Table, panel: Panel) -> Wide:
        return cls(panel, panel.of(table.income / table.line), panel.of(table.weight))


def over_time(table: Table, panel: Panel, errors: Errors) -> Iterator[Estimate]:
    """All that the panel tells; raises NotMeasured for a panel of one date."""
    if len(panel.dates) < 2:
        raise NotMeasured(f"--panel: all rows are of one date, {panel.dates[0]}; a panel has at least two")
    wide = Wide.of(table, panel)
    yield from _transitions(wide, table, errors)
    yield from _mobility(wide)
    yield from _spells(wide)
    yield from _chronic(wide)


def _transitions(wide: Wide, table: Table, errors: Errors) -> Iterator[Estimate]:
    """Shares of the row, all pairs of dates in a row taken together, by the weight at the first of them."""
    state = states(wide.ratio, 1.0)
    pairs = (state[:, :-1] != NOT_SEEN) & (state[:, 1:] != NOT_SEEN)
    before, after = state[:, :-1][pairs], state[:, 1:][pairs]
    weight, design = wide.weight[:, :-1][pairs], _design(wide, table, pairs)
    for i, name in enumerate(NAMES):
        mine = before == i
        for j, other in enumerate(NAMES):
            what = f"transition:{name}>{other}"
            moved = mine & (after == j)
            share = ratio(float(weight[moved].sum()), float(weight[mine].sum()))
            if np.isnan(share):
                yield Estimate(what, share, note=f"nobody is {name}")
                continue
            slope = (moved - share * mine) / weight[mine].sum()
            known = errors.kind != NONE
            error = float(np.sqrt(linearised_variance(slope, weight, design))) if known else float("nan")
            yield with_limits(what, share, error, design)


def _design(wide: Wide, table: Table, pairs: Flags) -> Design:
    """The pairs of dates in the survey's clusters, or, where none are given, each household's in one."""
    rows = wide.panel.rows[:, :-1][pairs]
    who = np.broadcast_to(np.arange(len(pairs))[:, None], pairs.shape)[pairs]
    cluster = who if table.cluster is None else table.cluster[rows]
    return design_of(len(rows), cluster, None if table.strata is None else table.strata[rows])


def _mobility(wide: Wide) -> Iterator[Estimate]:
    """Between the first and the last date, of those seen at both."""
    there = ~np.isnan(wide.ratio[:, 0]) & ~np.isnan(wide.ratio[:, -1])
    if not there.any():
        yield Estimate("rank_correlation", np.nan, note="nobody was seen at the first and at the last date")
        return
    first, last, weight = wide.ratio[there, 0], wide.ratio[there, -1], wide.weight[there, 0]
    yield Estimate("rank_correlation", rank_correlation(first, last, weight))
    yield Estimate("quintile_mobility", quintile_mobility(first, last, weight))


def _spells(wide: Wide) -> Iterator[Estimate]:
    """Hazards by duration; each spell counts by the weight of its first date."""
    poor = np.where(np.isnan(wide.ratio), NOT_SEEN, wide.ratio < 1.0).astype(np.int8)
    found = spells(poor)
    for kind in SPELLS:
        hazard, left = found.hazards(kind, wide.weight), found.survival(kind, wide.weight)
        number = found.hazards(kind).at_risk
        for i, d in enumerate(hazard.duration[:LONGEST]):
            note = f"{number[i]:,.0f} at risk"
            yield Estimate(f"hazard:{kind}:{d}", float(hazard.hazard[i]), float(hazard.deviation[i]), note=note)
            last = int(np.searchsorted(left.time, d, side="right")) - 1  # nothing may have happened at d itself
            share, variance = (1.0, 0.0) if last < 0 else (left.survival[last], left.variance[last])
            yield Estimate(f"survival:{kind}:{d}", float(share), float(np.sqrt(variance)))


def _chronic(wide: Wide) -> Iterator[Estimate]:
    """Of those seen at every date."""
    there = np.asarray(~np.isnan(wide.ratio).any(axis=1))
    note = f"{int(there.sum()):,} of {len(there):,} households were seen at every date"
    weight = wide.weight[there, 0]
    if not there.any() or not weight.sum() > 0:
        yield Estimate("chronic", np.nan, note=note)
        return
    for name, found in (
        ("jalan_ravallion", jalan_ravallion(wide.ratio[there], 1.0, weight)),
        ("duclos_araar_giles", duclos_araar_giles(wide.ratio[there], 1.0, weight)),
    ):
        yield from _parts(name, found, note)


def _parts(name: str, found: ChronicTransient, note: str) -> Iterator[Estimate]:
    for part in ("total", "chronic", "transient"):
        yield Estimate(f"{name}:{part}", getattr(found, part), note=note)
    yield Estimate(f"{name}:transient share", found.share, note="" if found.total > 0 else "nobody is poor")
