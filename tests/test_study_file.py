"""Study files: what they mean, what they do not, and every mistake in one message."""

from __future__ import annotations

import pickle
import tomllib
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from fupin_sim.errors import BadInput
from fupin_sim.experiment.looks import rule_of
from fupin_sim.experiment.run_key import run_key
from fupin_sim.experiment.study import seed_of
from fupin_sim.experiment.study_file import compare_study, read_study, study_of
from fupin_sim.experiment.study_text import written
from fupin_sim.model import spec_of

ROOT = Path(__file__).parents[1]
CONTESTED = ROOT / "experiments" / "contested.toml"
TWO = """
[arms.none]
[arms.cash]
[[arms.cash.policy]]
use = "uniform_cash"
[compare]
baseline = "none"
"""
SWEEP = """
[sweep.vary]
"process.illness.risk" = [0.05, 0.1]
"""
TEAMS = """
[study]
title = "Teams"
scenario = "baseline"
seed = 7
measures = ["headcount", "return_rate"]
[arms.none]
[arms.dibao.reform]
"policy.dibao.level" = { "2018-01" = 0.8 }
[replicates]
first = 4
most = 8
until = { headcount = 0.01 }
[compare]
baseline = "none"
households = true
contrasts = [["dibao", "none"]]
[sweep]
design = "grid"
[sweep.vary]
"process.illness.risk" = { from = 0.05, to = 0.1, steps = 2 }
"policy.dibao.level" = { "2020" = [0.5, 1.0], arms = ["dibao"] }
"""


def study(text, **options):
    return study_of(tomllib.loads(text), **options)


def mistakes(text, **options) -> list[str]:
    with pytest.raises(BadInput) as caught:
        study(text, **options)
    return caught.value.mistakes


def value(study, path, arm, point=0):
    found = study.cell(arm, point).scenario.get(path)
    return found.table() if hasattr(found, "table") else found


# ---- what a file means --------------------------------------------------------------------------------------


def test_the_study_of_contested_settings_has_its_24_cells():
    contested = read_study(CONTESTED)
    cells = contested.cells()
    assert (contested.kind, len(contested.points), len(cells)) == ("sweep", 12, 24)
    assert len({cell.scenario.luckless_key for cell in cells}) == 24
    assert [cell.arm for cell in cells[:2]] == ["default_exposure", "high_exposure"]
    assert contested.pairs() == (("high_exposure", "default_exposure"),)
    assert contested.most_runs == 24 * 200
    assert contested.replicates.until == {"headcount": 0.002, "return_rate": 0.002}


def test_a_cell_is_the_scenario_with_the_arm_over_it_and_the_point_over_that():
    found = study(TEAMS)
    baseline = spec_of("baseline")
    assert [point.factors for point in found.points[:2]] == [
        {"policy.dibao.level@2020-01": 0.5, "process.illness.risk": 0.05},
        {"policy.dibao.level@2020-01": 0.5, "process.illness.risk": 0.1},
    ]
    assert value(found, "process.illness.risk", "none", 1) == 0.1
    assert value(found, "policy.dibao.level", "none", 1) == baseline.get("policy.dibao.level")
    before = value(found, "policy.dibao.level", "dibao", 1)
    assert list(before.values())[-2:] == [0.8, 0.5]
    assert list(before)[-2:] == ["2018-01", "2020-01"]
    assert [entry.name for entry in found.cell("none").scenario.measures] == ["headcount", "return_rate"]


def test_what_is_varied_from_a_date_on_is_as_before_until_then():
    text = '[study]\nscenario = "baseline"\n[sweep.vary]\n"line.level@2020-06" = [5000, 6000]'
    found = study(text)
    arm = found.arms[0].name
    baseline = spec_of("baseline").get("line.level")
    for point, level in enumerate((5000.0, 6000.0)):
        series = found.cell(arm, point).scenario.get("line.level")
        first = series.months[-1]
        assert (series.values[-1], first) == (level, 2020 * 12 + 5)
        earlier = baseline.at(first - 1) if hasattr(baseline, "at") else baseline
        assert series.at(first - 1) == earlier


