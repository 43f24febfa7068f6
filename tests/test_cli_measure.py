"""`fupin-sim measure`: any table, whatever its kind; all mistakes at once; the same numbers as the library."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from fupin_sim.files import read_parquet, write_csv, write_parquet
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.sen import sen
from fupin_sim.measuring import Columns, Measured, Table, measure, read_table
from fupin_sim.measuring.cross_section import BOOTSTRAP, NONE, Errors
from tests.command_line import CommandLine
from tests.measuring import VECTOR

REFERENCE = Path(__file__).parent / "reference"


@pytest.fixture
def fupin(capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    write_csv(tmp_path / "vector.csv", pd.DataFrame({"y": VECTOR, "half": ["a"] * 5 + ["b"] * 5}))
    return tmp_path


def text(name: str, content: str) -> None:
    Path(name).write_text(content, encoding="utf-8")


def value(found: Measured, name: str, group: str = "", date: str = "") -> float:
    (one,) = [e for d, g, e in found.rows if (d, g, e.measure) == (date, group, name)]
    return one.value


def printed(out: str, name: str) -> list[str]:
    return next(line.split() for line in out.splitlines() if line.split()[:1] == [name])


# ---- what is printed and kept


def test_the_test_vector_is_printed_as_it_is_known(fupin):
    said = fupin("measure", "vector.csv", "--income", "y", "--line", "5.5", "--se", "none")
    assert said.code == 0
    assert "10 rows; 10 persons by rows; line 5.5" in said.out
    for name, expected in (
        ("headcount", "0.5000"), ("poverty_gap", "0.2273"), ("squared_gap", "0.1364"), ("watts", "0.3736"),
        ("sen", "0.3000"), ("sen_shorrocks_thon", "0.3773"), ("gini", "0.4151"), ("palma", "2.0000"),
    ):  # fmt: skip
        assert printed(said.out, name)[1:] == [expected, "–"]


def test_groups_add_up_and_are_those_of_the_library(fupin):
    said = fupin("measure", "vector.csv", "--income", "y", "--line", "5.5", "--by", "half")
    assert printed(said.out, "a")[1:5] == ["50.0", "100.0", "1.0000", "0.4545"]
    assert printed(said.out, "b")[1:4] == ["50.0", "0.0", "0.0000"]
    table = read_table(Path("vector.csv"), Columns("y", "5.5", by="half"))
    found = measure(table)
    assert value(found, "gini", "b") == gini(VECTOR[5:], np.ones(5))
    assert value(found, "theil_within") + value(found, "theil_between") == pytest.approx(value(found, "theil"))


def test_numbers_are_the_same_from_csv_parquet_and_stata(fupin):
    frame = pd.read_csv(REFERENCE / "incomes.csv")
    write_csv(Path("t.csv"), frame)
    write_parquet(Path("t.parquet"), frame)
    frame.to_stata("t.dta", write_index=False)
    out = []
    for name in ("t.csv", "t.parquet", "t.dta"):
        words = (
            "--income",
            "income",
            "--weight",
            "size",
            "--line",
            "30",
            "--cluster",
            "cluster",
            "--strata",
            "stratum",
        )
        assert fupin("measure", name, *words, "--by", "stratum", "--out", "out.parquet").code == 0
        out.append(read_parquet([Path("out.parquet")]))
    pd.testing.assert_frame_equal(out[0], out[1])
    pd.testing.assert_frame_equal(out[0], out[2])
    r = pd.read_csv(REFERENCE / "r.csv").query("name == 'survey fgt 0'")["value"].to_numpy()
    row = out[0].query("measure == 'headcount' and group == ''").iloc[0]
    assert [row["value"], row["error"]] == pytest.approx(r, rel=1e-9)


def test_income_of_households_is_made_per_person():
    text("h.csv", "total,n,w\n100,2,3\n30,3,1\n")
    table = read_table(Path("h.csv"), Columns("total", "20", "w", "n"))
    assert table.income.tolist() == [50.0, 10.0]
    assert table.weight.tolist() == [6.0, 3.0]
    assert value(measure(table), "headcount") == pytest.approx(3 / 9)


def test_a_line_may_be_a_column():
    text("z.csv", "y,z\n1,2\n1,0.5\n")
    assert value(measure(read_table(Path("z.csv"), Columns("y", "z"))), "headcount") == 0.5


def test_a_group_in_a_design_has_the_error_of_a_subpopulation():
    """Ten clusters of which half have none of the group still count: the error is that of the ratio over all."""
    rng = np.random.default_rng(2)
    n, cluster = 400, np.repeat(np.arange(20), 20)
    poor, mine = rng.random(n) < 0.3, cluster % 2 == 0
    none = np.zeros(n)
    table = Table(np.where(poor, 1.0, 3.0), none + 2.0, none + 1.0, mine.astype(str), None, None, cluster, None)
    (found,) = [e for _, group, e in measure(table).rows if (group, e.measure) == ("True", "headcount")]
    p = poor[mine].mean()
    u = np.bincount(cluster, np.where(mine, (poor - p) / mine.sum(), 0.0))
    assert found.error == pytest.approx(np.sqrt(20 / 19 * ((u - u.mean()) ** 2).sum()))


def test_bootstrap_errors_are_near_the_linearised_and_the_same_again():
    table = read_table(REFERENCE / "incomes.csv", Columns("income", "30", "size", cluster="cluster", strata="stratum"))
    linear, drawn, again = (measure(table, errors) for errors in (Errors(), Errors(BOOTSTRAP), Errors(BOOTSTRAP)))
    by_name = [{e.measure: e.error for _, _, e in found.rows} for found in (linear, drawn, again)]
    assert by_name[1] == by_name[2]
    for name in ("headcount", "poverty_gap", "gini", "sen", "theil"):
        assert by_name[1][name] == pytest.approx(by_name[0][name], rel=0.25), name


# ---- panels


def panel_text() -> str:
    """Four households at three dates: the rows of Jalan and Ravallion in the test vector."""
    rows = [(4, 6, 8), (3, 4, 5), (7, 2, 9), (10, 9, 8)]
    return "id,year,y\n" + "".join(f"{i},{2010 + t},{y}\n" for i, row in enumerate(rows) for t, y in enumerate(row))


def test_a_panel_tells_of_transitions_spells_and_chronic_poverty(fupin):
    text("p.csv", panel_text())
    said = fupin("measure", "p.csv", "--income", "y", "--line", "5.5", "--panel", "id,year", "--out", "o.csv")
    assert said.code == 0
    assert "year 2012" in said.out
    assert printed(said.out, "jalan_ravallion:chronic")[1] == "0.0186"
    assert "4 of 4 households were seen at every date" in said.out
    kept = pd.read_csv("o.csv").set_index("measure")["value"]
    assert kept["jalan_ravallion:total"] == pytest.approx(0.06405, abs=5e-6)
    # Poor to marginal: the first household; poor to poor twice: the second; poor to safe: the third.
    moves = [kept[f"transition:poor>{state}"] for state in ("poor", "marginal", "safe")]
    assert moves == pytest.approx([0.5, 0.25, 0.25])
    assert kept["hazard:exit:1"] == 1.0  # the third household's, the only spell whose beginning was seen
    assert kept["hazard:exit of spells under way:1"] == 0.5
    assert printed(said.out, "mean")[0] == "mean"


def test_gaps_and_uneven_dates_of_a_panel_are_said(fupin):
    text("p.csv", "id,year,y\n1,2010,3\n1,2014,6\n2,2010,3\n2,2011,4\n2,2014,9\n")
    said = fupin("measure", "p.csv", "--income", "y", "--line", "5", "--panel", "id,year")
    assert said.code == 0
    assert "1 date is missing between a household's first and its last; spells end there." in said.out
    assert "Dates are not evenly spaced (2010, 2011, 2014); durations count dates, not years." in said.out
    assert "1 of 2 households were seen at every date" in said.out


def test_a_household_twice_at_a_date_and_a_panel_of_one_date_are_refused(fupin):
    text("p.csv", "id,year,y\n1,2010,3\n1,2010,6\n")
    said = fupin("measure", "p.csv", "--income", "y", "--line", "5", "--panel", "id,year")
    assert (said.code, said.out) == (2, "")
    assert "a household stands more than once at a date: 1 at 2010" in said.err
    text("p.csv", "id,year,y\n1,2010,3\n2,2010,6\n")
    assert (
        "all rows are of one date, 2010"
        in fupin("measure", "p.csv", "--income", "y", "--line", "5", "--panel", "id,year").err
    )


def lives(n=60, seed=4):
    """A panel of households in clusters of three, within two strata, with gaps and weights."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        for t in range(5):
            if rng.random() < 0.9:
                rows.append((i, t, 5.0 * np.exp(0.4 * rng.standard_normal() + 0.3 * (i % 5 - 2)), 1.0 + i % 4))
    household, time, income, weight = (np.array(column) for column in zip(*rows, strict=True))
    labels = [None, household, time, household // 3, household % 2 * 0 + (household >= n // 2)]
    return Table(income, np.full(len(rows), 5.0), weight, *labels)


def over_dates(table, errors=None):
    return {e.measure: e for date, _, e in measure(table, errors).rows if not date}


def test_errors_of_a_panel_are_those_of_the_derivative_by_each_household():
    """V = Σ over strata c/(c − 1) Σ over clusters (u − ū)², u the change when the cluster's weights grow, by hand."""
    table, step = lives(), 1e-6
    found = over_dates(table)
    strata = np.array([np.unique(table.strata[table.cluster == c])[0] for c in range(20)])
    slopes = {name: np.zeros(20) for name in found}
    for c in range(20):
        both = [
            over_dates(replace(table, weight=table.weight * (1 + sign * step * (table.cluster == c))), Errors(NONE))
            for sign in (1, -1)
        ]
        for name in found:
            slopes[name][c] = (both[0][name].value - both[1][name].value) / (2 * step)
    known = [name for name in found if not np.isnan(found[name].error)]
    assert {name.split(":")[0] for name in found} - {name.split(":")[0] for name in known} == {
        "rank_correlation", "quintile_mobility"
    }  # fmt: skip
    for name in known:
        parts = [slopes[name][strata == s] for s in (0, 1)]
        variance = sum(len(u) / (len(u) - 1) * ((u - u.mean()) ** 2).sum() for u in parts)
        assert found[name].error == pytest.approx(np.sqrt(variance), rel=1e-4, abs=1e-9), name
    assert found["rank_correlation"].note == "an error by --se bootstrap alone"


def test_bootstrap_errors_of_a_panel_are_near_the_linearised():
    table = lives(240)
    linear, drawn = over_dates(table), over_dates(table, Errors(BOOTSTRAP, 150))
    for name in ("transition:poor>poor", "hazard:exit:1", "survival:exit:2", "jalan_ravallion:chronic",
                 "duclos_araar_giles:transient share"):  # fmt: skip
        assert drawn[name].error == pytest.approx(linear[name].error, rel=0.3), name
    assert 0 < drawn["rank_correlation"].error < 0.2
    assert drawn["rank_correlation"].note == ""


def test_households_of_a_cluster_that_live_alike_count_once():
    rng = np.random.default_rng(1)
    income = np.repeat(np.exp(rng.standard_normal((30, 4))), 5, axis=0)
    names = np.repeat(np.arange(150), 4)
    columns = (income.ravel(), np.ones(600), np.ones(600), None, names, np.tile(np.arange(4), 150))
    alike, alone = (over_dates(Table(*columns, cluster, None)) for cluster in (names // 5, None))
    for name in ("transition:poor>poor", "hazard:exit:1", "hazard:re-entry:1", "jalan_ravallion:chronic"):
        assert alike[name].error == pytest.approx(alone[name].error * np.sqrt(5 * 30 / 29 * 149 / 150)), name


# ---- what is missing, and what is refused


@pytest.mark.filterwarnings("error")
def test_a_group_that_stands_for_nobody_and_the_poorest_with_less_than_nothing_are_missing(fupin):
    text("g.csv", "y,w,g\n3,1,a\n9,1,a\n4,0,b\n6,0,b\n")
    said = fupin("measure", "g.csv", "--income", "y", "--weight", "w", "--line", "5", "--by", "g")
    assert (said.code, said.err) == (0, "")
    assert printed(said.out, "b")[1:] == ["0.0", "0.0", "–", "–", "–", "–"]
    assert printed(said.out, "theil_between")[1] == "0.0000"
    text("p.csv", "y\n-5\n0\n7\n20\n")
    assert printed(fupin("measure", "p.csv", "--income", "y", "--line", "5").out, "palma")[1] == "–"


def test_what_has_no_value_says_why(fupin):
    text("n.csv", "y\n0\n-1\n9\n")
    said = fupin("measure", "n.csv", "--income", "y", "--line", "5")
    assert said.code == 0
    assert "watts" in said.out
    assert "2 of 3 values are not above 0; Watts takes logarithms" in said.out
    assert "1 of 3 values are below 0" in said.out
    assert printed(said.out, "headcount")[1] == "0.6667"


@pytest.mark.parametrize(
    ("rows", "name", "expected"),
    [
        ("7\n7\n7", "gini", "0.0000"),
        ("7\n7\n7", "sen", "0.0000"),
        ("3\n3\n3", "theil", "0.0000"),
        ("0\n0", "gini", "–"),
    ],
    ids=["all equal", "no poor", "all equal and poor", "no income"],
)
def test_stated_results(fupin, rows, name, expected):
    text("s.csv", f"y\n{rows}\n")
    said = fupin("measure", "s.csv", "--income", "y", "--line", "5")
    assert said.code == 0
    assert printed(said.out, name)[1] == expected


def test_all_mistakes_come_in_one_message(fupin):
    text("bad.csv", "y,w,z\n1,x,0\n,2,1\n3,-1,1\n")
    said = fupin("measure", "bad.csv", "--income", "y", "--weight", "w", "--line", "z")
    assert (said.code, said.out) == (2, "")
    assert said.err.splitlines() == [
        "bad.csv",
        "  --income y: 1 cell is missing, in line 3; --skip-missing leaves such rows out.",
        "  --line z: 1 cell is not above 0, in line 2.",
        "  --weight w: 1 cell is not a number, in line 2, such as 'x'.",
        "  --weight w: 1 cell is not at least 0, in line 4.",
        "4 mistakes; nothing was measured.",
    ]


def test_missing_cells_may_be_left_out(fupin):
    text("m.csv", "y,g\n1,a\n.,a\n9,\n9,b\n")
    said = fupin("measure", "m.csv", "--income", "y", "--line", "5", "--by", "g", "--skip-missing")
    assert said.code == 0
    assert "2 rows are left out, for a cell is missing." in said.out
    assert printed(said.out, "headcount")[1] == "0.5000"


@pytest.mark.parametrize(
    ("words", "content", "said"),
    [
        (["--income", "incom", "--line", "5"], "income\n1\n", 'no such column. Did you mean "income"?'),
        (["--income", "y", "--line", "5"], "y\n", "the file has a head line and no rows"),
        (["--income", "y", "--line", "5"], "", "the file is empty"),
        (["--income", "y", "--line", "-2"], "y\n1\n", "--line -2: must be above 0"),
        (["--income", "y", "--line", "5", "--weight", "w"], "y,w\n1,0\n2,0\n", "the weights sum to 0"),
        (["--income", "y", "--line", "5", "--panel", "id"], "y\n1\n", "wanted are two columns"),
        (["--income", "y", "--line", "5", "--out", "x.xls"], "y\n1\n", "the ending must be one of .csv, .parquet"),
        (["--income", "y", "--line", "5", "--out", "no/x.csv"], "y\n1\n", "a file in a folder that is there"),
        (["--income", "y", "--line", "5", "--se", "bootstrap", "--draws", "1"], "y\n1\n", "must be at least 2"),
        (["--income", "y", "--line", "5"], "x;y\n1;2\n", "--separator ';' may be meant"),
        (["--income", "Y", "--line", "5"], "y\n1\n", 'no such column. Did you mean "y"?'),
        (["--income", "y", "--line", "5"], "y\n1e308\n3\n", "beyond 1e+100 or within 1/1e+100 of 0, in line 2"),
        (["--income", "y", "--line", "5"], "y\n-1e-320\n3\n", "within 1/1e+100 of 0"),
        (["--income", "y", "--line", "5", "--panel", "y,y"], "y\n1\n", "the household and the date are one column"),
        (["--income", "y", "--line", "5", "--skip-missing"], "y,b\n.,1\n", "no row is left"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_nothing_is_measured(fupin, words, content, said):
    text("t.csv", content)
    found = fupin("measure", "t.csv", *words)
    assert (found.code, found.out) == (2, "")
    assert said in found.err


def test_a_single_row_has_no_error_and_a_lonely_cluster_is_said(fupin):
    text("one.csv", "y,s\n3,a\n4,b\n5,b\n")
    said = fupin("measure", "one.csv", "--income", "y", "--line", "5", "--strata", "s")
    assert "Strata with a single cluster add nothing to the errors, which are too small: a." in said.out
    alone = measure(Table(np.array([3.0]), np.array([5.0]), np.ones(1), *[None] * 5), Errors())
    assert all(np.isnan(e.error) for _, _, e in alone.rows)
    assert value(alone, "headcount") == 1.0


def test_the_library_and_the_command_agree():
    frame = pd.read_csv(REFERENCE / "incomes.csv")
    y, w = frame["income"].to_numpy(), frame["size"].to_numpy(float)
    found = measure(read_table(REFERENCE / "incomes.csv", Columns("income", "30", "size")), Errors(NONE))
    assert value(found, "sen") == sen(y, 30.0, w)
    assert value(found, "squared_gap") == fgt(y, 30.0, w, 2)
    assert value(measure(read_table(Path("vector.csv"), Columns("y", "5.5"))), "gini") == gini(VECTOR, np.ones(10))
