"""The portable functions agree with the usual ones, at the edges too, and never warn."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special

from fupin_sim import maths

CLOSE = 4e-15
EVERY = [maths.exp, maths.log, maths.sigmoid, maths.normal, lambda x, out=None: maths.power(x, 0.3, out=out)]
NAMES = ["exp", "log", "sigmoid", "normal", "power"]


def floats(low, high):
    return arrays(np.float64, st.integers(0, 30), elements=st.floats(low, high))


def worst(found, expected):
    """The largest relative error, 0 where both are 0."""
    return np.max(np.abs(found - expected) / np.where(expected == 0, 1, np.abs(expected)), initial=0)


@given(floats(-708, 709))
def test_exp_agrees_to_the_last_place_but_one(x):
    assert worst(maths.exp(x), np.exp(x)) < CLOSE


@given(floats(1e-307, 1e308))
def test_log_agrees(x):
    assert worst(maths.log(x), np.log(x)) < CLOSE


@given(floats(1e-6, 1e6), st.floats(-2.4, 2.4))
def test_power_agrees(x, a):
    # The roundings of log, product and exp add up to this; NumPy's own is one unit in the last place more.
    bound = 3.4e-16 * np.max(np.abs(a * np.log(x)), initial=0.0) + 3e-16 + 2.3e-16
    assert worst(maths.power(x, a), np.power(x, a)) <= bound


@given(floats(-30, 30))
def test_sigmoid_agrees(x):
    assert worst(maths.sigmoid(x), special.expit(x)) < CLOSE


@given(floats(1e-300, 1 - 2**-53))
def test_normal_agrees(u):
    assert worst(maths.normal(u), special.ndtri(u)) < CLOSE


def test_a_million_points_agree_everywhere_on_the_line():
    x = (np.arange(1_000_000) + 0.5) / 1_000_000
    assert worst(maths.exp(1400 * x - 700), np.exp(1400 * x - 700)) < 5e-16
    assert worst(maths.log(1e5 * x), np.log(1e5 * x)) < 5e-16
    assert worst(maths.power(1e5 * x, 0.3), (1e5 * x) ** 0.3) < CLOSE
    assert worst(maths.normal(x), special.ndtri(x)) < CLOSE
    assert worst(maths.normal(x * 1e-12), special.ndtri(x * 1e-12)) < CLOSE


def test_exp_at_the_edges():
    x = np.array([np.inf, 709.79, 709.78, 0.0, -0.0, -709.0, -744.0, -745.13, -745.2, -np.inf, np.nan])
    with np.errstate(all="ignore"):
        expected = np.exp(x)
    found = maths.exp(x)
    np.testing.assert_allclose(found, expected, rtol=CLOSE, atol=0)
    assert found[1] == np.inf
    assert 0 < found[7] == 5e-324
    assert found[8] == 0


def test_exp_of_a_plain_number_does_not_depend_on_the_company_it_keeps():
    x = np.linspace(-700, 700, 4001)
    alone, beside_an_extreme = maths.exp(x), maths.exp(np.append(x, [1e9, -np.inf, np.nan]))[:-3]
    assert alone.tobytes() == beside_an_extreme.tobytes()
    y = np.exp(x / 2)
    assert maths.log(y).tobytes() == maths.log(np.append(y, [0, -1, np.inf, 1e-310]))[:-4].tobytes()


def test_log_at_the_edges():
    x = np.array([0.0, -0.0, 5e-324, 1e-310, 2.0**-1022, 1.0, 1e308, np.inf, -1.0, -np.inf, np.nan])
    with np.errstate(all="ignore"):
        expected = np.log(x)
    np.testing.assert_allclose(maths.log(x), expected, rtol=CLOSE, atol=0)
    assert maths.log(1.0) == 0


@pytest.mark.parametrize(
    ("x", "a", "expected"),
    [
        (0.0, 0.5, 0.0),
        (0.0, 0.0, 1.0),
        (0.0, -0.5, np.inf),
        (7.0, 0.0, 1.0),
        (np.nan, 0.0, 1.0),
        (-3.0, 1.0, -3.0),
        (-3.0, 0.5, np.nan),
        (0.1, 1.0, 0.1),
        (1.0, -17.3, 1.0),
        (np.inf, 0.5, np.inf),
        (np.inf, -0.5, 0.0),
        (1e300, 2.0, np.inf),
        (1e300, -2.0, 0.0),
        (np.nan, 0.5, np.nan),
    ],
)
def test_power_at_the_edges(x, a, expected):
    np.testing.assert_equal(float(maths.power(x, a)), expected)
    np.testing.assert_equal(float(maths.power(np.array([2.0, x]), np.array([0.5, a]))[1]), expected)


@given(floats(0, 1e6), st.floats(-2, 2))
def test_an_exponent_has_the_same_bits_as_a_number_and_as_an_array(x, a):
    assert maths.power(x, a).tobytes() == maths.power(x, np.full(x.shape, a)).tobytes()


def test_normal_at_the_edges():
    u = np.array([0.0, 1.0, 0.5, -1e-9, 1.1, np.nan, 5e-324, 1 - 2**-53])
    np.testing.assert_allclose(maths.normal(u), special.ndtri(u), rtol=CLOSE, atol=0)


@given(arrays(np.float64, 20, elements=st.integers(1, 2**52).map(lambda m: m / 2**53)))
def test_normal_is_antisymmetric_to_the_bit(u):
    assert (maths.normal(1 - u) == -maths.normal(u)).all()


def test_normal_never_falls_across_the_seams_of_its_three_formulas():
    for seam in (0.075, 0.925, np.exp(-25)):
        u = seam + np.arange(-500, 501) * 1e-12 * seam
        assert (np.diff(maths.normal(u)) >= -1e-14).all()


@pytest.mark.parametrize("function", EVERY, ids=NAMES)
def test_shapes_scalars_and_empty_arrays(function):
    assert function(np.empty(0)).shape == (0,)
    assert function(np.empty((3, 0))).shape == (3, 0)
    assert isinstance(function(0.25), np.float64)
    assert isinstance(function(np.float64(0.25)), np.float64)
    assert function([[0.25, 0.5], [0.75, 0.1]]).shape == (2, 2)
    x = np.linspace(0.1, 0.9, 60).reshape(3, 4, 5)
    assert (function(x).reshape(-1) == function(x.reshape(-1))).all()
    assert (function(x[:, ::2, ::-1]) == function(x)[:, ::2, ::-1]).all()
    assert function(np.array([1, 0])).dtype == np.float64


@pytest.mark.parametrize("function", EVERY, ids=NAMES)
@pytest.mark.parametrize("edge", [0.5, 0.0, 800.0])
def test_out_may_be_another_array_the_argument_or_a_strided_view(function, edge):
    x = np.append(np.linspace(0.01, 0.99, 50_000), edge)
    expected = function(x)
    out = np.empty_like(x)
    assert function(x, out=out) is out
    np.testing.assert_array_equal(out, expected)
    strided = np.zeros((x.size, 2))
    function(x, out=strided[:, 1])
    np.testing.assert_array_equal(strided[:, 1], expected)
    assert (strided[:, 0] == 0).all()
    function(x, out=x)
    np.testing.assert_array_equal(x, expected)


def test_out_of_another_shape_or_type_is_refused():
    with pytest.raises(ValueError, match="out must be float64 of shape"):
        maths.exp(np.zeros(3), out=np.zeros(4))
    with pytest.raises(ValueError, match="float32"):
        maths.exp(np.zeros(3), out=np.zeros(3, dtype=np.float32))


@pytest.mark.parametrize("function", EVERY, ids=NAMES)
def test_the_argument_is_left_alone(function):
    x = np.array([0.2, 0.0, -1.0, 900.0, np.nan])
    before = x.copy()
    function(x)
    assert x.tobytes() == before.tobytes()
    x.setflags(write=False)
    function(x)


@pytest.mark.parametrize("function", EVERY, ids=NAMES)
@pytest.mark.parametrize("size", [1, 1000, maths.BLOCK - 1, maths.BLOCK, maths.BLOCK + 1, 3 * maths.BLOCK + 7])
def test_blocks_leave_no_seam(function, size):
    x = np.linspace(0.001, 0.999, 4 * maths.BLOCK)[:size]
    whole = function(x)
    parts = np.concatenate([function(x[start : start + 777]) for start in range(0, size, 777)])
    assert whole.tobytes() == parts.tobytes()


@pytest.mark.parametrize("function", EVERY, ids=NAMES)
def test_nothing_warns_whatever_comes(function):
    x = np.array([0.0, -0.0, 1.0, -1.0, 1e-310, 1e308, -1e308, np.inf, -np.inf, np.nan, 0.3])
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        function(x)
        maths.power(x, x[::-1])


def test_bits_are_those_of_the_first_release():
    u = np.array([0.001, 0.02, 0.3, 0.5, 0.77, 0.99, 1e-12])
    found = [maths.exp(7 * u), maths.log(u), maths.power(u, 0.345), maths.sigmoid(3 * u), maths.normal(u)]
    assert [[value.hex() for value in row] for row in np.array(found).tolist()] == GOLDEN


GOLDEN = [
    [
        "0x1.01cc5c83bae0ep+0",
        "0x1.267857fb8997ep+0",
        "0x1.0551439081d4ep+3",
        "0x1.08ec721396bdbp+5",
        "0x1.b6682226bd6dap+7",
        "0x1.ff3f3ab96a0dep+9",
        "0x1.0000000007b25p+0",
    ],
    [
        "-0x1.ba18a998fffa0p+2",
        "-0x1.f4bd2b7ac1bafp+1",
        "-0x1.34378fcbda721p+0",
        "-0x1.62e42fefa39efp-1",
        "-0x1.0ba3346922d9dp-2",
        "-0x1.495453e6fd4bcp-7",
        "-0x1.ba18a998fffa0p+4",
    ],
    [
        "0x1.79e2a02c90e5ep-4",
        "0x1.098e356d9107dp-2",
        "0x1.51f80cab1ca89p-1",
        "0x1.931a07f67d447p-1",
        "0x1.d3da53171a9e2p-1",
        "0x1.fe3a4ffb21902p-1",
        "0x1.2fd9b80ac3017p-14",
    ],
    [
        "0x1.00624dce1cb6fp-1",
        "0x1.07ad7d8a15c01p-1",
        "0x1.6c0192bdc382ep-1",
        "0x1.a2991f2a97914p-1",
        "0x1.d1c4710b39147p-1",
        "0x1.e703b9035524ap-1",
        "0x1.0000000001a64p-1",
    ],
    [
        "-0x1.8b8cbb7204470p+1",
        "-0x1.06e13e8aadfdbp+1",
        "-0x1.0c7e39582c5fap-1",
        "0x0.0p+0",
        "0x1.7a4a225c019b3p-1",
        "0x1.29c5c4630ff0cp+1",
        "-0x1.c234fba57a32ap+2",
    ],
]
