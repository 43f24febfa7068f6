"""What the columns of a user's survey mean, as the mapping file says it."""

from fupin_sim.survey_mapping.mapping import SurveyMapping, parse_mapping, read_mapping
from fupin_sim.survey_mapping.origin import MONTHS, PERIODS, Origin
from fupin_sim.survey_mapping.variables import CODES, VARIABLES, WELFARE, Variable

__all__ = [
    "CODES",
    "MONTHS",
    "PERIODS",
    "VARIABLES",
    "WELFARE",
    "Origin",
    "SurveyMapping",
    "Variable",
    "parse_mapping",
    "read_mapping",
]
