"""The expected result beside each scenario: how it is made, and how far a new one may be from it."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from fupin_sim.intervals import summarise
from fupin_sim.shipped import folder, names
from fupin_sim.simulate import simulate
from fupin_sim.surveys import vietnam

REPLICATES = 5
COLUMNS = ["measure", "unit", "mean", "low", "high", "n", "missing"]


def expected_file(name: str) -> Path:
    """Where the expected result of a shipped scenario stands: beside it."""
    return folder() / f"{name}.expected.csv"


def scenario_names() -> list[str]:
    """All shipped scenarios; each must have an expected result."""
    return names()


def run(name: str) -> pd.DataFrame:
    """The headlines of a scenario over its first replicates: mean and 95 % interval."""
    with tempfile.TemporaryDirectory() as data:
        sets = _survey(Path(data)) if name == "vietnam" else {}
        results = [simulate(name, seed, sets=sets) for seed in range(1, REPLICATES + 1)]
        return summarise(results)[COLUMNS]


def _survey(data: Path) -> dict[str, str]:
    """The data of rural Vietnam, made from the installed package, which the repository does not hold."""
    vietnam.write(data)
    return {"population.survey": str(data / "vietnam.csv"), "population.mapping": str(data / "vietnam.mapping.toml")}


def read(name: str) -> pd.DataFrame:
    """The expected result as it was written."""
    return pd.read_csv(expected_file(name), keep_default_na=True)


def differences(expected: pd.DataFrame, found: pd.DataFrame) -> list[str]:
    """The measures that moved, one sentence each.

    A mean may move by a quarter of its interval's half-width: what the replicates can hardly tell from luck. Seeds are
    the same, so on the promised platforms the means are equal; elsewhere a last bit may send a few households another
    way. Measures that come or go, or turn missing, are named too.
    """
    old, new = expected.set_index("measure"), found.set_index("measure")
    told = [f"{name}: expected, but no longer measured" for name in old.index.difference(new.index)]
    told += [f"{name}: measured, but nothing is expected of it" for name in new.index.difference(old.index)]
    for name in old.index.intersection(new.index):
        allowed = max((old.high[name] - old.low[name]) / 8, 1e-9 * abs(old["mean"][name]))
        if old.n[name] != new.n[name] or old.missing[name] != new.missing[name]:
            told.append(f"{name}: replicates with a value {old.n[name]} → {new.n[name]}")
        elif abs(new["mean"][name] - old["mean"][name]) > allowed:
            told.append(f"{name}: {old['mean'][name]:.6g} → {new['mean'][name]:.6g}, allowed ± {allowed:.2g}")
    return told
