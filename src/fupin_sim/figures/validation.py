"""Figures of the validation page: targets, patterns, thresholds, hazards, counts, and what the targets speak about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from fupin_sim.dynamic_programme import TRAP
from fupin_sim.dynamic_programme import targets as shipped
from fupin_sim.figures.style import DPI, GREY, LOOKS, drawing, footnote, page
from fupin_sim.files import write_whole
from fupin_sim.intervals import student
from fupin_sim.patterns import PATTERNS, Part
from fupin_sim.targets import TARGETS
from fupin_sim.validation import counts
from fupin_sim.validation.thresholds import THRESHOLDS, WITH_RISK, WITHOUT_RISK
from fupin_sim.validation.work import ABILITIES, Findings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

HIT, MISS = LOOKS[0], LOOKS[1]
BAND = "#DDE8F0"
HAZARD_YEARS = range(1, 9)


def targets(found: Findings) -> Figure:
    """Each target's distance from its value, in tolerances."""
    figure = page(3.4, "Calibration targets of the baseline")
    footnote(figure, f"{_stands_on(found)} Shaded: within tolerance. The parameters were fitted on other seeds.")
    axes = figure.subplots()
    each = found.over_seeds("target", "")
    axes.axvspan(-1, 1, color=BAND, zorder=0)
    axes.axvline(0, color=GREY, linewidth=0.8)
    for place, target in enumerate(TARGETS):
        _range(axes, place, [(one[target.name] - target.value) / target.tolerance for one in each], -1, 1)
    axes.set_yticks(range(len(TARGETS)), [target.name for target in TARGETS])
    axes.set_ylim(len(TARGETS) - 0.5, -0.5)
    axes.set_xlabel("distance from the target, in tolerances")
    axes.set_xlim(min(-2.0, axes.get_xlim()[0]), max(2.0, axes.get_xlim()[1]))
    _name_verdicts(axes)
    return figure


def patterns(found: Findings) -> Figure:
    """Each number of each pattern on an axis of its own, with the range in which it is a hit."""
    rows = [(pattern, part) for pattern in PATTERNS for part in pattern.parts]
    figure = page(0.5 * len(rows) + 1.0, "Patterns held out of calibration")
    footnote(
        figure,
        f"{_stands_on(found)} Shaded: where it is a hit; a pattern is one when all its numbers are. "
        "Black stroke: what was observed, where it is one number.",
    )
    for axes, (pattern, part) in zip(figure.subplots(len(rows), 1), rows, strict=True):
        scale = 100.0 if part.percent else 1.0
        values = np.array(found.of_pattern(pattern)[part.value]) * scale
        _strip(axes, part, values, scale)
        words = f"{pattern.key}  {part.words}" + (", %" if part.percent else "")
        axes.set_yticks([0], [words])
    return figure


def _strip(axes: Axes, part: Part, values: Any, scale: float) -> None:
    """One number on its own axis, wide enough for the range, what was observed and what was found."""
    ends = [end * scale for end in (part.low, part.high) if np.isfinite(end)]
    over = student(values)
    spread = [float(end) for end in (over.low, over.high, over.mean) if np.isfinite(end)]
    shown = [*ends, *spread, *([] if part.evidence is None else [part.evidence * scale])]
    span = (max(shown) - min(shown)) or 1.0
    low, high = min(shown) - 0.15 * span, max(shown) + 0.15 * span
    axes.axvspan(max(part.low * scale, low), min(part.high * scale, high), color=BAND, zorder=0)
    for end in ends:
        axes.axvline(end, color=HIT.colour, linewidth=0.6)
    if part.evidence is not None:
        axes.axvline(part.evidence * scale, color="black", linewidth=1.6, ymin=0.15, ymax=0.85)
    _range(axes, 0, values, part.low * scale, part.high * scale, hit=part.hit(float(over.mean) / scale))
    axes.set_xlim(low, high)
    axes.set_ylim(-1, 1)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=7, pad=1, length=2)
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.spines["left"].set_visible(False)


