"""Write the made-up tables that other software measures: python -m tools.reference_tables FOLDER.

They are drawn anew only on purpose: tests/reference keeps them beside what the other software says of them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from fupin_sim import maths
from fupin_sim.draws import Draws, luck_key

HOUSEHOLDS, CLUSTERS, STRATA = 240, 24, 4
SPELLS, PERSONS, DATES = 150, 60, 6


def _write(file: Path, head: str, rows: list[tuple[object, ...]]) -> None:
    file.write_text("\n".join([head, *(",".join(map(str, row)) for row in rows)]) + "\n", encoding="utf-8")


def incomes(file: Path) -> None:
    """Incomes of households in clusters and strata, with ties, and five deprivations each."""
    luck, draws = luck_key(0, np.arange(HOUSEHOLDS)), Draws(11)
    cluster = np.arange(HOUSEHOLDS) * CLUSTERS // HOUSEHOLDS
    common = draws.normal("cluster", 0, luck_key(1, cluster))
    income = np.rint(100.0 * maths.exp(3.6 + 0.5 * draws.normal("income", 0, luck) + 0.3 * common)) / 100.0
    income[5:8] = income[4]
    size = 1 + (draws.uniform("size", 0, luck) * 6).astype(int)
    deprived = np.stack([draws.uniform(f"deprived {j}", 0, luck) < 0.15 + 0.1 * j for j in range(5)]).astype(int)
    rows = list(zip(range(HOUSEHOLDS), income, size, cluster, cluster * STRATA // CLUSTERS, *deprived, strict=True))
    _write(file, "id,income,size,cluster,stratum,d1,d2,d3,d4,d5", rows)


def spells(file: Path) -> None:
    """Lengths of spells, censored ones among them, a weight that is a number of cases, and two regressors."""
    luck, draws = luck_key(0, np.arange(SPELLS)), Draws(12)
    x = np.rint(100 * draws.normal("x", 0, luck)) / 100
    group = (draws.uniform("group", 0, luck) < 0.4).astype(int)
    time = np.minimum(8, 1 + np.floor(-3.0 * maths.exp(-0.4 * x) * maths.log(draws.uniform("time", 0, luck)))).astype(
        int
    )
    event = ((draws.uniform("event", 0, luck) < 0.7) & (time < 8)).astype(int)
    weight = 1 + (draws.uniform("weight", 0, luck) * 4).astype(int)
    _write(file, "time,event,weight,x,group", list(zip(time, event, weight, x, group, strict=True)))


def panel(file: Path) -> None:
    """States of persons at dates, some dates missing."""
    rows, before = [], np.zeros(PERSONS)
    luck, draws = luck_key(0, np.arange(PERSONS)), Draws(13)
    for date in range(DATES):
        before = 0.7 * before + draws.normal("state", date, luck)
        seen = draws.uniform("seen", date, luck) > 0.08
        rows += [(i, date, int(np.digitize(before[i], [-0.8, 0.3]))) for i in range(PERSONS) if seen[i]]
    _write(file, "id,date,state", sorted(rows))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    incomes(folder / "incomes.csv")
    spells(folder / "spells.csv")
    panel(folder / "panel.csv")
