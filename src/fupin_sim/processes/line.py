"""The line of the month, by its rule; what must be kept of a December to tell a moved line from moved incomes."""

from __future__ import annotations

import numpy as np

from fupin_sim.line import Line, weighted_median
from fupin_sim.world import Array, World

MEMORY = "process.line"
"""Under which name last December's incomes are kept, where the line can move."""


def draw_line(world: World, line: Line) -> None:
    """Put the line of this month in force, before anybody reads it."""
    counties, clock = world.counties, world.clock
    if line.rule != "relative":
        world.line = line.absolute(clock.month, clock.start, world.spec.section("prices")["index"])
        counties.line[:] = world.line
    elif clock.opens_a_year or not counties.line.all():
        counties.line[:] = line.share * medians(world)
        world.line = world.of_county(counties.line)
    elif world.fresh:
        world.line = world.of_county(counties.line)
    if line.moves:
        remembered(world)


def medians(world: World) -> Array:
    """The median of persons of income per person in each county, yuan a year, at least 1."""
    home, income = world.households, world.income_pc()
    found = [weighted_median(income[rows], home.members[rows], home.luck[rows]) for rows in world.counties_as_rows()]
    medians: Array = np.maximum(np.array(found), 1.0)
    return medians


def remember_year(world: World) -> None:
    """Keep the December that is over: lines, persons and poor of each county and, where the line can move, incomes."""
    home, counties = world.households, world.counties
    members = home.members.astype(np.int64)
    counties.line_last_december[:] = counties.line
    counties.people_last_december[:] = world.by_county(members)
    counties.poor_last_december[:] = world.by_county(members * home.poor)
    if MEMORY in world.memory:
        income, persons = remembered(world)
        income[:] = world.income_pc()
        persons[:] = home.members


def remembered(world: World) -> tuple[Array, Array]:
    """Income per person (yuan a year) and members of each household at the last December; nobody before it."""
    return (
        world.recall(MEMORY, "income", np.float64, 0.0),
        world.recall(MEMORY, "members", np.int8, 0),
    )
