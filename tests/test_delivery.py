"""Delivery: who takes up what is offered, what leaks, who pockets it, and that the books know of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.model import BooksDoNotBalance, PovertyModel
from fupin_sim.processes.delivery import leaking, willing
from fupin_sim.processes.trust import leaked
from tests.strategies import scenario_of

share = st.floats(0.0, 1.0)


@given(st.floats(-1.0, 1.0), share, share, share, share)
def test_take_up_is_a_share_and_rises_with_exposure_and_trust(exposure, trust, base, by_exposure, by_trust):
    at = willing(np.array([trust]), np.array([exposure]), base, by_exposure, by_trust)
    assert 0.0 <= at.item() <= 1.0
    for more_trust, more_exposure in ((min(trust + 0.1, 1.0), exposure), (trust, exposure + 0.1)):
        assert willing(np.array([more_trust]), np.array([more_exposure]), base, by_exposure, by_trust) >= at


def test_leakage_falls_by_half_at_full_exposure():
    assert leaking(0.1, 0.5, np.array([0.0, 0.4, 1.0])).tolist() == pytest.approx([0.1, 0.08, 0.05])


def model_of(**delivery):
    return PovertyModel(scenario_of({
        "population": {"villages": 4, "counties": 2, "households": 100}, "burn_in": {"months": 0},
        "process": {"delivery": {"on": True, **delivery}, "register": {"share": 1.0, "exit": "stable"}},
        "policy": [{"use": "targeted_transfer"}, {"use": "uniform_cash"}],
    }), check_books=True)  # fmt: skip


def lived(months, **delivery):
    model = model_of(**delivery)
    for _ in range(months):
        model.step()
    return model


def test_six_in_ten_take_up_what_must_be_applied_for_and_all_what_need_not():
    world = lived(1).world
    assert (world.paid["targeted_transfer"] > 0).mean() == pytest.approx(0.6, abs=0.05)
    assert (world.paid["uniform_cash"] > 0).all()


def test_who_takes_up_is_the_same_from_year_to_year_and_more_only_join():
    model = lived(1)
    first = model.world.paid["targeted_transfer"] > 0
    model.world.villages.exposure_delivered[:] = 0.5
    for _ in range(11):
        model.step()
        assert ((model.world.paid["targeted_transfer"] > 0) == first).all()
    model.step()
    now = model.world.paid["targeted_transfer"] > 0
    assert (now >= first).all()
    assert now.mean() == pytest.approx(0.75, abs=0.05)


def test_a_tenth_leaks_and_two_fifths_of_that_end_with_the_elite():
    world = lived(1).world
    out = sum(outlay.leaked.sum() + outlay.received.sum() for outlay in world.outlays.values())
    gone = sum(outlay.leaked.sum() for outlay in world.outlays.values())
    assert gone / out == pytest.approx(0.1, rel=1e-3)
    rich = world.memory["process.delivery"]["elite"] == 1
    in_villages_with_an_elite = world.by_village(rich.astype(float)) > 0
    assert in_villages_with_an_elite.any()
    assert (world.ledger.flows["captured"] > 0).tolist() == rich.tolist()
    if in_villages_with_an_elite.all():
        assert world.ledger.totals["captured"] / gone == pytest.approx(0.4, rel=1e-2)


def test_what_elites_pocket_is_income_but_no_support():
    model = lived(3, take_up=1.0)
    rich = model.world.ledger.flows["captured"] > 0
    assert rich.any()
    without = lived(3, take_up=1.0, elite=0.0)
    gain = (model.world.households.income12 - without.world.households.income12)[rich]
    assert gain.min() > 0
    assert (model.world.households.support12 == without.world.households.support12).all()


def test_the_measures_of_delivery():
    latest = lived(12).recorder.latest
    assert latest["outlay_leakage"] == pytest.approx(0.1, rel=1e-3)
    assert latest["take_up policy:targeted_transfer"] == pytest.approx(0.6, abs=0.05)
    assert "take_up policy:uniform_cash" not in latest
    off = lived(12, on=False).recorder.latest
    assert off["outlay_leakage"] == 0.0
    assert off["take_up policy:targeted_transfer"] == 1.0


def test_people_see_leakage_only_where_something_is_paid_and_leaks():
    model = lived(1)
    assert leaked(model.world) == 0.1
    model.world.villages.exposure_delivered[:] = [0.0, 1.0, 0.0, 0.0]
    assert leaked(model.world).tolist() == pytest.approx([0.1, 0.05, 0.1, 0.1])
    assert leaked(lived(1, on=False).world) == 0.0
    assert leaked(lived(1, leakage=0.0).world) == 0.0


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda outlay: outlay.leaked.__iadd__(1.0), "what was there, less what was spent"),
        (lambda outlay: outlay.captured.__iadd__(1.0), "elites did not pocket what policies say leaked"),
        (lambda outlay: outlay.captured.__iadd__(1e12), "captured: more than leaked"),
        (lambda outlay: outlay.received.__iadd__(1.0), "what it paid is not what households received"),
    ],
)
def test_money_that_leaks_beside_the_books_is_found(spoil, said):
    class Spoilt(PovertyModel):
        def _record(self):
            spoil(self.world.outlays["uniform_cash"])

    model = Spoilt(model_of().spec, check_books=True)
    with pytest.raises(BooksDoNotBalance, match=said):
        model.step()
