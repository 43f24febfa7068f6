"""Macro shock (宏观冲击): for some months migrants lose their jobs faster, everywhere at once."""

from __future__ import annotations

from fupin_sim.dated import month_number
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Shock
from fupin_sim.world import World


class Macro(Shock):
    """Factors on job loss, and, if wanted, on job finding and wages, while it lasts."""

    dates = Parameter((), name="at", kind="list[date]", mark="choice", doc="months in which one begins")
    months = Parameter(3, unit="months", range=(1, 12), limits=(1, 120), mark="assumed", doc="how long one lasts")
    job_loss = Parameter(
        4.0, unit="factor", range=(1.0, 8.0), limits=(0.0, 100.0), mark="assumed",
        doc="on the risk to lose a job elsewhere",
    )  # fmt: skip
    job_finding = Parameter(
        1.0, unit="factor", range=(0.2, 1.0), limits=(0.0, 100.0), mark="assumed", doc="on the chance to find one"
    )
    wage = Parameter(
        1.0, unit="factor", range=(0.7, 1.0), limits=(0.0, 100.0), mark="assumed", doc="on wages elsewhere"
    )

    def adjust(self, world: World) -> None:
        if any(0 <= world.clock.month - month_number(day) < self.months for day in self.dates):
            for rate in ("job_loss", "job_finding", "wage"):
                world.rates.adjust(rate, self.values[rate], self.name)
