"""Luck as a cube: a uniform that depends only on seed, process, month and who draws.

Who draws is a 64-bit luck key that comes from identity (county, village, position), never from a row number. So a draw
is the same in a shard, in a subset, in any order, and beside an inserted household; and two arms of a study share their
luck household by household.
"""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths

Keys = NDArray[np.uint64]
Floats = NDArray[np.float64]

BLOCK = 16_384  # keys; the two scratch rows stay in the second-level cache

# The finaliser of SplitMix64: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA;
# constants of Stafford's variant 13. One round is a bijection of the 64-bit words.
FINALISER = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
LAST_SHIFT = np.array(31, dtype=np.uint64)
STEPS = tuple((np.array(shift, dtype=np.uint64), np.array(factor, dtype=np.uint64)) for shift, factor in FINALISER)
GOLDEN = np.array(0x9E3779B97F4A7C15, dtype=np.uint64)  # 2⁶⁴ / golden ratio: neighbours land far apart

UNIT_BITS = np.array(0x3FF0000000000000, dtype=np.uint64)  # the bits of 1.0, mantissa free
MANTISSA_SHIFT = np.array(12, dtype=np.uint64)
HALF_A_STEP_BELOW_ONE = np.array(1.0 - 2.0**-53)


class Draws:
    """The cube of a run: `uniform(process, month, luck)` for every process, month and key, in any order.

    seed: any whole number. changes: (month, seed) pairs; from that month on the other seed holds, which gives another
    future to the same past. Months are absolute (year · 12 + month − 1).

    >>> draws = Draws(1)
    >>> luck = luck_key(0, 3, np.arange(4))
    >>> everyone = draws.uniform("illness", 24192, luck)
    >>> bool((draws.uniform("illness", 24192, luck[2:]) == everyone[2:]).all())
    True
    """

    def __init__(self, seed: int, changes: Sequence[tuple[int, int]] = ()) -> None:
        self.seed = operator.index(seed)
        self.changes = tuple(sorted((operator.index(month), operator.index(other)) for month, other in changes))

    def seed_at(self, month: int) -> int:
        """The seed in force in a month."""
        if not self.changes:
            return self.seed
        return next((seed for first, seed in reversed(self.changes) if first <= month), self.seed)

    def uniform(self, process: str, month: int, luck: Keys, out: Floats | None = None) -> Floats:
        """Uniforms strictly between 0 and 1, one for each key, in the shape of luck.

        Two rounds of the finaliser, each keyed with half of the 128-bit BLAKE2b hash of seed, month and process. The
        top 52 bits m give (m + ½)/2⁵², exact in a float64 and never 0 or 1.
        """
        if luck.dtype != np.uint64:
            raise TypeError(f"luck must be uint64 keys made by luck_key, not {luck.dtype}")
        if out is None:
            out = np.empty(luck.shape)
        elif out.shape != luck.shape or out.dtype != np.float64 or not out.flags.c_contiguous:
            raise ValueError(f"out must be contiguous float64 of shape {luck.shape}")
        first, second = _stream(self.seed_at(month), operator.index(month), process)
        flat, flat_out = luck.reshape(-1), out.reshape(-1)
        scratch = np.empty(min(flat.size, BLOCK), dtype=np.uint64)
        for start in range(0, flat.size, BLOCK):
            keys, u = flat[start : start + BLOCK], flat_out[start : start + BLOCK]
            _fill(u, keys, first, second, scratch[: keys.size])
        return out

    def uniforms(self, processes: Sequence[str], month: int, luck: Keys) -> Floats:
        """`uniform` for several processes and the same few keys of shape (n,); a row for each process.

        As many calls of NumPy as for one, which is what few keys cost.
        """
        seed, month = self.seed_at(month), operator.index(month)
        pairs = [_stream(seed, month, process) for process in processes]
        first, second = (np.concatenate(half)[:, None] for half in zip(*pairs, strict=True))
        u = np.empty((len(processes), luck.size))
        _fill(u, luck, first, second, np.empty(u.shape, np.uint64))
        return u

    def normal(self, process: str, month: int, luck: Keys, out: Floats | None = None) -> Floats:
        """Standard normals, the quantiles of `uniform` for the same process, month and keys."""
        u = self.uniform(process, month, luck, out)
        return maths.normal(u, out=u)


def luck_key(*parts: int | str | NDArray[np.integer] | NDArray[np.str_] | Sequence[str]) -> Keys:
    """Hash an identity, given part by part, into 64-bit keys; parts are broadcast against each other.

    Whole numbers, strings, and arrays of either: (county, village, position), or a survey's household id. The order of
    parts matters; a number and its decimal string differ. Keys of 10⁷ identities collide with probability 3·10⁻⁶.

    >>> luck_key(0, 3, np.arange(2)).tolist() == [int(luck_key(0, 3, 0)), int(luck_key(0, 3, 1))]
    True
    """
    if not parts:
        raise ValueError("an identity needs at least one part")
    words = np.broadcast_arrays(*(_words(part) for part in parts))
    shape = words[0].shape
    keys = np.full(words[0].size, len(parts), dtype=np.uint64)
    spare = np.empty_like(keys)
    for word in words:
        keys *= GOLDEN
        keys += GOLDEN
        keys ^= word.reshape(-1)
        _mix(keys, spare)
    return keys.reshape(shape)


def _fill(u: Floats, keys: Keys, first: Keys, second: Keys, spare: Keys) -> None:
    """Write into u the uniforms of keys; spare: scratch of the shape of u."""
    bits = u.view(np.uint64)
    np.bitwise_xor(keys, first, out=bits)
    _mix(bits, spare)
    bits += second
    _mix(bits, spare)
    bits >>= MANTISSA_SHIFT
    bits |= UNIT_BITS
    u -= HALF_A_STEP_BELOW_ONE


def _mix(words: Keys, spare: Keys) -> None:
    """One round of the finaliser on words, in place."""
    for shift, factor in STEPS:
        np.right_shift(words, shift, out=spare)
        words ^= spare
        words *= factor
    np.right_shift(words, LAST_SHIFT, out=spare)
    words ^= spare


@lru_cache(maxsize=256)  # a month asks for the same stream block by block
def _stream(seed: int, month: int, process: str) -> tuple[Keys, Keys]:
    """The two 64-bit keys of a process in a month."""
    digest = hashlib.blake2b(f"{seed} {month} {process}".encode(), digest_size=16).digest()
    pair = np.frombuffer(digest, "<u8")
    return pair[:1], pair[1:]


def _words(part: object) -> Keys:
    """A part of an identity as 64-bit words: whole numbers as they are, strings by BLAKE2b."""
    values = np.asarray(part)
    if values.dtype.kind in "iu":
        return values.astype(np.uint64)
    if values.dtype.kind == "U" or all(isinstance(value, str) for value in values.reshape(-1)):
        names, where = np.unique(values.astype(str), return_inverse=True)
        return np.array([_hash(str(name)) for name in names], dtype=np.uint64)[where].reshape(values.shape)
    raise TypeError(f"an identity is made of whole numbers and strings, not {values.dtype}")


def _hash(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")
