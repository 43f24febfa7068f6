"""A village in which nothing happens but what a sentence says: for tests that a policy analyst can read and write.

A case is a table of a TOML file, whose own table `setting` goes for all of its cases:

    name = "A registered couple is paid …"      the sentence
    given = { members = 2, income = 2_000 }      one household; or given = [{…}, {…}], one table for each
    setting = { "policy.dibao.level" = 0.65 }    the scenario, by paths; a policy that is named is in force
    village = { exposure = 0.5 }                columns of its village and of its county, from the first month on
    county = { assessment = 1.0 }
    month_by_month = { registered = [true, false] }   what changes before each month; as many months are lived
    months = 3                                   … or how many, if nothing changes; 1 if not said
    expect = { "paid.dibao" = 100 }              after the last month; or a list, one value for each household
    expect_each_month = { "paid.dibao" = [100, 0] }   the same in each month, of the only household
    within = 0.01                                how far off a number may be; 0 if not said

Money is in yuan. `given` takes any column of Household, and besides: `income`, yuan per person over the past twelve
months, of which `relief` and `support`; `earns`, yuan a month from business (as `income` has it, if not said); `bill`,
yuan of a medical bill this month. `expect` takes any column, any flow of the ledger, and `paid.NAME` of a policy.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fupin_sim.agents import Household
from fupin_sim.catalogue import BUILT_IN
from fupin_sim.columns import columns_of
from fupin_sim.model import PovertyModel
from fupin_sim.processes.business import Business
from fupin_sim.processes.illness import Illness
from fupin_sim.scenario import load

KEYS = {"name", "given", "setting", "village", "county", "months", "month_by_month", "within"}
KEYS |= {"expect", "expect_each_month"}
COLUMNS = columns_of(Household)
WORDS = {"income", "relief", "support", "earns", "bill"}

QUIET: dict[str, Any] = {
    "scenario.years": 10, "burn_in.months": 0, "population.villages": 1, "population.counties": 1,
    "population.village_spread": 0.0, "population.indebted": 0.0, "process.register.share": 0.0,
    "process.growth.on": False, "process.family.on": False, "process.investment.land": 0.0,
    "process.disaster.probability": 0.0, "process.job_loss.risk": 0.0, "process.migration.finding": 0.0,
    "process.schooling.fee_senior_high": 0.0, "process.schooling.fee_college": 0.0,
    "process.coping.leave_school": False, "process.coping.extra_migration": 0.0,
    "process.property_income.interest": 0.0, "process.illness.covered": 0.0,
    "process.investment.most_of_income": 0.0, "process.repayment.share_of_wealth": 0.0,
    "process.repayment.bank_interest": 0.0, "process.wages.mean": 0.0,
}  # fmt: skip
NOTHING: dict[str, Any] = {
    "members": 1, "workers": 0, "carers": 0, "migrants": 0, "schooling": 0, "capital": 0, "wealth": 0, "trust": 0.5,
    "income": 0, "school_phase": 24,
}  # fmt: skip


class StatedEarnings(Business):
    """Business that brings in what the case says."""

    def run(self, world: Any) -> None:
        world.ledger.post("business", self.fen[world.rows])


class StatedBill(Illness):
    """Nobody falls ill, but the clinic sends the bill that the case says."""

    def run(self, world: Any) -> None:
        world.ledger.post("medical_bill", self.fen[world.rows])


class SmallWorld:
    """The model of a case, lived month by month."""

    def __init__(self, case: Mapping[str, Any]) -> None:
        if unknown := set(case) - KEYS:
            raise ValueError(f"a case has no {', '.join(sorted(unknown))}")
        given = case["given"]
        self.homes = [{**NOTHING, **home} for home in (given if isinstance(given, list) else [given])]
        self.model = PovertyModel(self._scenario(case.get("setting", {})))
        self.world = self.model.world
        self._settle()
        for places, columns in ((self.world.villages, "village"), (self.world.counties, "county")):
            for name, value in case.get(columns, {}).items():
                getattr(places, name)[:] = value
        self._put(StatedEarnings, "business", [self._earned(home) for home in self.homes])
        self._put(StatedBill, "illness", [home.get("bill", 0) for home in self.homes])

    def _scenario(self, setting: Mapping[str, Any]) -> Any:
        policies = {path.split(".")[1]: {} for path in setting if path.startswith("policy.")}
        paths = {**QUIET, "population.households": len(self.homes)}
        for path, value in setting.items():
            if path.startswith("policy."):
                _, name, key = path.split(".")
                policies[name][key] = value
            else:
                paths[path] = value
        tables = {"policy": [{"name": name, "use": name, **entry} for name, entry in policies.items()]}
        return load(tables, BUILT_IN, sets=paths, folder=Path(__file__).parent)

    def _settle(self) -> None:
        """Make the households what the case says they are."""
        home, members = self.world.households, np.array([h["members"] for h in self.homes])
        for name in {name for h in self.homes for name in h} - WORDS:
            self.change(name, [h.get(name, default_of(name)) for h in self.homes])
        for name, word in (("income12", "income"), ("relief12", "relief"), ("support12", "support"), ("bills12", "")):
            yuan = np.array([h.get(word, 0) for h in self.homes]) * members
            getattr(home, name)[:] = np.rint(100 * yuan)
            self.world.accounts.rings[name][:] = np.rint(100 * yuan / 12)

    def _earned(self, home: Mapping[str, Any]) -> float:
        usual = (home["income"] - home.get("support", 0)) * home["members"] / 12
        return float(home.get("earns", usual))

    def _put(self, kind: type, name: str, yuan: list[float]) -> None:
        process = kind(name, self.world.processes[name].values)
        process.fen = np.rint(100 * np.array(yuan, np.float64))
        self.world.processes[name] = process

    def change(self, name: str, values: Any) -> None:
        """Set a column, yuan for money."""
        default_of(name)
        factor = 100 if COLUMNS[name].unit.startswith("fen") else 1
        getattr(self.world.households, name)[:] = np.multiply(values, factor)

    def see(self, name: str) -> list[float]:
        """What each household shows, yuan for money."""
        first, _, policy = name.partition(".")
        flows = self.world.ledger.flows
        if first == "paid":
            fen = self.world.paid.get(policy, np.zeros(len(self.homes)))
        elif name in flows:
            fen = flows[name]
        else:
            column = getattr(self.world.households, name)
            return (column / 100 if COLUMNS[name].unit.startswith("fen") else column).tolist()
        return (fen / 100).tolist()


def default_of(name: str) -> Any:
    """What a column holds of which nothing is said; ValueError for a word that is no column."""
    if name not in COLUMNS:
        raise ValueError(f"a household has no {name}")
    return COLUMNS[name].default


def live(case: Mapping[str, Any]) -> SmallWorld:
    """Live a case; raises AssertionError where a month shows something else than it expects."""
    small = SmallWorld(case)
    changes, each = case.get("month_by_month", {}), case.get("expect_each_month", {})
    lengths = {len(values) for values in (*changes.values(), *each.values())} or {case.get("months", 1)}
    if len(lengths) > 1:
        raise ValueError(f"lists for {' and '.join(map(str, sorted(lengths)))} months in one case")
    for month in range(lengths.pop()):
        for name, values in changes.items():
            small.change(name, values[month])
        small.model.step()
        for name, values in each.items():
            _agree(f"month {month + 1}: {name}", small.see(name), values[month], case)
    for name, expected in case.get("expect", {}).items():
        _agree(name, small.see(name), expected, case)
    return small


def _agree(what: str, found: list[float], expected: Any, case: Mapping[str, Any]) -> None:
    wanted = expected if isinstance(expected, list) else [expected] * len(found)
    off = [abs(float(a) - float(b)) for a, b in zip(found, wanted, strict=True)]
    # Half a hundredth of a fen is no difference of money.
    assert max(off) <= case.get("within", 0) + 5e-5, f"{what} is {found}, expected {wanted}"
