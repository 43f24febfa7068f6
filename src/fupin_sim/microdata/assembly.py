"""The checked columns of a survey, completed and put in order: money per person, gaps filled, rows sorted."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fupin_sim.draws import Draws, luck_key
from fupin_sim.microdata.imputation import by_regression, by_village_median
from fupin_sim.microdata.resampling import BIRTH
from fupin_sim.microdata.survey import Codes, Described, Flags, Floats, Keys, Survey, Texts
from fupin_sim.survey_mapping import VARIABLES, WELFARE, Origin, SurveyMapping

FARTHEST_FROM_LINE = 100.0  # a median income this many times the poverty line, or this small a part, is a wrong unit
REGRESSORS = ("members", "schooling")


def assembled(
    said: SurveyMapping,
    known: Mapping[str, Origin],
    codes: Mapping[str, Texts],
    values: Mapping[str, Floats],
    blank: Mapping[str, int],
    dropped: int,
    line: float | None,
    draws: Draws,
    mistakes: list[str],
) -> Survey | None:
    """The survey, or None with what is wrong added to the mistakes.

    known: the origin of each column read. codes, values: as the file has them, NaN where a cell is to be filled.
    blank: missing cells of the file. line, draws: as in read_survey.
    """
    rows = _Rows.of(codes)
    arrays = {name: numbers[rows.order] for name, numbers in values.items()}
    arrays.setdefault("weight", np.ones(rows.order.size))
    gaps = {name: np.isnan(numbers) for name, numbers in arrays.items() if np.isnan(numbers).any()}
    for name in VARIABLES:
        if name not in arrays:
            continue
        if VARIABLES[name].kind == "money" and known[name].per.startswith("household"):
            arrays[name] = arrays[name] / arrays["members"]
        if line is not None and name in WELFARE:
            _refuse_wrong_unit(name, arrays[name], known[name], line, mistakes)
        if name in gaps:
            try:
                arrays[name] = _filled(name, said.rule(name), arrays, gaps, rows, draws)
            except ValueError as error:
                mistakes.append(f"[missing] {name}: {error}.")
    if mistakes:
        return None
    frozen = (rows.household, rows.luck, rows.village, rows.county, rows.county_of_village)
    for array in (*frozen, *arrays.values(), *gaps.values()):
        array.flags.writeable = False
    return Survey(
        title=said.title,
        source=said.source,
        household=rows.household,
        luck=rows.luck,
        village=rows.village,
        county=rows.county,
        village_names=rows.village_names,
        county_names=rows.county_names,
        county_of_village=rows.county_of_village,
        values=arrays,
        welfare_is=said.welfare,
        imputed=gaps,
        absent=tuple(name for name in VARIABLES if name not in arrays),
        dropped=dropped,
        report=tuple(
            _described(name, origin, said.rule(name), arrays, blank)
            for name in VARIABLES
            if (origin := known.get(name)) is not None
        ),
    )


class _Rows:
    """Who stands in which row: by county, village, household; a village is a county and a village code together."""

    def __init__(self, order: Codes, household: Texts, village: Codes, county: Codes) -> None:
        self.order = order
        self.household, self.village, self.county = household[order], village[order], county[order]
        self.luck: Keys = np.asarray(luck_key(self.household), dtype=np.uint64)
        self.village_names: tuple[str, ...] = ()
        self.county_names: tuple[str, ...] = ()
        self.county_of_village: Codes = np.empty(0, np.int64)

    @classmethod
    def of(cls, codes: Mapping[str, Texts]) -> _Rows:
        household = codes["household"]
        county_names, county = in_order(codes.get("county", np.zeros(household.size, dtype="<U1")))
        village_codes, village_rank = in_order(codes["village"])
        pairs, village = np.unique(county * len(village_codes) + village_rank, return_inverse=True)
        rows = cls(np.lexsort((in_order(household)[1], village)), household, village, county)
        rows.county_names = county_names if "county" in codes else ("",)
        rows.village_names = tuple(village_codes[pair % len(village_codes)] for pair in pairs)
        rows.county_of_village = np.asarray(pairs // len(village_codes), dtype=np.int64)
        return rows


def in_order(codes: Texts) -> tuple[tuple[str, ...], Codes]:
    """The different codes in order, by number if all are whole numbers, and each row's place among them (n,).

    >>> in_order(np.array(["10", "9", "10"]))
    (('9', '10'), array([1, 0, 1]))
    """
    different, place = np.unique(codes, return_inverse=True)
    if all(code.isdecimal() for code in different.tolist()):
        by_number = sorted(range(different.size), key=lambda i: (int(different[i]), different[i]))
        rank = np.empty(different.size, dtype=np.int64)
        rank[by_number] = np.arange(different.size)
        different, place = different[by_number], rank[place]
    return tuple(different.tolist()), np.asarray(place, dtype=np.int64)


def _filled(
    name: str, rule: str, arrays: Mapping[str, Floats], gaps: Mapping[str, Flags], rows: _Rows, draws: Draws
) -> Floats:
    """A variable with its gaps filled by its rule, within its limits. Raises ValueError."""
    variable, values = VARIABLES[name], arrays[name]
    if rule == "village_median":
        filled = by_village_median(values, rows.village, rows.county)
        # Half a woman is a woman: what is whole is rounded up.
        return np.floor(filled + 0.5) if variable.whole or variable.kind == "flag" else filled
    regressors = regressors_of(name, arrays)
    usable = np.logical_and.reduce([~gaps.get(each, np.zeros(values.size, bool)) for each in regressors])
    u = draws.uniform(f"impute {name}", BIRTH, rows.luck)
    filled = by_regression(
        values, [arrays[each] for each in regressors], usable, arrays["weight"], u, logs=variable.kind == "money"
    )
    return np.clip(filled, variable.lowest, variable.highest)


def regressors_of(name: str, there: Mapping[str, Floats]) -> tuple[str, ...]:
    """What a variable is regressed on: members, and schooling where the survey has it and it is another variable."""
    return tuple(each for each in REGRESSORS if each in there and each != name)


def _refuse_wrong_unit(name: str, values: Floats, origin: Origin, line: float, mistakes: list[str]) -> None:
    times = float(np.nanmedian(values)) / line
    if not 1 / FARTHEST_FROM_LINE < times < FARTHEST_FROM_LINE:
        shown = f"{times:,.0f}" if abs(times) > 1 else f"{times:.2g}"
        mistakes.append(
            f'{name} (column "{origin.label}"): the median is {shown} times the poverty line of '
            f"{line:,.0f} yuan per person-year; is its unit (yuan, per) right?"
        )


def _described(
    name: str, origin: Origin, rule: str, arrays: Mapping[str, Floats], blank: Mapping[str, int]
) -> Described:
    numbers, weight = arrays[name], arrays["weight"]
    unit = VARIABLES[name].unit
    if origin.unit:
        per = f" per {origin.per}" if VARIABLES[name].kind == "money" else ""
        unit += f" (file: {origin.unit}{per} × {origin.factor:g})"
    by = np.ones(numbers.size) if name == "weight" else weight
    return Described(
        name, origin.label, unit, numbers.size, blank[name], _rule_in_words(name, rule, arrays), float(numbers.min()),
        float(np.median(numbers)), float(np.sum(by * numbers) / np.sum(by)), float(numbers.max()),
    )  # fmt: skip


def _rule_in_words(name: str, rule: str, arrays: Mapping[str, Floats]) -> str:
    if rule == "regression":
        return f"regression on {', '.join(regressors_of(name, arrays))}"
    return {"drop": "left out", "village_median": "village median"}.get(rule, rule)
