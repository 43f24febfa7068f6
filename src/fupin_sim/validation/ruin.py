"""The probability ever to fall below a threshold, against the closed form, in the loop of the month.

Capital X grows by r (X − x*) a year: output r X less consumption r x*. Losses come λ times a year and are exponential
with mean 1/α. Without any behaviour the probability of ever falling below x* is Q(λ/r, α (x − x*)), Q being the
regularised upper incomplete gamma function. Technology, consumption and loss are plugins here, lived with half a
step's growth, losses, and half a step's growth, until a path is absorbed or above 300; by a plain step, growth first
and then losses, the answer would be off by up to .013. A step is a twelfth of the mean time between losses: a month
where they come once a year. Source: Kovacevic & Pflug (2011), "Does insurance help to escape the poverty trap? A ruin
theoretic approach", Journal of Risk and Insurance.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.model import PovertyModel
from fupin_sim.month import Verb
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process, Shock

PATHS = 100_000
THRESHOLD, FAR = 10.0, 300.0
FEN_PER_UNIT = 1e7
Case = tuple[float, float, float, float]
"""r, λ, α, and x − x*: how far above the threshold a path starts."""

LISTED: tuple[tuple[Case, float], ...] = (
    ((0.504, 1.0, 1.0, 0.5), 0.90737),
    ((0.504, 1.0, 1.0, 1.0), 0.73135),
    ((0.504, 1.0, 1.0, 2.0), 0.40134),
    ((0.504, 1.0, 1.0, 4.0), 0.08984),
    ((0.504, 1.0, 2.0, 1.0), 0.40134),
    ((0.1, 0.2, 1.0, 2.0), 0.40601),
)
OTHERS: tuple[Case, ...] = ((0.3, 0.45, 1.6, 0.8), (0.9, 2.3, 2.5, 1.3), (1.2, 0.6, 0.4, 3.0))
CASES = (*(case for case, _ in LISTED), *OTHERS)


class Technology(Process):
    """Half a step's output, sold."""

    growth = Parameter(0.5, unit="per year", limits=(0.0, 10.0))
    step = Parameter(1.0 / 12, unit="years", limits=(0.0, 10.0))

    def run(self, world: Any) -> None:
        rows = alive(world)
        world.ledger.post("business", np.rint(world.households.capital[rows] * (self.share * FEN_PER_UNIT)), rows)

    @property
    def share(self) -> float:
        """What half a step adds to capital that is left alone."""
        return _exp(self.growth * self.step / 2) - 1.0


class Consumption(Process):
    """What a household needs to stand still at the threshold; all else that it has earned buys capital."""

    def run(self, world: Any) -> None:
        rows, share = alive(world), world.processes["business"].share
        world.ledger.post("consumption", np.full(len(rows), np.rint(share * THRESHOLD * FEN_PER_UNIT)), rows)
        left = world.households.wealth[rows]
        world.ledger.post("investment", left, rows)
        world.households.capital[rows] += left / FEN_PER_UNIT


class Losses(Shock):
    """As many losses as a Poisson number, each exponential; who falls below the threshold is absorbed."""

    step = Parameter(1.0 / 12, unit="years", limits=(0.0, 10.0))
    number = Parameter(1.0, unit="per year", limits=(0.0, 100.0))
    size = Parameter(1.0, unit="per unit of capital", limits=(0.0, 100.0))

    def strike(self, world: Any) -> None:
        rows, expected = alive(world), self.number * self.step
        chance = fewer = _exp(-expected)
        u, nth = world.draw("losses", rows), 1
        while (u > fewer).any():
            rows, u = rows[u > fewer], u[u > fewer]
            world.households.capital[rows] += maths.log(world.draw(f"loss {nth}", rows)) / self.size
            chance *= expected / nth
            fewer, nth = fewer + chance, nth + 1


@cache
def _exp(x: float) -> float:
    return float(maths.exp(np.array(x)))


def alive(world: Any) -> NDArray[np.intp]:
    """Rows of the paths that are neither absorbed nor far beyond."""
    capital = world.households.capital
    return np.flatnonzero((capital >= THRESHOLD) & (capital <= FAR))


class Ruin(PovertyModel):
    """The simulation, living by another list of verbs."""

    VERBS = (
        Verb("set", "", ()),
        Verb("grow", "half a step", ("business", "consumption")),
        Verb("suffer", "losses", ()),
        Verb("grow_on", "the other half", ("business", "consumption")),
    )

    @property
    def verbs(self) -> tuple[Verb, ...]:
        return self.VERBS

    def _engage(self) -> None:
        super()._engage()
        self.world.processes = {"business": Technology(), "consumption": Consumption()}
        self.world.shocks = {"losses": Losses()}

    def absorbed(self, growth: float, number: float, size: float, above: float) -> float:
        """The share of paths that start so much above the threshold and ever fall below it."""
        world, step = self.world, 1.0 / (12.0 * number)
        world.processes["business"].values.update(growth=growth, step=step)
        world.shocks["losses"].values.update(number=number, size=size, step=step)
        world.households.wealth[:], world.households.capital[:] = 0.0, THRESHOLD + above
        while len(alive(world)):
            self._live()
        return float((world.households.capital < THRESHOLD).mean())


class Plain(Ruin):
    """The same by the plain step."""

    VERBS = (Ruin.VERBS[0], Ruin.VERBS[1], Ruin.VERBS[3], Ruin.VERBS[2])


def model(kind: type[Ruin] = Ruin, paths: int = PATHS, **options: Any) -> Ruin:
    """So many paths, in a model without families or burn-in."""
    settings = {
        "population.counties": 1, "population.villages": 10, "population.households": paths // 10,
        "burn_in.months": 0, "process.family.on": False,
    }  # fmt: skip
    return kind(**{**settings, **options})


def expected(growth: float, number: float, size: float, above: float) -> float:
    """Q(λ/r, α (x − x*))."""
    from scipy.special import gammaincc

    return float(gammaincc(number / growth, size * above))


def allowed(case: Case, paths: int = PATHS) -> float:
    """Two standard errors of a share of so many paths."""
    p = expected(*case)
    return float(2 * np.sqrt(p * (1 - p) / paths))
