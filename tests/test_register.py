"""The register: gaming that can be measured, counties that pass their test, the marginal band, what it costs."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fupin_sim.agents.household import NEVER
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.draws import Draws, luck_key
from fupin_sim.measures.targeting import excess_mass
from fupin_sim.model import PovertyModel
from fupin_sim.processes.county_exit import Assessment
from fupin_sim.processes.observation import blurred, leading_clan, misread, standing
from tests.strategies import scenario_of

AROUND = {"width": 0.02, "hole": 0.1, "reach": 0.3}


def world_of(households=4, villages=1, **tables):
    people = {"villages": villages, "counties": 1, "households": households}
    return PovertyModel(scenario_of({"population": people, "burn_in": {"months": 0}, **tables})).world


# ---- bunching


@pytest.mark.parametrize("slope", [-0.8, 0.0, 0.8])
def test_a_straight_density_does_not_bunch(slope):
    u = (np.arange(400_000) + 0.5) / 400_000
    # The quantiles of the density 1 + slope (x − 1) on [.5, 1.5].
    x = u + 0.5 if slope == 0 else 1 + (np.sqrt((1 - slope / 2) ** 2 + 2 * slope * u) - 1) / slope
    assert excess_mass(x, 1.0, **AROUND) == pytest.approx(0.0, abs=2e-3)


@given(st.floats(0.0, 1.0), st.floats(1_000.0, 9_000.0))
def test_the_excess_is_what_was_lifted_out_of_the_hole(part, line):
    """A part of those within a tenth below the line is five times that part of a bin of a fiftieth."""
    even = np.linspace(0.5, 1.5, 50_000, endpoint=False)
    near = np.flatnonzero((even >= 0.9) & (even < 1.0))
    even[near[: round(part * len(near))]] = 1.0
    assert excess_mass(line * even, line, **AROUND) == pytest.approx(5 * part, abs=0.01)


def test_the_excess_is_missing_where_nobody_is_expected():
    assert math.isnan(excess_mass(np.array([9.0, 1.0]), 4.0, **AROUND))


def crowd(assessment, quality=0.0, households=20_000):
    """Registered households with lognormal incomes around the line in their first December."""
    world = world_of(households, process={"register": {"share": 1.0}})
    home, register = world.households, world.processes["register"]
    z = Draws(2).normal("income", 0, luck_key(np.arange(households)))
    home.registered[:] = True
    home.income12[:] = np.rint(100 * 4_400 * np.exp(0.55 * z) * home.members)
    home.poor[:] = world.income_pc() < 4_000
    world.line = 4_000.0
    world.counties.assessment[:], world.counties.delivery_quality[:] = assessment, quality
    world.clock.month = world.clock.start + 11
    register.manage(world)
    return world


def bunching(world):
    return BUILT_IN.measures["bunching"]("bunching").take(world)


def test_bunching_is_found_where_incomes_are_written_up_and_not_where_they_are_not():
    honest, gamed = bunching(crowd(0.0)), bunching(crowd(1.0))
    assert abs(honest) < 0.2
    # .3 of those in [.9 z, z), about five bins full, are put into one.
    assert gamed == pytest.approx(1.5, abs=0.3)
    assert honest < bunching(crowd(1.0, quality=0.6)) < bunching(crowd(0.5)) + 0.2 < gamed


def test_the_written_up_are_counted_and_are_truly_poor():
    world = crowd(1.0)
    home = world.households
    gamed = home.gamed_on == world.clock.month
    near = (world.income_pc() >= 3_600) & (world.income_pc() < 4_000)
    assert gamed.sum() / near.sum() == pytest.approx(0.3, abs=0.03)
    assert not home.registered[gamed].any()
    assert home.poor[gamed].all()
    assert (home.exited_on[gamed] == world.clock.month).all()
    share = BUILT_IN.measures["gamed_exits"]("gamed_exits").take(world)
    assert share == pytest.approx(gamed.sum() / (home.exited_on == world.clock.month).sum())
    assert BUILT_IN.measures["gamed_exits"]("gamed_exits").take(crowd(0.0)) == 0.0


def test_the_excluded_by_writing_up_show_in_exclusion_error_and_in_wrong_exits():
    measures = {name: BUILT_IN.measures[name](name) for name in ("exclusion_error", "county_exit_test")}
    honest, gamed = ({n: m.take(crowd(a)) for n, m in measures.items()} for a in (0.0, 1.0))
    assert honest["exclusion_error"] == 0.0
    assert gamed["exclusion_error"] > 0.02
    assert honest["county_exit_test"]["test:wrong_exits"] == 0.0
    assert gamed["county_exit_test"]["test:wrong_exits"] > 0.02


# ---- returns that are none


def false_returns(persistence):
    """Households listed again at once in the year after their exit, though no income ever changed."""
    kept = {"persistence": persistence, "favour": 0.0, "assets": 0.0, "review_after": 0}
    process = {"register": {"observation": "observed"}, "observation": kept}
    world = world_of(20_000, process=process)
    home, z = world.households, Draws(2).normal("income", 0, luck_key(np.arange(20_000)))
    home.income12[:] = np.rint(100 * 4_400 * np.exp(0.55 * z) * home.members)
    home.registered[:], world.line = True, 4_000.0
    for year in (1, 2):
        world.clock.month = world.clock.start + 12 * year - 1
        world.processes["observation"].run(world)
        world.processes["register"].run(world)
    return int((home.registered & (home.exited_on != NEVER)).sum())


def test_errors_that_are_drawn_anew_make_more_false_returns_than_errors_that_last():
    anew, usual, lasting = map(false_returns, (0.0, 0.7, 0.95))
    assert anew > 1.4 * usual > 1.4 * 1.4 * lasting > 0
    assert false_returns(1.0) == 0


# ---- the exit test of counties


def county(residents=100_000, listed=1_000, exited=20_000, wrong=300, others=79_000, omitted=600):
    return Assessment(*(np.array([float(x)]) for x in (residents, listed, exited, wrong, others, omitted)))


def test_the_three_shares_of_the_exit_test():
    found = county()
    assert found.incidence.item() == pytest.approx((1_000 + 300 + 600) / 100_000)
    assert found.wrong_exits.item() == pytest.approx(300 / 20_000)
    assert found.omissions.item() == pytest.approx(600 / 79_000)


@pytest.mark.parametrize(
    ("found", "east", "west"),
    [
        (county(), True, True),
        (county(listed=1_100), False, True),  # incidence of exactly 2 %
        (county(listed=2_099), False, True),
        (county(listed=2_100), False, False),
        (county(wrong=399, listed=900), True, True),
        (county(wrong=400, listed=900), False, False),  # a fiftieth of those struck off
        (county(omitted=1_580, listed=0, wrong=0), False, False),
        (county(omitted=1_579, listed=0, wrong=0), True, True),
        (county(exited=0, wrong=0, others=0, omitted=0), True, True),
    ],
)
def test_a_county_passes_only_below_all_three_limits(found, east, west):
    assert found.passed(0.02, 0.02, 0.02).item() == east
    assert found.passed(0.03, 0.02, 0.02).item() == west


def test_the_test_counts_persons_and_a_county_leaves_once():
    world = world_of(10)
    home, test = world.households, world.processes["county_exit"]
    home.members[:] = [1, 2, 3, 4, 50, 50, 50, 50, 50, 50]
    home.registered[:], home.poor[:], home.exited_on[:] = False, False, NEVER
    home.registered[0] = True
    home.exited_on[4:6] = world.clock.start
    world.clock.month = world.clock.start + 11
    test.run(world)
    assert world.counties.exited_on.tolist() == [world.clock.month]
    found = BUILT_IN.measures["county_exit_test"]("county_exit_test").take(world)
    assert found == {
        "test:incidence": pytest.approx(1 / 310), "test:wrong_exits": 0.0, "test:omissions": 0.0, "test:passed": 1.0
    }  # fmt: skip
    home.registered[:] = True
    world.clock.month += 12
    test.run(world)
    assert world.counties.exited_on.tolist() == [world.clock.month - 12]


def test_the_west_may_be_a_little_poorer():
    for west, passes in (([], False), ([0], True)):
        world = world_of(10, process={"county_exit": {"west": west}})
        home = world.households
        home.members[:] = [25, 97, 97, 97, 97, 97, 97, 97, 97, 97]
        home.registered[:], home.poor[:], home.exited_on[:] = False, False, NEVER
        home.registered[0] = True
        world.clock.month = world.clock.start + 11
        world.processes["county_exit"].run(world)
        assert (world.counties.exited_on != NEVER).all() == passes


# ---- what is seen


def test_seen_incomes_have_the_true_mean_and_errors_shrink_with_team_work():
    e = Draws(1).normal("e", 0, luck_key(np.arange(300_000)))
    assert misread(e, 0.45).mean() == pytest.approx(1.0, abs=4e-3)
    assert (misread(e, 0.0) == 1.0).all()
    assert blurred(0.5, 0.6, np.array([0.0, 0.5, 1.0])).tolist() == pytest.approx([0.5, 0.35, 0.2])


def test_public_review_comes_in_the_first_december_or_never():
    for after, expected in ((11, 0.125), (0, 0.125), (12, 0.45), ("none", 0.45)):
        world = world_of(process={"observation": {"review_after": after}})
        world.clock.month = world.clock.start + 11
        assert world.processes["observation"].blur(world) == expected


def test_the_leading_clan_is_the_largest_and_of_equals_the_first():
    world = world_of(5, villages=3)
    world.households.clan[:] = [0, 0, 1, 1, 1, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2]
    assert leading_clan(world).astype(int).tolist() == [0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1]


def test_standing_is_wealth_beside_twice_the_mean_of_the_village():
    world = world_of(4, villages=2)
    world.households.wealth[:] = [0, 100, 100, 200, 0, 0, 0, 0]
    assert standing(world).tolist() == [0, 0.5, 0.5, 1, 0, 0, 0, 0]


@pytest.mark.parametrize("assets", [0.0, 0.05])
@pytest.mark.parametrize("members", [1, 3])
def test_who_is_seen_to_have_enough_is_told_to_the_last_bit_and_favour_looked_up_for_few(monkeypatch, assets, members):
    """Among them people who have exactly what is wanted, a fen less, nothing, and costs above their income."""
    world = world_of(
        200, villages=20, process={"register": {"observation": "observed"}, "observation": {"assets": assets}}
    )
    home, officials = world.households, world.processes["observation"]
    z = Draws(3).normal("income", 0, luck_key(np.arange(len(world))))
    home.members[:], home.income12[:] = members, np.rint(4e5 * members * np.exp(0.6 * z))
    home.income12[::10], home.income12[1::50], home.income12[2::50] = 4e5 * members, 0.0, -3e4
    home.income12[::30] -= 1.0
    home.capital[1::100], officials.factor(world)[::4] = 0.0, 1.0
    rows = np.arange(1, len(world))
    asked, look = [], type(officials).favoured

    def noting(self, world, rows):
        asked.append(len(rows))
        return look(self, world, rows)

    for wanted in (4_000.0, 0.0, np.full(len(rows), 4_000.0)):
        seen = officials.apparent_pc(world, "net_of_policy", rows) >= wanted
        asked.clear()
        with monkeypatch.context() as patch:
            patch.setattr(type(officials), "favoured", noting)
            assert (officials.sees_at_least(world, "net_of_policy", rows, wanted) == seen).all()
        assert 0.02 < seen.mean() < 0.98 or not np.any(wanted)
        assert sum(asked) < 0.35 * len(rows)


@pytest.mark.parametrize(("mode", "eyes", "paid"), [
    ("observed", "register", [False, True, False, True]), ("observed", "exact", [True, True, False, False]),
    ("exact", "register", [True, True, False, False]),
])  # fmt: skip
def test_dibao_errs_as_the_register_does_unless_its_test_is_exact(mode, eyes, paid):
    policy = {"use": "dibao", "level": 0.65, "tied": 0.0, "observation": eyes}
    world = world_of(process={"register": {"observation": mode}}, policy=[policy])
    world.line = 4_000.0
    world.households.members[:] = 1
    world.households.income12[:] = [200_000, 200_000, 400_000, 400_000]
    world.households.relief12[:] = 0
    factor = world.processes["observation"].factor(world)
    factor[:] = [1.5, 1.0, 1.0, 0.5]
    assert (world.policies["dibao"].gap(world) > 0).tolist() == paid


# ---- the band above the line


def test_marginal_households_that_fall_are_new_poverty():
    world = world_of(4)
    home = world.households
    home.members[:] = 1
    home.income12[:] = [399_999, 400_000, 599_999, 600_000]
    home.poor[:], world.line = home.income12 < 400_000, 4_000.0
    world.clock.month = world.clock.start + 11
    assert BUILT_IN.measures["marginal_share"]("m").take(world) == 0.5
    world.processes["year_end"].run(world)
    assert home.marginal_last_december.tolist() == [False, True, True, False]
    world.clock.month += 12
    home.poor[:] = [True, True, False, True]
    home.first_listed_on[:] = NEVER
    rate = BUILT_IN.measures["marginal_new_poverty_rate"]("m")
    assert rate.take(world) == 0.5
    home.first_listed_on[1] = world.clock.month  # listed because of this very fall
    assert rate.take(world) == 0.5
    home.first_listed_on[1] = world.clock.month - 12
    assert rate.take(world) == 0.0


def test_security_is_counted_in_decembers_without_policy_income():
    world = world_of(3)
    home = world.households
    home.members[:], world.line = 1, 4_000.0
    home.income12[:], home.support12[:] = 600_000, [0, 120_000, 120_001]
    for years in (1, 2):
        world.clock.month = world.clock.start + 12 * years - 1
        world.processes["year_end"].run(world)
        assert home.secure_years.tolist() == [years, years, 0]
    home.income12[0] = 479_999
    world.clock.month += 12
    world.processes["year_end"].run(world)
    assert home.secure_years.tolist() == [0, 3, 0]


# ---- what it costs


def test_the_register_costs_40_yuan_for_each_household_on_it_when_december_comes():
    model = PovertyModel(
        scenario_of({"population": {"villages": 2, "counties": 2, "households": 10}, "burn_in": {"months": 0}})
    )
    for _ in range(12):
        model.step()
    world = model.world
    assert world.overheads["register"].tolist() == [3 * 4_000.0, 3 * 4_000.0]
    people = world.households.members.sum()
    assert model.recorder.latest["institution_costs institution:register"] == pytest.approx(240 / people)
    model.step()
    assert world.overheads == {}
