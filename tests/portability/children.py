"""The same snippet in child processes that may use less and less of this processor.

`digests(snippet)` runs it once in each way that this machine allows and hashes the variable `result` it leaves behind;
equal digests show that no bit depends on NumPy's vector units or on the variants of the C library. `missing()` says
which ways could not be taken here, and why. Every child first asserts that it is crippled as it should be: NumPy and
glibc both ignore names they do not know without a word.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache

AS_IS, PLAIN_NUMPY, PLAIN_LIBM, PLAIN = "as is", "plain NumPy", "plain libm", "plain NumPy and libm"

# Spellings of glibc from 2.33 and before.
HWCAPS = ("-AVX2,-FMA,-FMA4", "-AVX2_Usable,-FMA_Usable,-FMA4_Usable")

NUMPY_FEATURES = """
import numpy._core._multiarray_umath as core
on = [name for name in core.__cpu_dispatch__ if core.__cpu_features__.get(name)]
"""

# Where the loader has sent `sin`, counted from a function of libm that has one variant only.
LIBM_VARIANT = """
import ctypes, ctypes.util
libm = ctypes.CDLL(ctypes.util.find_library("m"))
address = lambda name: ctypes.cast(getattr(libm, name), ctypes.c_void_p).value
variant = address("sin") - address("frexp")
"""

HASH = """
import hashlib, numpy

def _feed(value, into):
    if isinstance(value, dict):
        value = [part for pair in value.items() for part in pair]
    if isinstance(value, (list, tuple)):
        into.update(f"{len(value)};".encode())
        for part in value:
            _feed(part, into)
    elif isinstance(value, (str, bytes)):
        into.update(value.encode() if isinstance(value, str) else value)
    else:
        array = numpy.ascontiguousarray(value)
        assert array.dtype != object, "result holds something that has no bits of its own"
        into.update(f"{array.dtype.str}{array.shape}".encode() + array.tobytes())

_hash = hashlib.blake2b(digest_size=16)
_feed(result, _hash)
print("digest", _hash.hexdigest())
"""


def run(code: str, settings: dict[str, str] | None = None) -> str:
    """What the code prints in a child process with these environment variables besides ours."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), **(settings or {})}
    child = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=600)
    if child.returncode:
        raise AssertionError(f"the child with {settings or 'nothing changed'} failed:\n{child.stderr}")
    return child.stdout


@cache
def _ways() -> tuple[dict[str, tuple[dict[str, str], str]], dict[str, str]]:
    """Ways that can be taken here, {name: (environment, code that asserts it)}, and reasons for the others."""
    ways: dict[str, tuple[dict[str, str], str]] = {AS_IS: ({}, "")}
    reasons = {}
    features = run(NUMPY_FEATURES + "print(*on)").split()
    if features:
        check = NUMPY_FEATURES + "assert not on, f'still on: {on}'\n"
        ways[PLAIN_NUMPY] = ({"NPY_DISABLE_CPU_FEATURES": " ".join(features)}, check)
    else:
        reasons[PLAIN_NUMPY] = "this NumPy dispatches to no feature of this processor"
    try:
        usual = run(LIBM_VARIANT + "print(variant)")
        for hwcaps in HWCAPS:
            settings = {"GLIBC_TUNABLES": f"glibc.cpu.hwcaps={hwcaps}"}
            if run(LIBM_VARIANT + "print(variant)", settings) != usual:
                ways[PLAIN_LIBM] = (settings, LIBM_VARIANT + f"assert variant != {usual}\n")
                break
        else:
            reasons[PLAIN_LIBM] = f"glibc.cpu.hwcaps with none of {HWCAPS} changes the variant of sin"
    except AssertionError as failure:
        reasons[PLAIN_LIBM] = f"no libm to ask: {str(failure).splitlines()[-1]}"
    if PLAIN_NUMPY in ways and PLAIN_LIBM in ways:
        (numpy, numpy_check), (libm, libm_check) = ways[PLAIN_NUMPY], ways[PLAIN_LIBM]
        ways[PLAIN] = ({**numpy, **libm}, numpy_check + libm_check)
    else:
        reasons[PLAIN] = "needs both"
    return ways, reasons


def missing() -> dict[str, str]:
    """The ways that cannot be taken on this machine, with the reason."""
    return dict(_ways()[1])


def digests(snippet: str) -> dict[str, str]:
    """The digest of the snippet's `result` (arrays, strings, numbers, and lists or dicts of them) in each way."""
    for name, reason in missing().items():
        print(f"not run ({name}): {reason}")
    return {
        name: run(check + snippet + HASH, settings).rsplit("digest ", 1)[1].strip()
        for name, (settings, check) in _ways()[0].items()
    }
