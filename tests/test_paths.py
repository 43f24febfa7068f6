"""Naming any parameter."""

import pytest

from fupin_sim.paths import Places, renamed, unknown_option
from tests.toy_catalogue import Cash, Dibao, Gini, Headcount, Illness, Line, Population

PLACES = Places(
    {"population": Population, "line": Line},
    {
        "process": {"illness": Illness},
        "policy": {"dibao": Dibao, "cash": Cash, "mine": None},
        "measures": {"headcount": Headcount, "gini": Gini},
    },
    {"policy": ("enabled",)},
)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("line.level", ("", "line", "level")),
        ("process.illness.risk", ("process", "illness", "risk")),
        ("policy.dibao.level", ("policy", "dibao", "level")),
        ("policy.dibao.enabled", ("policy", "dibao", "enabled")),
        ("policy.mine.anything", ("policy", "mine", "anything")),
        ("measures.headcount.line", ("measures", "headcount", "line")),
    ],
)
def test_a_path_names_one_place(path, place):
    assert PLACES.find(path) == place


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("policy.dibao.levle", "no such parameter. Did you mean policy.dibao.level?"),
        ("policy.dibao.zzz", "no such parameter; there are start, fund, budget, level, enabled"),
        ("policy.dibao.threshold", 'was renamed "level" in 0.3'),
        ("policy.dibo.level", 'no policy called "dibo". Did you mean "dibao"?  Policies here: dibao, cash, mine'),
        ("policy.dibao", "a path here is policy.NAME.PARAMETER"),
        ("policy.dibao.level.x", "a path here is policy.NAME.PARAMETER"),
        ("shock.drought.loss", 'no shock called "drought".  Shocks here: none'),
        ("line.levels", "no such parameter. Did you mean line.level?"),
        ("line", "a path here is line.PARAMETER"),
        ("line.level.x", "a path here is line.PARAMETER"),
        (
            "poliy.dibao.level",
            'no section "poliy". Did you mean "policy"?  A path begins with population, line, process, ',
        ),
        ("", 'no section "".  A path begins with population'),
        ("measures.gini.line", "no such parameter; there are none"),
    ],
)
def test_a_path_that_names_nothing_is_answered_with_the_nearest(path, said):
    with pytest.raises(ValueError, match=r".") as caught:
        PLACES.find(path)
    assert str(caught.value).startswith(said)


def test_measures_have_a_table_of_their_own_as_well():
    class InUse:
        """Stands for [measures]."""

    places = Places({"measures": InUse}, {"measures": {"gini": Gini}})
    with pytest.raises(ValueError, match="no such parameter; there are none"):
        places.find("measures.use")


def test_an_unknown_option_is_answered_with_the_nearest():
    assert unknown_option(Dibao, "levle") == (
        'no option called "levle". Did you mean "level"?  Options: start, fund, budget, level'
    )
    assert unknown_option(Dibao, "threshold") == 'the option "threshold" was renamed "level" in 0.3'
    assert renamed(Line, "level") == ""
