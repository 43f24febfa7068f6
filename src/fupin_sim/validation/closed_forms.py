"""Closed forms: measures of populations whose answer is known exactly, taken by the measures that runs are taken by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fupin_sim import maths
from fupin_sim.draws import Draws, luck_key
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.spells import spells
from fupin_sim.world import Array

PEOPLE = 100_000
YEARS = 60


@dataclass(frozen=True)
class Known:
    """words: what is measured. expected, found, within: the exact answer, ours, and how near it must be."""

    words: str
    expected: float
    found: float
    within: float

    @property
    def hit(self) -> bool:
        """Whether it is near enough."""
        return abs(self.found - self.expected) <= self.within


def closed_forms() -> list[Known]:
    """Gini of Pareto and Weibull, FGT of a uniform, spells of a Markov chain, variance of an autoregression."""
    u, one = (np.arange(PEOPLE) + 0.5) / PEOPLE, np.ones(PEOPLE)
    pareto, weibull = maths.power(1.0 - u, -1 / 3.0), maths.power(-maths.log(1.0 - u), 1 / 1.5)
    two_thirds = float(maths.power(np.array(2.0), -1 / 1.5))
    known = [
        Known("Gini of Pareto incomes with exponent 3: 1/(2·3 − 1)", 0.2, gini(pareto, one), 1e-3),
        Known("Gini of Weibull incomes with shape 1.5: 1 − 2^(−1/1.5)", 1 - two_thirds, gini(weibull, one), 1e-3),
    ]
    for alpha in (0, 1, 2):
        words = f"FGT {alpha} of incomes uniform on 0 to 1, line .4: .4/{alpha + 1}"
        known.append(Known(words, 0.4 / (alpha + 1), fgt(u, 0.4, one, alpha), 1e-4))
    known.append(_markov())
    known.append(_autoregression())
    return known


def _markov(leaves: float = 0.25, falls: float = 0.1) -> Known:
    """The mean length of spells of poverty of households that leave with one chance a year, fall in with another."""
    draws, luck = Draws(1), luck_key("markov", np.arange(20_000))
    poor = np.zeros((len(luck), YEARS), np.int8)
    for year in range(1, YEARS):
        u, was = draws.uniform("step", year, luck), poor[:, year - 1] == 1
        poor[:, year] = np.where(was, u >= leaves, u < falls)
    hazard = spells(poor).hazards("exit")
    leaving = float(hazard.events.sum() / hazard.at_risk.sum())
    error = float(np.sqrt(leaves * (1 - leaves) / hazard.at_risk.sum()))
    return Known("chance to leave of a two-state Markov chain, from its spells", leaves, leaving, 3 * error)


def _autoregression(rho: float = 0.7) -> Known:
    """The variance of errors that are carried on from year to year with new luck on top: one, in every year."""
    from fupin_sim.processes.observation import carried

    draws, luck = Draws(1), luck_key("error", np.arange(PEOPLE))
    error: Array = draws.normal("error", 0, luck)
    for year in range(1, 11):
        error = carried(error, draws.normal("error", year, luck), rho)
    words = "variance after ten years of an autoregression of errors: 1"
    return Known(words, 1.0, float(error.var()), 3 * float(np.sqrt(2 / PEOPLE)))
