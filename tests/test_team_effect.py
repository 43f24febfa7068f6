"""The effect of teams that is asked for is found in paired runs; what others gain is told and never asked for.

Where this fails after the model has moved: `python -m fupin_sim.team_effect` solves the table anew.
"""

from __future__ import annotations

import pytest

from fupin_sim import team_effect
from fupin_sim.team_effect import CHECK_SEEDS, Pair, compare, root, write
from fupin_sim.team_scales import Scales, scales_of, table

ASKED = (-0.02, 0.03, 0.10)


@pytest.fixture(scope="module")
def found():
    return compare(ASKED, CHECK_SEEDS[:5]).set_index("asked")


@pytest.mark.parametrize("asked", ASKED)
def test_the_poor_who_are_reached_gain_what_is_asked(found, asked):
    row = found.loc[asked]
    assert row["low"] <= asked <= row["high"], row
    assert row["high"] - row["low"] < 0.02


def test_what_others_gain_is_reported(found):
    assert found["others"].notna().all()
    assert (found["others"].abs() < found["found"].abs()).all()


def test_with_all_channels_off_nobody_gains_or_loses_a_fen():
    pair = Pair(1, {**team_effect.SETTINGS, "population.villages": 4, "population.households": 20})
    assert pair.gains(Scales(1.0, 1.0, 1.0), channels=()) == (0.0, 0.0)
    assert pair.gains(Scales(1.0, 1.0, 1.0))[0] > 0.02


def test_a_root_that_is_not_quite_straight_is_found_by_secants():
    assert root(lambda x: x + 0.1 * x * x - 3.0, 0.0, 1.0) == pytest.approx(2.4160, abs=1e-3)


def test_what_is_written_is_what_is_read(tmp_path, monkeypatch):
    rows = [(-0.1, Scales(-1.0, -2.0, -3.0)), (0.2, Scales(2.0, 4.0, 6.0))]
    write(rows, tmp_path / "table.csv")
    monkeypatch.setattr("fupin_sim.team_scales.TABLE", tmp_path / "table.csv")
    table.cache_clear()
    try:
        assert table() == tuple(rows)
        assert scales_of(0.05) == pytest.approx(Scales(0.5, 1.0, 1.5))
        assert scales_of(0.3) == pytest.approx(Scales(3.0, 6.0, 9.0))
    finally:
        table.cache_clear()
