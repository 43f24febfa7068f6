"""A table measured: all its numbers as a frame, and what to say about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.inference.survey_design import Design, design_of
from fupin_sim.measures.long_table import Panel, panel_of
from fupin_sim.measures.subgroups import fgt_by_group
from fupin_sim.measures.theil import theil_by_group
from fupin_sim.measuring.cross_section import Errors, Estimate, estimates
from fupin_sim.measuring.over_time import over_time
from fupin_sim.measuring.table import Table

if TYPE_CHECKING:
    import pandas as pd

HEAD = ("date", "group", "measure", "value", "error", "low", "high", "note")


@dataclass(frozen=True)
class Measured:
    """rows: (date, group, estimate); date "" is no date, or all of them; group "" is everybody. remarks: sentences
    that a reader must know."""

    rows: tuple[tuple[str, str, Estimate], ...]
    remarks: tuple[str, ...]

    def frame(self) -> pd.DataFrame:
        """One row a number: date, group, measure, value, error, low, high, note; missing is NaN."""
        import pandas as pd

        told = [(date, group, e.measure, e.value, e.error, e.low, e.high, e.note) for date, group, e in self.rows]
        return pd.DataFrame(told, columns=list(HEAD))


def measure(table: Table, errors: Errors | None = None) -> Measured:
    """Every index at every date, of all and of each group, and what a panel tells. Raises NotMeasured.

    errors: how standard errors are made, linearised if not said.
    """
    errors = errors or Errors()
    panel = None
    if table.household is not None and table.time is not None:
        panel = panel_of(table.household, table.time)
    rows = [row for date, mine in _dates(table) for row in _at_date(table, date, mine, errors)]
    if panel is not None:
        rows += [("", "", estimate) for estimate in over_time(table, panel, errors)]
    return Measured(tuple(rows), tuple(_remarks(table, panel)))


def _dates(table: Table) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    if table.time is None:
        yield "", np.ones(len(table.income), dtype=bool)
        return
    for date in np.unique(table.time):
        yield str(date), table.time == date


def _at_date(table: Table, date: str, mine: NDArray[np.bool_], errors: Errors) -> Iterator[tuple[str, str, Estimate]]:
    """All of one date: everybody, then each group and what it adds."""
    y, z, w = table.income[mine], table.line[mine], table.weight[mine]
    design = _design(table, mine)
    for estimate in estimates(y, z, w, np.ones(len(y), dtype=bool), design, errors):
        yield date, "", estimate
    if table.by is None:
        return
    groups = table.by[mine]
    for label in np.unique(groups):
        for estimate in estimates(y, z, w, groups == label, design, errors):
            yield date, str(label), estimate
    found = fgt_by_group(y, z, w, groups, 0)
    for label, share, part in zip(found.groups, found.share, found.contribution, strict=True):
        yield date, str(label), Estimate("share_of_persons", float(share))
        yield date, str(label), Estimate("share_of_poor", float(part), note="" if found.whole else "nobody is poor")
    if (y >= 0).all():
        parts = theil_by_group(y, w, groups)
        yield date, "", Estimate("theil_within", parts.within)
        yield date, "", Estimate("theil_between", parts.between)


def _design(table: Table, mine: NDArray[np.bool_]) -> Design:
    part = [None if column is None else column[mine] for column in (table.cluster, table.strata)]
    return design_of(int(mine.sum()), *part)


def _remarks(table: Table, panel: Panel | None) -> Iterator[str]:
    if table.left_out:
        yield f"{_counted(table.left_out, 'row')} left out, for a cell is missing."
    alone = _design(table, np.ones(len(table.income), dtype=bool)).alone
    if table.strata is not None and alone:
        yield f"Strata with a single cluster add nothing to the errors, which are too small: {', '.join(alone[:5])}."
    if panel is None:
        return
    if panel.gaps:
        yield f"{_counted(panel.gaps, 'date')} missing between a household's first and its last; spells end there."
    always = int(panel.seen.all(axis=1).sum())
    yield f"{always:,} of {len(panel.seen):,} households were seen at every date; chronic poverty is told of these."
    if panel.dates.dtype.kind in "iuf" and len(set(np.diff(panel.dates).tolist())) > 1:
        yield f"Dates are not evenly spaced ({_listed(panel.dates)}); durations count dates, not years."


def _counted(number: int, what: str) -> str:
    """>>> _counted(1, "row"), _counted(1200, "row")
    ('1 row is', '1,200 rows are')
    """
    return f"{number:,} {what}{' is' if number == 1 else 's are'}"


def _listed(dates: NDArray[Any]) -> str:
    return ", ".join(str(date) for date in dates[:8]) + (" …" if len(dates) > 8 else "")
