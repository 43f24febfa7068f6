"""A data file becomes a Survey, or one message that lists everything wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from fupin_sim.draws import Draws
from fupin_sim.errors import BadInput, nearest
from fupin_sim.microdata.assembly import assembled
from fupin_sim.microdata.making import how_to_make
from fupin_sim.microdata.numbers import is_cut_off, to_numbers, why_not
from fupin_sim.microdata.survey import Codes, Flags, Floats, Survey, Texts
from fupin_sim.microdata.words import SHOWN, in_places
from fupin_sim.survey_mapping import CODES, MONTHS, VARIABLES, Origin, SurveyMapping, read_mapping
from fupin_sim.tabular import Cells, read_cells
from fupin_sim.toml_text import listed

NAMES_SHOWN = 20
MOST_A_YEAR = 1e8
"""Yuan a household-year in a survey; more is a slip of the pen, and twice as much would not fit the accounts."""
LABELS_SHOWN = 3


def read_survey(data: str | Path, mapping: str | Path, line: float | None = None, draws: Draws | None = None) -> Survey:
    """The survey in the file `data` (.csv, .parquet or .dta) as `mapping` reads it.

    line: a poverty line (yuan per person-year) that tells a wrong unit from a poor country; None skips that check.
    draws: for residuals of imputed values; the cube of seed 0 if None. Raises BadInput with everything that is wrong
    with the two files.
    """
    data, mapping = Path(data), Path(mapping)
    absent = [f"{path}: no such file.{how_to_make(path)}" for path in (data, mapping) if not path.is_file()]
    if absent:
        raise BadInput(absent, "The survey")
    where = f"{data}, as {mapping.name} reads it"
    said, mistakes = read_mapping(mapping)
    try:
        cells = read_cells(data, said.wanted, said.file)
    except BadInput as error:
        raise BadInput(mistakes + error.mistakes, where) from None
    survey = _Reading(cells, said, mistakes).survey(line, draws or Draws(0))
    if survey is None:
        raise BadInput(mistakes, where)
    return survey


class _Reading:
    """One pass over the cells of a survey, which collects mistakes instead of stopping at the first."""

    def __init__(self, cells: Cells, said: SurveyMapping, mistakes: list[str]) -> None:
        self.cells, self.said, self.mistakes = cells, said, mistakes
        self.mistakes += cells.mistakes
        self.places: Codes = np.array(cells.places, dtype=np.int64)
        self.blank: dict[str, int] = {}
        self.keep: Flags = np.ones(self.places.size, dtype=bool)

    def survey(self, line: float | None, draws: Draws) -> Survey | None:
        """The survey, or None if there are mistakes."""
        known = {name: origin for name, origin in self.said.columns.items() if self._has_columns(name, origin)}
        codes = {name: self._code(name, known[name]) for name in CODES if name in known}
        values = {name: self._values(name, known[name]) for name in VARIABLES if name in known}
        codes = {name: texts[self.keep] for name, texts in codes.items()}
        values = {name: numbers[self.keep] for name, numbers in values.items()}
        dropped = int(self.keep.size - self.keep.sum())
        self.places = self.places[self.keep]
        if self.keep.size and not self.places.size:
            self.mistakes.append("every row has a missing cell for which [missing] leaves it out; none is left.")
        if "household" in codes:
            self._refuse_odd_codes(codes["household"])
        self._refuse_empty_weights(values.get("weight"))
        if self.mistakes:
            return None
        survey = assembled(self.said, known, codes, values, self.blank, dropped, line, draws, self.mistakes)
        if survey is not None:  # a wrong unit is told by the median, and better
            self._refuse_out_of_scale(known, values)
        return None if self.mistakes else survey

    def _has_columns(self, name: str, origin: Origin) -> bool:
        unknown = [column for column in origin.columns if column not in self.cells.names]
        for column in unknown:
            has = f"{nearest(column, self.cells.names)} It has {listed(self.cells.names, NAMES_SHOWN)}."
            self.mistakes.append(f'[columns] {name}: the file has no column "{column}".{has}')
        return bool(origin.columns) and not unknown

    def _code(self, name: str, origin: Origin) -> Texts:
        """Codes as texts (n,); codes of several columns are joined by a stroke."""
        parts = [np.char.strip(np.array(self.cells.columns[column], dtype=np.str_)) for column in origin.columns]
        empty = np.logical_or.reduce([np.isin(part, list(self.said.missing)) for part in parts])
        self._take_out(name, origin, empty)
        joined = parts[0]
        for part in parts[1:]:
            joined = np.char.add(np.char.add(joined, "/"), part)
        return np.asarray(joined, dtype=np.str_)

    def _values(self, name: str, origin: Origin) -> Floats:
        """Numbers in the model's unit, money still per person or household as the file has it; NaN where missing."""
        column = origin.columns[0]
        texts = [text.strip() for text in self.cells.columns[column]]
        labels = [label.strip() for label in self.cells.labelled(column)]
        pairs = list(zip(texts, labels, strict=True))
        empty = np.array([not self.said.missing.isdisjoint(pair) for pair in pairs], dtype=bool)
        self._take_out(name, origin, empty)
        if VARIABLES[name].kind == "flag":
            numbers = self._flags(name, origin, pairs, empty)
        else:
            numbers = self._numbers(name, origin, pairs, empty)
        if empty.all() and empty.size:
            self.mistakes.append(f'{name} (column "{origin.label}"): all cells are missing; leave it out of [columns].')
        return numbers

    def _flags(self, name: str, origin: Origin, pairs: list[tuple[str, str]], empty: Flags) -> Floats:
        """1 where a code or its label is one that means yes, else 0."""
        numbers = np.array([not set(origin.true).isdisjoint(pair) for pair in pairs], dtype=np.float64)
        if origin.true and not empty.all() and not numbers.any():
            said = sorted({label for (_, label), gap in zip(pairs, empty, strict=True) if not gap})
            says = f"no row says {' or '.join(origin.true)}; rows say {listed(said, SHOWN)}"
            self.mistakes.append(f'{name} (column "{origin.label}"): {says}.')
        numbers[empty] = np.nan
        return numbers

    def _numbers(self, name: str, origin: Origin, pairs: list[tuple[str, str]], empty: Flags) -> Floats:
        """Numbers times their factor, each within the limits of its variable."""
        variable = VARIABLES[name]
        meant = [origin.values.get(label, origin.values.get(text)) for text, label in pairs]
        numbers = to_numbers(["nan" if gap else text for (text, _), gap in zip(pairs, empty, strict=True)])
        said = np.array([number is not None for number in meant], dtype=bool) & ~empty
        numbers[said] = [number for number, is_said in zip(meant, said, strict=True) if is_said and number is not None]
        labelled = np.array([text != label for text, label in pairs], dtype=bool) & ~empty & ~said
        if labelled.any():
            shown = sorted({f'{pairs[i][0]} "{pairs[i][1]}"' for i in np.flatnonzero(labelled)})
            what = f"{listed(shown, LABELS_SHOWN)}: a code with a label is not a number, unless values = {{ … }} or"
            self._refuse(name, origin, labelled, f"{what} [missing] codes say what it means; so")
        wrong = np.isnan(numbers) & ~empty & ~labelled
        if wrong.any():
            first = pairs[int(np.flatnonzero(wrong)[0])][0]
            self._refuse(name, origin, wrong, why_not(first, variable.kind == "number"))
        numbers *= origin.factor * (MONTHS[origin.per.split("-")[1]] if variable.kind == "money" else 1)
        self._refuse(name, origin, ~labelled & (numbers < variable.lowest), f"below {variable.lowest:g}")
        self._refuse(name, origin, ~labelled & (numbers > variable.highest), f"above {variable.highest:g}")
        if variable.whole:
            self._refuse(name, origin, np.isfinite(numbers) & (numbers != np.rint(numbers)), "not a whole number")
        return numbers

    def _take_out(self, name: str, origin: Origin, empty: Flags) -> None:
        """Refuse, leave out or let pass the rows in which a cell is missing."""
        self.blank[name] = int(empty.sum())
        rule = self.said.rule(name)
        if rule == "drop":
            self.keep &= ~empty
        elif rule == "refuse":
            self._refuse(name, origin, empty, f"missing ({self._ways_out(name)})")

    def _ways_out(self, name: str) -> str:
        rules = VARIABLES[name].imputed if name in VARIABLES else ()
        others = f", {name} = {' or '.join(chr(34) + rule + chr(34) for rule in rules)} fills them" if rules else ""
        return f'[missing] rows = "drop" leaves such rows out{others}'

    def _refuse(self, name: str, origin: Origin, wrong: Flags, what: str) -> None:
        if wrong.any():
            where = in_places(self.cells.place, self.places[wrong])
            self.mistakes.append(f'{name} (column "{origin.label}"): {what} in {where}.')

    def _refuse_odd_codes(self, ids: Texts) -> None:
        cut_off = np.array([is_cut_off(code) for code in ids.tolist()], dtype=bool)
        if cut_off.any():
            where = in_places(self.cells.place, self.places[cut_off])
            self.mistakes.append(
                f"household: {ids[cut_off][0]} is a long number that was cut off, in {where}; keep such codes as text."
            )
        _, first, count = np.unique(ids, return_index=True, return_counts=True)
        for i in first[count > 1][:SHOWN]:
            where = in_places(self.cells.place, self.places[ids == ids[i]])
            self.mistakes.append(f'household "{ids[i]}" stands in {where}: one row each.')
        if (more := int((count > 1).sum()) - SHOWN) > 0:
            self.mistakes.append(f"{more} more households stand in several rows; a code of several columns is a list.")

    def _refuse_out_of_scale(self, known: Mapping[str, Origin], values: Mapping[str, Floats]) -> None:
        """Refuse amounts of a year that no household has; the median alone does not show a slip in a few rows."""
        for name, numbers in values.items():
            if VARIABLES[name].kind == "money":
                people = 1.0 if known[name].per.startswith("household") else values.get("members", 1.0)
                far = np.abs(numbers * people) > MOST_A_YEAR
                self._refuse(name, known[name], far, f"beyond {MOST_A_YEAR:,.0f} yuan a household-year")

    def _refuse_empty_weights(self, weight: Floats | None) -> None:
        if weight is not None and weight.size and not np.nansum(weight) > 0:
            self.mistakes.append("weight: the weights add up to 0.")
