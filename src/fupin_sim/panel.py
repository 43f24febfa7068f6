"""The household panel as a reader wants it: money in yuan, months as dates; inside the model both are whole numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import NEVER, Household
from fupin_sim.columns import columns_of
from fupin_sim.dated import month_name

if TYPE_CHECKING:
    import pandas as pd

Moment = tuple[int, Mapping[str, NDArray[Any]]]


def panel_columns() -> list[str]:
    """The household columns that a panel shows: all of them, in order of declaration."""
    return list(columns_of(Household))


def described() -> dict[str, tuple[str, str, Any]]:
    """Unit, meaning and codes of every column of the panel, as the reader sees it."""
    return {name: (_unit(c.unit), _doc(c.doc, c.unit), c.codes) for name, c in columns_of(Household).items()}


def panel_frame(moments: Sequence[Moment]) -> pd.DataFrame:
    """One row per month and household: month, then all columns; in the order of rows within each month.

    moments: (month, columns of shape (households,)).
    """
    import pandas as pd

    declared = columns_of(Household)
    months = [month_name(month) for month, columns in moments for _ in range(len(columns["luck"]))]
    shown = {
        name: _shown(np.concatenate([columns[name] for _, columns in moments] or [np.empty(0)]), declared[name].unit)
        for name in panel_columns()
    }
    return pd.DataFrame({"month": pd.Series(months, dtype="str"), **shown})


def _shown(values: NDArray[Any], unit: str) -> Any:
    if unit.startswith("fen"):
        return values / 100.0
    if not _dates(unit):
        return values
    known, where = np.unique(values, return_inverse=True)
    names = np.array(["" if month == NEVER else month_name(int(month)) for month in known], dtype=object)
    return names[where] if len(known) else names


def _doc(doc: str, unit: str) -> str:
    return doc.replace("; 0: ", "; empty: ") if _dates(unit) else doc


def _dates(unit: str) -> bool:
    return unit == "month"


def _unit(unit: str) -> str:
    return "yuan" + unit.removeprefix("fen") if unit.startswith("fen") else "date" if _dates(unit) else unit
