"""The figure of saved and harmed households: bars, numbers and words are those of the summary."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.text import Text

from fupin_sim import figures
from fupin_sim.counterfactual.households import DISCOUNTED
from fupin_sim.figures.saved_and_harmed import MOST, saved_and_harmed, saved_and_harmed_on_average


@pytest.fixture(autouse=True)
def plain():
    with figures.drawing():
        yield


def compared(groups=(1, 2, 2, 3), months=(-24.0, 6.0, -3.0, 0.0)):
    """A frame as `compare_households` makes it, with as many households as groups."""
    n = len(groups)
    outcome = ["saved" if m < 0 else "harmed" if m > 0 else "unchanged" for m in months]
    names = ("poor_persons_at_end", "poor_at_end", "received", "overhead", "cost", *DISCOUNTED)
    zeros = dict.fromkeys(names, 0)
    return pd.DataFrame(
        {"decile": groups, "cause": ["wages"] * n, "outcome": outcome, "lifted": False, "dropped": False,
         "poor_person_years": [m / 12 for m in months], **zeros}
    )  # fmt: skip


def words(figure) -> list[str]:
    return [" ".join(text.get_text().split()) for text in figure.findobj(Text) if text.get_visible()]


def test_bars_are_the_numbers_of_the_summary_to_both_sides():
    figure = saved_and_harmed(compared())
    households, years = figure.axes
    assert [bar.get_width() for bar in households.patches] == [1, 1, 0, -1]
    assert [bar.get_width() for bar in years.patches] == [2.0, 0.25, 0.0, -0.5]
    assert (households.get_xlabel(), years.get_xlabel()) == ("households", "poor person-years")
    assert [label.get_text() for label in households.get_yticklabels()] == ["1", "2"]
    told = " ".join(words(figure))
    assert "Of 4 households 2 were saved, 1 harmed and 1 unchanged" in told
    assert "saved (to the right)" in told
    assert "<1" in words(figure)


def counted(values):
    """What is counted of an arm, a row a group and count; values: (mean, low, high) by group, then by name."""
    rows = [
        {"by": "decile", "group": group, "what": what, "mean": mean, "low": low, "high": high, "n": 3}
        for group, named in values.items() for what, (mean, low, high) in named.items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_means_of_replicates_have_their_limits_beside_the_numbers():
    some = {"saved": (4.0, 1.0, 7.0), "harmed": (2.0, -1.0, 5.0), "averted": (1.5, 1, 2), "caused": (0.5, 0.5, 0.5)}
    none = dict.fromkeys(some, (0.0, 0.0, 0.0))
    groups = counted({"1": some, "2": none, "10": some})
    whole = counted({"": {"households": (10.0, 10, 10), "saved": (8.0, 2, 14), "harmed": (1.0, 0, 2)}})
    figure = saved_and_harmed_on_average(whole, groups, "decile", "cash")
    households = figure.axes[0]
    assert [bar.get_width() for bar in households.patches] == [4.0, 4.0, -2.0, -2.0]
    assert [label.get_text() for label in households.get_yticklabels()] == ["1", "10"]
    lines = [path.vertices[:, 0].tolist() for each in households.collections for path in each.get_paths()]
    assert lines == [[1.0, 7.0], [1.0, 7.0], [0.0, -5.0], [0.0, -5.0]], "not beyond nothing"
    assert "Means of 3 replicates; lines: 95 % Student intervals." in " ".join(words(figure))
    with pytest.raises(ValueError, match="no groups by cause"):
        saved_and_harmed_on_average(whole, groups, "cause", "cash")


def test_what_is_worse_is_told_by_hatches_as_well():
    households = saved_and_harmed(compared()).axes[0]
    saved, harmed = households.patches[0], households.patches[-1]
    assert (saved.get_hatch(), bool(harmed.get_hatch())) == (None, True)
    assert harmed.get_x() + harmed.get_width() < 0


def test_a_policy_that_did_nothing_is_said_to_have_done_nothing():
    figure = saved_and_harmed(compared(months=(0.0,) * 4))
    assert "The policy saved nobody and harmed nobody." in words(figure)


def test_of_very_many_groups_the_largest_are_drawn_and_the_others_counted():
    groups = [*range(MOST + 5), 3]
    figure = saved_and_harmed(compared(groups, [-1.0] * len(groups)))
    assert len(figure.axes[0].get_yticks()) == MOST
    assert "5 groups with fewer are left out." in " ".join(words(figure))
