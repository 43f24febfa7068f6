"""Teams and cadres: who is sent where, what they do, what wears them down, and when they go home."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from fupin_sim import maths
from fupin_sim.agents.team import NOWHERE
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.draws import Draws, luck_key
from fupin_sim.model import PovertyModel
from fupin_sim.processes.assignment import RULES, diagnose, diagnosed, in_order, matched, scores
from fupin_sim.processes.cadres import efforts, prospect, ranks
from fupin_sim.processes.mobilisation import joined
from fupin_sim.processes.observation import Observation
from fupin_sim.processes.recruitment import Recruitment, beta_with_mean, selected
from fupin_sim.processes.teams import best_and_mean, exposed, manned
from fupin_sim.processes.trust import trusted
from fupin_sim.processes.withdrawal import safe_share
from fupin_sim.scenario import load
from fupin_sim.team_scales import Scales, scales_of, table

SMALL = {"population": {"villages": 8, "counties": 2, "households": 20}, "burn_in": {"months": 2}}
QUIET = {"cadres": {"leaving": 0.0, "leaving_worn": 0.0, "recall": 0.0}}
SHARES = st.floats(0.0, 1.0)


def model(years=3, policy=(), seed=1, **process):
    tables = {**SMALL, "scenario": {"years": years}, "process": {"teams": {"per_village": 0.5}, **process}}
    return PovertyModel(load({**tables, "policy": list(policy)}, BUILT_IN), seed=seed)


def lived(months=12, **settings):
    made = model(**settings)
    made.live_until(made.spec.start + months - 1)
    return made.world


def posted(world):
    out = np.repeat(world.teams.village != NOWHERE, len(world.cadres) // len(world.teams))
    return np.flatnonzero(out & (world.cadres.months >= 0))


# ---- recruitment ----------------------------------------------------------------------------------------------------


@cache
def persons(strictness=0.5, n=20_000, **settings):
    recruitment = Recruitment("recruitment", {"strictness": strictness, **settings})
    luck = luck_key("cadre", np.arange(n), 0, 0)
    return recruitment.persons(Draws(1), luck, np.zeros(n, int), np.arange(n) % 3, np.arange(n) // 3)


def test_the_mean_skill_is_what_schooling_conduct_and_speciality_say():
    found = persons(skill_age=0.0)
    mean = 0.35 + 0.01 * (found["schooling"] - 12) + 0.05 * found["conduct"]
    for j, name in enumerate(("organization", "industry", "welfare", "jobs")):
        own = np.where(found["speciality"] == j, 0.15, -0.05)
        assert abs((found[f"skill_{name}"] - mean - own).mean()) < 0.005, name
        assert 0.1 < found[f"skill_{name}"].std() < 0.2


@pytest.mark.parametrize(("strictness", "share"), [(0.0, 0.25), (0.5, 0.15), (1.0, 0.05)])
def test_a_strict_sender_sends_fewer_idlers_and_better_conduct(strictness, share):
    found = persons(strictness)
    assert abs(found["idle"].mean() - share) < 0.01
    # The better of two standard normals is 0.564 on average.
    assert abs(found["conduct"].mean() - 0.5642 * strictness) < 0.02


def test_management_finds_idlers_out():
    assert abs(persons(0.0, management=1.0)["idle"].mean() - 0.7 * 0.25) < 0.01


def test_members_of_a_mixed_team_are_of_different_fields():
    assert (np.diff(np.sort(persons(mixed=True)["speciality"][:18].reshape(6, 3), axis=1), axis=1) > 0).all()


@given(arrays(float, (50, 8), elements=st.floats(0.001, 0.999)), SHARES)
def test_a_skill_is_one_of_the_uniforms_and_never_falls_as_the_mean_rises(u, mean):
    low, high = (beta_with_mean(u, np.full(50, each)) for each in (mean / 2, mean))
    assert (low <= high).all()
    assert all(value in row for value, row in zip(low, u, strict=True))


@given(SHARES, st.lists(st.floats(0.001, 0.999), min_size=1, max_size=20))
def test_selection_never_takes_somebody_worse(strictness, u):
    ranks_taken = selected(np.array(u), strictness)
    assert (ranks_taken >= np.array(u) - 1e-9).all()
    back = (1.0 - strictness) * ranks_taken + strictness * ranks_taken * ranks_taken
    np.testing.assert_allclose(back, u, atol=1e-9)


def test_senders_are_a_share_of_the_countys_pool():
    tables = {"population": {"villages": 300, "counties": 3, "households": 1}, "burn_in": {"months": 0}}
    process = {"teams": {"per_village": 1.0}, "recruitment": {"from_county": 0.5, "from_city": 0.25,
               "from_province": 0.25, "from_centre": 0.0}}  # fmt: skip
    world = PovertyModel(load({**tables, "process": process}, BUILT_IN)).world
    share = np.bincount(world.teams.level, minlength=4) / 300
    np.testing.assert_allclose(share, [0.5, 0.25, 0.25, 0.0], atol=0.08)
    assert (world.cadres.level.reshape(300, 3) == world.teams.level[:, None]).all()
    assert (np.bincount(world.teams.county) == 100).all()


# ---- assignment -----------------------------------------------------------------------------------------------------

WORTH = st.integers(1, 6).flatmap(
    lambda n: st.integers(1, 6).flatmap(
        lambda m: arrays(float, (n, m), elements=st.sampled_from([0.0, 0.25, 1.0]) | st.floats(0.0, 2.0))
    )
)


def total(worth, chosen):
    teams = np.flatnonzero(chosen >= 0)
    return worth[teams, chosen[teams]].sum()


@given(WORTH, st.randoms(use_true_random=False))
def test_need_match_never_scores_below_any_other_way_of_sending_as_many(worth, lots):
    teams, villages = list(range(worth.shape[0])), list(range(worth.shape[1]))
    lots.shuffle(teams)
    lots.shuffle(villages)
    other = in_order(np.array(teams), np.array(villages))
    best = matched(worth)
    assert total(worth, best) >= total(worth, other) - 1e-8
    for chosen in (best, other):
        sent = chosen[chosen >= 0]
        assert len(sent) == len(set(sent.tolist())) == min(worth.shape)


@given(st.integers(1, 5), st.integers(1, 5))
def test_ties_are_matched_as_fully_as_anything_else(teams, villages):
    chosen = matched(np.full((teams, villages), 0.5))
    assert (chosen >= 0).sum() == min(teams, villages)


def test_a_match_is_what_severity_and_skill_say():
    need = np.array([[1.0, 0, 0, 0], [0, 0, 0, 1.0]])
    skill = np.array([[0.2, 0, 0, 0.8], [0.6, 0, 0, 0.7]])
    assert matched(scores(np.array([1.0, 1.0]), need, skill)).tolist() == [1, 0]
    # Where the first village hardly matters, the best of the second goes to it whatever the other does.
    assert matched(scores(np.array([0.0, 1.0]), need, skill)[:, 1:]).tolist() == [0, -1]


@given(arrays(float, (6, 4), elements=st.floats(0.01, 1.0)), st.integers(0, 9))
def test_a_diagnosis_is_a_share_of_all_needs_and_without_error_the_truth(need, seed):
    need = need / need.sum(axis=1, keepdims=True)
    error = maths.normal(Draws(seed).uniform("error", 0, luck_key(np.arange(24))).reshape(6, 4))
    np.testing.assert_allclose(diagnosed(need, error, 0.5).sum(axis=1), 1.0)
    assert (diagnosed(need, error, 0.0) == need).all()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("per_village", [0.25, 1.0, 2.5])
def test_no_village_has_two_teams_and_no_team_two_villages_even_with_more_teams_than_villages(rule, per_village):
    world = lived(2, assignment={"rule": rule}, teams={"per_village": per_village})
    sent = world.teams.village[world.teams.village != NOWHERE]
    assert len(sent) == len(set(sent.tolist())) == (0 if rule == "none" else min(8, 8 * per_village))
    has = world.villages.team != NOWHERE
    assert sorted(sent.tolist()) == world.villages.number[has].tolist()
    county = world.teams.county[world.teams.village != NOWHERE]
    assert (world.villages.county[sent] == county).all()


def test_the_senior_choose_the_nearest_and_the_best_go_to_the_poorest():
    world = lived(1, assignment={"rule": "seniority"})
    for county in (0, 1):
        teams = np.flatnonzero((world.teams.county == county) & (world.teams.village != NOWHERE))
        by_age = teams[np.argsort(-world.cadres.age[3 * teams], kind="stable")]
        remoteness = world.villages.remoteness_at_start[world.teams.village[by_age]]
        assert (np.diff(remoteness) >= 0).all()
        others = (world.villages.county == county) & (world.villages.team == NOWHERE)
        assert world.villages.remoteness_at_start[others].min() > remoteness.max()
    world = lived(1, assignment={"rule": "poorest_first"})
    served = world.villages.team != NOWHERE
    for county in (0, 1):
        here = world.villages.county == county
        assert world.villages.caseload[here & served].mean() > world.villages.caseload[here & ~served].mean()


def test_needs_are_of_the_village():
    world = lived(1, teams={"per_village": 1.0})
    villages = world.villages
    needs = villages.need_organization + villages.need_industry + villages.need_welfare + villages.need_jobs
    np.testing.assert_allclose(needs, 1.0)
    assert villages.need_welfare.std() > 0


def test_re_assignment_costs_three_months_of_half_effort_and_trust():
    settings = {"assignment": {"rule": "random", "reassign": True}, "trust": {"gain": 0.0, "departure": 0.0}}
    model_ = model(**settings, **QUIET)
    model_.live_until(model_.spec.start + 10)
    world = model_.world
    before, team, strength = world.households.trust.copy(), world.villages.team.copy(), world.villages.team_strength
    steady = strength.copy()
    model_.step()
    other = world.of_village((team != NOWHERE) & (world.villages.team != team))
    assert other.any()
    np.testing.assert_allclose(world.households.trust[other], 0.8 * before[other])
    assert (world.households.trust[~other] == before[~other]).all()
    model_.step()
    moved = (world.villages.team != NOWHERE) & (world.villages.team != team) & (steady > 0)
    stayed = (world.villages.team != NOWHERE) & (world.villages.team == team)
    early = world.villages.team_strength[moved].mean()
    for _ in range(3):
        model_.step()
    assert 1.8 < world.villages.team_strength[moved].mean() / early < 2.2
    if stayed.any():
        assert (world.villages.team_since[stayed] == world.clock.start).all()


# ---- strength, exposure, effort, burnout ----------------------------------------------------------------------------


def test_strength_is_skill_that_fits_times_effort_hands_and_organisation():
    world = lived(8, teams={"per_village": 1.0, "settling": 0}, **QUIET)
    villages, t = world.villages, 3
    row = int(world.teams.village[t])
    cadres = slice(3 * t, 3 * t + 3)
    fit = 0.0
    for name in ("organization", "industry", "welfare", "jobs"):
        skill = getattr(world.cadres, f"skill_{name}")[cadres]
        fit += getattr(villages, f"need_{name}")[row] * (0.5 * skill.max() + 0.5 * skill.mean())
    effort = world.cadres.effort[cadres].mean()
    assert villages.team_strength[row] == pytest.approx(fit * effort * (0.5 + 0.5 * villages.organization[row]))
    assert villages.visits[row] == pytest.approx(
        min(1.0, 60 * (1 - 0.3 * villages.remoteness[row]) / villages.caseload[row])
    )


@given(arrays(float, (4, 5, 2), elements=SHARES), arrays(bool, (4, 5)))
def test_a_teams_skill_lies_between_the_mean_and_the_best_of_those_who_are_there(skills, held):
    found = best_and_mean(skills, held)
    for t in range(4):
        there = skills[t][held[t]]
        expected = 0.5 * there.max(axis=0) + 0.5 * there.mean(axis=0) if len(there) else np.zeros(2)
        np.testing.assert_allclose(found[t], expected)


@given(SHARES, SHARES, st.booleans(), SHARES)
def test_exposure_stays_between_where_it_is_and_where_it_goes(now, strength, team, organization):
    after = exposed(np.array([now]), np.array([strength]), np.array([team]), np.array([organization]), 12.0, 0.05)[0]
    aim = strength if team else 0.0
    assert min(now, aim) - 1e-12 <= after <= max(now, aim) + 1e-12


def test_exposure_outlives_the_team_where_the_organisation_is_able():
    left = exposed(np.full(3, 0.4), np.zeros(3), np.zeros(3, bool), np.array([0.0, 0.5, 1.0]), 12.0, 0.05)
    np.testing.assert_allclose(left, [0.38, 0.39, 0.4])


def test_a_team_that_misses_members_is_weaker_and_one_of_six_no_stronger():
    assert manned(np.array([0, 1, 2, 3, 6]), 0.7).round(4).tolist() == [0.0, 0.4635, 0.7529, 1.0, 1.0]


@given(st.lists(SHARES, min_size=1, max_size=9))
def test_ranks_do_not_hang_on_the_order_and_are_even_on_average(values):
    found = ranks(np.array(values))
    assert ranks(np.array(values[::-1])).tolist() == found[::-1].tolist()
    assert abs(found.mean() - 0.5) < 1e-9
    assert 0.26 < prospect(found).min() <= prospect(found).max() < 0.74


def effort_with(**cadres):
    world = lived(6, cadres={**QUIET["cadres"], "tiring": 0.0, "tiring_load": 0.0, **cadres})
    return world.cadres.effort[posted(world)].mean()


def test_support_example_and_prospects_raise_effort_and_exhaustion_and_idleness_lower_it():
    plain = effort_with(support=0.0, promotion=0.0, imitation=0.0)
    assert effort_with(support=1.0, promotion=0.0, imitation=0.0) > plain + 0.08
    assert effort_with(support=0.0, promotion=0.1, imitation=0.0) == pytest.approx(plain + 0.05, abs=0.02)
    assert effort_with(support=0.0, promotion=0.0, imitation=0.0, idleness=0.0) > plain + 0.02
    assert effort_with(support=0.0, promotion=0.0, imitation=0.0, weariness=0.0) > plain + 0.02


@given(st.floats(0, 0.25), st.floats(0, 0.25))
def test_effort_is_in_proportion_to_a_small_push_and_nothing_without_one(one, other):
    less, more = sorted((one, other))
    low, high, full = efforts(np.array([less, more, 0.25]), 0.5)
    assert 0.0 <= low <= high <= full == 0.5
    assert high == pytest.approx(4 * more * 0.5)
    assert efforts(np.zeros(1), 2.0)[0] == 0.0


def test_imitation_draws_effort_together():
    def spread(imitation):
        world = lived(6, cadres={**QUIET["cadres"], "imitation": imitation})
        return world.cadres.effort[posted(world)].std()

    assert 0 < spread(0.3) < spread(0.0)


def assessed(assessment, paperwork, **process):
    made = model(teams={"per_village": 1.0}, **process, **QUIET)
    made.world.counties.assessment[:] = assessment
    made.world.counties.paperwork[:] = paperwork
    made.live_until(made.spec.start + 23)
    return made.world


def test_assessment_raises_effort_and_its_paperwork_takes_strength_and_wears_down():
    none, light, heavy = assessed(0.0, 0.0), assessed(1.0, 0.0), assessed(1.0, 1.0)
    effort = [world.cadres.effort[posted(world)].mean() for world in (none, light, heavy)]
    strength = [world.villages.team_strength.mean() for world in (none, light, heavy)]
    burnout = [world.cadres.burnout[posted(world)].mean() for world in (none, light, heavy)]
    assert effort[1] > effort[0] + 0.2
    assert burnout[2] > burnout[1] + 0.1
    assert strength[1] > 1.2 * strength[0]
    assert strength[2] < 0.65 * strength[1]
    assert heavy.villages.visits.mean() < light.villages.visits.mean() or light.villages.caseload.max() < 20
    managed = assessed(1.0, 1.0, recruitment={"management": 1.0})
    assert managed.villages.team_strength.mean() > heavy.villages.team_strength.mean()


def test_more_hands_on_fewer_households_wear_down_less():
    """Six cadres for twenty cases are never too few; three who can visit two each always are."""
    easy = lived(36, teams={"per_village": 1.0, "members": 6}, **QUIET)
    hard = lived(36, teams={"per_village": 1.0, "visits": 0.5}, **QUIET)
    assert hard.villages.visits.mean() < 0.5 < easy.villages.visits.mean()
    worn = [world.cadres.burnout[posted(world)].mean() for world in (easy, hard)]
    assert worn[1] > worn[0] + 0.2


def test_the_worn_out_leave_and_others_come_in_their_places():
    tired = {"tiring": 0.2, "rest": 0.0, "rest_support": 0.0, "rest_honour": 0.0}
    world = lived(24, cadres=tired, teams={"per_village": 1.0})
    fresh = lived(24, cadres={"tiring": 0.0}, teams={"per_village": 1.0})
    assert world.cadres.generation.sum() > fresh.cadres.generation.sum() + 8
    gone = world.cadres.months < 0
    assert (world.cadres.vacant[gone] > 0).all()
    assert len(set(world.cadres.luck.tolist())) == len(world.cadres)


def test_strict_senders_recall_idlers():
    many = {"idle_most": 1.0, "idle_least": 1.0}
    stay = {"leaving": 0.0, "leaving_worn": 0.0}
    kept = lived(24, cadres={**stay, "recall": 0.05}, recruitment={**many, "strictness": 0.0})
    recalled = lived(24, cadres={**stay, "recall": 0.05}, recruitment={**many, "strictness": 1.0})
    assert kept.cadres.generation.sum() == 0 < recalled.cadres.generation.sum()


def test_the_post_teaches_what_the_village_needs_and_home_makes_forget():
    made = model(withdrawal={"rule": "fixed_term", "term": 24}, **QUIET)
    before = made.world.cadres.skill_welfare.copy()
    made.live_until(made.spec.start + 22)
    world, sent = made.world, posted(made.world)
    learnt = (world.cadres.skill_welfare - before)[sent]
    assert (learnt > 0).all()
    made.step()
    assert not set(world.villages.number[world.villages.team_months == 24]) & set(world.teams.village)
    np.testing.assert_allclose((world.cadres.skill_welfare - before)[sent], 0.7 * learnt, rtol=0.1)


def test_training_teaches_the_weakest_field():
    def weakest(training):
        world = lived(24, cadres={**QUIET["cadres"], "learning": 0.0, "training": training})
        skills = np.stack(
            [getattr(world.cadres, f"skill_{f}") for f in ("organization", "industry", "welfare", "jobs")]
        )
        return skills.min(axis=0)[posted(world)].mean(), world.overheads.get("team_training")

    (without, free), (with_, cost) = weakest(0.0), weakest(1.0)
    assert with_ > without + 0.05
    assert free is None
    assert cost.sum() == pytest.approx(4 * 3 * 6_000 / 12 * 100)


# ---- withdrawal -----------------------------------------------------------------------------------------------------


def months_served(rule, years=8, **withdrawal):
    world = lived(12 * years, years=years, withdrawal={"rule": rule, **withdrawal}, teams={"per_village": 1.0})
    return world.villages.team_months, world


def test_a_fixed_term_ends_in_its_december_and_no_team_comes_again():
    served, world = months_served("fixed_term", term=36)
    assert (served == 36).all()
    assert (world.teams.village == NOWHERE).all()


def test_no_team_goes_before_two_years():
    served, _ = months_served("at_exit", listed=1.0)
    assert (served == 24).all()


def test_teams_that_wait_for_stability_go_at_last():
    served, world = months_served("when_stable", stable=1.0, safe=10.0, longest=72)
    assert (served == 72).all()
    assert (world.villages.stable_months == 0).all()
    served, _ = months_served("when_stable", stable=0.0, months=30)
    assert (served == 36).all()


def seen_by_officials(observation, factor):
    """Villages in which everybody has twice the line, and officials see `factor` times that where they err."""
    made = model(
        register={"observation": observation, "share": 0.5}, observation={"favour": 0.0, "assets": 0.0},
        withdrawal={"rule": "when_stable", "months": 6},
    )  # fmt: skip
    made.live_until(made.spec.start)
    world = made.world
    world.households.income12[:], world.households.support12[:] = 8e5 * world.households.members, 0
    world.processes["observation"].factor(world)[:] = factor
    return world


@pytest.mark.parametrize(
    ("observation", "factor", "safe"), [("exact", 0.2, 1.0), ("observed", 1.0, 1.0), ("observed", 0.2, 0.0)]
)
def test_officials_decide_on_what_they_see_whether_exit_is_stable_and_how_severe_poverty_is(observation, factor, safe):
    world = seen_by_officials(observation, factor)
    assert (safe_share(world, 1.2) == safe).all()
    severity, _ = diagnose(world)
    cases = world.villages.caseload / world.villages.households
    missing = 0.0 if safe else 1.0 - 2 * 0.2
    assert severity == pytest.approx(cases * (1.0 + missing), abs=1e-6)


def test_some_households_are_seen_as_among_all():
    world = seen_by_officials("observed", 0.7)
    officials, rows = Observation("observation", {}), np.arange(3, len(world), 7)
    assert (officials.apparent_pc(world)[rows] == officials.apparent_pc(world, "", rows)).all()
    assert officials.apparent_pc(world, "", rows) != pytest.approx(world.income_pc("", rows))


def test_a_team_that_is_kept_is_missing_elsewhere():
    """Half as many teams as villages: after a short term the others have their turn, and never all at once."""
    short = lived(48, years=4, withdrawal={"rule": "fixed_term", "term": 24})
    never = lived(48, years=4, withdrawal={"rule": "never"})
    assert ((short.villages.team_months > 0) & (short.villages.team_months < 48)).all()
    assert sorted(set(never.villages.team_months.tolist())) == [0, 48]


# ---- money and costs ------------------------------------------------------------------------------------------------

MONEY = [{"name": "projects", "use": "team_projects"}, {"name": "grants", "use": "team_grants"}]


def test_mobilised_money_is_the_sum_of_own_and_coordinated_by_the_head_and_all_of_it_is_spent_from_its_own_fund():
    world = lived(1, policy=MONEY, mobilisation={"diverted": 0.0}, family={"on": False})
    people = world.by_village(world.households.members.astype(float))
    served = world.villages.team != NOWHERE
    factor = np.array([0.8, 1.1, 1.0, 1.2])[world.teams.level]
    for t in np.flatnonzero(world.teams.village != NOWHERE):
        row = world.teams.village[t]
        # Nobody has begun to work: effort is still what it was on the day they came, and no skill is at work.
        expected = 940_000 / 12 * people[row] / 1_500 * factor[t] * 0.5 * 0.75
        assert world.villages.mobilised[row] / 100 == pytest.approx(expected, abs=1)
    assert (world.villages.mobilised[~served] == 0).all()
    assert world.funds.keys() == {"mobilised"}
    spent = world.funds["mobilised"].spent.sum()
    assert spent == sum(outlay.spent.sum() for outlay in world.outlays.values())
    assert spent == pytest.approx(world.villages.mobilised.sum(), rel=1e-4)
    cash, kind = world.outlays["grants"].spent.sum(), world.outlays["projects"].spent.sum()
    assert cash / (cash + kind) == pytest.approx(0.15, rel=1e-3)


def test_what_is_coordinated_is_partly_taken_from_villages_without_a_team():
    taken = lived(24, policy=MONEY)
    spared = lived(24, policy=MONEY, mobilisation={"diverted": 0.0})
    bare = taken.villages.team == NOWHERE
    assert (taken.villages.infrastructure[bare] < 1.0).all()
    assert (spared.villages.infrastructure[bare] == 1.0).all()
    assert (taken.villages.infrastructure[~bare] > 1.0).all()
    assert (taken.villages.remoteness[~bare] < taken.villages.remoteness_at_start[~bare]).all()
    assert (taken.villages.diverted[bare] > 0).all()
    assert (taken.overheads["diverted"] == -np.bincount(taken.villages.county, taken.villages.diverted)).all()
    assert "diverted" not in spared.overheads or not spared.overheads["diverted"].any()


def test_collective_industry_pays_by_the_head_and_wears_out():
    made = model(policy=[MONEY[0]], years=2)
    made.live_until(made.spec.start + 11)
    world = made.world
    assets = world.villages.collective_assets.copy()
    made.step()
    paid = world.by_village(world.ledger.flows["dividend"])
    served = assets > 0
    np.testing.assert_allclose(paid[served], 0.005 * assets[served], rtol=1e-2)
    assert (paid[~served] == 0).all()
    home, first = world.households, int(np.flatnonzero(served)[0])
    rows = np.flatnonzero(home.village == first)
    each = world.ledger.flows["dividend"][rows] / home.members[rows]
    assert np.ptp(each) <= 1.0


def test_cadres_in_villages_cost_the_treasury_and_no_household_receives_it():
    world = lived(3, teams={"per_village": 0.5}, **QUIET)
    assert world.overheads["team"].tolist() == [2 * 3 * 250_000, 2 * 3 * 250_000]
    assert world.tally.overheads["team"] == 3 * 12 * 250_000


@given(SHARES, SHARES)
def test_joining_funds_loses_no_more_than_it_says(skill, loss):
    assert 1 - loss - 1e-12 <= joined(np.array([skill]), loss)[0] <= 1.0


# ---- trust ----------------------------------------------------------------------------------------------------------


@given(SHARES, SHARES, SHARES, SHARES, SHARES)
def test_trust_is_a_share_and_stands_still_where_nobody_comes(trust, point, gain, lost, gone):
    after = trusted(np.array([trust]), np.array([point]), np.array([gain]) / 100, lost / 50, 0.01, np.array([gone]))
    assert 0.0 <= after[0] <= 1.0
    still = trusted(np.array([trust]), np.array([trust]), np.zeros(1), 0.0, 0.01, np.zeros(1))
    assert still[0] == trust


def test_a_team_gains_trust_and_its_departure_costs_it():
    calm = lived(24, **QUIET)
    served = calm.of_village(calm.villages.team != NOWHERE)
    before = model().world.households.trust
    assert (calm.households.trust[served] > before[served]).all()
    assert (calm.households.trust[~served] == before[~served]).all()
    restless = lived(24, cadres={"leaving": 0.1})
    assert restless.households.trust[served].mean() < calm.households.trust[served].mean() - 0.02


# ---- the scale of the effect ----------------------------------------------------------------------------------------


def test_scales_are_those_of_the_table_and_straight_between_its_rows():
    rows = table()
    for effect, scales in rows:
        assert scales_of(effect) == pytest.approx(scales)
    (low, below), (high, above) = rows[2], rows[3]
    middle = scales_of((low + high) / 2)
    assert middle == pytest.approx(Scales(*((a + b) / 2 for a, b in zip(below, above, strict=True))))
    for one, next_ in pairwise(rows):
        assert all(a < b for a, b in zip(one[1], next_[1], strict=True))
