"""A finished or failed run, as it goes into a store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from fupin_sim.store.packed import Packed

if TYPE_CHECKING:
    import pandas as pd

Status = Literal["ok", "failed", "crashed", "timeout"]
Table: TypeAlias = "pd.DataFrame | Packed | None"


@dataclass(frozen=True)
class Row:
    """One finished or failed run.

    key: of the run, 32 hexadecimal digits. headlines, missing: as in simulation.Result, None for a run that failed.
    digest: of the measures' bytes. seconds: wall time; memory: bytes at most. attempts: how often it was tried.
    series, survival: as in Result, without the key. households: one table of the run's households, or None.
    A table may be packed where it was made (`packed(frame)`), which spares the writing process the work.
    """

    key: str
    scenario_key: str
    seed: int
    status: Status
    headlines: Mapping[str, float] | None = None
    missing: Mapping[str, int] | None = None
    digest: str = ""
    seconds: float = 0.0
    memory: int = 0
    attempts: int = 1
    error: str = ""
    trace: str = ""
    series: Table = None
    survival: Table = None
    households: Table = None


@dataclass(frozen=True)
class Problem:
    """Something in a store that is not as it was written.

    file: which, relative to the folder. what: is wrong with it. keys: the runs that are lost with it; forget them, and
    the same command runs them again.
    """

    file: str
    what: str
    keys: tuple[str, ...] = ()
