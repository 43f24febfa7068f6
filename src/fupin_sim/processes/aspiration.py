"""Aspiration: the income a household aims at, between its own and that of the better-off of its clan (扶志)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World

INCOME_BITS = 38
MOST_FEN = (1 << INCOME_BITS) - 1
"""A sort key holds a clan above an income in fen; what is above 2.7 billion yuan per person counts as that."""


class Outlook(Process):
    """Once a year a household looks back at its own year, and around at those who do well in its clan."""

    growth_seen = Parameter(
        0.2, unit="share", range=(0.0, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S30",
        doc="most that the last year's rise or fall of its own income counts",
    )  # fmt: skip

    def run(self, world: World) -> None:
        clock = world.clock
        if not clock.opens_a_year:
            return
        home, income = world.households, world.income_pc()
        first = clock.month == clock.first
        before = income if first else home.income12_a_year_ago
        home.income_growth[:] = growth(income, before, self.growth_seen)
        home.income12_a_year_ago[:] = income
        clan = home.village.astype(np.int64) * (np.iinfo(home.clan.dtype).max + 1) + home.clan
        peers = top_third(income, clan)
        worthies = world.processes["worthies"]
        if worthies.on and worthies.looked_up_to and home.worthy.any():
            peers = with_worthies(peers, income, clan, home.village, home.worthy)
        home.peer_income[:] = peers


class Aspiration(Process):
    """What is aimed at follows, slowly, what one has and what one's betters have."""

    adaptation = Parameter(
        0.05, unit="per month", range=(0.0, 0.1), limits=(0.0, 1.0), mark="assumed", claim="S30",
        doc="part of the distance to what own and others' income suggest; at 0 aspiration stays where it began",
    )  # fmt: skip
    peers = Parameter(
        0.5, unit="share", range=(0.0, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S29",
        doc="weight of the clan's top third beside own income",
    )  # fmt: skip
    lift = Parameter(
        0.1, unit="share", range=(0.0, 0.3), limits=(0.0, 5.0), mark="assumed", claim="S30",
        doc="by which aspiration rises, once, when a household is first coached",
    )  # fmt: skip

    def run(self, world: World) -> None:
        home = world.households
        aim = home.aspiration.astype(np.float64)
        suggested = suggestion(world.income_pc(), home.income_growth, home.peer_income, self.peers)
        if world.clock.month == world.clock.first:
            aim = suggested
        coach = world.intensity("coach")
        if not isinstance(coach, float) or coach:
            met = (coach > 0) & ~home.coached
            aim *= 1.0 + self.lift * met
            home.coached |= met
        aim += self.adaptation * (suggested - aim)
        home.aspiration[:] = aim


def growth(income: Array, before: NDArray[np.floating], most: float) -> Array:
    """The year's growth of income, at most `most` up or down; from next to nothing it counts as the most.

    income, before: yuan per person-year, shape (n,).

    >>> growth(np.array([110.0, 300.0, 0.0]), np.array([100.0, 100.0, 0.0]), 0.2).round(2)
    array([ 0.1,  0.2, -0.2])
    """
    change: Array = np.clip(income / np.maximum(before, 1.0) - 1.0, -most, most)
    return change


def suggestion(income: Array, growth: NDArray[np.floating], peers: NDArray[np.floating], weight: float) -> Array:
    """The income that own income, prolonged by its growth, and the peers' suggest to aim at, yuan per person-year.

    >>> suggestion(np.array([4_000.0]), np.array([0.1]), np.array([12_000.0]), 0.5)
    array([8200.])
    """
    own: Array = (1.0 - weight) * (income * (1.0 + growth))
    own += weight * peers
    return own


def gap(aspiration: NDArray[np.floating], income: Array) -> Array:
    """How far income falls short of what is aimed at, as a share of the aim, 0 to 1; shape (n,).

    >>> gap(np.array([8_000.0, 8_000.0, 0.0]), np.array([6_000.0, 9_000.0, 0.0]))
    array([0.25, 0.  , 0.  ])
    """
    aim = aspiration.astype(np.float64)
    short: Array = aim - income
    short /= np.maximum(aim, 1.0, out=aim)
    return np.clip(short, 0.0, 1.0, out=short)


def top_third(income: Array, clan: NDArray[np.int64]) -> Array:
    """The mean income of the top third of each household's clan, itself included, a third being rounded up.

    income: yuan per person-year, shape (n,). clan: identity, equal in neighbouring rows, shape (n,). Computed in whole
    fen, so that it depends on nothing but the incomes.

    >>> top_third(np.array([1.0, 9.0, 5.0, 7.0, 2.0]), np.array([0, 0, 0, 0, 1]))
    array([8., 8., 8., 8., 2.])
    """
    if len(income) == 0:
        return np.zeros(0)
    starts = np.flatnonzero(np.concatenate([[True], clan[1:] != clan[:-1]]))
    ends = np.append(starts[1:], len(clan))
    size = ends - starts
    fen = np.rint(np.clip(income * 100.0, 0.0, float(MOST_FEN))).astype(np.int64)
    key = (np.repeat(np.arange(len(starts)), size) << INCOME_BITS) + fen
    key.sort()  # whole numbers: equal ones cannot be told apart
    total = np.concatenate([[0], np.cumsum(key & MOST_FEN)])
    third = (size + 2) // 3
    mean = (total[ends] - total[ends - third]) / (third * 100.0)
    return np.repeat(mean, size)


def with_worthies(
    peers: Array, income: Array, clan: NDArray[np.int64], village: NDArray[np.integer], worthy: NDArray[np.bool_]
) -> Array:
    """The mean of the top third of the clan and of the worthies of other clans in the village, who join that group.

    peers: `top_third` of income. clan, village: of each household, equal in neighbouring rows. All of shape (n,).

    >>> home = np.array([1.0, 9.0, 5.0, 7.0, 2.0]), np.array([0, 0, 0, 0, 1]), np.zeros(5, int)
    >>> with_worthies(top_third(*home[:2]), *home, np.array([False, True, False, False, False]))
    array([8. , 8. , 8. , 8. , 5.5])
    """
    starts = np.flatnonzero(np.concatenate([[True], clan[1:] != clan[:-1]]))
    size = np.diff(starts, append=len(clan))
    third, mine = (size + 2) // 3, np.repeat(np.arange(len(starts)), size)
    place = (village - village[0]).astype(np.int64)
    rows = np.flatnonzero(worthy)
    fen = np.rint(np.clip(income[rows] * 100.0, 0.0, float(MOST_FEN)))
    number, total = (
        np.bincount(place[rows], weights=each, minlength=int(place[-1]) + 1)[place[starts]]
        - np.bincount(mine[rows], weights=each, minlength=len(starts))
        for each in (np.ones(len(rows)), fen)
    )
    mean = (peers[starts] * third + total / 100.0) / (third + number)
    return np.repeat(np.where(number > 0, mean, peers[starts]), size)
