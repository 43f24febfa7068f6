"""Designs and factors: which points a sweep has, and how its values are spread."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings
from scipy import stats

from fupin_sim.experiment.designs import points_of, quantiles, size_of
from fupin_sim.experiment.factors import factors_of

LEVELS = st.lists(st.integers(-50, 50), min_size=1, max_size=4, unique=True)
LINES = st.dictionaries(st.sampled_from("abcdef").map("x.{}".format), LEVELS, min_size=1, max_size=4)
SEEDS = st.integers(0, 2**63)


def made(lines):
    return [factor for name, form in lines.items() for factor in factors_of(name, form)]


def levels(form):
    (factor,) = factors_of("a.b", form)
    return factor.levels


def at(form, u, whole=False):
    (factor,) = factors_of("a.b", form)
    return factor.at(u, whole)


# ---- grid and list ------------------------------------------------------------------------------------------


@given(LINES)
def test_a_grid_has_every_combination_once(lines):
    points = points_of("grid", made(lines))
    names = sorted(lines)
    assert Counter(tuple(point[name] for name in names) for point in points) == Counter(
        itertools.product(*(lines[name] for name in names))
    )
    assert len(points) == size_of("grid", made(lines))


@given(LINES, st.sampled_from(["grid", "lhs", "sobol"]), SEEDS, st.randoms())
def test_the_order_in_which_factors_are_written_means_nothing(lines, design, seed, shuffler):
    names = list(lines)
    shuffler.shuffle(names)
    other = {name: lines[name] for name in names}
    assert points_of(design, made(lines), 8, seed) == points_of(design, made(other), 8, seed)


def test_a_list_takes_the_first_values_of_all_then_the_second():
    factors = made({"x.b": ["p", "q", "r"], "x.a": [1, 2, 3], "x.c": [7]})
    assert points_of("list", factors) == [
        {"x.a": 1, "x.b": "p", "x.c": 7},
        {"x.a": 2, "x.b": "q", "x.c": 7},
        {"x.a": 3, "x.b": "r", "x.c": 7},
    ]


def test_a_list_of_unequal_lengths_is_refused():
    with pytest.raises(ValueError, match=r"x\.a has 2, x\.b has 3"):
        points_of("list", made({"x.a": [1, 2], "x.b": [1, 2, 3]}))


def test_the_size_of_a_grid_is_known_without_making_it():
    factors = made({f"x.{name}": {"from": 0, "to": 1, "steps": 1000} for name in "abcde"})
    assert size_of("grid", factors) == 10**15


# ---- points that are drawn ----------------------------------------------------------------------------------


@given(st.integers(1, 5), st.integers(1, 40), SEEDS)
def test_a_latin_hypercube_has_one_point_in_each_part_of_each_factor(dimensions, points, seed):
    rows = quantiles("lhs", dimensions, points, seed)
    assert rows.shape == (points, dimensions)
    for column in rows.T:
        assert sorted(int(u * points) for u in column) == list(range(points))


@given(st.integers(1, 6), st.integers(0, 7), SEEDS)
def test_more_sobol_points_begin_with_the_ones_there_were(dimensions, m, seed):
    few, many = quantiles("sobol", dimensions, 2**m, seed), quantiles("sobol", dimensions, 2 ** (m + 1), seed)
    assert (many[: 2**m] == few).all()


@given(st.integers(1, 6), SEEDS)
def test_sobol_points_are_stratified_in_every_factor(dimensions, seed):
    for column in quantiles("sobol", dimensions, 32, seed).T:
        assert sorted(int(u * 32) for u in column) == list(range(32))


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_points_are_drawn_from_the_seed_and_from_nothing_else(design):
    first = quantiles(design, 3, 16, 7)
    stats.norm.rvs(size=10)  # somebody else uses the global generator
    assert (quantiles(design, 3, 16, 7) == first).all()
    assert (quantiles(design, 3, 16, 8) != first).all()


@given(st.sampled_from(["lhs", "sobol"]), st.integers(1, 3), SEEDS)
def test_no_quantile_is_the_end_of_a_distribution(design, dimensions, seed):
    rows = quantiles(design, dimensions, 16, seed)
    assert ((rows > 0) & (rows < 1)).all()


@pytest.mark.parametrize(("points", "near"), [(9, "8 or 16"), (3, "2 or 4"), (1000, "512 or 1024")])
def test_sobol_points_are_a_power_of_two(points, near):
    with pytest.raises(ValueError, match=f"power of 2 for sobol, such as {near}"):
        size_of("sobol", made({"x.a": [1, 2]}), points)


def test_a_drawn_whole_number_takes_each_value_equally_often():
    factors = made({"x.a": {"from": 12, "to": 15}})
    values = [point["x.a"] for point in points_of("sobol", factors, 64, 3, {"x.a": True})]
    assert Counter(values) == {12: 16, 13: 16, 14: 16, 15: 16}


def test_a_drawn_list_takes_each_value_equally_often():
    values = [point["x.a"] for point in points_of("lhs", made({"x.a": ["need", "random"]}), 20, 3)]
    assert Counter(values) == {"need": 10, "random": 10}


# ---- forms of a factor --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ([3, 1, 2], (3, 1, 2)),
        ({"values": ["need", "random"]}, ("need", "random")),
        ({"from": 0.02, "to": 0.08, "steps": 4}, (0.02, 0.04, 0.06, 0.08)),
        ({"from": 12, "to": 36, "steps": 3}, (12, 24.0, 36)),
        ({"from": 0, "to": 48, "step": 12}, (0, 12, 24, 36, 48)),
        ({"from": 0.0, "to": 0.35, "step": 0.1}, (0.0, 0.1, 0.2, 0.3)),
        ({"from": 0.1, "to": 0.7, "step": 0.2}, (0.1, 0.3, 0.5, 0.7)),
        ({"from": 0.001, "to": 1, "steps": 4, "scale": "log"}, (0.001, 0.01, 0.1, 1)),
        ({"dist": "uniform", "from": 0, "to": 1, "steps": 4}, (0.125, 0.375, 0.625, 0.875)),
    ],
)
def test_the_values_of_a_grid_are_those_one_would_type(form, values):
    assert levels(form) == values


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 30))
def test_steps_ascend_from_one_end_to_the_other(low, width, steps):
    high = low + width
    found = levels({"from": low, "to": high, "steps": steps})
    assert (found[0], found[-1], len(found)) == (low, high, steps)
    gaps = [b - a for a, b in itertools.pairwise(found)]
    assert max(gaps) - min(gaps) <= 1e-6 * max(1.0, abs(low), abs(high))


SHAPES = [
    ({"dist": "normal", "mean": 0.1, "sd": 0.02}, stats.norm(0.1, 0.02)),
    ({"dist": "lognormal", "median": 900, "sd_log": 0.5}, stats.lognorm(0.5, scale=900)),
    ({"dist": "uniform", "from": 2, "to": 5}, stats.uniform(2, 3)),
    ({"dist": "triangular", "from": 1, "mode": 2, "to": 5}, stats.triang(0.25, 1, 4)),
    ({"dist": "beta", "a": 2, "b": 5}, stats.beta(2, 5)),
    ({"dist": "beta", "a": 2, "b": 5, "from": 0.02, "to": 0.08}, stats.beta(2, 5, 0.02, 0.06)),
]


@pytest.mark.parametrize(("form", "shape"), SHAPES, ids=[form["dist"] + str(len(form)) for form, _ in SHAPES])
def test_a_distribution_has_its_quantiles(form, shape):
    for u in (0.001, 0.1, 0.5, 0.9, 0.999):
        assert at(form, u) == pytest.approx(shape.ppf(u), rel=1e-9)


@pytest.mark.parametrize("kind", ["normal", "lognormal"])
def test_a_distribution_that_is_cut_off_keeps_its_shape_between(kind):
    form = {"dist": kind} | ({"mean": 1, "sd": 1} if kind == "normal" else {"median": 1, "sd_log": 1})
    whole = stats.norm(1, 1) if kind == "normal" else stats.lognorm(1)
    cut = form | {"from": 0.5, "to": 2.0}
    inside = whole.cdf(2.0) - whole.cdf(0.5)
    for u in (0.0, 0.2, 0.5, 1.0):
        value = at(cut, u)
        assert 0.5 <= value <= 2.0
        assert (whole.cdf(value) - whole.cdf(0.5)) / inside == pytest.approx(u, abs=1e-9)


@settings(max_examples=30)
@given(st.sampled_from([form for form, _ in SHAPES]), st.floats(0.001, 0.999), st.floats(0.001, 0.999))
def test_a_higher_quantile_is_a_higher_value(form, u, v):
    assert at(form, min(u, v)) <= at(form, max(u, v))
    assert math.isfinite(at(form, u))


def test_dates_make_a_factor_each_and_a_bare_value_does_not_vary():
    form = {"2020": 1.0, "2018-03-15": [0.65, 0.8], "arms": ["need"]}
    first, second = factors_of("policy.dibao.level", form)
    assert (first.name, first.levels, first.arms) == ("policy.dibao.level@2018-03", (0.65, 0.8), ("need",))
    assert (second.name, second.levels, second.arms) == ("policy.dibao.level@2020-01", (1.0,), ("need",))
    assert factors_of("policy.dibao.level@2018-03", [0.65, 0.8])[0].name == first.name


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (3, "= 3: must be a list of values"),
        ([], "needs at least one value"),
        ({"form": 1, "to": 2}, 'no "form" here. Did you mean "from"?'),
        ({"from": 1}, "to is missing"),
        ({"from": 2, "to": 1}, "from must be below to"),
        ({"from": "a", "to": 1}, 'from = "a": must be a number'),
        ({"from": 1, "to": 2, "steps": 1}, "steps = 1: must be a whole number, from 2"),
        ({"from": 1, "to": 2, "steps": 2, "step": 1}, "both steps, which is how many values, and step"),
        ({"from": 1, "to": 2, "step": 3}, "step = 3: must be above 0 and fit"),
        ({"from": 0, "to": 2, "steps": 3, "scale": "log"}, "above 0 on a log scale"),
        ({"from": 1, "to": 2, "step": 1, "scale": "log"}, "a log scale has no equal steps"),
        ({"from": 1, "to": 2, "scale": "logg"}, 'must be linear or log. Did you mean "log"?'),
        ({"dist": "normla", "mean": 1}, 'Did you mean "normal"?'),
        ({"dist": "normal", "mean": 1}, "needs mean, sd; sd is missing"),
        ({"dist": "normal", "mean": 1, "sd": 0}, "sd = 0: must be above 0"),
        ({"dist": "normal", "mean": 1, "sd": 1, "form": 1}, 'no "form" here. Did you mean "from"?'),
        ({"dist": "normal", "mean": 0, "sd": 1, "from": 60}, "nothing of the distribution lies between"),
        ({"dist": "triangular", "from": 0, "mode": 3, "to": 2}, "mode = 3: must lie between"),
        ({"dist": "uniform", "from": 3, "to": 2}, "from must be below to"),
        ({"values": 3}, "values = 3: must be a list"),
        ({"values": [3], "arms": "need"}, "must be a list of names of arms"),
        ({"2018": [1], "2018-01": [2]}, "two values for 2018-01"),
        ({"2018": [1], "from": 2}, "from: stands among dates"),
        ({"2018-13": [1]}, "not in the calendar"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_in_words(form, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        factors_of("a.b", form)
