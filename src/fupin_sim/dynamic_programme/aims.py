"""The targets of investment: where the optimal policy keeps still, and the frontier between two such places."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim.dynamic_programme.grid import place
from fupin_sim.dynamic_programme.optimum import optimum
from fupin_sim.dynamic_programme.problem import SHOCKS, Problem, Shocks
from fupin_sim.dynamic_programme.technology import SHIPPED, TRAP, Technology

Floats = NDArray[np.float64]
Aims = tuple[float, float, float]  # threshold, low, high

TABLE = Path(__file__).parents[1] / "data" / "investment_targets.csv"
ABILITIES = tuple(hundredths / 100 for hundredths in (*range(25, 120, 5), *range(120, 200, 10), *range(200, 301, 25)))
STRIDE = 0.25  # between the thresholds of neighbouring rows of the table
EDGE = 1e-3  # to which the ends of the bistable band are located

ONLY_LOW, BOTH, ONLY_HIGH = 0, 1, 2


@dataclass(frozen=True)
class Targets:
    """The capital that households of each ability aim at; abilities (a,) ascending, the rest in the same shape.

    threshold: above it the aim is high, below it low; +inf where every household ends low, 0 where every one ends high
    (low and high are then the same number).
    """

    abilities: Floats
    threshold: Floats
    low: Floats
    high: Floats

    def at(self, ability: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Threshold, low and high at any abilities, in their shape.

        Linear between two rows of the table of one kind (always low, both, always high); between rows of two kinds the
        nearer row holds, so that no aim lies between low and high. Beyond the table its first or last row holds.

        >>> table = Targets(*np.array([[0.9, 1.0, 1.1], [np.inf, 6.0, 5.0], [2.5, 3.0, 3.5], [2.5, 8.0, 9.0]]))
        >>> [column.tolist() for column in table.at([0.94, 1.05])]
        [[inf, 5.5], [2.5, 3.25], [2.5, 8.5]]
        """
        wanted = np.asarray(ability, dtype=np.float64)
        row, weight = place(self.abilities, wanted.ravel())
        kind = np.where(np.isinf(self.threshold), ONLY_LOW, np.where(self.threshold > 0, BOTH, ONLY_HIGH))
        following = np.minimum(np.arange(kind.size) + 1, kind.size - 1)
        between = (kind != kind[following]).take(row).nonzero()[0]
        weight[between] = weight[between] >= 0.5
        rest = 1.0 - weight
        finite = np.where(kind == BOTH, self.threshold, 0.0)
        threshold, low, high = (
            column.take(row) * rest + column[following].take(row) * weight for column in (finite, self.low, self.high)
        )
        node = row + (weight > 0)
        threshold[(kind == ONLY_LOW).take(node, mode="clip").nonzero()[0]] = np.inf
        return threshold.reshape(wanted.shape), low.reshape(wanted.shape), high.reshape(wanted.shape)


def solve(
    technology: Technology,
    abilities: ArrayLike,
    *,
    discount: float = 0.95,
    risk_aversion: float = 1.5,
    depreciation: float = 0.08,
    shocks: Shocks = SHOCKS,
) -> Targets:
    """The targets for ascending abilities (a,), solved anew.

    >>> solve(TRAP, [0.98], shocks=((1.0, 1.0),)).threshold.round(1).tolist()
    [5.0]
    """
    problem = Problem(technology, discount, risk_aversion, depreciation, shocks)
    each = np.atleast_1d(np.asarray(abilities, dtype=np.float64))
    return Targets(each, *np.array([_aims(problem, float(ability)) for ability in each]).T.copy())


def targets(
    technology: Technology = TRAP,
    *,
    discount: float = 0.95,
    risk_aversion: float = 1.5,
    depreciation: float = 0.08,
    shocks: Shocks = SHOCKS,
) -> Targets:
    """The targets over the whole range of abilities: the shipped table where it applies, else solved once (seconds)."""
    return _targets(Problem(technology, discount, risk_aversion, depreciation, shocks))


@lru_cache(maxsize=16)
def _targets(problem: Problem) -> Targets:
    for name, technology in SHIPPED.items():
        if problem == Problem(technology):
            return _read(name)
    return tabulate(problem)


def tabulate(problem: Problem) -> Targets:
    """Solve for ABILITIES, and between two of them wherever they are of two kinds or their thresholds far apart."""
    rows: dict[float, Aims] = {}

    def between(below: float, above: float) -> None:
        apart = _kind(rows[below]) != _kind(rows[above]) or abs(rows[above][0] - rows[below][0]) > STRIDE
        if apart and above - below > EDGE:
            middle = (below + above) / 2
            rows[middle] = _aims(problem, middle)
            between(below, middle)
            between(middle, above)

    rows.update((ability, _aims(problem, ability)) for ability in ABILITIES)
    for below, above in pairwise(ABILITIES):
        between(below, above)
    abilities = sorted(rows)
    return Targets(np.array(abilities), *np.array([rows[ability] for ability in abilities]).T.copy())


def _kind(aims: Aims) -> int:
    return ONLY_LOW if aims[0] == np.inf else BOTH if aims[0] > 0 else ONLY_HIGH


def _aims(problem: Problem, ability: float) -> Aims:
    """Threshold, low and high for one ability: where the policy without a shock first stops, next starts, last stops.

    Close to the lower end of the bistable band growth beyond the threshold is nearly nil and may stop and start again
    over a few tenths of a unit (each shock has a frontier of its own); these halts are passed over.
    """
    capital, kept, value, slope = optimum(problem, ability)
    growth = kept - capital
    stops = np.flatnonzero((growth[:-1] > 0) & (growth[1:] <= 0))
    starts = np.flatnonzero((growth[:-1] <= 0) & (growth[1:] > 0))
    if stops.size == 0:
        raise ValueError(f"no steady state of capital below {capital[-1]:.3g} for ability {ability:g}")
    low, high = _crossing(capital, growth, stops[0]), _crossing(capital, growth, stops[-1])
    if starts.size == 0:
        return (0.0 if problem.is_high(low, ability) else np.inf), low, high
    return _frontier(capital, growth, value, slope, starts[0]), low, high


def _crossing(capital: Floats, growth: Floats, i: int) -> float:
    """Where growth is nil between the nodes i and i + 1, by a straight line."""
    return float(capital[i] + (capital[i + 1] - capital[i]) * (growth[i] / (growth[i] - growth[i + 1])))


def _frontier(capital: Floats, growth: Floats, value: Floats, slope: Floats, i: int) -> float:
    """The Micawber frontier between nodes i, where the best is to run down, and i + 1, where it is to build up.

    V has a kink there, so that the tangents of the two nodes meet at it.
    """
    left, right = float(capital[i]), float(capital[i + 1])
    rise = float(slope[i + 1] - slope[i])
    if rise <= 0:
        return _crossing(capital, growth, i)
    meet = (float(value[i] - value[i + 1]) + float(slope[i + 1]) * right - float(slope[i]) * left) / rise
    return min(max(meet, left), right)


def _read(name: str) -> Targets:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["technology"] == name]
    columns = ("ability", "threshold", "low", "high")
    return Targets(*(np.array([float(row[column]) for row in rows]) for column in columns))


def write(file: Path = TABLE) -> None:
    """Solve for the shipped technologies and write the table."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(("technology", "ability", "threshold", "low", "high"))
        for name, technology in SHIPPED.items():
            table = tabulate(Problem(technology))
            columns = (table.abilities, table.threshold, table.low, table.high)
            writer.writerows((name, *map(float, row)) for row in zip(*columns, strict=True))
