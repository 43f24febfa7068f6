"""What the model can take from a survey: each quantity declared once, with its unit and its limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["number", "flag", "money"]


@dataclass(frozen=True)
class Variable:
    """A quantity the model can take from a survey. kind: a plain number, yes or no, or money.

    imputed: the rules of [missing] that may fill its missing cells.
    """

    unit: str
    doc: str
    kind: Kind = "number"
    lowest: float = -math.inf
    highest: float = math.inf
    whole: bool = False
    imputed: tuple[str, ...] = ("village_median", "regression")


VARIABLES: Mapping[str, Variable] = {
    "weight": Variable(
        "households", "how many households this one stands for; 1 where the survey has none", lowest=0, imputed=()
    ),
    "members": Variable("persons", "household size", lowest=1, highest=100, whole=True, imputed=("village_median",)),
    "schooling": Variable("years", "schooling of the head", lowest=0, highest=25),
    "head_age": Variable("years", "age of the head", lowest=0, highest=120),
    "head_female": Variable("share", "1 where a woman heads the household", kind="flag", imputed=("village_median",)),
    "consumption": Variable("yuan per person-year", "all expenditure, own produce included", kind="money", lowest=0),
    "income": Variable("yuan per person-year", "net income; a year of losses is negative", kind="money"),
    "food": Variable("yuan per person-year", "expenditure on food, own produce included", kind="money", lowest=0),
    "medical": Variable("yuan per person-year", "own expenditure on health", kind="money", lowest=0),
}
CODES: Mapping[str, str] = {
    "household": "one code per household, unlike any other in the file",
    "village": "where the household lives",
    "county": "which county the village is in; without it the survey is one county",
}
REQUIRED = ("household", "village", "members")
WELFARE = ("consumption", "income")
