"""A team (驻村工作队): cadres of one sender, led by a first secretary, in a village or waiting at home."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.cadre import LEVELS
from fupin_sim.agents.household import NEVER
from fupin_sim.columns import Column, RowAgent

NOWHERE = -1
"""The village of a team that is at home, and the team of a village that has none."""


class Team(RowAgent):
    """The county's teams are fixed in number; its members are a run of rows of Cadre."""

    luck = Column(0, np.uint64, unit="key", doc="identity hash that all draws of the team hang on")
    county = Column(0, np.int32, unit="number", doc="county, counted from 0")
    number = Column(0, np.int32, unit="number", doc="team, counted from 0 within the county")
    level = Column(0, np.int8, unit="code", codes=LEVELS, doc="who sends (派出单位)")
    first_secretary = Column(0, np.int32, unit="number", doc="post of its first secretary (第一书记) within the county")
    village = Column(NOWHERE, np.int32, unit="number", doc="village it is in; -1: at home")
    since = Column(NEVER, np.int32, unit="month", doc="month in which it came to the village; 0: at home")
    rank = Column(0.5, unit="share", doc="rank of its exits among the county's teams last December, 0 to 1")
    allotted_on = Column(
        NEVER, np.int32, unit="month", doc="month in which it was last allotted a year's money; 0: never"
    )
    own_left = Column(0.0, unit="fen", doc="money of its sender left this year")
    coordinated_left = Column(0.0, unit="fen", doc="money that it may coordinate from others left this year")
