"""The bars of a study: nothing wider or higher than the terminal, counts and effects whole, with colours or without."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console
from rich.text import Text

from fupin_sim.cli.study_bars import ArmLine, bars

ARMS = [
    ArmLine("as_it_is", 4, 10),
    ArmLine("cash", 3, 10, "-0.0699 ± 0.0094"),
    ArmLine("support_without_follow_on", 3, 10, "-0.132 ± 0.029"),
]
HEAD = "headcount, share of persons: so far, less as_it_is"
FOOT = "10 of 30 runs ok, 1 retried, 1.1 a second, about 18 s left to 10 replicates"


def drawn(lines: list[ArmLine], head: str, width: int, height: int = 24, **settings: bool) -> list[str]:
    file = StringIO()
    console = Console(file=file, width=width, height=height, force_terminal=True, color_system="standard", **settings)
    console.print(bars(lines, head, FOOT, width, height))
    return [line.rstrip() for line in Text.from_ansi(file.getvalue()).plain.splitlines()]


@pytest.mark.parametrize("width", [40, 80, 100, 140])
def test_every_line_fits_and_counts_and_effects_are_whole(width: int) -> None:
    lines = drawn(ARMS, HEAD, width)
    assert max(map(len, lines)) <= width
    for arm in ARMS:
        (line,) = [line for line in lines if line.startswith(arm.name[:8])]
        assert f"{arm.done}/{arm.of}" in line
        assert line.endswith(arm.effect)
        assert ("━" in line) == (width > 40), "where there is little room, no bar"
    assert " ".join(lines[4:]) == FOOT


def test_bars_keep_their_length_whatever_the_numbers() -> None:
    short, long = (drawn([ArmLine("a", 2, 10, effect)], HEAD, 60)[1] for effect in ("+1 ± 1", "-0.0699 ± 0.0094"))
    assert short.index("2/10") == long.index("2/10")


def test_without_colours_what_is_not_done_is_not_drawn() -> None:
    coloured, plain = drawn(ARMS, HEAD, 80)[1], drawn(ARMS, HEAD, 80, no_color=True)[1]
    assert coloured.count("━") > 2 * plain.count("━") > 0
    assert coloured.index("4/10") == plain.index("4/10")


def test_more_arms_than_lines_leave_room_for_what_stands_below() -> None:
    arms = [ArmLine(f"arm_{i}", 1, 2) for i in range(50)]
    lines = drawn(arms, "", 80, 12)
    assert len(lines) <= 12
    assert lines[-2:] == ["… and 43 arms more", FOOT]
