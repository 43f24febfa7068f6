"""The store of a study: every finished run, safe from a killed process, a full disk and a flipped bit."""

from fupin_sim.store.faults import StoreBusy, StoreFailed
from fupin_sim.store.packed import Packed, packed, unpacked
from fupin_sim.store.row import Problem, Row
from fupin_sim.store.store import Store

__all__ = ["Packed", "Problem", "Row", "Store", "StoreBusy", "StoreFailed", "packed", "unpacked"]
