"""Sources: what each household lived on this year and last, by source, so that a fall below the line has a cause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.causes import entry_by_cause, largest_fall
from fupin_sim.plugins import Measure
from fupin_sim.world import Array, Flags, World

SOURCES = {
    "business": (("business",), ("fee",)),
    "wages": (("wage",), ()),
    "policies": (("support",), ()),
    "other income": (("property", "project", "dividend", "captured"), ()),
}
"""Flows of income by source, and those that are taken off: together the income of the month."""
CAUSES = (*SOURCES, "more mouths", "line")
"""What can put a household below the line: a source that fell, more people to share, a line that rose."""
MEMORY = "sources of income"
Memory = dict[str, NDArray[Any]]


def opened(n: int) -> Memory:
    """Nothing known yet of n households. this_year, last_year: yuan, shape (sources, n), last_year NaN where not seen
    whole. members: at the end of last year. months: seen of this year, shape (1,)."""
    return {
        "this_year": np.zeros((len(SOURCES), n), np.float32),
        "last_year": np.full((len(SOURCES), n), np.nan, np.float32),
        "members": np.ones(n, np.int8), "months": np.zeros(1, np.int64),
    }  # fmt: skip


def enter(memory: Memory, world: World) -> None:
    """Add the month just lived; call it once a month, at its end."""
    if world.clock.january:
        memory["this_year"][:], memory["months"][:] = 0.0, 0
    paid_back = ("reimbursement",) if world.processes["bookkeeping"].values["count_reimbursement"] else ()
    memory["this_year"][-1] += _yuan(world, paid_back)
    for sums, (flows, less) in zip(memory["this_year"], SOURCES.values(), strict=True):
        sums += _yuan(world, flows)
        sums -= _yuan(world, less)
    memory["months"] += 1


def _yuan(world: World, flows: Iterable[str]) -> NDArray[np.float32] | float:
    """The month's flows together; a plain 0 where nothing was posted."""
    fen = [world.ledger.flows[name] for name in flows if world.ledger.postings.has(name)]
    return (sum(fen[1:], fen[0]) / 100.0).astype(np.float32) if fen else 0.0


def turn(memory: Memory, world: World) -> None:
    """This year becomes the last one; call it at the end of December, after its entries were looked at."""
    memory["last_year"][:] = memory["this_year"] if memory["months"][0] == 12 else np.nan
    memory["members"][:] = world.households.members


def components(memory: Memory, world: World, rows: NDArray[np.intp]) -> tuple[Array, Array]:
    """Income per person less the line, last December and this, of some households, in parts; shape (rows, CAUSES).

    Sources are of last year's members, so that the part "more mouths" is what dividing by this year's takes off. The
    parts add up to the distance to the line; NaN where last year was not seen whole.
    """
    then, members = memory["members"][rows].astype(np.float64), world.households.members[rows]
    before, after = ((memory[year][:, rows].astype(np.float64) / then).T for year in ("last_year", "this_year"))
    mouths = after.sum(axis=1) * (1.0 - then / members)
    lines = world.of_county(world.counties.line_last_december)[rows], world.of_county(world.counties.line)[rows]
    nothing = np.zeros(len(rows))
    return (
        np.column_stack([before, nothing, -lines[0]]),
        np.column_stack([after, -mouths, -lines[1]]),
    )


def first_causes(memory: Memory, world: World, rows: NDArray[np.intp]) -> NDArray[np.int8]:
    """By number in CAUSES what fell most for each of some households; −1 where last year is not known."""
    if memory["months"][0] < 12 or np.isnan(memory["last_year"][:, rows]).any():
        return np.full(len(rows), -1, np.int8)
    before, after = components(memory, world, rows)
    return largest_fall(before - after).astype(np.int8)


def entered(world: World) -> Flags:
    """Who was not poor last December and is poor now; nobody while no December has been lived."""
    home = world.households
    flags: Flags = home.poor & ~home.poor_last_december & (home.decile > 0)
    return flags


class EntryByCause(Measure):
    """Persons who fell below the line since last December, by what fell most: a source of income per person, more
    mouths, or the line that rose (致贫原因). Missing in the first year, for want of one before it."""

    grouped = True
    by_default = False
    unit, every = "share of entries", "month"

    def take(self, world: World) -> dict[str, float]:
        if MEMORY not in world.memory:
            world.memory[MEMORY] = opened(len(world))
        memory = world.memory[MEMORY]
        enter(memory, world)
        if not world.clock.december:
            return {}
        rows = entered(world).nonzero()[0]
        shares = _shares(memory, world, rows)
        turn(memory, world)
        return {f"cause:{name}": shares[i] for i, name in enumerate(CAUSES)}


def _shares(memory: Memory, world: World, rows: NDArray[np.intp]) -> list[float]:
    if memory["months"][0] < 12 or np.isnan(memory["last_year"]).any():
        return [float("nan")] * len(CAUSES)
    before, after = components(memory, world, rows)
    weight = world.households.members[rows].astype(np.float64)
    largest: list[float] = entry_by_cause(before, after, np.ones(len(rows), bool), weight).largest.tolist()
    return largest
