"""A household (农户): a dynasty in one row, from the first month to the last."""

from __future__ import annotations

import numpy as np

from fupin_sim.columns import Column, RowAgent

SCHOOL_CYCLE = 25
"""Years between two children of a dynasty who reach senior high school."""
NEVER = 0
"""Stands in a month column for "has not happened": month 0 is January of the year 0."""
NOT_MONITORED, EX_POOR, MARGINAL, SUDDEN = 0, 1, 2, 3
"""Why a household is monitored (监测对象).

It left the register (脱贫不稳定户), its income is low (边缘易致贫户), or it was hit suddenly (突发严重困难户).
"""


class Household(RowAgent):
    """People who eat from one pot; rows stand county by county, village by village, clan by clan."""

    # who they are
    luck = Column(0, np.uint64, unit="key", doc="identity hash that all draws of the household hang on")
    county = Column(0, np.int32, unit="number", doc="county, counted from 0")
    village = Column(0, np.int32, unit="number", doc="village, counted from 0 over all counties")
    clan = Column(0, np.int16, unit="number", doc="clan within the village (宗族), counted from 0")
    members = Column(1, np.int8, unit="persons", doc="people in the household")
    workers = Column(0, np.int8, unit="persons", doc="people of 16 to 64 who are not at school")
    carers = Column(0, np.int8, unit="persons", doc="workers tied to the care of children or elders")
    children = Column(0, np.int8, unit="persons", doc="people below 16")
    elders = Column(0, np.int8, unit="persons", doc="people of 60 or more")
    pupils_senior = Column(0, np.int8, unit="persons", doc="at senior high school (高中)")
    pupils_college = Column(0, np.int8, unit="persons", doc="at college (大学)")
    schooling = Column(6.5, np.float32, unit="years", doc="mean schooling of the adults")
    ability = Column(1.0, unit="factor", doc="skill in farm and business")
    frailty = Column(1.0, unit="factor", doc="persistent risk of illness relative to the average; mean 1")
    trust = Column(0.5, unit="share", doc="trust of kin and village, 0 to 1")
    wage_premium = Column(1.0, unit="factor", doc="persistent wage relative to people of the same schooling")
    mobility = Column(0.0, np.float32, unit="log odds", doc="lasting readiness to work elsewhere, around 0")
    school_phase = Column(
        0, np.int8, unit="years", doc="years since its child reached senior high school; of families that do not live"
    )

    # their family: eight places at the table, a byte with a bit for each
    age_1, age_2, age_3, age_4, age_5, age_6, age_7, age_8 = (
        Column(-1, np.int8, unit="years", doc=f"age at place {place} of the table; -1: nobody sits there")
        for place in range(1, 9)
    )
    women = Column(0, np.uint8, unit="bits", doc="who is a woman: 1 for the first place, 2 for the second, 4 …")
    wed = Column(0, np.uint8, unit="bits", doc="who is or was married, in the same way")
    at_school = Column(0, np.uint8, unit="bits", doc="who is at senior high school or college, in the same way")
    others = Column(0, np.int8, unit="persons", doc="members beyond the eight places, children of unknown age")

    # what they have
    capital = Column(0.0, unit="units", doc="productive capital (farm, stock, tools, shop)")
    wealth = Column(0.0, unit="fen", doc="liquid wealth at the end of the month")
    debt_kin = Column(0.0, unit="fen", doc="owed to kin and friends, without interest")
    debt_bank = Column(0.0, unit="fen", doc="owed to banks and credit cooperatives")
    debt_arrears = Column(0.0, unit="fen", doc="unpaid bills and food on credit (clinic, school, kin)")
    debt_microcredit = Column(0.0, unit="fen", doc="owed to banks for subsidised productive loans (小额信贷)")
    microcredit_due = Column(NEVER, np.int32, unit="month", doc="month in which the last of these loans ends; 0: none")
    no_credit_until = Column(NEVER, np.int32, unit="month", doc="month in which lenders forgive a default; 0: none")

    # how their people fare
    migrants = Column(0, np.int8, unit="persons", doc="workers away for wages (外出务工)")
    months_sick = Column(0, np.int8, unit="months", doc="months for which one worker is still too ill to work")
    months_caring = Column(0, np.int8, unit="months", doc="months for which one worker still nurses the ill")
    disabled = Column(0, np.int8, unit="persons", doc="workers who lost their ability to work for good")
    out_of_school = Column(False, bool, unit="flag", doc="a child left school for want of money or hope")

    # what they are in their village
    worthy = Column(False, bool, unit="flag", doc="a local worthy who engages for the village this year (新乡贤)")
    cooperative = Column(False, bool, unit="flag", doc="member of the village's cooperative (合作社)")
    practice = Column(False, bool, unit="flag", doc="has taken up the better practice that is known in some villages")

    # what a year brings
    threshold = Column(0.0, np.float32, unit="units", doc="capital from which the household aims high")
    aim_low = Column(0.0, np.float32, unit="units", doc="capital it works towards below the threshold")
    aim_high = Column(0.0, np.float32, unit="units", doc="capital it works towards from the threshold")
    business_factor = Column(1.0, unit="factor", doc="this year's yield: place, season and the household's own luck")
    wage = Column(0.0, unit="fen per month", doc="what one migrant of the household earns, before growth")
    migration_wish = Column(0.0, unit="share", doc="propensity to take work elsewhere")

    # how they think of themselves
    aspiration = Column(0.0, np.float32, unit="yuan per person-year", doc="income the household aims at (志)")
    motivation = Column(0.5, np.float32, unit="share", doc="drive to help itself (内生动力), 0 to 1")
    motivation_setpoint = Column(0.5, np.float32, unit="share", doc="motivation it returns to when nothing happens")
    dependence = Column(0.0, np.float32, unit="share", doc="reliance on relief (等靠要), 0 to 1")
    labour = Column(1.0, np.float32, unit="factor", doc="share of its able labour that it offers")
    technique = Column(0.0, np.float32, unit="share", doc="taught technique in farm and business, 0 to 1")
    coached = Column(False, bool, unit="flag", doc="has been visited by a coach")
    peer_income = Column(0.0, np.float32, unit="yuan per person-year", doc="mean of the top third of its clan, yearly")
    income12_a_year_ago = Column(0.0, np.float32, unit="yuan per person-year", doc="income12 per person last January")
    income_growth = Column(0.0, np.float32, unit="share", doc="growth of income over the last full year, clipped")
    discretionary12 = Column(0.0, np.float32, unit="fen", doc="discretionary relief of about the last twelve months")

    # twelve-month accounts and the poverty they show
    income12 = Column(0.0, unit="fen", doc="income of the household over the last twelve months")
    support12 = Column(0.0, unit="fen", doc="of which paid by policies")
    relief12 = Column(0.0, unit="fen", doc="of which means-tested relief")
    bills12 = Column(0.0, unit="fen", doc="own medical and school bills over the last twelve months")
    consumption_of_year = Column(0.0, unit="fen", doc="consumption without bills since January")
    medical_of_year = Column(0.0, unit="fen", doc="own medical cost since January")
    poor = Column(False, bool, unit="flag", doc="twelve-month income per person is below the line")
    spell = Column(0, np.int16, unit="months", doc="months since the household last crossed the line either way")
    spell_censored = Column(True, bool, unit="flag", doc="the spell began before the first month observed")
    poor_last_december = Column(False, bool, unit="flag", doc="poor at the last December")
    poor_last_december_net_of_policy = Column(False, bool, unit="flag", doc="the same on income without policy income")
    poor_last_december_net_of_bills = Column(False, bool, unit="flag", doc="the same on income after own bills")
    marginal_last_december = Column(False, bool, unit="flag", doc="then not poor, but not far above the line (边缘户)")
    secure_years = Column(
        0, np.int8, unit="years", doc="Decembers in a row with income without policy income at the stable standard"
    )
    decile = Column(0, np.int8, unit="decile", doc="decile of income per person last December, 1 poorest; 0 before it")
    hungry = Column(False, bool, unit="flag", doc="ate below the floor this month")

    # the register (建档立卡)
    registered = Column(False, bool, unit="flag", doc="on the register of poor households")
    first_listed_on = Column(NEVER, np.int32, unit="month", doc="month of its first listing on the register; 0: never")
    listed_on = Column(NEVER, np.int32, unit="month", doc="month of its last listing on the register; 0: never")
    exited_on = Column(NEVER, np.int32, unit="month", doc="December in which it was last struck off; 0: never")
    first_exited_on = Column(NEVER, np.int32, unit="month", doc="December in which it was first struck off; 0: never")
    observed_income = Column(
        0.0, np.float32, unit="yuan per person-year", doc="as the register last saw it; 0 before it looks"
    )
    reported_income = Column(
        0.0, np.float32, unit="yuan per person-year",
        doc="as last held against the standard of exit, on paper; 0 if not on the register then",
    )  # fmt: skip
    gamed_on = Column(NEVER, np.int32, unit="month", doc="December in which it was last lifted on paper; 0: never")
    monitored = Column(
        NOT_MONITORED, np.int8, unit="class", doc="list of monitoring it stands on",
        codes={NOT_MONITORED: "none", EX_POOR: "ex-poor", MARGINAL: "marginal", SUDDEN: "sudden"},
    )  # fmt: skip
    monitored_since = Column(NEVER, np.int32, unit="month", doc="month in which it was put on that list; 0: not on it")
    helped = Column(False, bool, unit="flag", doc="on that list, and the first help has arrived")
    returned_on = Column(NEVER, np.int32, unit="month", doc="first December poor after the last exit; 0: none")
