"""The indices that a table is measured by, each with its influence, from which its standard error is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from fupin_sim.inference import influence
from fupin_sim.measures.atkinson import atkinson
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.mean import weighted_mean
from fupin_sim.measures.palma import palma
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.sen import sen, sen_shorrocks_thon
from fupin_sim.measures.theil import mean_log_deviation, theil
from fupin_sim.measures.watts import watts
from fupin_sim.world import Array


@dataclass(frozen=True)
class Index:
    """value and influence of (income, line, weight), all of shape (n,)."""

    value: Callable[[Array, Array, Array], float]
    influence: Callable[[Array, Array, Array], Array]


def _fgt(alpha: int) -> Index:
    return Index(lambda y, z, w: fgt(y, z, w, alpha), lambda y, z, w: influence.of_fgt(y, z, w, alpha))


def _of_income(value: Callable[[Array, Array], float], slope: Callable[[Array, Array], Array]) -> Index:
    return Index(lambda y, z, w: value(y, w), lambda y, z, w: slope(y, w))


INDICES: Mapping[str, Index] = {
    "mean": _of_income(weighted_mean, influence.of_mean),
    "headcount": _fgt(0),
    "poverty_gap": _fgt(1),
    "squared_gap": _fgt(2),
    "watts": Index(watts, influence.of_watts),
    "sen": Index(sen, influence.of_sen),
    "sen_shorrocks_thon": Index(sen_shorrocks_thon, influence.of_sst),
    "gini": _of_income(gini, influence.of_gini),
    "theil": _of_income(theil, influence.of_theil),
    "mean_log_deviation": _of_income(mean_log_deviation, influence.of_mld),
    "atkinson": _of_income(atkinson, influence.of_atkinson),
    "palma": _of_income(palma, influence.of_palma),
}
