"""Years: a yearly panel of a run, laid out with a row for each household and a column for each December."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.scenario import Scenario, load
from fupin_sim.shipped import scenario_file
from fupin_sim.simulation import simulate
from fupin_sim.world import Array, Flags


@dataclass(frozen=True)
class Years:
    """All of shape (households, years). income, consumption, bills: yuan of the household in the calendar year.

    income is with policy income. consumption is without bills; bills are own medical and school bills. exited: struck
    off the register before or in that December. able: has a worker who can work.
    """

    members: Array
    income: Array
    consumption: Array
    bills: Array
    poor: Flags
    registered: Flags
    exited: Flags
    able: Flags
    village: NDArray[np.int64]

    @property
    def income_pc(self) -> Array:
        """Income per person, yuan a year."""
        return self.income / self.members

    @property
    def spending_pc(self) -> Array:
        """Consumption per person with own bills, as surveys count it, yuan a year."""
        return (self.consumption + self.bills) / self.members


def years_of(panel: pd.DataFrame) -> Years:
    """The yearly panel of a `Result` as arrays; households are rows in the order of the panel."""
    dates = panel["month"].nunique()

    def wide(name: str) -> NDArray[Any]:
        return panel[name].to_numpy().reshape(dates, -1).T

    def money(name: str) -> Array:
        return wide(name).astype(np.float64)

    return Years(
        money("members"), money("income12"), money("consumption_of_year"), money("bills12"), wide("poor").astype(bool),
        wide("registered").astype(bool), wide("first_exited_on") != "", wide("workers") > wide("disabled"),
        wide("village").astype(np.int64),
    )  # fmt: skip


def with_policies(scenario: str, policies: Sequence[Mapping[str, Any]]) -> Scenario:
    """A shipped scenario with policies besides its own, each a table as in a file."""
    return load({"extends": str(scenario_file(scenario)), "policy": list(policies)}, BUILT_IN)


def lived(scenario: Scenario | str, seed: int, sets: Mapping[str, Any], years: int) -> Years:
    """The panel of a scenario with further settings, so many years long."""
    settings = {**sets, "scenario.years": years, "measures.use": ["headcount"]}
    panel = simulate(scenario, seed, sets=settings, households="yearly").households
    assert panel is not None
    return years_of(panel)
