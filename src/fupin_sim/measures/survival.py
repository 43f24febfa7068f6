"""Survival: what share has not yet had an event, by time, when some go out of sight first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fupin_sim import maths
from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.world import Array, Flags


@dataclass(frozen=True)
class Hazards:
    """By duration 1, 2, …, shape (longest,): at risk, events, their ratio (NaN when none is at risk), its deviation."""

    duration: NDArray[np.int64]
    at_risk: Array
    events: Array
    hazard: Array
    deviation: Array


def hazards(time: ArrayLike, event: ArrayLike, weight: Array | None = None) -> Hazards:
    """h_d = events after d dates / spells that lasted d dates and could have ended; deviation √(h(1 − h)/at risk).

    weight: sampling weights, shape (n,); at risk and events are then their sums, and the deviation is the linearised
    √Σ w²(e − h)²/Σ w, which no unit of the weights changes and which is the one above where all are alike.

    time: whole, at least 1, shape (n,); a spell that went out of sight counts as at risk up to its time.
    event: whether it ended there. Raises NotMeasured.

    >>> found = hazards([1, 2, 2, 3], [True, True, False, True])
    >>> found.at_risk.tolist(), found.hazard.round(4).tolist()
    ([4.0, 3.0, 1.0], [0.25, 0.3333, 1.0])
    """
    t, e = np.asarray(time), np.asarray(event, dtype=bool)
    w = np.ones(len(t)) if weight is None else weight
    checked(time=t, event=e, weight=w)
    if t.size and (t.dtype.kind not in "iu" or t.min() < 1):
        raise NotMeasured("time: must be whole and at least 1")
    longest = int(t.max(initial=0))
    at_risk, events = _at_risk(t.astype(np.int64) - 1, e, w, longest)
    with np.errstate(divide="ignore", invalid="ignore"):
        hazard = events / at_risk
        variance = _variance(hazard, at_risk, *_at_risk(t.astype(np.int64) - 1, e, w * w, longest))
    variance = hazard * (1.0 - hazard) / at_risk if weight is None else variance
    return Hazards(np.arange(1, longest + 1), at_risk, events, hazard, np.sqrt(variance))


def _at_risk(at: NDArray[np.integer], event: Flags, weight: Array, times: int) -> tuple[Array, Array]:
    """Weight at risk at each time, and of it with an event there; at: the number of the time, from 0."""
    leaving, events = (np.bincount(at, each, times).astype(np.float64) for each in (weight, weight * event))
    return np.cumsum(leaving[::-1])[::-1], events


def _variance(hazard: Array, at_risk: Array, squares: Array, squares_of_events: Array) -> Array:
    """Σ w²(e − h)²/(Σ w)², shape of hazard. squares: sums of w², of those at risk."""
    spread = (1.0 - hazard) * (1.0 - hazard) * squares_of_events + hazard * hazard * (squares - squares_of_events)
    return np.asarray(spread / (at_risk * at_risk))


@dataclass(frozen=True)
class Survival:
    """At each distinct time, shape (times,): at risk, events, survival S, and its variance after Greenwood.

    The variance is missing (NaN) once S is 0.
    """

    time: Array
    at_risk: Array
    events: Array
    survival: Array
    variance: Array

    def limits(self, level: float = 0.95) -> tuple[Array, Array]:
        """Limits on the scale of log(−log S), which stay between 0 and 1; missing where S is 0 or 1."""
        z = float(maths.normal(np.array(0.5 + level / 2)))
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = (self.survival > 0) & (self.survival < 1)
            s = np.where(inside, self.survival, 0.5)
            log = maths.log(s)
            half = z * np.sqrt(self.variance) / (s * -log)
            low, high = (maths.exp(log * maths.exp(sign * np.where(inside, half, 0.0))) for sign in (1.0, -1.0))
        return np.where(inside, low, np.nan), np.where(inside, high, np.nan)


def kaplan_meier(time: ArrayLike, event: ArrayLike, weight: Array | None = None, sampling: bool = False) -> Survival:
    """S(t) = ∏ (1 − d/n) over times up to t; variance S²·Σ d/(n(n − d)), after Greenwood.

    time: above 0, shape (n,). event: whether it happened there; else who is censored there is at risk up to it.
    weight: how often each counts; the variance takes weights for numbers of cases. sampling: they are sampling weights;
    the variance is then S²·Σ v/(1 − h)² with v that of `hazards`, and is Greenwood's where all are alike.
    Raises NotMeasured.
    Source: Kaplan & Meier 1958.

    >>> found = kaplan_meier([1, 2, 2, 3, 4, 5, 5], [1, 1, 0, 1, 0, 1, 0])
    >>> found.survival.round(4).tolist()
    [0.8571, 0.7143, 0.5357, 0.5357, 0.2679]
    """
    t, e = np.asarray(time, dtype=np.float64), np.asarray(event, dtype=bool)
    w = np.ones(len(t)) if weight is None else weight
    checked(time=t, event=e, weight=w)
    if (t <= 0).any():
        raise NotMeasured("time: must be above 0")
    times, at = np.unique(t, return_inverse=True)
    at_risk, events = _at_risk(at, e, w, len(times))
    with np.errstate(divide="ignore", invalid="ignore"):
        survival = np.cumprod(np.where(at_risk > 0, (at_risk - events) / at_risk, 1.0))
        terms = np.where(events > 0, events / (at_risk * (at_risk - events)), 0.0)
        if sampling:
            stay = (at_risk - events) / at_risk
            spread = _variance(1.0 - stay, at_risk, *_at_risk(at, e, w * w, len(times)))
            terms = np.where(events > 0, spread / (stay * stay), 0.0)
        variance = np.where(survival > 0, survival * survival * np.cumsum(np.where(survival > 0, terms, 0.0)), np.nan)
    return Survival(times, at_risk, events, np.asarray(survival, dtype=np.float64), variance)