def test_a_factor_can_be_kept_to_the_arms_that_have_it():
    """The arm without it is the same at every point, and so its runs are shared."""
    vary = '[sweep.vary]\n"policy.uniform_cash.level" = { values = [10, 20, 30], arms = ["cash"] }'
    found = study(TWO + vary)
    assert len({cell.scenario.luckless_key for cell in found.cells()}) == 4
    assert found.most_runs == 4 * found.replicates.most
    assert [value(found, "policy.uniform_cash.level", "cash", i) for i in range(3)] == [10.0, 20.0, 30.0]


def test_an_arm_may_stand_on_a_scenario_of_its_own():
    text = '[arms.a]\nextends = "baseline"\n[arms.b]\nextends = "no_support"\n[compare]\nbaseline = "a"'
    found = study(text)
    assert found.cell("a").scenario == spec_of("baseline")
    assert found.cell("b").scenario == spec_of("no_support")


def test_a_sweep_alone_has_one_arm_called_as_its_scenario():
    found = study('[study]\nscenario = "baseline"' + SWEEP)
    assert ([arm.name for arm in found.arms], found.baseline, found.pairs()) == (["baseline"], None, ())
    assert study(SWEEP).arms[0].name == "model"


def test_values_are_of_the_kind_their_parameter_has():
    """A whole number written for a fraction is the same study."""
    a, b = (study(f'[sweep.vary]\n"process.illness.risk" = [{zero}, 1.0]') for zero in ("0", "0.0"))
    assert a.key == b.key
    ages = study('[sweep.vary]\n"population.villages" = { from = 2, to = 6, steps = 3 }')
    assert [point.factors["population.villages"] for point in ages.points] == [2, 4, 6]
    assert all(isinstance(point.factors["population.villages"], int) for point in ages.points)


def test_a_drawn_sweep_is_drawn_from_the_seed_of_the_study():
    text = '[sweep]\ndesign = "sobol"\npoints = 4\n[sweep.vary]\n"process.illness.risk" = { from = 0.05, to = 0.1 }'
    a, b, c = (study(f"[study]\nseed = {seed}\n{text}") for seed in (1, 1, 2))
    assert a.points == b.points != c.points
    assert len({point.factors["process.illness.risk"] for point in a.points}) == 4


def test_a_study_of_one_replicate_has_one_look_at_its_end():
    found = study(TWO + "[replicates]\nmost = 1")
    assert list(rule_of(found).looks()) == [1]
    assert list(rule_of(study(TWO + "[replicates]\nfirst = 1")).looks()) == [1]
    assert list(rule_of(study(TWO)).looks()) == [20]
    stopping = study(TWO + "[replicates]\nmost = 45\nuntil = { headcount = 0.1 }")
    assert list(rule_of(stopping).looks()) == [20, 30, 40, 45]


# ---- luck ---------------------------------------------------------------------------------------------------


def test_luck_depends_on_the_seed_of_the_study_and_the_replicate_only():
    one, other = study("[study]\nseed = 3\n" + TWO), study("[study]\nseed = 3\n" + SWEEP)
    assert [one.seed_of(r) for r in range(9)] == [other.seed_of(r) for r in range(9)]


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_studies_with_neighbouring_seeds_share_no_luck(seed, apart):
    other = seed + 1 + apart
    lucks = [seed_of(s, r) for s in (seed, other) for r in range(20)]
    assert len({*lucks}) == 40
    assert all(0 <= luck < 2**53 == float(2**53) for luck in lucks)


# ---- keys ---------------------------------------------------------------------------------------------------


def shuffled(table, random):
    """The same tables with their keys in another order."""
    if not isinstance(table, dict):
        return table
    keys = list(table)
    random.shuffle(keys)
    return {key: shuffled(table[key], random) for key in keys}


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_means_nothing(random):
    tables = tomllib.loads(TEAMS)
    a, b = study_of(tables), study_of(shuffled(tables, random))
    assert (a.key, a.points) == (b.key, b.points)
    assert [b.cell(cell.arm, cell.point).scenario for cell in a.cells()] == [cell.scenario for cell in a.cells()]


