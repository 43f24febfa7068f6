"""Monitoring as it works: how many are on the list, and what its alarms were worth."""

from __future__ import annotations

import numpy as np

from fupin_sim.agents.household import EX_POOR, MARGINAL, NOT_MONITORED, SUDDEN
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.policies.monitoring import CAUGHT, FALSE, KNOWN, MISSED, Monitoring
from fupin_sim.world import World

CLASSES = {"ex_poor": EX_POOR, "marginal": MARGINAL, "sudden": SUDDEN}
WORTH = {"true": CAUGHT, "false": FALSE, "missed": MISSED, "known": KNOWN}


class MonitoredShare(Measure):
    """Share of households on the list of monitoring at the end of the year (监测对象)."""

    unit, every = "share of households", "year"

    def take(self, world: World) -> float:
        return ratio(float(np.count_nonzero(world.households.monitored != NOT_MONITORED)), float(len(world)))


class MonitoredByClass(Measure):
    """The same by the reason for which they were listed: left the register, low income, hit suddenly."""

    grouped = True
    unit, every = "share of households", "year"

    def take(self, world: World) -> dict[str, float]:
        number = np.bincount(world.households.monitored, minlength=4)
        return {f"class:{name}": ratio(float(number[code]), float(len(world))) for name, code in CLASSES.items()}


class Alarms(Measure):
    """Watched households by what the month's look was worth: true and false alarms, danger missed, danger in hand."""

    grouped = True
    unit, every = "share of households per month", "month"

    def take(self, world: World) -> dict[str, float]:
        """By policy; nothing where nobody watches."""
        found: dict[str, float] = {}
        for name, policy in sorted(world.policies.items()):
            if isinstance(policy, Monitoring):
                number = np.bincount(policy.seen(world), minlength=5)
                found |= {f"policy:{name}:{worth}": float(number[i]) / len(world) for worth, i in WORTH.items()}
        return found
