"""Places on a grid: nodes of capital evenly spaced in the square root, and tables in ascending order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NODES = 240
FIRST_NODE = 0.05  # square root of the least capital as a share of the largest


def nodes_up_to(largest: float) -> Floats:
    """Nodes of capital (n,) from a four-hundredth of the largest to the largest."""
    root = FIRST_NODE + (1.0 - FIRST_NODE) * np.arange(NODES) / (NODES - 1)
    nodes: Floats = largest * root * root
    return nodes


def cell_of(capital: Floats, largest: Floats | np.float64) -> NDArray[np.intp]:
    """The cell of the grid up to the largest that a capital lies in, or the nearest."""
    place = (np.sqrt(capital / largest) - FIRST_NODE) * ((NODES - 1) / (1.0 - FIRST_NODE))
    return np.clip(np.floor(place), 0, NODES - 2).astype(np.intp)


def place(nodes: Floats, x: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The node at or below x, and how far x is on the way to the next (0 … 1); x beyond the ends counts as the end."""
    # Between the outer two nodes, so that the last row is the last but one node, and the first row the first node.
    row = np.searchsorted(nodes[1:-1], x, side="right")
    width = np.diff(nodes, append=nodes[-1])
    way = np.subtract(x, nodes.take(row))
    way /= np.where(width > 0, width, 1.0).take(row)
    return row, np.minimum(np.maximum(way, 0.0), 1.0)
