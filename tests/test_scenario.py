"""Scenarios: what a file means."""

import json
import os
import pickle
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.dated import Series, month_name, month_number
from fupin_sim.errors import BadInput
from fupin_sim.scenario import Entry, Scenario, diff, load
from tests.toy_catalogue import CATALOGUE, Cash, Dibao

VOUCHER = """
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Measure, Policy, Shock

class Voucher(Policy):
    value = Parameter(100, unit="yuan per household-month")
    map = Parameter("", kind="file")
"""


@pytest.fixture
def write(tmp_path):
    """Write a file in the folder of the test."""

    def write(text, name="mine.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


def of(text="", **kwargs) -> Scenario:
    """The scenario of a text."""
    return load(tomllib.loads(textwrap.dedent(text)), CATALOGUE, **kwargs)


def names(entries):
    return [entry.name for entry in entries]


# What a file means


def test_nothing_said_is_all_defaults():
    scenario = of()
    assert (scenario.title, scenario.description, scenario.seed, scenario.years, scenario.months) == (
        "",
        "",
        1,
        10,
        120,
    )
    assert month_name(scenario.start) == "2016-01"
    assert scenario.section("line") == {"rule": "absolute", "level": 4000}
    assert scenario.process("illness") == {"risk": 0.087}
    assert (scenario.policies, scenario.shocks) == ((), ())
    assert names(scenario.measures) == ["gini", "headcount"]


def test_a_file_says_what_differs(write):
    path = write(
        """
        [scenario]
        title = "Teams matched to need"
        start = "2014-03-15"
        years = 3
        [line]
        level = { "2014" = 2800, "2016-06" = 3000.5 }
        [process.illness]
        risk = 0.05
        [[policy]]
        use = "team_assignment"
        match = "need"
        [[policy]]
        use = "cash"
        counties = [0, 2]
        [[shock]]
        use = "drought"
        at = ["2015-06-02"]
        [measures]
        use = ["headcount"]
        [measures.headcount]
        line = "provincial"
        """
    )
    scenario = load(path, CATALOGUE)
    assert (scenario.title, month_name(scenario.start), scenario.months) == ("Teams matched to need", "2014-03", 36)
    assert scenario.section("line")["level"].table() == {"2014-01": 2800.0, "2016-06": 3000.5}
    assert scenario.process("illness")["risk"] == 0.05
    cash, teams = scenario.policies
    assert (cash.name, cash.use, cash.cls, cash.values["counties"]) == ("cash", "cash", Cash, (0, 2))
    assert (teams.values["match"], teams.values["withdraw"]) == ("need", "never")
    assert scenario.shocks[0].values["at"] == ("2015-06",)
    assert scenario.measures[0].values == {"line": "provincial"}
    assert teams.make().match == "need"


def test_any_object_with_the_five_tables_is_a_catalogue():
    tables = {name: getattr(CATALOGUE, name) for name in ("processes", "policies", "shocks", "measures")}
    sections = {name: cls for name, cls in CATALOGUE.sections.items() if name != "scenario"}
    assert load({}, SimpleNamespace(sections=sections, **tables)) == of()


def test_a_file_may_begin_with_the_mark_of_windows_editors(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf[scenario]\r\nyears = 3\r\n")
    assert load(path, CATALOGUE).years == 3


def test_nominal_yuan_become_constant_yuan():
    scenario = of(
        """
        [prices]
        index = { "2010" = 80, "2015" = 90, "2020" = 100 }
        [line]
        level = { nominal = true, "2010" = 2400 }
        """
    )
    assert scenario.get("line.level").table() == pytest.approx(
        {"2010-01": 3000, "2015-01": 2400 / 0.9, "2020-01": 2400}
    )


def test_the_base_of_prices_may_be_another_year_and_the_index_a_single_number():
    prices = '[prices]\nindex = { "2010" = 80, "2020" = 100 }\nbase = 2010\n'
    assert of(prices + '[line]\nlevel = { nominal = true, "2021" = 100 }').get("line.level") == 80
    assert of('[prices]\nindex = 50\n[line]\nlevel = { nominal = true, "2021" = 100 }').get("line.level") == 100


# Layers


def test_layers_merge_key_by_key_and_by_name(write):
    write(
        """
        [scenario]
        title = "base"
        years = 7
        [line]
        rule = "relative"
        level = { "2016" = 1, "2018" = 2 }
        [[policy]]
        use = "dibao"
        level = 0.5
        fund = "province"
        [[policy]]
        use = "cash"
        [measures]
        use = ["gini"]
        """,
        "base.toml",
    )
    write('extends = "base.toml"\n[scenario]\ntitle = "middle"\n[[policy]]\nuse = "cash"\namount = 5', "middle.toml")
    top = write(
        """
        extends = "middle.toml"
        [scenario]
        seed = 9
        [line]
        level = { "2017" = 3 }
        [[policy]]
        name = "dibao"
        level = 0.7
        [[policy]]
        name = "more"
        use = "cash"
        """
    )
    scenario = load(top, CATALOGUE)
    assert (scenario.title, scenario.years, scenario.seed) == ("middle", 7, 9)
    assert dict(scenario.section("line")) == {"rule": "relative", "level": 3}, "a table of dates is one value"
    assert names(scenario.policies) == ["cash", "dibao", "more"]
    assert [scenario.get("policy.dibao." + key) for key in ("level", "fund")] == [0.7, "province"]
    assert [scenario.get(f"policy.{name}.amount") for name in ("cash", "more")] == [5, 0]
    assert names(scenario.measures) == ["gini"]


def test_ready_tables_may_extend_a_file(write):
    folder = write('[[policy]]\nuse = "cash"\namount = 3', "base.toml").parent
    arm = {"extends": "base.toml", "policy": [{"use": "dibao"}, {"name": "cash", "enabled": False}]}
    assert names(load(arm, CATALOGUE, folder=folder).policies) == ["dibao"]


def test_a_layer_takes_an_entry_out_and_another_brings_it_back(write):
    write('[[policy]]\nuse = "cash"\namount = 5', "base.toml")
    write('extends = "base.toml"\n[[policy]]\nname = "cash"\nenabled = false', "without.toml")
    again = write('extends = "without.toml"\n[[policy]]\nname = "cash"\nenabled = true')
    assert load(write('extends = "without.toml"', "same.toml"), CATALOGUE).policies == ()
    assert load(again, CATALOGUE).get("policy.cash.amount") == 5
    assert load(again, CATALOGUE, sets=["policy.cash.enabled=false"]).policies == ()


def test_what_is_taken_out_need_not_be_right():
    assert of('[[policy]]\nuse = "no_such"\nenabled = false\nx = 3').policies == ()


def test_something_else_under_an_old_name_begins_afresh(write):
    write('[[policy]]\nname = "aid"\nuse = "cash"\namount = 5\nfund = "village"', "base.toml")
    scenario = load(write('extends = "base.toml"\n[[policy]]\nname = "aid"\nuse = "dibao"'), CATALOGUE)
    assert scenario.policies[0].cls is Dibao
    assert scenario.get("policy.aid.fund") == "county"


def test_a_file_of_the_same_name_in_another_folder_is_another_plugin(write):
    write(VOUCHER, "lower/voucher.py")
    write('[[policy]]\nuse = "voucher.py"\nvalue = 7', "lower/base.toml")
    write(VOUCHER.replace("100", "200"), "upper/voucher.py")
    top = write('extends = "../lower/base.toml"\n[[policy]]\nuse = "voucher.py"', "upper/top.toml")
    assert load(top, CATALOGUE).get("policy.voucher.value") == 200
    same = write('extends = "../lower/base.toml"\n[[policy]]\nname = "voucher"\nmap = "top.toml"', "upper/same.toml")
    assert load(same, CATALOGUE).get("policy.voucher.value") == 7
    assert load(same, CATALOGUE).get("policy.voucher.map") == str(top), "data lie beside the file that names them"


# Reforms


def test_a_reform_changes_nothing_before_its_first_date():
    base = '[[policy]]\nuse = "dibao"\nlevel = { "2014" = 0.5, "2016" = 0.6, "2020" = 0.7 }\n'
    reformed = of(base + '[reform]\n"policy.dibao.level" = { "2018-01" = 0.8, "2019-01" = 0.9 }').get(
        "policy.dibao.level"
    )
    assert reformed.table() == {"2014-01": 0.5, "2016-01": 0.6, "2018-01": 0.8, "2019-01": 0.9}
    plain = of('[[policy]]\nuse = "dibao"\n[reform]\n"policy.dibao.level" = { "2018-01" = 0.8 }').get(
        "policy.dibao.level"
    )
    assert (plain.at(month_number("1990-01")), plain.at(month_number("2018-01"))) == (0.65, 0.8)
    early = of(base + '[reform]\n"policy.dibao.level" = { "2010-01" = 0.8 }').get("policy.dibao.level")
    assert early.table() == {"2009-12": 0.5, "2010-01": 0.8}


def test_a_reform_without_dates_is_a_value_for_all_time():
    assert of('[reform]\n"process.illness.risk" = 0.02\n"line.rule" = "indexed"').process("illness")["risk"] == 0.02
    assert of('[reform]\n"measures.use" = ["gini"]').measures[0].name == "gini"


def test_a_reform_of_a_reform_keeps_what_came_between(write):
    write('[[policy]]\nuse = "dibao"\n[reform]\n"policy.dibao.level" = { "2018" = 0.8 }', "base.toml")
    top = write('extends = "base.toml"\n[reform]\n"policy.dibao.level" = { "2020" = 1.0 }')
    assert list(load(top, CATALOGUE).get("policy.dibao.level").values) == [0.65, 0.8, 1.0]


# Setting paths


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("line.rule=indexed", "line.rule", "indexed"),
        ('line.rule="indexed"', "line.rule", "indexed"),
        (" line.level = 3000 ", "line.level", 3000.0),
        ("process.illness.risk=.05", "process.illness.risk", 0.05),
        ("process.illness.risk=1.", "process.illness.risk", 1.0),
        ("scenario.start=2017", "scenario.start", "2017-01"),
        ("scenario.start=2017-05", "scenario.start", "2017-05"),
        ("scenario.start=2017-05-03", "scenario.start", "2017-05"),
        ("scenario.title=2017", "scenario.title", "2017"),
        ("scenario.title=true", "scenario.title", "true"),
        ("scenario.title=a = b", "scenario.title", "a = b"),
        ("scenario.title=3\nx = 4", "scenario.title", "3\nx = 4"),
        ("scenario.title=", "scenario.title", ""),
        ("policy.cash.budget=none", "policy.cash.budget", None),
        ("policy.cash.counties=[1, 2]", "policy.cash.counties", (1, 2)),
        ("measures.headcount.line=provincial", "measures.headcount.line", "provincial"),
    ],
)
def test_what_is_set_is_read_as_toml_or_as_bare_words(text, path, value):
    assert of('[[policy]]\nuse = "cash"', sets=[text]).get(path) == value


