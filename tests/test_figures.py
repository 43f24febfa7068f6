"""The figures: what they show is what was recorded, what is missing is said, and the bytes are the same twice."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import FillBetweenPolyCollection
from matplotlib.text import Text

from fupin_sim import figures
from fupin_sim.figures import data, lines, style
from fupin_sim.figures.parts import parts_of
from fupin_sim.figures.spending import shares_by_tenth
from fupin_sim.figures.survival import out_of_poverty
from fupin_sim.intervals import student
from fupin_sim.output import RunFolder
from tests.made_up import RATES, UNITS, MadeUpScenario, replicate

EIGHT = {f"{name}.{kind}" for name in figures.FIGURES for kind in ("png", "pdf")}


@pytest.fixture(autouse=True)
def plain():
    with figures.drawing():
        yield


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    """All figures of two replicates, as files."""
    folder = tmp_path_factory.mktemp("drawn") / "new" / "figures"
    assert {path.name for path in figures.draw_all([replicate(1), replicate(2)], folder, UNITS)} == EIGHT
    return folder


def words(figure) -> str:
    """Everything written in a figure, in one line of plain text."""
    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text) if text.get_visible())


def panel(figure, title):
    return next(axes for axes in figure.axes if axes.get_title(loc="left") == title)


def legend(axes) -> list[str]:
    return [text.get_text().replace("\n", " ") for text in axes.get_legend().get_texts()]


def rows(*values, measure="headcount", group=""):
    return pd.DataFrame(
        [(month, measure, group, value) for month, value in values], columns=["month", "measure", "group", "value"]
    )


# files


def test_draw_all_writes_eight_files_of_the_size_of_a_page(drawn):
    assert {path.name for path in drawn.iterdir()} == EIGHT
    for path in drawn.iterdir():
        if path.suffix == ".png":
            header = path.read_bytes()[:24]
            assert header[:8] == b"\x89PNG\r\n\x1a\n"
            wide, high = (int.from_bytes(header[i : i + 4], "big") for i in (16, 20))
            assert wide == 1340  # 6.7 inches at 200 dpi
            assert 600 < high < 1800
        else:
            assert path.read_bytes().startswith(b"%PDF-")
            assert b"CreationDate" not in path.read_bytes()


def test_the_bytes_are_the_same_in_another_process_under_other_settings_and_from_disk(drawn, tmp_path):
    folder = RunFolder.prepare(tmp_path / "run", MadeUpScenario(), [1, 2], command=["x"])
    folder.finish([replicate(1), replicate(2)])
    (tmp_path / "matplotlibrc").write_text("lines.linewidth: 9\nfont.family: serif\nsavefig.dpi: 30\n")
    program = f"""
