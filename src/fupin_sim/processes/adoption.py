"""Adoption: who takes up what neighbours have taken up, with a peer effect of the size that was measured."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim import maths
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Process
from fupin_sim.world import Array, World, place

MOST = 0.999
"""No peer effect makes adoption likelier than this among peers who all have."""


class Adoption(Process):
    """Once a year the able decide, on what is gained, on how many of the village have, on a worthy who shows it."""

    local = False

    on = Parameter(False, mark="choice", doc="whether it is there at all")
    base = Parameter(
        -4.0, unit="log odds per year", range=(-5.0, -3.0), limits=(-50.0, 10.0), mark="assumed", claim="S29",
        doc="of taking it up where nobody has",
    )  # fmt: skip
    gain = Parameter(
        0.5, unit="log odds", range=(0.0, 1.0), limits=(0.0, 50.0), mark="assumed", claim="S29",
        doc="for a gain as large as the spread of business income from year to year",
    )  # fmt: skip
    peers = Parameter(
        0.62, unit="probability per share", range=(0.45, 0.79), limits=(0.0, 0.98), mark="measured", claim="S29",
        doc="by which the chance rises as the share of the village that has it goes from none to all; in between the "
        "estimates by least squares and by instrumental variables",
        source="Cai, de Janvry & Sadoulet 2015, rice farmers of Jiangxi: .452 (OLS), .791 (IV), re-estimated",
    )  # fmt: skip
    example = Parameter(
        0.3, unit="log odds", range=(0.0, 1.0), limits=(0.0, 50.0), mark="assumed", claim="S29",
        doc="where a local worthy engages",
    )  # fmt: skip
    given_up = Parameter(
        0.05, unit="per year", range=(0.02, 0.2), limits=(0.0, 1.0), mark="assumed", doc="by those who have it"
    )

    def decide(self, world: World, has: NDArray[np.bool_], there: NDArray[np.bool_], gained: float) -> None:
        """Let those who have it give it up, and others of the villages where it is there take it up.

        has: who has it, shape (households,), changed in place. there: where it can be had, shape (villages,).
        gained: what it adds to log business income.
        """
        home, villages = world.households, world.villages
        share = world.by_village(has.astype(np.float64)) / villages.households
        spread = world.processes["season"].usual_spread
        odds = self.base + self.gain * (gained / spread if spread else 0.0) + self.example * (villages.worthies > 0)
        chance = maths.sigmoid(odds + peer_weight(self.peers, self.base) * share)
        mine = np.flatnonzero(has)
        rows = np.flatnonzero(~has & world.of_village(there) & (home.workers > home.disabled))
        has[mine[world.draw(f"{self.name} given up", mine) < self.given_up]] = False
        village = place(villages.number, home.village[rows])
        has[rows[world.draw(f"{self.name} taken up", rows) < chance[village]]] = True


def peer_weight(slope: float, base: float) -> float:
    """The log odds of all peers against none that make the chance rise by `slope` from what it is at `base`.

    So slope is the mean of dP/dshare over shares from 0 to 1. At 0 it is exactly 0.

    >>> round(peer_weight(0.62, -4.0), 2), peer_weight(0.0, -4.0)
    (4.57, 0.0)
    """
    if slope == 0.0:
        return 0.0
    among_all = min(slope + float(maths.sigmoid(np.array([base]))[0]), MOST)
    return float(maths.log(np.array([among_all / (1.0 - among_all)]))[0]) - base


def chance_of(base: float, slope: float, share: Array) -> Array:
    """The chance to take something up by the share of peers who have, without gain or example; shape of share.

    >>> chance_of(-4.0, 0.62, np.array([0.0, 0.5, 1.0])).round(3)
    array([0.018, 0.152, 0.638])
    """
    return maths.sigmoid(base + peer_weight(slope, base) * share)
