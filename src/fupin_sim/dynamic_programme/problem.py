"""The problem of a household that lives for ever: technology, preferences, wear and shocks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.dynamic_programme.grid import nodes_up_to
from fupin_sim.dynamic_programme.technology import TRAP, Technology

Floats = NDArray[np.float64]
Shocks = tuple[tuple[float, float], ...]  # (share of the capital that is left, probability)

SHOCKS: Shocks = ((0.7, 0.02), (0.8, 0.03), (0.9, 0.05), (1.0, 0.90))
NO_SHOCKS: Shocks = ((1.0, 1.0),)
HEADROOM = 1.6  # the grid ends this much above the highest steady state


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
        nodes = nodes_up_to(HEADROOM * max(steady))
        if nodes[0] > steady[0] / 4:
            low, high = steady
            raise ValueError(f"techniques too far apart: capital {low:.3g} by the low, {high:.3g} by the high")
        return nodes
