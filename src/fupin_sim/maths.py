"""Elementary functions with the same bits on every x86-64 processor.

`np.exp`, `np.log` and `np.power` pick their code by the processor's vector units, `scipy.special` by the C library's,
and the last bits differ; a household that stands exactly at a threshold then differs too. The functions here use only
+ − × ÷, square root, comparison and integer arithmetic on the bits of a float64, which IEEE 754 fixes to the last bit.
They work through blocks that fit the cache, keep the shape of what they are given, never warn, and `out` may be the
argument itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Kernel = Callable[..., None]  # (*arguments, result, scratch rows), all of one block
Terms = tuple[Floats, ...]

BLOCK = 32_768  # elements: fewer make the calls dear, more leave the cache
SCRATCH_ROWS = 6


QUIETLY = np.errstate(all="ignore")
"""Decorates the kernels that may meet infinities and what is not a number; the others cannot."""


def _ready(*terms: float) -> Terms:
    """Constants as arrays of no dimension: NumPy would convert a Python float anew at each of many calls."""
    return tuple(np.array(term) for term in terms)


# exp and log: fdlibm 5.3, e_exp.c and e_log.c (Sun Microsystems 1993); both err by less than one unit in the last
# place, and so exp(1) is the float64 next to e.
(LOG2_E,) = _ready(1.44269504088896338700e00)
# The first ends in zeros, so that a whole number of them is exact.
LN2_HIGH, LN2_LOW = _ready(6.93147180369123816490e-01, 1.90821492927058770002e-10)
EXP_TERMS = _ready(
    1.66666666666666019037e-01,
    -2.77777777770155933842e-03,
    6.61375632143793436117e-05,
    -1.65339022054652515390e-06,
    4.13813679705723846039e-08,
)
LOG_TERMS = _ready(
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
EXP_OVERFLOW, EXP_UNDERFLOW = 709.782712893383973096, -745.13321910194110842
EXP_PLAIN = (-708.0, 709.0)  # inside, the result and its exponent bits are those of a normal float64

(ROUNDER,) = _ready(1.5 * 2.0**52)  # adding it leaves the nearest whole number in the low bits
MANTISSA_BITS = np.array(52)
ROOT_HALF_BITS = np.sqrt(np.array(0.5)).view(np.int64)
HALF, ONE, TWO = _ready(0.5, 1.0, 2.0)
SMALLEST_NORMAL = 2.0**-1022

# Inverse normal: Wichura (1988), Algorithm AS 241 (PPND16), Applied Statistics 37, 477–484; relative error about 1e-16.
CENTRE_HALF, CENTRE_SQUARED = _ready(0.425, 0.180625)
CENTRE_ABOVE = _ready(
    3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
)  # fmt: skip
CENTRE_BELOW = _ready(
    1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
    2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
)  # fmt: skip
TAIL_SPLIT, TAIL_SHIFT, FAR_SHIFT = 5.0, 1.6, 5.0
TAIL_ABOVE = _ready(
    1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
    1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
)  # fmt: skip
TAIL_BELOW = _ready(
    1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
    1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
)  # fmt: skip
FAR_ABOVE = _ready(
    6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7,
)  # fmt: skip
FAR_BELOW = _ready(
    1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15,
)  # fmt: skip
# Above and below the fraction bar go through the same operations, as two rows: half as many calls of NumPy.
CENTRE, TAIL, FAR = (
    tuple(np.array([[top], [bottom]]) for top, bottom in zip(above, below, strict=True))
    for above, below in ((CENTRE_ABOVE, CENTRE_BELOW), (TAIL_ABOVE, TAIL_BELOW), (FAR_ABOVE, FAR_BELOW))
)


def exp(x: ArrayLike, out: Floats | None = None) -> Floats:
    """e to the power x, elementwise: inf above 709.78, 0 below −745.13, nan for nan.

    >>> float(exp(0.5)), exp([-np.inf, 0.0, 800.0]).tolist()
    (1.6487212707001282, [0.0, 1.0, inf])
    """
    return _blockwise(_exp, out, x)


def log(x: ArrayLike, out: Floats | None = None) -> Floats:
    """The natural logarithm, elementwise: −inf at 0, nan below.

    >>> log([1.0, 0.0, -1.0]).tolist()
    [0.0, -inf, nan]
    """
    return _blockwise(_log, out, x)


def power(x: ArrayLike, a: ArrayLike, out: Floats | None = None) -> Floats:
    """x ≥ 0 to the power a, elementwise and broadcast: exp(a log x); nan for x < 0 unless a is 0 or 1.

    a = 0 gives exactly 1 and a = 1 exactly x, so that an elasticity of zero leaves no trace. The relative error is
    below 3.4e-16 · |a log x| + 3e-16: one unit in the last place of log, half of one of the product, one of exp.

    >>> power([0.0, 1.0, 9.0], 0.5).tolist(), float(power(0.0, 0))
    ([0.0, 1.0, 3.0], 1.0)
    """
    if np.ndim(a) == 0:
        return _blockwise(partial(_power, float(np.asarray(a, dtype=np.float64))), out, x)
    return _blockwise(_power, out, a, x)


def sigmoid(x: ArrayLike, out: Floats | None = None) -> Floats:
    """The logistic function 1/(1 + e^−x), elementwise.

    >>> sigmoid([-800.0, 0.0, 40.0]).tolist()
    [0.0, 0.5, 1.0]
    """
    return _blockwise(_sigmoid, out, x)


def normal(u: ArrayLike, out: Floats | None = None) -> Floats:
    """The standard normal quantile of u, elementwise: ∓inf at 0 and 1, nan outside.

    Source: Wichura (1988), AS 241. Exactly antisymmetric: normal(1 − u) = −normal(u) wherever 1 − u is exact.

    >>> normal([0.5, 0.975]).round(6).tolist()
    [0.0, 1.959964]
    """
    return _blockwise(_normal, out, u)


def _blockwise(kernel: Kernel, out: Floats | None, *arguments: ArrayLike) -> Floats:
    """Run the kernel over the broadcast arguments block by block into out, or into a new array."""
    columns: Sequence[Floats] = [np.asarray(argument, dtype=np.float64) for argument in arguments]
    if len(columns) > 1:
        columns = np.broadcast_arrays(*columns)
    shape = columns[0].shape
    if out is not None and (out.shape != shape or out.dtype != np.float64):
        raise ValueError(f"out must be float64 of shape {shape}, not {out.dtype} of shape {out.shape}")
    result = out if out is not None and out.flags.c_contiguous else np.empty(shape)
    flat_columns, flat_result = [column.reshape(-1) for column in columns], result.reshape(-1)
    work = np.empty((SCRATCH_ROWS, min(flat_result.size, BLOCK)))
    for start in range(0, flat_result.size, BLOCK):
        y = flat_result[start : start + BLOCK]
        kernel(*[column[start : start + BLOCK] for column in flat_columns], y, work[:, : y.size])
    if out is not None and out is not result:
        out[...] = result
        return out
    return result if shape else result[()]


def _exp(x: Floats, y: Floats, work: Floats) -> None:
    """e^x = 2^k e^r with k whole and |r| ≤ ½ ln 2; k goes straight into the exponent bits of e^r."""
    if not (EXP_PLAIN[0] <= x.min() and x.max() <= EXP_PLAIN[1]):  # so that a nan is not plain either
        _exp_extreme(x, y, work)
        return
    k, shift = work[0], work[1]
    _split_exponent(x, k, shift)
    _exp_of_rest(x, k, y, work)
    bits = shift.view(np.int64)
    bits <<= MANTISSA_BITS
    y_bits = y.view(np.int64)
    y_bits += bits


@QUIETLY
def _exp_extreme(x: Floats, y: Floats, work: Floats) -> None:
    """As `_exp` where some results overflow, are subnormal, or are not numbers: 2^k is multiplied in two halves."""
    k, shift = work[0], work[1]
    original = x.copy()
    tame = np.clip(np.where(np.isnan(original), 0.0, original), EXP_UNDERFLOW - 1, EXP_OVERFLOW + 1)
    _split_exponent(tame, k, shift)
    _exp_of_rest(tame, k, y, work)
    whole = k.astype(np.int64)
    half = whole >> 1
    y *= _two_to_the(half)
    y *= _two_to_the(whole - half)
    y[original > EXP_OVERFLOW] = np.inf
    y[original < EXP_UNDERFLOW] = 0.0
    y[np.isnan(original)] = np.nan


def _split_exponent(x: Floats, k: Floats, shift: Floats) -> None:
    """k: the whole number nearest x / ln 2; shift: a float64 whose lowest bits hold it in two's complement."""
    np.multiply(x, LOG2_E, out=shift)
    shift += ROUNDER
    np.subtract(shift, ROUNDER, out=k)


