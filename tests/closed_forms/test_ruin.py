"""The probability ever to fall below a threshold, against the closed form; see `fupin_sim.validation.ruin`."""

from __future__ import annotations

from functools import cache

import pytest

from fupin_sim.validation import ruin
from fupin_sim.validation.ruin import CASES, LISTED, Plain, allowed, expected


@cache
def model():
    return ruin.model()


@pytest.mark.parametrize(("case", "number"), LISTED)
def test_the_closed_form_gives_the_listed_numbers(case, number):
    assert expected(*case) == pytest.approx(number, abs=1e-5)


@pytest.mark.parametrize("case", CASES)
def test_ruin_is_as_likely_as_the_closed_form_says(case):
    assert model().absorbed(*case) == pytest.approx(expected(*case), abs=allowed(case))


def test_other_parameters_than_the_listed_ones_are_among_the_cases():
    assert len(CASES) > len(LISTED)
    assert len(set(CASES)) == len(CASES)


def test_a_plain_step_is_not_good_enough():
    """Growth for the whole step and then losses: too few fall, by many standard errors."""
    case = LISTED[3][0]
    assert ruin.model(Plain).absorbed(*case) < expected(*case) - 2.5 * allowed(case)


def test_the_books_balance_on_the_way():
    assert 0.0 < ruin.model(paths=1_000, check_books=True).absorbed(*LISTED[2][0]) < 1.0
