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
    row = np.clip(np.searchsorted(nodes, x, side="right") - 1, 0, max(nodes.size - 2, 0))
    following = np.minimum(row + 1, nodes.size - 1)
    width = nodes[following] - nodes[row]
    return row, np.clip((x - nodes[row]) / np.where(width > 0, width, 1.0), 0.0, 1.0)
