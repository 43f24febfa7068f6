"""A laboratory for poverty dynamics and policy design (扶贫仿真)."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Result", "__version__", "resume", "simulate", "snapshot"]

if TYPE_CHECKING:
    from fupin_sim.simulation import Result, resume, simulate, snapshot

_FROM = {"Result": "simulation", "resume": "simulation", "simulate": "simulation", "snapshot": "simulation"}


def __getattr__(name: str) -> Any:  # on demand: the command line answers --help without the model
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_FROM[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_FROM])
