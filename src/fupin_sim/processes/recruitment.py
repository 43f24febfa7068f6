"""Recruitment: who is sent to the villages, and how good they are at what (选派)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.agents.cadre import FIELDS, LEVELS
from fupin_sim.draws import Draws, luck_key
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World

BIRTH = 0
"""The month that persons are drawn for: who holds a post in some generation hangs on nothing that happens."""
CONCENTRATION = 8
"""Of the Beta distribution of skills."""
AT_REST = 0.2
"""Exhaustion of those who come from an office."""


class Recruitment(Process):
    """Cadres differ in age, schooling, conduct and skills; a strict sender refuses the unfit and keeps few idlers.

    A post whose holder left is filled again, by somebody else of the same sender, when the vacancy ends.
    """

    local = False

    strictness = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S02",
        doc="of selection: fewer idlers, and of each two candidates the one of worse conduct is refused so often",
    )  # fmt: skip
    idle_most = Parameter(
        0.25, unit="share of cadres", range=(0.1, 0.4), limits=(0.0, 1.0), mark="assumed", claim="S23",
        doc="idlers without any selection",
    )  # fmt: skip
    idle_least = Parameter(
        0.05, unit="share of cadres", range=(0.0, 0.1), limits=(0.0, 1.0), mark="assumed", claim="S23",
        doc="idlers whom the strictest selection does not find out",
    )  # fmt: skip
    management = Parameter(
        0.0, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S21",
        doc="quality of the management of teams; fewer idlers, less paperwork",
    )  # fmt: skip
    management_effect = Parameter(
        0.3, unit="share", range=(0.0, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S21",
        doc="part of idleness and paperwork that perfect management does away with",
    )  # fmt: skip
    skill = Parameter(
        0.35, unit="share", range=(0.3, 0.45), limits=(0.0, 1.0), mark="assumed", claim="S22",
        doc="mean skill of a cadre of twelve years of schooling and usual conduct",
    )  # fmt: skip
    skill_schooling = Parameter(
        0.01, unit="per year of schooling", range=(0.0, 0.03), limits=(0.0, 0.2), mark="assumed", claim="S22"
    )
    skill_conduct = Parameter(
        0.05, unit="per standard deviation", range=(0.0, 0.1), limits=(0.0, 0.5), mark="assumed", claim="S22"
    )
    skill_speciality = Parameter(
        0.15, unit="share", range=(0.0, 0.3), limits=(0.0, 0.5), mark="assumed", claim="S22",
        doc="mean skill more in the field of one's own post, a third of it less in each other field",
    )  # fmt: skip
    skill_age = Parameter(
        0.003, unit="per year of age", range=(0.0, 0.006), limits=(0.0, 0.05), mark="assumed", claim="S02",
        doc="by which age adds to skill in organisation and takes from that in jobs, education and finance",
    )  # fmt: skip
    schooling = Parameter(13.0, unit="years", range=(12, 16), limits=(0.0, 25.0), mark="assumed", doc="from the county")
    schooling_level = Parameter(
        1.0, unit="years per level", range=(0.0, 1.5), limits=(0.0, 5.0), mark="assumed", doc="more from higher up"
    )
    youngest = Parameter(25, unit="years", range=(22, 35), limits=(18, 59), mark="assumed", claim="S02")
    oldest = Parameter(55, unit="years", range=(40, 58), limits=(18, 60), mark="assumed", claim="S02")
    from_county = Parameter(
        0.60, unit="weight", range=(0.3, 0.8), limits=(0.0, 1.0), mark="assumed", claim="S04",
        doc="of the county's own offices among the senders of teams",
    )  # fmt: skip
    from_city = Parameter(0.25, unit="weight", range=(0.1, 0.5), limits=(0.0, 1.0), mark="assumed", claim="S04")
    from_province = Parameter(0.10, unit="weight", range=(0.0, 0.3), limits=(0.0, 1.0), mark="assumed", claim="S04")
    from_centre = Parameter(0.05, unit="weight", range=(0.0, 0.1), limits=(0.0, 1.0), mark="assumed", claim="S04")
    mixed = Parameter(False, mark="choice", claim="S22", doc="whether the members of a team are of different fields")
    vacancy = Parameter(
        2, unit="months", range=(0, 6), limits=(0, 60), mark="assumed", doc="until a successor is there"
    )

    def run(self, world: World) -> None:
        """Let vacancies pass; who fills a post starts without a past."""
        cadres = world.cadres
        if not len(cadres):
            return
        cadres.vacant[:] = np.maximum(cadres.vacant - 1, 0)
        gone = np.flatnonzero(cadres.months < 0)
        new = gone[cadres.vacant[gone] == 0]
        if len(new):
            self.fill(world, new)

    def fill(self, world: World, rows: NDArray[np.intp]) -> None:
        """Put the next generation into some posts."""
        cadres = world.cadres
        cadres.generation[rows] += 1
        cadres.luck[rows] = identity(cadres.county[rows], cadres.number[rows], cadres.generation[rows])
        team = rows // members_of(world)
        found = self.persons(world.draws, cadres.luck[rows], cadres.level[rows], cadres.number[rows], team)
        for name, column in found.items():
            getattr(cadres, name)[rows] = column
        cadres.effort[rows], cadres.burnout[rows], cadres.months[rows] = 0.5, AT_REST, 0

    def persons(
        self,
        draws: Draws,
        luck: NDArray[np.uint64],
        level: NDArray[np.integer],
        number: NDArray[np.integer],
        team: NDArray[np.integer],
    ) -> dict[str, NDArray[Any]]:
        """The persons behind some luck keys: a column each, shape (n,). number, team: post and team in the county."""

        def uniform(what: str) -> Array:
            return draws.uniform(f"cadre {what}", BIRTH, luck)

        age = self.youngest + uniform("age") * max(self.oldest - self.youngest, 0)
        schooling = np.clip(self.schooling + self.schooling_level * level + maths.normal(uniform("schooling")), 0, 25)
        conduct = maths.normal(selected(uniform("conduct"), self.strictness))
        if self.mixed:
            speciality = (number + team) % len(FIELDS)
        else:
            speciality = np.floor(uniform("speciality") * len(FIELDS)).astype(np.int64)
        mean = self.skill + self.skill_schooling * (schooling - 12.0) + self.skill_conduct * conduct
        found = {"age": age, "schooling": schooling, "conduct": conduct, "speciality": speciality}
        found["idle"] = uniform("idle") < self.idle_share
        for field, name in enumerate(FIELDS):
            own = np.where(speciality == field, self.skill_speciality, -self.skill_speciality / 3.0)
            by_age = {"organization": self.skill_age, "jobs": -self.skill_age}.get(name, 0.0)
            each = np.stack([uniform(f"{name} {i}") for i in range(CONCENTRATION)], axis=-1)
            found[f"skill_{name}"] = beta_with_mean(each, mean + own + by_age * (age - 40.0))
        return found

    @property
    def idle_share(self) -> float:
        """How many of those sent are idlers."""
        share = self.idle_least + (self.idle_most - self.idle_least) * (1.0 - self.strictness)
        return float(max(share, 0.0) * (1.0 - self.management_effect * self.management))

    def paperwork(self, world: World) -> Array:
        """Time that paperwork takes from a team, 0 to 1, shape (counties,)."""
        left: Array = world.counties.paperwork * (1.0 - self.management_effect * self.management)
        return left

    def weights(self) -> Array:
        """Shares of the senders, from the county to the centre; the county's own where no weight is given."""
        given = np.array([self.from_county, self.from_city, self.from_province, self.from_centre])
        return given / given.sum() if given.sum() > 0 else np.array([1.0, 0.0, 0.0, 0.0])


