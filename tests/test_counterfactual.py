"""Households with and without a policy: who was saved and harmed, and that they add up to the effect."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, reject, settings

from fupin_sim import outcomes
from fupin_sim.counterfactual import (
    compare_households,
    diary,
    household_cost_effectiveness,
    side_by_side,
    summary,
    two_diaries,
)
from fupin_sim.counterfactual.households import TABLE
from fupin_sim.dated import month_name
from fupin_sim.errors import BadInput
from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.sources import CAUSES, components, first_causes
from fupin_sim.model import PovertyModel
from fupin_sim.outcomes import COLUMNS
from fupin_sim.simulation import resume, simulate, snapshot
from fupin_sim.store import packed, unpacked
from tests.identities.bits import SHARED
from tests.strategies import scenario_of, scenarios, tables

FEW = settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow])
MEASURES = {"use": ["poor_person_years", "spending_by_policy", "headcount", "entry_by_cause"]}
WITHOUT = [policy for policy in SHARED["policy"] if policy["name"] != "aid"]


def lived(tables, **settings):
    return simulate(scenario_of(tables, measures=MEASURES), outcomes=True, **settings)


@cache
def with_aid():
    return lived(SHARED, households="monthly")


@cache
def without_aid():
    return lived({**SHARED, "policy": WITHOUT}, households="monthly")


@cache
def compared():
    return compare_households(without_aid(), with_aid())


def equal(one, other):
    pd.testing.assert_frame_equal(one, other, check_exact=True)
    return True


# ---- outcomes


def test_outcomes_are_what_the_panel_says():
    frame, panel = with_aid().outcomes, with_aid().households
    by = panel.groupby("luck", sort=False)
    assert list(frame) == list(COLUMNS)
    assert (frame["luck"].to_numpy() == np.array(list(by.groups))).all()
    assert (frame["poor_months"].to_numpy() == by["poor"].sum().to_numpy()).all()
    months = (panel["poor"] * panel["members"].astype(int)).groupby(panel["luck"], sort=False).sum()
    assert (np.rint(12 * frame["poor_person_years"]).to_numpy() == months.to_numpy()).all()
    decembers = panel[panel["month"].str.endswith("-12")].groupby("luck", sort=False)
    assert (frame["poor_decembers"].to_numpy() == decembers["poor"].sum().to_numpy()).all()
    assert (frame["poor_at_end"].to_numpy() == by["poor"].last().to_numpy()).all()
    assert (frame["members_at_end"].to_numpy() == by["members"].last().to_numpy()).all()
    returned = decembers["returned_on"].agg(lambda dates: (dates != "").any()).to_numpy()
    assert (frame["ever_returned"].to_numpy() >= returned).all()
    assert returned.any()
    assert frame["ever_newly_poor"].any()


def spent_and_carried(scenario):
    """Fen that policies spent, and households received, by the policies; then what households say of it."""
    model, spent, received = PovertyModel(scenario, outcomes=True), 0.0, 0.0
    while not model.over:
        model.step()
        outlays = model.world.outlays.values()
        spent += sum(float(outlay.spent.sum()) for outlay in outlays)
        received += sum(float(outlay.received.sum()) for outlay in outlays)
    frame = model.recorder.outcomes.frame(model.world)
    assert (frame[["received", "overhead"]] >= 0).all(axis=None)
    mine = [int(np.rint(frame[name] * 100).sum()) for name in ("received", "overhead")]
    return [received, spent], [mine[0], sum(mine)]


def test_received_and_overhead_of_households_are_the_outlays_of_policies_to_the_fen():
    (received, spent), mine = spent_and_carried(scenario_of(SHARED))
    assert mine == [received, spent]
    assert spent > received > 0


@FEW
@given(scenarios(years=1, counties=2))
def test_whatever_policies_there_are_households_carry_all_they_spend(scenario):
    try:
        theirs, mine = spent_and_carried(scenario)
    except OverflowError:
        reject()
    assert theirs == mine


def test_discounted_yuan_and_years_of_households_are_those_of_the_months():
    scenario = scenario_of(SHARED, measures={"use": ["poor_person_years_discounted"]}, cost={"rate": 0.05})
    model, spent, month = PovertyModel(scenario, outcomes=True), 0.0, 0
    while not model.over:
        model.step()
        outlays = sum(float(outlay.spent.sum()) for outlay in model.world.outlays.values())
        spent, month = spent + outlays / 100.0 * 1.05 ** (-month / 12), month + 1
    frame = model.recorder.outcomes.frame(model.world)
    assert frame["cost_discounted"].sum() == pytest.approx(spent, rel=1e-12)
    years = model.recorder.headlines()["poor_person_years_discounted"]
    assert frame["poor_person_years_discounted"].sum() == pytest.approx(years, rel=1e-12)
    assert 0 < years < frame["poor_person_years"].sum()


def test_at_a_rate_of_nothing_discounted_is_as_it_is():
    frame = lived({**SHARED, "cost": {"rate": 0.0}}).outcomes
    assert frame["poor_person_years_discounted"].to_numpy() == pytest.approx(frame["poor_person_years"], abs=1e-12)
    assert frame["cost_discounted"].to_numpy() == pytest.approx(frame["received"] + frame["overhead"], abs=1e-8)


def test_administration_follows_what_is_received():
    told = {**SHARED, "process": {}, "policy": [{"use": "uniform_cash", "level": 1200.0, "administration": 0.1}]}
    (received, spent), mine = spent_and_carried(scenario_of(told))
    assert mine == [received, spent]
    frame = lived(told).outcomes
    assert frame["overhead"].to_numpy() == pytest.approx(0.1 * frame["received"].to_numpy(), abs=0.01 * 36)


@pytest.mark.parametrize("block", [1, 27])
def test_any_block_size_gives_the_same_outcomes(block):
    assert equal(lived(SHARED, block=block).outcomes, with_aid().outcomes)


@pytest.mark.parametrize("month", ["", "2016-12", "2017-05"])
def test_a_run_taken_up_again_counts_as_if_it_had_not_been_stopped(month):
    moment = snapshot(with_aid().scenario, month, outcomes=True)
    again = resume(moment)
    assert equal(again.outcomes, with_aid().outcomes)
    assert again.digest == with_aid().digest


def test_a_county_alone_has_the_same_outcomes():
    whole = with_aid().outcomes
    alone = lived(SHARED, counties=[1]).outcomes
    mine = whole[whole["county"] == 1].reset_index(drop=True)
    assert equal(alone.astype({"cause": str}), mine.astype({"cause": str}))


def test_not_asked_for_nothing_is_kept_and_asked_for_no_measure_changes():
    plain = simulate(with_aid().scenario)
    assert plain.outcomes is None
    assert plain.digest == with_aid().digest


def test_from_a_decision_month_on_counts_begin_there():
    late = simulate(with_aid().scenario, outcomes="2017-01", households="monthly")
    panel = late.households[late.households["month"] >= "2017-01"]
    assert (late.outcomes["poor_months"].to_numpy() == panel.groupby("luck", sort=False)["poor"].sum()).all()
    first = panel[panel["month"] == "2017-01"]
    for name in ("decile", "members"):
        assert (late.outcomes[name].to_numpy() == first[name].to_numpy()).all()
    branch = resume(snapshot(with_aid().scenario, "2016-12"), outcomes=True)
    assert equal(branch.outcomes.drop(columns="cause"), late.outcomes.drop(columns="cause"))
    known = resume(snapshot(with_aid().scenario, "2016-12", outcomes=True), outcomes="2017-01")
    assert equal(known.outcomes, late.outcomes)


@pytest.mark.parametrize("month", ["2015-12", "2019-01", "17"])
def test_a_decision_month_outside_the_run_is_refused(month):
    with pytest.raises(BadInput, match="outcomes"):
        simulate(with_aid().scenario, outcomes=month)


# ---- the identity


def adds_up(a, b):
    """Whether the table of households adds up to what the two runs themselves say; from their series and panels."""
    frame = compare_households(a, b)
    all_ = summary(frame).iloc[0]
    assert list(frame) == list(TABLE)
    months = [
        sum(round(12 * value) for value in run.series.query("measure == 'poor_person_years'")["value"])
        for run in (a, b)
    ]
    assert round(12 * all_["change"]) == months[1] - months[0]
    ends = [run.households[run.households["month"] == run.households["month"].max()] for run in (a, b)]
    persons = [int(end["members"][end["poor"]].astype(int).sum()) for end in ends]
    assert all_["persons_at_end"] == persons[1] - persons[0]
    assert all_["households_at_end"] == int(ends[1]["poor"].sum()) - int(ends[0]["poor"].sum())
    assert all_["lifted"] - all_["dropped"] == -all_["households_at_end"]
    assert all_["saved"] + all_["harmed"] + all_["unchanged"] == all_["households"] == len(ends[0])
    for by in ("cause", "decile", "county", "village", "outcome"):
        groups = summary(frame, by)
        for name in ("households", "saved", "harmed", "persons_at_end"):
            assert groups[name].sum() == all_[name]
        for name in ("change_discounted", "cost_discounted"):
            assert groups[name].sum() == pytest.approx(all_[name], abs=1e-6)
        for name, parts in (("averted", 12), ("caused", 12), ("cost", 100), ("received", 100)):
            assert np.rint(groups[name] * parts).sum() == np.rint(all_[name] * parts)
    return frame


def test_saved_and_harmed_add_up_to_the_effect_of_a_policy():
    frame = adds_up(without_aid(), with_aid())
    assert {"saved", "unchanged"} <= set(frame["outcome"])
    assert summary(frame)["averted"][0] > 0
    assert summary(frame)["cost"][0] > 0


@FEW
@given(tables(), tables())
def test_saved_and_harmed_add_up_in_any_two_scenarios_of_one_population(one, other):
    shared = {name: one[name] for name in ("population", "burn_in", "scenario")}
    try:
        a, b = (lived({**each, **shared}, households="monthly") for each in (one, other))
    except OverflowError:
        reject()
    adds_up(a, b)


def test_turned_round_the_saved_are_the_harmed():
    there, back = summary(compared()).iloc[0], summary(compare_households(with_aid(), without_aid())).iloc[0]
    assert (there["saved"], there["lifted"], there["averted"]) == (back["harmed"], back["dropped"], back["caused"])
    assert there["cost"] == -back["cost"]


REACHES_NOBODY = {
    "of nothing": {"use": "uniform_cash", "level": 0.0}, "without money": {"use": "uniform_cash", "budget": 0.0},
    "after the end": {"use": "dibao", "start": "2019-01"},
    "monitoring that nothing can find": {
        "use": "monitoring", "coverage": "sudden", "capacity": 0.0, "screening": 0.0,
    },
}  # fmt: skip


@pytest.mark.parametrize("policy", REACHES_NOBODY.values(), ids=list(REACHES_NOBODY))
def test_a_policy_that_reaches_nobody_saves_and_harms_nobody_at_no_cost(policy):
    more = lived({**SHARED, "policy": [*SHARED["policy"], {"name": "idle", **policy}]})
    assert equal(more.outcomes, with_aid().outcomes)
    all_ = summary(compare_households(with_aid(), more)).iloc[0]
    assert all_["unchanged"] == all_["households"]
    for name in ("lifted", "dropped", "averted", "caused", "received", "overhead", "cost"):
        assert all_[name] == 0
    assert np.isnan(all_["cost_per_averted"])


# ---- categories by hand


def made(**columns):
    """Outcomes of four households, written by hand."""
    n = 4
    base = {name: np.zeros(n, int) for name in COLUMNS} | {"luck": np.arange(n, dtype=np.uint64) + 7}
    base |= {"cause": ["none"] * n, "poor_at_end": [False] * n, "received": [0.0] * n, "overhead": [0.0] * n}
    return pd.DataFrame({**base, **columns})[list(COLUMNS)]


def test_categories_as_told_by_hand():
    a = made(
        poor_person_years=[2.0, 0.0, 1.0, 0.25], poor_months=[12, 0, 6, 3], poor_decembers=[1, 0, 1, 0],
        cause=["wages", "none", "none", "none"], poor_at_end=[True, False, False, False],
        members_at_end=[2, 3, 4, 1], received=[0.10, 0, 0, 5],
    )  # fmt: skip
    b = made(
        poor_person_years=[0.0, 0.5, 1.0, 0.0], poor_months=[0, 2, 6, 0], poor_decembers=[0, 1, 1, 0],
        cause=["none", "business", "none", "none"], poor_at_end=[False, True, False, False],
        members_at_end=[2, 3, 4, 1], received=[0.30, 0, 0, 5], overhead=[0.01, 0.02, 0, 0],
    )  # fmt: skip
    frame = compare_households(a, b.iloc[::-1])
    assert frame["outcome"].tolist() == ["saved", "harmed", "unchanged", "saved"]
    assert frame["cause"].tolist() == ["wages", "business", "poor already", "between Decembers"]
    assert frame["lifted"].tolist() == [True, False, False, False]
    assert frame["dropped"].tolist() == [False, True, False, False]
    assert frame["poor_persons_at_end"].tolist() == [-2, 3, 0, 0]
    assert frame["cost"].tolist() == [0.21, 0.02, 0.0, 0.0]
    all_ = summary(frame).iloc[0]
    assert (all_["averted"], all_["caused"], all_["change"], all_["cost"]) == (2.25, 0.5, -1.75, 0.23)
    assert all_["cost_per_averted"] == pytest.approx(0.23 / 1.75)


# ---- what cannot be compared


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"scenario": {**SHARED["scenario"], "seed": 5}}, "seeds differ"),
        ({"population": {**SHARED["population"], "households": 8}}, "only in the world without"),
        ({"population": {**SHARED["population"], "savings": 9.0}}, r"settings of \[population\] differ"),
        ({"burn_in": {"months": 6}}, "first months differ"),
        ({"scenario": {**SHARED["scenario"], "years": 1}}, "end in different months"),
    ],
    ids=["seed", "households", "population", "burn-in", "end"],
)
def test_worlds_that_do_not_share_luck_are_refused(other, said):
    with pytest.raises(BadInput, match=said):
        compare_households(with_aid(), lived({**SHARED, **other}))


def test_what_is_no_frame_of_outcomes_is_refused():
    with pytest.raises(BadInput, match="outcomes=True"):
        compare_households(with_aid(), simulate(with_aid().scenario))
    with pytest.raises(BadInput, match="no column decile"):
        compare_households(made(), made().drop(columns="decile"))
    with pytest.raises(BadInput, match="two rows"):
        compare_households(made(), pd.concat([made(), made()]))
    with pytest.raises(BadInput, match='Did you mean "cause"'):
        summary(compared(), "causes")


# ---- over replicates


def test_cost_effectiveness_over_replicates_is_that_of_their_sums():
    short = {**SHARED, "scenario": {**SHARED["scenario"], "years": 1}}
    frames = [
        compare_households(*(lived({**short, "policy": p}, seed=seed) for p in (WITHOUT, SHARED["policy"])))
        for seed in (1, 2, 3)
    ]
    found, plain = household_cost_effectiveness(frames)[""], household_cost_effectiveness(frames, discounted=False)[""]
    sums = pd.concat([summary(frame) for frame in frames])
    assert found.n == 3
    assert plain.cost == pytest.approx(sums["cost"].mean())
    assert plain.per_averted == pytest.approx(sums["cost"].sum() / -sums["change"].sum())
    assert found.cost == pytest.approx(sums["cost_discounted"].mean()) != plain.cost
    assert found.per_averted == pytest.approx(sums["cost_discounted"].sum() / -sums["change_discounted"].sum())
    by = household_cost_effectiveness(frames, "decile")
    assert sum(each.averted for each in by.values()) == pytest.approx(found.averted)
    with pytest.raises(NotMeasured, match="at least 2"):
        household_cost_effectiveness(frames[:1])


# ---- entry by cause


def test_entries_by_cause_are_shares_that_sum_to_one_and_agree_with_the_panel():
    found = with_aid().series.query("measure == 'entry_by_cause'").pivot(index="month", columns="group", values="value")
    assert list(found.index) == ["2016-12", "2017-12", "2018-12"]
    assert found.loc["2016-12"].isna().all()
    assert found.loc["2017-12"].sum() == pytest.approx(1.0)
    assert (found.loc["2017-12"] > 0).sum() >= 2


def test_the_parts_of_a_fall_add_up_to_the_change_of_the_distance_to_the_line(monkeypatch):
    distances, causes = [], []

    def spy(memory, world, rows):
        everyone = np.arange(len(world))
        before, after = components(memory, world, everyone)
        distance = world.income_pc() - world.line
        assert after.sum(axis=1) == pytest.approx(distance, abs=0.1)
        if distances:
            assert before.sum(axis=1) == pytest.approx(distances[-1], abs=0.1)
        distances.append(distance)
        causes.append(found := first_causes(memory, world, rows))
        return found

    monkeypatch.setattr(outcomes, "first_causes", spy)
    rising = {**SHARED, "line": {"level": {"2015-01": 4000.0, "2018-01": 9000.0}}}
    simulate(scenario_of(rising), outcomes=True)
    assert len(distances) == 3
    assert set(causes[0].tolist()) <= {-1}
    assert CAUSES.index("line") in causes[2]


# ---- diaries


def test_a_diary_is_the_household_of_the_panel_lived_in_its_county_alone():
    panel, frame = with_aid().households, with_aid().outcomes
    row = int(frame["received"].argmax())
    told = diary(with_aid().scenario, None, row)
    mine = panel[panel["luck"] == frame["luck"][row]].reset_index(drop=True)
    for name in ("members", "migrants", "capital", "wealth", "income12", "poor", "registered"):
        assert (told[name].to_numpy() == mine[name].to_numpy()).all(), name
    assert round(100 * told["received"].sum()) == round(100 * frame["received"][row])
    at = frame.loc[row]
    name = f"{at['county']}-{at['village']}-{at['household']}"
    assert equal(told, diary(with_aid().scenario, None, name))
    assert equal(told, diary(with_aid().scenario, None, str(at["luck"])))
    assert set(told["month"]) == {month_name(m) for m in range(2016 * 12, 2019 * 12)}


@pytest.mark.parametrize("household", ["99", "0-0-99", "0-99-0", "Wang", "-1"])
def test_a_household_that_is_not_there_is_refused(household):
    with pytest.raises(BadInput, match="household"):
        diary(with_aid().scenario, None, household)


def test_two_lives_part_where_the_policy_first_reaches_the_household():
    frame = compared()
    row = int(frame.index[frame["outcome"] == "saved"][0])
    two = two_diaries(with_aid().scenario, without_aid().scenario, row)
    before = two.a["month"] < two.month
    same = [name for name in two.a if name != "events"]
    assert equal(two.a.loc[before, same], two.b.loc[before, same])
    at = (two.a["month"] == two.month).to_numpy()
    assert (two.a.loc[at, two.first] != two.b.loc[at, two.first]).all()
    text = side_by_side(two, ("aid", "none"))
    assert f"part in {two.month}, first in: {two.first}" in text
    assert text.count("\n> ") == 1
    assert f"> {two.month}" in text
    assert max(map(len, text.splitlines()[2:])) <= 120


def test_two_lives_that_never_part_say_so():
    two = two_diaries(with_aid().scenario, with_aid().scenario, 0)
    assert (two.month, two.first, two.columns) == (None, "", ())
    assert "never part" in side_by_side(two)


# ---- out of a store


def test_tables_kept_and_read_again_compare_as_they_did():
    frames = [unpacked(packed(run.outcomes)) for run in (without_aid(), with_aid())]
    again = compare_households(*frames)
    assert equal(again.astype({"cause": str}), compared().astype({"cause": str}))
    assert summary(again, "cause")["saved"].tolist() == summary(compared(), "cause")["saved"].tolist()
