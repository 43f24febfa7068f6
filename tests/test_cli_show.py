"""`show`: the month, the parameters, the policies, a scenario, and where two scenarios differ."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from fupin_sim import show
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.errors import BadInput
from fupin_sim.model import spec_of
from fupin_sim.month import MONTH, OPTIMAL
from fupin_sim.parameter import parameters_of
from fupin_sim.scenario import ScenarioSection, load
from tests.command_line import TINY, CommandLine

HAIL = '''
from fupin_sim.plugins import Shock
class Hail(Shock):
    """Ice falls from the sky."""
    def strike(self, world): pass
'''
FAIR = '''
from fupin_sim.plugins import Policy
class Fair(Policy):
    """A job fair in every county."""
    def adjust(self, world): world.rates.adjust("job_finding", 1.1, self.name)
'''


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tiny.toml").write_text(TINY, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    return tmp_path


def test_the_month_is_told_verb_by_verb_with_every_process_once() -> None:
    strokes = show.month_of()
    assert [stroke.verb for stroke in strokes] == [verb.name for verb in MONTH]
    parts = [part for stroke in strokes for part in stroke.parts]
    names = [name for _, name, _ in parts]
    only_optimal = {name for verb in OPTIMAL for name in verb.processes} - set(names)
    assert sorted([*names, *only_optimal]) == sorted(BUILT_IN.processes)
    assert all(kind == "process" and what for kind, _, what in parts)


def test_policies_and_shocks_stand_where_they_act(folder: Path) -> None:
    (folder / "hail.py").write_text(HAIL, encoding="utf-8")
    (folder / "fair.py").write_text(FAIR, encoding="utf-8")
    uses = '[[shock]]\nuse = "hail.py"\n[[shock]]\nuse = "drought"\n[[policy]]\nuse = "fair.py"\n'
    (folder / "mine.toml").write_text(TINY + uses, encoding="utf-8")
    found = {
        stroke.verb: [(kind, name) for kind, name, _ in stroke.parts if kind != "process"]
        for stroke in show.month_of(spec_of(folder / "mine.toml"))
    }
    assert found["set"] == [("shock", "drought"), ("policy", "dibao"), ("policy", "fair")]
    assert found["suffer"] == [("shock", "hail")]
    assert found["support"] == [("policy", "dibao")]
    assert not any(found[verb] for verb in found.keys() - {"set", "suffer", "support"})


def test_order_prints_the_month(fupin: CommandLine) -> None:
    out = fupin("show", "order", "baseline").out
    assert "support  policies claim, funds settle\n           policy dibao: Who fails the means test" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "policy dibao" not in fupin("show", "order").out


def test_every_declared_parameter_has_one_row() -> None:
    rows = show.parameters()
    scenario = {"scenario": ScenarioSection}
    groups = (scenario, BUILT_IN.sections, BUILT_IN.processes, BUILT_IN.policies, BUILT_IN.shocks, BUILT_IN.measures)
    declared = sum(len(parameters_of(cls)) for group in groups for cls in group.values())
    assert len({row.path for row in rows}) == len(rows) == declared


@pytest.mark.parametrize(
    ("pattern", "paths"),
    [
        ("process.illness.risk", {"process.illness.risk"}),
        ("policy.*_[ct]*.level", {"policy.targeted_transfer.level", "policy.uniform_cash.level"}),
        ("BURN_IN.", {"burn_in.months"}),
    ],
)
def test_a_pattern_chooses_parameters(pattern: str, paths: set[str]) -> None:
    assert {row.path for row in show.parameters(pattern)} == paths


def test_a_pattern_that_fits_nothing_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInput, match=r'no parameter matches "ilness"\. Did you mean "illness"\?'):
        show.parameters("ilness")


def test_parameters_as_csv_hold_what_the_declaration_says(fupin: CommandLine) -> None:
    (row,) = csv.DictReader(io.StringIO(fupin("show", "parameters", "process.illness.log_severity", "--csv").out))
    risk = BUILT_IN.processes["illness"].log_severity  # type: ignore[attr-defined]
    assert float(row["default"]) == risk.default
    assert row["range"] == f"{risk.range[0]:,} to {risk.range[1]:,}"
    assert (row["unit"], row["mark"], row["source"]) == (risk.unit, risk.mark, risk.source)


def test_parameters_are_readable_in_eighty_columns(fupin: CommandLine) -> None:
    out = fupin("show", "parameters", "business").out
    assert "plausible" in out
    assert [line for line in out.splitlines() if len(line) > 80 and " " in line.strip()] == []


def test_policies_tell_their_own_options_and_once_what_all_have(fupin: CommandLine) -> None:
    told = show.policies()
    assert {row.path for row in told["dibao"][1]} >= {"level", "tied"}
    assert {"start", "end", "expiry", "grace", "taper"} <= {row.path for row in told[""][1]}
    assert not {row.path for row in told["dibao"][1]} & {row.path for row in told[""][1]}
    out = fupin("show", "policies").out
    assert out.count("first month of the programme") == 1


def test_a_shown_scenario_is_a_file_that_says_the_same(fupin: CommandLine, folder: Path) -> None:
    said = fupin("show", "scenario", "tiny.toml", "--set", "policy.dibao.level=0.8")
    (folder / "again.toml").write_text(said.out, encoding="utf-8")
    assert load("again.toml", BUILT_IN).key == spec_of("tiny.toml", ["policy.dibao.level=0.8"]).key
    assert "level = 0.8  # share of the poverty line; set here; the default 0.65 is unverified\n" in said.out


def test_a_shown_scenario_says_how_each_value_is_known(fupin: CommandLine) -> None:
    """A number that nobody knows is never shown as if it were known."""
    out = fupin("show", "scenario", "baseline").out
    lines = [line for line in out.splitlines() if " = " in line and not line.startswith(("name = ", "use = "))]
    for line, parameter in zip(lines, spec_of("baseline").parameters().values(), strict=True):
        assert line.startswith(f"{parameter.name} = ")
        assert line.endswith(parameter.mark) != (parameter.mark == "choice"), line
    assert "\nsavings = 4000.0  # yuan per person; fitted\n" in out
    assert '\nmode = "monthly"\n' in out


def test_differences_are_told_path_by_path(fupin: CommandLine, folder: Path) -> None:
    other = TINY.replace("years = 2", "years = 3") + '[[policy]]\nuse = "uniform_cash"\n'
    (folder / "other.toml").write_text(other, encoding="utf-8")
    assert fupin("show", "diff", "tiny.toml", "other.toml").out.splitlines() == [
        "scenario.years", "  tiny.toml: 2", "  other.toml: 3",
        "policy.uniform_cash", "  tiny.toml: –", '  other.toml: "uniform_cash"',
    ]  # fmt: skip
    assert fupin("show", "diff", "tiny.toml", "tiny.toml").out == "tiny.toml and tiny.toml say the same.\n"


def test_none_on_one_side_is_a_value_and_not_an_absence(folder: Path) -> None:
    a, b = spec_of("tiny.toml"), spec_of("tiny.toml", ["policy.dibao.end=2016-06"])
    assert show.compared(a, b) == [("policy.dibao.end", '"none"', '"2016-06"')]
