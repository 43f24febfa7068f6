"""Population: who lives where, with what, before the first month; drawn, or taken from the user's survey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.agents.household import SCHOOL_CYCLE
from fupin_sim.chance import binomial
from fupin_sim.draws import Draws, luck_key
from fupin_sim.endowment import Endowment
from fupin_sim.errors import BadInput
from fupin_sim.family.donors import choose, donors
from fupin_sim.family.families import Customs, head_counts
from fupin_sim.given import counties_of
from fupin_sim.line import Line
from fupin_sim.microdata import BIRTH, DESIGNS, Sample, Survey, read_survey, resampled
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Section
from fupin_sim.scenario import Scenario

Array = NDArray[np.float64]
MOST_MEMBERS = 100
"""What a survey has above that is cut off."""
LEAST_RANK = 1e-12
"""Of households without weight at the ends of a survey, which would stand infinitely far out."""


class Population(Section):
    """How many, where, and how different from one another."""

    source = Parameter(
        "synthetic", choices=("synthetic", "survey"), mark="choice", doc="drawn here, or a survey's own households"
    )
    survey = Parameter("", kind="file", mark="choice", doc="its data: .csv, .parquet or .dta")
    mapping = Parameter("", kind="file", mark="choice", doc="TOML that says what the survey's columns are")
    resample = Parameter(
        "none", choices=tuple(DESIGNS), mark="choice",
        doc="none: every household of the survey once, unweighted; villages, households: villages × households drawn"
        " with replacement by weight, in two stages or in one",
    )  # fmt: skip
    counties = Parameter(4, unit="counties", range=(1, 8), limits=(1, 3000), mark="choice")
    villages = Parameter(40, unit="villages", range=(20, 100), limits=(1, 1_000_000), mark="choice", doc="in all")
    households = Parameter(
        150, unit="households per village", range=(50, 400), limits=(1, 100_000), mark="choice",
        doc="in each village",
    )  # fmt: skip
    disabled = Parameter(
        0.025, unit="share of workers", range=(0.01, 0.04), limits=(0.0, 1.0), mark="fitted",
        doc="unable to work for good: what illness, recovery and the turn of generations lead to",
    )  # fmt: skip
    schooling = Parameter(
        6.5, unit="years", range=(5.5, 8.0), limits=(0.0, 20.0), mark="assumed", doc="mean schooling of adults"
    )
    schooling_spread = Parameter(2.5, unit="years", range=(2.0, 3.5), limits=(0.0, 10.0), mark="assumed")
    ability_spread = Parameter(
        0.35, unit="share", range=(0.1, 0.4), limits=(0.0, 0.5), mark="fitted", doc="of ability around 1"
    )
    wage_spread = Parameter(
        0.67, unit="log", range=(0.25, 0.8), limits=(0.0, 2.0), mark="fitted", doc="of lasting wage differences"
    )
    mobility_spread = Parameter(
        0.5, unit="log odds", range=(0.5, 2.0), limits=(0.0, 5.0), mark="fitted",
        doc="of lasting differences in the readiness to work elsewhere",
    )  # fmt: skip
    frailty_spread = Parameter(
        0.8, unit="log", range=(0.2, 0.8), limits=(0.0, 2.0), mark="fitted", doc="of lasting differences in health"
    )
    trust = Parameter(0.5, unit="share", range=(0.3, 0.7), limits=(0.0, 1.0), mark="assumed", doc="mean trust")
    village_spread = Parameter(
        0.23, unit="log", range=(0.15, 0.45), limits=(0.0, 2.0), mark="fitted",
        doc="of lasting differences between villages, on business and wages",
        source="fitted to a village share of log-income variance of .15, itself assumed",
    )  # fmt: skip
    land_spread = Parameter(
        0.0, unit="log", range=(0.0, 0.3), limits=(0.0, 2.0), mark="assumed", claim="S42",
        doc="of lasting differences between villages in the quality of land, on business alone; 0: all land is alike",
    )  # fmt: skip
    clans = Parameter(3, unit="clans per village", range=(1, 6), limits=(1, 100), mark="assumed")
    secure_income = Parameter(
        11_000.0, unit="yuan per person-year", range=(8_000, 20_000), limits=(1.0, 1e7), mark="fitted",
        doc="income, with all the capital aimed at, at which households have kept anything between nothing and all of "
        "it; the poorer have less. Fitted so that capital and headcount have no trend without policy and growth",
    )  # fmt: skip
    savings = Parameter(
        4_000.0, unit="yuan per person", range=(1_000, 8_000), limits=(0, 1e7), mark="fitted",
        doc="median liquid wealth of those of secure income who have the capital they aim at, before the burn-in",
    )  # fmt: skip
    indebted = Parameter(
        0.8, unit="share of what kin and bank lend", range=(0.3, 1.0), limits=(0.0, 1.0), mark="fitted",
        doc="most that is owed at the start, by those who have kept no capital",
    )  # fmt: skip
    income = Parameter(
        9_000.0, unit="yuan per person-year", range=(5_000, 15_000), limits=(0, 1e6), mark="assumed",
        doc="what the accounts hold of the year before the first month, where no survey tells",
    )  # fmt: skip


@dataclass(frozen=True)
class People:
    """Columns of households, villages and counties, by name; rows in their final order.

    cadres, teams: those of a snapshot; of a population that is born they are not mustered yet.
    """

    households: Mapping[str, NDArray[Any]]
    villages: Mapping[str, NDArray[Any]]
    counties: Mapping[str, NDArray[Any]]
    cadres: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    teams: Mapping[str, NDArray[Any]] = field(default_factory=dict)


def build(spec: Scenario, draws: Draws, counties: Sequence[int] | None = None) -> People:
    """The population of a scenario, or of some of its counties with the same bits.

    Besides [population] it needs what says how much a household can earn and owe, the customs of families, and the
    poverty line at the start, against which the units of a survey are checked.
    counties: numbers of the counties wanted; None for all. Raises BadInput for a survey that cannot be used.
    """
    settings, line = Population("population", spec.section("population")), line_at_start(spec)
    places, survey = _surveyed(settings, draws, line) if settings.source == "survey" else (_planned(settings), None)
    if counties is not None:
        places = places.only(counties_of(counties, places.county_of_village))
    village = np.repeat(np.arange(len(places.village)), places.size)
    endowment, customs = Endowment.of(spec), Customs.of(spec.process("family"))
    born = _Born(settings, endowment, customs, draws, places.luck, survey, places.survey_rows)
    features = born.of_villages(places.village_luck)
    households = born.columns(maths.exp(features["advantage"])[village])
    households["village"], households["county"] = places.village[village], places.county_of_village[village]
    order = np.lexsort((np.arange(len(village)), households["clan"], village))
    first = np.concatenate([[0], np.cumsum(places.size)[:-1]])
    number, county_size = np.unique(places.county_of_village[village], return_counts=True)
    return People(
        {name: column[order] for name, column in households.items()},
        {
            "luck": places.village_luck, "county": places.county_of_village, "number": places.village,
            "first": first, "households": places.size, **features,
        },
        {
            "luck": luck_key("county", number), "number": number, "households": county_size,
            "first": np.concatenate([[0], np.cumsum(county_size)[:-1]]),
        },
    )  # fmt: skip


@dataclass(frozen=True)
class _Places:
    """Villages in order, and the luck keys of their households in order of position."""

    village: NDArray[np.int64]
    county_of_village: NDArray[np.int64]
    village_luck: NDArray[np.uint64]
    size: NDArray[np.int64]
    luck: NDArray[np.uint64]
    survey_rows: NDArray[np.int64] | None = None

    def only(self, counties: NDArray[np.int64]) -> _Places:
        kept = np.isin(self.county_of_village, counties)
        rows = np.repeat(kept, self.size)
        return _Places(
            self.village[kept], self.county_of_village[kept], self.village_luck[kept], self.size[kept],
            self.luck[rows], None if self.survey_rows is None else self.survey_rows[rows],
        )  # fmt: skip


def _planned(settings: Population) -> _Places:
    """Counties of about as many villages, villages of the same size."""
    villages, households = settings.villages, settings.households
    if settings.resample != "none":
        raise BadInput(f'[population] resample = "{settings.resample}": only a survey is resampled')
    if settings.counties > villages:
        raise BadInput(f"[population] counties = {settings.counties}: more than its {villages} villages")
    parts = np.array_split(np.arange(villages), settings.counties)
    county = np.repeat(np.arange(settings.counties), [len(part) for part in parts])
    within = np.concatenate([np.arange(len(part)) for part in parts])
    luck = luck_key(county[:, None], within[:, None], np.arange(households)[None, :])
    return _Places(
        np.arange(villages), county, luck_key("village", county, within), np.full(villages, households), luck.ravel()
    )


def _surveyed(settings: Population, draws: Draws, line: float | None) -> tuple[_Places, Survey]:
    """The survey's households in the places that the design gives them."""
    survey, sample = survey_and_sample(settings, draws, line)
    counties = survey.county_of_village[sample.village]
    places = np.arange(len(counties))
    return _Places(places, counties, sample.village_luck, sample.size, sample.luck, sample.rows), survey


