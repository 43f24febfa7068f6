"""Declarations, and what they accept."""

import math
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.dated import PriceIndex, Series, month_number
from fupin_sim.kinds import kind_named
from fupin_sim.parameter import Dated, Parameter, parameters_of
from fupin_sim.plugins import Plugin
from fupin_sim.toml_text import listed, literal, shown


def refusal(parameter, value, prices=None):
    """What a parameter says against a value."""
    _, mistakes = parameter.check(value, prices)
    return "; ".join(mistakes)


def test_the_default_tells_the_kind():
    kinds = {
        "bool": True,
        "int": 3,
        "float": 0.5,
        "str": "a",
        "list[int]": (1, 2),
        "list[float]": [1, 2.5],
        "table[str]": {"a": "b"},
    }
    assert {kind: Parameter(default).kind for kind, default in kinds.items()} == {kind: kind for kind in kinds}
    assert Dated({"2016": 1, "2018": 2.5}).kind == "float"
    assert Dated({"nominal": False, "2016": "a"}).kind == "str"
    assert Dated(Series((24192, 24193), (3, 4))).kind == "int"


def test_whole_numbers_of_yuan_or_beside_fractions_are_floats():
    assert type(Parameter(2_000, unit="yuan per household-year").default) is float
    assert type(Parameter(1, range=(0.5, 2)).default) is float
    assert type(Parameter(1, limits=(0.0, None)).default) is float
    assert type(Parameter(1, limits=(0, None)).default) is int


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ({"default": ()}, "do not tell one kind"),
        ({"default": [1, "a"]}, "do not tell one kind"),
        ({"default": None}, "does not tell the kind"),
        ({"default": 1, "kind": "number"}, 'no kind "number"'),
        ({"default": [1], "kind": "list[int"}, "no kind"),
        ({"default": 1, "mark": "guessed"}, "mark must be one of measured, second-hand"),
        ({"default": "a", "range": (0, 1)}, "a str has no range or limits"),
        ({"default": 5, "limits": (0, 1)}, "the default does not fit: default = 5: must lie between 0 and 1"),
        ({"default": "c", "choices": ("a", "b")}, "allowed are a, b"),
        ({"default": 1, "range": (2, 0)}, "must ascend"),
        ({"default": 1, "range": (-1, 2), "limits": (0, None)}, "lie within limits"),
        ({"default": -1, "unit": "yuan"}, "must be at least 0"),
        ({"default": "x.csv", "kind": "file"}, "the default of a file"),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(declaration, message):
    with pytest.raises(TypeError, match=message):
        Parameter(**declaration)


def test_a_dated_table_of_names_would_be_ambiguous():
    with pytest.raises(TypeError, match="cannot be a table"):
        Dated({}, kind="table[int]")


def test_a_kind_may_be_given_as_a_type():
    assert [kind_named(kind) for kind in (int, list[str], "table[float]")] == ["int", "list[str]", "table[float]"]


NUMBER = Parameter(0.5, name="risk", limits=(0, 1), unit="share")
COUNT = Parameter(3, name="count")


