"""Local worthies (新乡贤): the wealthy of a village who engage for it, and keep a part of what passes their hands."""

from __future__ import annotations

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process


class Worthies(Process):
    """Whoever engages teaches by example, finds jobs for others, and takes a share of the surplus of projects."""

    local = False

    captures = Parameter(
        0.1, unit="share of project income", range=(0.0, 0.3), limits=(0.0, 1.0), mark="assumed", claim="S29",
        doc="that worthies keep of the projects of others in their village",
    )  # fmt: skip
