"""How strong the channels of team work must be for an effect that is asked for: a table that is solved and shipped.

The table is written by `python -m fupin_sim.team_effect`; between its rows scales are linear.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parent / "data" / "team_effect.csv"


class Scales(NamedTuple):
    """production: share of business income at full exposure. jobs, delivery: factors on what exposure does there."""

    production: float
    jobs: float
    delivery: float


def scales_of(effect: float) -> Scales:
    """The scales for an effect, as a share of income of the poor reached; beyond the table its last line goes on."""
    rows = table()
    efforts = [row[0] for row in rows]
    after = min(max(sum(each < effect for each in efforts), 1), len(rows) - 1)
    (low, below), (high, above) = rows[after - 1], rows[after]
    weight = (effect - low) / (high - low)
    return Scales(*(a * (1.0 - weight) + b * weight for a, b in zip(below, above, strict=True)))


@lru_cache(maxsize=1)
def table() -> tuple[tuple[float, Scales], ...]:
    """The rows of the table: effect, scales; effects ascending."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            (float(row["effect"]), Scales(*(float(row[name]) for name in Scales._fields)))
            for row in csv.DictReader(file)
        )