def test_a_dated_value_may_be_set():
    level = of(sets=['line.level={ "2016" = 1, "2018" = 2 }']).get("line.level")
    assert level == of(sets={"line.level": Series.of({"2016": 1, "2018": 2})}).get("line.level")
    assert level.values == (1.0, 2.0)


def test_later_settings_win_and_with_goes_on_top():
    scenario = of(sets=["scenario.years=3", "scenario.years=4"])
    assert scenario.years == 4
    assert scenario.with_(["scenario.years=5"]).with_({"scenario.seed": 7}).canonical()["scenario"] == {
        "start": "2016-01",
        "years": 5,
        "seed": 7,
    }
    assert scenario.years == 4
    assert of(sets="scenario.years=3").years == 3


def test_with_new_prices_nominal_yuan_are_deflated_again():
    scenario = of('[prices]\nindex = { "2016" = 80, "2020" = 100 }\n[line]\nlevel = { nominal = true, "2016" = 80 }')
    assert scenario.get("line.level").values == (100.0, 80.0)
    assert scenario.with_({"prices.index": {"2016": 50, "2020": 100}}).get("line.level").values == (160.0, 80.0)


# Keys


def test_equal_meaning_is_an_equal_key():
    one = of(
        """
        [scenario]
        title = "one"
        start = "2016"
        [line]
        level = 4000
        [[policy]]
        use = "dibao"
        level = { "2016" = 0.5, "2017" = 0.5 }
        [[policy]]
        use = "cash"
        [measures]
        use = ["headcount", "gini"]
        """
    )
    other = of(
        """
        [measures]
        use = ["gini", "headcount"]
        [[policy]]
        use = "cash"
        amount = 0.0
        [[policy]]
        use = "dibao"
        level = 0.5
        [scenario]
        description = "other"
        years = 10
        """
    )
    assert one.key == other.key
    assert one == other
    assert len({one, other}) == 1
    assert one != other.with_(["line.level=4001"])
    assert one != "one"
    assert len(one.key) == 32


