"""Contenders: the same short runs on two workers, by the supervisor and by others; each in a fresh process.

`python -m benchmarks.contenders NAME RUNS` prints seconds of wall and of processor time as JSON. A run burns BURN_S
of processor time and gives one number.
"""

from __future__ import annotations

import importlib
import json
import multiprocessing
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

WORKERS = 2
BURN_S = 0.005


def toy(seed: float) -> dict[str, float]:
    """A run: burns its time and says one number of its seed."""
    end = time.process_time() + BURN_S
    while time.process_time() < end:
        pass
    return {"headcount": 1.0 / (1.0 + seed)}


def nothing(seed: float) -> dict[str, float]:
    """A run that takes no time."""
    return {"headcount": 1.0 / (1.0 + seed)}


def supervised(runs: int) -> int:
    """`supervise` on local workers, every row kept in a store."""
    from benchmarks.keeping import kept
    from fupin_sim.executors import Job, supervise

    with tempfile.TemporaryDirectory() as folder, kept(Path(folder)) as sink:
        jobs = (Job(f"{seed:032x}", seed) for seed in range(runs))
        return supervise(toy, jobs, workers=WORKERS, sink=sink).counts["ok"]


def bare(runs: int) -> int:
    """As many processes, each of which burns its share; nothing is handed out, nothing kept."""
    share = runs // WORKERS
    processes = [multiprocessing.get_context("spawn").Process(target=burn, args=(share,)) for _ in range(WORKERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return share * WORKERS


def burn(runs: int) -> None:
    for seed in range(runs):
        toy(seed)


def pool(runs: int) -> int:
    """A plain ProcessPoolExecutor, a future for each run, nothing kept."""
    from concurrent.futures import ProcessPoolExecutor

    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as executor:
        return len(list(executor.map(toy, range(runs))))


def mesa(runs: int) -> int:
    """`mesa.batch_run`, nothing kept."""
    from mesa.batchrunner import batch_run

    from benchmarks.mesa_toy import Toy

    found = batch_run(
        Toy, {"case": list(range(runs))}, number_processes=WORKERS, iterations=1, max_steps=1, display_progress=False
    )
    return len(found)


def ema(runs: int) -> int:
    """The EMA workbench with its evaluator on processes, nothing kept."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import Model, MultiprocessingEvaluator, RealParameter, ScalarOutcome

        model = Model("toy", function=toy)
        model.uncertainties = [RealParameter("seed", 0, runs)]
        model.outcomes = [ScalarOutcome("headcount")]
        with MultiprocessingEvaluator(model, n_processes=WORKERS) as evaluator:
            experiments, _ = evaluator.perform_experiments(scenarios=runs)
        return len(experiments)


def memory(runs: int) -> int:
    """How far the parent grows over so many runs that take no time, in bytes, every row kept in a store."""
    from benchmarks.keeping import kept
    from fupin_sim.executors import Heard, Job, supervise

    grown = 0
    with tempfile.TemporaryDirectory() as folder, kept(Path(folder)) as sink:
        before = resident()

        def heard(heard: Heard) -> None:
            nonlocal grown
            grown = max(grown, resident() - before)

        jobs = (Job(f"{seed:032x}", seed) for seed in range(runs))
        supervise(nothing, jobs, workers=WORKERS, sink=sink, heard=heard)
    return grown


def resident() -> int:
    """Bytes of this process in memory."""
    import psutil

    return int(psutil.Process().memory_info().rss)


CONTENDERS: Mapping[str, Callable[[int], int]] = {
    "bare": bare, "supervised": supervised, "pool": pool, "mesa": mesa, "ema": ema, "memory": memory,
}  # fmt: skip


def used() -> float:
    """Processor time of this process and of those that have ended."""
    who: Iterable[Any] = (resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in who)


NEEDS: Mapping[str, tuple[str, ...]] = {
    "bare": (), "supervised": ("benchmarks.keeping", "duckdb"), "pool": ("concurrent.futures.process",),
    "mesa": ("benchmarks.mesa_toy", "mesa.batchrunner"), "ema": ("ema_workbench",), "memory": ("benchmarks.keeping",),
}  # fmt: skip


def main(name: str, runs: int) -> dict[str, float]:
    """What it took to do so many runs, start and end of workers included, but not what the parent imports."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in NEEDS[name]:
            importlib.import_module(module)
    cpu, wall = used(), time.perf_counter()
    did = CONTENDERS[name](runs)
    return {"did": did, "wall": time.perf_counter() - wall, "cpu": used() - cpu}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
