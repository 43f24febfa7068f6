"""The store: what it costs to keep a run, to list a hundred thousand, and what the process grows by."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from benchmarks.bars import Bar, Report
from benchmarks.clock import best
from fupin_sim.store import Row, Store, packed

RUNS, LISTED, FEW = 20_000, 100_000, 400
BATCH = 200
"""Runs of 5 ms that two workers finish in half a second, which is how often they are committed."""
JOURNAL_MS, SHARD_MS, LIST_S, GROWN_MB = 0.3, 0.3, 0.5, 300.0


class Timed(Store):
    """A store that knows what its shards cost it."""

    sharding_s = 0.0

    def _shard(self) -> None:
        began = time.process_time()
        super()._shard()
        self.sharding_s += time.process_time() - began


def tables() -> dict[str, object]:
    """A year of two measures, and returns after one to three years, packed as workers do."""
    months = [f"2016-{month:02d}" for month in range(1, 13)]
    measures = pd.DataFrame({
        "month": months * 2, "measure": ["headcount"] * 12 + ["return_rate"] * 12, "group": "",
        "value": np.arange(24) / 7,
    })  # fmt: skip
    years = np.arange(1, 4)
    return {
        "series": packed(measures),
        "survival": packed(pd.DataFrame({"years_since_exit": years, "at_risk": 9 - years, "returned": years % 2})),
    }


def made(i: int, **kept: object) -> Row:
    """The i-th run; its key does not come in order, as keys do not."""
    key = f"{i * 0x9E3779B97F4A7C15 % 2**64:032x}"
    return Row(key, "s", i, "ok", {"headcount": i / 7, "return_rate": i / 9}, {}, "d", 0.005, 1, **kept)  # type: ignore[arg-type]


def child(runs: int, listed: int) -> dict[str, float]:
    """What a fresh process finds: milliseconds of processor a run, seconds to list, bytes a run, MB grown."""
    kept, process = tables(), psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        with Timed(Path(folder) / "s", write=True) as store:
            store.put([made(i, **kept) for i in range(BATCH)])  # loads DuckDB
            store.sharding_s, before, putting = 0.0, process.memory_info().rss, 0.0
            for first in range(BATCH, BATCH + runs, BATCH):
                rows = [made(i, **kept) for i in range(first, first + BATCH)]
                began = time.process_time()
                store.put(rows)
                putting += time.process_time() - began
            grown, sharding = process.memory_info().rss - before, store.sharding_s
        size = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        with Store(Path(folder) / "listed", write=True) as store:
            for first in range(0, listed, 1000):
                store.put([made(i) for i in range(first, first + 1000)])
        with Store(Path(folder) / "listed", write=False) as store:
            listing = best(store.finished, 3)
            assert len(store.finished()) >= listed
    return {
        "journal": 1e3 * (putting - sharding) / runs, "shard": 1e3 * sharding / runs, "list": listing.cpu,
        "bytes": size / (runs + BATCH), "grown": grown / 2**20,
    }  # fmt: skip


def run(tiny: bool = False) -> Report:
    runs, listed = (FEW, FEW) if tiny else (RUNS, LISTED)
    command = [sys.executable, "-m", "benchmarks.store", str(runs), str(listed)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    rows = [
        ("ms of processor a run, into the journal", f"{found['journal']:.3f}"),
        ("ms of processor a run, on into a shard", f"{found['shard']:.3f}"),
        ("bytes a run on the disk", f"{found['bytes']:,.0f}"),
        (f"seconds to list {listed:,} finished runs", f"{found['list']:.3f}"),
        ("MB by which the process grows", f"{found['grown']:.0f}"),
    ]
    bars = [
        Bar("ms of processor a run into the journal", found["journal"], JOURNAL_MS),
        Bar("ms of processor a run into a shard", found["shard"], SHARD_MS),
        Bar(f"seconds to list {listed:,} finished runs", found["list"], LIST_S),
        Bar(f"MB by which the process grows over {runs:,} runs", found["grown"], GROWN_MB),
    ]
    return Report(f"{runs:,} small runs kept, {BATCH} in a commit", ("", ""), rows, bars)


if __name__ == "__main__":
    print(json.dumps(child(int(sys.argv[1]), int(sys.argv[2]))))
