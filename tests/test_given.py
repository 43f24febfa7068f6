"""What makes no sense beside a scenario is refused by name, before anything is run."""

from __future__ import annotations

import numpy as np
import pytest

from fupin_sim.errors import BadInput
from fupin_sim.model import PovertyModel
from fupin_sim.simulation import resume, simulate, snapshot
from tests.command_line import CommandLine

SMALL = {"population.villages": 4, "population.households": 5, "burn_in.months": 0, "scenario.years": 1}
LARGEST = 2**63 - 1


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


def runs(seed):
    """Every way in for a seed."""
    return [
        lambda: simulate(None, seed, sets=SMALL),
        lambda: snapshot(None, "", seed, sets=SMALL),
        lambda: resume(snapshot(None, sets=SMALL), seed=seed),
        lambda: PovertyModel(None, seed=seed, **SMALL),
        lambda: PovertyModel(None, rng=seed, **SMALL),
    ]


@pytest.mark.parametrize(
    ("seed", "told"),
    [
        (-1, "must be at least 0"), (LARGEST + 1, "is too large"), (10**40, "is too large"),
        (1.5, "must be a whole number"), (float("nan"), "must be a whole number"), ("abc", "must be a whole number"),
        ("-3", "must be a whole number"), (True, "must be a whole number"), ([1], "must be a whole number"),
        (np.random.default_rng(1), "must be a whole number"),
    ],
)  # fmt: skip
def test_a_seed_that_is_none_is_refused_everywhere(seed, told):
    for run in runs(seed):
        with pytest.raises(BadInput, match=f"(seed|rng) = .*: {told}"):
            run()


@pytest.mark.parametrize("seed", [0, LARGEST, np.int64(7), "7", 7.0])
def test_a_whole_number_is_a_seed_however_it_is_written(seed):
    assert simulate(None, seed, sets=SMALL).seed == int(seed)


def test_the_command_refuses_seeds_and_replicates_that_run_out_of_seeds(fupin: CommandLine):
    for seed, told in (
        (-1, "--seed -1: must be at least 0"), (10**30, "is too large"),
        (LARGEST, "2 replicates count on from it, and the last is too large"),
    ):  # fmt: skip
        said = fupin("run", "baseline", "--seed", str(seed), "--replicates", "2")
        assert (said.code, said.out) == (2, "")
        assert told in said.err


def test_a_file_cannot_have_one_either(fupin: CommandLine, tmp_path):
    for seed, told in (("-1", "must be at least 0"), (str(10**30), "is too large"), ("1.5", "must be a whole number")):
        (tmp_path / "mine.toml").write_text(f"[scenario]\nseed = {seed}\n", encoding="utf-8")
        said = fupin("check", tmp_path / "mine.toml")
        assert said.code == 2
        assert "[scenario] seed = " in said.err
        assert told in said.err


@pytest.mark.parametrize("block", [0, -4, 1.5, "x", True])
def test_a_block_holds_one_household_at_least(block):
    with pytest.raises(BadInput, match=r"block = .*: must be a whole number of households, at least 1"):
        simulate(None, sets=SMALL, block=block)


@pytest.mark.parametrize(("counties", "told"), [([0, 9], "no county 9"), ([-1], "no county -1"), ([], "none of them")])
def test_counties_that_are_not_there_are_named(counties, told):
    with pytest.raises(BadInput, match=f"this population has {told}; it has 0 to 3"):
        simulate(None, sets=SMALL, counties=counties)


def test_counties_may_come_twice_in_any_order():
    assert simulate(None, sets=SMALL, counties=[2, 0, 2]).digest == simulate(None, sets=SMALL, counties=[0, 2]).digest


@pytest.mark.parametrize("scenario", [5, {}, b"baseline", ["baseline"]])
def test_a_scenario_is_a_file_or_a_scenario(scenario):
    with pytest.raises(BadInput, match="must be a file, a loaded Scenario or None, not "):
        simulate(scenario)


def test_a_panel_has_a_known_rhythm():
    for households in ("daily", ["yearly"], 12):
        with pytest.raises(BadInput, match="allowed are yearly, monthly"):
            simulate(None, sets=SMALL, households=households)
