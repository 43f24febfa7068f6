"""The optimal policy: what a household keeps of its resources, by policy iteration on a grid of capital."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim.dynamic_programme.grid import cell_of, place
from fupin_sim.dynamic_programme.problem import SHOCKS, Problem, Shocks
from fupin_sim.dynamic_programme.technology import Technology

Floats = NDArray[np.float64]

EVALUATIONS = 20  # of a policy between two improvements
IMPROVEMENTS = 80
TOLERANCE = 3e-6  # in what is kept, relative to capital
THREE = np.array([[-1], [0], [1]])


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
        row, weight = place(self.abilities, a)
        below = self._on_row(row, k)
        return np.where(weight > 0, below + weight * (self._on_row(row + (weight > 0), k) - below), below)

    def _on_row(self, row: NDArray[np.intp], k: Floats) -> Floats:
        cell = cell_of(k, self.capital[row, -1])
        left, right = self.capital[row, cell], self.capital[row, cell + 1]
        at_left = self.kept[row, cell]
        between = at_left + (k - left) / (right - left) * (self.kept[row, cell + 1] - at_left)
        return np.where(k < left, at_left * (k / left), between)


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
    return Policy(each, *(np.array(rows) for rows in zip(*(optimum(problem, float(a)) for a in each), strict=True)))


def optimum(problem: Problem, ability: float) -> tuple[Floats, Floats, Floats, Floats]:
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
    rows, prospect_of_nodes = np.arange(capital.size), _Prospect(problem, capital, capital)
    pleasure_of_nodes = problem.utility(resources[:, None] - capital)

    before, consumption = capital, 0.9 * output
    value = problem.utility(consumption) / (1.0 - problem.discount)
    slope = problem.marginal_utility(consumption) * gross_return
    for _ in range(IMPROVEMENTS):
        worth = pleasure_of_nodes + prospect_of_nodes(value, slope)
        around = np.clip(worth.argmax(axis=1), 1, capital.size - 2) + THREE
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
        self.cell = cell_of(points, nodes[-1])
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