@pytest.mark.parametrize(
    ("parameter", "value", "said"),
    [
        (NUMBER, True, " = true: must be a number"),
        (NUMBER, "0.5", ' = "0.5": must be a number'),
        (NUMBER, None, " = None: must be a number"),
        (NUMBER, math.nan, " = nan: must be a number, and a finite one"),
        (NUMBER, math.inf, " = inf: must be a number, and a finite one"),
        (NUMBER, Fraction(10**400), ": is too large"),
        (NUMBER, 1.5, " = 1.5: must lie between 0 and 1 (share)"),
        (NUMBER, {"2016": 0.5}, ' = { "2016" = 0.5 }: must be a number'),
        (COUNT, 3.5, " = 3.5: must be a whole number"),
        (COUNT, 2**63, " = 9223372036854775808: is too large"),
        pytest.param(COUNT, 10**5000, " = <int>: is too large", id="thousands of digits"),
        (COUNT, 1e300, " = 1e+300: is too large"),
        (COUNT, False, " = false: must be a whole number"),
        (Parameter(1, limits=(None, 5)), 6, " = 6: must be at most 5"),
        (Parameter(1_000, limits=(1_000, None)), 6, "1,000"),
        (Parameter(True), 1, " = 1: must be true or false"),
        (Parameter("a"), 1, " = 1: must be text in quotes"),
        (Parameter("a"), "\ud800", "must be text that UTF-8 can hold"),
        (Parameter("all", choices=("all", "need")), "needs", ' = "needs": allowed are all, need. Did you mean "need"?'),
        (Parameter((1,), choices=(1, 2)), [1, 3], "[1] = 3: allowed are 1, 2."),
        (Parameter((1,)), 1, " = 1: must be a list of whole numbers"),
        (Parameter((1,)), [1, "a", True], '[1] = "a": must be a whole number; [2] = true: must be a whole number'),
        (Parameter({"a": 1}), [1], " = [1]: must be a table of whole numbers"),
        (Parameter({"a": 1}), {"b": "c"}, '.b = "c": must be a whole number'),
        (Parameter("", kind="date"), "soon", ' = "soon": must be a date in quotes, such as "2016-01"'),
        (Parameter("2016", kind="date"), "", "must be a date in quotes"),
        (Parameter("2016", kind="date"), 2016, " = 2016: must be a date in quotes"),
        (Parameter("", kind="file"), "a\nb", "must be the name of a file in quotes"),
        (Parameter((), kind="list[file]"), [""], "must be the name of a file in quotes"),
        (Parameter(None, kind="int"), "no", ' = "no": must be a whole number, or "none"'),
    ],
)
def test_a_wrong_value_is_refused_with_what_is_allowed(parameter, value, said):
    assert said in refusal(parameter, value)


@pytest.mark.parametrize(
    ("parameter", "value", "accepted"),
    [
        (NUMBER, 1, 1.0),
        (NUMBER, Fraction(1, 2), 0.5),
        (NUMBER, np.float32(0.5), 0.5),
        (COUNT, 3.0, 3),
        (COUNT, np.int64(3), 3),
        (Parameter(0.0), -0.0, 0.0),
        (Parameter((1,)), [1, 2.0], (1, 2)),
        (Parameter({"a": 1}), {"b": 2}, {"b": 2}),
        (Parameter("", kind="date"), "2016-05-17", "2016-05"),
        (Parameter("", kind="date"), "", ""),
        (Parameter("", kind="file"), "", ""),
        (Parameter(None, kind="int"), "none", None),
        (Parameter(None, kind="int"), None, None),
        (Parameter(True), False, False),
    ],
)
def test_a_right_value_is_turned_into_the_kind_of_its_parameter(parameter, value, accepted):
    result = parameter.accept(value)
    assert result == accepted
    assert type(result) is type(accepted)
    assert math.copysign(1, result) == 1 if isinstance(result, float) else True


def test_accept_names_the_parameter_and_says_everything():
    with pytest.raises(ValueError, match=r'^level\."2016" = "a": must be a number; level\."2017" = true: must be'):
        Dated(1.0, name="level").accept({"2016": "a", "2017": True})


LEVEL = Dated(0.65, name="level", limits=(0, 2), unit="share")
GRANT = Dated(8_000, name="grant", unit="yuan", limits=(0, 10_000))
PRICES = PriceIndex(Series.of({"2016": 80.0, "2020": 100.0}))


def test_a_dated_value_is_one_value_or_a_table_of_dates():
    assert LEVEL.accept(1) == 1.0
    series = LEVEL.accept({"2016-01": 0.65, "2018-01-01": 1})
    assert series == Series((month_number("2016"), month_number("2018")), (0.65, 1.0))
    assert LEVEL.accept(series) == series
    assert LEVEL.accept({"2016": 1, "2018": 1}) == 1.0, "what never changes is one value"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({}, " = {}: a table of dates needs at least one date"),
        ({"2018": 1, "2016": 1}, ': dates out of order, "2018" stands before "2016"; write the earlier first'),
        ({"2016": 1, "2016-01": 1}, ': two values for 2016-01 ("2016" and "2016-01")'),
        ({"soon": 1}, ": 'soon' is not a date"),
        ({"2016": 3}, '."2016" = 3: must lie between 0 and 2 (share)'),
        ({"2016": {"2017": 1}}, "must be a number"),
        ({"2016": 1, "nominal": 1}, ".nominal = 1: must be true or false"),
        ({"2016": 1, "nominal": True}, ".nominal = true: only amounts in yuan can be nominal, and this is share"),
        ({3: 1}, ": 3 is not a date"),
    ],
)
def test_a_wrong_table_of_dates_is_refused(value, said):
    assert said in refusal(LEVEL, value, PRICES)