from made_up import MadeUpScenario, UNITS
from fupin_sim.figures import draw_all
from fupin_sim.output import RunFolder
folder = RunFolder.prepare({str(tmp_path / "run")!r}, MadeUpScenario(), [1, 2])
draw_all(folder.finished(), {str(tmp_path / "there")!r}, UNITS)
"""
    _python(program, PYTHONHASHSEED="7", MATPLOTLIBRC=str(tmp_path))
    for name in EIGHT:
        assert (drawn / name).read_bytes() == (tmp_path / "there" / name).read_bytes(), name


def test_drawing_leaves_settings_and_pyplot_alone(tmp_path):
    mpl.rcParams["lines.linewidth"] = 7.0
    before = dict(mpl.rcParams)
    with figures.drawing():
        assert mpl.rcParams["lines.linewidth"] == 1.6
        style.save(figures.income_by_source([replicate(1)]), tmp_path, "a")
    assert dict(mpl.rcParams) == before
    program = "import sys, made_up; from fupin_sim.figures import *; income_by_source([made_up.replicate(1)]); "
    assert _python(program + "print('matplotlib.pyplot' in sys.modules)") == "False"


def test_importing_figures_and_output_imports_nothing_heavy():
    program = "import sys, fupin_sim.figures, fupin_sim.output; print([m for m in HEAVY if m in sys.modules])"
    assert _python("HEAVY = 'matplotlib', 'pandas', 'scipy', 'duckdb', 'mesa'; " + program) == "[]"


def _python(program: str, **environment: str) -> str:
    here = Path(__file__).parent
    path = os.pathsep.join([str(here), str(here.parent / "src")])
    environment = {**os.environ, "PYTHONPATH": path, **environment}
    run = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


def test_no_replicates_or_different_scenarios_are_refused(tmp_path):
    with pytest.raises(ValueError, match="no replicates"):
        figures.draw_all([], tmp_path / "x")
    with pytest.raises(ValueError, match="different scenarios"):
        figures.draw_all([replicate(1), replicate(2, scenario=MadeUpScenario(key="ab"))], tmp_path / "x")
    assert not (tmp_path / "x").exists()


# poverty and return


def test_the_band_is_the_student_interval_and_the_line_the_mean():
    results = [replicate(1), replicate(2), replicate(4)]
    axes = panel(figures.poverty_and_return(results, UNITS), "Poverty headcount")
    shown = data.grid(results, "headcount")
    found = student(100 * shown.values)
    mean = next(line for line in axes.lines if line.get_linewidth() > 1)
    np.testing.assert_allclose(mean.get_ydata(), found.mean)
    np.testing.assert_allclose(mean.get_ydata()[0], 100 * (0.11 + 0.12 + 0.14) / 3)
    (band,) = [c for c in axes.collections if isinstance(c, FillBetweenPolyCollection)]
    corners = band.get_paths()[0].vertices[:, 1]
    assert corners.min() == pytest.approx(found.low.min())
    assert corners.max() == pytest.approx(found.high.max())
    thin = [line for line in axes.lines if line.get_linewidth() < 1]
    assert len(thin) == 3
    np.testing.assert_allclose(thin[2].get_ydata(), 100 * results[2].series.query(
        "measure == 'headcount' and month >= '2016-01'")["value"])  # fmt: skip
    assert legend(axes) == ["mean of the replicates", "95 % interval", "one replicate"]


def test_burn_in_is_not_shown():
    figure = figures.poverty_and_return([replicate(1), replicate(2)], UNITS)
    axes = panel(figure, "Poverty headcount")
    assert axes.get_xlim() == (2016, 2019)
    assert len(axes.lines[0].get_xdata()) == 36
    assert axes.dataLim.x0 == pytest.approx(2016 + 0.5 / 12)
    assert axes.get_ylim()[1] < 50  # in burn-in it was 90 %


def test_axes_carry_the_measures_units():
    figure = figures.poverty_and_return([replicate(1)], UNITS)
    labels = [axes.get_ylabel().replace("\n", " ") for axes in figure.axes]
    assert labels == [
        "% of persons",
        "% of exited households per year",
        "% of never-registered households per year",
    ]
    assert figures.income_by_source([replicate(1)], UNITS).axes[0].get_ylabel() == "yuan per person-year"
    assert figures.spending([replicate(1)], UNITS).axes[0].get_ylabel() == "yuan per resident-year"


def test_units_may_come_from_the_scenarios_own_measures():
    entry = SimpleNamespace(name="headcount", cls=SimpleNamespace(unit="share of residents"))
    results = [replicate(1, scenario=MadeUpScenario(measures=("gini_income", entry)))]
    axes = panel(figures.poverty_and_return(results), "Poverty headcount")
    assert axes.get_ylabel() == "% of residents"
    assert panel(figures.poverty_and_return(results, {"headcount": "share"}), "Poverty headcount").get_ylabel() == "%"
    bare = panel(figures.poverty_and_return([replicate(1)]), "Poverty headcount")
    assert bare.get_ylabel() == "headcount"
    assert bare.lines[0].get_ydata()[0] == pytest.approx(0.11)  # without a unit nothing is multiplied


def test_the_three_rates_differ_by_more_than_colour():
    axes = panel(figures.poverty_and_return([replicate(1), replicate(2)], UNITS), figures.poverty.PANELS[1].title)
    looks = {(line.get_color(), str(line._unscaled_dash_pattern), line.get_marker()) for line in axes.lines}
    assert len({colour for colour, _, _ in looks}) == 3
    assert len({dash for _, dash, _ in looks}) == 3
    assert len({marker for _, _, marker in looks}) == 3
    assert legend(axes) == [
        "by income with policy income",
        "net of policy income",
        "net of own medical and school bills",
    ]
    np.testing.assert_allclose(axes.lines[0].get_ydata()[1:], 1.5)
    np.testing.assert_allclose(axes.lines[0].get_xdata(), [2016.5, 2017.5, 2018.5])


def test_missing_years_are_a_gap_and_are_counted():
    scenario = MadeUpScenario(years=6)
    results = [replicate(seed, scenario=scenario, missing=("2019",)) for seed in (1, 2)]
    figure = figures.poverty_and_return(results, UNITS)
    axes = panel(figure, figures.poverty.PANELS[1].title)
    assert np.isnan(axes.lines[0].get_ydata()).tolist() == [True, False, False, True, False, False]
    assert "Missing values, for want of anybody to count: 12 of 36 in the rates of return." in words(figure)


def test_a_value_in_one_of_two_replicates_has_no_band_there():
    results = [replicate(1), replicate(2, missing=("2018",))]
    axes = panel(figures.poverty_and_return(results, UNITS), figures.poverty.PANELS[1].title)
    assert axes.lines[0].get_ydata()[1:].tolist() == pytest.approx([1.5, 1.0])
    assert max(path.vertices[:, 0].max() for band in axes.collections for path in band.get_paths()) < 2018


def test_a_month_that_was_not_recorded_is_a_gap_and_not_a_slope():
    series = rows(("2016-01", 0.1), ("2016-02", 0.2), ("2016-04", 0.4))
    shown = data.grid([replace(replicate(1), series=series)], "headcount")
    assert np.isnan(shown.values[:, 0]).tolist() == [False, False, True, False]
    assert not shown.yearly
    np.testing.assert_allclose(shown.time, 2016 + np.array([0.5, 1.5, 2.5, 3.5]) / 12)


def test_a_lonely_point_is_drawn_with_its_interval():
    series = [rows(("2016-01", v), ("2016-02", np.nan), ("2016-03", v), ("2016-04", v)) for v in (0.1, 0.2)]
    figure = figures.poverty_and_return([replace(replicate(i), series=s) for i, s in enumerate(series)], UNITS)
    axes = panel(figure, "Poverty headcount")
    (bar,) = axes.containers
    assert bar[0].get_xydata().tolist() == [[pytest.approx(2016 + 0.5 / 12), pytest.approx(15)]]


def test_one_replicate_has_no_band_and_says_so():
    figure = figures.poverty_and_return([replicate(1)], UNITS)
    assert "One replicate: no interval." in words(figure)
    assert not any(axes.collections for axes in figure.axes)
    assert panel(figure, "Poverty headcount").get_legend() is None
    for draw in (figures.survival_since_exit, figures.spending, figures.income_by_source):
        assert "One replicate: no interval." in words(draw([replicate(1)], UNITS))


def test_a_wide_band_does_not_flatten_the_lines_and_is_said_to_be_cut():
    results = [replicate(0), replicate(9)]
    figure = figures.poverty_and_return(results, UNITS)
    bottom, top = panel(figure, "Poverty headcount").get_ylim()
    assert bottom == 0
    assert top == pytest.approx(2.5 * 14.5)
    assert "Bands are cut off at the axes." in words(figure)
    narrow = [replace(replicate(1), series=replicate(1).series) for _ in range(2)]
    assert "cut off" not in words(figures.poverty_and_return(narrow, UNITS))


def test_measures_that_were_not_recorded_are_named():
    results = [replace(replicate(1), series=rows(("2016-12", 0.1)))]
    figure = figures.poverty_and_return(results, UNITS)
    assert "did not record return_rate, return_rate_net_of_policy, return_rate_net_of_bills." in words(figure)
    assert "did not record new_poverty_rate." in words(figure)
    assert "did not record income by source" in words(figures.income_by_source(results, UNITS))
    said = words(figures.spending(results, UNITS))
    assert "did not record spending_by_policy" in said
    assert "did not record received_by_decile" in said


def test_legends_stand_outside_the_data():
    for draw in (figures.poverty_and_return, figures.income_by_source, figures.spending):
        figure = draw([replicate(1), replicate(2)], UNITS)
        figure.draw_without_rendering()
        for axes in figure.axes:
            shown = axes.get_legend().get_window_extent()
            assert shown.x0 >= axes.get_window_extent().x1
            assert shown.x1 <= figure.bbox.x1


def test_nothing_runs_over_the_edge_of_the_page_or_into_something_else():
    results = [replicate(i, scenario=MadeUpScenario(title="A long title " * 12, years=40)) for i in (1, 2)]
    for draw in figures.FIGURES.values():
        figure = draw(results, UNITS)
        figure.draw_without_rendering()
        boxes = [axes.get_tightbbox() for axes in figure.axes] + [figure._suptitle.get_window_extent()]
        for box in [*boxes, figure._supxlabel.get_window_extent()]:
            assert box.x0 >= -1
            assert box.y0 >= -1
            assert box.x1 <= figure.bbox.x1 + 1
            assert box.y1 <= figure.bbox.y1 + 1
        for i, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[:i])


# no exits, no spending


def test_without_exits_the_figures_say_so_in_plain_words():
    results = [replicate(1, exits=False), replicate(2, exits=False)]
    assert "Nobody left the register early enough to be looked at a year later." in words(
        figures.survival_since_exit(results)
    )
    figure = figures.poverty_and_return(results, UNITS)
    assert "Nobody had left the register, so nobody could return to poverty." in words(figure)
    figure.draw_without_rendering()


@pytest.mark.parametrize("policies", [{}, {"dibao": 0.0}])
def test_without_spending_the_figure_says_so(policies):
    said = words(figures.spending([replicate(1, policies=policies)], UNITS))
    assert "No policy spent anything." in said
    assert "Nobody received anything." in said


# survival


def test_the_curve_is_the_product_of_those_who_stayed():
    results = [replicate(1), replicate(3)]
    figure = figures.survival_since_exit(results)
    curve = next(line for line in figure.axes[0].lines if line.get_linewidth() > 1)
    first, second = (0.95 + 0.85) / 2, (0.95 * 0.98 + 0.85 * 0.98) / 2
    np.testing.assert_allclose(curve.get_ydata(), [100, 100 * first, 100 * second, 100 * second])
    np.testing.assert_allclose(curve.get_xdata(), [0, 1, 2, 2.4])
    assert curve.get_drawstyle() == "steps-post"
    numbers = [text.get_text() for text in figure.axes[1].texts]
    assert numbers == ["200", "100", "20", "2.0"]  # a mean below ten has a digit
    assert [text.get_text() for text in figure.axes[1].get_yticklabels()] == ["at risk", "returned"]
    assert "mean of the replicates" in figure.axes[1].get_xlabel()
    assert "(axis begins at 80 %)" in figure.axes[0].get_ylabel()


def test_kaplan_meier_with_a_row_for_year_nought_and_nobody_left():
    table = pd.DataFrame({"years_since_exit": [0, 1, 2, 3], "at_risk": [9, 8, 0, 0], "returned": [0, 6, 0, 0]})
    figure = figures.survival_since_exit([replace(replicate(1), survival=table)])
    curve = figure.axes[0].lines[0]
    np.testing.assert_allclose(curve.get_ydata(), [100, 25, np.nan, np.nan, np.nan])
    assert figure.axes[0].get_ylim()[0] == 0
    assert "axis begins" not in figure.axes[0].get_ylabel()
    assert [text.get_text() for text in figure.axes[1].texts] == ["8", "0", "0", "6", "0", "0"]


def test_a_replicate_followed_for_fewer_years_is_missing_later():
    short = replace(replicate(1), survival=replicate(1).survival.iloc[:1])
    figure = figures.survival_since_exit([short, replicate(1)])
    curve = next(line for line in figure.axes[0].lines if line.get_linewidth() > 1)
    np.testing.assert_allclose(curve.get_ydata()[:3], [100, 95, 95 * 0.98])


def test_survival_against_the_product_limit_by_hand():
    # T = (1,2,2,3,4,5,5), E = (1,1,0,1,0,1,0)
    at_risk, returned = np.array([7.0, 6, 4, 3, 2]), np.array([1.0, 1, 1, 0, 1])
    np.testing.assert_allclose(out_of_poverty(at_risk, returned), [0.8571, 0.7143, 0.5357, 0.5357, 0.2679], atol=5e-5)


def test_many_years_are_thinned_beneath_the_curve():
    years = np.arange(1, 31)
    table = pd.DataFrame({"years_since_exit": years, "at_risk": 12_000 - 300 * years, "returned": 10})
    figure = figures.survival_since_exit([replace(replicate(1), survival=table)])
    assert len(figure.axes[1].texts) == 2 * 10
    assert figure.axes[1].texts[0].get_text() == "11,100"


# income and spending


def test_areas_add_up_to_income_in_the_order_of_the_legend():
    results = [replicate(0), replicate(2)]
    axes = figures.income_by_source(results, UNITS).axes[0]
    assert legend(axes) == [
        "medical reimbursement, not counted as income",
        "support from policies",
        "property",
        "own farm or business",
        "wages",
    ]
    tops = [area.get_paths()[0].vertices[:, 1].max() for area in axes.collections]
    np.testing.assert_allclose(tops, 1.01 * np.cumsum([3000, 4000, 200, 1500, 100]))
    assert axes.get_ylim()[0] == 0
    hatches = [area.get_hatch() for area in axes.collections]
    assert len(set(hatches)) == len(hatches)


def test_a_source_keeps_its_colour_where_another_is_absent():
    result = replicate(1)
    poorer = replace(result, series=result.series[result.series["group"] != "source:support"])
    asked = ("income_by_source", "source", figures.income.NAMES)
    with_support, without_support = parts_of([result], *asked), parts_of([poorer], *asked)
    assert with_support is not None
    assert without_support is not None
    assert len(without_support.names) == 4
    assert without_support.looks == [look for look in with_support.looks if look is not style.LOOKS[3]]


def test_two_lines_that_coincide_are_both_seen():
    same = pd.concat([rows(("2016-12", 0.1), ("2017-12", 0.2), measure=name) for name in RATES])
    figure = figures.poverty_and_return([replace(replicate(1), series=same)], UNITS)
    axes = panel(figure, figures.poverty.PANELS[1].title)
    widths = [line.get_linewidth() for line in axes.lines]
    assert widths == sorted(widths, reverse=True)
    assert widths[2] >= 1
    assert all(wide > 1.3 * narrow for wide, narrow in pairwise(widths))


def test_negative_income_hangs_below_zero():
    series = pd.concat(
        rows(("2016-01", a), ("2016-02", a), measure="income_by_source", group=f"source:{name}")
        for name, a in {"wage": 10.0, "business": -4.0, "property": -1.0, "support": 5.0}.items()
    )
    axes = figures.income_by_source([replace(replicate(1), series=series)], UNITS).axes[0]
    spans = [(v[:, 1].min(), v[:, 1].max()) for v in (area.get_paths()[0].vertices for area in axes.collections)]
    assert spans == [(0, 10), (-4, 0), (-5, -4), (10, 15)]
    assert axes.get_ylim()[0] < -5


def test_yearly_parts_are_bars_over_their_year():
    series = rows(("2016-12", 100.0), ("2017-12", 50.0), measure="spending_by_policy", group="policy:dibao")
    axes = figures.spending([replace(replicate(1), series=series)], UNITS).axes[0]
    assert [(bar.get_x() + bar.get_width() / 2, bar.get_height()) for bar in axes.patches] == [
        (pytest.approx(2016.5), 100),
        (pytest.approx(2017.5), 50),
    ]


def test_more_than_eight_instruments_are_summed_into_others():
    policies = {f"plan_{i}": float(i + 1) for i in range(10)}
    results = [replicate(1, policies=policies)]
    found = parts_of(results, "spending_by_policy", "policy", {})
    assert found is not None
    assert found.names == ["plan 3", "plan 4", "plan 5", "plan 6", "plan 7", "plan 8", "plan 9", "3 others"]
    np.testing.assert_allclose(found.values[-1], 1 + 2 + 3)
    np.testing.assert_allclose(sum(found.values), 55)
    assert legend(figures.spending(results, UNITS).axes[0])[0] == "3 others"


def test_instruments_that_never_spend_are_left_out():
    found = parts_of([replicate(1, policies={"dibao": 5.0, "idle": 0.0})], "spending_by_policy", "policy", {})
    assert found is not None
    assert found.names == ["dibao"]


def test_parts_recorded_in_different_months_stand_on_one_axis():
    series = pd.concat(
        [
            rows(("2016-01", 1.0), ("2016-02", 1.0), ("2016-03", 1.0), measure="spending_by_policy", group="policy:a"),
            rows(("2016-02", 2.0), ("2016-03", 2.0), measure="spending_by_policy", group="policy:b"),
        ]
    )
    found = parts_of([replace(replicate(1), series=series)], "spending_by_policy", "policy", {})
    assert found is not None
    np.testing.assert_allclose(found.values[1], [np.nan, 2, 2])


def test_the_shares_of_the_tenths_add_up_and_carry_intervals():
    other = replicate(2)
    poorest = other.series["group"] == "decile:1"
    other.series.loc[poorest, "value"] *= 2
    results = [replicate(1), other]
    shares = shares_by_tenth(results)
    np.testing.assert_allclose(shares.sum(axis=0), 100)
    np.testing.assert_allclose(shares[:, 0], 100 * np.arange(10, 0, -1) / 55)
    axes = panel(figures.spending(results, UNITS), "Who got it")
    heights = [bar.get_height() for bar in axes.patches]
    np.testing.assert_allclose(heights, student(shares).mean)
    assert legend(axes) == ["received", "95 % interval", "an equal share"]


# words


def test_a_title_with_signs_of_mathematics_is_shown_as_it_is(tmp_path):
    title = "costs $5_a$ and 100 % of \\frac"
    results = [replicate(1, scenario=MadeUpScenario(title=title), policies={"_mine$": 5.0, "x^2$": 3.0})]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = figures.spending(results, UNITS)
        style.save(figure, tmp_path, "a")
    assert title in words(figure)
    assert legend(figure.axes[0]) == ["x^2$", "mine$"]


def test_a_sign_no_font_can_draw_is_named_and_shown_as_a_question_mark(monkeypatch):
    monkeypatch.setattr(style, "FAMILIES", ("DejaVu Sans",))
    _forget()
    results = [replicate(1, scenario=MadeUpScenario(title="基线 A"))]
    with pytest.warns(UserWarning, match="no font at hand can draw 基 线; the figure shows ?"):
        figure = figures.income_by_source(results, UNITS)
    assert "?? A" in words(figure)
    _forget()


def test_a_chinese_title_is_drawn_where_a_chinese_font_is_installed(tmp_path, monkeypatch):
    from matplotlib import font_manager

    monkeypatch.setattr(font_manager.fontManager, "ttflist", [*font_manager.fontManager.ttflist])
    font_manager.fontManager.addfont(_small_font(tmp_path / "small.ttf", "Noto Sans SC", "基线"))
    _forget()
    results = [replicate(1, scenario=MadeUpScenario(title="基线"))]
    with figures.drawing(), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "Noto Sans SC" in mpl.rcParams["font.family"]
        figure = figures.income_by_source(results, UNITS)
        paths = style.save(figure, tmp_path, "chinese")
    assert "基线" in words(figure)
    assert b"NotoSansSC" in paths[1].read_bytes()
    _forget()


def _forget() -> None:
    style._families.cache_clear()
    style._signs.cache_clear()


def _small_font(path: Path, family: str, signs: str) -> Path:
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 700), (700, 700), (700, 0)):
        pen.lineTo(point)
    pen.closePath()
    names = [f"uni{ord(sign):04X}" for sign in signs]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({ord(sign): name for sign, name in zip(signs, names, strict=True)})
    builder.setupGlyf(dict.fromkeys([".notdef", *names], pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys([".notdef", *names], (800, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular", "psName": family.replace(" ", "")})
    builder.setupOS2(sTypoAscender=800, usWinAscent=800, usWinDescent=200)
    builder.setupPost()
    builder.save(path)
    return path


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("share", (100, "%")),
        ("share of persons", (100, "% of persons")),
        ("shared cost", (1, "shared cost")),
        ("yuan", (1, "yuan")),
        ("", (1, "")),
    ],
)
def test_shares_are_shown_in_per_cent(unit, expected):
    assert style.axis_unit(unit) == expected


@pytest.mark.parametrize(
    ("start", "years", "named"),
    [
        (2016 * 12, 3, ["2016", "2017", "2018"]),
        (2016 * 12 + 6, 2, ["2016", "2017", "2018"]),
        (2016 * 12, 12, ["2016", "2018", "2020", "2022", "2024", "2026"]),
        (2016 * 12, 40, ["2020", "2025", "2030", "2035", "2040", "2045", "2050", "2055"]),
        (2016 * 12, 2000, [str(year) for year in range(2100, 4016, 100)]),
    ],
)
def test_years_are_named_so_that_they_can_be_read(start, years, named):
    figure = style.page(3, "x")
    axes = figure.subplots()
    lines.year_axis(axes, MadeUpScenario(start=start, years=years))
    figure.draw_without_rendering()
    assert [label.get_text() for label in axes.get_xticklabels(minor=True)] == named
    assert axes.get_xlim() == (start // 12, -(-(start + 12 * years) // 12))
