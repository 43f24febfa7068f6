"""Luck: uniform, independent across streams, and a matter of who one is, never of where one stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from fupin_sim import maths
from fupin_sim.draws import BLOCK, Draws, luck_key

JANUARY_2016 = 2016 * 12


@pytest.fixture(scope="module")
def people():
    """Luck keys of 8 counties × 40 villages × 150 households."""
    return luck_key(np.arange(8)[:, None, None], np.arange(40)[:, None], np.arange(150)).reshape(-1)


def pvalue_of_uniformity(u):
    return stats.kstest(u, "uniform").pvalue


# ---- the cube


def test_draws_are_uniform(people):
    draws = Draws(1)
    pvalues = [pvalue_of_uniformity(draws.uniform("illness", month, people)) for month in range(40)]
    assert min(pvalues) > 0.05 / 40 / 5
    assert stats.kstest(pvalues, "uniform").pvalue > 1e-3


def test_draws_of_neighbouring_raw_numbers_are_uniform_and_unrelated():
    """Keys need no mixing of their own: 0, 1, 2 … serve as well."""
    raw = np.arange(100_000, dtype=np.uint64)
    u = Draws(1).uniform("illness", JANUARY_2016, raw)
    assert pvalue_of_uniformity(u) > 1e-3
    for lag in (1, 2, 8, 150):
        assert abs(np.corrcoef(u[:-lag], u[lag:])[0, 1]) * np.sqrt(u.size) < 4


def test_pairs_of_neighbours_fill_the_square(people):
    u = Draws(3).uniform("job loss", JANUARY_2016, people)
    counts = np.histogram2d(u[:-1], u[1:], bins=16, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(counts.reshape(-1)).pvalue > 1e-3


def test_streams_are_uncorrelated(people):
    some = people[:20_000]
    seeds = [Draws(seed).uniform("illness", JANUARY_2016, some) for seed in range(40)]
    months = [Draws(0).uniform("illness", JANUARY_2016 + month, some) for month in range(1, 41)]
    processes = [Draws(0).uniform(f"process {number}", JANUARY_2016, some) for number in range(40)]
    correlations = np.corrcoef(seeds + months + processes)[np.triu_indices(120, 1)] * np.sqrt(some.size)
    assert abs(correlations.std() - 1) < 0.03
    assert abs(correlations).max() < 5


def test_every_bit_of_a_key_changes_half_the_bits_of_a_draw():
    keys = luck_key(np.arange(2000))
    plain = (Draws(1).uniform("illness", 5, keys) * 2**52).astype(np.uint64)
    for bit in range(64):
        other = (Draws(1).uniform("illness", 5, keys ^ np.uint64(1 << bit)) * 2**52).astype(np.uint64)
        changed = np.bitwise_count(plain ^ other).mean() / 52
        assert abs(changed - 0.5) < 0.01


@given(st.data())
def test_a_subset_in_any_order_has_the_draws_of_the_whole(data):
    people = luck_key(3, np.arange(400))
    chosen = data.draw(st.lists(st.integers(0, 399), max_size=60))
    draws = Draws(11)
    whole = draws.uniform("illness", JANUARY_2016, people)
    assert draws.uniform("illness", JANUARY_2016, people[chosen]).tobytes() == whole[chosen].tobytes()


def test_blocks_and_shapes_leave_no_seam():
    keys = luck_key(np.arange(2 * BLOCK + 5))
    whole = Draws(1).uniform("illness", 7, keys)
    seams = [0, BLOCK - 1, BLOCK, 2 * BLOCK + 4]
    assert (whole[seams] == [Draws(1).uniform("illness", 7, keys[i : i + 1])[0] for i in seams]).all()
    assert (Draws(1).uniform("illness", 7, keys[:12].reshape(3, 4)) == whole[:12].reshape(3, 4)).all()
    assert (Draws(1).uniform("illness", 7, keys[::-3]) == whole[::-3]).all()
    assert Draws(1).uniform("illness", 7, keys[5].reshape(())) == whole[5]
    assert Draws(1).uniform("illness", 7, keys[:0]).shape == (0,)


def test_an_inserted_household_moves_nobody_elses_luck():
    before = luck_key(0, 3, np.arange(100))
    after = luck_key(0, 3, np.append(np.arange(100), 1000))
    assert (Draws(1).uniform("illness", 7, before) == Draws(1).uniform("illness", 7, after)[:-1]).all()


def test_the_keys_are_left_alone_and_may_be_read_only(people):
    before = people.copy()
    people.setflags(write=False)
    Draws(1).uniform("illness", 1, people)
    people.setflags(write=True)
    assert (people == before).all()


def test_the_same_place_in_the_cube_is_the_same_luck_any_other_is_not(people):
    first = Draws(1).uniform("illness", 10, people)
    assert (Draws(1).uniform("illness", 10, people) == first).all()
    for draws, process, month in [(Draws(2), "illness", 10), (Draws(1), "illness ", 10), (Draws(1), "illness", 11)]:
        assert not (draws.uniform(process, month, people) == first).any()


def test_seed_and_month_do_not_run_into_each_other(people):
    assert (Draws(1).uniform("x", 12, people) != Draws(11).uniform("x", 2, people)).all()
    assert (Draws(1).uniform("2 x", 1, people) != Draws(1).uniform("x", 12, people)).all()


def test_from_a_month_on_another_seed_holds(people):
    changed = Draws(1, ((20, 3), (10, 2)))
    for month, seed in [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3), (500, 3)]:
        assert changed.seed_at(month) == seed
        assert (changed.uniform("x", month, people) == Draws(seed).uniform("x", month, people)).all()


def test_nought_and_one_are_never_drawn():
    """A key is found for which the last word is all zeros or all ones: the two rounds are inverted."""
    inverse = {"low": 0, "high": 2**64 - 1}
    for name, word in inverse.items():
        key = np.array([_unmixed(word, seed=5, month=6, process="x")], dtype=np.uint64)
        u = Draws(5).uniform("x", 6, key)[0]
        assert u == (2.0**-53 if name == "low" else 1 - 2.0**-53)
        assert np.isfinite(maths.normal(u))


def _unmixed(word: int, seed: int, month: int, process: str) -> int:
    import hashlib

    digest = hashlib.blake2b(f"{seed} {month} {process}".encode(), digest_size=16).digest()
    first, second = (int.from_bytes(digest[i : i + 8], "little") for i in (0, 8))
    return _unmix((_unmix(word) - second) % 2**64) ^ first


def _unmix(word: int) -> int:
    """The finaliser of SplitMix64 backwards, in Python's whole numbers."""
    word ^= word >> 31 ^ word >> 62
    word = word * pow(0x94D049BB133111EB, -1, 2**64) % 2**64
    word ^= word >> 27 ^ word >> 54
    word = word * pow(0xBF58476D1CE4E5B9, -1, 2**64) % 2**64
    return word ^ word >> 30 ^ word >> 60


