"""Caseload: the households that a team looks after."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import NEVER
from fupin_sim.world import Flags, World


def covered(world: World) -> Flags:
    """Whom a team looks after: those on the register, and those who were on it; shape (households,)."""
    ever: Flags = world.households.first_listed_on != NEVER
    return ever


def count_cases(world: World) -> None:
    """Write down how many households of each village a team would look after."""
    world.villages.caseload[:] = world.by_village(covered(world).astype(np.int64))
