"""From the households of a survey to a population of the wanted size, by a stated design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.draws import Draws, luck_key
from fupin_sim.microdata.imputation import picked
from fupin_sim.microdata.survey import Codes, Keys, Survey

BIRTH = 0
"""The month that what a household is born with is drawn for: before all months that are lived."""

DESIGNS: Mapping[str, str] = {
    "none": "every household of the survey once, where it was found; weights are not used",
    "villages": "villages with replacement by the weight of their households, then in each the same number of"
    " households with replacement by weight",
    "households": "households with replacement by weight over the whole survey, each in its own village",
}


@dataclass(frozen=True, eq=False)
class Sample:
    """Who of a survey stands where in a population; rows village by village, villages county by county.

    rows: row of the survey (n,). luck: identity keys (n,). village: village of the survey (V,); one may stand in
    several places. village_luck: identity keys (V,). size: households (V,).
    """

    rows: Codes
    luck: Keys
    village: Codes
    village_luck: Keys
    size: Codes


def resampled(survey: Survey, design: str, villages: int, households: int, draws: Draws) -> Sample:
    """The population of a survey under one of DESIGNS.

    villages × households is the wanted size; "none" has the survey's own. Each place is drawn by its own key, so a
    larger population of the same seed has all the households of a smaller one, with the same luck.
    """
    if design == "none":
        size = np.bincount(survey.village, minlength=len(survey.village_names))
        return Sample(np.arange(len(survey)), survey.luck, np.arange(len(size)), survey.village_luck, size)
    if design == "villages":
        return _by_villages(survey, villages, households, draws)
    return _by_households(survey, villages * households, draws)


def _by_villages(survey: Survey, villages: int, households: int, draws: Draws) -> Sample:
    """Two stages; every household of the survey is expected as often as its share of the weight says."""
    weight_of = np.bincount(survey.village, weights=survey.weight)
    place = luck_key("village place", np.arange(villages))
    village = picked(weight_of, draws.uniform("resample village", BIRTH, place))
    copy = copies(village)
    identity = survey.village_luck
    village_luck = luck_key("village", survey.village_identity[village], copy)
    order = np.argsort(village, kind="stable")  # villages are numbered county by county
    village, copy, village_luck = village[order], copy[order], village_luck[order]
    first = np.searchsorted(survey.village, np.arange(len(identity) + 1))
    places = luck_key("household place", village_luck[:, None], np.arange(households))
    u = draws.uniform("resample household", BIRTH, places)
    rows = np.empty(places.shape, np.int64)
    nth = np.empty(places.shape, np.int64)
    for i, v in enumerate(village.tolist()):
        rows[i] = first[v] + picked(survey.weight[first[v] : first[v + 1]], u[i])
        nth[i] = copies(rows[i])
    luck = luck_key(survey.household[rows], copy[:, None], nth)
    return Sample(rows.reshape(-1), luck.reshape(-1), village, village_luck, np.full(villages, households, np.int64))


def _by_households(survey: Survey, n: int, draws: Draws) -> Sample:
    """One stage; villages of which nobody is drawn are left out."""
    place = luck_key("place", np.arange(n))
    drawn = picked(survey.weight, draws.uniform("resample household", BIRTH, place))
    luck = luck_key(survey.household[drawn], copies(drawn))
    order = np.argsort(survey.village[drawn], kind="stable")
    village, size = np.unique(survey.village[drawn], return_counts=True)
    return Sample(drawn[order], luck[order], village, survey.village_luck[village], size)


def copies(drawn: NDArray[np.int64]) -> Codes:
    """How often each was drawn before, (n,): its copy number, from 0.

    >>> copies(np.array([7, 3, 7, 7]))
    array([0, 0, 1, 2])
    """
    order = np.argsort(drawn, kind="stable")
    _, first, count = np.unique(drawn[order], return_index=True, return_counts=True)
    copy = np.empty(len(drawn), np.int64)
    copy[order] = np.arange(len(drawn)) - np.repeat(first, count)
    return copy