def test_the_key_does_not_change_by_accident():
    # Runs are stored under keys; if this fails on purpose, stored runs are no longer found.
    assert of('[[policy]]\nuse = "cash"').key == "cf843234d55468dd3356d0cd65a4983a"


@given(st.permutations(["cash", "dibao", "team_assignment"]), st.booleans())
def test_the_order_of_policies_means_nothing_and_their_names_do(order, renamed):
    tables = [{"use": use, **({"name": f"my_{use}"} if renamed and use == "cash" else {})} for use in order]
    reference = load({"policy": [{"use": "team_assignment"}, {"use": "cash"}, {"use": "dibao"}]}, CATALOGUE)
    assert (load({"policy": tables}, CATALOGUE).key == reference.key) is not renamed


SETS = st.fixed_dictionaries(
    {},
    optional={
        "scenario.years": st.integers(1, 100),
        "scenario.title": st.text(),
        "scenario.start": st.sampled_from(["2016", "2016-02", "1999-12-31"]),
        "line.level": st.one_of(
            st.floats(0, 1e9), st.dictionaries(st.integers(1990, 2030).map(str), st.floats(0, 1e9), min_size=1)
        ).map(lambda v: dict(sorted(v.items())) if isinstance(v, dict) else v),
        "line.rule": st.sampled_from(["absolute", "relative"]),
        "population.shares": st.lists(st.floats(0, 1)),
        "population.columns": st.one_of(st.just("none"), st.dictionaries(st.text(), st.text())),
        "process.illness.risk": st.floats(0, 1),
        "policy.cash.budget": st.one_of(st.just("none"), st.floats(0, 1e300)),
        "policy.cash.counties": st.lists(st.integers(0, 2**63 - 1)),
        "policy.cash.fund": st.text(),
    },
)