def _range(axes: Axes, place: float, values: Any, low: float, high: float, *, hit: bool | None = None) -> None:
    """A mean with its interval over replicates, in the colour and sign of a hit or a miss."""
    over = student(values)
    mean = float(over.mean)
    if np.isnan(mean):
        axes.text(0.5, 0.5, "nobody to count", transform=axes.transAxes, color=GREY, fontsize=7.5, va="center")
        return
    look = HIT if (low <= mean <= high if hit is None else hit) else MISS
    half = np.nan_to_num(float(over.high) - mean)
    bar: Any = {"fmt": look.marker, "color": look.colour, "capsize": 2.5, "elinewidth": 1.2, "markersize": 5}
    axes.errorbar(mean, place, xerr=half, **bar)


def _name_verdicts(axes: Axes) -> None:
    for look, word in ((HIT, "hit"), (MISS, "miss")):
        axes.plot([], [], look.marker, color=look.colour, label=word)
    axes.legend(loc="lower right", ncols=2, fontsize=8)


def thresholds(found: Findings) -> Figure:
    """The threshold by ability: solved now, in the shipped table, and published."""
    figure = page(3.4, "Capital from which it pays to aim high")
    footnote(
        figure, "Lines: solved now. Crosses: the table that the model reads. Points: Ikegami, Carter, Barrett and "
        "Janzen "
        "(2016), with a tolerance of 0.15. Beside a line's ends every optimal household has one aim."
    )  # fmt: skip
    axes = figure.subplots()
    ability = np.array(ABILITIES)
    for case, look in ((WITHOUT_RISK, LOOKS[1]), (WITH_RISK, LOOKS[0])):
        solved = np.array(found.found["frontier", case])
        between = np.isfinite(solved) & (solved > 0)
        axes.plot(ability[between], solved[between], color=look.colour, linestyle=look.line, label=case)
        told = [(a, k) for its, a, k in THRESHOLDS if its == case and 0 < k < np.inf]
        point: Any = {"fmt": look.marker, "color": look.colour, "capsize": 2.5, "markerfacecolor": "white"}
        x, y = np.array(told).T
        axes.errorbar(x, y, yerr=0.15, label=f"{case}, published", **point)
    table = shipped(TRAP).at(ability[::4])[0]
    both = np.isfinite(table) & (table > 0)
    axes.plot(ability[::4][both], table[both], "x", color="black", markersize=5, label="with risk, shipped table")
    axes.set_xlabel("ability")
    axes.set_ylabel("threshold, units of capital")
    axes.legend(fontsize=8)
    return figure


def hazards(found: Findings) -> Figure:
    """Leaving poverty by how long it has lasted, and falling back by how long ago it was left."""
    figure = page(3.2, "Leaving poverty and falling back, by duration")
    footnote(figure, f"{_stands_on(found)} Bands: 95 % interval over replicates. Grey bars: where P2 is a hit.")
    left, right = figure.subplots(1, 2)
    by_key = {pattern.key: pattern for pattern in PATTERNS}
    leaving, back = found.of_pattern(by_key["P2"]), found.of_pattern(by_key["P4"])
    _hazard(
        left, [leaving[f"leaving hazard {year}"] for year in HAZARD_YEARS], 0, "baseline without\ncampaign transfers"
    )
    for year, part in zip((1, 5), by_key["P2"].parts, strict=True):
        axes_bar: Any = {"color": GREY, "linewidth": 5, "alpha": 0.4}
        left.plot([year, year], [100 * part.low, 100 * part.high], **axes_bar)
    for nth, (name, words) in enumerate((("growth", "with growth"), ("no growth", "without growth"))):
        _hazard(right, [back[f"re-entry hazard {year}, {name}"] for year in HAZARD_YEARS], nth, words)
    for axes, title, label in (
        (left, "Leave poverty", "years in poverty"), (right, "Fall back, no support", "years since the exit")
    ):  # fmt: skip
        axes.set_title(title)
        axes.set_xlabel(label)
        axes.set_ylabel("% of households at risk")
        axes.set_ylim(0, min(100.0, 1.5 * max(float(np.nanmax(line.get_ydata())) for line in axes.lines)))
        axes.set_xticks(list(HAZARD_YEARS))
        axes.legend(fontsize=8, loc="upper right")
    return figure


def _hazard(axes: Axes, by_year: Any, nth: int, label: str) -> None:
    over, look, years = student(100 * np.array(by_year)), LOOKS[nth], list(HAZARD_YEARS)
    axes.fill_between(years, np.maximum(over.low, 0), over.high, color=look.colour, alpha=0.2, linewidth=0)
    axes.plot(years, over.mean, color=look.colour, linestyle=look.line, marker=look.marker, label=label)


