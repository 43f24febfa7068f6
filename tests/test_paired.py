"""Paired statistics: against scipy, closed forms, and what must be refused."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from fupin_sim.errors import BadInput
from fupin_sim.paired import (
    IncompleteBlock,
    NotPaired,
    PairedEffect,
    Rule,
    chance_of_best,
    complete_block,
    cost_per_averted,
    effect_of,
    holm,
    net_benefits,
    paired_interval,
    pairing_saved,
    reached,
    together,
    wanting,
)

RNG = np.random.default_rng(6)
LUCK = RNG.normal(10, 3, 40)
ARM, BASE = LUCK + RNG.normal(1, 0.5, 40), LUCK
numbers = st.floats(-1e6, 1e6, allow_subnormal=False)


# ---- effects


def test_the_interval_is_that_of_a_paired_t_test():
    found, known = paired_interval(ARM, BASE), stats.ttest_rel(ARM, BASE)
    low, high = known.confidence_interval(0.95)
    assert (found.low, found.high, found.p) == pytest.approx((low, high, known.pvalue), rel=1e-10)
    assert found.skew == pytest.approx(stats.skew(ARM - BASE, bias=False), rel=1e-10)
    assert (found.n, found.told_apart) == (40, True)
    wide = paired_interval(ARM, BASE, 0.99)
    assert wide.half == pytest.approx(np.diff(known.confidence_interval(0.99))[0] / 2)


@given(arrays(float, 12, elements=numbers), arrays(float, 12, elements=numbers))
def test_swapping_the_arms_turns_the_sign(one, other):
    there, back = paired_interval(one, other), paired_interval(other, one)
    assert (there.mean, there.low, there.high, there.skew) == (-back.mean, -back.high, -back.low, -back.skew)
    assert (there.half, there.p, there.told_apart) == (back.half, back.p, back.told_apart)


@given(arrays(float, 8, elements=st.floats(-100, 100)), st.floats(-10, 10))
def test_luck_that_both_share_cancels(luck, shift):
    """What differs by a constant has no interval to speak of, and rounding makes neither width nor skewness."""
    found = paired_interval(luck + shift, luck)
    assert found.mean == pytest.approx(shift, abs=1e-11)
    assert (found.half, found.skew) == (0.0, 0.0)


def test_equal_arms_have_no_effect_and_no_p_below_one():
    found = paired_interval(BASE, BASE)
    assert (found.mean, found.half, found.p, found.told_apart) == (0.0, 0.0, 1.0, False)


def test_one_pair_has_a_mean_and_nothing_else():
    found = paired_interval([3.0], [1.0])
    assert (found.mean, found.n) == (2.0, 1)
    assert all(map(math.isnan, (found.low, found.high, found.half, found.p)))
    assert not found.told_apart


@pytest.mark.parametrize("hole", [math.nan, math.inf])
def test_a_value_that_is_missing_makes_no_interval(hole):
    holed = ARM.copy()
    holed[7] = hole
    for one, other in ((holed, BASE), (BASE, holed)):
        for ask in (paired_interval, pairing_saved):
            with pytest.raises(IncompleteBlock, match="replicate 7; no interval"):
                ask(one, other)
    with pytest.raises(IncompleteBlock):
        chance_of_best(np.stack([holed, BASE], axis=1))
    with pytest.raises(IncompleteBlock):
        cost_per_averted(ARM, holed, BASE, BASE)
    with pytest.raises(IncompleteBlock):
        net_benefits(holed, ARM, BASE, BASE)
    with pytest.raises(IncompleteBlock):
        holm([0.1, math.nan])


def test_what_does_not_stand_in_pairs_is_refused():
    with pytest.raises(NotPaired, match="40 replicates of one arm, 39 of the other"):
        paired_interval(ARM, BASE[1:])
    with pytest.raises(NotPaired):
        paired_interval([], [])
    with pytest.raises(NotPaired):
        cost_per_averted(ARM, ARM[1:], BASE, BASE[1:])


def test_importing_it_does_not_import_all_of_scipy_stats():
    told = (
        "import sys, fupin_sim.paired as p; p.paired_interval([1., 2.], [0., 0.]); print('scipy.stats' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


# ---- stopping


def effect(half, skew=0.0, n=20, mean=0.0):
    return PairedEffect(mean, mean - half, mean + half, half, n, skew, 1.0, 0.5)


def test_looks_begin_at_the_first_and_end_at_the_most():
    rule = Rule(20, 10, 55, {"headcount": 0.01})
    assert list(rule.looks()) == [20, 30, 40, 50, 55]
    assert [rule.next_look(pairs) for pairs in (0, 19, 20, 50, 55)] == [20, 20, 30, 55, None]
    assert list(Rule(20, 10, 15, {"headcount": 0.01}).looks()) == [15]
    assert list(Rule(most=9).looks()) == [9]


def test_it_stops_when_every_contrast_has_every_measure_that_is_asked_for():
    rule = Rule(until={"headcount": 0.1, "return_rate": 0.2})
    effects = {(arm, m): effect(0.1) for arm in ("need", "random") for m in ("headcount", "return_rate", "gini")}
    assert reached(rule, effects, 20)
    assert reached(rule, {**effects, ("need", "gini"): effect(9.0)}, 20)  # nobody asked for that one
    assert not reached(rule, effects, 19)
    for key in effects:
        if key[1] != "gini":
            assert not reached(rule, {**effects, key: effect(0.21)}, 20)
            assert reached(rule, {**effects, key: effect(0.21)}, 400)


def test_a_skewed_series_goes_on_to_a_hundred_pairs():
    rule = Rule(until={"headcount": 0.1})
    for skew in (1.5, -1.5):
        assert not reached(rule, {("a", "headcount"): effect(0.05, skew, 90)}, 90)
        assert reached(rule, {("a", "headcount"): effect(0.05, skew, 100)}, 100)
        assert not reached(rule, {("a", "headcount"): effect(0.15, skew, 100)}, 100)
    (left,) = wanting(rule.until, {("a", "headcount"): effect(0.05, 1.5, 90)})
    assert str(left) == "headcount: skewed (+1.5), goes on to 100 pairs"


def test_a_half_width_that_is_not_known_is_not_reached():
    assert not reached(Rule(2, 1, 9, {"a": 1.0}), {("x", "a"): effect(math.nan)}, 2)


def test_with_nothing_asked_for_all_pairs_are_run():
    assert not reached(Rule(most=30), {("a", "headcount"): effect(0.0)}, 29)
    assert reached(Rule(most=30), {}, 30)


def test_what_is_wanting_stands_in_order_of_how_far_off_it_is():
    until = {"headcount": 0.1, "return_rate": 0.01}
    effects = {("a", "headcount"): effect(0.15), ("a", "return_rate"): effect(0.03), ("b", "headcount"): effect(0.1)}
    found = wanting(until, effects)
    assert [(each.contrast, each.measure) for each in found] == [("a", "return_rate"), ("a", "headcount")]
    assert str(found[0]) == "return_rate: ± 0.03, wanted ± 0.01"


def test_a_rule_that_makes_no_sense_is_refused_whole():
    with pytest.raises(BadInput) as caught:
        Rule(1, 0, 0, {"headcount": 0.0, "gini": math.nan})
    assert len(caught.value.mistakes) == 5
    with pytest.raises(BadInput, match='Did you mean "headcount"'):
        wanting({"hedcount": 0.1}, {("a", "headcount"): effect(0.1)})


# ---- the best


def test_of_two_arms_it_is_students_one_sided_p():
    for n in (3, 8, 40):
        base, arm = LUCK[:n], LUCK[:n] - 0.2 + 0.5 * RNG.normal(size=n)
        p = stats.ttest_rel(arm, base, alternative="greater").pvalue
        assert chance_of_best(np.stack([arm, base], axis=1)) == pytest.approx([p, 1 - p], abs=0.012)


def test_lower_or_higher_is_better_as_said():
    table = np.stack([LUCK, LUCK + 2, LUCK + 1], axis=1)
    assert chance_of_best(table).tolist() == [1, 0, 0]
    assert chance_of_best(table, "higher").tolist() == [0, 1, 0]


def test_equal_arms_share_the_chance_and_shared_luck_says_nothing():
    noise = RNG.normal(size=(40, 3))
    alone, shared = chance_of_best(noise), chance_of_best(noise + 1e3 * LUCK[:, None])
    assert alone == pytest.approx(shared, abs=0.001)
    assert chance_of_best(np.repeat(LUCK[:, None], 4, axis=1)).tolist() == [0.25] * 4


def test_three_arms_agree_with_a_plain_multivariate_student():
    table = RNG.normal(size=(25, 3)) @ np.array([[1, 0.5, 0], [0, 1, 0.3], [0, 0, 2]]) + [0.1, 0.0, 0.3]
    drawn = stats.multivariate_t(table.mean(axis=0), np.cov(table.T) / 25, df=24).rvs(200_000, random_state=1)
    wanted = np.bincount(drawn.argmin(axis=1), minlength=3) / 200_000
    assert chance_of_best(table) == pytest.approx(wanted, abs=0.012)


def test_the_chance_is_the_same_every_time_and_does_not_hang_on_the_order_of_arms():
    table = RNG.normal(size=(20, 4))
    first = chance_of_best(table)
    assert (chance_of_best(table) == first).all()
    assert chance_of_best(table[:, ::-1])[::-1] == pytest.approx(first, abs=1e-3)
    assert first.sum() == pytest.approx(1.0)


# ---- several contrasts


def _holm_by_hand(p):
    """The smallest level at which the step-down test rejects each."""
    found = np.ones(len(p))
    for level in sorted({min(1.0, x * k) for x in p for k in range(1, len(p) + 1)}, reverse=True):
        left = sorted(range(len(p)), key=lambda i: p[i])
        while left and p[left[0]] * len(left) <= level * (1 + 1e-12):
            found[left.pop(0)] = level
    return found


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_holm_is_the_smallest_level_of_the_step_down_test(p):
    assert holm(p) == pytest.approx(_holm_by_hand(p), abs=1e-9)
    assert (holm(p) >= np.array(p) - 1e-15).all()


def test_intervals_together_are_wider_and_never_tell_more_apart_than_holm():
    effects = [effect_of(RNG.normal(shift, 1, 30)) for shift in (0.0, 0.4, 0.45, 0.5, 1.0)]
    found = together(effects)
    assert all(wide.half > one.half and wide.mean == one.mean for wide, one in zip(found, effects, strict=True))
    assert [each.p for each in found] == holm([each.p for each in effects]).tolist()
    assert all(each.p <= 0.05 for each in found if each.told_apart)
    assert any(each.told_apart for each in found)
    assert together([]) == []
    alone = together(effects[:1])[0]
    assert alone.half == pytest.approx(effects[0].half)


# ---- what pairing saved


def test_arms_that_share_nothing_save_nothing_and_much_shared_luck_saves_much():
    one, other = RNG.normal(size=(2, 400))
    assert pairing_saved(one, other) == pytest.approx(1.0, abs=0.12)
    luck = RNG.normal(0, 3, 400)
    wanted = (9 + 9 + 0.25) / 0.25
    assert pairing_saved(luck + 0.5 * other, luck) == pytest.approx(wanted, rel=0.15)
    assert pairing_saved(luck, -luck) < 1


def test_so_many_runs_apart_really_give_that_interval():
    m, n = pairing_saved(ARM, BASE) * 40, 40
    unpaired = stats.t.ppf(0.975, 2 * m - 2) * math.sqrt((ARM.var(ddof=1) + BASE.var(ddof=1)) / m)
    assert unpaired == pytest.approx(paired_interval(ARM, BASE).half, rel=1e-9)
    assert m / n > 10


def test_differences_that_do_not_vary_save_without_end():
    assert pairing_saved(BASE + 1, BASE) == math.inf
    assert math.isnan(pairing_saved([1.0, 1.0], [2.0, 2.0]))
    assert math.isnan(pairing_saved([1.0], [2.0]))


# ---- yuan per averted poor person-year

YEARS = 50 + RNG.normal(0, 5, 40)
COST = 1_000 + RNG.normal(0, 20, 40)
NO_COST = np.zeros(40)


def test_the_ratio_is_that_of_the_means_and_its_limits_are_fiellers():
    averted = 10 + RNG.normal(0, 2, 40)
    found = cost_per_averted(COST, YEARS - averted, NO_COST, YEARS)
    assert found.yuan == pytest.approx(COST.mean() / averted.mean())
    assert found.averted.mean == pytest.approx(averted.mean())
    for limit in (found.low, found.high):  # at a limit, cost − limit·averted is just told apart from 0
        assert stats.ttest_1samp(COST - limit * averted, 0).pvalue == pytest.approx(0.05, rel=1e-6)
    assert found.low < found.yuan < found.high
    assert str(found).endswith("per averted poor person-year")


def test_there_is_no_ratio_to_what_may_be_nothing():
    averted = RNG.normal(0.1, 3, 40)
    found = cost_per_averted(COST, YEARS - averted, NO_COST, YEARS)
    assert not found.told
    assert all(map(math.isnan, (found.yuan, found.low, found.high)))
    assert str(found) == "no ratio: poor person-years averted cannot be told from none"


@pytest.mark.parametrize(
    ("sign_of_cost", "sign_of_averted", "said"),
    [(-1, 1, "costs no more and averts"), (1, -1, "costs more and adds poverty"), (-1, -1, "saves 1")],
)
def test_in_the_other_quadrants_it_is_said_what_the_ratio_would_hide(sign_of_cost, sign_of_averted, said):
    averted = sign_of_averted * (10 + RNG.normal(0, 1, 40))
    found = cost_per_averted(sign_of_cost * COST, YEARS - averted, NO_COST, YEARS)
    assert str(found).startswith(said)


def test_net_benefit_grows_with_what_it_is_worth_and_crosses_at_the_ratio():
    averted = 0.1 + RNG.normal(0, 0.02, 40)
    found = net_benefits(COST, YEARS - averted, NO_COST, YEARS)
    assert [each.worth for each in found] == [1_000.0 * i for i in range(1, 21)]
    yuan = COST.mean() / averted.mean()
    for each in found:
        assert each.benefit.mean == pytest.approx(each.worth * averted.mean() - COST.mean())
        assert (each.benefit.mean > 0) == (each.worth > yuan) == (each.probability > 0.5)
        assert each.share == np.mean(each.worth * averted > COST)
    chances = [each.probability for each in found]
    assert chances == sorted(chances)
    assert chances[0] < 0.001 < 0.999 < chances[-1]


# ---- complete blocks


def headlines(points=(0,), arms=("none", "need"), replicates=4):
    rows = [
        {"point": p, "arm": a, "replicate": r, "seed": 100 + r, "status": "ok", "headcount": p + r / 10, "gini": 0.4}
        for r in range(replicates)
        for p in points
        for a in arms
    ]
    return pd.DataFrame(rows)


def cells(points=(0,), arms=("none", "need")):
    return [(p, a) for p in points for a in arms]


def test_a_complete_block_holds_values_by_cell_in_the_order_of_replicates():
    shuffled = headlines((1, 2)).sample(frac=1, random_state=1)
    block = complete_block(shuffled, ["headcount"], cells((1, 2)), range(3))
    assert block.of("need", "headcount", 2).tolist() == [2.0, 2.1, 2.2]
    assert block.table(("need", "none"), "headcount", 1).tolist() == [[1.0, 1.0], [1.1, 1.1], [1.2, 1.2]]
    assert block.replicates == (0, 1, 2)


def test_one_missing_value_is_named_and_nothing_is_given():
    frame = headlines((1, 2))
    frame.loc[(frame.point == 2) & (frame.arm == "need") & (frame.replicate == 3), "headcount"] = math.nan
    with pytest.raises(IncompleteBlock) as caught:
        complete_block(frame, ["headcount", "gini"], cells((1, 2)), range(4), "teams")
    assert caught.value.mistakes == ["point 2, arm need: headcount is missing: replicate 3"]
    assert "fupin-sim study retry-failed teams" in str(caught.value)
    assert complete_block(frame, ["gini"], cells((1, 2)), range(4))  # what is not asked for may be missing
    assert complete_block(frame, ["headcount"], cells((1, 2)), range(3))


def test_failed_and_absent_runs_are_named_with_their_reason():
    frame = headlines()
    frame.loc[(frame.arm == "none") & (frame.replicate == 1), "status"] = "crashed"
    frame = frame[~((frame.arm == "need") & (frame.replicate >= 2))]
    with pytest.raises(IncompleteBlock) as caught:
        complete_block(frame, ["headcount"], cells(), range(4))
    assert caught.value.mistakes == ["arm none: crashed: replicate 1", "arm need: not run: replicates 2, 3"]


def test_a_measure_that_an_arm_can_never_have_is_not_offered_to_be_tried_again():
    frame = headlines()
    frame.loc[frame.arm == "none", "gini"] = math.nan
    with pytest.raises(IncompleteBlock, match="arm none: gini is missing in every run; it has no meaning there"):
        complete_block(frame, ["gini"], cells(), range(4))
    with pytest.raises(IncompleteBlock, match="theil was not measured"):
        complete_block(frame, ["theil"], cells(), range(4))


def test_many_faults_are_counted_and_not_all_listed():
    with pytest.raises(IncompleteBlock) as caught:
        complete_block(headlines(), ["headcount"], cells(range(1, 41)), range(4))
    assert caught.value.mistakes[-1] == "… and 68 more"


def test_other_seeds_or_a_run_twice_are_no_pairs():
    frame = headlines()
    frame.loc[(frame.arm == "need") & (frame.replicate == 2), "seed"] = 7
    with pytest.raises(NotPaired, match="replicate 2: arms or points had different seeds"):
        complete_block(frame, ["headcount"], cells(), range(4))
    with pytest.raises(NotPaired, match="stands there twice"):
        complete_block(pd.concat([headlines(), headlines()]), ["headcount"], cells(), range(4))
