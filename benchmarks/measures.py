"""Measures: seconds for a million weighted incomes, and how that grows with their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from benchmarks.bars import Bar, Report
from benchmarks.clock import best
from fupin_sim import maths
from fupin_sim.draws import Draws, luck_key
from fupin_sim.inference.influence import of_gini
from fupin_sim.measures.atkinson import atkinson
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.mobility import rank_correlation
from fupin_sim.measures.multidimensional import alkire_foster
from fupin_sim.measures.palma import palma
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.sen import sen, sen_shorrocks_thon
from fupin_sim.measures.spells import spells
from fupin_sim.measures.survival import kaplan_meier
from fupin_sim.measures.theil import theil
from fupin_sim.measures.watts import watts
from fupin_sim.world import Array

INCOMES, FEW = 1_000_000, 1_000
GINI_S = 0.5
NO_STEEPER = 32.0
"""Eight times the incomes may take this many times as long: n log n stays below it; n² takes 64."""

Work = Callable[[Array, Array], object]
WORKS: Mapping[str, Work] = {
    "gini": gini,
    "fgt, squared gap": lambda y, w: fgt(y, 30.0, w, 2),
    "watts": lambda y, w: watts(y, 30.0, w),
    "sen": lambda y, w: sen(y, 30.0, w),
    "sen_shorrocks_thon": lambda y, w: sen_shorrocks_thon(y, 30.0, w),
    "theil": theil,
    "atkinson": atkinson,
    "palma": palma,
    "influence of gini": of_gini,
    "rank_correlation": lambda y, w: rank_correlation(y, y[::-1].copy(), w),
    "alkire_foster": lambda y, w: alkire_foster((y[:, None] % 4 < [1, 2, 3]), [0.25, 0.25, 0.5], 0.5, w),
    "kaplan_meier": lambda y, w: kaplan_meier(np.floor(y) + 1.0, w > 2, w),
    "spells, ten dates": lambda y, w: spells((y[: len(y) // 10 * 10].reshape(-1, 10) < 30.0).astype(np.int8)),
}


def run(tiny: bool = False) -> Report:
    """Processor time of each, for all incomes and for an eighth of them."""
    many = FEW if tiny else INCOMES
    luck, draws = luck_key(0, np.arange(many)), Draws(1)
    y = maths.exp(3.6 + 0.6 * draws.normal("income", 0, luck))
    w = 1.0 + np.floor(6.0 * draws.uniform("size", 0, luck))
    rows, bars = [], []
    for name, work in WORKS.items():
        whole, part = (best(lambda n=n, work=work: work(y[:n], w[:n]), 3).cpu for n in (many, many // 8))
        rows.append((name, f"{whole:.3f}", f"{whole / part:.1f}" if part else "–"))
        if name == "gini":
            bars.append(Bar("seconds for the Gini of a million weighted incomes", whole, GINI_S))
        if part and not tiny:
            bars.append(Bar(f"{name}: times as long for eight times the incomes", whole / part, NO_STEEPER))
    return Report("Measures", ("", f"s for {many:,}", "times an eighth"), rows, bars)
