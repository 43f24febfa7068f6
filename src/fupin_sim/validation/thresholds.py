"""Thresholds: the capital at which an optimal household begins to aim high, published and solved."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fupin_sim.dynamic_programme import NO_SHOCKS, TRAP, solve
from fupin_sim.simulation import simulate

WITHOUT_RISK, WITH_RISK = "without risk", "with risk"
THRESHOLDS = (
    (WITHOUT_RISK, 0.96, 5.61), (WITHOUT_RISK, 0.98, 5.01), (WITHOUT_RISK, 1.00, 4.26), (WITHOUT_RISK, 1.02, 0.0),
    (WITH_RISK, 0.98, np.inf), (WITH_RISK, 1.00, 6.12), (WITH_RISK, 1.02, 5.54), (WITH_RISK, 1.04, 5.08),
    (WITH_RISK, 1.06, 4.60), (WITH_RISK, 1.08, 3.91), (WITH_RISK, 1.10, 0.0),
)  # fmt: skip
"""Case, ability, capital: 0 always, infinite never."""
TOLERANCE = 0.15
Row = tuple[str, float, float, float]


def thresholds() -> list[Row]:
    """Case, ability, expected and solved threshold of the two-technology problem.

    Source: Ikegami, Carter, Barrett & Janzen 2016, at discount .95, risk aversion 1.5, depreciation .08.
    """
    rows: list[Row] = []
    for case in (WITHOUT_RISK, WITH_RISK):
        wanted = [(ability, expected) for its, ability, expected in THRESHOLDS if its == case]
        found = frontier(case, [ability for ability, _ in wanted])
        rows += [(case, a, e, k) for (a, e), k in zip(wanted, found, strict=True)]
    return rows


def frontier(case: str, abilities: Sequence[float]) -> list[float]:
    """The solved thresholds of some abilities."""
    found = solve(TRAP, abilities, shocks=NO_SHOCKS) if case == WITHOUT_RISK else solve(TRAP, abilities)
    return [float(k) for k in found.threshold]


def agrees(expected: float, found: float) -> bool:
    """Whether a threshold is the published one, within the tolerance."""
    return expected == found or abs(expected - found) <= TOLERANCE


def business_income(technology: str, seed: int, sets: dict[str, float]) -> float:
    """Mean business income per person under a technology, yuan a year, over the years of the baseline."""
    scenario = {"trap": "baseline", "no_trap": "no_trap"}[technology]
    return float(simulate(scenario, seed, sets=sets).headlines["income_by_source source:business"])
