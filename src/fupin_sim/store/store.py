"""The folder of a study: its journal, its shards, its household tables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from fupin_sim.store.row import Problem, Row

if TYPE_CHECKING:
    import pandas as pd

Place = tuple[str, int, str, int]  # key, point, arm, replicate


class Store:
    """All runs of one study: one process writes, any number read, also while it writes.

    folder: the study's; with write=True it is made if need be, and the lock of the single writer is taken.
    Raises BadInput for a folder that is not there or holds no store of ours, StoreBusy (also a BadInput) while another
    process writes, naming it, StoreFailed (an OSError) when the disk is full or read-only. Every method may raise
    StoreFailed; what was committed before is safe.
    """

    def __init__(self, folder: str | Path, *, write: bool) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def plan(self, cells: Iterable[Place], *, anew: bool = False) -> None:
        """Add cells (key, point, arm, replicate) to the plan, each once; several may share one key.

        A cell that is planned already gets the key given now. anew: everything planned before is dropped first.
        """
        raise NotImplementedError

    def planned(self) -> list[Place]:
        """The cells of the plan in the order they were first planned."""
        raise NotImplementedError

    def describe(
        self,
        *,
        title: str | None = None,
        measures: Mapping[str, tuple[str, str]] | None = None,
        points: Mapping[int, Mapping[str, Any]] | None = None,
    ) -> None:
        """Keep what exported tables tell: unit and meaning of each measure, factors of each point of a sweep."""
        raise NotImplementedError

    def finished(self, *, households: bool = False) -> set[str]:
        """Keys that need not run: they ended, well or not. To run failed ones again, forget them.

        households: runs that ended well count only if their household table is there.
        """
        raise NotImplementedError

    def statuses(self) -> dict[str, int]:
        """How many runs there are by status."""
        raise NotImplementedError

    def attempts(self) -> dict[str, int]:
        """How often each run was tried that did not end well, by key."""
        raise NotImplementedError

    def put(self, rows: Sequence[Row]) -> None:
        """Keep runs in one transaction: when it returns, they are safe; when it raises, none of them is there.

        A run that is there already is replaced. About every 200 runs, tables move from the journal into a shard.
        """
        raise NotImplementedError

    def headlines(self) -> pd.DataFrame:
        """One row per planned cell whose run ended, in the order of points, arms as planned and replicates.

        point, arm, replicate, key, seed, status, digest, seconds, and one column per measure (NaN where missing).
        """
        raise NotImplementedError

    def series(self, keys: Collection[str] | None = None, measures: Collection[str] | None = None) -> pd.DataFrame:
        """key and the columns of the runs' series; runs by key, their rows as recorded. Default: all runs."""
        raise NotImplementedError

    def survival(self, keys: Collection[str] | None = None) -> pd.DataFrame:
        """key and the columns of the runs' survival tables, runs by key. Default: all runs."""
        raise NotImplementedError

    def households(self, key: str) -> pd.DataFrame | None:
        """The household table of a run, None if it has none."""
        raise NotImplementedError

    def failures(self) -> pd.DataFrame:
        """key, scenario_key, seed, status, attempts, error, trace of the runs that did not end well, by key."""
        raise NotImplementedError

    def rows(self, keys: Collection[str] | None = None) -> Iterator[Row]:
        """Whole runs with their tables packed, by key; runs that are not there are left out."""
        raise NotImplementedError

    def find(self, prefix: str) -> list[str]:
        """Keys of runs and plans that begin so, sorted."""
        raise NotImplementedError

    def forget(self, keys: Iterable[str]) -> int:
        """Drop runs, so that they run again; how many there were. The plan stays."""
        raise NotImplementedError

    def borrow(self, keys: Iterable[str], others: Iterable[str | Path], *, households: bool = False) -> dict[str, Path]:
        """Take runs that ended well and are missing here from other stores; from where, by key.

        others: folders of studies, or folders of such folders; what is no store is passed over.
        """
        raise NotImplementedError

    def digest(self) -> str:
        """BLAKE2b-128 of all that the planned runs showed, in whatever order and on whatever machines they ran.

        Equal for equal results: seconds, memory, attempts, texts of errors and the layout of files do not count.
        Without a plan, of all runs.
        """
        raise NotImplementedError

    def verify(self, *, deep: bool = False) -> list[Problem]:
        """What is not as it was written; an empty list says that every run is whole.

        deep: also read every table back and compare it with its run's digest, which takes longer.
        """
        raise NotImplementedError

    def gc(self) -> Any:
        """Remove runs that no plan names, files that no run refers to, leftovers of killed writers; what was freed."""
        raise NotImplementedError

    def info(self) -> Any:
        """What there is, in numbers."""
        raise NotImplementedError

    @property
    def writer(self) -> str:
        """Who writes to this store now, "" for nobody."""
        raise NotImplementedError

    def close(self) -> None:
        """Move waiting tables into shards, close the journal, let go of the lock. Never raises for want of space."""
        raise NotImplementedError
