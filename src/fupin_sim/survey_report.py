"""What a scenario takes from its survey, and what becomes of it, in words and moments."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fupin_sim.draws import Draws
from fupin_sim.microdata import DESIGNS, Survey, compared, moments, report_text
from fupin_sim.population import People, Population, build, line_at_start, survey_and_sample
from fupin_sim.scenario import Scenario


def survey_report(scenario: Scenario) -> str:
    """What is read from the survey of a scenario, column by column, and what becomes of it; "" without a survey.

    Raises BadInput for a survey that cannot be used.
    """
    settings = Population("population", scenario.section("population"))
    if settings.source != "survey":
        return ""
    line, draws = line_at_start(scenario), Draws(scenario.seed)
    survey, sample = survey_and_sample(settings, draws, line)
    people = build(scenario, draws)
    return "\n\n".join(
        [
            "\n".join(filter(None, [survey.title, survey.source])),
            report_text(survey),
            f"resample = {settings.resample}: {DESIGNS[settings.resample]}; "
            f"{len(sample.rows):,} households in {len(sample.village):,} villages{_unweighted(settings, survey)}",
            compared(survey.moments(line), moments_at_start(people, line)),
        ]
    )


def _unweighted(settings: Population, survey: Survey) -> str:
    """A warning where weights that differ are not used."""
    if settings.resample != "none" or not survey.weighted:
        return ""
    return "\nthe weights differ, so this population is not the one they describe; resample to get that"


def moments_at_start(people: People, line: float) -> Mapping[str, float]:
    """The moments of a population before its first month, by name; line: yuan per person-year."""
    home = people.households
    members = home["members"].astype(np.float64)
    return moments(
        home["income12"] / 100.0 / members, members, home["schooling"], home["village"], np.ones(len(members)), line
    )
