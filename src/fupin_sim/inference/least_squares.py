"""Least squares with a check that the regressors can be told apart."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.world import Array


def design(regressors: Array) -> Array:
    """The regressors, shape (n, k), with a column of ones before them, shape (n, k + 1)."""
    return np.column_stack([np.ones(len(regressors)), regressors])


def least_squares(y: Array, x: Array, weight: Array) -> Array:
    """β minimising Σ w (y − xβ)². y: shape (n,). x: shape (n, k), ones included. weight: shape (n,). Returns (k,).

    Raises NotMeasured where the columns of x cannot be told apart.

    >>> x = design(np.array([[0.0], [1.0], [2.0]]))
    >>> least_squares(np.array([1.0, 3.0, 5.0]), x, np.ones(3)).round(12).tolist()
    [1.0, 2.0]
    """
    checked(y=y, x=x, weight=weight)
    root = np.sqrt(weight)
    scale = np.sqrt((x * x * weight[:, None]).sum(axis=0))
    scale = np.where(scale > 0, scale, 1.0)
    found, _, rank, _ = np.linalg.lstsq(x / scale * root[:, None], y * root, rcond=1e-12)
    if rank < x.shape[1]:
        raise NotMeasured(f"regressors: {x.shape[1]} with the constant, of which only {rank} can be told apart")
    return np.asarray(found / scale)
