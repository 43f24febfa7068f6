"""How every figure looks: size, type, colours, hatches, and how it is saved."""

from __future__ import annotations

import contextlib
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fupin_sim.files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 6.7  # inches: the text of an A4 page with margins of 2 cm
DPI = 200
GREY = "#595959"
# families tried in turn for a sign that the first lacks; the later ones only where they are installed
FAMILIES = (
    "DejaVu Sans", "Noto Sans CJK SC", "Noto Sans CJK JP", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Microsoft YaHei", "SimHei", "SimSun", "PingFang SC",
    "Hiragino Sans GB", "Heiti SC", "Heiti TC", "Songti SC", "Droid Sans Fallback", "AR PL UMing CN", "AR PL UKai CN",
    "Arial Unicode MS",
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """Colour, line, marker and hatch of one thing shown; each of them alone tells it from the others."""

    colour: str
    line: Any
    marker: str
    hatch: str


# colours of Okabe and Ito (2008), told apart under the common colour blindnesses; yellow late, it is faint on paper,
# and a grey in place of their black, on which no hatch would be seen
LOOKS = (
    Look("#0072B2", "-", "o", ""),
    Look("#D55E00", (0, (5, 1.5)), "s", "////"),
    Look("#009E73", (0, (1.2, 1.2)), "^", "...."),
    Look("#CC79A7", (0, (6, 1.5, 1.2, 1.5)), "D", "\\\\\\\\"),
    Look("#E69F00", (0, (3, 1)), "v", "xxxx"),
    Look("#56B4E9", (0, (8, 2)), "P", "----"),
    Look("#F0E442", (0, (1, 2.5)), "X", "++++"),
    Look("#7A7A7A", (0, (3, 1, 1, 1, 1, 1)), "*", "oo"),
)
REST = Look("#BBBBBB", (0, (1, 1)), ".", "||||")


@contextlib.contextmanager
def drawing() -> Iterator[None]:
    """Our settings and nobody else's: a user's matplotlibrc shall not change a figure, nor we his."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": list(_families()),
                "font.size": 9,
                "axes.titlesize": 10,
                "axes.titleweight": "bold",
                "axes.titlelocation": "left",
                "axes.labelsize": 9,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.axisbelow": True,
                "axes.formatter.useoffset": False,
                "figure.titlesize": 10,
                "figure.constrained_layout.h_pad": 0.07,
                "figure.constrained_layout.w_pad": 0.07,
                "grid.color": "#DDDDDD",
                "grid.linewidth": 0.6,
                "hatch.linewidth": 0.5,
                "legend.fontsize": 8.5,
                "legend.frameon": False,
                "legend.handlelength": 2.6,
                "lines.linewidth": 1.6,
                "lines.markersize": 4,
                "pdf.fonttype": 42,
                "text.parse_math": False,  # a title may hold dollar signs
                "xtick.labelsize": 8.5,
                "ytick.labelsize": 8.5,
            }
        )
        yield


def page(height: float, title: str) -> Figure:
    """An empty A4-wide figure with the scenario's title above."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    figure.suptitle(textwrap.fill(readable(title), 84), x=0.012, ha="left")
    return figure


def footnote(figure: Figure, note: str) -> None:
    """A note below the figure, broken into lines that fit."""
    figure.supxlabel(textwrap.fill(readable(note), 120), x=0.012, ha="left", fontsize=7.5, color=GREY)


def save(figure: Figure, folder: Path, name: str) -> list[Path]:
    """The figure as PNG and PDF, without dates: the same figure gives the same bytes."""

    def png(part: Path) -> None:
        figure.savefig(part, format="png", dpi=DPI)

    def pdf(part: Path) -> None:
        figure.savefig(part, format="pdf", metadata={"CreationDate": None})

    return [write_whole(folder / f"{name}.png", png), write_whole(folder / f"{name}.pdf", pdf)]


def beside(axes: Axes, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """The legend to the right of the axes, where no data can be."""
    wrapped = [textwrap.fill(readable(label), 24) for label in labels]
    axes.legend(handles, wrapped, loc="upper left", bbox_to_anchor=(1.01, 1.02), borderaxespad=0, labelspacing=0.6)


def name_value_axis(axes: Axes, text: str) -> None:
    """The label of the upright axis, broken so that it is no longer than the axis."""
    text = readable(text)
    lines = textwrap.wrap(text, 26)
    # as many lines as needed, of about the same length
    width = next(width for width in range(1, 27) if len(textwrap.wrap(text, width)) <= len(lines)) if lines else 1
    axes.set_ylabel(textwrap.fill(text, width))


def say_instead(axes: Axes, words: str) -> None:
    """Plain words where there is nothing to draw."""
    axes.set_axis_off()
    text = textwrap.fill(readable(words), 70)
    axes.text(0.5, 0.5, text, transform=axes.transAxes, ha="center", va="center", color=GREY, fontsize=10)


def axis_unit(unit: str) -> tuple[float, str]:
    """What to multiply by and what to write: shares are shown in per cent.

    >>> axis_unit("share of persons"), axis_unit("yuan per person-year")
    ((100.0, '% of persons'), (1.0, 'yuan per person-year'))
    """
    if unit.split(" ")[0] == "share":
        return 100.0, "%" + unit[len("share") :]
    return 1.0, unit


def readable(text: str) -> str:
    """The text with "?" for each sign that no font at hand can draw, after a warning that names those signs."""
    text = " ".join(text.split())
    lacking = sorted({sign for sign in text if ord(sign) not in _signs()})
    if lacking:
        told = f"no font at hand can draw {' '.join(lacking)}; the figure shows ?"
        warnings.warn(f"{told} (Noto Sans CJK SC, for one, has Chinese signs)", UserWarning, stacklevel=2)
    return "".join("?" if sign in lacking else sign for sign in text)


@cache
def _families() -> tuple[str, ...]:
    from matplotlib import font_manager

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return tuple(family for family in FAMILIES if family in installed)


@cache
def _signs() -> frozenset[int]:
    from matplotlib import font_manager

    files = [font_manager.findfont(family) for family in _families()]
    return frozenset(sign for file in files for sign in font_manager.get_font(file).get_charmap())
