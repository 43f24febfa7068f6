"""Watch: policies that follow households look at what the month has done to them."""

from __future__ import annotations

from typing import Protocol

from fupin_sim.agents.household import NEVER, NOT_MONITORED
from fupin_sim.plugins import Process
from fupin_sim.world import World


class Watchful(Protocol):
    """A policy that looks at households at the end of each month, when accounts and register are done."""

    def watch(self, world: World) -> None: ...


class Watch(Process):
    """Policies that monitor households raise alarms, verify, list, help and release (防返贫监测)."""

    local = False

    def run(self, world: World) -> None:
        # A check against the protocol costs a thousand times as much as one for the method.
        watchful: list[Watchful] = [policy for _, policy in sorted(world.policies.items()) if hasattr(policy, "watch")]
        for policy in watchful:
            policy.watch(world)
        home = world.households
        if not watchful and world.fresh and home.monitored.any():  # a branch has dropped the last of them
            home.monitored[:], home.monitored_since[:], home.helped[:] = NOT_MONITORED, NEVER, False
