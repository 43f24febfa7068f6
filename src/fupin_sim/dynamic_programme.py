"""How much capital a forward-looking household aims at: the two-technology model of poverty traps, solved.

A household of ability α lives for ever, produces f(k) = max(α k^.30, α k^.45 − .45) from capital k, consumes c, and
loses capital to wear and to shocks:

    V(k) = max over s of  u(f(k) + (1 − δ) k − s) + β E V(θ s),    u(c) = c^(1 − ρ) / (1 − ρ)

What is kept (s) is decided before the shock θ is known, and the shock strikes all of it. Other timings (θ on the old
stock only, known before the choice; θ − δ on all resources) move the threshold by .15 to 2 and do not give the
published frontier. Source: Ikegami, Carter, Barrett & Janzen (2016), "Poverty traps and the social protection paradox",
NBER working paper 22714.

Three numbers per ability are enough for the month of the simulation, and are shipped as a table for the default
parameters (`python -m fupin_sim.dynamic_programme --write` makes it anew):

- low, high: the capital at which the optimal policy keeps still as long as no shock comes (θ = 1);
- threshold k̂, the Micawber frontier: above it the policy builds up to high, below it runs down to low.
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim import maths

Floats = NDArray[np.float64]
Aims = tuple[float, float, float]  # threshold, low, high
Shocks = tuple[tuple[float, float], ...]  # (share of the capital that is left, probability)

SHOCKS: Shocks = ((0.7, 0.02), (0.8, 0.03), (0.9, 0.05), (1.0, 0.90))
NO_SHOCKS: Shocks = ((1.0, 1.0),)
TABLE = Path(__file__).parent / "data" / "investment_targets.csv"

NODES = 240
FIRST_NODE = 0.05  # square root of the least capital as a share of the largest
HEADROOM = 1.6  # the grid ends this much above the highest steady state
EVALUATIONS = 20  # of a policy between two improvements
IMPROVEMENTS = 80
TOLERANCE = 3e-6  # in what is kept, relative to capital
THREE = np.array([[-1], [0], [1]])
STRIDE = 0.25  # between the thresholds of neighbouring rows of the table
EDGE = 1e-3  # to which the ends of the bistable band are located


@dataclass(frozen=True)
class Technology:
    """Output of a year from capital k and ability α: the better of two techniques, the second with a fixed cost.

    f(k, α) = max(low_scale α k^low_exponent, high_scale α k^high_exponent − fixed_cost). With high_scale = 0 there is
    one technique, and no trap.

    >>> TRAP.output([1.0, 10.0], 1.0).round(3).tolist()
    [1.0, 2.368]
    """

    low_scale: float = 1.0
    low_exponent: float = 0.30
    high_scale: float = 1.0
    high_exponent: float = 0.45
    fixed_cost: float = 0.45

    def __post_init__(self) -> None:
        if not (0 < self.low_exponent < 1 and 0 < self.high_exponent < 1):
            raise ValueError("exponents lie between 0 and 1")
        if not (self.low_scale > 0 and self.high_scale >= 0 and self.fixed_cost >= 0):
            raise ValueError("the low scale is above 0, the high scale and the fixed cost are not below 0")

    def output(self, capital: ArrayLike, ability: ArrayLike) -> Floats:
        """f(k, α), elementwise; capital ≥ 0."""
        log_capital, ability = maths.log(capital), np.asarray(ability, dtype=np.float64)
        low: Floats = self.low_scale * ability * maths.exp(self.low_exponent * log_capital)
        if self.high_scale == 0:
            return low
        high = self.high_scale * ability * maths.exp(self.high_exponent * log_capital) - self.fixed_cost
        return np.maximum(low, high)

    def uses_high(self, capital: ArrayLike, ability: ArrayLike) -> NDArray[np.bool_]:
        """Whether the second technique yields more."""
        only_low = replace(self, high_scale=0.0)
        return np.asarray(self.output(capital, ability) > only_low.output(capital, ability))

    def marginal(self, capital: ArrayLike, ability: ArrayLike) -> Floats:
        """∂f/∂k of the technique in use, elementwise; capital > 0."""
        high = self.uses_high(capital, ability)
        scale = np.where(high, self.high_scale * self.high_exponent, self.low_scale * self.low_exponent)
        exponent = np.where(high, self.high_exponent, self.low_exponent)
        slope: Floats = scale * np.asarray(ability) * maths.power(capital, exponent - 1.0)
        return slope

    def steady(self, ability: float, cost: float) -> tuple[float, float]:
        """Capital at which each technique earns its cost at the margin: γ a α k^(γ−1) = cost.

        Without shocks these are the two steady states, at cost 1/β − 1 + δ.

        >>> [round(k, 2) for k in TRAP.steady(1.0, 1 / 0.95 - 1 + 0.08)]
        [3.21, 9.22]
        """
        low, high = (
            float(maths.power(exponent * scale * ability / cost, 1.0 / (1.0 - exponent)))
            for scale, exponent in ((self.low_scale, self.low_exponent), (self.high_scale, self.high_exponent))
        )
        return low, high


TRAP = Technology()
NO_TRAP = Technology(low_scale=0.981, low_exponent=0.345, high_scale=0.0, fixed_cost=0.0)
SHIPPED = {"trap": TRAP, "no_trap": NO_TRAP}
ABILITIES = tuple(hundredths / 100 for hundredths in (*range(25, 120, 5), *range(120, 200, 10), *range(200, 301, 25)))


@dataclass(frozen=True)
class Problem:
    """A household's problem but for its ability; its methods are the pieces of the Bellman equation."""

    technology: Technology = TRAP
    discount: float = 0.95
    risk_aversion: float = 1.5
    depreciation: float = 0.08
    shocks: Shocks = SHOCKS

    def __post_init__(self) -> None:
        left, probability = zip(*self.shocks, strict=True)
        if not (min(left) > 0 and max(left) <= 1 and abs(sum(probability) - 1) < 1e-9 and min(probability) >= 0):
            raise ValueError("shocks leave a share in (0, 1], and their probabilities sum to 1")
        if not (0 < self.discount < 1 and 0 < self.depreciation <= 1 and self.risk_aversion > 0):
            raise ValueError("discount in (0, 1), depreciation in (0, 1], risk aversion above 0")

    def utility(self, consumption: Floats) -> Floats:
        """u(c), −inf where c ≤ 0."""
        positive = consumption > 0
        eaten = np.where(positive, consumption, 1.0)
        if self.risk_aversion == 1:
            value: Floats = maths.log(eaten)
        else:
            value = maths.power(eaten, 1.0 - self.risk_aversion) / (1.0 - self.risk_aversion)
        return np.where(positive, value, -np.inf)

    def marginal_utility(self, consumption: Floats) -> Floats:
        return maths.power(consumption, -self.risk_aversion)

    def consumption(self, marginal_utility: Floats) -> Floats:
        return maths.power(marginal_utility, -1.0 / self.risk_aversion)

    def is_high(self, capital: float, ability: float) -> bool:
        """Whether this is a life by the better technique, or there is only one."""
        return self.technology.high_scale == 0 or bool(self.technology.uses_high(capital, ability))

    def grid(self, ability: float) -> Floats:
        """Nodes of capital (n,), evenly spaced in the square root, from far below the low to above the high state."""
        steady = self.technology.steady(ability, 1.0 / self.discount - 1.0 + self.depreciation)
        root = FIRST_NODE + (1.0 - FIRST_NODE) * np.arange(NODES) / (NODES - 1)
        nodes: Floats = HEADROOM * max(steady) * root * root
        if nodes[0] > steady[0] / 4:
            raise ValueError(
                f"techniques too far apart: capital {steady[0]:.3g} by the low, {steady[1]:.3g} by the high"
            )
        return nodes


