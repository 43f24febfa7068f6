"""A look: the paired effects after a complete round, and whether they are precise enough."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from fupin_sim.experiment.board import Board
from fupin_sim.experiment.study import Study
from fupin_sim.paired import PairedEffect, Rule, Wanting, paired_interval, wanting


@dataclass(frozen=True)
class Effect:
    """A paired difference, arm − against, of one measure at one point."""

    point: int
    arm: str
    against: str
    measure: str
    paired: PairedEffect


@dataclass(frozen=True)
class Look:
    """What n replicates show. effects: of the measures whose precision is wanted. wanting: those not precise enough."""

    n: int
    effects: tuple[Effect, ...] = ()
    wanting: tuple[Wanting, ...] = ()
    reached: bool = False


def rule_of(study: Study) -> Rule:
    """When the study looks, and what it wants."""
    said = study.replicates
    first = said.first if said.until else max(said.first, 2)  # nobody looks before the end, be it after one
    return Rule(first, said.step, said.most, dict(said.until))


def look_at(board: Board, n: int) -> Look:
    """The effects that the rule asks about, after n replicates."""
    rule = rule_of(board.study)
    measures = tuple(rule.until)
    effects = effects_of(board, n, measures)
    by_contrast = {((each.point, each.arm, each.against), each.measure): each.paired for each in effects}
    found = tuple(wanting(rule.until, by_contrast))  # type: ignore[arg-type]
    return Look(n, effects, found, bool(measures) and n >= rule.first and not found)


def effects_of(
    board: Board, n: int, measures: Sequence[str], usable: Collection[tuple[int, str]] | None = None
) -> tuple[Effect, ...]:
    """Paired differences of n replicates, point by point, pair by pair. usable: (point, arm), others are left out."""
    study, place = board.study, board.place()
    return tuple(
        Effect(point.number, arm, against, measure, paired_interval(
            board.of(place[point.number, arm], measure, n), board.of(place[point.number, against], measure, n)
        ))
        for point in study.points for arm, against in study.pairs() for measure in measures
        if usable is None or {(point.number, arm), (point.number, against)} <= set(usable)
    )  # fmt: skip
