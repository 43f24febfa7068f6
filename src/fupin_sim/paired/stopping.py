"""When to stop: looks at growing numbers of pairs until every interval that is asked for is short enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from fupin_sim.errors import BadInput, nearest
from fupin_sim.paired.effect import Array, PairedEffect

SKEWED = 1.0
"""Skewness above which differences are too one-sided for a short series."""
LONG_ENOUGH = 100
"""Pairs from which a skewed series may stop as well."""


@dataclass(frozen=True)
class Rule:
    """First look after `first` pairs, then after every `step`, to the last after `most`.

    until: by measure the half-width of the paired interval that is wanted, in the unit of the measure; with none given
    all `most` pairs are run. Raises BadInput.
    """

    first: int = 20
    step: int = 10
    most: int = 400
    until: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wrong = [f"replicates.{k}: must be at least {low}, not {getattr(self, k)}" for k, low in LEAST.items()
                 if getattr(self, k) < low]  # fmt: skip
        wrong += [f"replicates.until.{k}: must be above 0, not {v:g}" for k, v in self.until.items() if not v > 0]
        if wrong:
            raise BadInput(wrong)

    def looks(self) -> Iterator[int]:
        """The numbers of pairs at which it is asked whether to stop; the last is `most`.

        >>> list(Rule(20, 10, 45, {"headcount": 0.01}).looks()), list(Rule(most=7).looks())
        ([20, 30, 40, 45], [7])
        """
        if self.until:
            yield from range(self.first, self.most, self.step)
        yield self.most

    def next_look(self, pairs: int) -> int | None:
        """The first look at more pairs than these; None after the last."""
        return next((look for look in self.looks() if look > pairs), None)


LEAST = {"first": 2, "step": 1, "most": 1}


@dataclass(frozen=True)
class Wanting:
    """One interval that is not short enough yet. contrast: as the caller names it. target: half-width wanted."""

    contrast: object
    measure: str
    effect: PairedEffect
    target: float
    skewed: bool

    def __str__(self) -> str:
        if self.skewed and self.effect.half <= self.target:
            return f"{self.measure}: skewed ({self.effect.skew:+.1f}), goes on to {LONG_ENOUGH} pairs"
        return f"{self.measure}: ± {self.effect.half:.2g}, wanted ± {self.target:.2g}"


def enough(half: ArrayLike, skew: ArrayLike, n: int, target: float) -> Array:
    """Whether a half-width is reached, and the differences are not too skewed for so few pairs; arrays or numbers.

    Student's interval covers too seldom when a skewed series stops early, for a small variance then comes with a mean
    that is off. Coverage after stopping is in tests/test_paired_coverage.py.
    """
    return np.asarray((np.asarray(half) <= target) & ((n >= LONG_ENOUGH) | (np.abs(skew) <= SKEWED)))


def wanting(until: Mapping[str, float], effects: Mapping[tuple[object, str], PairedEffect]) -> list[Wanting]:
    """The intervals that are not short enough yet, the farthest off first.

    until: half-widths by measure. effects: by (contrast, measure), with every contrast against the baseline and every
    measure of `until`; others are not looked at. Raises BadInput for a measure that no effect has.
    """
    known = sorted({measure for _, measure in effects})
    if unknown := [measure for measure in until if measure not in known]:
        raise BadInput([f"replicates.until.{name}: is not measured.{nearest(name, known)}" for name in unknown])
    found = [
        Wanting(contrast, measure, effect, until[measure], bool(abs(effect.skew) > SKEWED and effect.n < LONG_ENOUGH))
        for (contrast, measure), effect in effects.items()
        if measure in until and not enough(effect.half, effect.skew, effect.n, until[measure])
    ]
    return sorted(found, key=lambda each: -each.effect.half / each.target)


def reached(rule: Rule, effects: Mapping[tuple[object, str], PairedEffect], pairs: int) -> bool:
    """Whether to stop after so many pairs: `most` are there, or nothing that is asked for is wanting.

    effects: as in `wanting`. No stop before the first look.
    """
    if pairs >= rule.most:
        return True
    if not rule.until or pairs < rule.first:
        return False
    return not wanting(rule.until, effects)
