"""What a panel tells beyond its dates: transitions, mobility, spells, chronic and transient poverty."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from fupin_sim.inference.survey_design import Design, bootstrap_weights, design_of, linearised_variance
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.chronic import ChronicTransient, duclos_araar_giles, fluctuation, jalan_ravallion
from fupin_sim.measures.long_table import Panel
from fupin_sim.measures.mean import ratio
from fupin_sim.measures.mobility import quintile_mobility, rank_correlation
from fupin_sim.measures.spells import Spells, spells
from fupin_sim.measures.transitions import NAMES, NOT_SEEN, states
from fupin_sim.measuring.cross_section import BOOTSTRAP, NONE, Errors, Estimate, with_limits
from fupin_sim.measuring.table import Table
from fupin_sim.world import Array, Flags

SPELLS = ("exit", "re-entry", "entry", "exit of spells under way")
LONGEST = 10
"""Durations shown, in dates."""
BY_BOOTSTRAP = "an error by --se bootstrap alone"


@dataclass(frozen=True)
class Wide:
    """Income over the line and weights, shape (households, dates), NaN where not seen."""

    ratio: Array
    weight: Array

    @classmethod
    def of(cls, table: Table, panel: Panel) -> Wide:
        return cls(panel.of(table.income / table.line), panel.of(table.weight))

    @property
    def always(self) -> Flags:
        """Who was seen at every date, shape (households,)."""
        return np.asarray(~np.isnan(self.ratio).any(axis=1))


@dataclass(frozen=True)
class Number:
    """One number of a panel. moves: how far each household moves it, weight × influence, shape (households,); None
    where the linearised error is not known."""

    name: str
    value: float
    moves: Array | None = None
    note: str = ""


def over_time(table: Table, panel: Panel, errors: Errors) -> Iterator[Estimate]:
    """All that the panel tells, with errors by the survey's clusters, each household in that of its first date, or by
    households where no clusters are given; raises NotMeasured for a panel of one date."""
    if len(panel.dates) < 2:
        raise NotMeasured(f"--panel: all rows are of one date, {panel.dates[0]}; a panel has at least two")
    wide, design = Wide.of(table, panel), design_at_first(table, panel)
    found = spells(np.where(np.isnan(wide.ratio), NOT_SEEN, wide.ratio < 1.0).astype(np.int8))
    drawn = list(_drawn(wide, found, design, errors))
    for number in _numbers(wide, found):
        error = _error(number, design, errors, drawn)
        known = np.isfinite(error)
        estimate = with_limits(number.name, number.value, error, design)
        lacks = not known and errors.kind != NONE and number.moves is None and not np.isnan(number.value)
        yield replace(estimate, note=number.note or (BY_BOOTSTRAP if lacks and errors.kind != BOOTSTRAP else ""))


def design_at_first(table: Table, panel: Panel) -> Design:
    """Households in the clusters and strata of their first date; where no clusters are given each is one itself."""
    first = panel.rows[np.arange(len(panel.rows)), np.argmax(panel.seen, axis=1)]
    labels = [None if column is None else column[first] for column in (table.cluster, table.strata)]
    return design_of(len(first), *labels)


def _drawn(wide: Wide, found: Spells, design: Design, errors: Errors) -> Iterator[dict[str, float]]:
    """The same numbers of each resample of clusters."""
    for i in range(errors.draws if errors.kind == BOOTSTRAP else 0):
        times = bootstrap_weights(design, np.ones(len(wide.weight)), i, errors.seed)
        again = Wide(wide.ratio, wide.weight * times[:, None])
        yield {each.name: each.value for each in _numbers(again, found)}


def _error(number: Number, design: Design, errors: Errors, drawn: list[dict[str, float]]) -> float:
    if errors.kind == BOOTSTRAP:
        found = np.array([draw.get(number.name, np.nan) for draw in drawn])
        known = found[~np.isnan(found)]
        return float(known.std(ddof=1)) if len(known) > 1 else float("nan")
    if errors.kind == NONE or number.moves is None or np.isnan(number.value):
        return float("nan")
    return float(np.sqrt(linearised_variance(number.moves, np.ones(len(number.moves)), design)))


def _numbers(wide: Wide, found: Spells) -> Iterator[Number]:
    """All that is told, at the weights of `wide`; each spell counts by the weight of its first date."""
    yield from _transitions(wide)
    yield from _mobility(wide)
    for kind in SPELLS:
        yield from _hazards(found, kind, wide)
    yield from _chronic(wide)


def _transitions(wide: Wide) -> Iterator[Number]:
    """Shares of the row, all pairs of dates in a row taken together, by the weight at the first of them."""
    state = states(wide.ratio, 1.0)
    before, after = state[:, :-1], state[:, 1:]
    pairs = (before != NOT_SEEN) & (after != NOT_SEEN)
    weight = np.where(pairs, wide.weight[:, :-1], 0.0)
    for i, name in enumerate(NAMES):
        mine = pairs & (before == i)
        all_ = float((weight * mine).sum())
        for j, other in enumerate(NAMES):
            moved = mine & (after == j)
            share = ratio(float((weight * moved).sum()), all_)
            note = f"nobody is {name}" if np.isnan(share) else ""
            moves = (weight * (moved - share * mine)).sum(axis=1) / (all_ or 1.0)
            yield Number(f"transition:{name}>{other}", share, moves, note)


def _mobility(wide: Wide) -> Iterator[Number]:
    """Between the first and the last date, of those seen at both."""
    there = ~np.isnan(wide.ratio[:, 0]) & ~np.isnan(wide.ratio[:, -1])
    if not there.any() or not wide.weight[there, 0].sum() > 0:
        yield Number("rank_correlation", np.nan, note="nobody was seen at the first and at the last date")
        return
    first, last, weight = wide.ratio[there, 0], wide.ratio[there, -1], wide.weight[there, 0]
    correlation, mobility = rank_correlation(first, last, weight), quintile_mobility(first, last, weight)
    yield Number("rank_correlation", correlation, note="all are equal at a date" if np.isnan(correlation) else "")
    yield Number("quintile_mobility", mobility, note="a fifth has nobody" if np.isnan(mobility) else "")


def _hazards(found: Spells, kind: str, wide: Wide) -> Iterator[Number]:
    """Hazards and survival by duration."""
    hazard, number = found.hazards(kind, wide.weight), found.hazards(kind).at_risk
    mine = found.of(kind) & (found.time > 0)
    who, time, ended = found.row[mine], found.time[mine], found.ended[mine]
    weight = wide.weight[who, found.start[mine]]
    left, moves_left = 1.0, np.zeros(len(wide.weight))
    for i, d in enumerate(hazard.duration[:LONGEST]):
        h, at_risk = float(hazard.hazard[i]), time >= d
        part = np.where(at_risk, weight * ((ended & (time == d)) - h), 0.0) / (hazard.at_risk[i] or 1.0)
        moves = np.bincount(who, part, len(wide.weight)).astype(np.float64)
        yield Number(f"hazard:{kind}:{d}", h, moves, f"{number[i]:,.0f} at risk")
        # S = ∏(1 − h): a hazard that moves by dh moves S by −S·dh/(1 − h); once S is 0 its error is not known.
        left *= 1.0 - h
        moves_left = moves_left - moves / (1.0 - h) if h < 1.0 else np.full(len(moves), np.nan)
        yield Number(f"survival:{kind}:{d}", left, left * moves_left)


def _chronic(wide: Wide) -> Iterator[Number]:
    """Of those seen at every date."""
    there = wide.always
    weight, income = wide.weight[there, 0], wide.ratio[there]
    people = float(weight.sum())
    if not people > 0:
        yield Number("chronic", np.nan, note="nobody was seen at every date")
        return
    gap = np.maximum(0.0, 1.0 - income)
    squared, of_mean = (gap * gap).mean(axis=1), np.maximum(0.0, 1.0 - income.mean(axis=1)) ** 2

    def moves(each: Array) -> Array:
        """Of a weighted mean; shape (households,)."""
        out = np.zeros(len(there))
        out[there] = weight * (each - (weight * each).sum() / people) / people
        return out

    jalan = jalan_ravallion(income, 1.0, weight)
    yield from _parts("jalan_ravallion", jalan, moves(squared), moves(squared - of_mean))
    duclos = duclos_araar_giles(income, 1.0, weight)
    total = moves(squared) / (2.0 * duclos.total) if duclos.total > 0 else np.zeros(len(there))
    yield from _parts("duclos_araar_giles", duclos, total, moves(fluctuation(gap)))


def _parts(name: str, found: ChronicTransient, total: Array, transient: Array) -> Iterator[Number]:
    yield Number(f"{name}:total", found.total, total)
    yield Number(f"{name}:chronic", found.chronic, total - transient)
    yield Number(f"{name}:transient", found.transient, transient)
    share = (transient - found.share * total) / found.total if found.total > 0 else None
    yield Number(f"{name}:transient share", found.share, share, "" if found.total > 0 else "nobody is poor")
