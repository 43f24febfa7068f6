"""A village organisation (村级组织): the place its households live in."""

from __future__ import annotations

import numpy as np

from fupin_sim.columns import Column, RowAgent


class VillageOrganization(RowAgent):
    """An administrative village; its households are a run of rows."""

    luck = Column(0, np.uint64, unit="key", doc="identity hash that all draws of the village hang on")
    county = Column(0, np.int32, unit="number", doc="county, counted from 0")
    number = Column(0, np.int32, unit="number", doc="village, counted from 0 over all counties")
    first = Column(0, np.int64, unit="row", doc="row of its first household")
    households = Column(0, np.int64, unit="households", doc="how many households live in it")
    advantage = Column(0.0, unit="log", doc="lasting effect of the place on business and wages")
    land = Column(0.0, unit="log", doc="lasting quality of its land, on business alone; 0 is the usual")
    remoteness = Column(0.5, unit="share", doc="0 at the county town, 1 the remotest")
    remoteness_at_start = Column(0.5, unit="share", doc="remoteness before anything is built; what it returns to")
    infrastructure = Column(1.0, unit="index", doc="roads, water, power; 1 is the usual")
    season = Column(0.0, unit="log", doc="this year's common effect of weather and prices on business")
    disaster_own = Column(False, bool, unit="flag", doc="state of the village's own disaster risk this year")
    disaster = Column(False, bool, unit="flag", doc="a natural disaster strikes the village this year")

    # its organisation, and the team that is there
    organization = Column(0.4, unit="share", doc="capacity of branch and committee to get things done, 0 to 1")
    organization_setpoint = Column(0.4, unit="share", doc="capacity it returns to when nothing happens")
    usually_home = Column(0.0, unit="share", doc="able workers at home each January, frozen at the end of the burn-in")
    youth_return = Column(0.0, unit="share", doc="able workers at home last January beyond the usual")
    worthies = Column(0, np.int8, unit="households", doc="local worthies who engage for the village this year (乡贤)")
    example = Column(0.0, unit="share", doc="technique of the most skilled of them")
    practice = Column(False, bool, unit="flag", doc="a better practice is known here, and can be taken up")
    cooperative = Column(0, np.int8, unit="code", doc="cooperative: 0 none, 1 real, 2 a shell")
    cooperative_income = Column(0.0, unit="fen", doc="what the cooperative has kept since January")
    cooperative_purse = Column(0.0, unit="fen", doc="of which not yet divided; it is in December")
    exposure = Column(0.0, unit="share", doc="stock of what team work has left in the village, 0 to 1")
    team_strength = Column(0.0, unit="share", doc="what the team here does now, 0 to 1; 0 without one")
    visits = Column(0.0, unit="visits", doc="visits of the team to a covered household this month")
    skill_organization, skill_industry, skill_welfare, skill_jobs = (
        Column(0.0, unit="share", doc=f"skill of the team here in {field}, 0 to 1; 0 without one")
        for field in ("organisation", "industry", "health and welfare", "jobs, education and finance")
    )
    team = Column(-1, np.int32, unit="number", doc="team that is here, counted within the county; -1: none")
    team_since = Column(0, np.int32, unit="month", doc="month in which it came; 0: none is here")
    team_months = Column(0, np.int32, unit="months", doc="months in which any team was here")
    team_left = Column(0.0, unit="share", doc="share of the team here that left this month")
    caseload = Column(0, np.int32, unit="households", doc="ever listed, whom a team looks after")
    stable_months = Column(0, np.int32, unit="months", doc="months in a row in which exit was stable here")
    need_organization, need_industry, need_welfare, need_jobs = (
        Column(0.25, unit="share", doc=f"need of {field} among all needs; the four sum to 1")
        for field in ("organisation", "industry", "health and welfare", "jobs, education and finance")
    )
    exposure_observed = Column(0.0, unit="share", doc="exposure as far as it helps to see who is poor")
    exposure_delivered = Column(0.0, unit="share", doc="exposure as far as it brings policies to households, scaled")
    mobilised = Column(0.0, unit="fen", doc="money that its team brings this month")
    diverted = Column(0.0, unit="fen", doc="project money that it goes without this month for villages with a team")
    collective_assets = Column(0.0, unit="fen", doc="what was put into collective industry, as far as it lasts")
