"""Output of a year from capital and ability, by one technique or the better of two."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim import maths

Floats = NDArray[np.float64]


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
