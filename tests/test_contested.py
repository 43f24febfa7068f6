"""The study of contested settings names what there is, and covers what is contested."""

from __future__ import annotations

import itertools
import tomllib
from pathlib import Path

import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.employment import EXPOSURES, STRENGTHS
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.scenario import load

FILE = Path(__file__).parents[1] / "experiments" / "contested.toml"
SMALL = {"population.villages": 2, "population.counties": 1, "population.households": 20, "burn_in.months": 12}


@pytest.fixture(scope="module")
def study():
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def points(study):
    """Every arm at every point of the grid: name of the arm, the settings, the scenario."""
    vary = study["sweep"]["vary"]
    for arm, layer in study["arms"].items():
        for values in itertools.product(*vary.values()):
            sets = dict(zip(vary, values, strict=True))
            tables = {"extends": study["study"]["scenario"], **layer}
            yield arm, sets, load(tables, BUILT_IN, sets=sets | SMALL, folder=FILE.parent)


def test_every_point_is_a_scenario_of_its_own(study):
    found = list(points(study))
    assert len(found) == 24
    assert len({scenario.key for _, _, scenario in found}) == 24


def test_the_grid_covers_what_is_contested(study):
    assert study["sweep"]["vary"] == {
        "process.dependence.strength": list(STRENGTHS),
        "process.business.technology": ["trap", "no_trap"],
        "process.growth.on": [True, False],
    }
    assert study["compare"]["baseline"] in study["arms"]


def test_the_arms_are_the_exposures_that_the_employment_effect_is_printed_for(study):
    for arm, exposure in (("default_exposure", "default"), ("high_exposure", "high")):
        tables = {"extends": study["study"]["scenario"], **study["arms"][arm]}
        with_arm = load(tables, BUILT_IN, folder=FILE.parent)
        shipped = spec_of(EXPOSURES[exposure], {"scenario.title": with_arm.title})
        assert with_arm.key == shipped.key


def test_its_measures_exist_and_its_stopping_rule_is_about_them(study):
    assert set(study["study"]["measures"]) <= set(BUILT_IN.measures)
    assert set(study["replicates"]["until"]) <= set(study["study"]["measures"])


def test_each_contested_setting_makes_a_difference(study):
    """Lived for a year, the corners of the grid differ from its middle."""

    def wealth(scenario):
        model = PovertyModel(scenario)
        for _ in range(12):
            model.step()
        return model.world.households.wealth.tobytes()

    every = {(arm, *sets.values()): scenario for arm, sets, scenario in points(study)}
    corner = wealth(every["high_exposure", 0.46, "trap", True])
    for other in (
        ("default_exposure", 0.46, "trap", True), ("high_exposure", 0.0, "trap", True),
        ("high_exposure", 0.46, "no_trap", True), ("high_exposure", 0.46, "trap", False),
    ):  # fmt: skip
        assert wealth(every[other]) != corner, other
