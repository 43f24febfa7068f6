"""Made-up runs to keep in a store, and small disks to keep them on."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from fupin_sim.store import Row

ODD = [math.nan, -0.0, 5e-324, -2.2e-308, math.inf, -math.inf, 1.7976931348623157e308, 0.1]
ROOT = Path(__file__).parents[1]


def key(i: int) -> str:
    """Keys whose order is not that of the runs."""
    return f"{i * 7919 % 1_000_003:032x}"


def series(i: int, months: int = 6) -> pd.DataFrame:
    """A run's series, with every kind of odd number in it."""
    values = (np.arange(2 * months) + i) / 7
    values[: min(len(ODD), len(values))] = ODD[: len(values)]
    return pd.DataFrame(
        {
            "month": [f"2016-{1 + j % 12:02d}" for j in range(2 * months)],
            "measure": ["headcount", "return_rate"] * months,
            "group": ["", "source:wage 'a'"] * months,
            "value": values,
        }
    )


def survival(i: int) -> pd.DataFrame:
    years = np.arange(1, 1 + i % 4)
    return pd.DataFrame({"years_since_exit": years, "at_risk": 10 - years, "returned": years % 2})


def households(i: int, n: int = 5) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "village": np.arange(n, dtype=np.int16),
            "luck": (np.arange(n) + i).astype(np.uint64) * np.uint64(2**61),
            "saved": np.arange(n) % 2 == 0,
            "yuan": np.linspace(0.1, i + 1.0, n, dtype=np.float32),
            "cause": ["illness", None, "", "school", "灾"][:n],
            "decided": np.array(["2016-01-01"] * n, "M8[us]"),
        }
    )
    frame.attrs = {"seed": 2**70 + i, "since": "2016-01", "flag": True}
    return frame


def row(i: int, **other: Any) -> Row:
    """The i-th run; `other` replaces what it says."""
    said = {
        "key": key(i), "scenario_key": f"s{i % 2}", "seed": 2**70 + i, "status": "ok",
        "headlines": {"headcount": i / 3, "return_rate": math.nan if i % 5 == 0 else -i / 7},
        "missing": {"headcount": i}, "digest": f"d{i}", "seconds": i / 10,
        "memory": 1000 + i, "series": series(i), "survival": survival(i),
    }  # fmt: skip
    return Row(**(said | other))


def failed(i: int, status: str = "failed", **other: Any) -> Row:
    return Row(key(i), f"s{i % 2}", 2**70 + i, status, attempts=2, error="ZeroDivisionError: x", trace="…\n…", **other)  # type: ignore[arg-type]


def cells(n: int, first: int = 0) -> list[tuple[str, int, str, int]]:
    """Cells of two arms of one point, filled by runs first, first + 1, …"""
    return [(key(i), 0, "ab"[i % 2], i // 2) for i in range(first, n)]


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A file system of its own with so much room; skips where this process may not mount one."""
    folder.mkdir(exist_ok=True)
    if sys.platform != "linux":
        pytest.skip("mounting a tmpfs is tried on Linux only")
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"cannot mount a tmpfs: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def read_only(folder: Path) -> None:
    """Root writes anywhere; only a file system that refuses stops it."""
    subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)


def python(code: str, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
    """A real process that runs this code with the tests' modules at hand."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path}, **options,
    )  # fmt: skip
