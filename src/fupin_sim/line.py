"""The poverty line (贫困线) and the years before the scenario, as settings."""

from __future__ import annotations

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Section


class Line(Section):
    """Who counts as poor: a level of income per person, constant or stepped by dates."""

    level = Dated(
        4_000.0, unit="yuan per person-year", range=(3_000, 8_000), limits=(1.0, 1e7), mark="second-hand", claim="S35",
        doc="yuan of 2020; a table of dates makes a stepped line",
        source="2,300 yuan of 2010, the rural standard of 2011, at 2020 prices",
    )  # fmt: skip


class Prices(Section):
    """Prices, for values given in nominal yuan."""

    index = Dated(None, kind="float", limits=(1e-6, 1e9), mark="choice", doc="consumer prices by date, any base")
    base = Parameter("2020", kind="str", mark="choice", doc="the year or month whose yuan are the constant yuan")


class BurnIn(Section):
    """Months lived before the scenario starts, so that what is drawn settles; not part of its years."""

    months = Parameter(36, unit="months", range=(24, 60), limits=(0, 600), mark="choice", doc="length of the burn-in")
