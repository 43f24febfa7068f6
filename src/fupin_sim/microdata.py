"""The user's own survey as the starting population: a data file, read through a mapping that says what its columns are.

The mapping is a TOML file that names, for each variable of the model, the column that holds it and the unit it is in;
docs/microdata.md has the whole grammar. What the survey does not hold (`Survey.absent`) is drawn by the same rules as
in the synthetic population.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fupin_sim.draws import luck_key
from fupin_sim.errors import BadInput, nearest
from fupin_sim.survey_mapping import CODES, MONTHS, VARIABLES, WELFARE, Origin, SurveyMapping, read_mapping
from fupin_sim.tabular import Cells, read_cells

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
Texts = NDArray[np.str_]

FARTHEST_FROM_LINE = 100.0  # a median income this many times the poverty line, or this small a part, is a wrong unit
SHOWN = 5  # line numbers listed before "and … more"


@dataclass(frozen=True)
class Described:
    """One line of the report on a survey: what was read for a variable, in the model's unit."""

    name: str
    column: str
    unit: str
    n: int
    missing: int
    lowest: float
    median: float
    highest: float

    def texts(self) -> tuple[str, ...]:
        numbers = (f"{number:.6g}" for number in (self.lowest, self.median, self.highest))
        return (self.name, self.column, str(self.n), str(self.missing), *numbers, self.unit)


@dataclass(frozen=True, eq=False)
class Survey:
    """Households as the survey has them, in rows sorted by county, village, household code; arrays are read-only.

    household: codes, texts (n,). luck: identity keys (n,), from the household code alone, so that leaving households
    out moves nobody else's luck. village: 0 … V−1 over the whole survey (n,). county: 0 … C−1 (n,).
    values: an array (n,) for each of VARIABLES that the survey has, and always members and weight.
    absent: the variables it does not have. dropped: rows left out because of a missing cell.
    """

    title: str
    source: str
    household: Texts
    luck: NDArray[np.uint64]
    village: Codes
    county: Codes
    village_names: tuple[str, ...]
    county_names: tuple[str, ...]
    county_of_village: Codes
    values: Mapping[str, Floats]
    absent: tuple[str, ...]
    dropped: int
    report: tuple[Described, ...]

    def __len__(self) -> int:
        return self.household.size

    @property
    def members(self) -> Floats:
        return self.values["members"]

    @property
    def weight(self) -> Floats:
        return self.values["weight"]

    @property
    def welfare(self) -> Floats:
        """Yuan per person-year: consumption where the survey has it, else income."""
        return self.values["consumption" if "consumption" in self.values else "income"]

    def headcount(self, line: float) -> float:
        """Share of persons whose welfare is below the line (yuan per person-year), by weight × members."""
        return headcount(self.welfare, line, self.weight * self.members)

    def report_text(self) -> str:
        """The report as a plain table."""
        head = ("variable", "column", "n", "missing", "lowest", "median", "highest", "unit")
        rows = [row.texts() for row in self.report]
        widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *rows)]
        absent = [f"not in the survey: {', '.join(self.absent)}"] if self.absent else []
        if not any(row.name == "weight" for row in self.report):
            absent.append("no weights: every household counts once")
        dropped = [f"left out for a missing cell: {self.dropped} rows"] if self.dropped else []
        return "\n".join(line.rstrip() for line in lines + absent + dropped)


def headcount(welfare: Floats, line: float, persons: Floats) -> float:
    """Share of persons in households whose welfare per person is below the line; three arrays of one shape.

    >>> headcount(np.array([1.0, 2.0, 5.0]), 2.0, np.array([3.0, 1.0, 2.0]))
    0.5
    """
    return float(np.sum(persons * (welfare < line)) / np.sum(persons))


def read_survey(data: str | Path, mapping: str | Path, line: float | None = None) -> Survey:
    """The survey in the file `data` as `mapping` reads it.

    line: a poverty line (yuan per person-year) that tells a wrong unit from a poor country; None skips that check.
    Raises BadInput with everything that is wrong with the two files.
    """
    data, mapping = Path(data), Path(mapping)
    absent = [f"{path}: no such file.{how_to_make(path)}" for path in (data, mapping) if not path.is_file()]
    if absent:
        raise BadInput(absent, "The survey")
    where = f"{data}, as {mapping.name} reads it"
    said, mistakes = read_mapping(mapping)
    try:
        cells = read_cells(data, said.encoding, said.separator)
    except BadInput as error:
        raise BadInput(mistakes + error.mistakes, where) from None
    survey = _Reading(cells, said, mistakes).survey(line)
    if survey is None:
        raise BadInput(mistakes, where)
    return survey


MAKERS = {"vietnam": "fupin_sim.surveys.vietnam"}