def survey_and_sample(settings: Population, draws: Draws, line: float | None) -> tuple[Survey, Sample]:
    """The survey of [population], and who of it stands where. Raises BadInput."""
    missing = [name for name in ("survey", "mapping") if not getattr(settings, name)]
    if missing:
        raise BadInput([f'[population] {name}: missing; source = "survey" needs it' for name in missing])
    survey = read_survey(Path(settings.survey), Path(settings.mapping), line, draws)
    return survey, resampled(survey, settings.resample, settings.villages, settings.households, draws)


def line_at_start(scenario: Scenario) -> float:
    """The poverty line in force when the scenario starts, yuan per person-year."""
    line = Line("line", scenario.section("line"))
    line.at(scenario.start)
    return float(line.level)


class _Born:
    """What households and villages are born with: each thing drawn by luck key, or taken from the survey."""

    def __init__(
        self,
        settings: Population,
        endowment: Endowment,
        customs: Customs,
        draws: Draws,
        luck: NDArray[np.uint64],
        survey: Survey | None,
        survey_rows: NDArray[np.int64] | None,
    ) -> None:
        self.settings, self.endowment, self.customs, self.draws, self.luck = settings, endowment, customs, draws, luck
        self.known: dict[str, Array] = {}
        self.welfare: Array | None = None
        self.score: Array | None = None
        if survey is not None:
            self.known = {name: column[survey_rows] for name, column in survey.values.items()}
            # Ranks over the whole survey, so that some of its counties alone are what they are among all.
            weight = np.ones(len(survey)) if settings.resample == "none" else survey.weight
            self.welfare = survey.welfare[survey_rows]
            self.score = normal_scores(survey.welfare, weight)[survey_rows]

    def uniform(self, what: str) -> Array:
        return self.draws.uniform(f"population {what}", BIRTH, self.luck)

    def normal(self, what: str) -> Array:
        return maths.normal(self.uniform(what))

    def columns(self, place: Array) -> dict[str, NDArray[Any]]:
        """The columns of households, in order of position within their village.

        place: what business and wages are there, as a factor, shape (households,).
        """
        s, known = self.settings, self.known
        family = self.family()
        members, workers = family["members"], family["workers"]
        disabled = binomial(self.uniform("disabled"), workers, s.disabled)
        schooling = known.get("schooling", np.clip(s.schooling + s.schooling_spread * self.normal("schooling"), 0, 20))
        ability = np.clip(1.0 + s.ability_spread * self.standing("ability"), 0.5, 1.6)
        income = np.full(len(members), s.income) if self.welfare is None else self.welfare
        home: dict[str, NDArray[Any]] = {
            "luck": self.luck,
            "clan": np.floor(self.uniform("clan") * s.clans),
            **family,
            "disabled": disabled,
            "schooling": schooling,
            "ability": ability,
            "frailty": _lognormal(self.normal("frailty"), s.frailty_spread),
            "trust": np.clip(s.trust + 0.1 * self.normal("trust"), 0.0, 1.0),
            "mobility": s.mobility_spread * self.normal("mobility"),
            "wage_premium": _lognormal(self.standing("wage"), s.wage_spread),
            "school_phase": np.floor(self.uniform("school") * SCHOOL_CYCLE),
            "income12": np.rint(100 * np.maximum(income, 0.0) * members),
        }
        return home | self.endowment.columns(home, place, self.uniform, self.standing("savings"))

    def family(self) -> dict[str, NDArray[Any]]:
        """Who lives in each household: a donor's people, in a survey those of a donor of the same size and head."""
        pool, u = donors(self.customs), self.uniform("family")
        if "members" not in self.known:
            families, others = choose(pool, u), np.zeros(len(u), np.int8)
        else:
            members = np.minimum(self.known["members"], MOST_MEMBERS).astype(np.int64)
            families = choose(pool, u, members, self.known.get("head_age"))
            others = (members - families.count()).astype(np.int8)
        return families.columns() | head_counts(families, self.customs, others) | {"others": others}

    def standing(self, what: str) -> Array:
        """Normal scores: drawn, or half of their variance from where the survey's welfare puts the household."""
        own = self.normal(what)
        if self.score is None:
            return own
        half = float(np.sqrt(0.5))
        return half * self.score + half * own

    def of_villages(self, luck: NDArray[np.uint64]) -> dict[str, NDArray[Any]]:
        """The lasting features of villages."""
        u = self.draws.uniform("population village", BIRTH, luck)
        spread, land = self.settings.village_spread, self.settings.land_spread
        soil = maths.normal(self.draws.uniform("population land", BIRTH, luck))
        return {
            "advantage": spread * maths.normal(u) - 0.5 * spread * spread,
            "land": land * soil - 0.5 * land * land,
            "remoteness": self.draws.uniform("population remoteness", BIRTH, luck),
        }


def normal_scores(values: Array, weight: Array) -> Array:
    """The standard normal quantile of each value's rank by weight, shape (n,); ties in the order of rows.

    >>> normal_scores(np.array([3.0, 1.0, 2.0]), np.ones(3)).round(3)
    array([ 0.967, -0.967,  0.   ])
    """
    rank = np.empty(len(values))
    order = np.argsort(values, kind="stable")
    ends = np.cumsum(weight[order])
    rank[order] = (ends - 0.5 * weight[order]) / ends[-1]
    scores: Array = maths.normal(np.clip(rank, LEAST_RANK, 1.0 - LEAST_RANK))
    return scores


def _lognormal(z: Array, spread: float) -> Array:
    """exp(σz − σ²/2): lognormal with mean 1."""
    return maths.exp(spread * z - 0.5 * spread * spread)
