"""What a scenario says about mistakes: all at once, each in one line with what is allowed."""

import textwrap
import tomllib

import pytest

from fupin_sim.errors import BadInput
from fupin_sim.scenario import load
from tests.toy_catalogue import CATALOGUE

TEAMS = "start, fund, budget, match, withdraw, stay_months"


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file in the folder of the test, which is where we are."""
    monkeypatch.chdir(tmp_path)

    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return name

    return write


def refusal(file, **kwargs) -> str:
    with pytest.raises(BadInput) as caught:
        load(file, CATALOGUE, **kwargs)
    return str(caught.value)


def mistakes(text, **kwargs) -> list[str]:
    """The mistakes of a text."""
    with pytest.raises(BadInput) as caught:
        load(tomllib.loads(textwrap.dedent(text)), CATALOGUE, **kwargs)
    return caught.value.mistakes


def test_all_mistakes_of_a_file_come_in_one_message(write):
    write(
        """
        [[policy]]
        use = "team_assignment"
        wihdraw = "when_stable"
        match = "needs"
        [[policy]]
        use = "dibao"
        [reform]
        "policy.dibao.levle" = 0.8
        """,
        "my_teams.toml",
    )
    assert refusal("my_teams.toml") == (
        "my_teams.toml\n"
        f'  [[policy]] team_assignment: no option called "wihdraw". Did you mean "withdraw"?  Options: {TEAMS}\n'
        '  [[policy]] team_assignment.match = "needs": allowed are none, random, seniority, poorest_first, need.'
        ' Did you mean "need"?\n'
        "  [reform] policy.dibao.levle: no such parameter. Did you mean policy.dibao.level?\n"
        "3 mistakes; nothing was run."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # sections
        (
            "polcy = 3",
            'polcy: no such section. Did you mean "policy"?  Sections: scenario, population, line, prices, '
            "process, policy, shock, measures, reform, extends",
        ),
        ("years = 3", "years = 3: stands under no table; write it under [scenario]"),
        ("line = 3", "[line] = 3: must be a table, written [line] on a line of its own"),
        ("[[line]]", "[line] = [{}]: must be a table, written [line] on a line of its own"),
        ("[line]\nlevels = 3", '[line]: no option called "levels". Did you mean "level"?  Options: rule, level'),
        ("[line]\nlevel = -3", "[line] level = -3: must be at least 0 (yuan per person-year)"),
        ("[line]\nlevel = true", "[line] level = true: must be a number"),
        ("[line]\nrule = 3", "[line] rule = 3: must be text in quotes"),
        ("[scenario]\nyears = 2.5", "[scenario] years = 2.5: must be a whole number"),
        ("[scenario]\nyears = 101", "[scenario] years = 101: must lie between 1 and 100 (years)"),
        ("[scenario]\nseed = -1", "[scenario] seed = -1: must be at least 0"),
        (
            "[scenario]\nstart = 2016-01-01",
            '[scenario] start = 2016-01-01: must be a date in quotes, such as "2016-01"',
        ),
        ('[scenario]\nstart = "2016-13"', '[scenario] start = "2016-13": must be a date in quotes, such as "2016-01"'),
        ("[scenario]\nseed = nan", "[scenario] seed = nan: must be a whole number, and a finite one"),
        ("[population]\nshares = [0.5, 2]", "[population] shares[1] = 2: must lie between 0 and 1 (share)"),
        # dates
        (
            '[line]\nlevel = { "2018" = 1, "2016" = 2 }',
            '[line] level: dates out of order, "2018" stands before "2016"; write the earlier first',
        ),
        (
            '[line]\nlevel = { "2016" = 1, "2016-01" = 2 }',
            '[line] level: two values for 2016-01 ("2016" and "2016-01")',
        ),
        ('[line]\nlevel = { "2016" = -1 }', '[line] level."2016" = -1: must be at least 0 (yuan per person-year)'),
        (
            '[line]\nlevel = { nominal = true, "2016" = 1 }',
            "[line] level.nominal = true: needs a price index; give [prices] index, or constant yuan without nominal",
        ),
        (
            '[prices]\nindex = "none"\n[line]\nlevel = { nominal = true, "2016" = 1 }',
            "[line] level.nominal = true: needs a price index; give [prices] index, or constant yuan without nominal",
        ),
        ("[prices]\nindex = { }", "[prices] index = {}: a table of dates needs at least one date"),
        ("[prices]\nindex = 0", "[prices]: a price index must be above 0"),
        (
            '[prices]\nindex = "a"\n[line]\nlevel = { nominal = true, "2016" = 1 }',
            '[prices] index = "a": must be a number, or "none"',
        ),
        (
            "[prices]\nindex = 100\nbase = 20",
            '[prices]: \'20\' is not a date; write "2016-01" (or "2016", "2016-01-15")',
        ),
        # processes
        ("process = 3", "[process] = 3: must hold tables, written [process.NAME]"),
        (
            "[process.ilness]\nrisk = 1",
            '[process] ilness: no such process. Did you mean "illness"?  Processes: illness',
        ),
        (
            "[process]\nillness = 3",
            "[process.illness] = 3: must be a table, written [process.illness] on a line of its own",
        ),
        ("[process.illness]\nrisk = 2", "[process.illness] risk = 2: must lie between 0 and 1 (per household-month)"),
        ("[process.illness]\nchance = 2", '[process.illness]: the option "chance" was renamed "risk" in 0.3'),
        # entries
        ("policy = 3", "policy = 3: must be tables, each written [[policy]]"),
        ('[policy]\nuse = "cash"', "[policy]: must be written [[policy]], once for each policy"),
        ("policy = [3]", '[[policy]] number 1 = 3: must be a table with use = "…"'),
        ("[[policy]]\nlevel = 3", '[[policy]] number 1: needs use = "…", or the name of an entry it changes'),
        ("[[shock]]\nuse = 3", "[[shock]] number 1: use = 3: must be the name of a shock or of a file, in quotes"),
        ('[[shock]]\nuse = ""', '[[shock]] number 1: use = "": must be the name of a shock or of a file, in quotes'),
        (
            '[[shock]]\nuse = "drought"\nname = "a.b"',
            '[[shock]] number 1: name = "a.b": must be letters, digits, _ and -',
        ),
        ('[[shock]]\nuse = "drought"\nname = 3', "[[shock]] number 1: name = 3: must be letters, digits, _ and -"),
        ('[[policy]]\nuse = "my plan.py"', '[[policy]] number 1: needs name = "…", since the file\'s does not serve'),
        (
            '[[policy]]\nuse = "dibo"',
            '[[policy]] dibo: no policy "dibo". Did you mean "dibao"?  Policies: '
            'team_assignment, dibao, cash; or a file beside the scenario, such as "mine.py"',
        ),
        (
            '[[policy]]\nuse = "cash"\n[[policy]]\nname = "csh"\namount = 3',
            '[[policy]] csh: has no use = "…", and there is no entry of that name to change. Did you mean "cash"?  '
            "Policies so far: cash",
        ),
        (
            '[[policy]]\nuse = "cash"\n[[policy]]\nuse = "cash"',
            '[[policy]] cash: two entries of that name; give each its own with name = "…"',
        ),
        ('[[policy]]\nuse = "cash"\nenabled = 3', "[[policy]] cash.enabled = 3: must be true or false"),
        ('[[policy]]\nuse = "cash"\nname = "aid"\namount = "x"', '[[policy]] aid.amount = "x": must be a number'),
        ('[[policy]]\nuse = "cash"\nbudget = "x"', '[[policy]] cash.budget = "x": must be a number, or "none"'),
        (
            '[[policy]]\nuse = "dibao"\nthreshold = 1',
            '[[policy]] dibao: the option "threshold" was renamed "level" in 0.3',
        ),
        # measures
        ("measures = 3", "[measures] = 3: must be a table, written [measures]"),
        ("[measures]\nuse = 3", "[measures] use = 3: must be a list of texts in quotes, not empty"),
        ("[measures]\nuse = []", "[measures] use = []: must be a list of texts in quotes, not empty"),
        ("[measures]\nuse = [1]", "[measures] use = [1]: must be a list of texts in quotes, not empty"),
        ("[measures]\nuses = 3", '[measures] uses = 3: no option called "uses".  Options: use'),
        ('[measures]\nuse = ["gini", "gini"]', '[measures] use: "gini" stands there twice'),
        (
            '[measures]\nuse = ["ginni"]',
            '[measures] use: no measure "ginni". Did you mean "gini"?  Measures: headcount, '
            'gini; or a file beside the scenario, such as "mine.py"',
        ),
        (
            "[measures.ginni]\nx = 3",
            '[measures.ginni]: no such measure. Did you mean "gini"?  Measures: headcount, gini',
        ),
        (
            '[measures]\nuse = ["gini"]\n[measures.headcount]\nline = "x"',
            '[measures.headcount] line = "x": allowed are national, provincial.',
        ),
        # reforms
        ("reform = 3", '[reform] = 3: must be a table of paths, such as "policy.dibao.level" = 0.8'),
        (
            "[reform]\npolicy.dibao.level = 0.8",
            '[reform] policy: write the whole path in quotes, such as "policy.dibao.level" = 0.8',
        ),
        (
            '[reform]\n"policy.dibao.level" = 1',
            '[reform] policy.dibao.level: no policy called "dibao".  Policies here: none',
        ),
        ('[reform]\n"line.level" = -1', "[reform] line.level = -1: must be at least 0 (yuan per person-year)"),
        ('[reform]\n"process.illness.chance" = 1', '[reform] process.illness.chance: was renamed "risk" in 0.3'),
        (
            "[reform]\nlevel = 1",
            '[reform] level: no section "level". Did you mean line.level?  A path begins with scenario, '
            "population, line, prices, measures, process, policy, shock",
        ),
    ],
)
def test_a_mistake_is_said_with_what_is_allowed(text, said):
    assert mistakes(text) == [said]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("years", "--set years: must be path=value, such as scenario.years=5"),
        ("=3", "--set =3: must be path=value, such as scenario.years=5"),
        ("scenario.yeers=3", "--set scenario.yeers: no such parameter. Did you mean scenario.years?"),
        ("scenario.years=ten", '--set scenario.years = "ten": must be a whole number'),
        ("scenario.years=[1", "--set scenario.years=[1: is not a TOML value: Unclosed array (at end of document)"),
        ("scenario.years=" + "[" * 5000, "nested too deeply"),
        (
            "policy.cash.use=3",
            "--set policy.cash.use: no such parameter; there are start, fund, budget, amount, counties, ",
        ),
        ("policy.dibao.level=3", '--set policy.dibao.level: no policy called "dibao".  Policies here: cash'),
        ("scenario=3", "--set scenario: a path here is scenario.PARAMETER"),
        ("measures.use=gini", '--set measures.use = "gini": must be a list of texts in quotes, not empty'),
    ],
)
def test_a_wrong_setting_is_said_with_what_is_allowed(text, said):
    (mistake,) = mistakes('[[policy]]\nuse = "cash"', sets=[text])
    assert said in mistake


def test_settings_by_path_and_ready_tables_are_checked_too():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert mistakes("", sets={"scenario.yeers": 3}) == [
        "scenario.yeers: no such parameter. Did you mean scenario.years?"
    ]
    assert mistakes("", sets={"scenario.years": {1: 2}}) == ["scenario.years: the key 1 must be text"]
    assert mistakes("", sets={"scenario.years": deep}) == ["scenario.years: nested too deeply"]
    assert refusal({"line": {3: 4}}) == "the scenario given\n  the key 3 must be text\n1 mistake; nothing was run."
    assert "nested too deeply" in refusal({"line": deep})


def test_wrong_settings_and_a_wrong_file_are_said_together():
    said = mistakes("[line]\nlevel = -1", sets=["years", "scenario.years=0", "line.rule=x"])
    assert sorted(mistake.split(":")[0] for mistake in said) == [
        '--set line.rule = "x"',
        "--set scenario.years = 0",
        "--set years",
        "[line] level = -1",
    ]


# Files


def test_a_file_that_is_not_there_is_answered_with_the_nearest(write):
    write("[line]", "baseline.toml")
    assert refusal("basline.toml") == (
        'basline.toml\n  no such file. Did you mean "baseline.toml"?\n1 mistake; nothing was run.'
    )


def test_a_file_that_is_no_scenario_is_refused(write, tmp_path):
    (tmp_path / "folder.toml").mkdir()
    (tmp_path / "binary.toml").write_bytes(b"\x89PNG\xff\xfe")
    assert "  is a folder, not a file\n" in refusal("folder.toml")
    assert "  is no name of a file\n" in refusal("a\0.toml")
    assert "  is not text in UTF-8; a scenario is a TOML file\n" in refusal("binary.toml")
    assert "  is not TOML: Invalid value (at line 3, column 9)\n" in refusal(write("[line]\n\nlevel = x"))
    assert "(at line 2, column 9). Write 0.8, not .8\n" in refusal(write("[line]\nlevel = .8"))
    assert "  nested too deeply\n" in refusal(write("a = " + "[" * 50_000))
    assert "  is not TOML: " in refusal(write("a = " + "1" * 5_000))
    assert "  is not TOML: " in refusal(write("[line]\nlevel = 1\nlevel = 2"))
    for empty in ("", "# nothing\n\n"):
        assert "  holds nothing; a scenario says at least one thing, such as [scenario] years = 10\n" in refusal(
            write(empty)
        )


@pytest.mark.parametrize("parent", ["3", '""', '["base.toml"]', '"\\u0000"'])
def test_what_is_extended_is_named_in_quotes(write, parent):
    assert ": must be the name of a scenario file, in quotes" in refusal(write(f"extends = {parent}"))


def test_what_is_extended_must_be_there(write):
    write("[line]", "baseline.toml")
    assert refusal(write('extends = "basline.toml"')) == (
        "mine.toml\n"
        '  extends = "basline.toml": no such file. Did you mean "baseline.toml"?\n'
        "1 mistake; nothing was run."
    )
    write('extends = "elsewhere.toml"', "middle.toml")
    assert refusal(write('extends = "middle.toml"')) == (
        "mine.toml\n"
        '  middle.toml: extends = "elsewhere.toml": no such file (mine.toml -> middle.toml -> elsewhere.toml)\n'
        "1 mistake; nothing was run."
    )
    write("x", "broken.toml")
    assert 'extends = "broken.toml": is not TOML: ' in refusal(write('extends = "broken.toml"'))
    assert 'extends = "gone.toml": no such file' in refusal({"extends": "gone.toml"})


def test_extending_in_a_circle_is_shown(write):
    write('extends = "c.toml"', "b.toml")
    write('extends = "a.toml"', "c.toml")
    assert refusal(write('extends = "b.toml"', "a.toml")) == (
        "a.toml\n  c.toml: extends goes round in a circle: a.toml -> b.toml -> c.toml -> a.toml\n"
        "1 mistake; nothing was run."
    )
    assert "circle: mine.toml -> mine.toml" in refusal(write('extends = "./mine.toml"'))
    assert "circle: the scenario given -> b.toml -> c.toml -> a.toml -> b.toml" in refusal({"extends": "b.toml"})


def test_a_mistake_in_what_is_extended_names_its_file(write):
    write('[line]\nlevel = -1\nx = 2\n[[policy]]\nuse = "dibo"\n[reform]\n"line.y" = 3', "base.toml")
    assert refusal(write('extends = "base.toml"\n[line]\nrule = "x"')).splitlines()[1:-1] == [
        '  base.toml: [line]: no option called "x".  Options: rule, level',
        '  [line] rule = "x": allowed are absolute, relative, indexed.',
        "  base.toml: [line] level = -1: must be at least 0 (yuan per person-year)",
        '  base.toml: [[policy]] dibo: no policy "dibo". Did you mean "dibao"?  Policies: team_assignment, dibao, '
        'cash; or a file beside the scenario, such as "mine.py"',
        "  base.toml: [reform] line.y: no such parameter; there are rule, level",
    ]


def test_a_mistake_that_is_overridden_is_no_mistake(write):
    write("[line]\nlevel = -1", "base.toml")
    assert load(write('extends = "base.toml"\n[line]\nlevel = 3'), CATALOGUE).get("line.level") == 3


def test_what_a_reform_changes_must_be_right_too():
    assert mistakes('[line]\nlevel = -1\n[reform]\n"line.level" = { "2018" = 3 }') == [
        "[line] level = -1: must be at least 0 (yuan per person-year)"
    ]


def test_data_that_are_not_there_are_answered_with_the_nearest(write):
    write("", "homes.csv")
    assert refusal(write('[population]\nmicrodata = "home.csv"')) == (
        'mine.toml\n  [population] microdata = "home.csv": no such file. Did you mean "homes.csv"?\n'
        "1 mistake; nothing was run."
    )
    maps = '[[shock]]\nuse = "drought"\nmaps = ["homes.csv", "folder"]'
    (write("", "folder/x"), write(maps))
    assert '[[shock]] drought.maps = "folder": is a folder, not a file' in refusal("mine.toml")


def test_a_plugin_that_does_not_serve_is_refused_beside_other_mistakes(write):
    write("\nx = 1 / 0\n", "broken.py")
    write("from fupin_sim.plugins import Policy\nclass A(Policy): pass\nclass B(Policy): pass\n", "two.py")
    write("", "none.py")
    text = "".join(f'[[policy]]\nuse = "{use}"\nvalue = 3\n' for use in ("broken.py", "two.py", "none.py", "gone.py"))
    assert refusal(write(text + '[line]\nlevel = -1\n[reform]\n"policy.broken.value" = 3')) == (
        "mine.toml\n"
        "  [line] level = -1: must be at least 0 (yuan per person-year)\n"
        '  [[policy]] broken: use = "broken.py": does not load: ZeroDivisionError: division by zero (line 2)\n'
        '  [[policy]] gone: use = "gone.py": no such file. Did you mean "none.py"?\n'
        '  [[policy]] none: use = "none.py": has no class derived from Policy; begin one with: class Mine(Policy):\n'
        '  [[policy]] two: use = "two.py": has several: A, B; say which one: use = "two.py:A"\n'
        "5 mistakes; nothing was run."
    )


def test_a_wrong_option_of_a_plugin_is_answered_with_the_nearest(write):
    write(
        """
        from fupin_sim.parameter import Parameter
        from fupin_sim.plugins import Measure, Policy

        class Voucher(Policy):
            value = Parameter(100, unit="yuan per household-month")

        class Mean(Measure):
            share = Parameter(0.5, limits=(0, 1))
        """,
        "voucher.py",
    )
    text = '[[policy]]\nuse = "voucher.py"\nvalu = 3\n[reform]\n"policy.voucher.vale" = 3\n'
    text += '[measures]\nuse = ["voucher.py"]\n[measures.voucher]\nshare = 3'
    assert refusal(write(text), sets=["measures.voucher.shar=3"]).splitlines()[1:-1] == [
        '  [[policy]] voucher: no option called "valu". Did you mean "value"?  Options: value',
        "  [reform] policy.voucher.vale: no such parameter. Did you mean policy.voucher.value?",
        "  --set measures.voucher.shar: no such parameter. Did you mean measures.voucher.share?",
        "  [measures.voucher] share = 3: must lie between 0 and 1",
    ]


def test_a_message_is_fit_for_a_terminal():
    (mistake,) = mistakes('"a\\n\\u001b[31m' + "x" * 5000 + '" = 3')
    assert mistake.isprintable()
    assert len(mistake) <= 500
