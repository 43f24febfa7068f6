"""The JSON Schema of scenario files: it accepts what loads, refuses what does not, and explains itself."""

import json
import tomllib

import pytest
from jsonschema import Draft7Validator

from fupin_sim.dated import Series
from fupin_sim.errors import BadInput
from fupin_sim.parameter import Dated, Parameter
from fupin_sim.scenario import json_schema, load
from fupin_sim.scenario.schema import schema_of
from tests.toy_catalogue import CATALOGUE, Headcount

SCHEMA = json_schema(CATALOGUE)
Draft7Validator.check_schema(SCHEMA)


def fits(value, schema) -> bool:
    """Whether a value fits a schema, by the reference implementation."""
    return Draft7Validator(schema).is_valid(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        '[scenario]\ntitle = "a"\nstart = "2016-01-05"\nyears = 3',
        '[line]\nrule = "indexed"\nlevel = { "2016" = 3000, "2018-06" = 3100.5 }',
        '[prices]\nindex = { "2016" = 90, "2020" = 100 }\n[line]\nlevel = { nominal = true, "2016" = 3000 }',
        '[prices]\nindex = "none"',
        "[population]\nshares = [0.5, 1]\n[population.columns]\nwealth = 'assets'",
        "[process.illness]\nrisk = 0.05",
        '[[policy]]\nuse = "cash"\nname = "aid"\nbudget = "none"\nstart = ""\ncounties = [1]\nenabled = true',
        '[[policy]]\nuse = "cash"\nbudget = { "2016" = 5 }',
        '[[shock]]\nuse = "drought"\nat = ["2016", "2017-02"]',
        '[measures]\nuse = ["gini"]\n[measures.headcount]\nline = "provincial"',
        '[reform]\n"line.level" = { "2018" = 3000 }\n"line.rule" = "relative"',
    ],
)
def test_what_loads_fits_the_schema(text):
    tables = tomllib.loads(text)
    assert fits(tables, SCHEMA)
    assert fits(tomllib.loads(load(tables, CATALOGUE).to_toml()), SCHEMA)


@pytest.mark.parametrize("use", ["mine.py", "mine.py:Voucher", "./mine", "C:\\mine.py"])
def test_plugins_and_changes_fit_the_schema(use):
    assert fits({"policy": [{"use": use, "anything": 3}], "measures": {"use": [use]}}, SCHEMA)
    assert fits({"extends": "base.toml", "policy": [{"name": "aid", "amount": 3}]}, SCHEMA)


@pytest.mark.parametrize(
    "text",
    [
        "polcy = 3",
        "[[line]]",
        "[line]\nlevels = 3",
        "[line]\nlevel = -3",
        "[line]\nlevel = true",
        '[line]\nlevel = { "soon" = 3 }',
        '[line]\nlevel = { "2016" = -3 }',
        "[line]\nlevel = { }",
        '[line]\nrule = "none"',
        "[scenario]\nyears = 101",
        "[scenario]\nyears = 2.5",
        '[scenario]\nstart = "soon"',
        '[scenario]\nstart = ""',
        "[population]\nshares = [2]",
        "[population]\nshares = 1",
        "[population]\ncolumns = { a = 3 }",
        "[process.ilness]\nrisk = 1",
        "[[policy]]\nlevel = 3",
        '[[policy]]\nuse = "csh"',
        '[[policy]]\nuse = "cash"\nlevel = 3',
        '[[policy]]\nuse = "cash"\nname = "a.b"',
        '[[policy]]\nuse = "cash"\nbudget = "some"',
        '[policy]\nuse = "cash"',
        "[measures]\nuse = []",
        '[measures]\nuse = ["gini", "gini"]',
        '[measures]\nuse = ["ginni"]',
    ],
)
def test_what_does_not_load_does_not_fit_the_schema(text):
    tables = tomllib.loads(text)
    with pytest.raises(BadInput):
        load(tables, CATALOGUE)
    assert not fits(tables, SCHEMA)


def test_the_schema_is_json_and_names_its_draft():
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"].startswith("http://json-schema.org/draft-07/")


def test_every_parameter_explains_itself():
    level = SCHEMA["properties"]["line"]["properties"]["level"]
    assert level["description"] == "yuan per person-year; plausible 2,300 to 8,000; measured; source: NBS 2020"
    assert level["default"] == 4000
    assert level["anyOf"][0] == {"type": "number", "minimum": 0}
    risk = SCHEMA["properties"]["process"]["properties"]["illness"]["properties"]["risk"]
    assert risk == {
        "type": "number",
        "minimum": 0,
        "maximum": 1,
        "title": "risk",
        "description": "per household-month; plausible 0.05 to 0.13; fitted; S38",
        "default": 0.087,
    }
    teams = SCHEMA["properties"]["policy"]["items"]["anyOf"][0]
    assert teams["description"] == "Teams go where they are needed."
    assert teams["properties"]["match"]["enum"] == ["none", "random", "seniority", "poorest_first", "need"]


def test_defaults_are_written_as_in_a_file():
    assert schema_of(Parameter((1, 2)))["default"] == [1, 2]
    assert schema_of(Dated(Series.of({"2016": 1, "2018": 2})))["default"] == {"2016-01": 1, "2018-01": 2}
    assert "default" not in schema_of(Parameter(None, kind="int"))
    assert schema_of(Headcount.line)["default"] == "national"
