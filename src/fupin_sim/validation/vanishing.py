"""Vanishing: what reaches nobody, has no strength or deals with nobody changes not one bit; nothing alone, no trend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.scenario import load
from fupin_sim.simulation import simulate

SMALL: Mapping[str, Any] = {
    "scenario": {"years": 2}, "burn_in": {"months": 12},
    "population": {"counties": 2, "villages": 4, "households": 30},
}  # fmt: skip
POLICIES = [{"use": "dibao", "in_burn_in": True}, {"use": "targeted_transfer", "grace": 12}]
APART: Mapping[str, Any] = {
    "register": {"rule": "line"}, "observation": {"favour": 0.0}, "delivery": {"elite": 0.0},
    "migration_wish": {"network": 0.0}, "aspiration": {"peers": 0.0}, "motivation": {"effort": 0.0},
    "dependence": {"strength": 0.0}, "schooling": {"reversion": 0.0},
}  # fmt: skip
"""Settings with which no household has to do with another: no quota, no peers, no usual level to be measured by."""
RANKS = ("decile", "peer_income")
"""What a household is among others; of course that moves."""
STILL: Mapping[str, Any] = {
    "population.counties": 3, "population.villages": 80, "population.households": 40, "process.growth.on": False,
    "scenario.years": 25, "measures.use": ["headcount"],
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """words: what was done. columns: how many columns of households were compared. differing: those that differ."""

    words: str
    columns: int
    differing: tuple[str, ...]
    tests: str

    @property
    def hit(self) -> bool:
        """Whether not one bit differs."""
        return self.columns > 0 and not self.differing


def checks() -> list[Check]:
    """One check of each kind, lived now; `tests` says where the rest is."""
    bare = _panel({**SMALL, "policy": POLICIES})
    nobody = _panel({**SMALL, "policy": [*POLICIES, {"name": "x", "use": "uniform_cash", "level": 0.0}]})
    never = _panel({**SMALL, "policy": POLICIES, "shock": [{"use": "macro", "at": ["2016-03"], "job_loss": 1.0}]})
    rates = dict.fromkeys(("wage", "business", "transfers"), 0.0)
    at_zero, off = (_panel({**SMALL, "policy": POLICIES, "process": {"growth": growth}})
                    for growth in (rates, {"on": False}))  # fmt: skip
    return [
        _check("a uniform transfer of nothing beside two policies", bare, nobody,
               "tests/identities/test_nobody_reached.py"),
        _check("a macro shock of factor 1", bare, never, "tests/identities/test_zero_strengths.py"),
        _check("growth at rates of 0, and switched off", off, at_zero,
               "tests/identities/test_zero_strengths.py, test_mind_at_zero.py, test_teams_at_zero.py, "
               "test_village_at_zero.py, test_claims_at_zero.py"),
        _one_more(),
    ]  # fmt: skip


def _one_more() -> Check:
    tables = {**SMALL, "policy": POLICIES, "process": APART}
    people = {**SMALL["population"], "households": SMALL["population"]["households"] + 1}
    before, after = _panel(tables), _panel({**tables, "population": people})
    others = after[after["luck"].isin(before["luck"].unique())]
    return _check(
        "one more household in every village, where nobody deals with anybody: the other households", before, others,
        "tests/identities/test_one_more_household.py", RANKS,
    )  # fmt: skip


def _panel(tables: Mapping[str, Any]) -> pd.DataFrame:
    panel = simulate(load(tables, BUILT_IN), 4, households="monthly").households
    assert panel is not None
    return panel.sort_values(["month", "luck"], kind="stable").reset_index(drop=True)


def _check(words: str, one: pd.DataFrame, other: pd.DataFrame, tests: str, without: tuple[str, ...] = ()) -> Check:
    columns = [name for name in one.columns if name not in without]
    return Check(words, len(columns), tuple(name for name in columns if _bits(one[name]) != _bits(other[name])), tests)


def _bits(column: pd.Series[Any]) -> bytes:
    return column.to_numpy().tobytes() if column.dtype.kind in "biuf" else "\n".join(column).encode()


def slope(seed: int, sets: Mapping[str, Any]) -> float:
    """The least-squares slope of the headcount over 25 years without policy and growth, shares a year."""
    series = simulate(None, seed, sets={**STILL, **sets}).series
    found = series.loc[series["measure"] == "headcount", "value"].to_numpy()
    return float(np.polyfit(np.arange(len(found)), found, 1)[0])