def poor(found: Findings) -> Figure:
    """The poor of each year as a share of those of 2012, in three worlds and in the official counts."""
    figure = page(3.4, "Rural poor 2012–20, as a share of 2012")
    footnote(
        figure, f"{_stands_on(found)} Bands: 95 % interval over replicates. Official: all of rural China, standard of "
        "2010; levels of 2013–15 unverified. The model is of poor areas."
    )  # fmt: skip
    axes, years = figure.subplots(), list(counts.YEARS)
    official = 100 * np.array(counts.POOR) / counts.POOR[0]
    axes.plot(years, official, color="black", linewidth=2.2, marker="x", label="official counts")
    for arm, look in zip(counts.ARMS, LOOKS, strict=False):
        over = student(100 * relative(found, arm))
        axes.fill_between(years, np.maximum(over.low, 0), over.high, color=look.colour, alpha=0.2, linewidth=0)
        axes.plot(years, over.mean, color=look.colour, linestyle=look.line, marker=look.marker, label=arm)
    axes.axvline(2013.5, color=GREY, linewidth=0.8, linestyle=":")
    axes.text(2013.6, 106, "campaign transfers begin", color=GREY, fontsize=7.5)
    axes.set_ylabel("% of the poor of 2012")
    axes.set_ylim(0, 1.15 * max(float(np.nanmax(line.get_ydata())) for line in axes.lines[: 1 + len(counts.ARMS)]))
    axes.set_xticks(years)
    axes.legend(fontsize=8, loc="upper right")
    return figure


def relative(found: Findings, arm: str) -> Any:
    """The headcount of each year over that of the first, shape (years, replicates)."""
    each = np.array([list(one.values()) for one in found.over_seeds("count", arm)]).T
    with np.errstate(invalid="ignore", divide="ignore"):
        return each / each[0]


def identification(found: Findings) -> Figure:
    """By how many tolerances each lever moves each target over its plausible range."""
    jacobian = found.jacobian()
    figure = page(4.9, "What the targets say about the parameters that were fitted")
    footnote(
        figure, "Tolerances by which a target moves when a parameter crosses its plausible range, linear from a small "
        "step; a dot where it is less than two standard errors, and colours end at 8. Below: by how much the "
        "targets together narrow what is "
        "believed of each parameter alone."
    )  # fmt: skip
    above, below = figure.subplots(2, 1, height_ratios=[8, 1.2], sharex=True)
    limit = 8.0
    above.imshow(jacobian.slopes, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
    for (row, column), slope in np.ndenumerate(jacobian.slopes):
        sure = abs(slope) >= 2 * jacobian.error[row, column]
        told = f"{slope:.{int(abs(slope) < 9.95)}f}".replace("-", "−") if sure else "·"
        colour = "white" if abs(slope) > 0.6 * limit else "black"
        above.text(column, row, told, ha="center", va="center", fontsize=6.5, color=colour)
    above.set_yticks(range(len(jacobian.targets)), jacobian.targets, fontsize=7.5)
    narrowed = 100 * jacobian.narrowed
    below.bar(range(len(narrowed)), narrowed, 0.7, color=LOOKS[0].colour)
    below.set_ylabel("narrowed,\n%", fontsize=8)
    below.set_ylim(0, 100)
    names = [path.partition(".")[2].replace(".", ".\n", 1) for path in jacobian.levers]
    below.set_xticks(range(len(names)), names, rotation=90, fontsize=7)
    return figure


def _stands_on(found: Findings) -> str:
    return f"Mean and 95 % Student interval over {len(found.plan.seeds)} replicates."


FIGURES: dict[str, Callable[[Findings], Figure]] = {
    "targets": targets, "patterns": patterns, "thresholds": thresholds, "hazards": hazards, "poor": poor,
    "identification": identification,
}  # fmt: skip


def draw_all(found: Findings, folder: Path) -> list[Path]:
    """Every figure as validation_NAME.png in the folder; the paths. The same findings give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    with drawing():
        for name, draw in FIGURES.items():
            figure = draw(found)

            def png(part: Path, figure: Figure = figure) -> None:
                figure.savefig(part, format="png", dpi=DPI)

            paths.append(write_whole(folder / f"validation_{name}.png", png))
    return paths
