"""Schooling: the fees of a household's pupil in senior high school and college (上学负担)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import SCHOOL_CYCLE
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import World

SENIOR_HIGH = 3
COLLEGE = 4


class Schooling(Process):
    """One child in each generation goes through senior high school and, in educated families, college."""

    fee_senior_high = Parameter(
        5_000.0, unit="yuan per pupil-year", range=(3_000, 8_000), limits=(0, 1e6), mark="unverified",
        doc="fees and board at senior high school",
    )  # fmt: skip
    fee_college = Parameter(
        15_000.0, unit="yuan per pupil-year", range=(10_000, 20_000), limits=(0, 1e6), mark="unverified",
        doc="fees and board at college",
    )  # fmt: skip
    senior_high_from = Parameter(
        5.0, unit="years of schooling of the adults", range=(3, 8), limits=(0, 25), mark="assumed",
        doc="households less schooled than this send nobody to senior high school",
    )  # fmt: skip
    college_from = Parameter(
        8.0, unit="years of schooling of the adults", range=(6, 11), limits=(0, 25), mark="assumed",
        doc="households less schooled than this send nobody to college",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        if world.clock.month % 12 == 8:  # the school year begins in September
            home.school_phase[:] = (home.school_phase + 1) % SCHOOL_CYCLE
            home.out_of_school &= home.school_phase != 0
        senior, college = pupils(home.school_phase, home.schooling, self.senior_high_from, self.college_from)
        rows = np.flatnonzero((senior | college) & ~home.out_of_school)
        fees = world.fen(np.array([self.fee_college, self.fee_senior_high]) / 12)
        world.ledger.post("school_bill", fees[senior[rows].view(np.int8)], rows)


def pupils(
    phase: NDArray[np.int8], schooling: NDArray[np.float32], senior_from: float, college_from: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which households have a child of senior high school age, and of college age, who would go.

    phase: years since the child reached senior high school, 0 to 24, shape (n,). Returns two flags, shape (n,).
    """
    senior = (phase < SENIOR_HIGH) & (schooling >= senior_from)
    college = (phase >= SENIOR_HIGH) & (phase < SENIOR_HIGH + COLLEGE) & (schooling >= college_from)
    return senior, college
