"""Figure: one measure over two factors, as a map of cells with their numbers."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.figures.style import footnote, page, readable
from fupin_sim.figures.tidy import broken, checked, difference_unit, measure_unit, number, pairs_told, path_broken

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_NUMBERS = 12
"""Values of a factor up to which each cell has room for its number."""
LEVELS, AROUND_ZERO = "cividis", "PuOr"
"""Maps of colours that are told apart under the common colour blindnesses; the first also grows lighter in grey."""


def heat_map(
    frame: pd.DataFrame, factors: tuple[str, str], title: str, units: tuple[str, str] = ("", ""), *,
    differences: bool = False,
) -> Figure:  # fmt: skip
    """The mean of a measure at each pair of values, darker to lighter; a panel an arm where there are several.

    frame: a row a point and arm: both factors, mean, and arm, measure, unit, n where there are such. factors: the
    columns across and up. differences: colours are then centred at 0, and cells below it are hatched. What was not run
    is left white, with a dash. Raises ValueError for several measures: a map has one.
    """
    across, up = factors
    checked(frame, (across, up, "mean"))
    if "measure" in frame and frame["measure"].nunique() > 1:
        raise ValueError("a map shows one measure; draw one for each")
    measure = str(frame["measure"].iloc[0]) if "measure" in frame else ""
    scale, unit = measure_unit(frame, measure) if measure else (1.0, "")
    arms = list(dict.fromkeys(frame["arm"].astype(str))) if "arm" in frame else [""]
    grids = [_grid(frame if not arm else frame[frame["arm"].astype(str) == arm], across, up, scale) for arm in arms]
    beside = min(len(arms), 2)
    down = -(-len(arms) // beside)
    figure = page(1.1 + down * (1.0 + (0.26 if beside == 2 else 0.34) * min(len(grids[0][1]), MOST_NUMBERS + 6)), title)
    places = figure.subplots(down, beside, squeeze=False, sharex=True, sharey=True).ravel()
    shades = _shades([grid for *_, grid in grids], differences)
    for axes, arm, (columns, rows, grid) in zip(places, arms, grids, strict=False):
        drawn = _draw(axes, columns, rows, grid, shades, differences, small=beside == 2)
        axes.set_title(broken(arm, 30 if beside == 2 else 70) if arm else "")
    for axes in places[len(arms) :]:
        axes.set_axis_off()
    bar = figure.colorbar(drawn, ax=places.tolist(), fraction=0.05, pad=0.02)
    said = difference_unit(scale, unit) if differences else unit
    words = ", ".join(each for each in (measure.replace("_", " "), said) if each)
    bar.set_label(textwrap.fill(readable(words), 26 * -(-len(places) // beside)))
    bar.outline.set_visible(False)
    figure.supylabel(path_broken(up, units[1], 34), fontsize=9)
    _name_across(places, len(arms), beside, path_broken(across, units[0], 34 if beside == 2 else 70))
    signs = "Hatched: below 0. " if differences and any((grid < 0).any() for *_, grid in grids) else ""
    told = pairs_told(frame).replace("pairs", "pairs" if differences else "replicates")
    footnote(figure, f"Means at each pair of values{'; ' + told if told else ''}. {signs}"
             + ("– : not run." if any(np.isnan(grid).any() for *_, grid in grids) else ""))  # fmt: skip
    return figure


def _grid(frame: pd.DataFrame, across: str, up: str, scale: float) -> tuple[list[Any], list[Any], NDArray[np.float64]]:
    """Values across, values up, and the means, shape (up, across), NaN where there is none; raises ValueError."""
    if frame.duplicated([across, up]).any():
        raise ValueError(f"two means for one pair of {across} and {up}")
    wide = frame.pivot(index=up, columns=across, values="mean").sort_index().sort_index(axis=1)
    return list(wide.columns), list(wide.index), wide.to_numpy(np.float64) * scale


def _shades(grids: list[NDArray[np.float64]], differences: bool) -> dict[str, Any]:
    """Which colours stand for which values, the same in all panels."""
    known = np.concatenate([grid[np.isfinite(grid)] for grid in grids])
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 1.0)
    if differences:
        most = max(abs(low), abs(high)) or 1.0
        return {"cmap": AROUND_ZERO, "vmin": -most, "vmax": most}
    return {"cmap": LEVELS, "vmin": low, "vmax": high if high > low else low + 1.0}


def _draw(
    axes: Axes, columns: list[Any], rows: list[Any], grid: NDArray[np.float64], shades: dict[str, Any],
    differences: bool, *, small: bool,
) -> Any:  # fmt: skip
    from matplotlib.patches import Rectangle

    drawn = axes.pcolormesh(grid, **shades, edgecolors="white", linewidth=0.6)
    axes.set_xticks(np.arange(len(columns)) + 0.5, [broken(_value(each), 9) for each in columns])
    axes.set_yticks(np.arange(len(rows)) + 0.5, [broken(_value(each), 14) for each in rows])
    axes.tick_params(length=0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    numbers = max(len(columns), len(rows)) <= (MOST_NUMBERS // 2 if small else MOST_NUMBERS)
    for (i, j), value in np.ndenumerate(grid):
        if differences and value < 0:
            axes.add_patch(Rectangle((j, i), 1, 1, fill=False, hatch="///", edgecolor="#00000040", linewidth=0))
        if numbers or np.isnan(value):
            red, green, blue, _ = drawn.to_rgba(np.array(value)) if np.isfinite(value) else (1.0, 1.0, 1.0, 1.0)
            dark = 0.299 * red + 0.587 * green + 0.114 * blue < 0.5
            box: Any = {"boxstyle": "round,pad=0.1", "facecolor": (red, green, blue), "edgecolor": "none"}
            axes.text(j + 0.5, i + 0.5, number(float(value)), ha="center", va="center", fontsize=7.5 if small else 8.5,
                      color="white" if dark else "black", bbox=box if differences and value < 0 else None)  # fmt: skip
    if not numbers and np.isfinite(grid).all() and min(grid.shape) > 1 and np.ptp(grid) > 0:
        lines = axes.contour(np.arange(len(columns)) + 0.5, np.arange(len(rows)) + 0.5, grid, 5, colors="white",
                             linewidths=0.9)  # fmt: skip
        axes.clabel(lines, fontsize=7.5, fmt=number)
    return drawn


def _value(value: Any) -> str:
    return (
        number(float(value))
        if isinstance(value, int | float | np.number) and not isinstance(value, bool)
        else str(value)
    )


def _name_across(places: Any, panels: int, beside: int, text: str) -> None:
    """The factor across, under the lowest panel of each column."""
    for i in range(max(0, panels - beside), panels):
        places[i].set_xlabel(text)
        places[i].tick_params(labelbottom=True)
