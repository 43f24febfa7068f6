"""Trust (干群关系): what people think of those who come to help, and of what they see leak away."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World


class Trust(Process):
    """A team at work gains trust, its departure and leaking funds cost it; left alone it returns to what it was.

    It is a part of the channel of delivery, and moves only in a scenario with teams.
    """

    local = False

    gain = Parameter(
        0.01, unit="per month", range=(0.0, 0.02), limits=(0.0, 1.0), mark="assumed", claim="S17",
        doc="part of what is missing that a team of full strength gains",
    )  # fmt: skip
    leakage = Parameter(
        0.02, unit="per month", range=(0.0, 0.04), limits=(0.0, 1.0), mark="assumed", claim="S17",
        doc="part of trust lost where all of an outlay leaks away",
    )  # fmt: skip
    back = Parameter(
        0.01, unit="per month", range=(0.005, 0.03), limits=(0.0, 1.0), mark="assumed",
        doc="return to the household's own set point",
    )  # fmt: skip
    departure = Parameter(
        0.5, unit="share", range=(0.0, 1.0), limits=(0.0, 1.0), mark="assumed", claim="S17",
        doc="of trust lost where a whole team leaves before its time; in proportion to who leaves",
    )  # fmt: skip

    def run(self, world: World) -> None:
        if not len(world.teams) or world.clock.in_burn_in or not world.processes["team_channels"].delivery:
            return
        villages, home, point = world.villages, world.households, self._set_point(world)
        touched = world.of_village((villages.team_strength > 0) | (villages.team_left > 0))
        touched |= home.trust != point
        if not touched.any():
            return
        gained, departed = (
            world.of_village(each) for each in (self.gain * villages.team_strength, self.departure * villages.team_left)
        )
        lost = self.leakage * leaked(world)
        if isinstance(lost, np.ndarray):
            lost = world.of_village(lost)
        np.copyto(home.trust, trusted(home.trust, point, gained, lost, self.back, departed), where=touched)

    def lose(self, world: World, share: Array) -> None:
        """Lose a share of trust at once in some villages; share: shape (villages,)."""
        if world.processes["team_channels"].delivery:
            self._set_point(world)
            world.households.trust[:] *= 1.0 - world.of_village(share)

    def _set_point(self, world: World) -> Array:
        """What trust was before the first team came, shape (households,)."""
        if "set_point" not in world.memory.get(self.name, {}):
            world.recall(self.name, "set_point", np.float64, 0.0)[:] = world.households.trust
        return world.recall(self.name, "set_point", np.float64, 0.0)


def leaked(world: World) -> Array | float:
    """The share of outlays that people see leak away, a number or shape (villages,)."""
    share: Array | float = world.processes["delivery"].seen(world)
    return share


def trusted(
    trust: Array, set_point: Array, gain: Array, lost: Array | float, back: float, departed: NDArray[np.floating]
) -> Array:
    """Trust a month later, 0 to 1, shape (n,).

    It gains a part of what is missing, loses a part for leakage, returns a part of the way to its set point, and loses
    at once the part `departed`. Its fixed point without departures is (gain + back · set point) / (gain + lost + back).

    >>> trusted(np.array([0.5]), np.array([0.5]), np.array([0.01]), 0.0, 0.01, np.array([0.0]))
    array([0.505])
    """
    moved: Array = 1.0 - trust
    moved *= gain
    moved += trust
    change = lost * trust
    moved -= change
    np.subtract(trust, set_point, out=change)
    change *= back
    moved -= change
    moved *= np.subtract(1.0, departed, out=change)
    return np.clip(moved, 0.0, 1.0, out=moved)
