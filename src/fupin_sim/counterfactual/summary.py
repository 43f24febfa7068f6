"""Summary: how many households a policy saved and harmed, at what cost, in all or by group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fupin_sim.counterfactual.households import DISCOUNTED, HARMED, SAVED, UNCHANGED, whole
from fupin_sim.errors import BadInput, nearest

GROUPS = ("cause", "decile", "county", "village", "outcome")


def summary(frame: pd.DataFrame, by: str | None = None) -> pd.DataFrame:
    """Households and what was done to them, one row in all, or one a group that has any.

    frame: see `compare_households`. by: cause, decile, county, village or outcome. saved, harmed, unchanged, lifted,
    dropped: households. averted, caused: poor person-years of the saved and of the harmed, both above 0; change is
    caused less averted. persons_at_end, households_at_end: change of who is poor at the end. received, overhead, cost:
    more yuan than without. cost_per_averted: yuan per poor person-year averted on balance; NaN where none is. Sums
    are of whole fen and whole months, so groups add up to the whole exactly. change_discounted, cost_discounted,
    cost_per_averted_discounted: the same at the rate of the section [cost], but for rounding. Raises BadInput.
    """
    if by is not None and by not in GROUPS:
        raise BadInput(f'by = "{by}": allowed are {", ".join(GROUPS)}.{nearest(str(by), GROUPS)}')
    if by is None:
        return _row(frame)
    rows = []
    for group, mine in frame.groupby(by, observed=True, sort=True):
        row = _row(mine)
        row.insert(0, by, [group])
        rows.append(row)
    return pd.concat(rows, ignore_index=True)


def _row(frame: pd.DataFrame) -> pd.DataFrame:
    """All that is said of some households."""
    months = whole(frame["poor_person_years"], 12)
    averted, caused = int(-months[months < 0].sum()), int(months[months > 0].sum())
    fen = {name: int(whole(frame[name], 100).sum()) for name in ("received", "overhead", "cost")}
    kinds = {kind: int((frame["outcome"] == kind).sum()) for kind in (SAVED, HARMED, UNCHANGED)}
    change, cost = (float(frame[name].sum()) for name in DISCOUNTED)
    return pd.DataFrame(
        {
            "households": [len(frame)], **kinds,
            "lifted": int(frame["lifted"].sum()), "dropped": int(frame["dropped"].sum()),
            "averted": averted / 12.0, "caused": caused / 12.0, "change": (caused - averted) / 12.0,
            "persons_at_end": int(frame["poor_persons_at_end"].sum()),
            "households_at_end": int(frame["poor_at_end"].sum()),
            **{name: each / 100.0 for name, each in fen.items()},
            "cost_per_averted": fen["cost"] / 100.0 / ((averted - caused) / 12.0) if averted > caused else np.nan,
            "change_discounted": change, "cost_discounted": cost,
            "cost_per_averted_discounted": cost / -change if change < 0 else np.nan,
        }
    )  # fmt: skip