def how_to_make(path: str | Path) -> str:
    """For a file that one of our own scripts writes: the command that makes it; nothing for any other file.

    >>> how_to_make("scenarios/data/vietnam.csv")
    ' Make it with: python -m fupin_sim.surveys.vietnam --out scenarios/data'
    >>> how_to_make("mine.csv")
    ''
    """
    path = Path(path)
    maker = MAKERS.get(path.name.removesuffix(".csv").removesuffix(".mapping.toml"))
    return f" Make it with: python -m {maker} --out {path.parent}" if maker else ""


class _Reading:
    """One pass over the cells of a survey, which collects mistakes instead of stopping at the first."""

    def __init__(self, cells: Cells, said: SurveyMapping, mistakes: list[str]) -> None:
        self.cells, self.said, self.mistakes = cells, said, mistakes
        self.mistakes += cells.mistakes
        self.lines = np.array(cells.lines, dtype=np.int64)
        self.blank: dict[str, int] = {}
        self.keep = np.ones(self.lines.size, dtype=bool)

    def survey(self, line: float | None) -> Survey | None:
        """The survey, or None if there are mistakes."""
        known = {name: origin for name, origin in self.said.columns.items() if self._has_columns(name, origin)}
        codes = {name: self._code(name, known[name]) for name in CODES if name in known}
        values = {name: self._values(name, known[name]) for name in VARIABLES if name in known}
        if not self.said.drop:
            self.keep[:] = True
        codes = {name: texts[self.keep] for name, texts in codes.items()}
        values = {name: numbers[self.keep] for name, numbers in values.items()}
        dropped = int(self.keep.size - self.keep.sum())
        self.lines = self.lines[self.keep]
        if self.keep.size and not self.lines.size:
            self.mistakes.append('every row has a missing cell, so that [missing] rows = "drop" leaves none.')
        if "household" in codes:
            self._refuse_twins(codes["household"])
        self._refuse_empty_weights(values.get("weight"))
        if self.mistakes:
            return None
        self._per_person(values, known)
        if line is not None:
            self._refuse_wrong_units(values, known, line)
        return None if self.mistakes else self._sorted(codes, values, known, dropped)

    def _has_columns(self, name: str, origin: Origin) -> bool:
        unknown = [column for column in origin.columns if column not in self.cells.columns]
        for column in unknown:
            has = f"{nearest(column, self.cells.columns)} It has {', '.join(self.cells.columns)}."
            self.mistakes.append(f'[columns] {name}: the file has no column "{column}".{has}')
        return bool(origin.columns) and not unknown

    def _code(self, name: str, origin: Origin) -> Texts:
        """Codes as texts (n,); codes of several columns are joined by a stroke."""
        parts = [np.char.strip(np.array(self.cells.columns[column], dtype=np.str_)) for column in origin.columns]
        empty = np.logical_or.reduce([np.isin(part, list(self.said.missing)) for part in parts])
        self._refuse_missing(name, origin, empty)
        joined = parts[0]
        for part in parts[1:]:
            joined = np.char.add(np.char.add(joined, "/"), part)
        return np.asarray(joined, dtype=np.str_)

    def _values(self, name: str, origin: Origin) -> Floats:
        """Numbers in the model's unit, money still per person or household as the file has it; nan where missing."""
        variable = VARIABLES[name]
        texts = [text.strip() for text in self.cells.columns[origin.columns[0]]]
        empty = np.array([text in self.said.missing for text in texts], dtype=bool)
        self._refuse_missing(name, origin, empty)
        if variable.kind == "flag":
            numbers = np.isin(np.array(texts, dtype=np.str_), origin.true).astype(np.float64)
            if texts and origin.true and not numbers.any():
                says = f"no row says {' or '.join(origin.true)}; rows say {', '.join(sorted(set(texts))[:SHOWN])}"
                self.mistakes.append(f'{name} (column "{origin.label}"): {says}.')
            numbers[empty] = np.nan
            return numbers
        numbers = to_numbers([text if not gap else "nan" for text, gap in zip(texts, empty, strict=True)])
        wrong = np.isnan(numbers) & ~empty
        examples = [texts[i] for i in np.flatnonzero(wrong)[:1]]
        self._refuse(name, origin, wrong, f"not a number ({examples[0]!r})" if examples else "")
        numbers *= origin.factor * (MONTHS[origin.per.split("-")[1]] if variable.kind == "money" else 1)
        self._refuse(name, origin, numbers < variable.lowest, f"below {variable.lowest:g}")
        self._refuse(name, origin, numbers > variable.highest, f"above {variable.highest:g}")
        if variable.whole:
            self._refuse(name, origin, np.isfinite(numbers) & (numbers != np.rint(numbers)), "not a whole number")
        return numbers

    def _refuse_missing(self, name: str, origin: Origin, empty: NDArray[np.bool_]) -> None:
        self.blank[name] = int(empty.sum())
        self.keep &= ~empty
        if not self.said.drop:
            self._refuse(name, origin, empty, 'missing ([missing] rows = "drop" leaves such rows out)')

    def _refuse(self, name: str, origin: Origin, wrong: NDArray[np.bool_], what: str) -> None:
        if wrong.any():
            self.mistakes.append(f'{name} (column "{origin.label}"): {what} in {in_lines(self.lines[wrong])}.')

    def _refuse_twins(self, ids: Texts) -> None:
        _, first, count = np.unique(ids, return_index=True, return_counts=True)
        for i in first[count > 1][:SHOWN]:
            self.mistakes.append(f'household "{ids[i]}" stands in {in_lines(self.lines[ids == ids[i]])}: one row each.')
        if (more := int((count > 1).sum()) - SHOWN) > 0:
            self.mistakes.append(f"{more} more households stand in several rows; a code of several columns is a list.")

    def _refuse_empty_weights(self, weight: Floats | None) -> None:
        if weight is not None and weight.size and not np.nansum(weight) > 0:
            self.mistakes.append("weight: the weights add up to 0.")

    def _per_person(self, values: dict[str, Floats], known: Mapping[str, Origin]) -> None:
        for name, origin in known.items():
            if name in VARIABLES and VARIABLES[name].kind == "money" and origin.per.startswith("household"):
                values[name] = values[name] / values["members"]
        values.setdefault("weight", np.ones(self.lines.size))

    def _refuse_wrong_units(self, values: Mapping[str, Floats], known: Mapping[str, Origin], line: float) -> None:
        for name in (name for name in WELFARE if name in values):
            times = float(np.median(values[name])) / line
            if not 1 / FARTHEST_FROM_LINE < times < FARTHEST_FROM_LINE:
                shown = f"{times:,.0f}" if times > 1 else f"{times:.2g}"
                self.mistakes.append(
                    f'{name} (column "{known[name].label}"): the median is {shown} times the poverty line of '
                    f"{line:,.0f} yuan per person-year; is its unit (yuan, per) right?"
                )

    def _sorted(
        self, codes: Mapping[str, Texts], values: Mapping[str, Floats], known: Mapping[str, Origin], dropped: int
    ) -> Survey:
        """Rows by county, village, household; a village is a county and a village code together."""
        one = np.zeros(self.lines.size, dtype="<U1")
        county_names, county = in_order(codes.get("county", one))
        village_codes, village_rank = in_order(codes["village"])
        pairs, village = np.unique(county * len(village_codes) + village_rank, return_inverse=True)
        order = np.lexsort((in_order(codes["household"])[1], village))
        household = codes["household"][order]
        arrays = {name: numbers[order] for name, numbers in values.items()}
        result = Survey(
            title=self.said.title,
            source=self.said.source,
            household=household,
            luck=np.asarray(luck_key(household), dtype=np.uint64),
            village=np.asarray(village[order], dtype=np.int64),
            county=np.asarray(county[order], dtype=np.int64),
            village_names=tuple(village_codes[pair % len(village_codes)] for pair in pairs),
            county_names=county_names if "county" in codes else ("",),
            county_of_village=np.asarray(pairs // len(village_codes), dtype=np.int64),
            values=arrays,
            absent=tuple(name for name in VARIABLES if name not in arrays),
            dropped=dropped,
            report=tuple(self._described(name, known[name], arrays[name]) for name in VARIABLES if name in known),
        )
        codes_of = (result.household, result.luck, result.village, result.county, result.county_of_village)
        for array in (*codes_of, *arrays.values()):
            array.flags.writeable = False
        return result

    def _described(self, name: str, origin: Origin, numbers: Floats) -> Described:
        lowest, median, highest = float(numbers.min()), float(np.median(numbers)), float(numbers.max())
        unit = VARIABLES[name].unit
        if origin.unit:
            per = f" per {origin.per}" if VARIABLES[name].kind == "money" else ""
            unit += f" (file: {origin.unit}{per} × {origin.factor:g})"
        return Described(name, origin.label, unit, numbers.size, self.blank[name], lowest, median, highest)


def to_numbers(texts: Sequence[str]) -> Floats:
    """Texts as float64 (n,); nan for what is not a finite number.

    >>> to_numbers(["1.5", " 2", "1,000", "inf"]).tolist()
    [1.5, 2.0, nan, nan]
    """
    try:
        numbers = np.array(texts, dtype=np.float64)
    except ValueError:
        numbers = np.array([_to_number(text) for text in texts], dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


def _to_number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


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


def in_lines(lines: Codes) -> str:
    """Line numbers of the file as a reader wants them.

    >>> in_lines(np.array([2])), in_lines(np.arange(4, 11))
    ('line 2', 'lines 4, 5, 6, 7, 8 and 2 more')
    """
    shown = ", ".join(str(line) for line in lines[:SHOWN])
    more = f" and {lines.size - SHOWN} more" if lines.size > SHOWN else ""
    return f"line{'s' if lines.size > 1 else ''} {shown}{more}"
