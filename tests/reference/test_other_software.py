"""Our measures beside what software that others wrote says of the same tables.

tools/reference_measures.sh writes r.csv and lifelines.csv; the tests only read them. mpitb is run here and now.

Not compared, because wrong: the Sen index of the Python packages `apode`, `poverty` and `povertyinequalitymeasures`.
All three take the Gini of the *whole* population in the place of that among the poor. By hand, y = (1, 2, 3, 4, 5, 6,
8, 10, 14, 20) and z = 5.5: the poor have 1 to 5, so H = 5/10; their mean gap is I = (4.5 + 3.5 + 2.5 + 1.5 + .5)/5/5.5
= 5/11; the Gini among them is Σ(2i − 6)i/(5·15) = (−4 − 4 + 0 + 8 + 20)/75 = 4/15. S = ½·(5/11 + 6/11·4/15) =
½·(75 + 24)/165 = .30. With the Gini of all ten, .4150685, it would be ½·(5/11 + 6/11·.4150685) = .3404732, more than
13 % too much; and it would change with the income of the richest, whom Sen's axiom of focus leaves out. The
Sen–Shorrocks–Thon index of `poverty` is wrong too: by hand, the gap ratios in ascending order are five 0 and (1, 3, 5,
7, 9)/11, mean 25/110; their Gini is Σ(2i − 11)g_i/(10·Σg) = (1·1 + 3·3 + 5·5 + 7·7 + 9·9)/(10·25) = 165/250 = .66, so
SST = 25/110·1.66 = .3772727.
"""

from __future__ import annotations

from pathlib import Path

import mpitb
import numpy as np
import pandas as pd
import pytest

from fupin_sim.inference import influence
from fupin_sim.inference.hazard_regression import fit_hazard, person_periods
from fupin_sim.inference.survey_design import design_of, linearised_variance
from fupin_sim.measures.atkinson import atkinson
from fupin_sim.measures.early_warning import roc
from fupin_sim.measures.inequality import gini
from fupin_sim.measures.long_table import panel_of
from fupin_sim.measures.mobility import rank_correlation
from fupin_sim.measures.multidimensional import alkire_foster, by_subgroup
from fupin_sim.measures.poverty import fgt
from fupin_sim.measures.sen import sen, sen_shorrocks_thon
from fupin_sim.measures.survival import kaplan_meier
from fupin_sim.measures.theil import mean_log_deviation, theil
from fupin_sim.measures.transitions import transition_matrix
from fupin_sim.measures.watts import watts

HERE = Path(__file__).parent
FOUND = pd.read_csv(HERE / "r.csv")
INCOMES, SPELLS, PANEL = (pd.read_csv(HERE / f"{name}.csv") for name in ("incomes", "spells", "panel"))
Y, SIZE, Z = INCOMES["income"].to_numpy(), INCOMES["size"].to_numpy().astype(float), 30.0
T, E, CASES = SPELLS["time"].to_numpy(), SPELLS["event"].to_numpy() == 1, SPELLS["weight"].to_numpy().astype(float)
LINE = np.full(len(Y), Z)
DEPRIVED = ["d1", "d2", "d3", "d4", "d5"]


def r(name: str) -> np.ndarray:
    values = FOUND.loc[FOUND["name"] == name, "value"].to_numpy()
    assert len(values), f"R was not asked for {name}"
    return values