def _exp_of_rest(x: Floats, k: Floats, y: Floats, work: Floats) -> None:
    """exp(x − k ln 2) into y: Remes polynomial within a rational function (fdlibm e_exp.c)."""
    high, low, r, c = work[2], work[3], work[4], work[5]
    np.multiply(k, LN2_HIGH, out=high)
    np.subtract(x, high, out=high)
    np.multiply(k, LN2_LOW, out=low)
    np.subtract(high, low, out=r)
    np.multiply(r, r, out=y)
    _polynomial(EXP_TERMS, y, c)
    c *= y
    np.subtract(r, c, out=c)  # c = r − (P1 r² + … + P5 r¹⁰)
    r *= c
    np.subtract(TWO, c, out=c)
    r /= c
    low -= r
    low -= high
    np.subtract(ONE, low, out=y)  # 1 − ((low − rc/(2−c)) − high)


def _log(x: Floats, y: Floats, work: Floats) -> None:
    """log x = k ln 2 + log(1 + f) with 1 + f between √½ and √2."""
    if not (x.min() >= SMALLEST_NORMAL and x.max() < np.inf):
        _log_extreme(x, y, work)
        return
    k = work[0]
    _split_mantissa(x, k, work)
    _log_of_rest(k, y, work)


@QUIETLY
def _log_extreme(x: Floats, y: Floats, work: Floats) -> None:
    """As `_log` where some x are subnormal, zero, negative, infinite or not numbers."""
    k = work[0]
    original = x.copy()
    subnormal = (original > 0) & (original < SMALLEST_NORMAL)
    tame = np.where(subnormal, original * 2.0**54, original)
    tame[~((tame > 0) & (tame < np.inf))] = 1.0
    _split_mantissa(tame, k, work)
    k -= 54.0 * subnormal
    _log_of_rest(k, y, work)
    y[original == np.inf] = np.inf
    y[original == 0] = -np.inf
    y[(original < 0) | np.isnan(original)] = np.nan


