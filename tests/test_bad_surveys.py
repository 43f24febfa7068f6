"""A survey that cannot be used is refused in words, whatever kind of file it is: exit code 2, and nothing written."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests import survey_files
from tests.command_line import CommandLine, files_in

LINE = 4_000.0


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


def without(*names):
    return lambda frame: frame.drop(columns=list(names))


def put(column, value, *rows):
    """The frame with a value in some rows of a column, or in all."""

    def change(frame):
        frame = frame.astype({column: object if isinstance(value, str) or value is None else float})
        frame.loc[list(rows) or slice(None), column] = value
        return frame

    return change


def median_at(times):
    """Money in a unit in which the median person lives on so many poverty lines."""
    return lambda frame: frame.assign(
        spent=frame["spent"] * (times * LINE / float((frame["spent"] / frame["size"]).median()))
    )


FLAWS = {
    "missing columns": (without("spent", "size"), [
        '[columns] members: the file has no column "size". It has id, county, village, w, edu, sex.',
        '[columns] consumption: the file has no column "spent". It has id, county, village, w, edu, sex.',
    ]),
    "money is NaN": (put("spent", np.nan, 3, 7), [
        'consumption (column "spent"): missing ([missing] rows = "drop" leaves such rows out, consumption = '
        '"village_median" or "regression" fills them) in PLACES 3 7.',
    ]),
    "a weight is NaN": (put("w", np.nan, 3), [
        'weight (column "w"): missing ([missing] rows = "drop" leaves such rows out) in PLACES 3.',
    ]),
    "negative weights": (put("w", -1.0, 3, 7), ['weight (column "w"): below 0 in PLACES 3 7.']),
    "weights of zero": (put("w", 0.0), ["weight: the weights add up to 0."]),
    "one id twice": (put("id", "h00003", 7), ['household "h00003" stands in PLACES 3 7: one row each.']),
    "no id": (put("id", "", 3), [
        'household (column "id"): missing ([missing] rows = "drop" leaves such rows out) in PLACES 3.',
    ]),
    "nobody at home": (put("size", 0, 3), ['members (column "size"): below 1 in PLACES 3.']),
    "half a person": (put("size", 2.5, 3), ['members (column "size"): not a whole number in PLACES 3.']),
    "spent less than nothing": (put("spent", -5.0, 3), ['consumption (column "spent"): below 0 in PLACES 3.']),
    "a thousand lines": (median_at(1000), [
        'consumption (column "spent"): the median is 1,000 times the poverty line of 4,000 yuan per person-year; '
        "is its unit (yuan, per) right?",
    ]),
    "a thousandth of the line": (median_at(0.001), [
        'consumption (column "spent"): the median is 0.001 times the poverty line of 4,000 yuan per person-year; '
        "is its unit (yuan, per) right?",
    ]),
    "a slip in one row": (put("spent", 2e8, 3), [
        'consumption (column "spent"): beyond 100,000,000 yuan a household-year in PLACES 3.',
    ]),
}  # fmt: skip


def placed(told: str, kind: str) -> str:
    """A message with rows of the frame, counted from 0, as lines of the CSV or rows of the other files."""
    word, first = ("line", 2) if kind == ".csv" else ("row", 1)

    def there(found: re.Match[str]) -> str:
        numbers = [str(int(row) + first) for row in found[1].split()]
        return f"{word}{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"

    return re.sub(r"PLACES (\d+(?: \d+)*)", there, told)


@pytest.mark.parametrize("kind", survey_files.KINDS)
@pytest.mark.parametrize("flaw", FLAWS)
def test_it_is_refused_with_what_is_wrong_and_where(fupin: CommandLine, tmp_path: Path, flaw: str, kind: str) -> None:
    change, told = FLAWS[flaw]
    survey = survey_files.write(change(survey_files.households()), tmp_path, kind)
    survey_files.mapping(tmp_path)
    (tmp_path / "mine.toml").write_text(survey_files.scenario_text(survey), encoding="utf-8")
    before = files_in(tmp_path)
    lines = [f"{survey}, as mine.mapping.toml reads it", *(f"  {placed(each, kind)}" for each in told)]
    ending = f"{len(told)} mistake{'s' if len(told) > 1 else ''}; nothing was run."
    for command in (("check",), ("run", "--out", tmp_path / "out")):
        said = fupin(command[0], tmp_path / "mine.toml", *command[1:])
        assert said.code == 2
        assert said.err.splitlines() == [*lines, ending]
    assert files_in(tmp_path) == before
    assert not (tmp_path / "out").exists()


def test_a_survey_without_flaws_is_run(fupin: CommandLine, tmp_path: Path) -> None:
    """So that the refusals above are due to the flaws."""
    survey = survey_files.write(survey_files.households(), tmp_path, ".csv")
    survey_files.mapping(tmp_path)
    (tmp_path / "mine.toml").write_text(survey_files.scenario_text(survey), encoding="utf-8")
    assert fupin("check", tmp_path / "mine.toml").code == 0


def test_one_household_can_be_checked_without_a_warning(fupin: CommandLine, tmp_path: Path) -> None:
    survey = survey_files.write(survey_files.households().iloc[:1], tmp_path, ".csv")
    survey_files.mapping(tmp_path)
    (tmp_path / "mine.toml").write_text(survey_files.scenario_text(survey), encoding="utf-8")
    said = fupin("check", tmp_path / "mine.toml")
    assert (said.code, said.err) == (0, "")
