"""Early warning: how often a rule that raises alarms is right, how much it misses, how long before (监测预警)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fupin_sim.measures.checks import NotMeasured, checked
from fupin_sim.measures.mean import ratio
from fupin_sim.plugins import Measure
from fupin_sim.policies.monitoring import CAUGHT, FALSE, MISSED, Monitoring
from fupin_sim.ranking import ascending
from fupin_sim.world import Array, Flags, World

Months = NDArray[np.integer]
NEVER = -1


def recall(alarm: Flags, event: Flags, weight: Array) -> float:
    """The share of those to whom it happened about whom there was an alarm; missing (NaN) when it happened to nobody.

    alarm, event, weight: shape (n,). Also called sensitivity.

    >>> recall(np.array([True, False, True]), np.array([True, True, False]), np.ones(3))
    0.5
    """
    checked(alarm=alarm, event=event, weight=weight)
    return ratio(float(weight[alarm & event].sum()), float(weight[event].sum()))


def precision(alarm: Flags, event: Flags, weight: Array) -> float:
    """The share of alarms that were right; missing (NaN) when there was none. Shapes as in `recall`.

    >>> precision(np.array([True, True, True, False]), np.array([True, True, False, True]), np.ones(4)).__round__(4)
    0.6667
    """
    checked(alarm=alarm, event=event, weight=weight)
    return ratio(float(weight[alarm & event].sum()), float(weight[alarm].sum()))


@dataclass(frozen=True)
class LeadTime:
    """Of those to whom it happened: share warned before, and months from the first alarm to it, mean and each."""

    warned: float
    mean: float
    months: Months


def lead_time(alarm_on: Months, event_on: Months) -> LeadTime:
    """Months from the first alarm to the event. alarm_on, event_on: month numbers or NEVER, shape (n,).

    An alarm in the month of the event or after it is none in time. Missing (NaN) when nobody was warned, or when it
    happened to nobody.

    >>> found = lead_time(np.array([5, 9, NEVER, 3]), np.array([8, 9, 4, NEVER]))
    >>> found.mean, round(found.warned, 4)
    (3.0, 0.3333)
    """
    checked(alarm_on=alarm_on, event_on=event_on)
    happened = event_on != NEVER
    in_time = happened & (alarm_on != NEVER) & (alarm_on < event_on)
    months = (event_on - alarm_on)[in_time]
    share = ratio(float(in_time.sum()), float(happened.sum()))
    return LeadTime(share, ratio(float(months.sum()), float(len(months))), months)


@dataclass(frozen=True)
class Roc:
    """By threshold from the highest score down, shape (thresholds + 1,): alarm where score ≥ threshold.

    hits: share of those to whom it happened that are alarmed. false: share of the others. area: under the curve.
    """

    threshold: Array
    hits: Array
    false: Array
    area: float


def roc(score: Array, event: Flags, weight: Array) -> Roc:
    """The curve of hits over false alarms; area = chance that a case scores above a non-case, ties counting half.

    score: higher means more in danger, shape (n,). Raises NotMeasured when it happened to all or to nobody.
    Source: Hanley & McNeil 1982.

    >>> roc(np.array([0.9, 0.8, 0.3, 0.1]), np.array([True, False, True, False]), np.ones(4)).area
    0.75
    """
    checked(score=score, event=event, weight=weight)
    cases, others = float(weight[event].sum()), float(weight[~event].sum())
    if cases <= 0 or others <= 0:
        raise NotMeasured("event: a curve needs some to whom it happened and some to whom it did not")
    order = ascending(score)[::-1]
    found = score[order]
    last = np.concatenate([found[1:] != found[:-1], [True]])
    hits, false = (np.cumsum((weight * which)[order])[last] for which in (event, ~event))
    hits, false = np.concatenate([[0.0], hits / cases]), np.concatenate([[0.0], false / others])
    area = float(((hits[1:] + hits[:-1]) * (false[1:] - false[:-1])).sum() / 2.0)
    return Roc(np.concatenate([[np.inf], found[last]]), hits, false, area)


class _Warning(Measure):
    by_default = False
    every, better = "month", "higher"
    rest = MISSED

    def take(self, world: World) -> float:
        """Of all policies that monitor, this month; danger that is in hand already is neither caught nor missed."""
        right = other = 0
        for _, policy in sorted(world.policies.items()):
            if isinstance(policy, Monitoring):
                number = np.bincount(policy.seen(world), minlength=5)
                right, other = right + int(number[CAUGHT]), other + int(number[self.rest])
        return ratio(float(right), float(right + other))


class AlarmRecall(_Warning):
    """Share of watched households in danger, and not in hand already, about whom monitoring raises an alarm."""

    unit = "share of households in danger"


class AlarmPrecision(_Warning):
    """Share of the alarms of monitoring that are about a household in danger."""

    unit, rest = "share of alarms", FALSE