@given(SETS, SETS)
def test_a_resolved_scenario_loads_to_the_same_key_and_differs_where_it_should(sets, others):
    base = load({"policy": [{"use": "cash"}]}, CATALOGUE, sets=sets)
    again = load(tomllib.loads(base.to_toml()), CATALOGUE)
    assert again.key == base.key
    assert again.title == base.title
    assert diff(base, again) == []
    assert pickle.loads(pickle.dumps(base)).canonical() == base.canonical()
    other = load({"policy": [{"use": "cash"}]}, CATALOGUE, sets=others)
    different = [row for row in diff(base, other) if row[0] not in ("scenario.title", "scenario.description")]
    assert (base.key == other.key) == (different == [])
    assert diff(other, base) == [(path, right, left) for path, left, right in diff(base, other)]


def test_a_resolved_scenario_reads_like_a_file():
    text = of('[scenario]\ntitle = "扶贫"\n[[policy]]\nname = "aid"\nuse = "cash"\namount = 3').to_toml()
    assert '[scenario]\ntitle = "扶贫"\n' in text
    assert '[[policy]]\nname = "aid"\nuse = "cash"\nstart = ""\nfund = "county"\nbudget = "none"' in text
    assert "amount = 3.0  # yuan per person-month\n" in text
    assert text.endswith('[measures]\nuse = ["gini", "headcount"]\n\n[measures.headcount]\nline = "national"\n')


