"""Figure: a survey beside the population that starts from it, at the start and a year later.

    python -m fupin_sim.figures.population scenarios/vietnam.toml --out docs/figures

draws it for a scenario with a survey and prints the moments behind it as a table.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fupin_sim.draws import Draws
from fupin_sim.errors import BadInput
from fupin_sim.figures.style import DPI, GREY, LOOKS, drawing, footnote, page
from fupin_sim.files import write_whole
from fupin_sim.microdata import Survey, lorenz, moments
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.population import Population, line_at_start, survey_and_sample
from fupin_sim.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Floats = NDArray[np.float64]
MONTHS = 12
FLOOR = 100.0  # yuan per person-year; logarithms of less are of this
BINS = 400
TICKS = (250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 64_000)
NAMES = SURVEY, START, ALONE, SCENARIO = (
    "the survey",
    "the model at the start",
    "after a year without policies and growth",
    "after a year of the scenario",
)
INCOME, CONSUMPTION = "income", "consumption with own bills"


@dataclass(frozen=True)
class Distribution:
    """Welfare per person (yuan per year) of households of some members, each counting `weight` times; all (n,)."""

    name: str
    of: str
    welfare: Floats
    members: Floats
    schooling: Floats
    village: NDArray[np.int64]
    weight: Floats

    @property
    def persons(self) -> Floats:
        return self.weight * self.members

    def moments(self, line: float) -> dict[str, float]:
        """The moments by name; line: yuan per person-year."""
        return dict(moments(self.welfare, self.members, self.schooling, self.village, self.weight, line))


def distributions(scenario: Scenario) -> list[Distribution]:
    """The survey, the population at the start, and after a year: left alone, and as the scenario has it.

    Left alone means without policies and growth. Raises BadInput for a scenario without a usable survey.
    """
    settings = Population("population", scenario.section("population"))
    if settings.source != "survey":
        raise BadInput('[population] source = "synthetic": there is no survey to compare with', scenario.where)
    survey, _ = survey_and_sample(settings, Draws(scenario.seed), line_at_start(scenario))
    alone = {f"policy.{entry.name}.enabled": False for entry in scenario.policies} | {"process.growth.on": False}
    found = [_of_survey(survey), *_of_model(scenario, START, 0)[:1]]
    found += _of_model(scenario.with_(alone), ALONE, MONTHS)
    return found + _of_model(scenario, SCENARIO, MONTHS)


def _of_survey(survey: Survey) -> Distribution:
    schooling = survey.values.get("schooling", np.full(len(survey), np.nan))
    return Distribution(
        SURVEY, survey.welfare_is, survey.welfare, survey.members, schooling, survey.village, survey.weight
    )


def _of_model(scenario: Scenario, name: str, months: int) -> list[Distribution]:
    """Income and consumption of the last twelve months, after some months without a burn-in."""
    model = PovertyModel(scenario.with_({"burn_in.months": 0}))
    model.live_until(scenario.start + months - 1)
    home = model.world.households
    members = home.members.astype(np.float64)
    both = {INCOME: home.income12, CONSUMPTION: home.consumption_of_year + home.bills12}
    common: Any = (members, home.schooling.astype(np.float64), home.village, np.ones(len(members)))
    return [Distribution(name, of, fen / 100.0 / members, *common) for of, fen in both.items()]


def draw(found: Sequence[Distribution], line: float, title: str) -> Figure:
    """Lorenz curves, and densities of the logarithm of welfare: income above, consumption below; line: yuan."""
    figure = page(6.6, title)
    grid = figure.add_gridspec(3, 2, height_ratios=(1, 1, 0.16))
    axes = np.array([[figure.add_subplot(grid[row, column]) for column in (0, 1)] for row in (0, 1)])
    for row, of in enumerate((INCOME, CONSUMPTION)):
        shown = [found[0], *(each for each in found[1:] if each.of == of)]
        for each in shown:
            _curve(axes[row, 0], *lorenz(np.maximum(each.welfare, 0.0), each.persons), each.name)
            _curve(axes[row, 1], *density(each, bandwidth(each)), each.name)
        _finish_lorenz(axes[row, 0], of)
        _finish_density(axes[row, 1], of, line, found)
    names = figure.add_subplot(grid[2, :])
    names.set_axis_off()
    names.legend(*axes[0, 0].get_legend_handles_labels(), loc="center left", ncols=2, borderaxespad=0)
    widths = [bandwidth(each) for each in found]
    footnote(
        figure,
        f"Persons count, by weight in the survey, whose {found[0].of} per person is drawn in every panel. Model: "
        "income, and consumption with own medical and school bills, of twelve months; at the start, income is what the "
        f"survey says. Gaussian kernels, {min(widths):.2f} to {max(widths):.2f} wide in logs (Silverman's rule).",
    )
    return figure


def _curve(axes: Axes, x: Floats, y: Floats, name: str) -> None:
    """The survey wide and pale, so that what coincides with it is seen on top."""
    look = LOOKS[NAMES.index(name) - 1]
    style: Any = (
        {"color": "#BBBBBB", "linewidth": 5} if name == SURVEY else {"color": look.colour, "linestyle": look.line}
    )
    axes.plot(x, y, label=name, **style)


def _finish_lorenz(axes: Axes, of: str) -> None:
    axes.set_title(f"Lorenz curve of {of.split()[0]}")
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.6)
    axes.text(0.42, 0.46, "equality", color=GREY, fontsize=7.5, rotation=45, ha="center", va="center")
    axes.set(xlabel="poorest share of persons", ylabel="their share of the whole", xlim=(0, 1), ylim=(0, 1))
    axes.set_aspect("equal")


def _finish_density(axes: Axes, of: str, line: float, found: Sequence[Distribution]) -> None:
    axes.set_title(f"Density of log {of.split()[0]}")
    lowest = min(float(np.quantile(each.welfare, 0.005)) for each in found)
    highest = max(float(np.quantile(each.welfare, 0.998)) for each in found)
    axes.set_xscale("log")
    axes.set_xlim(max(lowest, FLOOR), highest)
    low, high = axes.get_xlim()
    axes.set_xticks([tick for tick in TICKS if low <= tick <= high], minor=False)
    axes.set_xticks([], minor=True)
    axes.xaxis.set_major_formatter(lambda yuan, _: f"{yuan / 1000:g}")
    axes.set(xlabel="thousand yuan per person-year, log scale", ylabel="density of persons")
    axes.set_ylim(0, axes.get_ylim()[1] * 1.1)
    axes.axvline(line, color=GREY, linewidth=0.8)
    where: Any = {"transform": axes.get_xaxis_transform(), "va": "top"}
    axes.text(line * 1.06, 0.99, "poverty line", color=GREY, fontsize=7.5, **where)


def density(of: Distribution, width: float) -> tuple[Floats, Floats]:
    """The density of log welfare at some welfares, both (m,): persons in fine bins, smoothed by a Gaussian kernel.

    width: of the kernel, in logs. The density integrates to 1 over the logarithm.
    """
    log = np.log(np.maximum(of.welfare, FLOOR))
    edges = np.linspace(log.min() - 4 * width, log.max() + 4 * width, BINS + 1)
    step = edges[1] - edges[0]
    share = np.histogram(log, edges, weights=of.persons)[0] / of.persons.sum()
    reach = int(np.ceil(4 * width / step))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * step / width) ** 2)
    return np.exp(0.5 * (edges[1:] + edges[:-1])), np.convolve(share, kernel / kernel.sum(), mode="same") / step


def bandwidth(of: Distribution) -> float:
    """The width of the kernel in logs: Silverman's (1986, 3.31), on the effective number of households."""
    log = np.log(np.maximum(of.welfare, FLOOR))
    effective = of.persons.sum() ** 2 / np.sum(of.persons**2)
    quartiles = np.quantile(log, [0.25, 0.75])
    spread = min(float(log.std()), float(quartiles[1] - quartiles[0]) / 1.349) or float(log.std()) or 1.0
    return float(0.9 * spread * effective**-0.2)


