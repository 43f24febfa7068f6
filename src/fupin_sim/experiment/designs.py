"""Designs: which combinations of the factors' values are the points of a sweep."""

from __future__ import annotations

import hashlib
import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal, get_args

import numpy as np

from fupin_sim.experiment.factors import Factor
from fupin_sim.toml_text import listed

Design = Literal["grid", "list", "lhs", "sobol"]
DESIGNS: tuple[str, ...] = get_args(Design)
DRAWN = ("lhs", "sobol")
"""Designs whose points are drawn, and that therefore need to know how many."""

EDGE = 2.0**-32  # the quantile 0 of a normal is no number

Whole = Mapping[str, bool]


def size_of(design: str, factors: Sequence[Factor], points: int = 0) -> int:
    """How many points a design has, without making them; raises ValueError where it is not one.

    points: how many are wanted of a design that draws them.
    """
    if design in DRAWN:
        if design == "sobol" and points & (points - 1):
            below = 1 << (points.bit_length() - 1)
            raise ValueError(f"points = {points}: must be a power of 2 for sobol, such as {below} or {2 * below}")
        return points
    bare = [factor.name for factor in factors if factor.levels is None]
    if bare:
        raise ValueError(f"{listed(bare)}: a {design} needs single values; give steps, a step or a list")
    counts = {factor.name: len(factor.levels or ()) for factor in factors}
    if design == "grid":
        return math.prod(counts.values())
    if len(set(counts.values()) - {1}) > 1:
        told = ", ".join(f"{name} has {count}" for name, count in counts.items())
        raise ValueError(f"a list takes the first values of all factors, then the second …; {told}")
    return max(counts.values())


def points_of(
    design: str, factors: Sequence[Factor], points: int = 0, seed: int = 0, whole: Whole | None = None
) -> list[dict[str, Any]]:
    """The points, each a value by factor, in the order of the factors' names.

    grid: every combination, the last factor the fastest. list: the first values of all, then the second …; one value
    alone holds in all points. lhs: a Latin hypercube, one point in each of `points` equally probable parts of each
    factor. sobol: scrambled Sobol points, of which the first half are the points of half the size. Both are drawn from
    `seed` and from nothing else. whole: which factors take whole numbers.
    """
    ordered = sorted(factors, key=lambda factor: factor.name)
    names = [factor.name for factor in ordered]
    size_of(design, ordered, points)
    if design in DRAWN:
        rows = quantiles(design, len(ordered), points, seed)
        return [
            {f.name: f.at(float(u), bool(whole and whole.get(f.name))) for f, u in zip(ordered, row, strict=True)}
            for row in rows
        ]
    levels = [factor.levels or () for factor in ordered]
    if design == "grid":
        return [dict(zip(names, values, strict=True)) for values in itertools.product(*levels)]
    most = max(map(len, levels))
    return [{n: ls[i % len(ls)] for n, ls in zip(names, levels, strict=True)} for i in range(most)]


def quantiles(design: str, dimensions: int, points: int, seed: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Points of the unit cube, a row each."""
    from scipy.stats import qmc  # heavy, and not needed for most studies

    digest = hashlib.blake2b(f"design {seed}".encode(), digest_size=16).digest()
    luck = np.random.default_rng(int.from_bytes(digest, "little"))
    sampler = qmc.Sobol(dimensions, seed=luck) if design == "sobol" else qmc.LatinHypercube(dimensions, seed=luck)
    return np.clip(sampler.random(points), EDGE, 1 - EDGE)
