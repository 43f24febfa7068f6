"""Peak: the most memory that a process has used for a while."""

from __future__ import annotations

import os
import sys
from functools import cache

RESET = b"5"
"""What makes the kernel of Linux forget the highest resident size so far."""


class Peak:
    """Counts from its making on; where the system cannot begin anew (all but Linux), from the start of the process."""

    def __init__(self) -> None:
        reset, self._status = _handles(os.getpid())
        if reset is not None:
            os.pwrite(reset, RESET, 0)

    @property
    def bytes(self) -> int:
        """Highest resident size in bytes, 0 where the system does not tell."""
        if self._status is None:
            return _of_the_process()
        told = os.pread(self._status, 4096, 0)
        return int(told[told.index(b"VmHWM:") + 6 :].split(None, 1)[0]) * 1024


@cache
def _handles(pid: int) -> tuple[int | None, int | None]:
    """Where the peak of this process is reset and told, kept open since to open them costs more than to use them."""
    reset = status = None
    try:
        status = os.open("/proc/self/status", os.O_RDONLY)
        if b"VmHWM:" not in os.pread(status, 4096, 0):
            return None, None
        reset = os.open("/proc/self/clear_refs", os.O_WRONLY)
        os.pwrite(reset, RESET, 0)
    except OSError:
        reset = None  # as in some containers
    return reset, status


def _of_the_process() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