def test_normals_are_the_quantiles_of_the_uniforms(people):
    u, z = Draws(1).uniform("x", 6, people), Draws(1).normal("x", 6, people)
    assert z.tobytes() == maths.normal(u).tobytes()
    assert stats.kstest(z, "norm").pvalue > 1e-3


def test_out_is_filled_and_returned(people):
    out = np.empty(people.size)
    assert Draws(1).uniform("x", 6, people, out=out) is out
    assert (out == Draws(1).uniform("x", 6, people)).all()
    assert Draws(1).normal("x", 6, people, out=out) is out
    assert (out == Draws(1).normal("x", 6, people)).all()


@pytest.mark.parametrize("out", [np.empty(3), np.empty(4, dtype=np.float32), np.empty((4, 2))[:, 0]])
def test_an_out_that_does_not_fit_is_refused(out):
    with pytest.raises(ValueError, match=r"contiguous float64 of shape \(4,\)"):
        Draws(1).uniform("x", 6, luck_key(np.arange(4)), out=out)


def test_what_is_not_a_key_a_seed_or_a_month_is_refused():
    with pytest.raises(TypeError, match="luck must be uint64 keys"):
        Draws(1).uniform("x", 6, np.arange(4))
    with pytest.raises(TypeError):
        Draws(1.5)
    with pytest.raises(TypeError):
        Draws(1).uniform("x", 6.0, luck_key(np.arange(4)))


