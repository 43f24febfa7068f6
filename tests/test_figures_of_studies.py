"""Figures of studies: what they show is what the frame says, and nothing lies over anything else."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from fupin_sim import figures
from fupin_sim.figures import style
from fupin_sim.figures.effects import INK

LONG = "teams matched to need, support tapered over five years"
EIGHT = ["need", "random", LONG, "cliff", "monitoring_marginal_with_post_support", "uniform cash", "drip", "flood"]
UNITS = {
    "headcount": "share of persons", "return_rate": "share of exited households per year", "fiscal_cost": "yuan",
    "income": "yuan per person-year",
}  # fmt: skip
SIZE = {"headcount": 0.01, "return_rate": 0.02, "fiscal_cost": 3e6, "income": 300.0}
FACTORS = ("policy.team_assignment.stay_months", "process.illness.risk")


@pytest.fixture(autouse=True)
def plain():
    with figures.drawing():
        yield


def tidy(arms, measures, n=40, **columns):
    """Every arm, measure and value of a column; means rise with the arm, the first ones are negative."""
    key, values = next(iter(columns.items()), ("nothing", [""]))
    return pd.DataFrame(
        {key: value, "arm": arm, "measure": m, "unit": UNITS[m], "mean": mean, "low": mean - SIZE[m] / 2,
         "high": mean + SIZE[m] / 2, "n": n}
        for k, value in enumerate(values) for i, arm in enumerate(arms) for m in measures
        for mean in [SIZE[m] * (i - 1 + 0.1 * k)]
    )  # fmt: skip


def plane(columns=3, rows=4, arms=("",), shift=0.0):
    frame = pd.DataFrame(
        {FACTORS[0]: 12 * x, FACTORS[1]: 0.02 * (y + 1), "mean": 0.01 * (x + y) + shift, "measure": "headcount",
         "unit": "share of persons", "arm": arm, "n": 20}
        for x in range(columns) for y in range(rows) for arm in arms
    )  # fmt: skip
    return frame if arms != ("",) else frame.drop(columns="arm")


def words(figure) -> str:
    return " ".join(" ".join(text.get_text().split()) for text in figure.findobj(Text) if text.get_visible())


def shown(axes):
    return [axes for axes in axes if axes.axison]


DRAWN = {
    "effects, one measure": lambda: figures.effects(tidy(["need", LONG], ["headcount"]), "T " * 60, "none"),
    "effects, eight arms": lambda: figures.effects(tidy(EIGHT, list(UNITS)), "T", LONG),
    "response, two arms": lambda: figures.response(tidy(EIGHT[:2], ["headcount"], stay=[1, 2]), "stay", "T", "months"),
    "response, eight arms": lambda: figures.response(tidy(EIGHT, ["income", "fiscal_cost"], stay=[1, 2]), "stay", "T"),
    "response, words": lambda: figures.response(tidy(EIGHT, ["income"], kind=["none", "all of them"]), "kind", "T"),
    "map": lambda: figures.heat_map(plane(), FACTORS, "T", ("months", "per year")),
    "map, negative": lambda: figures.heat_map(plane(shift=-0.02), FACTORS, "T", differences=True),
    "map, large": lambda: figures.heat_map(plane(20, 20), FACTORS, "T", ("months", "per year")),
    "map, three arms": lambda: figures.heat_map(plane(5, 5, EIGHT[:3]), FACTORS, "T", ("months", "per year")),
    "time, two arms": lambda: figures.over_time(tidy(EIGHT[:2], ["income"], month=["2016-12", "2017-12"]), "T", "need"),
    "time, eight arms": lambda: figures.over_time(
        tidy(["none", *EIGHT], ["headcount", "income"], month=[f"{y}-12" for y in range(2016, 2028)]), "T", "none"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_runs_over_the_edge_or_into_something_else(name):
    figure = DRAWN[name]()
    figure.draw_without_rendering()
    panels = shown(figure.axes)
    boxes = [axes.get_tightbbox() for axes in panels] + [figure._suptitle.get_window_extent()]
    boxes += [axes.get_legend().get_window_extent() for axes in figure.axes if axes.get_legend()]
    boxes.append(figure._supxlabel.get_window_extent())
    for box in boxes:
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= figure.bbox.x1 + 1
        assert box.y1 <= figure.bbox.y1 + 1
    for i, box in enumerate(boxes):
        assert not any(box.shrunk(0.99, 0.99).overlaps(other.shrunk(0.99, 0.99)) for other in boxes[:i])
    for axes in panels:  # the numbers along an axis do not touch either
        for labels in (axes.get_xticklabels(), axes.get_xticklabels(minor=True), axes.get_yticklabels()):
            seen = [text.get_window_extent() for text in labels if text.get_visible() and text.get_text()]
            inside = [b for b in seen if b.x1 > axes.bbox.x0 - 90 and axes.bbox.x0 - 9 < b.x0 < axes.bbox.x1 + 9]
            assert not any(a.overlaps(b) for i, a in enumerate(inside) for b in inside[:i])


@pytest.mark.parametrize("name", ["response, two arms", "map, negative"])
def test_the_same_frame_gives_the_same_bytes(name, tmp_path):
    one, two = (style.save(DRAWN[name](), tmp_path, each) for each in "ab")
    assert [path.suffix for path in one] == [".png", ".pdf"]
    for first, second in zip(one, two, strict=True):
        assert first.read_bytes() == second.read_bytes()


# effects


def test_effects_stand_where_the_frame_says_and_shares_are_percentage_points():
    frame = tidy(["need", "random", "cliff"], ["headcount", "fiscal_cost"])
    left, right = shown(figures.effects(frame, "T", "none").axes)
    marks = [line for line in left.lines if line.get_marker() in "os^D"]
    assert [line.get_xdata()[0] for line in marks] == pytest.approx([-1.0, 0.0, 1.0])
    assert [line.get_ydata()[0] for line in marks] == [0, 1, 2]
    bars = [line.get_xdata() for line in left.lines if line.get_linestyle() == "-" and len(line.get_xdata()) == 2]
    np.testing.assert_allclose(bars[1:], [[-1.5, -0.5], [-0.5, 0.5], [0.5, 1.5]])  # the first is the zero line
    assert (left.get_xlabel(), right.get_xlabel()) == ("percentage points", "million yuan")
    assert [text.get_text() for text in left.get_yticklabels()] == ["need", "random", "cliff"]


def test_an_effect_that_is_told_apart_is_filled_and_markers_differ():
    axes = shown(figures.effects(tidy(["need", "random", "cliff"], ["headcount"]), "T").axes)[0]
    marks = [line for line in axes.lines if line.get_marker() in "os^D"]
    filled = [line.get_markerfacecolor() != "white" for line in marks]
    assert filled == [True, False, True]
    assert len({line.get_marker() for line in marks}) == 3
    assert {line.get_markeredgecolor() for line in marks} == {INK}


def test_effects_say_how_many_pairs_and_against_what():
    said = words(figures.effects(tidy(["need", "random"], ["headcount"]), "T", "no policy"))
    assert "Differences to no policy" in said
    assert "n = 40 pairs" in said
    frame = tidy(["need", "random"], ["headcount"])
    frame.loc[0, "n"] = 20
    assert "n = 20 to 40 pairs" in words(figures.effects(frame, "T"))


def test_an_effect_without_interval_is_a_hollow_point():
    frame = tidy(["need"], ["headcount"]).assign(low=np.nan, high=np.nan)
    figure = figures.effects(frame, "T")
    (mark,) = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert mark.get_markerfacecolor() == "white"
    assert "filled" not in words(figure)


# response


def test_lines_go_through_the_means_in_order_of_the_factor():
    frame = tidy(["need", "random"], ["headcount"], stay=[12, 24, 36]).sample(frac=1, random_state=2)
    axes = shown(figures.response(frame, "stay", "T", "months").axes)[0]
    lines = [line for line in axes.lines if line.get_marker() in ("o", "s")]
    found = {tuple(line.get_xdata()): None for line in lines}
    assert list(found) == [(12, 24, 36)]
    assert sorted(line.get_ydata()[0] for line in lines) == pytest.approx([-1.0, 0.0])
    assert axes.get_xlabel() == "stay (months)"
    assert axes.get_ylabel() == "% of persons"


def test_bands_give_way_to_bars_where_they_would_cover_one_another():
    few, many = (figures.response(tidy(EIGHT[:k], ["headcount"], stay=[12, 24]), "stay", "T") for k in (4, 5))
    assert "bands: 95 %" in words(few)
    assert "bars: 95 %" in words(many)
    starts = {line.get_xdata()[0] for line in many.axes[0].lines if line.get_marker() in "os^Dv"}
    assert len(starts) == 5
    assert max(abs(start - 12) for start in starts) < 3


def test_values_that_are_words_stand_side_by_side_as_given():
    axes = figures.response(tidy(["a", "b"], ["headcount"], kind=["none", "company", "all"]), "kind", "T").axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["none", "company", "all"]
    assert all(line.get_linestyle() == "None" for line in axes.lines if line.get_marker() in ("o", "s"))


# maps


def test_a_map_has_the_number_of_each_cell_and_a_dash_where_nothing_was_run():
    frame = plane(2, 2)
    axes = figures.heat_map(frame[1:], FACTORS, "T").axes[0]
    assert sorted(text.get_text() for text in axes.texts) == sorted(["–", "1", "1", "2"])
    assert "– : not run." in words(figures.heat_map(frame[1:], FACTORS, "T"))
    large = figures.heat_map(plane(20, 20), FACTORS, "T").axes[0]
    assert 0 < len(large.texts) < 20  # only those of the contours


def test_numbers_can_be_read_on_every_cell():
    axes = figures.heat_map(plane(5, 5), FACTORS, "T").axes[0]
    mesh = axes.collections[0]
    colours = {}
    for text in axes.texts:
        x, y = text.get_position()
        back = mesh.cmap(mesh.norm(mesh.get_array()[int(y), int(x)]))
        colours[text.get_text()] = abs(_grey(back) - _grey(to_rgba(text.get_color())))
    assert min(colours.values()) > 0.4


def test_levels_grow_lighter_in_grey():
    map_ = mpl.colormaps["cividis"]
    greys = [_grey(map_(x)) for x in np.linspace(0, 1, 9)]
    assert greys == sorted(greys)


def _grey(colour):
    return float(np.dot(colour[:3], (0.299, 0.587, 0.114)))


def test_differences_are_centred_at_zero_and_hatched_below_it():
    figure = figures.heat_map(plane(3, 3, shift=-0.01), FACTORS, "T", differences=True)
    axes = figure.axes[0]
    low, high = axes.collections[0].get_clim()
    assert low == -high
    assert sum(patch.get_hatch() == "///" for patch in axes.patches) == 1
    assert "Hatched: below 0." in words(figure)
    assert "percentage points" in words(figure)


def test_panels_of_arms_share_their_colours():
    frame = plane(3, 3, ("a", "b"))
    frame.loc[frame.arm == "b", "mean"] *= 2
    first, second = shown(figures.heat_map(frame, FACTORS, "T").axes)[:2]
    assert first.collections[0].get_clim() == second.collections[0].get_clim() == pytest.approx((0, 8))


# over time


def test_panels_of_a_measure_have_one_scale_and_the_baseline_behind_them():
    frame = tidy(["none", "need", "random"], ["headcount"], month=["2016-12", "2017-12", "2018-12"])
    figure = figures.over_time(frame, "T", "none")
    one, other = shown(figure.axes)
    assert one.get_ylim() == other.get_ylim()
    assert [axes.get_title(loc="left") for axes in (one, other)] == ["need", "random"]
    behind, line = one.lines
    np.testing.assert_allclose(behind.get_ydata(), [-1.0, -0.9, -0.8], atol=1e-12)
    np.testing.assert_allclose(line.get_ydata(), [0.0, 0.1, 0.2], atol=1e-12)
    assert "grey, dashed: none" in words(figure)


def test_a_month_that_is_missing_is_a_gap():
    frame = tidy(["need"], ["headcount"], month=["2016-12", "2017-12", "2019-12"])
    line = figures.over_time(frame, "T").axes[0].lines[0]
    assert np.isnan(line.get_ydata()).tolist() == [False, False, True, False]


# what cannot be drawn


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match="columns are missing: low, high"):
        figures.effects(tidy(["a"], ["headcount"]).drop(columns=["low", "high"]), "T")
    with pytest.raises(ValueError, match="no rows"):
        figures.over_time(tidy(["a"], ["headcount"], month=["2016-12"])[:0], "T")
    with pytest.raises(ValueError, match="9 arms: at most 8"):
        figures.effects(tidy([*EIGHT, "ninth"], ["headcount"]), "T")
    with pytest.raises(ValueError, match="one measure"):
        figures.heat_map(pd.concat([plane(), plane().assign(measure="gini")]), FACTORS, "T")
    with pytest.raises(ValueError, match="two means for one pair"):
        figures.heat_map(pd.concat([plane(), plane()]), FACTORS, "T")
