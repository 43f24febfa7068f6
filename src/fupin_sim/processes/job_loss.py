"""Job loss: a migrant comes home without the job."""

from __future__ import annotations

import numpy as np

from fupin_sim.chance import may_succeed, successes
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World


class JobLoss(Process):
    """Each migrant loses the job with the same chance in a month."""

    risk = Parameter(
        0.045, unit="per migrant-month", range=(0.015, 0.05), limits=(0.0, 1.0), mark="fitted",
        doc="separation from a job away from home",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        risk = self.risk * world.rate("job_loss")
        u = world.draw("job loss")
        rows = may_succeed(u, home.migrants, np.minimum(risk, 1.0))
        if len(rows):
            each = np.minimum(risk[rows] if isinstance(risk, np.ndarray) else np.full(len(rows), risk), 1.0)
            home.migrants[rows] -= successes(u[rows], home.migrants[rows], each).astype(np.int8)