def test_numpy_integers_serve_as_seed_and_month(people):
    wanted = Draws(4).uniform("x", 6, people)
    assert (Draws(np.int64(4)).uniform("x", np.int32(6), people) == wanted).all()


def test_known_answers():
    keys = luck_key(2, np.arange(2)[:, None], np.arange(2)).reshape(-1)
    assert [f"{key:016x}" for key in keys.tolist()] == KEYS
    assert [u.hex() for u in Draws(20160101).uniform("illness", JANUARY_2016, keys).tolist()] == UNIFORMS
    assert [f"{key:016x}" for key in luck_key("village 3", np.array(["a", "户"])).tolist()] == NAMED


# ---- keys of identity


def test_three_hundred_thousand_households_have_keys_of_their_own():
    keys = luck_key(np.arange(20)[:, None, None], np.arange(100)[:, None], np.arange(150))
    assert keys.shape == (20, 100, 150)
    assert keys.dtype == np.uint64
    assert np.unique(keys).size == keys.size
    high_and_low = np.concatenate([(keys >> np.uint64(56)).reshape(-1), (keys & np.uint64(255)).reshape(-1)])
    assert stats.chisquare(np.bincount(high_and_low.astype(int), minlength=256)).pvalue > 1e-3


def test_identities_that_look_alike_have_different_keys():
    alike = [
        luck_key(1, 2, 3), luck_key(3, 2, 1), luck_key(1, 2), luck_key(1, 2, 0), luck_key(0, 1, 2), luck_key(12, 3),
        luck_key("1", 2, 3), luck_key("1", "2", "3"), luck_key("123"), luck_key(123), luck_key(-1), luck_key(0),
    ]  # fmt: skip
    assert len({int(key) for key in alike}) == len(alike)


def test_a_key_does_not_depend_on_the_shape_or_integer_type_it_is_asked_in():
    together = luck_key(np.array([[1], [2]]), np.array([5, 6], dtype=np.int16))
    assert int(together[1, 0]) == int(luck_key(2, 5)) == int(luck_key(np.uint8(2), np.int64(5)))
    assert (luck_key(["a", "b"], 7) == luck_key(np.array(["a", "b"], dtype=object), 7)).all()
    assert int(luck_key("b", 7)) == int(luck_key(["a", "b"], 7)[1])
    assert luck_key(np.empty(0, dtype=int), 7).shape == (0,)


@pytest.mark.parametrize("part", [1.5, np.array([1.0, 2.0]), None, np.array([True]), np.array([1, None], dtype=object)])
def test_an_identity_of_anything_but_whole_numbers_and_strings_is_refused(part):
    with pytest.raises(TypeError, match="whole numbers and strings"):
        luck_key(1, part)


def test_an_identity_without_parts_is_refused():
    with pytest.raises(ValueError, match="at least one part"):
        luck_key()


KEYS = ["96087b61d8275887", "c3d2e13f328c7e45", "400958a4bccd2a9d", "5001289485d2a9ee"]
UNIFORMS = ["0x1.ab8dd60c724c5p-1", "0x1.08e26f23d2e0dp-1", "0x1.8a730b9014f5fp-1", "0x1.7836644516fd1p-1"]
NAMED = ["cb6d8de9aaea8b49", "b51f2638fc57b6e5"]
