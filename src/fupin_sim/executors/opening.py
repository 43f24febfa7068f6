"""Opening: an engine is chosen by a word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from fupin_sim.errors import BadInput, nearest
from fupin_sim.executors.engine import Engine
from fupin_sim.executors.local import Inline, Local

KINDS = ("serial", "local", "dask:ADDRESS", "slurm:PROFILE")


@contextmanager
def opened(on: str = "local", workers: int = 1) -> Iterator[Engine]:
    """An engine for several calls of `supervise(..., on=engine)`; its workers start once and end with the block.

    on: "serial", "local", "dask:ADDRESS" or "slurm:PROFILE"; workers: processes of "local", jobs of "slurm".
    Raises BadInput for another word, a scheduler that does not answer, or a missing extra.
    """
    with _made(on, workers) as engine:
        yield engine


def _made(on: str, workers: int) -> Engine:
    kind, colon, where = on.partition(":")
    match kind, where:
        case "serial", "" if not colon:
            return Inline()
        case "local", "" if not colon:
            return Local(workers)
        case "dask" | "slurm", where if where:
            from fupin_sim.executors import cluster  # what it needs, other workers can do without

            return cluster.Cluster(cluster.at_address(where) if kind == "dask" else cluster.of_slurm(where, workers))
    raise BadInput(f"--on {on}: must be one of {', '.join(KINDS)}.{nearest(on, KINDS)}")