def _split_mantissa(x: Floats, k: Floats, work: Floats) -> None:
    """x = 2^k (1 + f) for normal x > 0; f goes into the second scratch row."""
    f, f_bits, exponent = work[1], work[1].view(np.int64), work[2].view(np.int64)
    bits = x.view(np.int64)
    np.subtract(bits, ROOT_HALF_BITS, out=exponent)
    exponent >>= MANTISSA_BITS
    k[:] = exponent
    exponent <<= MANTISSA_BITS
    np.subtract(bits, exponent, out=f_bits)
    f -= ONE


def _log_of_rest(k: Floats, y: Floats, work: Floats) -> None:
    """k ln 2 + log(1 + f) into y, f from the second scratch row (fdlibm e_log.c)."""
    f, s, z, r = work[1], work[2], work[3], work[4]
    np.add(f, TWO, out=s)
    np.divide(f, s, out=s)
    np.multiply(s, s, out=z)
    _polynomial(LOG_TERMS, z, r)
    r *= z
    np.multiply(f, f, out=z)
    z *= HALF
    r += z
    r *= s
    np.multiply(k, LN2_LOW, out=s)
    r += s
    z -= r
    z -= f
    np.multiply(k, LN2_HIGH, out=y)
    y -= z  # k ln2_high − ((f²/2 − (s(f²/2 + R) + k ln2_low)) − f)


@QUIETLY
def _power(a: float | Floats, x: Floats, y: Floats, work: Floats) -> None:
    unchanged = np.equal(a, 1.0)
    original = x.copy() if np.any(unchanged) else x
    _log(x, y, work)
    y *= a
    _exp(y, y, work)
    np.copyto(y, 1.0, where=np.equal(a, 0.0))
    np.copyto(y, original, where=unchanged)


def _sigmoid(x: Floats, y: Floats, work: Floats) -> None:
    np.negative(x, out=y)
    _exp(y, y, work)
    y += ONE
    np.divide(ONE, y, out=y)


@QUIETLY
def _normal(u: Floats, y: Floats, work: Floats) -> None:
    """The central 85 % by one rational function of (u − ½)², the tails by two others of √−log(distance to the end)."""
    q, r, distance = work[0], work[1], work[2]
    np.subtract(u, HALF, out=q)
    np.multiply(q, q, out=r)
    np.subtract(CENTRE_SQUARED, r, out=r)
    np.abs(q, out=distance)
    tail = (~(distance <= CENTRE_HALF)).nonzero()[0]
    outside = u[tail]
    _ratio(CENTRE, r, work[3:5], y)
    y *= q
    if tail.size:
        y[tail] = np.copysign(_normal_tail(np.minimum(outside, 1.0 - outside)), outside - 0.5)


def _normal_tail(end: Floats) -> Floats:
    """The size of the quantile at a distance 0 … .075 from the nearer end of the unit interval; nan below 0."""
    r = np.sqrt(-log(end))
    near = r - TAIL_SHIFT
    size, both = np.empty(r.size), np.empty((2, r.size))
    _ratio(TAIL, near, both, size)
    far = (r > TAIL_SPLIT).nonzero()[0]
    if far.size:
        farther = np.empty(far.size)
        _ratio(FAR, r[far] - FAR_SHIFT, both[:, : far.size], farther)
        size[far] = farther
        size[r == np.inf] = np.inf
    return size


def _ratio(terms: Terms, r: Floats, both: Floats, y: Floats) -> None:
    """One polynomial in r divided by another, into y; terms: of shape (2, 1), both: scratch of shape (2, n)."""
    _polynomial(terms, r, both)
    np.divide(both[0], both[1], out=y)


def _polynomial(terms: Terms, z: Floats, out: Floats) -> None:
    """terms[0] + terms[1] z + terms[2] z² + …, by Horner's rule."""
    np.multiply(z, terms[-1], out=out)
    for term in terms[-2:0:-1]:
        out += term
        out *= z
    out += terms[0]


def _two_to_the(k: NDArray[np.int64]) -> Floats:
    """2^k for whole −1022 ≤ k ≤ 1023, from its bits."""
    bits: NDArray[np.int64] = (k + 1023) << MANTISSA_BITS
    return bits.view(np.float64)
