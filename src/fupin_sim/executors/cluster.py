"""Clusters: chunks of runs are sent to the workers of a Dask scheduler."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager, suppress
from importlib import import_module
from typing import Any

from fupin_sim.errors import BadInput
from fupin_sim.executors.engine import Engine
from fupin_sim.executors.job import ExecutorLost
from fupin_sim.executors.on_cluster import live_there
from fupin_sim.executors.work import Chunk, Row
from fupin_sim.provenance import source_digest

ANSWER_S = 10.0
"""How long a scheduler may take to answer at first."""
COUNT_S = 2.0
"""How often workers are counted anew."""
LEAVING_S = 5.0


def at_address(address: str) -> Any:
    """A client of the scheduler there, such as tcp://10.0.0.5:8786."""
    distributed = _extra("distributed", f"dask:{address}")
    try:
        return distributed.Client(address, timeout=ANSWER_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadInput(f"--on dask:{address}: no Dask scheduler answers there ({error})") from error


def of_slurm(profile: str, jobs: int) -> Any:
    """A client of workers that Slurm will start, as a section of dask-jobqueue's jobqueue.yaml says."""
    distributed, jobqueue = (_extra(name, f"slurm:{profile}") for name in ("distributed", "dask_jobqueue"))
    try:
        cluster = jobqueue.SLURMCluster(config_name=profile)
    except (KeyError, ValueError) as error:
        told = f"--on slurm:{profile}: no such profile that could be used, a section of jobqueue.yaml ({error})"
        raise BadInput(told) from error
    cluster.scale(jobs=jobs)
    return distributed.Client(cluster, set_as_default=False)


def _extra(name: str, on: str) -> Any:
    try:
        return import_module(name)
    except ImportError as missing:
        raise BadInput(f"--on {on}: {missing.name} is not installed; pip install fupin-sim[cluster]") from missing


class Cluster(Engine):
    """A Dask cluster, by its client. Each thread of a Dask worker lives runs in a process of its own.

    When a Dask worker dies, the scheduler gives its chunks to others; when the scheduler dies, ExecutorLost is raised.
    """

    def __init__(self, client: Any) -> None:
        self._client, self._pool = client, client.get_executor(pure=False)
        self._counted = -COUNT_S
        self._address = client.scheduler.address
        self.check()

    def submit(self, chunk: Chunk) -> Future[list[Row]]:
        future: Future[list[Row]] = self._pool.submit(live_there, chunk, source_digest())
        return future

    @property
    def chunks(self) -> int:
        return 2 * max(1, self.workers)

    def fell(self, future: Future[list[Row]]) -> str:
        if future.cancelled():
            raise self._lost()
        match future.exception():
            case ExecutorLost() as error:
                raise error
            case CancelledError():
                raise self._lost()
            case error if type(error).__name__ == "KilledWorker":
                return "the workers that it was on died, one after another"
        return super().fell(future)

    def check(self) -> None:
        if self._client.status != "running":
            raise self._lost()
        if time.monotonic() - self._counted >= COUNT_S:
            with suppress(OSError, TimeoutError):  # whether it is gone, the status will tell
                threads = self._client.sync(self._client.scheduler.ncores, callback_timeout=LEAVING_S)
                self.workers = sum(threads.values())
            self._counted = time.monotonic()

    def kill(self) -> None:
        """Nothing more is begun there; a run that is being lived is lived to its end, and forgotten."""
        with suppress(Exception):
            self._pool.shutdown(wait=False)
        self._pool = self._client.get_executor(pure=False)

    def close(self) -> None:
        """Leave; workers of an address stay, those of Slurm are ended."""
        cluster = self._client.cluster
        with suppress(Exception), _hushed():
            self._client.close(timeout=LEAVING_S)
        if cluster is not None:
            cluster.close()

    def _lost(self) -> ExecutorLost:
        return ExecutorLost(f"the Dask scheduler at {self._address} is gone")


@contextmanager
def _hushed() -> Iterator[None]:
    """A client that leaves while it looks for a scheduler that is gone logs a traceback of it; that is said already."""
    logger = logging.getLogger("distributed.client")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
