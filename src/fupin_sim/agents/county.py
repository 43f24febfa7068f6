"""A county (县): the unit that budgets, markets and the register belong to."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import NEVER
from fupin_sim.columns import Column, RowAgent


class County(RowAgent):
    """A county; its villages, and so its households, are a run of rows."""

    luck = Column(0, np.uint64, unit="key", doc="identity hash that all draws of the county hang on")
    number = Column(0, np.int32, unit="number", doc="county, counted from 0")
    first = Column(0, np.int64, unit="row", doc="row of its first household")
    households = Column(0, np.int64, unit="households", doc="how many households live in it")
    disaster = Column(False, bool, unit="flag", doc="the common part of this year's disaster risk has struck")
    usual_effort = Column(0.75, unit="factor", doc="mean of 0.5 + 0.5 motivation, frozen at the end of the burn-in")
    usual_dependence = Column(0.25, unit="share", doc="mean dependence of those on relief, frozen likewise")
    line = Column(0.0, unit="yuan per person-year", doc="poverty line in force")
    line_last_december = Column(0.0, unit="yuan per person-year", doc="poverty line at the last December; 0 before it")
    people_last_december = Column(0, np.int64, unit="persons", doc="who lived in it at the last December")
    poor_last_december = Column(0, np.int64, unit="persons", doc="who of them was below the line")
    delivery_quality = Column(0.5, unit="share", doc="how well its government delivers policies, 0 to 1")
    delivery_quality_setpoint = Column(0.5, unit="share", doc="quality it returns to when nothing happens")
    assessment = Column(0.0, unit="share", doc="how hard its cadres are assessed on results (考核), 0 to 1")
    usual_trade = Column(0.0, unit="fen per month", doc="business income of its households, frozen with the burn-in")
    product_price = Column(1.0, unit="factor", doc="price of what supported projects sell, 1 without projects")
    paperwork = Column(0.0, unit="share", doc="time that assessment takes in forms and tables, 0 to 1")
    exited_on = Column(NEVER, np.int32, unit="month", doc="December it passed the exit test (摘帽); 0: not yet")
