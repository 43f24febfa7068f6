"""Survey design: strata and clusters, and the variance that an estimate gets from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.draws import Draws, luck_key
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.world import Array

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Design:
    """cluster: place of each row among the clusters, shape (n,). stratum: of each cluster, shape (clusters,).
    alone: labels of strata with one cluster, which add nothing to the variance."""

    cluster: Places
    stratum: Places
    alone: tuple[str, ...]

    @property
    def degrees(self) -> int:
        """Clusters less strata: the degrees of freedom of the t distribution."""
        return len(self.stratum) - len(np.unique(self.stratum))


def design_of(n: int, cluster: NDArray[Any] | None = None, stratum: NDArray[Any] | None = None) -> Design:
    """The design of n rows; without clusters each row is one, without strata there is one stratum.

    cluster, stratum: labels, shape (n,); equal labels in different strata are different clusters.

    >>> found = design_of(4, np.array([1, 1, 2, 1]), np.array(["n", "n", "n", "s"]))
    >>> found.cluster.tolist(), found.stratum.tolist(), found.alone, found.degrees
    ([0, 0, 1, 2], [0, 0, 1], ('s',), 1)
    """
    names, of = np.unique(np.zeros(n) if stratum is None else stratum, return_inverse=True)
    inner = np.arange(n) if cluster is None else np.unique(cluster, return_inverse=True)[1]
    if len(of) != n or len(inner) != n:
        raise NotMeasured(f"design: {n} rows, {len(of)} strata labels, {len(inner)} cluster labels")
    keys, place = np.unique(of.astype(np.int64) * n + inner, return_inverse=True)
    of_cluster = keys // n
    alone = tuple(str(names[each]) for each in np.flatnonzero(np.bincount(of_cluster, minlength=len(names)) == 1))
    return Design(place.astype(np.int64), of_cluster.astype(np.int64), alone)


def linearised_variance(influence: Array, weight: Array, design: Design) -> float:
    """V = Σ_h n_h/(n_h − 1) Σ_c (u_hc − ū_h)², u the sum over a cluster of weight × influence.

    influence: derivative of the estimate with regard to each weight, shape (n,). Strata with one cluster add nothing.
    Missing (NaN) when every stratum has one cluster. Source: Binder 1983; Deville 1999.
    """
    total = np.bincount(design.cluster, weight * influence, len(design.stratum))
    number = np.bincount(design.stratum)
    mean = np.bincount(design.stratum, total) / np.maximum(number, 1)
    away = np.bincount(design.stratum, (total - mean[design.stratum]) ** 2)
    more = number > 1
    return float((away[more] * number[more] / (number[more] - 1)).sum()) if more.any() else np.nan


def bootstrap_weights(design: Design, weight: Array, replicate: int, seed: int = 1) -> Array:
    """Weights of one bootstrap replicate: n_h − 1 clusters drawn with replacement in each stratum, rescaled.

    The same for the same seed and replicate, whatever else was drawn. A stratum with one cluster keeps it.
    Source: Rao & Wu 1988; Rao, Wu & Yue 1992.
    """
    number = np.bincount(design.stratum)
    draws = np.maximum(number - 1, 0)
    first = np.concatenate([[0], np.cumsum(number)[:-1]])
    of_draw = np.repeat(np.arange(len(number)), draws)
    u = Draws(seed).uniform("bootstrap", replicate, luck_key(0, np.arange(len(of_draw))))
    drawn = first[of_draw] + np.minimum((u * number[of_draw]).astype(np.int64), number[of_draw] - 1)
    times = np.bincount(drawn, minlength=len(design.stratum))
    factor = np.where(number[design.stratum] > 1, times * (number / np.maximum(draws, 1))[design.stratum], 1.0)
    return np.asarray(weight * factor[design.cluster])
