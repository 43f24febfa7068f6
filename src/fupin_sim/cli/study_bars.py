"""The bars of a study: a line for each arm, no wider than the terminal, and below them how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

LEAST_BAR, MOST_BAR = 5, 40
EFFECT = 18
"""Room kept for an effect, so that bars do not change their length with every number."""
GAP = 2


@dataclass(frozen=True)
class ArmLine:
    """How far an arm is. effect: its difference from the baseline so far."""

    name: str
    done: int
    of: int
    effect: str = ""


def bars(lines: Sequence[ArmLine], head: str, foot: str, width: int, height: int) -> Group:
    """All of it. head: what the effects are of, or nothing. foot: runs, rate and time left."""
    room = max(1, height - 4)
    shown = lines if len(lines) <= room else lines[: room - 1]
    parts: list[Text | Table] = [_text(head)] if head else []
    parts.append(_grid(shown, width, bool(head)))
    if len(shown) < len(lines):
        parts.append(_text(f"… and {len(lines) - len(shown)} arms more"))
    return Group(*parts, Text(foot))


def _grid(lines: Sequence[ArmLine], width: int, effects: bool) -> Table:
    """Name, bar, count and effect; where there is little room, no bar."""
    counts = [f"{line.done:,}/{line.of:,}" for line in lines]
    name = min(max(len(line.name) for line in lines), max(width // 3, 8))
    count = max(map(len, counts))
    effect = max(EFFECT, *(len(line.effect) for line in lines)) if effects else 0
    bar = min(width - name - count - effect - (2 + effects) * GAP, MOST_BAR)
    grid = Table.grid(padding=(0, GAP, 0, 0))
    for line, counted in zip(lines, counts, strict=True):
        cells: list[RenderableType] = [_text(line.name)]
        if bar >= LEAST_BAR:
            cells.append(ProgressBar(total=max(line.of, 1), completed=line.done, width=bar))
        cells.append(Text(counted.rjust(count)))
        grid.add_row(*cells, *([_text(line.effect)] if effects else []))
    grid.columns[0].max_width = name
    return grid


def _text(text: str) -> Text:
    return Text(text, no_wrap=True, overflow="ellipsis")
