"""Each shipped scenario gives the result that stands beside it."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.golden.expected import differences, expected_file, read, run, scenario_names


@pytest.mark.parametrize("name", scenario_names())
def test_a_scenario_gives_what_is_expected_of_it(name: str) -> None:
    assert expected_file(name).exists(), f"make golden writes {expected_file(name).name}"
    assert differences(read(name), run(name)) == []


def test_every_expected_result_has_its_scenario() -> None:
    beside = {path.name.removesuffix(".expected.csv") for path in expected_file("x").parent.glob("*.expected.csv")}
    assert beside == set(scenario_names())


def test_a_moved_mean_and_a_lost_measure_are_told() -> None:
    old = pd.DataFrame(
        {"measure": ["a", "b"], "mean": [1.0, 2.0], "low": [0.9, 1.9], "high": [1.1, 2.1], "n": 5, "missing": 0}
    )
    new = old.assign(mean=[1.03, 2.01])
    assert differences(old, old) == []
    assert [told.split(":")[0] for told in differences(old, new)] == ["a"]
    assert [told.split(":")[0] for told in differences(old, new[1:])] == ["a"]
    assert [told.split(":")[0] for told in differences(old[1:], old)] == ["a"]