@dataclass(frozen=True)
class Policy:
    """What an optimal household keeps, on a grid of capital for each ability it was solved for.

    abilities (a,) ascending; capital, kept, value, slope (a, n): after a year without a shock the capital is `kept`;
    value is V and slope dV/dk.
    """

    abilities: Floats
    capital: Floats
    kept: Floats
    value: Floats
    slope: Floats

    def keeps(self, capital: ArrayLike, ability: ArrayLike) -> Floats:
        """s(k, α), elementwise: linear between the nodes of capital, exact on the abilities solved for.

        Between two of those abilities the two answers are averaged by nearness. Above the grid the last cell goes on,
        below it the share kept stays that of the first node.
        """
        k, a = np.broadcast_arrays(np.asarray(capital, dtype=np.float64), np.asarray(ability, dtype=np.float64))
        row, weight = _place(self.abilities, a)
        below = self._on_row(row, k)
        return np.where(weight > 0, below + weight * (self._on_row(row + (weight > 0), k) - below), below)

    def _on_row(self, row: NDArray[np.intp], k: Floats) -> Floats:
        cell = _cell(k, self.capital[row, -1])
        left, right = self.capital[row, cell], self.capital[row, cell + 1]
        at_left = self.kept[row, cell]
        between = at_left + (k - left) / (right - left) * (self.kept[row, cell + 1] - at_left)
        return np.where(k < left, at_left * (k / left), between)


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
        row, weight = _place(self.abilities, np.asarray(ability, dtype=np.float64))
        kind = np.where(np.isinf(self.threshold), ONLY_LOW, np.where(self.threshold > 0, BOTH, ONLY_HIGH))
        following = np.minimum(row + 1, self.abilities.size - 1)
        weight = np.where(kind[row] == kind[following], weight, weight >= 0.5)
        finite = np.where(kind == BOTH, self.threshold, 0.0)
        threshold, low, high = (
            column[row] * (1.0 - weight) + column[following] * weight for column in (finite, self.low, self.high)
        )
        return np.where(kind[np.where(weight > 0, following, row)] == ONLY_LOW, np.inf, threshold), low, high


