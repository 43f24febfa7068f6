"""Stable exit (稳定脱贫): out of poverty for long, and so far above the line without support."""

from __future__ import annotations

import numpy as np

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.world import Array, Flags

ABOVE = 1.2
"""Times the line that income without policy income must reach."""


def stable_exit(poor: Flags, net_of_policy: Array, line: Array | float, dates: int, above: float = ABOVE) -> Flags:
    """Who was not poor at any of the last `dates` dates, with income net of policy income of at least 1.2 z at all.

    poor: on income with support, shape (n, all dates). net_of_policy: same shape. line: a number, or one a date.
    dates: at least 1 and at most all. Returns shape (n,). Raises NotMeasured.

    >>> poor = np.array([[True, False, False], [False, True, False], [False, False, False]])
    >>> stable_exit(poor, np.array([[5.0, 13, 14], [13, 13, 13], [13, 11, 13]]), 10.0, 2).tolist()
    [True, False, False]
    """
    checked(poor=poor, net_of_policy=net_of_policy)
    if poor.shape != net_of_policy.shape or poor.ndim != 2 or not 1 <= dates <= poor.shape[1]:
        raise NotMeasured(f"dates: {dates} of the columns of poor {poor.shape} and net_of_policy {net_of_policy.shape}")
    enough = net_of_policy >= above * np.broadcast_to(line, net_of_policy.shape)
    lasting = ~poor & enough
    return np.asarray(lasting[:, -dates:].all(axis=1))
