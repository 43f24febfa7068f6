"""A small catalogue for the tests of scenarios: every kind of parameter once."""

from fupin_sim.parameter import Dated, Parameter
from fupin_sim.plugins import Measure, Policy, Process, Section, Shock
from fupin_sim.scenario.settings import Classes, ScenarioSection


class Population(Section):
    """Who lives there."""

    villages = Parameter(40, limits=(1, None), range=(10, 100), unit="villages", mark="choice")
    households = Parameter(150, limits=(1, None), unit="households per village", mark="choice")
    microdata = Parameter("", kind="file", mark="choice", doc="a CSV file of households")
    shares = Parameter((0.5, 0.5), limits=(0, 1), unit="share")
    columns = Parameter(None, kind="table[str]", doc="column of the file by column of the model")


class Line(Section):
    """The poverty line."""

    rule = Parameter("absolute", choices=("absolute", "relative", "indexed"), mark="choice")
    level = Dated(4000, unit="yuan per person-year", range=(2300, 8000), mark="measured", source="NBS 2020")


class Prices(Section):
    """Prices that make nominal yuan real."""

    index = Dated(None, kind=float, limits=(0, None), unit="index", doc="consumer prices")
    base = Parameter(2020, mark="choice", doc="year or month of the constant yuan")


class Illness(Process):
    """A bill, and sometimes months of lost labour."""

    renamed = {"chance": ("risk", "0.3")}  # noqa: RUF012

    risk = Parameter(0.087, unit="per household-month", range=(0.05, 0.13), limits=(0, 1), mark="fitted", claim="S38")


class Supported(Policy):
    """What every policy of these tests has."""

    start = Parameter("", kind="date", mark="choice")
    fund = Parameter("county", mark="choice")
    budget = Dated(None, kind=float, unit="yuan per resident-year", mark="choice")


class TeamAssignment(Supported):
    """Teams go where they are needed."""

    match = Parameter("none", choices=("none", "random", "seniority", "poorest_first", "need"), mark="choice")
    withdraw = Parameter("never", choices=("never", "when_stable"), mark="choice")
    stay_months = Parameter(24, unit="months", limits=(0, 120), mark="choice")


class Dibao(Supported):
    """Income topped up to a level."""

    renamed = {"threshold": ("level", "0.3")}  # noqa: RUF012

    level = Dated(0.65, unit="share of the poverty line", range=(0.4, 1.2), limits=(0, 2), mark="unverified")


class Cash(Supported):
    """The same for everybody."""

    amount = Dated(0, unit="yuan per person-month", mark="choice")
    counties = Parameter((), kind="list[int]", limits=(0, None), mark="choice")


class Drought(Shock):
    """A year without rain."""

    dates = Parameter(("2019-06",), kind="list[date]", name="at", mark="choice")
    loss = Parameter(0.3, limits=(0, 1), unit="share of the harvest")
    maps = Parameter((), kind="list[file]", mark="choice")


class Headcount(Measure):
    """Share of the poor."""

    line = Parameter("national", choices=("national", "provincial"), mark="choice")


class Gini(Measure):
    """Inequality."""


CATALOGUE = Classes(
    {"scenario": ScenarioSection, "population": Population, "line": Line, "prices": Prices},
    {"illness": Illness},
    {"team_assignment": TeamAssignment, "dibao": Dibao, "cash": Cash},
    {"drought": Drought},
    {"headcount": Headcount, "gini": Gini},
)
