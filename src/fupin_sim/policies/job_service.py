"""Job service (就业服务): placement and information for those who look for work elsewhere."""

from __future__ import annotations

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.service import Service
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.world import Array, Flags, World


class JobService(Service):
    """Jobs are found sooner, and more want to go, among those with able workers at home."""

    reach = Parameter(
        0.5, unit="share of households", range=(0.1, 1.0), limits=(0.0, 1.0), mark="choice",
        doc="of those it is meant for, drawn anew each year",
    )  # fmt: skip
    cost = Dated(300.0, unit="yuan per household-year", range=(100, 1_000), limits=(1.0, 1e6), mark="assumed")
    administration = Parameter(0.10, unit="share of outlay", range=(0.05, 0.15), limits=(0.0, 1.0), mark="assumed")
    finding = Parameter(
        0.5, unit="share", range=(0.0, 1.5), limits=(0.0, 20.0), mark="assumed", claim="S13",
        doc="by which the chance to find a job rises",
    )  # fmt: skip
    wish = Parameter(
        0.5, unit="log odds", range=(0.0, 1.5), limits=(0.0, 20.0), mark="assumed", claim="S13",
        doc="added to the wish for work elsewhere, which is settled each January",
    )  # fmt: skip

    def usable(self, world: World) -> Flags:
        able: Flags = workers_at_home(world.households) > 0
        return able

    def bring(self, world: World, served: Array) -> None:
        world.rates.adjust("job_finding", 1.0 + self.finding * served, self.name)
        world.intensify("job_service", self.wish * served, self.name)
