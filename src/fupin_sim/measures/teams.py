"""Measures of teams and cadres: how strong, how present, how tired, how well placed; missing without any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.agents.cadre import FIELDS
from fupin_sim.agents.team import NOWHERE
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.processes.recruitment import members_of
from fupin_sim.processes.teams import needs, posted, skills_of_teams
from fupin_sim.world import Array, World, place


def _mean(values: Array) -> float:
    return ratio(float(values.sum()), float(len(values)))


class TeamStrength(Measure):
    """Mean strength of the teams that are in villages."""

    unit, every, better = "share", "month", "higher"

    def take(self, world: World) -> float:
        return _mean(world.villages.team_strength[world.villages.team != NOWHERE])


class TeamExposure(Measure):
    """Mean exposure of all villages to team work, present and past."""

    unit, every, better = "share", "month", "higher"

    def take(self, world: World) -> float:
        return _mean(world.villages.exposure)


class VillagesServed(Measure):
    """Share of villages with a team."""

    unit, every = "share of villages", "month"

    def take(self, world: World) -> float:
        return _mean((world.villages.team != NOWHERE).astype(np.float64))


class CadreEffort(Measure):
    """Mean effort of the cadres who are in villages."""

    unit, every, better = "share", "month", "higher"

    def take(self, world: World) -> float:
        return _mean(world.cadres.effort[posted(world)])


class CadreBurnout(Measure):
    """Mean exhaustion of the cadres who are in villages."""

    unit, every, better = "share", "month", "lower"

    def take(self, world: World) -> float:
        return _mean(world.cadres.burnout[posted(world)])


class CadreTurnover(Measure):
    """Departures from the posts of teams in the year, as a share of the posts in villages."""

    unit, every, better = "share of posts per year", "year", "lower"

    def take(self, world: World) -> float:
        if not len(world.cadres):
            return ratio(0.0, 0.0)
        out = np.repeat(world.teams.village != NOWHERE, members_of(world))
        return ratio(float(world.cadres.left_this_year[out].sum()), float(out.sum()))


class IdleCadres(Measure):
    """Share of idlers among the cadres who are in villages."""

    unit, every, better = "share of cadres", "month", "lower"

    def take(self, world: World) -> float:
        return _mean(world.cadres.idle[posted(world)].astype(np.float64))


class TeamsMatched(Measure):
    """Share of teams in villages whose best field, against the county's other teams, is that of a need above usual.

    Fields and needs are held against their mean in the county, for all teams are good at some things and all villages
    need some.
    """

    unit, every, better = "share of teams", "year", "higher"

    def take(self, world: World) -> float:
        there = np.flatnonzero(world.teams.village != NOWHERE)
        if not len(there):
            return ratio(0.0, 0.0)
        rows = place(world.villages.number, world.teams.village[there])
        skill = _beyond(skills_of_teams(world), world.teams.county)[there]
        need = _beyond(needs(world.villages), world.villages.county)[rows]
        best = np.argmax(skill, axis=1)
        return _mean((need[np.arange(len(there)), best] > 0.0).astype(np.float64))


def _beyond(values: Array, county: NDArray[np.integer]) -> Array:
    """Each row less the mean of its county, shape (n, fields)."""
    _, of = np.unique(county, return_inverse=True)
    number = np.bincount(of)
    means = np.stack([np.bincount(of, values[:, j]) / number for j in range(len(FIELDS))], axis=-1)
    return values - means[of]
