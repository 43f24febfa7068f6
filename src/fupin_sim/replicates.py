"""A finished replicate, as intervals, output folder and figures see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import pandas as pd


class Replicate(Protocol):
    """What a run must offer to be told about; `simulation.Result` and a replicate read back from disk both do."""

    @property
    def scenario(self) -> Any: ...
    @property
    def seed(self) -> int: ...
    @property
    def series(self) -> pd.DataFrame:
        """month, measure, group, value; group is empty for the whole population; a missing value is NaN."""
        ...

    @property
    def headlines(self) -> Mapping[str, float]: ...
    @property
    def survival(self) -> pd.DataFrame:
        """years_since_exit, at_risk, returned: whole years from the December of the exit to the one looked at."""
        ...

    @property
    def households(self) -> pd.DataFrame | None: ...
    @property
    def digest(self) -> str: ...
    @property
    def seconds(self) -> float: ...


KEY = ["measure", "group", "month"]


def by_replicate(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row per measure, group and month, one column per replicate (0, 1, …); absent is NaN.

    Rows stand in order of measure and group as first seen, then month. Raises ValueError if one replicate
    gives two values for one row.
    """
    import pandas as pd

    columns = []
    for i, frame in enumerate(frames):
        column = frame.set_index(KEY)["value"].rename(i)
        if column.index.has_duplicates:
            twice = column.index[column.index.duplicated()][0]
            raise ValueError(f"two values for {twice} in replicate {i + 1}")
        columns.append(column)
    wide = pd.concat(columns, axis=1, sort=False)
    rows = wide.index.to_frame(index=False)
    first_seen = rows.groupby(["measure", "group"], sort=False).ngroup()
    order = rows.assign(place=first_seen).sort_values(["place", "month"], kind="stable").index
    return wide.iloc[order]


def units_of(scenario: Any) -> dict[str, str]:
    """The unit of each measure of a scenario, as the measures declare it."""
    return {entry.name: str(getattr(entry.cls, "unit", "")) for entry in scenario.measures if hasattr(entry, "cls")}


def meanings_of(scenario: Any) -> dict[str, str]:
    """What each measure of a scenario is: its `doc`, else the first paragraph of its docstring, in one line."""
    told = {entry.name: entry.cls for entry in scenario.measures if hasattr(entry, "cls")}
    return {name: " ".join(_said(cls).split("\n\n")[0].split()) for name, cls in told.items()}


def _said(cls: type) -> str:
    return str(getattr(cls, "doc", "") or cls.__doc__ or "")


def same_scenario(results: Sequence[Replicate]) -> None:
    """Raise ValueError unless there is at least one replicate and all are of one scenario."""
    if not results:
        raise ValueError("no replicates were given")
    if len({result.scenario.key for result in results}) > 1:
        raise ValueError("the replicates are of different scenarios")
