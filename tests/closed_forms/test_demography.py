"""Families against what their chances say: lives as long, children as many, a steady state that stays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fupin_sim.draws import Draws, luck_key
from fupin_sim.family.donors import DYNASTIES, TIMES, donors
from fupin_sim.family.families import NOBODY, Customs, Families, head_counts, number
from fupin_sim.family.life_table import OLDEST, life_expectancy, life_table
from fupin_sim.family.year import FERTILE_FROM, FERTILE_UNTIL, GIRLS, live_a_year, suitors, wed
from fupin_sim.processes.family_life import FamilyLife

CUSTOMS = Customs.of(FamilyLife().values)
N = 10_000


def luck_of(n, seed=7):
    """Luck by year for n households: `luck(year)` is what a year of theirs draws from."""
    keys, draws = luck_key("here", np.arange(n)), Draws(seed)
    return lambda year: lambda what, rows: draws.uniform(what, year, keys[rows])


def alone(age, woman, n=N):
    """Households of one person."""
    families = Families.none(n)
    families.seat(np.arange(n), np.full(n, age, np.int8), np.full(n, woman), wed=False)
    return families


def table():
    return life_table(CUSTOMS.mortality, CUSTOMS.mortality_slope, CUSTOMS.infant_mortality, CUSTOMS.women_younger)


def test_men_and_women_live_as_long_as_the_docs_say():
    assert life_expectancy(table()) == pytest.approx([73, 77], abs=0.3)


def test_without_infants_deaths_the_risk_doubles_every_so_many_years():
    risk = life_table(1e-5, np.log(2) / 8, 0.0, 8.0)
    assert risk[0, 8:80] == pytest.approx(2 * risk[0, :72])
    assert risk[1, 8:100] == pytest.approx(risk[0, :92])
    assert (risk[:, OLDEST] == 1).all()


@pytest.mark.parametrize("woman", [False, True])
def test_a_cohort_dies_by_the_life_table(woman):
    """Lived out from birth; who takes over an empty house is told from the cohort by being older."""
    families, luck = alone(0, woman), luck_of(N)
    survive = np.concatenate([[1.0], np.cumprod(1 - table()[int(woman)])])
    customs = replace(CUSTOMS, leaving=0.0)
    alive = np.ones(N, bool)
    for year in range(OLDEST + 1):
        alive &= ~live_a_year(families, customs, luck(year)).gone[0]
        left, expected = alive.mean(), survive[year + 1]
        assert abs(left - expected) <= 4 * np.sqrt(expected * (1 - expected) / N) + 1e-12, year
    assert not alive.any()


def test_a_wife_bears_as_many_children_as_her_chances_add_up_to():
    customs = replace(CUSTOMS, births=CUSTOMS.births / 2, mortality=0.0, infant_mortality=0.0, leaving=0.0)
    families, luck = alone(FERTILE_FROM, True), luck_of(N)
    families.wed[0] = True
    born = 0
    for year in range(30):
        before = families.count()
        live_a_year(families, customs, luck(year))
        born += int((families.count() - before).sum())
    ages = np.arange(FERTILE_FROM + 1, FERTILE_UNTIL)
    chance = customs.births * np.minimum((FERTILE_UNTIL - ages) / (FERTILE_UNTIL - 25), 1)
    assert 2 * chance[3:].sum() == pytest.approx(1.9, abs=0.02)  # of one who marries at 24, as the docs say
    girls = int((families.women & (families.ages != NOBODY) & ~families.wed).sum())
    assert (families.count() == 8).mean() < 0.0005  # so that nobody to speak of lacks a place
    assert born / N == pytest.approx(chance.sum(), abs=4 * np.sqrt((chance * (1 - chance)).sum() / N))
    assert girls / born == pytest.approx(GIRLS, abs=4 * np.sqrt(0.25 / born))


def test_who_leaves_does_so_after_a_geometric_time():
    customs, luck = replace(CUSTOMS, mortality=0.0, leaving=0.2), luck_of(N)
    families = alone(60, True)
    families.seat(np.arange(N), np.full(N, 19, np.int8), np.ones(N, bool), wed=False)
    years = np.zeros(N)
    for year in range(24):
        live_a_year(families, customs, luck(year))
        years += families.ages[1] >= 20
    assert years.mean() == pytest.approx(0.8 / 0.2, abs=4 * np.sqrt(0.8) / 0.2 / np.sqrt(N) + 0.03)


# ---- the steady state


def means(families):
    """What the economy sees of families, on average."""
    counts = head_counts(families, CUSTOMS, np.zeros(len(families), np.int8))
    seen = {name: column.mean() for name, column in counts.items()}
    seen["nobody works"] = (counts["workers"] == 0).mean()
    return seen | {"suitors": len(suitors(families)[0]) / len(families)}


def lived(families, years, luck):
    """The same families later, as the donors lived."""
    families = families.copy()
    for year in range(years):
        live_a_year(families, CUSTOMS, luck(year))
        students = luck(year)("college", np.arange(len(families))) < CUSTOMS.students
        families.at_school |= (families.ages == 18) & students
        families.at_school &= families.ages < 22
        rows, place = suitors(families)
        held = luck(year)("wedding", rows) < CUSTOMS.wedding * CUSTOMS.affordable
        wed(families, rows[held], place[held])
    return families


def test_donors_are_in_a_steady_state():
    """Forty years later, with other luck, they are on average as they were."""
    pool = donors(CUSTOMS)
    luck = luck_of(len(pool))
    pool = lived(pool, 4, luck)  # until the college students among them are at school again
    before, ever = means(pool), []
    for decade in range(4):
        pool = lived(pool, 10, lambda year, decade=decade: luck(10 + 10 * decade + year))
        ever.append(means(pool))
    # Looks at one dynasty are alike: about as good as half their number of independent ones.
    error = 1 / np.sqrt(DYNASTIES * TIMES / 2)
    spread = {"members": 1.7, "workers": 1.5, "carers": 0.4, "children": 0.9, "elders": 0.8, "nobody works": 0.4,
              "suitors": 0.3}  # fmt: skip
    for name, sd in spread.items():
        path = [before[name], *(after[name] for after in ever)]
        slope = np.polyfit(np.arange(5), path, 1)[0]
        assert abs(4 * slope) < 4 * np.sqrt(2) * sd * error, (name, path)
        assert abs(4 * slope) < 0.05 * before[name], (name, path)


def test_the_steady_state_has_every_size_and_looks_like_a_village():
    pool = donors(CUSTOMS)
    size = np.bincount(pool.count(), minlength=9) / len(pool)
    assert (size[1:] > 0.01).all()
    seen = means(pool)
    assert seen["members"] == pytest.approx(3.5, abs=0.15)
    assert seen["workers"] == pytest.approx(2.2, abs=0.15)
    assert seen["elders"] / seen["members"] == pytest.approx(0.24, abs=0.03)
    assert 0.12 < seen["nobody works"] < 0.22


def test_donors_hang_on_customs_and_on_nothing_else():
    again = donors.__wrapped__(CUSTOMS)
    assert (again.ages == donors(CUSTOMS).ages).all()
    more = donors.__wrapped__(replace(CUSTOMS, births=0.3))
    assert means(more)["children"] > 1.3 * means(again)["children"]
    assert not again.at_school.any()


def test_without_weddings_dynasties_end_and_kin_take_over_more_often():
    luck = luck_of(4_000)
    taken = []
    for customs in (CUSTOMS, replace(CUSTOMS, wedding=0.0)):
        families = donors(CUSTOMS).of_rows(np.arange(4_000))
        total = 0
        for year in range(60):
            total += len(live_a_year(families, customs, luck(year)).taken_over)
            rows, place = suitors(families)
            held = luck(year)("wedding", rows) < customs.wedding * customs.affordable
            wed(families, rows[held], place[held])
        taken.append(total)
    assert number(families.ages != NOBODY).min() >= 1
    assert taken[1] > 1.15 * taken[0] > 0
