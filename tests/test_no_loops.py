"""No loop of Python over households, villages, cadres or teams: ten times as many take hardly more lines of Python."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import fupin_sim
from fupin_sim.model import PovertyModel
from fupin_sim.processes.teams import Teams

SOURCE = Path(fupin_sim.__file__).parent
KERNELS = {str(SOURCE / name) for name in ("draws.py", "maths.py")}
"""They work through their arguments by blocks of many thousand elements, and are not counted."""
FEW, MANY, HOUSEHOLDS = 200, 2_000, 10
LIMIT = 0.5 * (MANY - FEW)
"""Lines more that are no loop: what befalls nobody among few befalls somebody among many. A loop over villages, the
fewest of all of which there are many, runs at least one line more for each more of them."""


def model_of(villages):
    """The campaign with a team for every village, all exchanged each December, in four counties."""
    sets = {
        "population.villages": villages, "population.counties": 4, "population.households": HOUSEHOLDS,
        "process.teams.per_village": 1.0, "process.assignment.reassign": True, "burn_in.months": 1,
    }  # fmt: skip
    return PovertyModel("campaign", seed=3, **sets)


def lines_of(model):
    """How many lines of this package a month runs."""
    number = 0

    def count(frame, event, _):
        nonlocal number
        file = frame.f_code.co_filename
        if not file.startswith(str(SOURCE)) or file in KERNELS:
            return None
        number += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        model.step()
    finally:
        sys.settrace(before)
    return number


@pytest.fixture(scope="module")
def models():
    """One with few villages and one with many, at the end of their first year."""
    both = [model_of(villages) for villages in (FEW, MANY)]
    for model in both:
        model.live_until(model.spec.start + 11)
    return both


def test_no_month_has_a_loop_over_households_villages_cadres_or_teams(models):
    assert [len(model.world.teams) for model in models] == [FEW, MANY]
    few, many = ([lines_of(model) for _ in range(12)] for model in models)
    assert min(few) > 1_000
    assert [most - least for least, most in zip(few, many, strict=True) if most - least > LIMIT] == []


def test_a_loop_over_villages_is_found_out(models, monkeypatch):
    """The shortest that there is; it has to stand in the package to be counted."""
    text = "def run(self, world):\n    usual(self, world)\n    for row in world.villages.number:\n        row\n"
    names = {"usual": Teams.run}
    exec(compile(text, str(SOURCE / "processes" / "teams.py"), "exec"), names)
    monkeypatch.setattr(Teams, "run", names["run"])
    few, many = (lines_of(model) for model in models)
    assert many - few > 2 * LIMIT
