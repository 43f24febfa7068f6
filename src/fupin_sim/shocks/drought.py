"""Drought (旱灾): a harvest lost in named counties at named dates."""

from __future__ import annotations

import numpy as np

from fupin_sim.dated import month_number
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Shock
from fupin_sim.world import World


class Drought(Shock):
    """Business income falls by a share for some months; the same counties, whatever else befalls them."""

    dates = Parameter((), name="at", kind="list[date]", mark="choice", doc="months in which a drought begins")
    counties = Parameter((), kind="list[int]", limits=(0, None), mark="choice", doc="county numbers; none: all")
    months = Parameter(6, unit="months", range=(3, 12), limits=(1, 120), mark="assumed", doc="how long one lasts")
    loss = Parameter(
        0.35, unit="share of business income", range=(0.1, 0.6), limits=(0.0, 1.0), mark="assumed",
        doc="lost while it lasts",
    )  # fmt: skip

    def adjust(self, world: World) -> None:
        month = world.clock.month
        if not any(0 <= month - month_number(day) < self.months for day in self.dates):
            return
        if not self.counties:
            world.rates.adjust("business_income", 1.0 - self.loss, self.name)
            return
        struck = np.isin(world.counties.number, self.counties)
        world.rates.adjust("business_income", world.of_county(np.where(struck, 1.0 - self.loss, 1.0)), self.name)
