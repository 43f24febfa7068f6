"""Several contrasts at once: Holm's correction of their p-values, and intervals that hold all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from fupin_sim.paired.effect import LEVEL, Array, PairedEffect, half_width, whole


def holm(p: ArrayLike) -> Array:
    """Holm's adjusted p-values: p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1)·p₍ⱼ₎), in the order given.

    p: of the contrasts of one family, shape (m,). A contrast is told apart at 5 % where p̃ ≤ .05, and the chance that
    any of those is none is at most 5 %, however the contrasts hang together. Source: Holm 1979.

    >>> holm([0.01, 0.04, 0.03, 0.005]).round(4).tolist()
    [0.03, 0.06, 0.06, 0.02]
    """
    raw = whole("p", p)
    order = np.argsort(raw, kind="stable")
    steps = np.minimum(raw[order] * np.arange(len(raw), 0, -1), 1.0)
    adjusted = np.empty(len(raw))
    adjusted[order] = np.maximum.accumulate(steps)
    return adjusted


def together(effects: Sequence[PairedEffect], level: float = LEVEL) -> list[PairedEffect]:
    """The same effects with Holm's p and with wider intervals, all of which hold at once with chance `level` at least.

    The intervals are Bonferroni's, each at 1 − (1 − level)/m: Holm's stepwise test has none of its own that are two-
    sided, short and hold together. So Holm's p may tell a contrast apart whose interval here still touches 0, never the
    other way round.
    """
    if not effects:
        return []
    wider = 1.0 - (1.0 - level) / len(effects)
    found = []
    for effect, p in zip(effects, holm([each.p for each in effects]), strict=True):
        half = float(half_width(effect.sd, effect.n, wider))
        found.append(replace(effect, low=effect.mean - half, high=effect.mean + half, half=half, p=float(p)))
    return found
