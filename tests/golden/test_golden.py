"""Each shipped scenario gives the result that stands beside it."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from tests.golden.expected import differences, expected_file, read, run_first, scenario_names

NAN = math.nan


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_gives_what_is_expected_of_it(name: str) -> None:
    assert expected_file(name).exists(), f"make golden writes {expected_file(name).name}"
    assert differences(read(name), run_first(name)) == []


def test_every_expected_result_has_its_scenario() -> None:
    beside = {path.name.removesuffix(".expected.csv") for path in expected_file("x").parent.glob("*.expected.csv")}
    assert beside == set(scenario_names())


def test_a_moved_headline_and_a_lost_measure_are_told() -> None:
    old = pd.DataFrame({"measure": ["a", "b", "c"], "low": [0.9, 1.9, NAN], "high": [1.1, 2.1, NAN]})
    old["first"] = [1.0, 2.0, NAN]
    first = {"a": 1.0, "b": 2.0, "c": NAN}
    assert differences(old, first) == []
    assert [told.split(":")[0] for told in differences(old, first | {"a": 1.03, "b": 2.01})] == ["a"]
    assert [told.split(":")[0] for told in differences(old, {"b": 2.0, "c": NAN})] == ["a"]
    assert [told.split(":")[0] for told in differences(old[1:], first)] == ["a"]
    assert [told.split(":")[0] for told in differences(old, first | {"b": NAN, "c": 1.0})] == ["b", "c"]
