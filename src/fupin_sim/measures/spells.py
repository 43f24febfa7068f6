"""Spells: how long households are poor and not poor, and how each spell began and ended (贫困持续期)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.checks import NotMeasured
from fupin_sim.measures.survival import Hazards, Survival, hazards, kaplan_meier
from fupin_sim.measures.transitions import NOT_SEEN, States
from fupin_sim.world import Array, Flags

Whole = NDArray[np.int64]
KINDS = ("exit", "entry", "re-entry", "exit of spells under way", "re-entry unknown")


@dataclass(frozen=True)
class Spells:
    """Spells in the order of households and dates, all of shape (spells,).

    row, start: household and date of the first observation in the spell. duration: dates seen in it. poor: whether it
    is one of poverty. left_censored: it was under way when the household came into sight. ended: its end was seen.
    after_poverty: an earlier spell of poverty was seen. time: how often its end could have been seen: the duration if
    it was, else one less.
    """

    row: Whole
    start: Whole
    duration: Whole
    poor: Flags
    left_censored: Flags
    ended: Flags
    after_poverty: Flags

    @property
    def time(self) -> Whole:
        return self.duration - ~self.ended

    def of(self, kind: str) -> Flags:
        """Which spells tell of a kind of event; left-censored ones are set apart from those whose beginning was seen.

        exit: out of poverty, from its beginning. re-entry: back into poverty, from the exit. entry: into poverty of
        those never seen poor, from when they came into sight. exit of spells under way: out of poverty of those who
        were poor when they came into sight, from then on: no duration dependence can be read from it.
        """
        choices = {
            "exit": self.poor & ~self.left_censored,
            "entry": ~self.poor & self.left_censored & ~self.after_poverty,
            "re-entry": ~self.poor & ~self.left_censored,
            "exit of spells under way": self.poor & self.left_censored,
            "re-entry unknown": ~self.poor & self.left_censored & self.after_poverty,
        }
        if kind not in choices:
            raise NotMeasured(f'kind: "{kind}" is not one of {", ".join(choices)}')
        return choices[kind]

    def hazards(self, kind: str, weight: Array | None = None) -> Hazards:
        """Chance of an event of that kind by how long the spell has lasted.

        weight: of each household at each date, shape (households, dates); a spell has that of its first date.
        """
        mine = self.of(kind) & (self.time > 0)
        return hazards(self.time[mine], self.ended[mine], self._weights(mine, weight))

    def survival(self, kind: str, weight: Array | None = None) -> Survival:
        """Kaplan–Meier share of spells still going on, of a kind. weight: as for hazards, sampling weights."""
        mine = self.of(kind) & (self.time > 0)
        return kaplan_meier(self.time[mine], self.ended[mine], self._weights(mine, weight), sampling=weight is not None)

    def _weights(self, mine: Flags, weight: Array | None) -> Array | None:
        return None if weight is None else weight[self.row[mine], self.start[mine]]


def spells(poor: States) -> Spells:
    """The spells of a panel. poor: 1 poor, 0 not, NOT_SEEN; shape (households, dates), dates evenly spaced.

    A date not seen cuts a spell: what went before is censored there, and what follows is left-censored.
    Raises NotMeasured for other values. Source of the terms: Bane & Ellwood 1986; Stevens 1999.

    >>> found = spells(np.array([[1, 1, 0, 0, 1], [0, 0, -1, 1, 0]], dtype=np.int8))
    >>> found.duration.tolist(), found.ended.tolist()
    ([2, 2, 1, 2, 1, 1], [True, True, False, False, True, False])
    >>> found.of("re-entry").tolist()
    [False, True, False, False, False, True]
    """
    if poor.ndim != 2 or not np.isin(poor, (NOT_SEEN, 0, 1)).all():
        raise NotMeasured("poor: must be 1, 0 or NOT_SEEN, a row a household, a column a date")
    padded = np.pad(poor, ((0, 0), (1, 1)), constant_values=NOT_SEEN)
    seen = poor != NOT_SEEN
    first = seen & (padded[:, :-2] != poor)
    last = seen & (padded[:, 2:] != poor)
    row, start = np.nonzero(first)
    end = np.nonzero(last)[1]
    state = poor[row, start] == 1
    poor_so_far = np.cumsum(poor == 1, axis=1) > 0
    before = np.pad(poor_so_far, ((0, 0), (1, 0)))[row, start]
    return Spells(
        row, start, end - start + 1, state, padded[row, start] == NOT_SEEN, padded[row, end + 2] != NOT_SEEN, before
    )  # fmt: skip
