"""Which of our own scripts makes a survey file that is not there."""

from __future__ import annotations

from pathlib import Path

MAKERS = {"vietnam": "fupin_sim.surveys.vietnam"}


def how_to_make(path: str | Path) -> str:
    """For a file that one of our own scripts writes: the command that makes it; nothing for any other file.

    >>> how_to_make("scenarios/data/vietnam.csv")
    ' Make it with: python -m fupin_sim.surveys.vietnam --out scenarios/data'
    >>> how_to_make("mine.csv")
    ''
    """
    path = Path(path)
    maker = MAKERS.get(path.name.removesuffix(".csv").removesuffix(".mapping.toml"))
    return f" Make it with: python -m {maker} --out {path.parent}" if maker else ""
