"""A cadre (驻村干部): a post in a team, and whoever holds it now."""

from __future__ import annotations

import numpy as np

from fupin_sim.columns import Column, RowAgent

FIELDS = ("organization", "industry", "welfare", "jobs")
"""What villages need and cadres are good at: organisation; industry; health and welfare; jobs, education, finance."""
LEVELS = ("county", "city", "province", "centre")
"""Who sends."""


class Cadre(RowAgent):
    """Rows stand county by county and team by team; a post whose holder left is filled anew, in the same row."""

    luck = Column(0, np.uint64, unit="key", doc="identity hash: county, post and generation")
    county = Column(0, np.int32, unit="number", doc="county, counted from 0")
    number = Column(0, np.int32, unit="number", doc="post, counted from 0 within the county")
    generation = Column(0, np.int32, unit="number", doc="how many held the post before")
    level = Column(0, np.int8, unit="code", codes=LEVELS, doc="who sends (派出单位)")
    speciality = Column(0, np.int8, unit="code", codes=FIELDS, doc="field of the post held at home")
    age = Column(40.0, unit="years", doc="age")
    schooling = Column(14.0, unit="years", doc="schooling")
    conduct = Column(0.0, unit="standard deviations", doc="conduct and sense of duty (品行), around 0")
    idle = Column(False, bool, unit="flag", doc="sent to be out of the way (闲人)")
    skill_organization, skill_industry, skill_welfare, skill_jobs = (
        Column(0.3, unit="share", doc=f"skill in {field}, 0 to 1")
        for field in ("organisation", "industry", "health and welfare", "jobs, education and finance")
    )
    effort = Column(0.5, unit="share", doc="effort in the post, 0 to 1")
    burnout = Column(0.2, unit="share", doc="exhaustion (倦怠), 0 to 1")
    months = Column(0, np.int16, unit="months", doc="months in the village, of this holder")
    vacant = Column(0, np.int8, unit="months", doc="months until a successor comes; 0: the post is held")
    left_this_year = Column(0, np.int16, unit="persons", doc="holders who left the post since January")