def test_titles_mean_nothing_and_everything_else_does():
    key = study(TEAMS).key
    assert study(TEAMS.replace('"Teams"', '"Other"')).key == key
    for old, new in [
        ("seed = 7", "seed = 8"), ("first = 4", "first = 5"), ("most = 8", "most = 9"), ("0.01", "0.02"),
        ("households = true", ""), ('[["dibao", "none"]]', "[]"), ("0.8", "0.7"), ("[0.5, 1.0]", "[0.5, 0.9]"),
        (', "return_rate"]', "]"), ("steps = 2", "steps = 3"),
    ]:  # fmt: skip
        assert old in TEAMS
        assert study(TEAMS.replace(old, new)).key != key, old


def test_the_key_of_a_run_is_of_its_content():
    a, b = study(TEAMS), study(TEAMS.replace("seed = 7", "seed = 8").replace("Teams", "Other"))
    scenario, same = a.cell("dibao", 1).scenario, b.cell("dibao", 1).scenario
    assert run_key(scenario, 5) == run_key(same, 5)
    assert run_key(scenario, 5) != run_key(scenario, 6)
    assert run_key(scenario, 5) != run_key(a.cell("none", 1).scenario, 5)
    assert run_key(scenario.with_({"scenario.seed": 99, "scenario.title": "x"}), 5) == run_key(scenario, 5)
    assert len(run_key(scenario, 5)) == 32


def test_a_changed_program_has_other_keys(monkeypatch):
    scenario = study(TWO).cell("cash").scenario
    before = run_key(scenario, 1)
    monkeypatch.setattr("fupin_sim.experiment.run_key.source_digest", lambda: "another program")
    assert run_key(scenario, 1) != before


@pytest.mark.parametrize("text", [TWO, SWEEP, TEAMS, CONTESTED.read_text(encoding="utf-8")])
def test_the_resolved_text_reads_to_the_same_study(text, tmp_path):
    first = study(text, folder=ROOT / "experiments")
    (tmp_path / "resolved.toml").write_text(written(first, tmp_path), encoding="utf-8")
    second = read_study(tmp_path / "resolved.toml")
    assert (second.key, second.measures) == (first.key, first.measures)
    assert [arm.name for arm in second.arms] == [arm.name for arm in first.arms]
    assert [(c.arm, c.point, run_key(c.scenario, 1)) for c in second.cells()] == [
        (c.arm, c.point, run_key(c.scenario, 1)) for c in first.cells()
    ]


def test_drawn_points_stand_in_the_resolved_text_as_they_were_drawn(tmp_path):
    text = '[sweep]\ndesign = "lhs"\npoints = 5\n[sweep.vary]\n"population.villages" = { from = 2, to = 4 }'
    first = study(text)
    second = study(written(first))
    assert (second.points, second.key) == (first.points, first.key)


