"""Tidy frames for figures of studies: checked, put in order, with names that fit."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from fupin_sim.figures.style import LOOKS, Look, axis_unit, readable

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def checked(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame, if it has rows and these columns; raises ValueError that names what is lacking."""
    lacking = [name for name in columns if name not in frame]
    if lacking:
        raise ValueError(f"columns are missing: {', '.join(lacking)}")
    if not len(frame):
        raise ValueError("there is nothing to draw: the frame has no rows")
    return frame


def in_order(values: Iterable[object]) -> list[str]:
    """Names as first seen, each once."""
    return list(dict.fromkeys(str(value) for value in values))


def looks_of(arms: Sequence[str]) -> dict[str, Look]:
    """A look for each arm; raises ValueError for more arms than can be told apart."""
    if len(arms) > len(LOOKS):
        raise ValueError(f"{len(arms)} arms: at most {len(LOOKS)} can be told apart in one figure; draw fewer at once")
    return dict(zip(arms, LOOKS, strict=False))


def broken(text: str, width: int) -> str:
    """A name in lines of at most so many letters; Chinese signs count twice, and a line may end after any of them.

    >>> broken("support that ends five years after exit", 20).splitlines()
    ['support that ends', 'five years after', 'exit']
    """
    text = readable(text.replace("_", " "))
    lines = textwrap.wrap(text, width) or [""]
    found: list[str] = []
    for line in lines:
        start = taken = 0
        for i, sign in enumerate(line):
            wide = 2 if ord(sign) > 0x2E7F else 1
            if taken + wide > width:
                found.append(line[start:i])
                start, taken = i, 0
            taken += wide
        found.append(line[start:])
    return "\n".join(found)


def measure_unit(frame: pd.DataFrame, measure: str) -> tuple[float, str]:
    """What a measure's values are multiplied by and what is written, from its column `unit`.

    Shares are shown in per cent, what is a million and more in millions.
    """
    rows = frame[frame["measure"] == measure]
    units = rows["unit"].dropna().to_list() if "unit" in frame else []
    scale, unit = axis_unit(str(units[0]) if units else "")
    if scale == 1.0 and np.nanmax(np.abs(rows["mean"].to_numpy(np.float64)), initial=0.0) >= 1e6:
        return 1e-6, f"million {unit}".strip()
    return scale, unit


def difference_unit(scale: float, unit: str) -> str:
    """The unit of a difference: of shares in per cent it is percentage points.

    >>> difference_unit(100.0, "% of persons"), difference_unit(1.0, "yuan")
    ('percentage points', 'yuan')
    """
    return "percentage points" if scale == 100.0 and unit.startswith("%") else unit


def pairs_told(frame: pd.DataFrame) -> str:
    """How many pairs the means are of: "n = 40 pairs" or "n = 20 to 40 pairs"; nothing where it is not said."""
    if "n" not in frame or not frame["n"].notna().any():
        return ""
    low, high = int(frame["n"].min()), int(frame["n"].max())
    return f"n = {low} pairs" if low == high else f"n = {low} to {high} pairs"


def number(value: float) -> str:
    """A number for a cell or a label, with three digits that say something.

    >>> [number(x) for x in (0.01234, -1.5, 12345.6, 0.0, float("nan"))]
    ['0.0123', '−1.5', '12,346', '0', '–']
    """
    if not np.isfinite(value):
        return "–"
    said = f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
    return said.replace("-", "−")


def few_ticks(axes: Axes, most: int = 4) -> None:
    """At most so many numbers on the value axis that lies flat, so that they do not touch in a narrow panel."""
    from matplotlib.ticker import MaxNLocator

    axes.xaxis.set_major_locator(MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]))


def path_broken(path: str, unit: str, width: int) -> str:
    """A factor's path and unit for an axis; a long path is broken after a dot, and the unit has a line of its own.

    >>> path_broken("policy.teams.stay_months", "months", 14).splitlines()
    ['policy.teams.', 'stay_months', '(months)']
    >>> path_broken("line.level", "yuan", 30)
    'line.level (yuan)'
    """
    told = f"{path} ({unit})" if unit else path
    if len(told) <= width:
        return readable(told)
    lines = [""]
    for part in path.replace(".", ".\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += part
    return "\n".join(readable(line) for line in [*lines, *([f"({unit})"] if unit else [])])
