"""One table as CSV, Parquet and Stata, for tests that must hold whatever the file is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fupin_sim.files import write_csv, write_parquet

KINDS = (".csv", ".parquet", ".dta")
MAPPING = """\
title = "Made up"
source = "tests"
[use]
welfare = "consumption"
as = "income"
[columns]
household = "id"
county = "county"
village = "village"
weight = "w"
members = "size"
schooling = "edu"
head_female = { column = "sex", true = "female" }
consumption = { column = "spent", unit = "yuan", yuan = 1.0, per = "household-year" }
"""


def write(frame: pd.DataFrame, folder: Path, kind: str, name: str = "mine", **stata: Any) -> Path:
    """The frame as a file of a kind; its path. stata: for pandas.to_stata."""
    path = folder / f"{name}{kind}"
    if kind == ".csv":
        return write_csv(path, frame)
    if kind == ".parquet":
        return write_parquet(path, frame)
    frame.to_stata(path, **{"write_index": False, "version": 118, **stata})
    return path


def mapping(folder: Path, text: str = MAPPING) -> Path:
    """The mapping as a file; its path."""
    path = folder / "mine.mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def households(n: int = 60, villages: int = 6, seed: int = 1, **columns: Sequence[Any]) -> pd.DataFrame:
    """Made-up households whose expenditure hangs on place, size and schooling; weights from 0.2 to 4."""
    luck = np.random.default_rng(seed)
    village = luck.integers(0, villages, n)
    size, edu = luck.integers(1, 8, n), luck.integers(0, 13, n)
    log = 8.2 + 0.3 * luck.standard_normal(villages)[village] - 0.05 * size + 0.06 * edu
    frame = {
        "id": [f"h{i:05d}" for i in range(n)],
        "county": np.array(["East", "West"])[village % 2],
        "village": village,
        "w": luck.choice([0.2, 1.0, 2.5, 4.0], n),
        "size": size,
        "edu": edu.astype(float),
        "sex": luck.choice(["female", "male"], n),
        "spent": np.round(np.exp(log + 0.4 * luck.standard_normal(n)) * size, 2),
    }
    return pd.DataFrame(frame | dict(columns))


def scenario_text(survey: Path, more: str = "", tables: Mapping[str, str] | None = None) -> str:
    """A small scenario that starts from the survey, with the mapping beside it; `more` stands in [population]."""
    others = "".join(f"[{name}]\n{text}\n" for name, text in (tables or {}).items())
    return (
        f'[scenario]\ntitle = "Tiny"\nstart = "2016-01"\nyears = 1\nseed = 3\n[burn_in]\nmonths = 0\n{others}'
        f'[population]\nsource = "survey"\nsurvey = "{survey.name}"\nmapping = "mine.mapping.toml"\n{more}\n'
    )
