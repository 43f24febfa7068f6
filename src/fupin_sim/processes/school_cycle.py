"""The school cycle: pupils of families that do not live, one child in each generation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.household import SCHOOL_CYCLE
from fupin_sim.family.families import ENTERS_SENIOR_HIGH, LEAVES_COLLEGE, LEAVES_SENIOR_HIGH, SEPTEMBER
from fupin_sim.world import World

Rows = NDArray[np.intp]


def run(world: World, senior_from: float, college_from: float) -> None:
    """Each September the child of a household is a year further on; who may not afford school stays out of it."""
    home = world.households
    if world.clock.month % 12 == SEPTEMBER:
        home.school_phase[:] = (home.school_phase + 1) % SCHOOL_CYCLE
        home.out_of_school &= home.school_phase != 0
    senior, college = pupils(home.school_phase, home.schooling, senior_from, college_from)
    home.pupils_senior[:] = senior & ~home.out_of_school
    home.pupils_college[:] = college & ~home.out_of_school


def take_out(world: World, rows: Rows) -> None:
    """The pupil of each of these households leaves school, if there is one."""
    home = world.households
    home.out_of_school[rows] |= (home.pupils_senior[rows] + home.pupils_college[rows]) > 0


def pupils(
    phase: NDArray[np.int8], schooling: NDArray[np.float32], senior_from: float, college_from: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which households have a child of senior high school age, and of college age, who would go.

    phase: years since the child reached senior high school, 0 to 24, shape (n,). Returns two flags, shape (n,).
    """
    senior = (phase < LEAVES_SENIOR_HIGH - ENTERS_SENIOR_HIGH) & (schooling >= senior_from)
    college = (phase < LEAVES_COLLEGE - ENTERS_SENIOR_HIGH) & (schooling >= college_from)
    return senior, college & (phase >= LEAVES_SENIOR_HIGH - ENTERS_SENIOR_HIGH)
