"""The validation page: written whole from a small run, with all sections, figures, and misses printed as misses."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fupin_sim import targets
from fupin_sim.calibrate import STEPS, levers
from fupin_sim.cli import validate
from fupin_sim.cli.validate import planned, write_all, write_page
from fupin_sim.errors import BadInput
from fupin_sim.figures.validation import FIGURES
from fupin_sim.patterns import PATTERNS, Part
from fupin_sim.targets import TARGETS
from fupin_sim.validation import counts, identification, work
from fupin_sim.validation.closed_forms import Known, closed_forms
from fupin_sim.validation.identification import Jacobian, jacobian, marks, open_parameters, stepped, swing
from fupin_sim.validation.page import page, summary
from fupin_sim.validation.vanishing import Check, _check, _panel, checks
from fupin_sim.validation.work import Findings, Plan, carried_out
from tests.command_line import CommandLine

TINY = {"population.counties": 1, "population.villages": 3, "population.households": 20, "burn_in.months": 0}
SMALL = Plan((101, 102), TINY, paths=1_000, parameters=1, moved=1)
FEW = tuple(0.94 + 0.02 * i for i in range(9))
SECTIONS = (
    "# Validation", "## Exact: the probability of falling into the trap", "## Exact: the threshold of the optimal",
    "## Exact: closed forms", "## Exact: what must change nothing", "## Exact: one mean income", "## Targets of",
    "## Patterns held out of calibration", "### How each was computed", "## Reported without pass or fail",
    "## What no evidence used here settles", "### Parameters that were fitted", "### Parameters that nothing was",
    "### How far the headline hangs on them", "### Contested settings",
)  # fmt: skip


@pytest.fixture(scope="module")
def few_abilities():
    """Fewer points of the figure of thresholds, which takes seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(work, "ABILITIES", FEW)
        patch.setattr("fupin_sim.figures.validation.ABILITIES", FEW)
        yield


@pytest.fixture(scope="module")
def found(few_abilities) -> Findings:
    told = []
    findings = carried_out(SMALL, finished=lambda done, of: told.append((done, of)))
    assert findings is not None
    assert told == [(i + 1, len(SMALL.tasks())) for i in range(len(SMALL.tasks()))]
    return findings