# Plugins and data


def test_a_plugin_and_its_data_are_part_of_the_key_wherever_they_lie(write, tmp_path):
    text = (
        '[population]\nmicrodata = "homes.csv"\n[[policy]]\nuse = "voucher.py"\nvalue = 7\n[[shock]]\nuse = "drought"\n'
    )
    text += 'maps = ["a.map", "b.map"]\n'
    for folder in ("one", "other"):
        write(VOUCHER, f"{folder}/voucher.py")
        for name in ("homes.csv", "a.map", "b.map"):
            write(name, f"{folder}/{name}")
    one, other = (load(write(text, f"{folder}/mine.toml"), CATALOGUE) for folder in ("one", "other"))
    assert one.key == other.key
    assert set(one.files) == {str(tmp_path / "one" / name) for name in ("voucher.py", "homes.csv", "a.map", "b.map")}
    assert one.get("population.microdata") == str(tmp_path / "one" / "homes.csv")
    assert one.policies[0].digest == one.files[str(tmp_path / "one" / "voucher.py")]
    write("changed", "other/b.map")
    changed = other.with_([])
    assert changed.key != one.key
    assert [path for path, _, _ in diff(one, changed)] == ["shock.drought.maps"]
    write(VOUCHER + "# changed", "other/voucher.py")
    assert ("policy.voucher.use", "voucher.py:Voucher", "voucher.py:Voucher") in diff(one, other.with_([]))


@pytest.mark.parametrize("relative", [True, False])
def test_a_resolved_scenario_finds_its_plugins_and_data(write, tmp_path, relative):
    write(VOUCHER, "here/voucher.py")
    write("a", "here/homes.csv")
    write("class Mean(__import__('fupin_sim.plugins').plugins.Measure):\n    '''Mean.'''\n", "here/mean.py")
    text = (
        '[population]\nmicrodata = "homes.csv"\n[[policy]]\nuse = "./voucher.py:Voucher"\n[[shock]]\nuse = "drought"\n'
    )
    scenario = load(write(text + '[measures]\nuse = ["mean.py", "gini"]', "here/mine.toml"), CATALOGUE)
    assert names(scenario.measures) == ["gini", "mean"]
    assert names(scenario.policies) == ["Voucher"]
    folder = tmp_path / "results" if relative else None
    path = write(scenario.to_toml(folder), "results/resolved.toml")
    assert ("../here/homes.csv" in path.read_text()) is relative
    assert load(path, CATALOGUE) == scenario


def test_on_another_drive_files_are_named_in_full(monkeypatch, write):
    def other_drive(*_):
        raise ValueError

    write(VOUCHER, "voucher.py")
    scenario = load(write('[[policy]]\nuse = "voucher.py"'), CATALOGUE)
    monkeypatch.setattr(os.path, "relpath", other_drive)
    assert scenario.to_toml("D:\\results") == scenario.to_toml()