def policy(
    technology: Technology,
    abilities: ArrayLike,
    *,
    discount: float = 0.95,
    risk_aversion: float = 1.5,
    depreciation: float = 0.08,
    shocks: Shocks = SHOCKS,
) -> Policy:
    """The optimal policy for ascending abilities (a,); about 40 ms for each."""
    problem = Problem(technology, discount, risk_aversion, depreciation, shocks)
    each = np.atleast_1d(np.asarray(abilities, dtype=np.float64))
    return Policy(each, *(np.array(rows) for rows in zip(*(_optimum(problem, float(a)) for a in each), strict=True)))


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

    >>> solve(TRAP, [0.98], shocks=NO_SHOCKS).threshold.round(1).tolist()
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
    capital, kept, value, slope = _optimum(problem, ability)
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


def _optimum(problem: Problem, ability: float) -> tuple[Floats, Floats, Floats, Floats]:
    """Capital, what is kept, value and its slope on the grid, by policy iteration; each (n,).

    An improvement compares keeping every node, which finds the better of two lives, and a parabola through the best
    and its neighbours; around its top the Euler equation u'(c) = β E θ V'(θ s), solved for c so that it is almost a
    straight line in s, gives what is kept. The slope is V' = u'(c) (f' + 1 − δ), the envelope theorem.
    """
    technology = problem.technology
    capital = problem.grid(ability)
    output = technology.output(capital, ability)
    resources = output + (1.0 - problem.depreciation) * capital
    gross_return = technology.marginal(capital, ability) + 1.0 - problem.depreciation
    rows, prospect_of_nodes = np.arange(NODES), _Prospect(problem, capital, capital)
    pleasure_of_nodes = problem.utility(resources[:, None] - capital)

    before, consumption = capital, 0.9 * output
    value = problem.utility(consumption) / (1.0 - problem.discount)
    slope = problem.marginal_utility(consumption) * gross_return
    for _ in range(IMPROVEMENTS):
        worth = pleasure_of_nodes + prospect_of_nodes(value, slope)
        around = np.clip(worth.argmax(axis=1), 1, NODES - 2) + THREE
        kept = _top(capital[around], worth[rows, around])
        near = np.clip(kept + (capital[around[2]] - capital[around[0]]) / 16.0 * THREE, capital[0], capital[-1])
        wanted = problem.consumption(_Prospect(problem, capital, near).marginal(slope))
        kept = _root(near, wanted - (resources - near))

        consumption, moved = resources - kept, np.abs(kept - before)
        slope = problem.marginal_utility(consumption) * gross_return
        prospect, pleasure = _Prospect(problem, capital, kept), problem.utility(consumption)
        value = prospect.repeat(EVALUATIONS, pleasure, value, slope)
        if (moved <= TOLERANCE * capital).all():
            break
        before = kept
    return capital, kept, value, slope


