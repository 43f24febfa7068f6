"""The realised effect of dependence on employment: signs, order, pairing, and the page that prints it."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from fupin_sim.employment import EFFECTS, EXPOSURES, STRENGTHS, compare, realised, supplied
from fupin_sim.model import PovertyModel, spec_of
from tools.doc_pages import tables
from tools.doc_tables import employment as table_of_employment

PAGE = Path(__file__).parents[1] / "docs" / "dependence.md"
SMALL = ("scenario.years=2", "population.villages=6", "population.counties=2", "population.households=60")


@pytest.fixture(scope="module")
def found():
    return compare(seeds=(1, 2), sets=SMALL)


def mean(found, exposure, strength, effect):
    row = found.query("exposure == @exposure and strength == @strength and effect == @effect")
    return float(row["mean"].iloc[0])


def test_every_exposure_strength_and_effect_has_a_row_with_its_interval(found):
    assert len(found) == len(EXPOSURES) * len(STRENGTHS) * (len(EFFECTS) + 3)
    assert (found["n"] == 2).all()
    assert ((found["low"] <= found["mean"]) & (found["mean"] <= found["high"])).all()


def test_without_strength_there_is_no_effect_at_all(found):
    assert (found.query("strength == 0 and effect in @EFFECTS")[["mean", "low", "high"]] == 0.0).all(axis=None)


@pytest.mark.parametrize("exposure", EXPOSURES)
def test_a_greater_strength_takes_more_labour_and_never_more_than_it_says(found, exposure):
    none, some, most = (mean(found, exposure, strength, "labour") for strength in STRENGTHS)
    assert 0 == none > some > most
    assert some > -1.5 * 0.15  # the notch takes half of the strength from what is left
    assert most > -1.5 * 0.46


def test_more_is_taken_where_relief_is_large(found):
    for strength in STRENGTHS[1:]:
        assert mean(found, "high", strength, "labour_where_large") < mean(found, "high", strength, "labour") < 0


def test_who_earns_less_is_paid_more_relief(found):
    for exposure in EXPOSURES:
        assert 0 == mean(found, exposure, 0.0, "relief_paid") < mean(found, exposure, 0.46, "relief_paid")
        assert mean(found, exposure, 0.46, "earnings") < 0


def test_high_exposure_puts_more_households_on_relief(found):
    assert mean(found, "high", 0.0, "on_relief") > 2 * mean(found, "default", 0.0, "on_relief") > 0


def test_worlds_of_equal_strength_are_one_world():
    twice = realised(3, (0.46, 0.460), SMALL)
    assert all(value == 0.0 for name, value in twice[0.46].items() if name in EFFECTS)


def test_labour_supplied_counts_workers_away_and_the_part_offered_at_home():
    model = PovertyModel(spec_of("baseline", [*SMALL, "burn_in.months=12"]))
    home = model.world.households
    home.labour[:] = 0.5
    away, at_home = supplied(model.world)
    np.testing.assert_array_equal(away, home.migrants)
    free = np.maximum(
        home.workers - home.migrants - home.disabled - (home.months_sick > 0) - (home.months_caring > 0), 0
    )
    assert (at_home <= 0.5 * free).all()
    assert at_home.sum() > 0.4 * free.sum()


def test_no_recipients_is_a_missing_effect():
    lone = realised(1, (0.0, 0.46), [*SMALL, "policy.dibao.level=0.0"])[0.46]
    assert lone["on_relief"] == 0.0
    assert math.isnan(lone["labour"])


def test_the_table_of_the_page_is_made_of_these_rows(found):
    text = table_of_employment(found)
    rows = [line for line in text.splitlines() if line.startswith("| default") or line.startswith("| high")]
    assert len(rows) == len(EXPOSURES) * (len(STRENGTHS) - 1)
    assert f"{100 * mean(found, 'high', 0.46, 'labour'):.1f} %" in rows[-1]


def test_the_page_shows_the_table_for_every_exposure_and_strength():
    page = PAGE.read_text(encoding="utf-8")
    assert tables(page) == ["employment"]
    for exposure in EXPOSURES:
        for strength in STRENGTHS[1:]:
            assert f"| {exposure} | {strength} | " in page
