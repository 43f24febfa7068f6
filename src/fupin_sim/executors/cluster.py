"""Clusters: chunks are sent to the workers of a Dask scheduler."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any

from fupin_sim.errors import BadInput
from fupin_sim.executors.engine import Engine
from fupin_sim.executors.work import Chunk, Row


def at_address(address: str) -> Any:
    raise BadInput("--on dask: not yet")


def of_slurm(profile: str, jobs: int) -> Any:
    raise BadInput("--on slurm: not yet")


class Cluster(Engine):
    def __init__(self, client: Any) -> None: ...
    def submit(self, chunk: Chunk) -> Future[list[Row]]:
        raise NotImplementedError

    def kill(self) -> None: ...
    def close(self) -> None: ...
