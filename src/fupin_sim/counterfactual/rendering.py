"""Rendering: two diaries of one household as text, side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd

from fupin_sim.counterfactual.parting import TwoDiaries

SHOWN = {"income": "income", "received": "policies", "bills": "bills", "wealth": "wealth", "debt": "debt"}
BEFORE, AFTER = 2, 12
"""Months always shown before the lives part, and from then on; later ones where either has an event."""


def side_by_side(two: TwoDiaries, names: tuple[str, str] = ("with", "without"), *, every_month: bool = False) -> str:
    """Both diaries as plain text, a line a month: income, received from policies, own bills, wealth, debt, in yuan.

    names: what to call the worlds a and b. every_month: all months; else those about the parting, and later ones
    with an event in either world. "!" marks poor months, ">" the month in which the lives part.
    """
    a, b = (_lines(each) for each in (two.a, two.b))
    months = [month for month in a if month in b]
    if two.month is None:
        said = f"The two lives of household {_name(two)} never part."
    else:
        also = ", ".join(column for column in two.columns if column != two.first)
        said = f"The two lives of household {_name(two)} part in {two.month}, first in: {two.first}"
        said = textwrap.fill(said + (f"; that month also in: {also}." if also else "."), 100)
    shown = months if every_month else _worth_showing(months, two)
    width = max(len(_numbers(None)), *(len(a[m][0]) for m in months), *(len(b[m][0]) for m in months)) if months else 0
    lines = [
        said,
        "",
        f"  {'':7}  {names[0]:<{width}} | {names[1]}",
        f"  {'month':7}  {_numbers(None):<{width}} | {_numbers(None)}",
    ]
    last = ""
    for month in shown:
        if last and months.index(month) != months.index(last) + 1:
            lines.append("  …")
        mark = ">" if month == two.month else " "
        lines.append(f"{mark} {month:7}  {a[month][0]:<{width}} | {b[month][0]}".rstrip())
        lines += _told(a[month][1], b[month][1], width)
        last = month
    return "\n".join(
        [*lines, "", "Yuan of the month; wealth and debt at its end. ! poor on the income of twelve months."]
    )


def _lines(diary: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """By month the numbers of a diary as text, and its events."""
    income = diary[["business", "wages", "property", "projects", "dividends", "captured", "policies"]].sum(axis=1)
    shown = diary.assign(
        income=income - diary["fees"], bills=diary["medical_bill"] + diary["school_bill"] - diary["reimbursed"]
    )
    return {str(row["month"]): (_numbers(row), str(row["events"])) for row in shown.to_dict("records")}


def _numbers(row: Mapping[Any, Any] | None) -> str:
    """One household's numbers of a month, or their headings."""
    if row is None:
        return "  " + " ".join(f"{head:>8}" for head in SHOWN.values())
    return ("! " if row["poor"] else "  ") + " ".join(f"{row[name]:>8,.0f}" for name in SHOWN)


def _told(left: str, right: str, width: int) -> list[str]:
    """The events of a month, one line each, left and right of the bar; both at once where they are the same."""
    lefts, rights = ([event for event in each.split("; ") if event] for each in (left, right))
    lines = []
    for i in range(max(len(lefts), len(rights))):
        one, other = (each[i] if i < len(each) else "" for each in (lefts, rights))
        lines.append(f"  {'':7}  {'  ' + one:<{width}} |   {other}".rstrip())
    return lines


def _worth_showing(months: list[str], two: TwoDiaries) -> list[str]:
    """About the parting, and where something happened afterwards; where nothing parts, only where anything happened."""
    eventful = {str(m) for each in (two.a, two.b) for m in each.loc[each["events"] != "", "month"]}
    if two.month is None:
        return [month for month in months if month in eventful]
    at = months.index(two.month)
    return [m for i, m in enumerate(months) if at - BEFORE <= i < at + AFTER or (i > at and m in eventful)]


def _name(two: TwoDiaries) -> str:
    return str(two.a.attrs.get("household", ""))