def test_a_scenario_travels_to_another_process_with_the_code_of_its_plugins(write, tmp_path):
    write(VOUCHER, "voucher.py")
    scenario = load(write('[[policy]]\nuse = "voucher.py"\nvalue = { }'.replace("{ }", "7")), CATALOGUE)
    (tmp_path / "packed").write_bytes(pickle.dumps(scenario))
    write("raise SystemExit('edited meanwhile')", "voucher.py")
    code = """
        import pickle, sys
        scenario = pickle.load(open(sys.argv[1], "rb"))
        without = scenario.with_(["policy.voucher.enabled=false"])
        print(scenario.key, scenario.policies[0].make().value, without.policies)
    """
    command = [sys.executable, "-c", textwrap.dedent(code), str(tmp_path / "packed")]
    root = Path(__file__).parents[1]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.split() == [scenario.key, "7.0", "()"]


def test_an_entry_travels_too():
    entry = pickle.loads(pickle.dumps(of('[[policy]]\nuse = "cash"').policies[0]))
    assert isinstance(entry, Entry)
    assert (entry.name, entry.cls, entry.values["fund"]) == ("cash", Cash, "county")


# Looking


def test_a_scenario_cannot_be_changed():
    scenario = of('[[policy]]\nuse = "cash"\n[population]\ncolumns = { a = "b" }')
    for table in (scenario.sections, scenario.section("line"), scenario.get("population.columns"), scenario.files):
        with pytest.raises(TypeError):
            table["level"] = 3
    with pytest.raises(TypeError):
        scenario.policies[0].values["amount"] = 3
    with pytest.raises(AttributeError):
        scenario.sections = {}


def test_tables_given_may_change_afterwards(tmp_path):
    tables = {"line": {"level": {"2016": 1, "2017": 2}}, "population": {"microdata": tmp_path / "homes.csv"}}
    (tmp_path / "homes.csv").touch()
    scenario = load(tables, CATALOGUE)
    tables["line"]["level"]["2016"] = 99
    assert scenario.with_([]).get("line.level").values == (1.0, 2.0)
    assert scenario.get("population.microdata") == str(tmp_path / "homes.csv")


def test_every_path_has_a_value_and_a_declaration():
    scenario = of('[[policy]]\nname = "aid"\nuse = "cash"')
    assert list(scenario.values()) == list(scenario.parameters())
    assert scenario.parameters()["policy.aid.amount"] is Cash.amount
    assert scenario.parameters()["scenario.years"].limits == (1, 100)
    with pytest.raises(BadInput, match=r"policy\.aid\.amuont: no such parameter\. Did you mean policy\.aid\.amount\?"):
        scenario.get("policy.aid.amuont")


def test_a_difference_is_named_by_its_path():
    one = of('[[policy]]\nuse = "cash"\namount = 3')
    other = of(
        """
        [scenario]
        title = "b"
        [[policy]]
        use = "cash"
        amount = { "2016" = 3, "2018" = 4 }
        [[shock]]
        use = "drought"
        """
    )
    assert diff(one, other) == [
        ("scenario.title", "", "b"),
        ("policy.cash.amount", 3.0, Series.of({"2016": 3.0, "2018": 4.0})),
        ("shock.drought", None, "drought"),
    ]
    swapped = of('[[policy]]\nname = "cash"\nuse = "dibao"')
    assert diff(one, swapped) == [
        ("policy.cash.use", "cash", "dibao"),
        ("policy.cash.amount", 3.0, None),
        ("policy.cash.counties", (), None),
        ("policy.cash.level", None, 0.65),
    ]


def test_the_canonical_form_is_json_with_every_default():
    tree = of('[[policy]]\nuse = "cash"').canonical()
    assert json.loads(json.dumps(tree)) == tree
    assert tree["policy"] == {
        "cash": {"start": "", "fund": "county", "budget": None, "amount": 0.0, "counties": [], "use": "cash"}
    }
    assert tree["scenario"] == {"start": "2016-01", "years": 10, "seed": 1}
