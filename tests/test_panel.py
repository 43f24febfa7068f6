"""The household panel shows yuan and dates."""

import numpy as np
import pytest

from fupin_sim.model import PovertyModel
from fupin_sim.panel import described, panel_frame
from fupin_sim.simulation import simulate

SMALL = {"population.counties": 1, "population.villages": 2, "population.households": 20, "scenario.years": 2}


@pytest.fixture(scope="module")
def panel():
    return simulate("baseline", 1, sets=SMALL, households="yearly").households


def test_a_row_for_each_household_and_december(panel):
    assert panel.month.unique().tolist() == ["2016-12", "2017-12"]
    assert len(panel) == 2 * 40
    assert set(panel.columns) == {"month", *described()}


def test_money_is_in_yuan_and_months_are_dates(panel):
    model = PovertyModel("baseline", seed=1, **SMALL)
    while model.running:
        model.step()
    home, last = model.world.households, panel[panel.month == "2017-12"]
    assert (last.wealth.to_numpy() * 100).round().tolist() == home.wealth.tolist()
    assert described()["wealth"][0] == "yuan"
    exited = home.exited_on > 0
    assert exited.any()
    assert set(last.exited_on[exited]) <= {"2016-12", "2017-12"}
    assert set(last.exited_on[~exited]) <= {""}
    assert described()["exited_on"][:2] == ("date", "December in which it was last struck off; empty: never")


def test_a_panel_of_no_month_has_its_columns():
    empty = panel_frame([])
    assert len(empty) == 0
    assert empty.columns.tolist() == ["month", *described()]
    assert empty.wealth.dtype == np.float64