def _top(x: Floats, y: Floats) -> Floats:
    """Where the parabola through the points x, y (3, n), x ascending, is highest within them; x[1] if it has no top."""
    with np.errstate(invalid="ignore", divide="ignore"):  # y may be −inf, and x the same twice at an end of the grid
        up, down = (y[1] - y[0]) / (x[1] - x[0]), (y[2] - y[1]) / (x[2] - x[1])
        bend = (down - up) / (x[2] - x[0])
    arched = np.isfinite(bend) & (bend < 0)
    top = 0.5 * (x[0] + x[1]) - np.where(arched, up, 0.0) / (2.0 * np.where(arched, bend, -1.0))
    result: Floats = np.where(arched, np.clip(top, x[0], x[2]), x[1])
    return result


def _root(x: Floats, y: Floats) -> Floats:
    """Where the line through the outer of three points x, y (3, n) is nil; x[1] where it does not rise through nil."""
    rises = (y[0] < 0) & (y[2] > 0)
    nil = x[0] + (x[2] - x[0]) * (y[0] / np.where(rises, y[0] - y[2], 1.0))
    result: Floats = np.where(rises, nil, x[1])
    return result


class _Prospect:
    """β E V(θ s) for an array of s, from values and slopes of V at the nodes (cubic Hermite interpolation).

    A shock is taken to leave the first node at least; nobody stays that poor.
    """

    def __init__(self, problem: Problem, nodes: Floats, kept: Floats) -> None:
        left, probability = np.array(problem.shocks).T.reshape(2, -1, *(1,) * kept.ndim)
        points, chance = np.maximum(left * kept, nodes[0]), problem.discount * probability
        self.cell = _cell(points, nodes[-1])
        self.following = self.cell + 1
        width = nodes[self.following] - nodes[self.cell]
        t = (points - nodes[self.cell]) / width
        self.share, self.chance_left = t, chance * left
        right = t * t * (3.0 - 2.0 * t)
        self.weights = chance * (1.0 - right), chance * right
        self.slope_weights = chance * width * t * (1.0 - t) * (1.0 - t), -chance * width * t * t * (1.0 - t)

    def __call__(self, value: Floats, slope: Floats) -> Floats:
        return self._sum(self.weights, value) + self._sum(self.slope_weights, slope)

    def marginal(self, slope: Floats) -> Floats:
        """d/ds β E V(θ s), with 1 / (dV/dk), which is almost straight, interpolated linearly."""
        flatness = 1.0 / slope
        left, right = flatness.take(self.cell), flatness.take(self.following)
        total: Floats = (self.chance_left / (left + self.share * (right - left))).sum(axis=0)
        return total

    def repeat(self, times: int, pleasure: Floats, value: Floats, slope: Floats) -> Floats:
        """The value of enjoying `pleasure` now and keeping s, again and again; slopes stay."""
        constant = pleasure + self._sum(self.slope_weights, slope)
        for _ in range(times):
            value = constant + self._sum(self.weights, value)
        return value

    def _sum(self, weights: tuple[Floats, Floats], column: Floats) -> Floats:
        each = weights[0] * column.take(self.cell) + weights[1] * column.take(self.following)
        total: Floats = each.sum(axis=0)
        return total


def _cell(capital: Floats, largest: Floats) -> NDArray[np.intp]:
    """The cell of the grid a capital lies in: nodes are evenly spaced in the square root."""
    place = (np.sqrt(capital / largest) - FIRST_NODE) * ((NODES - 1) / (1.0 - FIRST_NODE))
    return np.clip(np.floor(place), 0, NODES - 2).astype(np.intp)


def _place(nodes: Floats, x: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The node at or below x, and how far x is on the way to the next (0 … 1); x beyond the ends counts as the end."""
    row = np.clip(np.searchsorted(nodes, x, side="right") - 1, 0, max(nodes.size - 2, 0))
    following = np.minimum(row + 1, nodes.size - 1)
    width = nodes[following] - nodes[row]
    return row, np.clip((x - nodes[row]) / np.where(width > 0, width, 1.0), 0.0, 1.0)


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


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        write()
    else:
        print("usage: python -m fupin_sim.dynamic_programme --write   (writes the table of targets)")
