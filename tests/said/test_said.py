"""What is said in the TOML files beside this one holds in the model."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.said.small_world import live

FILES = {file.stem: tomllib.loads(file.read_text("utf-8")) for file in sorted(Path(__file__).parent.glob("*.toml"))}
CASES = [
    pytest.param(
        {**case, "setting": {**said.get("setting", {}), **case.get("setting", {})}}, id=f"{file}: {case['name']}"
    )
    for file, said in FILES.items()
    for case in said["case"]
]


@pytest.mark.parametrize("case", CASES)
def test_said(case):
    live(case)


def test_a_sentence_that_is_false_fails():
    case = {"name": "x", "given": {"members": 2}, "setting": {"policy.uniform_cash.level": 1200.0}}
    live({**case, "expect": {"paid.uniform_cash": 200}})
    with pytest.raises(AssertionError, match=r"paid.uniform_cash is \[200.0\], expected \[199\]"):
        live({**case, "expect": {"paid.uniform_cash": 199}})
    with pytest.raises(AssertionError, match="month 2: wealth"):
        live({**case, "expect_each_month": {"wealth": [0, 1]}})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"expects": {}}, "no expects"),
        ({"given": {"wealht": 3}}, "no wealht"),
        ({"month_by_month": {"registered": [True]}, "expect_each_month": {"wealth": [0, 0]}}, "1 and 2 months"),
    ],
)
def test_a_case_that_is_misspelt_fails(wrong, said):
    with pytest.raises(ValueError, match=said):
        live({"name": "x", "given": {}, **wrong})
