"""The user's own survey as the starting population: read, checked, completed, resampled."""

from fupin_sim.microdata.making import how_to_make
from fupin_sim.microdata.moments import UNITS, gini, headcount, lorenz, moments, village_share
from fupin_sim.microdata.reading import read_survey
from fupin_sim.microdata.report import compared, report_text
from fupin_sim.microdata.resampling import BIRTH, DESIGNS, Sample, resampled
from fupin_sim.microdata.survey import Described, Survey

__all__ = [
    "BIRTH",
    "DESIGNS",
    "UNITS",
    "Described",
    "Sample",
    "Survey",
    "compared",
    "gini",
    "headcount",
    "how_to_make",
    "lorenz",
    "moments",
    "read_survey",
    "report_text",
    "resampled",
    "village_share",
]
