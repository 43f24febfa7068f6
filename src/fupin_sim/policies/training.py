"""Training (技能培训): courses in farming and trade, for households with able workers at home."""

from __future__ import annotations

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.policies.service import Service
from fupin_sim.processes.migration import workers_at_home
from fupin_sim.world import Array, Flags, World


class Training(Service):
    """Technique raises business income and fades; schooling raises wages and stays."""

    cost = Dated(2_000.0, unit="yuan per household-year", range=(500, 5_000), limits=(1.0, 1e6), mark="assumed")
    administration = Parameter(0.15, unit="share of outlay", range=(0.08, 0.25), limits=(0.0, 1.0), mark="assumed")
    technique = Parameter(
        1.0, unit="full courses", range=(0.0, 1.0), limits=(0.0, 10.0), mark="assumed", claim="S30",
        doc="teaching of farm and business technique",
    )  # fmt: skip
    schooling = Parameter(
        1.0, unit="full courses", range=(0.0, 1.0), limits=(0.0, 10.0), mark="assumed", claim="S39",
        doc="adult schooling; a year of schooling takes two years of a full course",
    )  # fmt: skip

    def usable(self, world: World) -> Flags:
        able: Flags = workers_at_home(world.households) > 0
        return able

    def bring(self, world: World, served: Array) -> None:
        world.intensify("technique_training", self.technique * served, self.name)
        world.intensify("training", self.schooling * served, self.name)
