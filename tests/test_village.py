"""Village organisations, worthies, diffusion: their arithmetic, and settings in which their good turns to harm."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.model import PovertyModel
from fupin_sim.processes.adoption import MOST, chance_of, peer_weight
from fupin_sim.processes.aspiration import top_third, with_worthies
from fupin_sim.processes.cooperative_surplus import wealthiest
from fupin_sim.processes.feedback import delivered
from fupin_sim.processes.organization import organized
from fupin_sim.processes.practices import first_few
from fupin_sim.processes.worthies import followed
from fupin_sim.simulation import simulate
from tests.strategies import scenario_of

SHARE = st.floats(0.0, 1.0)
TEAMSTER = f"{Path(__file__).parent / 'identities' / 'teamsters.py'}:Teamster"
SMALL = {
    "scenario": {"years": 4, "seed": 3}, "burn_in": {"months": 12},
    "population": {"counties": 2, "villages": 12, "households": 40},
}  # fmt: skip


def one(x):
    return np.array([x])


# ---- arithmetic


@given(SHARE, SHARE, SHARE, SHARE, st.floats(0, 0.04), SHARE, st.floats(0, 0.03), st.floats(0.005, 0.03))
def test_capacity_stays_within_its_bounds_and_stands_still_at_its_set_point(o, o0, t, s, teach, chi, disuse, back):
    rates = (teach, chi, disuse, back)
    assert 0.0 <= organized(one(o), one(o0), one(t), one(s), rates)[0] <= 1.0
    assert organized(one(o0), one(o0), one(0.0), one(s), rates)[0] == o0


@given(SHARE, SHARE, SHARE)
def test_a_team_builds_capacity_by_as_much_as_it_does_not_do_itself(o, t, s):
    rates = (0.02, 0.3, 0.01, 0.0)
    wanted = o + 0.02 * t * s * (1 - o) * 0.7 - 0.01 * 0.3 * t * o
    assert organized(one(o), one(o), one(t), one(s), rates)[0] == pytest.approx(wanted)


@given(SHARE, SHARE, SHARE, st.floats(0, 0.04), st.floats(0.003, 0.02))
def test_delivery_quality_stays_within_its_bounds(q, q0, x, strength, back):
    assert 0.0 <= delivered(one(q), one(q0), one(x), strength, back)[0] <= 1.0
    assert delivered(one(q0), one(q0), one(0.0), strength, back)[0] == q0


@given(st.floats(-6, 0), st.floats(0, 0.98), SHARE, SHARE)
def test_more_peers_make_adoption_no_less_likely(base, slope, one_share, other):
    low, high = chance_of(base, slope, np.sort(np.array([one_share, other])))
    assert 0 <= low <= high <= MOST + 1e-9


@given(st.floats(-6, -3), st.floats(0.001, 0.9))
def test_from_no_peers_to_all_the_chance_rises_by_the_slope(base, slope):
    chance = chance_of(base, slope, np.array([0.0, 1.0]))
    assert chance[1] - chance[0] == pytest.approx(slope, abs=1e-9)
    assert peer_weight(0.0, base) == 0.0


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), max_size=30), st.integers(0, 4))
def test_the_wealthiest_of_a_village_are_no_poorer_than_the_others(homes, number):
    village = np.array([home[0] for home in homes], np.int64)
    wealth = np.array([home[1] for home in homes], np.float64)
    rows = wealthiest(village, wealth, np.arange(len(homes), dtype=np.uint64)[::-1], number)
    for each in set(village.tolist()):
        mine = np.flatnonzero(village == each)
        chosen = np.intersect1d(mine, rows)
        assert len(chosen) == min(number, len(mine))
        others = np.setdiff1d(mine, chosen)
        if len(chosen) and len(others):
            assert wealth[chosen].min() >= wealth[others].max()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), SHARE)
def test_pioneers_are_a_share_of_each_county_rounded_up(counties, share):
    county = np.unique(np.sort(counties), return_inverse=True)[1]
    u = np.random.default_rng(1).random(len(county))
    chosen = first_few(county, u, np.arange(len(county), dtype=np.uint64), share)
    many = np.bincount(county)
    assert (np.bincount(county, weights=chosen) == np.ceil(share * many)).all()


@given(SHARE, SHARE, SHARE)
def test_who_follows_an_example_never_overtakes_it(x, shown, gain):
    after = followed(one(x), one(shown), gain)[0]
    assert x <= after <= max(x, shown) + 1e-15


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 50_000), st.booleans()), min_size=1, max_size=20))
def test_worthies_of_other_clans_join_the_reference_group(homes):
    homes.sort(key=lambda home: home[0])
    clan, income, worthy = (np.array(column) for column in zip(*homes, strict=True))
    income = income.astype(float)
    found = with_worthies(top_third(income, clan), income, clan, np.full(len(clan), 7), worthy.astype(bool))
    for each in set(clan.tolist()):
        mine = np.sort(income[clan == each])[::-1]
        group = [*mine[: -(-len(mine) // 3)], *income[worthy.astype(bool) & (clan != each)]]
        assert found[clan == each] == pytest.approx(np.mean(group))


# ---- in the model


def ended(**process):
    """The world at the end of a small scenario with some institutions."""
    policies = process.pop("policy", [])
    model = PovertyModel(scenario_of(SMALL, process=process, policy=policies))
    model.live_until(model.spec.start + model.spec.months - 1)
    return model.world


STEADY = {"on": True, "turnover": 0.0, "youth": 0.0}
TEAMS = [{"name": "teams", "use": TEAMSTER, "everywhere": True}]


def test_a_team_that_teaches_raises_capacity_and_one_that_does_the_work_itself_lowers_it():
    without = ended(organization=STEADY)
    teaches = ended(organization={**STEADY, "crowding": 0.0}, policy=TEAMS)
    instead = ended(organization={**STEADY, "crowding": 1.0}, policy=TEAMS)
    assert (without.villages.organization == 0.4).all()
    assert (teaches.villages.organization > 0.5).all()
    assert (instead.villages.organization < 0.4).all()


def test_where_the_young_leave_capacity_falls():
    stay = ended(organization={**STEADY, "youth": 0.05}, migration={"finding": 0.05})
    leave = ended(
        organization={**STEADY, "youth": 0.05}, migration={"finding": 0.05},
        policy=[{"use": "job_service", "whom": "all", "reach": 1.0, "finding": 10.0}],
    )  # fmt: skip
    assert leave.villages.organization.mean() < stay.villages.organization.mean() - 0.02


def test_teams_report_and_their_county_delivers_better_than_without():
    assert (ended(policy=TEAMS).counties.delivery_quality > 0.6).all()
    assert (ended().counties.delivery_quality == 0.5).all()


LIKELY = {"on": True, "engages": 1.0}


def test_two_of_the_wealthy_engage_in_a_village_and_none_where_none_is_wealthy():
    world = ended(worthies=LIKELY)
    home = world.households
    assert 0 < world.villages.worthies.max() <= 2
    assert (world.villages.worthies == world.by_village(home.worthy.astype(int))).all()
    assert home.worthy.mean() < 0.06


def test_neighbours_of_a_worthy_learn_and_find_jobs():
    with_them, without = ended(worthies=LIKELY, example={"gain": 0.03}), ended()
    near = with_them.of_village(with_them.villages.worthies > 0) & ~with_them.households.worthy
    assert with_them.households.technique[near].mean() > 0.1
    assert without.households.technique.max() == 0
    hiring = ended(worthies={**LIKELY, "hiring": 3.0}, migration={"finding": 0.05})
    assert hiring.households.migrants.sum() > 1.05 * ended(migration={"finding": 0.05}).households.migrants.sum()


PROJECTS = [{"use": "industry_support", "whom": "all", "uptake": 0.1, "term": 60, "goes_on": 1.0, "failure": 0.0}]


def project_income(captures):
    """What ordinary households and worthies have from projects in the last month, fen."""
    world = ended(worthies={**LIKELY, "captures": captures, "hiring": 1.0}, policy=PROJECTS)
    project, worthy = world.ledger.flows["project"], world.households.worthy
    return float(project[~worthy].sum()), float(project[worthy].sum()), float(project.sum())


def test_worthies_keep_a_part_of_the_projects_of_others_and_no_fen_is_lost():
    (others, own, total), (others_free, own_free, total_free) = project_income(0.3), project_income(0.0)
    assert others < others_free
    assert own > own_free
    assert total == pytest.approx(total_free, rel=0.02)  # what they take makes their own lives a little different
    assert others < 0.9 * others_free


def test_a_practice_spreads_from_village_to_village_and_sooner_by_teams():
    slow = ended(practices={"on": True, "copying": 0.2})
    fast = ended(practices={"on": True, "copying": 0.2, "by_teams": 3.0}, policy=[{**TEAMS[0], "exposure": 1.0}])
    assert 2 / 12 <= slow.villages.practice.mean() < fast.villages.practice.mean()
    assert (slow.households.practice <= slow.of_village(slow.villages.practice)).all()


def test_with_peers_a_practice_spreads_faster_than_without():
    known = {"on": True, "pioneers": 1.0, "base": -3.0}
    followed, alone = (ended(practices={**known, "peers": peers}) for peers in (0.79, 0.0))
    assert followed.households.practice.mean() > 1.15 * alone.households.practice.mean()


def business_of_members(**cooperatives):
    """Mean monthly business income net of fees, over the scenario, of the same households: all are members."""
    settings = {"on": True, "founded": 1.0, "at_start": 1.0, "given_up": 0.0, "disappointed": 0.0, **cooperatives}
    run = simulate(scenario_of(SMALL, process={"cooperatives": settings}))
    series = run.series[run.series["group"] == "source:business"]
    return series["value"].mean()


def test_a_real_cooperative_pays_and_a_shell_costs():
    none = business_of_members(founded=0.0)
    real, shell = business_of_members(shells=0.0), business_of_members(shells=1.0)
    assert real == pytest.approx(1.10 * 0.97 * none, rel=0.02)
    assert shell == pytest.approx(0.97 * none, rel=0.02)


def test_members_share_their_luck_with_the_same_mean():
    settings = {"on": True, "founded": 1.0, "at_start": 1.0, "given_up": 0.0, "shells": 0.0}
    people = {"villages": 60, "counties": 1, "households": 100, "village_spread": 0.0}
    flat = {"village_spread": 0.0, "remoteness": 0.0}
    spread = []
    for pooling in (1.0, 0.5):
        process = {"season": flat, "cooperatives": {**settings, "pooling": pooling}}
        short = {"scenario": {"years": 1}, "burn_in": {"months": 1}, "population": people}
        factor = PovertyModel(scenario_of(short, process=process)).world.households.business_factor
        assert factor.mean() == pytest.approx(1.0, abs=0.012)
        spread.append(np.log(factor).std())
    assert spread[1] == pytest.approx(0.5 * spread[0], rel=0.01)


def test_disappointed_members_leave_a_shell():
    settings = {"on": True, "founded": 1.0, "at_start": 0.5, "shells": 0.5, "disappointed": 0.6}
    world = ended(cooperatives=settings)
    kinds = world.of_village(world.villages.cooperative)
    members = world.households.cooperative
    assert members[kinds == 2].mean() < 0.5 * members[kinds == 1].mean()
