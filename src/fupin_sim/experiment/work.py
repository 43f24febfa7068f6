"""The work of one run of a study, as a worker process does it: a packed scenario and a seed become what is kept."""

from __future__ import annotations

import math
import pickle
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fupin_sim.scenario import Scenario
from fupin_sim.store import Packed
from fupin_sim.store import packed as table_packed

UNPACKED = 16
"""How many scenarios a process keeps ready; runs come replicate first, so the same ones return again and again."""


class Payload(NamedTuple):
    """What is sent to a worker: a scenario from `packed`, its key, the seed, whether households are followed."""

    scenario: bytes
    key: str
    seed: int
    households: bool


@dataclass(frozen=True)
class Lived:
    """What one run left, its tables packed; see `simulation.Result`. households: their outcomes, if asked for."""

    seed: int
    headlines: Mapping[str, float]
    missing: Mapping[str, int]
    series: Packed
    survival: Packed
    households: Packed | None
    digest: str


_ready: OrderedDict[str, Scenario] = OrderedDict()


def packed(scenario: Scenario) -> bytes:
    """The scenario as bytes that travel to another process or another machine."""
    return zlib.compress(pickle.dumps(scenario, protocol=pickle.HIGHEST_PROTOCOL))


def live(payload: Payload) -> Lived:
    """Live one run. Raises what the scenario makes it raise."""
    from fupin_sim.executors import tick
    from fupin_sim.simulation import simulate

    result = simulate(
        _unpacked(payload), payload.seed, outcomes=payload.households, progress=lambda done, months: tick()
    )
    series, survival = table_packed(result.series), table_packed(result.survival)
    households = None if result.outcomes is None else table_packed(result.outcomes)
    headlines, missing = dict(result.headlines), dict(result.missing)
    return Lived(payload.seed, headlines, missing, series, survival, households, result.digest)


def _unpacked(payload: Payload) -> Scenario:
    if payload.key not in _ready:
        _ready[payload.key] = pickle.loads(zlib.decompress(payload.scenario))
        while len(_ready) > UNPACKED:
            _ready.popitem(last=False)
    _ready.move_to_end(payload.key)
    return _ready[payload.key]


def lacking(headlines: Mapping[str, float], measures: Sequence[str]) -> str:
    """Why these headlines cannot be compared, or nothing: a measure that is asked for and has no value.

    >>> lacking({"headcount": 0.1, "return_rate": math.nan}, ["headcount", "return_rate"])
    'no value for return_rate: in no month of this run was there anybody to count'
    """
    none = [name for name in measures if math.isnan(headlines.get(name, math.nan))]
    return f"no value for {', '.join(none)}: in no month of this run was there anybody to count" if none else ""
