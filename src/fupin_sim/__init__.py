"""A laboratory for poverty dynamics and policy design (扶贫仿真)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from fupin_sim.version import __version__

__all__ = [
    "Comparison", "Result", "Sweep", "__version__", "compare", "resume", "run_study", "simulate", "snapshot", "sweep",
]  # fmt: skip

if TYPE_CHECKING:
    from fupin_sim.experiment.api import Comparison, Sweep, compare, run_study, sweep
    from fupin_sim.simulation import Result, resume, simulate, snapshot

_FROM = {
    **dict.fromkeys(("Result", "resume", "simulate", "snapshot"), "simulation"),
    **dict.fromkeys(("Comparison", "Sweep", "compare", "run_study", "sweep"), "experiment.api"),
}


def __getattr__(name: str) -> Any:  # on demand: the command line answers --help without the model
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FROM[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_FROM])
