"""A short fund is shared out in proportion, to the last fen, whatever the order of rows."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from fupin_sim.funds import share_out

FEN = st.integers(0, 10**7) | st.sampled_from([0, 1, 10**13])


@st.composite
def shortages(draw):
    """What is available, claims, and luck keys."""
    claims = np.array(draw(st.lists(FEN, min_size=1, max_size=30)), np.float64)
    keys = st.lists(st.integers(0, 2**64 - 1), min_size=len(claims), max_size=len(claims), unique=True)
    total = int(claims.sum())
    available = draw(st.integers(0, total + 3) | st.sampled_from([0, total, max(total - 1, 0)]))
    return available, claims, np.array(draw(keys), np.uint64)


@given(shortages())
def test_what_there_is_goes_out_to_the_last_fen_and_nobody_gets_more_than_the_claim(shortage):
    available, claims, luck = shortage
    paid = share_out(float(available), claims, luck)
    assert paid.sum() == min(available, claims.sum())
    assert ((paid >= 0) & (paid <= claims) & (paid == np.rint(paid))).all()


@given(shortages())
def test_each_gets_the_proportional_share_to_less_than_a_fen_and_the_largest_remainders_get_the_rest(shortage):
    available, claims, luck = shortage
    assume(0 < available < claims.sum())
    paid = share_out(float(available), claims, luck)
    quota = [Fraction(int(claim)) * available / Fraction(int(claims.sum())) for claim in claims]
    over = np.array([float(int(fen) - share) for fen, share in zip(paid, quota, strict=True)])
    tiny = 1e-15 * float(claims.max()) + 1e-9  # what float64 can tell of a remainder
    assert (np.abs(over) < 1 + tiny).all()
    up, down = over[over > tiny], over[over < -tiny]
    if len(up) and len(down):  # rounded up by 1 − remainder, down by the remainder
        assert (1 - up).min() >= (-down).max() - tiny


@given(shortages(), st.randoms(use_true_random=False))
def test_who_gets_how_much_does_not_hang_on_the_order_of_rows(shortage, random):
    available, claims, luck = shortage
    order = list(range(len(claims)))
    random.shuffle(order)
    paid = share_out(float(available), claims, luck)
    assert (share_out(float(available), claims[order], luck[order]) == paid[order]).all()


@given(shortages())
def test_of_two_claims_the_larger_is_not_paid_less(shortage):
    available, claims, luck = shortage
    paid = share_out(float(available), claims, luck)[np.argsort(claims, kind="stable")]
    steps = np.diff(np.sort(claims)) > 0
    assert all(b >= a for (a, b), step in zip(pairwise(paid), steps, strict=True) if step)


def test_equal_claims_are_paid_by_luck():
    luck = np.array([30, 10, 20], np.uint64)
    assert share_out(2.0, np.full(3, 5.0), luck).tolist() == [0, 1, 1]


def test_the_claims_are_left_as_they_were():
    claims = np.array([4.0, 8.0])
    share_out(100.0, claims, np.array([1, 2], np.uint64))[:] = 0
    assert claims.tolist() == [4, 8]