def moments_table(found: Sequence[Distribution], line: float) -> str:
    """The moments of each distribution, in Markdown; moments.UNITS says their units."""
    of_each = [each.moments(line) for each in found]
    rows = [
        [each.name, each.of, *(_told(value) for value in of.values())] for each, of in zip(found, of_each, strict=True)
    ]
    head = ["", "of", *of_each[0]]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def _told(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:,.0f}" if value >= 100 else f"{value:.3f}"


def write(scenario: Scenario, folder: Path) -> tuple[Path, str]:
    """Draw the figure into the folder; its path, and the table behind it. Raises BadInput."""
    found, line = distributions(scenario), line_at_start(scenario)
    folder.mkdir(parents=True, exist_ok=True)
    with drawing():
        figure = draw(found, line, scenario.title)

        def png(part: Path) -> None:
            figure.savefig(part, format="png", dpi=DPI)

        path = write_whole(folder / f"{Path(scenario.where).stem or 'survey'}_population.png", png)
    return path, moments_table(found, line)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns the exit code: 0 done, 2 bad input."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("scenario", help="a scenario that starts from a survey")
    parser.add_argument("--out", type=Path, default=Path("."), metavar="FOLDER", help="default: here")
    said = parser.parse_args(arguments)
    try:
        path, moments_told = write(spec_of(said.scenario), said.out)
    except BadInput as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{path}\n\n{moments_told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
