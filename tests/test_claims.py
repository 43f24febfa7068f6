"""The table of claims: complete, with switches that exist and tests that exist."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from fupin_sim.catalogue import BUILT_IN
from fupin_sim.claims import CLAIMS, parameters_by_claim
from fupin_sim.cli import tell
from fupin_sim.parameter import parameters_of
from fupin_sim.scenario.settings import Classes
from tests.command_line import CommandLine

ROOT = Path(__file__).parents[1]
CLASSES = Classes.of(BUILT_IN)
GROUPS = {"process": CLASSES.processes, "policy": CLASSES.policies, "shock": CLASSES.shocks}


def declared(path):
    """The parameter behind a path, a policy by its built-in name; KeyError."""
    owner, _, key = path.rpartition(".")
    group, _, name = owner.partition(".")
    return parameters_of(GROUPS[group][name] if name else CLASSES.sections[owner])[key]


def named_in(file):
    """Names of test functions of a Python file, or the sentences of a said one."""
    if file.suffix == ".toml":
        return {case["name"] for case in tomllib.loads(file.read_text("utf-8"))["case"]}
    return {node.name for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_every_claim_is_there_once_in_order():
    assert [claim.id for claim in CLAIMS] == [f"S{number:02}" for number in range(1, 43)]
    assert all(claim.words and claim.mechanism and claim.off for claim in CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_its_switches_exist_and_take_the_value_at_which_it_vanishes(claim):
    for path, value in claim.off.items():
        _, mistakes = declared(path).check("none" if value is None else value)
        assert mistakes == [], path


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_the_tests_it_names_exist(claim):
    for node in (*claim.shown, *claim.gone):
        file, _, name = node.partition("::")
        assert name in named_in(ROOT / file), node


def test_all_have_a_test_of_the_mechanism_and_one_of_the_switch():
    assert [claim.id for claim in CLAIMS if not claim.shown] == []
    assert [claim.id for claim in CLAIMS if not claim.gone] == []


def test_every_parameter_names_a_claim_of_the_table_and_every_claim_has_a_parameter():
    assert set(parameters_by_claim()) == {claim.id for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_one_of_its_switches_is_a_parameter_that_says_so(claim):
    mine = set(parameters_by_claim()[claim.id])
    assert mine & set(claim.off), mine


def test_show_claims_tells_each_with_its_switch_and_tests(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    out = CommandLine(capsys)("show", "claims").out
    for claim in CLAIMS:
        assert f"\n{claim.id}  " in f"\n{out}"
    assert "off: process.teams.per_village = 0.0" in out
    assert 'off: process.assignment.rule = "none"' in out
    assert "tests/test_line.py::test_the_parts_are_those_that_the_households_show" in out
    assert [line for line in out.splitlines() if len(line) > 80 and " " in line.strip()] == []


def test_one_claim_can_be_asked_for_and_a_wrong_one_is_refused(capsys):
    fupin = CommandLine(capsys)
    out = fupin("show", "claims", "s37").out
    assert out.startswith("S37  ")
    assert "S36" not in out
    assert "policy.monitoring.matching" in out
    said = fupin("show", "claims", "S99")
    assert said.code == 2
    assert 'no claim called "S99"' in said.err


def test_a_missing_test_is_owned_up_to():
    claim = CLAIMS[0].__class__("S00", "words", "mechanism", {"process.teams.per_village": 0.0}, (), ())
    assert "not yet" in "\n".join(tell.claim_lines(claim, []))
