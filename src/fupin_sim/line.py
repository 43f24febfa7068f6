"""The poverty line (贫困线), the rule by which it moves, and the years before the scenario, as settings."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.dated import Series
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Section
from fupin_sim.ranking import ascending

Array = NDArray[np.float64]


class Line(Section):
    """Who counts as poor: a level of income per person, and the rule by which it moves (贫困标准动态调整)."""

    rule = Parameter(
        "stepped", choices=("constant", "indexed", "stepped", "relative"), mark="choice", claim="S35",
        doc="constant: so many yuan for ever, worth less as prices rise; indexed: rises with prices and by `grows_by`; "
        "stepped: `level` at its dates; relative: a share of the county's median income, set each January",
    )  # fmt: skip
    level = Dated(
        4_000.0, unit="yuan per person-year", range=(3_000, 8_000), limits=(1.0, 1e7), mark="second-hand", claim="S35",
        doc="yuan of 2020; a table of dates makes a stepped line; rules constant and indexed begin from what it is in "
        "the first month of the scenario",
        source="2,300 yuan of 2010, the rural standard of 2011, at 2020 prices",
    )  # fmt: skip
    grows_by = Parameter(
        0.0, unit="share per year", range=(0.0, 0.05), limits=(-0.2, 0.3), mark="choice", claim="S35",
        doc="by which an indexed line rises each January beyond prices",
    )  # fmt: skip
    share = Parameter(
        0.4, unit="share of the median", range=(0.3, 0.6), limits=(0.01, 2.0), mark="choice", claim="S35",
        doc="of a relative line",
    )  # fmt: skip

    @property
    def moves(self) -> bool:
        """Whether it can be another line in another year."""
        return self.rule != "stepped" or "level" in self.schedules

    def level_at(self, month: int) -> float:
        """What `level` says for a month."""
        schedule = self.schedules.get("level")
        return float(self.values["level"] if schedule is None else schedule.at(month))

    def absolute(self, month: int, start: int, prices: Series | float | None) -> float:
        """The line of a month by the rules that look at no income, yuan of the base per person-year.

        start: first month of the scenario. prices: the price index, or None where prices stand still.
        """
        if self.rule == "stepped":
            return self.level_at(month)
        level, month = self.level_at(start), max(month, start)
        if self.rule == "indexed":
            return level * compounded(self.grows_by, month // 12 - start // 12)
        return level * (prices.at(start) / prices.at(month)) if isinstance(prices, Series) else level


def compounded(rate: float, years: int) -> float:
    """What a yearly rate makes of 1 in some years; exactly 1 at a rate of 0.

    >>> compounded(0.0, 7), round(compounded(0.02, 10), 4)
    (1.0, 1.219)
    """
    if not (rate and years):
        return 1.0
    return float(maths.exp(years * maths.log(np.array([1.0 + rate])))[0])


def weighted_median(values: Array, weight: NDArray[np.integer], luck: NDArray[np.uint64]) -> float:
    """The value of the household in which the person stands who has half of all persons below.

    values: shape (n,), n at least 1. weight: whole persons, shape (n,). luck: distinct keys, which break ties.

    >>> weighted_median(np.array([5.0, 1.0, 9.0]), np.array([1, 1, 3]), np.arange(3, dtype=np.uint64))
    9.0
    """
    order = ascending(values, luck)
    below = np.cumsum(weight[order].astype(np.int64))
    return float(values[order[np.searchsorted(2 * below, below[-1])]])


class Prices(Section):
    """Prices, for values given in nominal yuan."""

    index = Dated(None, kind="float", limits=(1e-6, 1e9), mark="choice", doc="consumer prices by date, any base")
    base = Parameter("2020", kind="str", mark="choice", doc="the year or month whose yuan are the constant yuan")


class BurnIn(Section):
    """Months lived before the scenario starts, so that what is drawn settles; not part of its years."""

    months = Parameter(36, unit="months", range=(24, 60), limits=(0, 600), mark="choice", doc="length of the burn-in")
