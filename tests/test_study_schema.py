"""The JSON Schema of study files accepts what is read, and refuses what is refused."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.experiment.schema import study_schema
from fupin_sim.experiment.study_file import compare_study, read_study
from fupin_sim.experiment.study_text import written
from tests.test_study_file import CONTESTED, SWEEP, TEAMS, TWO


@pytest.fixture(scope="module")
def schema():
    found = study_schema(BUILT_IN)
    Draft7Validator.check_schema(found)
    return Draft7Validator(found)


def resolved(file: Path) -> str:
    return written(read_study(file))


@pytest.mark.parametrize("text", [TWO, TEAMS, SWEEP, CONTESTED.read_text(encoding="utf-8"), resolved(CONTESTED)])
def test_what_is_read_fits_the_schema(schema, text):
    assert list(schema.iter_errors(tomllib.loads(text))) == []


def test_the_text_of_a_comparison_fits_the_schema(schema):
    text = compare_study(["baseline", "campaign"]).text
    assert list(schema.iter_errors(tomllib.loads(text))) == []


FACTOR = '[sweep.vary]\n"process.illness.risk" = '


@pytest.mark.parametrize(
    "form",
    [
        "[1, 2]", "{ values = [1], arms = ['a'] }", "{ from = 1, to = 2 }", "{ from = 1, to = 2, steps = 3 }",
        "{ from = 1, to = 2, scale = 'log' }", "{ dist = 'normal', mean = 1, sd = 2, from = 0, steps = 3 }",
        "{ dist = 'beta', a = 1, b = 2 }", "{ 2018 = [1, 2], 2020-06 = 3 }",
        "{ 2018 = { from = 1, to = 2 }, arms = ['a'] }",
    ],
)  # fmt: skip
def test_every_form_of_a_factor_fits_the_schema(schema, form):
    assert list(schema.iter_errors(tomllib.loads(FACTOR + form))) == []


@pytest.mark.parametrize(
    "text",
    [
        "stdy = 3", "[study]\nsed = 3", "[study]\nseed = -1", "[arms.a]\npolcy = 3", "[arms.a.line]\nlevel = -3",
        "[sweep]\ndesign = 'gird'", "[replicates]\nuntil = { headcount = 0 }", "[compare]\ncontrasts = [['a']]",
        FACTOR + "3", FACTOR + "{ fron = 1, to = 2 }", FACTOR + "{ dist = 'normal', mean = 1 }",
        FACTOR + "{ 2018 = { fron = 1 } }",
    ],
)  # fmt: skip
def test_what_is_refused_does_not_fit_the_schema(schema, text):
    assert list(schema.iter_errors(tomllib.loads(text))) != []
