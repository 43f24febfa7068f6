"""The expected result beside each scenario: how it is made, and how far a new one may be from it."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from fupin_sim.intervals import summarise
from fupin_sim.shipped import folder, names
from fupin_sim.simulation import Result, simulate
from fupin_sim.surveys import vietnam

REPLICATES = 5
COLUMNS = ["measure", "unit", "mean", "low", "high", "n", "missing", "first"]


def expected_file(name: str) -> Path:
    """Where the expected result of a shipped scenario stands: beside it."""
    return folder() / f"{name}.expected.csv"


def scenario_names() -> list[str]:
    """All shipped scenarios; each must have an expected result."""
    return names()


def run(name: str) -> pd.DataFrame:
    """The headlines of a scenario over its first replicates: mean and 95 % interval, and what the first seed gave."""
    results = _lived(name, REPLICATES)
    table = summarise(results).assign(first=lambda found: found.measure.map(results[0].headlines))
    return table[COLUMNS]


def run_first(name: str) -> dict[str, float]:
    """The headlines of the first seed alone: all that a test needs to live, since luck hangs on the seed only."""
    return dict(_lived(name, 1)[0].headlines)


def _lived(name: str, replicates: int) -> list[Result]:
    with tempfile.TemporaryDirectory() as data:
        sets = _survey(Path(data)) if name == "vietnam" else {}
        return [simulate(name, seed, sets=sets) for seed in range(1, replicates + 1)]


def _survey(data: Path) -> dict[str, str]:
    """The data of rural Vietnam, made from the installed package, which the repository does not hold."""
    vietnam.write(data)
    return {"population.survey": str(data / "vietnam.csv"), "population.mapping": str(data / "vietnam.mapping.toml")}


def read(name: str) -> pd.DataFrame:
    """The expected result as it was written."""
    return pd.read_csv(expected_file(name), keep_default_na=True)


def differences(expected: pd.DataFrame, found: Mapping[str, float]) -> list[str]:
    """The measures that moved under the first seed, one sentence each.

    A headline may move by a quarter of the half-width of its interval over all seeds: what the replicates can hardly
    tell from luck. The seed is the same, so on the promised platforms the headlines are equal; elsewhere a last bit may
    send a few households another way. Measures that come or go, or turn missing, are named too.
    """
    old = expected.set_index("measure")
    told = [f"{name}: expected, but no longer measured" for name in old.index.difference(list(found))]
    told += [f"{name}: measured, but nothing is expected of it" for name in pd.Index(found).difference(old.index)]
    for name in old.index.intersection(list(found)):
        was, now = old["first"][name], found[name]
        width = old.high[name] - old.low[name]
        allowed = max(0.0 if math.isnan(width) else width / 8, 1e-9 * abs(was))
        if math.isnan(was) and math.isnan(now):
            continue
        if not abs(now - was) <= allowed:
            told.append(f"{name}: {was:.6g} → {now:.6g}, allowed ± {allowed:.2g}")
    return told
