"""Discrete-time hazard regression: what hastens or delays the end of a spell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.world import Array

Link = Literal["logit", "cloglog"]
STEPS, CLOSE, FAR = 200, 1e-11, 30.0


@dataclass(frozen=True)
class Fit:
    """effects, deviation: coefficients and their standard errors, shape (k,); log_likelihood; steps taken."""

    effects: Array
    deviation: Array
    log_likelihood: float
    steps: int


def person_periods(time: NDArray[np.integer], event: NDArray[np.bool_], regressors: Array) -> tuple[Array, Array]:
    """A row for every date at which a spell could have ended: whether it did, and x, the dummies of the date first.

    time: dates at risk, at least 1, shape (n,). event: whether it ended at the last of them. regressors: (n, k),
    constant over the spell. Returns y, shape (Σ time,), and x, shape (Σ time, longest + k). Rows and columns grow with
    the longest spell: group late dates if it is long.

    >>> y, x = person_periods(np.array([2, 1]), np.array([True, False]), np.array([[5.0], [7.0]]))
    >>> y.tolist(), x.tolist()
    ([0.0, 1.0, 0.0], [[1.0, 0.0, 5.0], [0.0, 1.0, 5.0], [1.0, 0.0, 7.0]])
    """
    checked(time=time, event=event, regressors=regressors)
    row = np.repeat(np.arange(len(time)), time)
    date = np.arange(len(row)) - np.repeat(np.cumsum(time) - time, time)
    dummies = (date[:, None] == np.arange(int(time.max(initial=0)))).astype(np.float64)
    y = (event[row] & (date == time[row] - 1)).astype(np.float64)
    return y, np.column_stack([dummies, regressors[row]])


def fit_hazard(y: Array, x: Array, weight: Array | None = None, link: Link = "cloglog") -> Fit:
    """Maximum likelihood of P(y = 1) = F(xβ) by iterated least squares; errors from the expected information.

    y: 0 or 1, shape (n,). x: shape (n, k), no constant is added. link: logit, or cloglog, F = 1 − exp(−exp(xβ)), whose
    coefficients are those of proportional hazards in continuous time. weight: number of cases, shape (n,).
    Raises NotMeasured where columns cannot be told apart or the likelihood has no maximum, as when some dummy foretells
    the outcome with certainty. Source: Allison 1982; Jenkins 1995; Prentice & Gloeckler 1978.

    >>> fit_hazard(np.array([0.0, 1, 0, 0]), np.ones((4, 1)), link="logit").effects.round(6).tolist()
    [-1.098612]
    """
    w = np.ones(len(y)) if weight is None else weight
    checked(y=y, x=x, weight=w)
    if not np.isin(y, (0.0, 1.0)).all() or link not in ("logit", "cloglog"):
        raise NotMeasured("y: must be 0 or 1; link: logit or cloglog")
    beta, close = np.zeros(x.shape[1]), False
    start = np.clip(np.average(y, weights=w), 1e-6, 1 - 1e-6)
    eta: Array = np.full(len(y), np.log(start / (1 - start)) if link == "logit" else np.log(-np.log1p(-start)))
    for step in range(1, STEPS + 1):
        p, slope = _mean(eta, link)
        work = w * slope * slope / (p * (1.0 - p))
        information = (x * work[:, None]).T @ x
        if close:
            deviation = np.sqrt(np.diag(np.linalg.inv(information)))
            return Fit(beta, deviation, _log_likelihood(y, p, w), step)
        if np.linalg.matrix_rank(information, hermitian=True) < x.shape[1]:
            raise NotMeasured(f"x: {x.shape[1]} columns that cannot be told apart where anything is at risk")
        beta = np.asarray(np.linalg.solve(information, x.T @ (work * (eta + (y - p) / slope))))
        close, eta = bool(np.abs(x @ beta - eta).max() <= CLOSE), x @ beta
        if np.abs(eta).max() > FAR:
            raise NotMeasured("x: some column foretells the outcome with certainty, so its coefficient is infinite")
    raise NotMeasured(f"no maximum of the likelihood was found in {STEPS} steps")


def _mean(eta: Array, link: Link) -> tuple[Array, Array]:
    """P and its derivative."""
    if link == "logit":
        p = 1.0 / (1.0 + np.exp(-eta))
        return np.clip(p, 1e-15, 1 - 1e-15), np.maximum(p * (1.0 - p), 1e-15)
    rate = np.exp(np.clip(eta, -FAR, 3.5))
    return np.clip(-np.expm1(-rate), 1e-15, 1 - 1e-15), np.maximum(rate * np.exp(-rate), 1e-15)


def _log_likelihood(y: Array, p: Array, weight: Array) -> float:
    return float((weight * (y * np.log(p) + (1.0 - y) * np.log1p(-p))).sum())
