"""Two runs compared bit for bit: their panels of households, column by column, and their measures."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from fupin_sim.simulation import Result

SHARED = {
    "scenario": {"years": 3, "start": "2016-01", "seed": 4},
    "burn_in": {"months": 5},
    "population": {"counties": 3, "villages": 7, "households": 9, "savings": 1500.0, "income": 6000.0},
    "process": {
        "illness": {"risk": 0.15, "log_severity": -2.0, "spread": 1.5, "permanent": 0.1}, "job_loss": {"risk": 0.05},
        "disaster": {"probability": 0.4, "correlation": 0.5}, "migration": {"finding": 0.15}, "wages": {"mean": 15e3},
        "business": {"unit": 9000.0}, "consumption": {"need": 4500.0},
    },
    "policy": [
        {"name": "pension", "use": "uniform_cash", "level": 900, "in_burn_in": True, "budget": 800.0, "fund": "county"},
        {"name": "aid", "use": "targeted_transfer", "level": 2500, "grace": 7, "taper": 5, "budget": 300.0},
        {"name": "term", "use": "uniform_cash", "level": 777, "expiry": 17, "taper": 4, "start": "2016-03"},
        {"name": "dibao", "use": "dibao", "grace": 2, "in_burn_in": True, "budget": {"2015-01": 40.0, "2017-06": 90.0},
         "fund": "county"},
        {"name": "second", "use": "dibao", "level": 1.1, "tied": 500, "priority": 1, "fund": "county", "taper": 3},
    ],
    "shock": [
        {"name": "dry", "use": "drought", "at": ["2016-06", "2018-02"], "counties": [0, 2]},
        {"name": "worse", "use": "drought", "at": ["2016-08"], "loss": 0.7},
    ],
}  # fmt: skip
"""Tables of a scenario in which everything that could depend on order, blocks or history happens."""


def bits(frame: pd.DataFrame, without: Collection[str] = ()) -> dict[str, bytes]:
    """The bytes of each column, to be compared with ==, which shows the names of the columns that differ."""
    found = {}
    for name in frame.columns.difference(list(without), sort=False):
        column = frame[name]
        found[name] = column.to_numpy().tobytes() if column.dtype.kind in "biuf" else "\n".join(column).encode()
    return found


def same_bits(one: Result, other: Result, without: Collection[str] = ()) -> bool:
    """Whether panels, measures, survival and digest agree to the last bit; both runs must have kept a panel."""
    assert one.households is not None
    assert other.households is not None
    assert len(one.households)
    left, right = bits(one.households, without), bits(other.households, without)
    assert [name for name in left if left[name] != right[name]] == [], "columns of households that differ"
    assert bits(one.series) == bits(other.series), one.series.compare(other.series)
    assert bits(one.survival) == bits(other.survival)
    return one.digest == other.digest


def by_luck(frame: pd.DataFrame, luck: Any = None) -> pd.DataFrame:
    """The panel sorted by month and luck key; of some households only, if their keys are given."""
    if luck is not None:
        frame = frame[np.isin(frame["luck"], luck)]
    return frame.sort_values(["month", "luck"], ignore_index=True)
