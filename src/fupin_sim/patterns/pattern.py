"""A pattern: something observed that nothing here was fitted to, and what the model must show to be said to have it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isnan
from typing import Any

Numbers = dict[str, float]
Sets = Mapping[str, Any]
Run = Callable[[int, Sets], Numbers]
"""A seed and further settings, such as a smaller population -> what was found, by name."""

NO_CAMPAIGN: Mapping[str, Any] = {"policy.targeted.enabled": False}
"""The baseline without the transfers of the campaign; universal transfers and dibao stay."""


@dataclass(frozen=True)
class Part:
    """One number of a pattern: from `low` to `high` is a hit, the ends included unless `strict`.

    value: its name among what the run finds. evidence: the number that was observed, where there is one. percent:
    whether it is a share, to be printed in per cent.
    """

    value: str
    words: str
    low: float = -inf
    high: float = inf
    evidence: float | None = None
    percent: bool = True
    strict: bool = False

    def hit(self, found: float) -> bool:
        """Whether a number lies where it must; what is missing does not."""
        if isnan(found):
            return False
        return self.low < found < self.high if self.strict else self.low <= found <= self.high


@dataclass(frozen=True)
class Pattern:
    """parts: all of them must be hit, by the mean over replicates. setting: the world that is lived, in words.

    how: how the numbers are computed. also: other numbers of the run that are printed beside, without a verdict.
    """

    key: str
    name: str
    observed: str
    source: str
    setting: str
    how: str
    run: Run
    parts: tuple[Part, ...]
    also: Mapping[str, str]

    def hit(self, means: Mapping[str, float]) -> bool:
        """Whether every part is hit. means: over replicates, by name of the value."""
        return all(part.hit(means[part.value]) for part in self.parts)
