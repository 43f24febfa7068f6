"""A study: how far the process grows that drives twenty thousand runs, from the first of them to the last table."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.bars import Bar, Report

RUNS, FEW, WORKERS = 20_000, 40, 2
GROWN_MB = 300.0
SMALL: Mapping[str, object] = {
    "population.counties": 1, "population.villages": 1, "population.households": 20, "scenario.years": 5,
    "burn_in.months": 0,
}  # fmt: skip


def child(runs: int) -> dict[str, float]:
    """What a fresh process finds as it compares two arms: MB grown at most, seconds, milliseconds of its own a run.

    Workers live the first run of each arm and tell it again for all others, since only the parent is looked at.
    """
    from benchmarks.contenders import resident
    from benchmarks.told_again import told_again
    from fupin_sim import compare
    from fupin_sim.executors.peak import Peak
    from fupin_sim.experiment import driver
    from fupin_sim.store import Store

    driver.live = told_again
    before, peak = resident(), Peak()
    cpu, wall = time.process_time(), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        found = compare(
            ["baseline", "no_support"], replicates=runs // 2, measures=["headcount"], sets=SMALL, workers=WORKERS,
            out=folder,
        )  # fmt: skip
        wall, cpu, grown = time.perf_counter() - wall, time.process_time() - cpu, peak.bytes - before
        with Store(Path(folder), write=False) as store:
            assert store.statuses() == {"ok": runs}
        assert found.effects["n"].tolist() == [runs // 2]
    return {"grown": grown / 2**20, "wall": wall, "cpu": 1e3 * cpu / runs}


def measured(runs: int) -> dict[str, float]:
    """What a fresh process says of itself."""
    command = [sys.executable, "-m", "benchmarks.study", str(runs)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(tiny: bool = False) -> Report:
    """A tenth of the runs, and all: what grows with them, and what does not."""
    runs = FEW if tiny else RUNS
    found = {many: measured(many) for many in (runs // 10, runs)}
    rows = [
        (f"{many:,} runs", f"{told['wall']:.0f}", f"{told['cpu']:.2f}", f"{told['grown']:.0f}")
        for many, told in found.items()
    ]
    header = ("", "s of wall", "ms CPU of the parent a run", "MB it grew by, at most")
    title = f"A study of two arms on {WORKERS} workers, its store on, of so many runs in all"
    bar = Bar(f"MB by which {runs:,} runs make the parent grow", found[runs]["grown"], GROWN_MB)
    return Report(title, header, rows, [bar])


if __name__ == "__main__":
    print(json.dumps(child(int(sys.argv[1]))))
