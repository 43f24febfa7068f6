"""Ranks are those of a comparison sort, ties included."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from fupin_sim.ranking import ascending

FEW = st.sampled_from([-np.inf, -2.0, -1.0 - 2**-52, -1.0, -0.0, 0.0, 5e-324, 1.0, 1.0 + 2**-52, 1.0 + 2**-51, np.inf])
VALUES = st.one_of(FEW, st.floats(allow_nan=False))


@given(arrays(np.float64, st.integers(0, 40), elements=VALUES), st.randoms(use_true_random=False))
def test_the_order_is_that_of_a_sort_by_value_then_luck(values: NDArray[np.float64], random: object) -> None:
    luck = np.arange(len(values), dtype=np.uint64)
    random.shuffle(luck)  # type: ignore[attr-defined]
    assert ascending(values, luck).tolist() == np.lexsort((luck, values)).tolist()
    assert ascending(values).tolist() == np.argsort(values, kind="stable").tolist()


@pytest.mark.parametrize("n", [1, 2, 3, 64, 65, 5_000])
@pytest.mark.parametrize("distinct", [1, 7, 10**9])
def test_many_rows_with_many_or_few_ties(n: int, distinct: int) -> None:
    random = np.random.default_rng(n)
    values = random.integers(-distinct, distinct, n) / 7.0
    luck = random.permutation(n).astype(np.uint64)
    assert (ascending(values, luck) == np.lexsort((luck, values))).all()


def test_the_column_that_is_ranked_is_left_as_it_was() -> None:
    values = np.array([3.0, -0.0, 1.0])
    ascending(values)
    assert np.signbit(values).tolist() == [False, True, False]
    assert values.tolist() == [3.0, 0.0, 1.0]
