"""What the tests of measures share: made-up populations for hypothesis, and what all indices are called by."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

VECTOR = np.array([1.0, 2, 3, 4, 5, 6, 8, 10, 14, 20])
ONE = np.ones(10)
Z = 5.5
PEOPLE = st.lists(st.tuples(st.floats(0.01, 1e5), st.integers(1, 9)), min_size=1, max_size=25)
LINES = st.floats(1.0, 5e4)


def arrays(people):
    """Incomes and weights, shape (n,) each."""
    y, weight = map(np.array, zip(*people, strict=True))
    return y, weight.astype(float)


AXIOM = settings(max_examples=40)
"""For an axiom that is tried on every index."""
