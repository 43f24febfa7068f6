"""Peak: the most memory that a process has used for a while."""

from __future__ import annotations

import os
import sys

RESET = b"5"
"""What makes the kernel of Linux forget the highest resident size so far."""


class Peak:
    """Counts from its making on; where the system cannot begin anew (all but Linux), from the start of the process."""

    def __init__(self) -> None:
        try:
            handle = os.open("/proc/self/clear_refs", os.O_WRONLY)
        except OSError:
            return
        try:
            os.write(handle, RESET)
        except OSError:
            pass
        finally:
            os.close(handle)

    @property
    def bytes(self) -> int:
        """Highest resident size in bytes, 0 where the system does not tell."""
        try:
            with open("/proc/self/status", "rb") as status:
                told = status.read()
            return int(told[told.index(b"VmHWM:") + 6 :].split(None, 1)[0]) * 1024
        except (OSError, ValueError):
            return _of_the_process()


def _of_the_process() -> int:
    if sys.platform == "win32":
        return 0
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
