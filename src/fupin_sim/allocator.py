"""The C allocator, asked to keep large arrays at hand instead of returning them to the system after each operation."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

TRIM_THRESHOLD, MMAP_THRESHOLD = -1, -3
MEBIBYTE = 2**20


@cache
def keep_memory() -> bool:
    """Ask once; changes speed only, never a result. Returns whether the allocator agreed (glibc on Linux)."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(mallopt(TRIM_THRESHOLD, 512 * MEBIBYTE)) and bool(mallopt(MMAP_THRESHOLD, 32 * MEBIBYTE))
