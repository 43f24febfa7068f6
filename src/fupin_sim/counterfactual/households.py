"""Households of two worlds held against each other: saved, harmed, unchanged, and at what cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from fupin_sim.errors import BadInput
from fupin_sim.outcomes import COLUMNS, NOT_ENTERED
from fupin_sim.simulation import Result

SAVED, HARMED, UNCHANGED = "saved", "harmed", "unchanged"
POOR_ALREADY, IN_BETWEEN = "poor already", "between Decembers"
"""Instead of a cause: poor at Decembers without having fallen from one to the next; poor, but at no December."""
SHARED = {
    "seed": "their seeds differ", "changes": "their luck parts on the way", "first": "their first months differ",
    "population": "their settings of [population] differ", "since": "they are counted from different months",
    "until": "they end in different months",
}  # fmt: skip
"""What two worlds must have in common, and what is said of those that have not."""
_MORE = "with the policy less without it"
DISCOUNTED = ("poor_person_years_discounted", "cost_discounted")
TABLE: Mapping[str, tuple[str, str]] = {
    **{name: COLUMNS[name] for name in ("luck", "county", "village", "household")},
    "decile": ("decile", "of income per person in its county, before counting began, without the policy; 0 before any"),
    "outcome": ("", "saved: fewer poor person-years with the policy; harmed: more; unchanged: as many"),
    "lifted": ("flag", "poor at the end of the last month only without the policy"),
    "dropped": ("flag", "poor at the end of the last month only with it"),
    "cause": ("cause", "of its first fall below the line, in the world where it was poor longer"),
    "poor_person_years": ("person-years", _MORE),
    "poor_persons_at_end": ("persons", f"poor at the end of the last month, {_MORE}"),
    "poor_months": ("months", _MORE), "poor_decembers": ("Decembers", _MORE),
    "poor_at_end": ("", f"1 or 0, {_MORE}"), "ever_returned": ("", f"1 or 0, {_MORE}"),
    "ever_newly_poor": ("", f"1 or 0, {_MORE}"),
    "received": ("yuan", f"from policies, {_MORE}"),
    "overhead": ("yuan", f"its share of administration and leaks, {_MORE}"),
    "cost": ("yuan", "received and overhead"),
    "poor_person_years_discounted": ("person-years", f"at the rate of [cost], {_MORE}"),
    "cost_discounted": ("yuan", f"at the rate of [cost], {_MORE}"),
}  # fmt: skip
"""Unit and meaning of each column of the table, in their order."""
Outcomes = pd.DataFrame | Result
Whole = NDArray[np.int64]


def compare_households(without: Outcomes, with_: Outcomes) -> pd.DataFrame:
    """What a policy did to each household: one row a household, differences are `with_` less `without`.

    without, with_: results of simulate(..., outcomes=True), or their `outcomes`; with one seed, population and start.
    luck, county, village, household, decile: of the world without. outcome: saved if it has fewer poor person-years
    with the policy, harmed if more, unchanged otherwise. lifted: poor at the end only without; dropped: only with.
    cause: of its first fall below the line, in the world where it was poor longer; in that without where unchanged.
    poor_person_years, poor_months, poor_decembers, poor_persons_at_end, poor_at_end, ever_returned, ever_newly_poor:
    differences. received, overhead, cost = received + overhead: differences, yuan. poor_person_years_discounted,
    cost_discounted: the same at the rate of the section [cost]. Units and meanings stand in TABLE. Raises BadInput.

    A household is a house that stands from the first month to the last: nobody founds one, nobody moves one, and when
    its last member dies kin take it over. So each is in both worlds, and the differences of all of them add up to
    that of the two runs; members may differ, and are counted as each world has them.
    """
    a, b = (_outcomes(each, name) for each, name in ((without, "without"), (with_, "with_")))
    _refuse_strangers(a, b)
    b = b.set_index("luck").loc[a["luck"].to_numpy()].reset_index()
    months = whole(b["poor_person_years"], 12) - whole(a["poor_person_years"], 12)
    received, overhead = (whole(b[name], 100) - whole(a[name], 100) for name in ("received", "overhead"))
    end_a, end_b = (each["poor_at_end"].to_numpy() for each in (a, b))
    same = ("poor_months", "poor_decembers", "poor_at_end", "ever_returned", "ever_newly_poor")
    return pd.DataFrame(
        {
            **{name: a[name] for name in ("luck", "county", "village", "household", "decile")},
            "outcome": _named(np.select([months < 0, months > 0], [0, 1], 2), [SAVED, HARMED, UNCHANGED]),
            "lifted": end_a & ~end_b, "dropped": end_b & ~end_a,
            "cause": _causes(a, b, months > 0),
            "poor_person_years": months / 12.0,
            "poor_persons_at_end": _at_end(b) - _at_end(a),
            **{name: b[name].to_numpy(np.int64) - a[name].to_numpy(np.int64) for name in same},
            "received": received / 100.0, "overhead": overhead / 100.0, "cost": (received + overhead) / 100.0,
            **{name: b[name].to_numpy(np.float64) - a[name].to_numpy(np.float64) for name in DISCOUNTED},
        }
    )  # fmt: skip


def whole(values: Any, parts: int) -> Whole:
    """Yuan in fen, or years in months: the whole numbers they were made of, so that sums are exact.

    >>> whole([0.07, 1.1], 100).tolist()
    [7, 110]
    """
    return np.rint(np.asarray(values, np.float64) * parts).astype(np.int64)


def _outcomes(world: Outcomes, name: str) -> pd.DataFrame:
    frame = world.outcomes if isinstance(world, Result) else world
    if frame is None:
        raise BadInput(f"{name}: was run without outcomes; say simulate(..., outcomes=True)")
    if missing := [column for column in COLUMNS if column not in frame]:
        raise BadInput(f"{name}: is no frame of outcomes; it has no column {missing[0]}")
    if frame["luck"].duplicated().any():
        raise BadInput(f"{name}: has two rows for one household; is it of several runs?")
    return frame.reset_index(drop=True)


def _refuse_strangers(a: pd.DataFrame, b: pd.DataFrame) -> None:
    """Refuse worlds in which a key of luck does not stand for the same household; raises BadInput."""
    told = [
        f"{said} ({a.attrs[name]} and {b.attrs[name]})" if name in ("seed", "first", "since", "until") else said
        for name, said in SHARED.items()
        if name in a.attrs and name in b.attrs and a.attrs[name] != b.attrs[name]
    ]
    only = [int((~mine["luck"].isin(other["luck"])).sum()) for mine, other in ((a, b), (b, a))]
    if any(only):
        told.append(f"{only[0]:,} households are only in the world without, {only[1]:,} only in that with")
    if told:
        raise BadInput([f"{each}: households of these worlds cannot be compared" for each in told])


def _at_end(frame: pd.DataFrame) -> Whole:
    return np.where(frame["poor_at_end"], frame["members_at_end"], 0).astype(np.int64)


def _causes(a: pd.DataFrame, b: pd.DataFrame, harmed: NDArray[np.bool_]) -> Any:
    """What made it poor where it was poor longer."""
    cause, decembers, months = (
        np.where(harmed, b[name].astype(object) if name == "cause" else b[name], a[name])
        for name in ("cause", "poor_decembers", "poor_months")
    )
    fell = cause != NOT_ENTERED
    cause = np.where(fell, cause, np.where(decembers > 0, POOR_ALREADY, np.where(months > 0, IN_BETWEEN, NOT_ENTERED)))
    return pd.Categorical(cause)


def _named(codes: NDArray[Any], names: list[str]) -> Any:
    return pd.Categorical.from_codes(codes, pd.Index(names))
