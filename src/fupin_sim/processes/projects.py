"""Projects: what households earn from what policies have started, a column of its own in the books (产业项目)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fupin_sim.ledger import Money
from fupin_sim.plugins import Process
from fupin_sim.world import World


class Projects(Process):
    """Output sells at the county's price; dividends are as agreed. Where worthies are, they keep a part of both."""

    def run(self, world: World) -> None:
        sold, agreed = world.intensity("project"), world.intensity("project_dividend")
        if isinstance(sold, float) and isinstance(agreed, float) and sold == agreed == 0.0:
            return
        yuan = sold * (world.growth["business"] * world.of_county(world.whole.counties.product_price)) + agreed
        rows = np.flatnonzero(yuan > 0)
        fen = world.fen(yuan[rows])
        taken = self._captured(world, rows, fen)
        if taken is None:
            world.ledger.post("project", fen, rows)
            return
        fen -= taken
        world.ledger.post("project", fen, rows)
        hands_on(world, rows, taken)

    def _captured(self, world: World, rows: NDArray[np.intp], fen: Money) -> Money | None:
        """What worthies keep of each project, fen, shape (rows,); None where there is none of them."""
        worthies = world.processes["worthies"]
        if not (worthies.on and worthies.captures and world.households.worthy.any()):
            return None
        there = world.of_village(world.whole.villages.worthies)[rows] > 0
        taken: Money = np.floor(worthies.captures * fen) * (there & ~world.households.worthy[rows])
        return taken


def hands_on(world: World, rows: NDArray[np.intp], taken: Money) -> None:
    """Give the worthies of each village in equal parts what was kept of its projects; odd fen go to the first."""
    home = world.households
    number = home.village - home.village[0]
    total = np.bincount(number[rows], weights=taken, minlength=int(number[-1]) + 1)
    worthies = np.flatnonzero(home.worthy)
    village = number[worthies]
    many = np.bincount(village, minlength=len(total))
    each = np.floor(total / np.maximum(many, 1))
    first = np.concatenate([[True], village[1:] != village[:-1]])
    fen = each[village] + first * (total - each * many)[village]
    world.ledger.post("project", fen[fen > 0], worthies[fen > 0])