def same(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


# ---- laeken: inequality and poverty


def test_gini_is_laekens_weighted_or_not_and_by_group():
    same(gini(Y, SIZE), r("laeken gini"))
    same(gini(Y, np.ones(len(Y))), r("laeken gini unweighted"))
    strata = INCOMES["stratum"].to_numpy()
    same([gini(Y[strata == s], SIZE[strata == s]) for s in range(4)], r("laeken gini by stratum"))


def test_headcount_below_sixty_percent_of_the_median_is_laekens():
    same(fgt(Y, float(r("laeken arpt")[0]), SIZE, 0), r("laeken arpr"))


# ---- survey: estimates and linearised standard errors in clusters and strata


def error(slope):
    design = design_of(len(Y), INCOMES["cluster"].to_numpy(), INCOMES["stratum"].to_numpy())
    return np.sqrt(linearised_variance(slope, SIZE, design))


@pytest.mark.parametrize("alpha", [0, 1, 2])
def test_fgt_and_its_standard_error_are_those_of_survey(alpha):
    same([fgt(Y, Z, SIZE, alpha), error(influence.of_fgt(Y, LINE, SIZE, alpha))], r(f"survey fgt {alpha}"))


def test_watts_and_its_standard_error_are_those_of_survey():
    same([watts(Y, Z, SIZE), error(influence.of_watts(Y, LINE, SIZE))], r("survey watts"))


def test_entropies_and_their_standard_errors_are_those_of_survey():
    same([theil(Y, SIZE), error(influence.of_theil(Y, SIZE))], r("survey theil"))
    same([mean_log_deviation(Y, SIZE), error(influence.of_mld(Y, SIZE))], r("survey mld"))


@pytest.mark.parametrize("aversion", [1, 2])
def test_atkinson_and_its_standard_error_are_those_of_survey(aversion):
    ours = [atkinson(Y, SIZE, float(aversion)), error(influence.of_atkinson(Y, SIZE, float(aversion)))]
    same(ours, r(f"survey atkinson{aversion}"))


# ---- survival and lifelines: spells


def test_kaplan_meier_with_greenwood_is_that_of_survival():
    found = kaplan_meier(T, E)
    same(found.time, r("survival time"))
    same(found.at_risk, r("survival n.risk"))
    same(found.events, r("survival n.event"))
    same(found.survival, r("survival surv"))
    same(found.variance, r("survival variance"))
    same(found.limits(), [r("survival lower"), r("survival upper")])


def test_weights_are_numbers_of_cases():
    found = kaplan_meier(T, E, CASES)
    same(found.survival, r("survival weighted surv"))
    same(found.variance, r("survival weighted variance"))


@pytest.mark.parametrize("kind", ["plain", "weighted"])
def test_kaplan_meier_is_that_of_lifelines(kind):
    theirs = pd.read_csv(HERE / "lifelines.csv").query("kind == @kind")
    found = kaplan_meier(T, E, CASES if kind == "weighted" else None)
    low, high = found.limits()
    for ours, name in (
        (found.time, "time"), (found.at_risk, "at_risk"), (found.events, "events"), (found.survival, "survival"),
        (low, "lower"), (high, "upper"),
    ):  # fmt: skip
        same(ours, theirs[name])


@pytest.mark.parametrize("link", ["logit", "cloglog"])
def test_hazard_regression_is_rs_glm_of_person_periods(link):
    y, x = person_periods(T, E, SPELLS[["x", "group"]].to_numpy())
    early = x[:, 6:8].sum(axis=1) == 0  # nothing ends at the last dates, whose dummies would be infinite
    fit = fit_hazard(y[early], np.delete(x, [6, 7], axis=1)[early], link=link)
    same(fit.effects, r(f"glm {link} effects"))
    same(fit.log_likelihood, r(f"glm {link} likelihood"))
    np.testing.assert_allclose(fit.deviation, r(f"glm {link} deviation"), rtol=1e-7)


# ---- msm: transitions; base R: areas and ranks


def test_transition_counts_are_those_of_msm_where_no_date_is_missing_between():
    panel = panel_of(PANEL["id"].to_numpy(), PANEL["date"].to_numpy())
    # msm pairs each observation with the next, however late; so does a panel pushed together to the left.
    pushed = np.full(panel.rows.shape, -1, np.int8)
    for i, row in enumerate(panel.rows):
        seen = PANEL["state"].to_numpy()[row[row >= 0]]
        pushed[i, : len(seen)] = seen
    same(transition_matrix(pushed[:, :-1], pushed[:, 1:], 3).counts.ravel(), r("msm statetable"))


def test_area_under_the_curve_is_the_mann_whitney_statistic():
    same(roc(SPELLS["x"].to_numpy(), E, np.ones(len(E))).area, r("wilcox area"))


def test_rank_correlation_is_spearmans():
    same(rank_correlation(Y, SIZE, np.ones(len(Y))), r("cor spearman"))


# ---- mpitb: multidimensional poverty


@pytest.fixture(scope="module")
def mpi():
    tool = mpitb.MPIToolbox()
    tool.set(name="five", dimensions=[(["d1", "d2"], "first"), (["d3"], "second"), (["d4", "d5"], "third")])
    tool.svyset(weight="size")
    weights = tool.get_equal_weights("five")

    def estimate(k, over=None):
        return pd.DataFrame(tool.est(INCOMES.copy(), "five", klist=[k], over=over, svy=True)), weights

    return estimate


@pytest.mark.parametrize("k", [20, 40, 60, 80])
def test_alkire_foster_is_mpitbs(mpi, k):
    theirs, weights = mpi(k)
    w = [weights[name] for name in DEPRIVED]
    found = alkire_foster(INCOMES[DEPRIVED].to_numpy() == 1, w, k / 100, SIZE)
    value = theirs.set_index("measure")["b"]
    same([found.headcount, found.intensity, found.adjusted], [value["H"], value["A"], value["M0"]])
    for measure, ours in (
        ("hdk", found.censored), ("hd", found.deprived), ("actb", found.contribution * found.adjusted),
        ("pctb", found.contribution),
    ):  # fmt: skip
        by_indicator = theirs[theirs["measure"] == measure].set_index("indicator")["b"]
        same(ours, by_indicator[DEPRIVED])


def test_contributions_by_subgroup_are_mpitbs(mpi):
    theirs, weights = mpi(40, over=["stratum"])
    own = theirs[(theirs["measure"] == "M0") & (theirs["loa"] == "stratum")].sort_values("subg")["b"].to_numpy()
    w, strata = [weights[name] for name in DEPRIVED], INCOMES["stratum"].to_numpy()
    found = by_subgroup(INCOMES[DEPRIVED].to_numpy() == 1, w, 0.4, SIZE, strata)
    share = np.bincount(strata, SIZE) / SIZE.sum()
    same(found.adjusted, own)
    same(found.contribution, share * own / (share * own).sum())


# ---- what the other packages get wrong


def test_sen_takes_the_gini_of_the_poor_and_not_of_all():
    y = np.array([1.0, 2, 3, 4, 5, 6, 8, 10, 14, 20])
    assert sen(y, 5.5, np.ones(10)) == pytest.approx(0.30, abs=1e-14)
    of_all = 0.5 * (5 / 11 + 6 / 11 * gini(y, np.ones(10)))
    assert of_all == pytest.approx(0.3404732, abs=5e-8)  # what apode, poverty and povertyinequalitymeasures say
    assert sen_shorrocks_thon(y, 5.5, np.ones(10)) == pytest.approx(25 / 110 * 1.66, abs=1e-14)