@pytest.fixture(scope="module")
def written(found, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("docs") / "validation.md"
    assert write_all(found, out)[-1] == out
    return out


# ---- the page


def test_the_page_has_every_section_in_order(written):
    text = written.read_text(encoding="utf-8")
    places = [text.index(section) for section in SECTIONS]
    assert places == sorted(places)
    assert not re.search(r"\bnan\b", text.replace("nan to nan", ""))


def test_every_pattern_and_every_target_stands_on_the_page(written):
    text = written.read_text(encoding="utf-8")
    for pattern in PATTERNS:
        assert f"| {pattern.key} | {pattern.name} | {pattern.observed} |" in text
        assert f"- **{pattern.key}, {pattern.name}.**" in text
    for target in TARGETS:
        assert f"| {target.name} | " in text


def test_every_figure_of_the_page_is_there_and_whole(written):
    names = re.findall(r"!\[.+?\]\(figures/(.+?)\)", written.read_text(encoding="utf-8"))
    assert sorted(names) == sorted(f"validation_{name}.png" for name in FIGURES)
    for name in names:
        assert (written.parent / "figures" / name).read_bytes().startswith(b"\x89PNG")
    assert sorted(p.name for p in (written.parent / "figures").iterdir()) == sorted(names)  # nothing half-written


def test_the_same_findings_give_the_same_bytes(found, written, tmp_path):
    write_all(found, tmp_path / "validation.md")
    for file in [written, *sorted((written.parent / "figures").iterdir())]:
        twin = tmp_path / file.relative_to(written.parent)
        assert twin.read_bytes() == file.read_bytes(), file.name


def changed(found: Findings, key: tuple[str, ...], value) -> Findings:
    return replace(found, found={**found.found, key: value})


def with_pattern(found: Findings, key: str, **numbers: float) -> Findings:
    for seed in found.plan.seeds:
        at = ("run", key, str(seed))
        found = changed(found, at, {**found.found[at], **{k.replace("_", " "): v for k, v in numbers.items()}})
    return found


@pytest.mark.parametrize(("number", "verdict"), [(0.5, "hit"), (0.7, "miss"), (math.nan, "miss")])
def test_a_pattern_is_printed_as_what_it_is(found, number, verdict):
    text = page(with_pattern(found, "P5", transient_share=number))
    (row,) = [line for line in text.splitlines() if line.startswith("| P5 |")]
    assert row.endswith(f"| **{verdict}** |")


def inside(part: Part) -> float:
    """A number where the part must be."""
    if math.isfinite(part.low) and math.isfinite(part.high):
        return (part.low + part.high) / 2
    return part.low + 0.01 if math.isfinite(part.low) else part.high - 0.01


def all_hit(found: Findings) -> Findings:
    """Every number of every pattern where it must be."""
    for key, pattern in work.distinct_runs().items():
        parts = [part for other in PATTERNS if other.run is pattern.run for part in other.parts]
        for seed in found.plan.seeds:
            at = ("run", key, str(seed))
            found = changed(found, at, {**found.found[at], **{part.value: inside(part) for part in parts}})
    return found


def test_the_bar_is_seven_patterns(found):
    good = all_hit(found)
    assert "| patterns held out of calibration | 9 of 9 |" in summary(good)
    two_missed = with_pattern(with_pattern(good, "P5", transient_share=0.9), "P6", poorest_over_richest=9.0)
    assert "| patterns held out of calibration | 7 of 9 |" in summary(two_missed)
    assert "The bar is met." in summary(two_missed)
    three = with_pattern(two_missed, "P10", quarter_on_a_year_before=0.1)
    assert "| patterns held out of calibration | 6 of 9 |" in summary(three)
    assert "The bar is missed." in summary(three)
    assert "**6 of 9 are hit; at least 7 were asked for.**" in page(three)


def test_a_missed_exact_check_is_printed_as_a_miss(found):
    key = ("ruin", "0.504", "1.0", "1.0", "0.5")
    text = page(changed(found, key, 0.5))
    (row,) = [line for line in text.splitlines() if line.startswith("| 0.504 | 1 | 1 | 0.5 |")]
    assert row.endswith("| miss |")
    wrong = Check("w", 92, ("wealth",), "t")
    text = page(changed(found, ("vanishing",), [wrong]))
    assert "| w | 1 of 92 columns differ | miss | t |" in text


def test_a_missed_target_is_printed_as_a_miss(found):
    for seed in found.plan.seeds:
        at = ("target", "", str(seed))
        found = changed(found, at, {**found.found[at], "mean income 2019": 30_000.0})
    row, *elsewhere = [line for line in page(found).splitlines() if line.startswith("| mean income 2019 |")]
    assert "| 30,000 |" in row
    assert "| miss |" in row
    assert len(elsewhere) == 2
    assert not any("| 30,000 |" in other for other in elsewhere)


@pytest.mark.parametrize(("scenario", "place"), [("campaign", 1), ("campaign_fitted", 2)])
def test_the_moments_with_every_institution_are_of_their_own_runs(found, scenario, place):
    for seed in found.plan.seeds:
        at = ("target of", scenario, str(seed))
        found = changed(found, at, {**found.found[at], "mean income 2019": 20_000.0})
    rows = [line for line in page(found).splitlines() if line.startswith("| mean income 2019 |")]
    assert ["| 20,000 |" in row for row in rows] == [nth == place for nth in range(3)]


# ---- the command


def test_the_command_writes_the_page_and_says_where(monkeypatch, tmp_path, capsys, found):
    monkeypatch.setattr(validate, "carried_out", lambda plan, workers, finished, stopping: (finished(3, 3), found)[1])
    fupin = CommandLine(capsys)
    said = fupin("validate", "--out", str(tmp_path / "v.md"), "--replicates", "2", "--workers", "2")
    assert (said.code, (tmp_path / "v.md").exists()) == (0, True)
    assert "3 of 3 tasks" in said.err
    assert f"Wrote {tmp_path / 'v.md'} and {len(FIGURES)} figures" in said.out


def test_without_a_folder_to_write_into_nothing_is_computed(monkeypatch, tmp_path):
    monkeypatch.setattr(validate, "carried_out", lambda *a: pytest.fail("computed"))
    for out in (tmp_path / "no" / "v.md", tmp_path):
        with pytest.raises(BadInput, match="wanted is a file in a folder that is there"):
            write_page(out, SMALL)


@pytest.mark.parametrize("how", ["asked", "insisted"])
def test_stopped_before_the_end_nothing_is_written(monkeypatch, tmp_path, capsys, how):
    def interrupted(*arguments):
        if how == "insisted":
            raise KeyboardInterrupt
        return None

    monkeypatch.setattr(validate, "carried_out", interrupted)
    (tmp_path / "v.md").write_text("old", encoding="utf-8")
    assert write_page(tmp_path / "v.md", SMALL) == 4
    assert "nothing was written" in capsys.readouterr().err
    assert [(p.name, p.read_text(encoding="utf-8")) for p in tmp_path.iterdir()] == [("v.md", "old")]


def test_a_wish_to_stop_ends_the_tasks():
    done = []
    assert carried_out(SMALL, 1, lambda n, of: done.append(n), lambda: len(done) >= 1) is None
    assert len(done) == 1


def test_what_fails_is_named_and_no_page_is_made_with_holes(monkeypatch):
    tasks = [(("good", "1"), (abs, -1)), (("bad", "2"), (int, "no number")), (("bad", "3"), (int, "none"))]
    monkeypatch.setattr(Plan, "tasks", lambda self: tasks)
    with pytest.raises(BadInput, match=r"(?s)bad 2: ValueError.*bad 3: ValueError"):
        carried_out(SMALL)


def test_the_page_stands_on_the_seeds_kept_for_checking():
    assert planned(8).seeds == targets.CHECK_SEEDS
    keys = [key for key, _ in planned(8).tasks()]
    assert len(keys) == len(set(keys))


# ---- exact checks


def test_the_closed_forms_hold_and_a_wrong_one_would_be_seen():
    assert [known.words for known in closed_forms() if not known.hit] == []
    assert not Known("x", 0.2, 0.21, 0.001).hit


def test_nothing_changes_that_must_not_and_a_single_bit_would_be_seen():
    assert [check.words for check in checks() if not check.hit] == []
    one = _panel({"scenario": {"years": 1}, "burn_in": {"months": 0},
                  "population": {"counties": 1, "villages": 1, "households": 5}})  # fmt: skip
    other = one.assign(wealth=one["wealth"].where(one.index != 7, np.nextafter(one["wealth"], np.inf)))
    assert _check("x", one, other, "").differing == ("wealth",)
    assert not _check("x", one, other, "").hit
    assert _check("x", one, other, "", ("wealth",)).hit


# ---- what is identified


def test_slopes_are_in_tolerances_over_the_plausible_range():
    lever = levers(STEPS)[0]
    base = [{target.name: target.value + seed for target in TARGETS} for seed in (0.0, 5.0)]
    moved = [{name: value + (2.0 if name == TARGETS[0].name else 0.0) for name, value in one.items()} for one in base]
    found = jacobian(base, {lever.path: moved})
    wanted = 2.0 / TARGETS[0].tolerance * (lever.high - lever.low) / (stepped(lever) - lever.start)
    assert found.slopes[:, 0] == pytest.approx([wanted, *[0.0] * (len(TARGETS) - 1)], abs=1e-9)
    assert found.error == pytest.approx(np.zeros((len(TARGETS), 1)), abs=1e-9)


def of(*rows):
    slopes = np.array(rows, dtype=float)
    names = tuple(f"l{i}" for i in range(slopes.shape[1])), tuple(f"t{i}" for i in range(slopes.shape[0]))
    return Jacobian(*names, slopes, np.zeros(slopes.shape))


def test_two_targets_that_move_alike_tell_of_one_combination():
    found = of([3.0, 4.0, 0.0], [3.0, 4.0, 0.1])
    assert found.rank == 1
    assert found.condition > 50
    assert found.silent() == ("l2",)
    assert found.narrowed[2] < 0.05
    assert of([3.0, 0.0], [0.0, 4.0]).rank == 2
    assert of([3.0, 0.0], [0.0, 4.0]).condition == pytest.approx(4 / 3)


def test_a_target_that_only_one_lever_moves_narrows_it():
    """Tolerance 1 = two standard deviations, range = four: a slope of 8 leaves a half of 1/16 beside the 1/4."""
    left = 1 / math.sqrt(16 + (2 * 8) ** 2)
    assert of([8.0, 0.0]).narrowed == pytest.approx([1 - 4 * left, 0.0])


def test_what_the_noise_may_have_made_counts_for_nothing():
    found = of([3.0, 0.0], [0.0, 4.0])
    assert Jacobian(found.levers, found.targets, found.slopes, np.full((2, 2), 5.0)).rank == 0


def test_every_parameter_is_counted_once():
    from fupin_sim.catalogue import BUILT_IN
    from fupin_sim.parameter import parameters_of
    from fupin_sim.policies.instrument import Instrument

    found = marks()
    shared = len(parameters_of(Instrument))
    every = sum(len(parameters_of(cls)) for group in (BUILT_IN.sections, BUILT_IN.processes, BUILT_IN.policies,
                                                      BUILT_IN.shocks) for cls in group.values())  # fmt: skip
    assert sum(found.values()) < every - shared
    assert found["S37", "assumed"] > 3


def test_open_parameters_are_numbers_that_nobody_measured():
    found = open_parameters()
    assert len(found) > 100
    assert "process.dependence.strength" in found
    assert "process.business.unit" not in found  # fitted
    assert all(low < high for low, high in found.values())


def test_a_parameter_of_what_is_off_changes_nothing_and_one_of_what_is_on_does():
    assert swing("process.worthies.engages", (0.0, 0.9), [1], TINY) == {
        "return_rate": 0.0,
        "headcount": 0.0,
        "idle": 1.0,
    }
    found = swing("process.investment.months_to_target", (12, 60), [1], TINY)
    assert found["idle"] == 0.0


# ---- counts


def test_the_arms_differ_in_growth_and_campaign_alone():
    both, growth, policy = (counts.settings(arm) for arm in ("both", "growth only", "policy only"))
    assert {**both, "process.growth.on": False} == policy
    assert growth.pop("policy.targeted.enabled") is False
    assert growth == {key: value for key, value in both.items() if not key.startswith("policy.targeted.")}
    assert both["process.wages.mean"] * 1.06**4 == pytest.approx(
        identification.spec_of("baseline").values()["process.wages.mean"]
    )
    assert len(counts.POOR) == len(counts.YEARS)


def test_headcounts_begin_in_2012_and_end_in_2020():
    found = counts.headcounts("growth only", 1, TINY)
    assert list(found) == [str(year) for year in range(2012, 2021)]
    assert 0 < found["2012"] < 1