def test_nominal_yuan_need_prices_and_become_constant_yuan():
    table = {"nominal": True, "2016": 4000, "2018": 5000}
    assert "needs a price index; give [prices] index" in refusal(GRANT, table)
    assert GRANT.accept(table, PRICES).table() == {"2016-01": 5000.0, "2018-01": 6250.0, "2020-01": 5000.0}
    assert GRANT.accept({"nominal": False, "2016": 4000}, PRICES) == 4000


def test_nominal_yuan_must_be_within_limits_as_constant_yuan_too():
    assert refusal(GRANT, {"nominal": True, "2016": 9000}, PRICES) == (
        '."2016-01" in constant yuan = 11250.0: must lie between 0 and 10,000 (yuan)'
    )
    absurd = PriceIndex(Series.of({"2016": 5e-324, "2020": 1e308}))
    assert "in constant yuan = inf: must be a number, and a finite one" in refusal(
        GRANT, {"nominal": True, "2016": 1}, absurd
    )


def test_what_no_dates_can_change_refuses_a_table_of_dates():
    assert "must be a number" in refusal(NUMBER, {"2016": 1})


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers())))
def test_a_value_is_accepted_as_it_will_be_accepted_again_or_refused_in_words(value):
    for parameter in (NUMBER, COUNT, LEVEL, GRANT, Parameter("a"), Parameter(True), Parameter((1,))):
        accepted, mistakes = parameter.check(value)
        assert all(isinstance(mistake, str) for mistake in mistakes)
        if not mistakes:
            assert parameter.check(accepted) == (accepted, [])


def test_an_instance_has_the_value_and_the_class_the_declaration():
    class Thing(Plugin):
        level = Dated(0.65, unit="share")

    thing = Thing("thing", {"level": 0.8})
    assert (Thing.level.unit, thing.level) == ("share", 0.8)
    assert repr(Thing.level) == "Dated(level = 0.65, share)"
    assert repr(COUNT) == "Parameter(count = 3)"
    with pytest.raises(AttributeError, match="level comes from the scenario"):
        thing.level = 3


def test_parameters_come_in_order_of_declaration_and_bases_first():
    class Base:
        a = Parameter(1)
        b = Parameter(2)
        c = Parameter(3)

    class Derived(Base):
        d = Parameter(4, name="e")
        b = Parameter(20)
        a = None

    found = parameters_of(Derived)
    assert list(found) == ["b", "c", "e"]
    assert found["b"].default == 20
    assert list(parameters_of(Base)) == ["a", "b", "c"]


def test_declaring_parameters_costs_no_library():
    code = "import sys, fupin_sim.scenario; print([m for m in ('pydantic', 'numpy', 'mesa') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_values_are_written_as_toml_writes_them():
    assert literal('a "b" \n \x7f 扶贫') == '"a \\"b\\" \\n \\u007f 扶贫"'
    assert literal({}) == "{}"
    assert literal(1e-7) == "1e-07"
    with pytest.raises(ValueError, match="not to be written"):
        literal(None)
    with pytest.raises(ValueError, match="not to be written"):
        literal(math.nan)


def test_values_are_shown_whatever_they_are():
    deep = []
    for _ in range(100_000):
        deep = [deep]
    assert shown(deep) == "<list>"
    assert shown(10**5000) == "<int>"
    assert shown("a\nb\x1b") == '"a\\nb\\u001b"'
    assert shown(object).startswith("<class")
    assert len(shown("x" * 1000)) == 60
    assert listed([]) == "none"