def test_plugins_of_an_arm_are_found_varied_and_part_of_the_key(tmp_path):
    """The resolved text names the files from where it lies; their content decides, not their place."""
    (tmp_path / "plugins").mkdir()
    plugin = tmp_path / "plugins" / "meals.py"
    plugin.write_text(
        "from fupin_sim.parameter import Parameter\nfrom fupin_sim.plugins import Policy\n\n\n"
        "class Meals(Policy):\n    cost = Parameter(3.0, unit='yuan per day')\n",
        encoding="utf-8",
    )
    (tmp_path / "my.toml").write_text(
        '[arms.none]\n[arms.meals]\n[[arms.meals.policy]]\nuse = "plugins/meals.py"\n[compare]\nbaseline = "none"\n'
        '[sweep.vary]\n"policy.meals.cost" = { values = [1, 2], arms = ["meals"] }\n',
        encoding="utf-8",
    )
    first = read_study(tmp_path / "my.toml")
    assert [value(first, "policy.meals.cost", "meals", i) for i in range(2)] == [1.0, 2.0]
    (tmp_path / "out").mkdir()
    resolved = written(first, tmp_path / "out")
    assert 'use = "../plugins/meals.py:Meals"' in resolved
    (tmp_path / "out" / "resolved.toml").write_text(resolved, encoding="utf-8")
    assert read_study(tmp_path / "out" / "resolved.toml").key == first.key
    key = run_key(first.cell("meals", 1).scenario, 1)
    assert run_key(pickle.loads(pickle.dumps(first.cell("meals", 1).scenario)), 1) == key
    plugin.write_text(plugin.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    changed = read_study(tmp_path / "my.toml")
    assert changed.key != first.key
    assert run_key(changed.cell("meals", 1).scenario, 1) != key
    assert run_key(changed.cell("none", 1).scenario, 1) == run_key(first.cell("none", 1).scenario, 1)


# ---- what is set on top -------------------------------------------------------------------------------------


def test_settings_go_to_every_arm_and_those_of_the_study_to_the_study():
    sets = ["scenario.years=2", "replicates.most=3", "replicates.first=2", "study.seed=5", "study.title=Mine"]
    found = study(TWO, sets=sets)
    assert [cell.scenario.years for cell in found.cells()] == [2, 2]
    assert (found.replicates.most, found.seed, found.title) == (3, 5, "Mine")
    as_mapping = study(TWO, sets={"scenario.years": 2, "replicates.until.headcount": 0.01})
    assert as_mapping.replicates.until == {"headcount": 0.01}
    swept = study(SWEEP, sets={"sweep.vary.process.illness.risk": [0.01]})
    assert [point.factors for point in swept.points] == [{"process.illness.risk": 0.01}]


def test_settings_do_not_touch_the_tables_given():
    tables = tomllib.loads(TEAMS)
    study_of(tables, sets=["replicates.most=9", "study.seed=1", "replicates.until.return_rate=1"])
    assert tables == tomllib.loads(TEAMS)


# ---- mistakes -----------------------------------------------------------------------------------------------


def test_all_mistakes_of_a_file_come_in_one_message(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("my.toml").write_text(
        """
        [study]
        measures = ["headcont"]
        [arms.none]
        [[arms.need.policy]]
        use = "dibao"
        levl = 0.8
        [compare]
        baseline = "nne"
        [replicates]
        first = 30
        most = 20
        """,
        encoding="utf-8",
    )
    with pytest.raises(BadInput) as caught:
        read_study("my.toml")
    lines = str(caught.value).splitlines()
    assert lines[0] == "my.toml"
    assert lines[-1] == "4 mistakes; nothing was run."
    assert [line.split("  ")[1] for line in lines[1:-1]] == [
        '[study] measures: no measure "headcont". Did you mean "headcount"?',
        "[replicates] first = 30, most = 20: first must not be more than most",
        '[compare] baseline = "nne": no such arm. Did you mean "none"?',
        '[arms.need] [[policy]] dibao: no option called "levl". Did you mean "level"?',
    ]


HOW = "there is nothing to compare; a study has two arms, or a sweep"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds nothing; a study has at least two [arms.NAME], or a [sweep]"),
        ("[study]", f"no [arms.NAME], and no [sweep]: {HOW}"),
        ("[arms.a]", f'only the arm "a", and no [sweep]: {HOW}'),
        ("[sensitivity]", "[sensitivity]: comes later; a study has [study], [arms], [sweep], [replicates], [compare]"),
        ("[calibrate]", "[calibrate]: comes later"),
        ("[search]", "[search]: comes later"),
        ("[discover]", "[discover]: comes later"),
        ("[stdy]\n" + TWO, 'stdy: no such table in a study. Did you mean "study"?'),
        ("[process.illness]\n" + TWO, "process: no such table in a study. It is a table of scenarios: write ["),
        ("seed = 3\n" + TWO, "seed: no such table in a study. Write it under [study]."),
        ("study = 3\n" + TWO, "[study] = 3: must be a table, written [study]"),
        ("arms = 3", "[arms] = 3: must be a table"),
        ("[arms]\na = 3", "[arms] a = 3: must be a table, written [arms.a]"),
        ("[arms.'a b']", '[arms] "a b": the name of an arm has letters, digits, _ and -'),
        ("[arms.a.scenario]\nseed = 3", "[arms.a.scenario] seed: luck is shared by all arms; write it under [study]"),
        ("[study]\nsed = 3\n" + TWO, '[study]: no option called "sed". Did you mean "seed"?'),
        ("[study]\nseed = -1\n" + TWO, "[study] seed = -1: must be at least 0"),
        ("[study]\ntitle = 1\n" + TWO, "[study] title = 1: must be text in quotes"),
        ('[study]\nscenario = "baselin"\n' + TWO, 'no scenario called "baselin". Did you mean "baseline"?'),
        ('[study]\nscenario = "none.toml"\n' + TWO, '[study] scenario = "none.toml": no such file'),
        ("[study]\nscenario = 3\n" + TWO, "[study] scenario = 3: must be the name of a scenario file"),
        ('[arms.c]\nextends = "no.toml"\n' + TWO, '[arms.c] extends = "no.toml": no such file'),
        ("[study]\nmeasures = []\n" + TWO, "[study] measures = []: must be a list of measures in quotes, not empty"),
        ('[study]\nmeasures = ["sen", "sen"]\n' + TWO, '[study] measures: "sen" stands there twice'),
        ("[arms.c.process.ilness]\n" + TWO, '[arms.c] [process] ilness: no such process. Did you mean "illness"?'),
        ("[arms.c]\n" + TWO, 'arms "c" and "none": say the same, so every difference would be 0'),
        ("[arms.c.scenario]\nyears = 3\n" + TWO, "differ in scenario.years (3 and 10); what is compared must be lived"),
        ('[arms.c.scenario]\nstart = "2012"\n' + TWO, 'differ in scenario.start ("2012-01" and "2016-01")'),
        ("[arms.c.population]\nvillages = 3\n" + TWO, "differ in population.villages (3 and 40)"),
        ('[arms.c.measures]\nuse = ["sen"]\n' + TWO, 'arms "c" and "none": record different measures ('),
        (TWO + "[replicates]\nfrist = 3", '[replicates]: no option called "frist". Did you mean "first"?'),
        (TWO + "[replicates]\nstep = 0", "[replicates] step = 0: must be a whole number from 1"),
        (TWO + "[replicates]\nmost = 1e3", "[replicates] most = 1000.0: must be a whole number"),
        (TWO + "[replicates]\nuntil = 3", "[replicates] until = 3: must hold measures and half-widths"),
        (TWO + "[replicates]\nuntil = { headcount = 0 }", "[replicates] until.headcount = 0: must be a number above 0"),
        (TWO + "[replicates]\nuntil = { headcont = 1 }", 'is not among the measures. Did you mean "headcount"?'),
        (TWO + "[replicates]\nuntil = { income_by_source = 1 }", "until.income_by_source: is taken by group; name one"),
        (TWO + '[replicates]\nuntil = { "income x" = 1 }', "until.income x: has no groups"),
        (TWO + "[replicates]\nfirst = 1\nuntil = { income = 1 }", "first = 1: an interval needs at least two"),
        (SWEEP + "[replicates]\nuntil = { income = 1 }", "is about differences between arms, and there is one arm"),
        ("[arms.a]\n[arms.b]", "[compare] baseline: say which arm the others are compared with.  Arms: a, b"),
        (TWO + 'contrasts = [["none", "csh"]]', '[compare] contrasts = "csh": no such arm. Did you mean "cash"?'),
        (TWO + 'contrasts = [["none", "none"]]', '["none", "none"] compares an arm with itself'),
        (TWO + 'contrasts = [["none"]]', '["none"] must be a pair of arms'),
        (TWO + 'contrasts = "none"', "must be a list of pairs of arms"),
        (TWO + "households = 1", "[compare] households = 1: must be true or false"),
        (TWO + "[sweep]", "[sweep.vary]: must say what is varied"),
        (TWO + '[sweep]\ndesign = "gird"' + SWEEP, "allowed are grid, list, lhs, sobol. Did you mean \"grid\"?"),
        (TWO + '[sweep]\ndesign = "lhs"' + SWEEP, "[sweep] points is missing; how many points lhs is to draw"),
        (TWO + "[sweep]\npoints = 3" + SWEEP, "[sweep] points = 3: a grid has as many points as its values make"),
        (TWO + SWEEP.replace("illness", "ilness"), 'no process called "ilness". Did you mean "illness"?'),
        (TWO + SWEEP.replace(".risk", ".rsk"), "no such parameter. Did you mean process.illness.risk?"),
        (TWO + SWEEP.replace("0.05", "3"), "[sweep.vary] process.illness.risk = 3: must lie between 0.0 and 1.0"),
        (TWO + SWEEP.replace("0.05", "0.1"), "[sweep.vary] process.illness.risk: 0.1 stands there twice"),
        (TWO + SWEEP.replace("risk", "risk@2018"), "process.illness.risk@2018-01: this parameter may not be dated"),
        (TWO + SWEEP.replace("[0.05, 0.1]", "{ from = 0, to = 1 }"), "a grid needs single values; give steps"),
        (TWO + '[sweep.vary]\n"scenario.seed" = [1, 2]', "scenario.seed: is the study's, not a scenario's"),
        (TWO + '[sweep.vary]\n"policy.uniform_cash.level" = [1, 2]', 'arm "none" has no such parameter; vary it where'),
        (TWO + '[sweep.vary]\n"line.level" = { values = [1], arms = ["csh"] }', 'no arm "csh". Did you mean "cash"?'),
        (TWO + "[sweep.vary]\nprocess.illness.risk = [0.1]", "process: write the whole path in quotes"),
        (TWO + '[sweep.vary]\n"line.level" = [1]\n"line.level@2018" = [2]', "line.level: is varied from a date on"),
        (TWO + '[sweep.vary]\n"line.level@2018" = [1]\n"line.level" = { 2018 = [2] }', "is varied twice"),
        (
            TWO + '[sweep.vary]\n"population.villages" = { values = [1, 2], arms = ["cash"] }',
            "differ in population.villages (40 and 1); what is compared",
        ),
        (TWO + '[sweep.vary]\n"policy.uniform_cash.enabled" = { values = [3], arms = ["cash"] }', "true or false"),
        (
            '[sweep]\ndesign = "lhs"\npoints = 64\n[sweep.vary]\n'
            '"process.illness.risk" = { dist = "normal", mean = 0.5, sd = 1 }',
            "of 64 points; narrow it by from and to",
        ),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_what_is_allowed(text, said):
    found = mistakes(text)
    assert any(said in mistake for mistake in found), found


def test_a_study_of_more_runs_than_are_wanted_is_refused_before_it_is_made():
    """The grid has 10¹⁵ points; nobody waits for them."""
    vary = "\n".join(f'"process.illness.{name}" = {{ from = 0, to = 1, steps = 1000 }}' for name in "abcde")
    assert any("a study has at most 100,000" in mistake for mistake in mistakes("[sweep.vary]\n" + vary))
    assert mistakes(TWO + SWEEP + "[replicates]\nmost = 30", max_runs=100) == [
        "up to 120 runs (2 points, 2 arms, 30 replicates), and at most 100 are wanted (--max-runs)"
    ]
    assert study(TWO + SWEEP + "[replicates]\nmost = 30", max_runs=120).most_runs == 120


def test_what_is_varied_cannot_be_set():
    assert mistakes(TWO + SWEEP, sets=["process.illness.risk=0.2"]) == [
        "--set process.illness.risk: is varied by [sweep.vary]; take one of them out"
    ]


def test_a_setting_that_an_arm_has_no_place_for_names_the_arm():
    assert mistakes(TWO, sets=["policy.uniform_cash.level=3"]) == [
        '--set policy.uniform_cash.level: no policy called "uniform_cash".  Policies here: none  (in arm "none")'
    ]


def test_files_that_are_no_studies_are_refused_in_words(tmp_path):
    for text, said in [
        ("", "holds nothing; a study has"),
        ("[scenario]\nyears = 3", "is not a study but a scenario"),
        ("[study", "is not TOML"),
        (b"\xff\xfe", "is not text in UTF-8; a study is a TOML file"),
    ]:
        file = tmp_path / "my.toml"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(BadInput) as caught:
            read_study(file)
        assert said in caught.value.mistakes[0]
    with pytest.raises(BadInput, match="no such file"):
        read_study(tmp_path / "none.toml")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = st.sampled_from(["design", "points", "vary", "first", "step", "most", "until", "baseline", "contrasts",
                        "households", "scenario", "seed", "measures", "title", "a", "b", "line.level"])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["study", "arms", "sweep", "replicates", "compare", "search", "x"]),
        ANYTHING | st.dictionaries(KEYS, ANYTHING | st.dictionaries(KEYS, ANYTHING, max_size=3), max_size=4),
        max_size=5,
    )
)
def test_whatever_a_file_holds_it_is_a_study_or_refused_in_words(tables):
    said = [""]
    try:
        study_of(tables)
    except BadInput as refused:
        said = refused.mistakes
    assert said
    assert "".join(said).isprintable()


