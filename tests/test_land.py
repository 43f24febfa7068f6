"""Land: its quality differs between villages as far as asked for, on business alone, and else as if there were none."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.draws import Draws
from fupin_sim.model import PovertyModel
from tests.strategies import scenario_of

SMALL = {"villages": 30, "counties": 2, "households": 6}
STILL = {"season": {"village_spread": 0.0, "own_spread": 0.0, "remoteness": 0.0}}


def model(land: float, months: int = 1) -> PovertyModel:
    spec = scenario_of(
        {"burn_in": {"months": 0}, "scenario": {"years": 2}},
        population={**SMALL, "village_spread": 0.0, "land_spread": land}, process=STILL,
    )  # fmt: skip
    lived = PovertyModel(spec, seed=3)
    for _ in range(months):
        lived.step()
    return lived


def test_business_is_as_good_as_the_land_and_wages_do_not_care() -> None:
    alike, differing = model(0.0), model(0.3)
    land = differing.world.villages.land
    assert 0.15 < land.std() < 0.45
    factor = differing.world.households.business_factor / alike.world.households.business_factor
    assert np.allclose(factor, differing.world.of_village(np.exp(land)), rtol=1e-6)
    wages = [each.world.ledger.flows["wage"] for each in (alike, differing)]
    assert wages[0].sum() > 0
    assert (wages[0] == wages[1]).all()


def test_the_mean_of_land_is_what_it_is_where_all_is_alike() -> None:
    spec = scenario_of({}, population={"villages": 4000, "counties": 4, "households": 1, "land_spread": 0.3})
    quality = np.exp(PovertyModel(spec, seed=1).world.villages.land)
    assert abs(quality.mean() - 1.0) < 4 * quality.std() / np.sqrt(len(quality))


def test_without_differences_no_luck_with_land_changes_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    def state() -> list[bytes]:
        home = model(0.0, months=14).world.households
        return [home.capital.tobytes(), home.wealth.tobytes(), home.income12.tobytes(), home.poor.tobytes()]

    usual, uniform = state(), Draws.uniform

    def other(self: Draws, name: str, *given, **named):  # type: ignore[no-untyped-def]
        u = uniform(self, name, *given, **named)
        return 1.0 - u if name == "population land" else u

    monkeypatch.setattr(Draws, "uniform", other)
    assert state() == usual
    monkeypatch.undo()
    assert model(0.3).world.villages.land.std() > 0
