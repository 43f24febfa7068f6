"""The scenarios that come with the package, by name, as start and as what a user's own file extends."""

import pytest

from fupin_sim.errors import BadInput
from fupin_sim.model import spec_of
from fupin_sim.shipped import folder, names, scenario_file
from fupin_sim.simulation import simulate

SMALL = {"population.counties": 1, "population.villages": 2, "population.households": 20, "scenario.years": 1}


def test_every_shipped_scenario_loads_but_for_its_data():
    for name in set(names()) - {"vietnam"}:
        assert spec_of(name).title


def test_a_bare_name_is_a_shipped_scenario_and_a_file_here_comes_first(tmp_path, monkeypatch):
    assert scenario_file("cliff") == folder() / "cliff.toml"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "cliff").write_text("[scenario]\nyears = 3\n")
    assert spec_of("cliff").years == 3


def test_a_misspelt_name_gets_the_nearest():
    with pytest.raises(BadInput, match=r'no scenario called "clif".* Did you mean "cliff"\?'):
        scenario_file("clif")


def test_a_users_scenario_extends_a_shipped_one_by_name_wherever_it_stands(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text('extends = "cliff"\n[[policy]]\nname = "targeted"\nlevel = 1234\n')
    spec = spec_of(mine)
    assert spec.get("policy.targeted.level") == 1234
    assert spec.get("policy.targeted.grace") == 0
    (tmp_path / "cliff").write_text("[scenario]\nyears = 3\n")
    mine.write_text('extends = "cliff"\n')
    assert spec_of(mine).years == 3


@pytest.mark.parametrize(
    ("claim", "what"),
    [
        ("world.households.wealth * 0 + 0.5", "whole fen"),
        ("world.households.wealth * 0 - 1", "whole fen"),
        ("world.households.wealth * float('nan')", "whole fen"),
        ("world.households.wealth[:3]", r"shape \(3,\)"),
    ],
)
def test_a_users_policy_that_claims_what_cannot_be_paid_is_refused(tmp_path, claim, what):
    (tmp_path / "odd.py").write_text(
        "from fupin_sim.plugins import Policy\n\n\nclass Odd(Policy):\n    def claim(self, world):\n"
        f"        return {claim}\n"
    )
    (tmp_path / "odd.toml").write_text('[[policy]]\nname = "odd"\nuse = "odd.py"\n')
    with pytest.raises(BadInput, match=f"policy odd: claim .*{what}"):
        simulate(tmp_path / "odd.toml", 1, sets=SMALL)
