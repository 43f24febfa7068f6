"""The agents, each type a table of columns."""

from fupin_sim.agents.cadre import Cadre
from fupin_sim.agents.county import County
from fupin_sim.agents.household import Household
from fupin_sim.agents.team import Team
from fupin_sim.agents.village_organization import VillageOrganization

__all__ = ["Cadre", "County", "Household", "Team", "VillageOrganization"]
