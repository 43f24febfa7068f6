"""Diary: the life of one household month by month, with its income by source and its events in words."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from fupin_sim.counterfactual.naming import row_of
from fupin_sim.dated import month_name
from fupin_sim.draws import Draws
from fupin_sim.given import seed_of
from fupin_sim.ledger import CREDITORS
from fupin_sim.model import PovertyModel, spec_of
from fupin_sim.population import build
from fupin_sim.recorder import received
from fupin_sim.scenario import Scenario

FLOWS: Mapping[str, tuple[str, ...]] = {
    "business": ("business",), "fees": ("fee",), "wages": ("wage",), "property": ("property",),
    "projects": ("project",), "dividends": ("dividend",), "captured": ("captured",),
    "policies": ("support",), "in_kind": ("service", "subsidy_microcredit"),
    "medical_bill": ("medical_bill",), "reimbursed": ("reimbursement",), "school_bill": ("school_bill",),
    "ceremonies": ("ceremony",), "borrowed": tuple(f"loan_{creditor}" for creditor in CREDITORS),
    "sold": ("sale",), "consumption": ("consumption",), "invested": ("investment",),
    "repaid": tuple(f"repayment_{creditor}" for creditor in CREDITORS),
}  # fmt: skip
"""Columns in yuan of the month, in the order in which the month moves money, and the flows in each."""
STATE = ("members", "workers", "migrants", "months_sick", "capital", "technique", "wealth", "debt", "income12", "poor",
         "registered", "monitored", "hungry")  # fmt: skip
Household = int | str


def diary(scenario: Scenario | str | Path | None, seed: int | None, household: Household) -> pd.DataFrame:
    """One row a month of one household, burn-in left out; the run is lived again, the household's county alone.

    household: its row in the panel, "county-village-household" as in the frames of outcomes, or its luck key.
    month: "2016-01". Then members, workers, migrants, months_sick; what the month moved, yuan, see FLOWS, and
    `received` from policies in all; at its end capital in units, technique, wealth, debt and income12 in yuan, poor,
    registered, monitored, hungry. events: what happened, in words, "; " between. Raises BadInput.
    """
    spec = spec_of(scenario)
    draws = Draws(spec.seed if seed is None else seed_of(seed))
    people = build(spec, draws, None).households
    row = row_of(household, people)
    luck, county = people["luck"][row], int(people["county"][row])
    model = PovertyModel(spec, seed=draws.seed, counties=[county])
    mine = int(np.flatnonzero(model.world.households.luck == luck)[0])
    before, lines = _state(model, mine), []
    for month in range(spec.start, spec.start + spec.months):
        model.live_until(month)
        now = _state(model, mine)
        lines.append({"month": month_name(month), **_page(model, mine, now), "events": "; ".join(_events(before, now))})
        before = now
    frame = pd.DataFrame(lines)
    frame.attrs = {"household": str(household), "luck": int(luck), "county": county, "seed": draws.seed,
                   "title": spec.title}  # fmt: skip
    return frame


def _state(model: PovertyModel, row: int) -> dict[str, Any]:
    """What of the household is to be seen at the end of the month."""
    home, ledger = model.world.households, model.world.ledger
    names = ("members", "workers", "migrants", "months_sick", "months_caring", "disabled", "out_of_school", "capital",
             "technique", "poor", "registered", "monitored", "hungry", "helped", "cooperative",
             "practice", "no_credit_until", "elders", "children")  # fmt: skip
    state = {name: getattr(home, name)[row].item() for name in names}
    owed = float(ledger.owed(np.array([row]))[0])
    bills = {name: float(ledger.flows[name][row]) for name in ("medical_bill", "school_bill", "ceremony", "sale")}
    yuan = {"wealth": float(home.wealth[row]), "income12": float(home.income12[row]), "debt": owed, **bills}
    return {**state, **{name: fen / 100.0 for name, fen in yuan.items()}}


def _page(model: PovertyModel, row: int, now: Mapping[str, Any]) -> dict[str, Any]:
    """The month's columns, in the order of the month."""
    world = model.world
    moved = {name: sum(float(world.ledger.flows[flow][row]) for flow in flows) / 100 for name, flows in FLOWS.items()}
    got = sum(float(given[row]) for given in received(world)) / 100
    people, ends = STATE[:4], STATE[4:]
    return {
        **{name: now[name] for name in people}, **moved, "received": got, **{name: now[name] for name in ends}
    }  # fmt: skip


COUNTS = {
    "members": ("one more at the table", "one fewer at the table"),
    "migrants": ("a worker leaves for wages", "a migrant comes home"),
    "disabled": ("a worker is disabled for good", "a disabled worker is no longer counted"),
}
FLAGS = {
    "poor": ("falls below the line", "rises above the line"),
    "registered": ("is put on the register", "is struck off the register"),
    "hungry": ("goes hungry", "has enough to eat again"),
    "out_of_school": ("a child leaves school", ""),
    "monitored": ("is put on the list of monitoring", "leaves the list of monitoring"),
    "helped": ("the first help of monitoring arrives", ""),
    "cooperative": ("joins the cooperative", "leaves the cooperative"),
    "practice": ("takes up the better practice", "gives the better practice up"),
}


def _events(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What happened between the ends of two months, in words."""
    said = []
    for name, (more, fewer) in COUNTS.items():
        if change := int(now[name]) - int(before[name]):
            said.append((more if change > 0 else fewer) + (f" (×{abs(change)})" if abs(change) > 1 else ""))
    if now["months_sick"] > before["months_sick"]:
        said.append(f"a worker is ill for {now['months_sick']} months")
    if now["months_caring"] > before["months_caring"]:
        said.append("a worker nurses the ill")
    for name, what in (("medical_bill", "medical bill"), ("school_bill", "school bill"), ("ceremony", "ceremony")):
        if now[name] >= max(1_000.0, before["income12"] / 12):
            said.append(f"{what} of {now[name]:,.0f} yuan")
    if now["sale"] > 0:
        said.append(f"sells capital for {now['sale']:,.0f} yuan")
    if now["no_credit_until"] > before["no_credit_until"]:
        said.append("defaults on a debt")
    for name, (begins, ends) in FLAGS.items():
        if bool(now[name]) != bool(before[name]) and (told := begins if now[name] else ends):
            said.append(told)
    return said
