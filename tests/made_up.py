"""Made-up replicates: the frames a finished run has, with numbers a test can foresee."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

UNITS = {
    "headcount": "share of persons",
    "return_rate": "share of exited households per year",
    "return_rate_net_of_policy": "share of exited households per year",
    "return_rate_net_of_bills": "share of exited households per year",
    "new_poverty_rate": "share of never-registered households per year",
    "income_by_source": "yuan per person-year",
    "spending_by_policy": "yuan per resident-year",
}
SOURCES = {"business": 4000.0, "wage": 3000.0, "support": 1500.0, "property": 200.0, "reimbursement": 100.0}
RATES = ("return_rate", "return_rate_net_of_policy", "return_rate_net_of_bills")


@dataclass(frozen=True)
class MadeUpScenario:
    key: str = "00ff" * 8
    title: str = "Baseline: support as it was"
    start: int = 2016 * 12
    years: int = 3
    measures: tuple[Any, ...] = ()
    files: dict[str, str] = field(default_factory=dict)

    def to_toml(self) -> str:
        return f'[scenario]\ntitle = "{self.title}"\n'


@dataclass(frozen=True)
class MadeUp:
    seed: int
    series: pd.DataFrame
    headlines: dict[str, float]
    survival: pd.DataFrame
    scenario: Any = MadeUpScenario()
    households: pd.DataFrame | None = None
    digest: str = "d0"
    seconds: float = 1.5


def replicate(
    seed: int = 1,
    *,
    scenario: MadeUpScenario | None = None,
    policies: dict[str, float] | None = None,
    exits: bool = True,
    missing: tuple[str, ...] = (),
    households: bool = False,
) -> MadeUp:
    """One replicate: two years of burn-in with a headcount of .9, then .10 + seed/100, a little lower every month.

    missing: years ("2017") whose rates of return are missing. policies: yuan per resident-year by name.
    """
    scenario = scenario or MadeUpScenario()
    policies = {"dibao": 180.0, "uniform_cash": 90.0} if policies is None else policies
    rows: list[tuple[str, str, str, float]] = []
    first = scenario.start // 12
    for year in range(first - 2, first + scenario.years):
        for m in range(12):
            month = f"{year:04d}-{m + 1:02d}"
            since = (year - first) * 12 + m
            rows.append((month, "headcount", "", 0.9 if since < 0 else max(0.10 + seed / 100 - since / 1000, 0.0)))
            more = 1 + seed / 100
            rows += [(month, "income_by_source", f"source:{name}", yuan * more) for name, yuan in SOURCES.items()]
            rows += [(month, "spending_by_policy", f"policy:{name}", yuan) for name, yuan in policies.items()]
            rows.append((month, "spending", "", sum(policies.values())))
            tenths = [sum(policies.values()) * (10 - tenth) / 45 for tenth in range(10)]
            rows += [(month, "received_by_decile", f"decile:{i}", yuan) for i, yuan in enumerate(tenths, 1)]
        there = exits and year > first and str(year) not in missing
        rows += [(f"{year}-12", name, "", 0.01 * (i + seed) if there else np.nan) for i, name in enumerate(RATES)]
        rows.append((f"{year}-12", "new_poverty_rate", "", 0.005 * seed))
    survival = {"years_since_exit": [1, 2], "at_risk": [200, 100], "returned": [10 * seed, 2]}
    return MadeUp(
        seed=seed,
        series=pd.DataFrame(rows, columns=["month", "measure", "group", "value"]),
        headlines={"headcount": 0.1 * seed, "return_rate": 0.02 if exits else np.nan},
        survival=pd.DataFrame(survival if exits else {name: [] for name in survival}),
        scenario=scenario,
        households=_panel(seed) if households else None,
        digest=f"d{seed}",
    )


def _panel(seed: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "month": ["2016-12", "2016-12"],
            "luck": np.array([2**64 - 1, seed], dtype="uint64"),
            "wealth": [np.nan, 12.5],
            "sex": np.array([0, 1], dtype="int8"),
        }
    )


PANEL_COLUMNS: dict[str, tuple[str, str, Any]] = {
    "luck": ("", "identity of the household", None),
    "wealth": ("yuan", "liquid wealth", None),
    "sex": ("", "sex of the head", {0: "woman", 1: "man"}),
}
