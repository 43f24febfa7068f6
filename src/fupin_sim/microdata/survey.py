"""A survey as arrays: households in rows, in the model's units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.draws import luck_key
from fupin_sim.microdata.moments import headcount, moments

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]
Texts = NDArray[np.str_]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Described:
    """One line of the report on a survey: what was read for a variable, in the model's unit.

    n: households with a value, observed or imputed. missing: cells of the file without one. rule: what befell them.
    mean: over households, by weight.
    """

    name: str
    column: str
    unit: str
    n: int
    missing: int
    rule: str
    lowest: float
    median: float
    mean: float
    highest: float


@dataclass(frozen=True, eq=False)
class Survey:
    """Households as the survey has them, in rows sorted by county, village, household code; arrays are read-only.

    household: codes, texts (n,). luck: identity keys (n,), from the household code alone, so that leaving households
    out moves nobody else's luck. village: 0 … V−1 over the whole survey (n,). county: 0 … C−1 (n,).
    values: an array (n,) for each of VARIABLES that the survey has, and always members and weight.
    welfare_is: the variable that the model's income starts from. imputed: which cells were filled (n,), for the
    variables where some were. absent: the variables it does not have. dropped: rows left out because of a missing cell.
    """

    title: str
    source: str
    household: Texts
    luck: Keys
    village: Codes
    county: Codes
    village_names: tuple[str, ...]
    county_names: tuple[str, ...]
    county_of_village: Codes
    values: Mapping[str, Floats]
    welfare_is: str
    imputed: Mapping[str, Flags]
    absent: tuple[str, ...]
    dropped: int
    report: tuple[Described, ...]

    def __len__(self) -> int:
        return self.household.size

    @property
    def members(self) -> Floats:
        return self.values["members"]

    @property
    def weight(self) -> Floats:
        return self.values["weight"]

    @property
    def weighted(self) -> bool:
        """Whether households count differently."""
        return bool((self.weight != self.weight[0]).any())

    @property
    def welfare(self) -> Floats:
        """Yuan per person-year: what the mapping takes for income."""
        return self.values[self.welfare_is]

    @property
    def village_identity(self) -> Texts:
        """What tells a village from all others (V,): its code, with the county's if codes repeat between counties."""
        names = np.asarray(self.village_names)
        if len(set(self.village_names)) == len(names):
            return names
        counties = np.asarray(self.county_names)[self.county_of_village]
        return np.char.add(np.char.add(counties, "/"), names)

    @property
    def village_luck(self) -> Keys:
        """Identity keys of the villages (V,)."""
        return luck_key("village", self.village_identity)

    def headcount(self, line: float) -> float:
        """Share of persons whose welfare is below the line (yuan per person-year), by weight × members."""
        return headcount(self.welfare, line, self.weight * self.members)

    def moments(self, line: float) -> Mapping[str, float]:
        """The survey's own moments by name, by weight; line: yuan per person-year."""
        welfare, members, schooling = self.welfare, self.members, self.values.get("schooling")
        return moments(welfare, members, schooling, self.village, self.weight, line)