def muster(
    recruitment: Recruitment, per_village: float, members: int, villages: Mapping[str, Any], draws: Draws
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
    """The teams of all counties at home, before anybody is sent: columns of cadres and of teams.

    per_village: teams for each village of a county. villages: columns of villages, in order of counties.
    """
    county, size = np.unique(villages["county"], return_counts=True)
    number = np.rint(size * per_village).astype(np.int64)
    of_team = np.repeat(county, number)
    team = np.concatenate([np.arange(n) for n in number]) if len(number) else np.zeros(0, np.int64)
    luck = luck_key("team", of_team, team) if len(team) else np.zeros(0, np.uint64)
    bounds = np.cumsum(recruitment.weights())[:-1]
    level = np.searchsorted(bounds, draws.uniform("team level", BIRTH, luck), side="right")
    teams = {
        "luck": luck, "county": of_team, "number": team, "level": level, "first_secretary": team * members,
    }  # fmt: skip
    of_post, post = np.repeat(of_team, members), (team[:, None] * members + np.arange(members)).ravel()
    cadres: dict[str, NDArray[Any]] = {
        "luck": identity(of_post, post, np.zeros_like(post)), "county": of_post, "number": post,
        "level": np.repeat(level, members), "burnout": np.full(len(post), AT_REST),
    }  # fmt: skip
    persons = recruitment.persons(draws, cadres["luck"], cadres["level"], post, np.repeat(team, members))
    return cadres | persons, teams


def identity(
    county: NDArray[np.integer], number: NDArray[np.integer], generation: NDArray[np.integer]
) -> NDArray[np.uint64]:
    """Luck keys of cadres by county, post and generation, shape (n,)."""
    return luck_key("cadre", county, number, generation) if len(county) else np.zeros(0, np.uint64)


def members_of(world: World) -> int:
    """How many posts a team has."""
    return len(world.cadres) // max(len(world.teams), 1)


def selected(u: Array, strictness: float) -> Array:
    """Ranks of conduct of those who are taken: of pairs of candidates, a share `strictness` is decided by conduct.

    u: uniforms, shape (n,). Strictness 0 changes nothing; at 1 the better of two is taken each time.
    The distribution function of the taken is (1 − s) r + s r².

    >>> selected(np.array([0.25, 0.81]), 0.0), selected(np.array([0.25, 0.81]), 1.0)
    (array([0.25, 0.81]), array([0.5, 0.9]))
    """
    by_lot = 1.0 - strictness
    # The root of s r² + (1 − s) r = u in the form that keeps its digits for small s, and is u for s = 0.
    ranks: Array = np.clip(2.0 * u / (by_lot + np.sqrt(by_lot * by_lot + 4.0 * strictness * u)), 1e-12, 1.0 - 1e-12)
    return ranks


def beta_with_mean(u: Array, mean: Array) -> Array:
    """Beta variables of concentration m with the given means, from m uniforms each, by comparisons only.

    u: shape (n, m). mean: shape (n,), cut off at 1/m and 1 − 1/m. The a-th smallest of m − 1 uniforms is
    Beta(a, m − a); a is m · mean, rounded up or down by chance so that the mean is exact.

    >>> beta_with_mean(np.array([[0.1, 0.5, 0.3, 0.9]]), np.array([0.5]))
    array([0.5])
    """
    m = u.shape[1]
    order = np.clip(np.floor(m * np.clip(mean, 1.0 / m, 1.0 - 1.0 / m) + u[:, 0]), 1, m - 1).astype(np.int64)
    found: Array = np.sort(u[:, 1:], axis=1)[np.arange(len(u)), order - 1]
    return found


assert len(LEVELS) == 4  # what the weights are about
