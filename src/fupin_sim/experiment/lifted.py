"""Households lifted and harmed: what an arm did to each of them, beside the same one in another arm, counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fupin_sim.experiment.board import OK, Board
from fupin_sim.intervals import student

if TYPE_CHECKING:
    from fupin_sim.store import Store

COUNTED = (
    "households", "saved", "harmed", "lifted", "dropped", "averted", "caused", "cost", "change_discounted",
    "cost_discounted",
)  # fmt: skip
BY = ("decile", "cause", "county", "village")
"""By what households are grouped; county only where there are several."""
NUMBERS = ("mean", "low", "high", "n")


def lifted(board: Board, store: Store, n: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What is counted of all households, and by group: by point and pair of arms its mean over n replicates, low, high.

    saved, harmed: households with fewer and more poor person-years. lifted, dropped: poor at the end in one arm only.
    averted, caused: person-years of the saved and of the harmed. cost: yuan. change_discounted, cost_discounted: poor
    person-years and yuan at the rate of [cost]. Pairs with a run missing are left out. A group that nobody is in, in
    some replicate, counts there as nothing; decile and cause may group other households in every replicate.
    """
    factors = list(board.study.factors)
    whole: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []
    for named, frames in _pairs(board, store, n):
        tables: dict[str, list[pd.DataFrame]] = {by: [] for by in ("", *BY)}
        for frame in frames:
            for by, found in _counted(frame).items():
                tables[by].append(found)
        whole += [{**named, **row} for row in _means(tables[""])]
        for by in BY:
            groups += [{**named, "by": by, **row} for row in _means(tables[by], by)]
    head = ["point", *factors, "arm", "against"]
    return (
        pd.DataFrame(whole, columns=[*head, "what", *NUMBERS]),
        pd.DataFrame(groups, columns=[*head, "by", "group", "what", *NUMBERS]),
    )


def compared(board: Board, store: Store, n: int) -> Iterator[pd.DataFrame]:
    """The household tables themselves: by point, pair of arms and replicate, see `compare_households`."""
    for named, frames in _pairs(board, store, n):
        for replicate, frame in enumerate(frames):
            for place, (name, value) in enumerate({**named, "replicate": replicate}.items()):
                frame.insert(place, name, value)
            yield frame


def _pairs(board: Board, store: Store, n: int) -> Iterator[tuple[Mapping[str, Any], Iterator[pd.DataFrame]]]:
    """Of each point and pair of arms of which all is there: its name, and a table a replicate, one at a time."""
    study, place = board.study, board.place()
    for point in study.points if study.households and n else ():
        for arm, against in study.pairs():
            a, b = place[point.number, arm], place[point.number, against]
            if (board.state[[a, b], :n] == OK).all():
                named = {"point": point.number, **point.factors, "arm": arm, "against": against}
                yield named, _tables(store, [(board.keys[r][a], board.keys[r][b]) for r in range(n)])


def _tables(store: Store, keys: Sequence[tuple[str, str]]) -> Iterator[pd.DataFrame]:
    from fupin_sim.counterfactual import compare_households

    for arm, against in keys:
        with_, without = store.households(arm), store.households(against)
        if with_ is not None and without is not None:
            yield compare_households(without, with_)


def _counted(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """One replicate's counts, in all (key "") and by group; a row a group."""
    from fupin_sim.counterfactual import summary

    found = {"": summary(frame)[list(COUNTED)]}
    for by in BY:
        if by != "county" or frame[by].nunique() > 1:
            found[by] = summary(frame, by).set_index(by)[list(COUNTED)]
    return found


def _means(tables: Sequence[pd.DataFrame], by: str = "") -> Iterator[dict[str, Any]]:
    """Means over replicates with Student's limits, a row a group and count."""
    if not tables:
        return
    groups = sorted({group for table in tables for group in table.index}, key=str if by == "cause" else None)
    values = np.array([table.reindex(groups, fill_value=0).to_numpy(np.float64) for table in tables])
    found = student(np.moveaxis(values, 0, -1))
    for i, group in enumerate(groups):
        for j, what in enumerate(COUNTED):
            told = {limit: float(getattr(found, limit)[i, j]) for limit in ("mean", "low", "high")}
            yield {**({"group": str(group)} if by else {}), "what": what, **told, "n": len(tables)}