# ---- compare ------------------------------------------------------------------------------------------------


def test_scenarios_are_compared_with_the_first():
    found = compare_study(["baseline", "no_support", "campaign"], seed=4, measures=["headcount"])
    assert (found.kind, found.baseline, found.seed, found.measures) == ("compare", "baseline", 4, ("headcount",))
    assert [arm.name for arm in found.arms] == ["baseline", "no_support", "campaign"]
    assert found.pairs() == (("no_support", "baseline"), ("campaign", "baseline"))
    plain = spec_of("campaign", {"measures.use": ["headcount"]})
    assert found.cell("campaign").scenario.luckless_key == plain.luckless_key


def test_files_and_loaded_scenarios_are_compared_alike(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "baseline"\n[process.illness]\nrisk = 0.1', encoding="utf-8")
    by_file = compare_study(["baseline", path])
    loaded = compare_study({"baseline": spec_of("baseline"), "mine": spec_of(path)})
    assert by_file.key == loaded.key
    assert study(by_file.text).key == by_file.key


def test_two_files_of_one_name_are_told_apart_by_their_folders(tmp_path):
    for folder, risk in (("one", 0.1), ("two", 0.2)):
        (tmp_path / folder).mkdir()
        text = f"[process.illness]\nrisk = {risk}"
        (tmp_path / folder / "a.toml").write_text(text, encoding="utf-8")
    found = compare_study([tmp_path / "one" / "a.toml", tmp_path / "two" / "a.toml"])
    assert [arm.name for arm in found.arms] == ["one_a", "two_a"]


def refused(scenarios, **options) -> list[str]:
    with pytest.raises(BadInput) as caught:
        compare_study(scenarios, **options)
    return caught.value.mistakes


def test_what_cannot_be_compared_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('extends = "baseline"\n[scenario]\nseed = 9\nyears = 3', encoding="utf-8")
    assert refused(["baseline"]) == ["needs at least two scenarios; the first is the baseline"]
    assert refused("baseline") == ["needs at least two scenarios; the first is the baseline"]
    assert "say the same" in refused({"a": "baseline", "b": "baseline"})[0]
    assert "two scenarios would be called baseline" in refused(["baseline", "baseline"])[0]
    both = refused(["baseln", "no_suport"])
    assert ['Did you mean "baseline"?' in both[0], 'Did you mean "no_support"?' in both[1]] == [True, True]
    found = refused(["baseline", path])
    assert any("differ in scenario.years (12 and 3)" in mistake for mistake in found)
    assert any("the scenarios have 1 in baseline, 9 in mine" in mistake for mistake in found)
    assert (
        "[replicates] first = 3, most = 2" in refused(["baseline", "campaign"], replicates={"first": 3, "most": 2})[0]
    )


PAGE = (ROOT / "docs" / "experiments.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", [block.split("```")[0] for block in PAGE.split("```toml\n")[1:]])
def test_the_studies_of_the_documentation_are_right(text):
    assert study(text).most_runs > 0
