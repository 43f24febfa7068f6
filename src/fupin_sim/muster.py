"""Muster: the cadres and teams of a scenario, before anybody is sent."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from fupin_sim.agents import VillageOrganization
from fupin_sim.agents.team import NOWHERE
from fupin_sim.columns import columns_of
from fupin_sim.draws import Draws
from fupin_sim.population import People
from fupin_sim.processes.recruitment import Recruitment, muster
from fupin_sim.processes.teams import Teams
from fupin_sim.scenario import Scenario

OF_TEAMS = ("team", "team_since", "team_months", "team_strength", "visits", "stable_months", "mobilised", "diverted")


def mustered(spec: Scenario, draws: Draws, people: People) -> People:
    """The same people with cadres and teams: those of the snapshot they come from, or new ones.

    A branch whose scenario has other numbers of teams or of members musters anew, and begins without any village
    being served; what teams have left there stays.
    """
    teams = Teams("teams", spec.process("teams"))
    recruitment = Recruitment("recruitment", spec.process("recruitment"))
    cadres, new = muster(recruitment, teams.per_village, teams.members, people.villages, draws)
    same = people.teams and len(people.cadres["luck"]) == len(cadres["luck"])
    if same and np.array_equal(people.teams["luck"], new["luck"]):
        return people
    villages = dict(people.villages)
    for name in OF_TEAMS if people.teams else ():
        default = columns_of(VillageOrganization)[name].default
        villages[name] = np.full_like(villages[name], default)
    return replace(people, villages=villages, cadres=cadres, teams=new)


assert columns_of(VillageOrganization)["team"].default == NOWHERE
