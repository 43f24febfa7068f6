"""Whatever a file holds: a scenario, or a message; never another exception."""

import pickle
import tomllib

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fupin_sim.errors import BadInput
from fupin_sim.scenario import Scenario, load
from tests.toy_catalogue import CATALOGUE

VALID = """\
[scenario]
title = "Teams matched to need"
start = "2016-01"
years = 12
[population]
villages = 40
shares = [0.25, 0.75]
[line]
rule = "indexed"
level = { nominal = true, "2016-01" = 3000, "2018-01" = 3300.5 }
[prices]
index = { "2016" = 90, "2020" = 100 }
[process.illness]
risk = 0.05
[[policy]]
use = "team_assignment"
match = "need"
[[policy]]
name = "aid"
use = "cash"
amount = { "2016-01" = 80, "2019-01" = 50 }
counties = [0, 2]
budget = "none"
[[shock]]
use = "drought"
at = ["2019-06"]
[measures]
use = ["headcount", "gini"]
[measures.headcount]
line = "provincial"
[reform]
"policy.aid.amount" = { "2017-01" = 90 }
"""

WORDS_OF_FILES = """
    scenario population line prices process policy shock measures reform extends title start years seed villages
    shares columns microdata rule level index base illness risk use name enabled cash dibao drought headcount gini
    amount counties budget nominal none 2016 2016-01 2018 soon policy.cash.amount line.level line.rule
    process.illness.risk measures.use shock.drought.at mine.py ./x indexed 名
"""
WORDS = st.sampled_from([*WORDS_OF_FILES.split(), "a\0b", ""])
SCALARS = st.one_of(
    WORDS,
    st.text(max_size=5),
    st.booleans(),
    st.integers(-5, 2100),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    st.times(),
)
KEYS = st.one_of(WORDS, st.text(max_size=4))
TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=12,
)
TABLES = st.dictionaries(KEYS, TREES, max_size=4)


def scenario_or_message(*args, **kwargs) -> Scenario | None:
    """The scenario, whole; or None after a message fit for a terminal."""
    try:
        scenario = load(*args, **kwargs)
    except BadInput as error:
        message = error
    else:
        again = load(tomllib.loads(scenario.to_toml()), CATALOGUE)
        assert again.key == scenario.key == pickle.loads(pickle.dumps(scenario)).key
        return scenario
    assert message.mistakes
    for line in str(message).split("\n"):
        assert line.isprintable()
        assert len(line) < 600
    return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("fuzz")


def test_the_valid_file_is_valid():
    assert scenario_or_message(tomllib.loads(VALID), CATALOGUE) is not None


@given(TABLES)
def test_any_tables(folder, tables):
    scenario_or_message(tables, CATALOGUE, folder=folder)


@given(st.sampled_from(sorted(tomllib.loads(VALID))), st.data())
def test_a_valid_file_with_something_else_somewhere(folder, section, data):
    tables = tomllib.loads(VALID)
    place = tables
    key = section
    while isinstance(place[key], dict | list) and place[key] and data.draw(st.booleans()):
        place = place[key]
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
    place[key] = data.draw(TREES)
    scenario_or_message(tables, CATALOGUE, folder=folder)


@given(st.lists(st.tuples(st.integers(0, len(VALID)), st.integers(0, 8), st.text(max_size=3)), max_size=3))
def test_a_valid_file_with_slips_of_the_hand(folder, slips):
    text = VALID
    for place, removed, added in slips:
        text = text[:place] + added + text[place + removed :]
    path = folder / "slips.toml"
    path.write_bytes(text.encode())
    scenario_or_message(path, CATALOGUE)


@given(st.permutations(VALID.splitlines()))
def test_a_valid_file_in_disorder(folder, lines):
    path = folder / "disorder.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    scenario_or_message(path, CATALOGUE)


@given(st.binary(max_size=60))
def test_any_bytes(folder, data):
    path = folder / "bytes.toml"
    path.write_bytes(data)
    scenario_or_message(path, CATALOGUE)


@given(st.lists(st.one_of(st.text(max_size=20), st.builds("{}={}".format, WORDS, SCALARS)), max_size=3))
def test_any_settings(folder, sets):
    scenario_or_message(tomllib.loads(VALID), CATALOGUE, sets=sets, folder=folder)


@given(st.dictionaries(KEYS, TREES, max_size=3))
def test_any_settings_by_path(folder, sets):
    scenario_or_message(tomllib.loads(VALID), CATALOGUE, sets=sets, folder=folder)


@given(st.text(max_size=8))
def test_any_name_of_a_file(folder, name):
    assume(not name.startswith("/"))
    with pytest.raises(BadInput):
        load(str(folder / "empty" / name), CATALOGUE)
