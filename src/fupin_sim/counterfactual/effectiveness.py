"""Cost-effectiveness of a policy over replicates, from what it did to each household."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from fupin_sim.counterfactual.summary import summary
from fupin_sim.inference.cost_effectiveness import CostEffectiveness, cost_effectiveness
from fupin_sim.measures.checks import NotMeasured


def household_cost_effectiveness(
    frames: Sequence[pd.DataFrame], by: str | None = None, level: float = 0.95, discounted: bool = True
) -> dict[str, CostEffectiveness]:
    """Yuan of policies' outlays per averted poor person-year, in all (key "") or by group, by its name.

    frames: one `compare_households` a replicate. by: see `summary`; a group that is missing in a replicate counts as
    nothing spent and nothing averted there. discounted: yuan and years alike, at the rate of the section [cost]; else
    neither. Without institutions and posts: the measures `fiscal_cost` and `social_cost` of whole runs have them.
    Raises NotMeasured for fewer than two replicates.
    """
    if len(frames) < 2:
        raise NotMeasured(f"replicates: at least 2 are needed, not {len(frames)}")
    tables = [summary(frame, by) for frame in frames]
    if by is None:
        tables = [table.assign(all="") for table in tables]
    key, columns = by or "all", ["cost_discounted", "change_discounted"] if discounted else ["cost", "change"]
    both = [table.astype({key: object}).set_index(key)[columns] for table in tables]
    names = sorted({name for table in both for name in table.index}, key=str if by != "decile" else None)
    found = {}
    for name in names:
        cost, change = (np.array([float(table[what].get(name, 0.0)) for table in both]) for what in columns)
        found[str(name)] = cost_effectiveness(cost, -change, level)
    return found
