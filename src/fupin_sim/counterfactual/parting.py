"""Parting: when the same household's two lives part, and in what first."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from fupin_sim.counterfactual.diary import Household, diary
from fupin_sim.scenario import Scenario


@dataclass(frozen=True)
class TwoDiaries:
    """One household in two worlds. a, b: its diaries. month: the first in which they part, None if they never do.
    first: the column that parted first, in the order in which a month is lived. columns: all that parted then."""

    a: pd.DataFrame
    b: pd.DataFrame
    month: str | None
    first: str
    columns: tuple[str, ...]


def two_diaries(
    a: Scenario | str | Path | None, b: Scenario | str | Path | None, household: Household, seed: int | None = None
) -> TwoDiaries:
    """The same household, the same luck, in two scenarios.

    seed: of both; that of `a` where None. Within a month columns are looked at in the order in which the month moves
    them, so what is named first is near the cause. Raises BadInput.
    """
    one = diary(a, seed, household)
    return part(one, diary(b, one.attrs["seed"], household))


def part(a: pd.DataFrame, b: pd.DataFrame) -> TwoDiaries:
    """Where two diaries part; months that only one of them has are left out.

    >>> one, other = (pd.DataFrame({"month": ["2016-01", "2016-02"], "wages": [5.0, w]}) for w in (5.0, 6.0))
    >>> part(one, other).month, part(one, other).first
    ('2016-02', 'wages')
    """
    months = sorted(set(a["month"]) & set(b["month"]))
    one, other = (each[each["month"].isin(months)].reset_index(drop=True) for each in (a, b))
    columns = [name for name in one.columns if name in other.columns and name != "events"]
    apart = one[columns] != other[columns]
    rows = apart.any(axis=1)
    if not rows.any():
        return TwoDiaries(a, b, None, "", ())
    row = int(rows.to_numpy().argmax())
    found = tuple(name for name in columns if apart.loc[row, name])
    return TwoDiaries(a, b, str(one["month"][row]), found[0], found)
