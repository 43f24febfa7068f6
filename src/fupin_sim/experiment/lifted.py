"""Households lifted and harmed: what an arm did to each of them, beside the same one in another arm, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from fupin_sim.experiment.board import OK, Board
from fupin_sim.intervals import student

if TYPE_CHECKING:
    from fupin_sim.store import Store

COUNTED = ("households", "saved", "harmed", "lifted", "dropped", "averted", "caused", "cost")


def lifted(board: Board, store: Store, n: int) -> pd.DataFrame:
    """By point and pair of arms: what is counted, its mean over n replicates, low, high, n.

    saved, harmed: households with fewer and more poor person-years. lifted, dropped: poor at the end in one arm only.
    averted, caused: person-years of the saved and of the harmed. cost: yuan. Pairs with a run missing are left out.
    """
    rows, study, place = [], board.study, board.place()
    for point in study.points if study.households and n else ():
        for arm, against in study.pairs():
            a, b = place[point.number, arm], place[point.number, against]
            if not (board.state[[a, b], :n] == OK).all():
                continue
            counts = np.array([_counted(store, board.keys[r][a], board.keys[r][b]) for r in range(n)])
            named: dict[str, Any] = {"point": point.number, **point.factors, "arm": arm, "against": against}
            for name, values in zip(COUNTED, counts.T, strict=True):
                found = student(values)
                told = {limit: float(getattr(found, limit)) for limit in ("mean", "low", "high")}
                rows.append({**named, "what": name, **told, "n": n})
    return pd.DataFrame(rows, columns=["point", *study.factors, "arm", "against", "what", "mean", "low", "high", "n"])


def _counted(store: Store, arm: str, against: str) -> list[float]:
    from fupin_sim.counterfactual import compare_households, summary

    with_, without = store.households(arm), store.households(against)
    if with_ is None or without is None:
        return [np.nan] * len(COUNTED)
    found = summary(compare_households(without, with_)).iloc[0]
    return [float(found[name]) for name in COUNTED]
