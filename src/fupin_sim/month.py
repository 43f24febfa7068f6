"""The month as a list of verbs, and the other lists a model may live by.

`[model] mode` says which: "monthly" is the model; "optimal" is its household core under the full optimal policy of
the dynamic programme, by the year, to hold the rules of the month against.
"""

from __future__ import annotations

from dataclasses import dataclass

from fupin_sim.errors import BadInput
from fupin_sim.parameter import Parameter
from fupin_sim.plugins import Section
from fupin_sim.scenario import Scenario


@dataclass(frozen=True)
class Verb:
    """One stroke of the month: some processes, in order."""

    name: str
    doc: str
    processes: tuple[str, ...]


MONTH = (
    Verb("set", "rates return to base, shocks and policies adjust them",
         ("assessment", "growth", "enrolment", "aims", "upkeep", "worthies", "practices", "cooperatives", "season",
          "delivery", "dispatch", "mobilisation", "team_channels")),
    Verb("suffer", "families live a year; disaster, illness, job loss, school fees",
         ("family", "disaster", "illness", "job_loss", "schooling")),
    Verb("work", "able labour to farm and business, or away", ("migration_wish", "product_market", "migration")),
    Verb("earn", "income by source",
         ("business", "cooperative_fees", "projects", "wages", "property_income", "collective_income",
          "cooperative_surplus")),
    Verb("support", "policies claim, funds settle", ()),
    Verb("pay", "insurance pays back its part of the bills, the purse pays the rest", ("bills",)),
    Verb("cope", "who cannot pay borrows, sells, leaves school, goes hungry, forgoes care", ("coping",)),
    Verb("consume", "the floor first, then a share of income and wealth", ("consumption",)),
    Verb("invest", "towards the target; debts are served", ("investment", "repayment")),
    Verb("learn", "technique and schooling taught; what is aimed at, wanted, leaned on",
         ("example", "technique", "adult_training", "outlook", "aspiration", "motivation", "dependence", "norms")),
    Verb("serve", "those who deliver policies work, learn, tire and leave; organisations gain or lose",
         ("recruitment", "cadres", "teams", "trust", "organization", "feedback", "usual_trade")),
    Verb("account", "twelve-month sums, poverty, spells", ("clearing", "bookkeeping", "spells")),
    Verb("govern", "monitoring; each December incomes are looked at, register, exit test of counties, teams are sent",
         ("observation", "register", "county_exit", "watch", "appraisal", "withdrawal", "assignment")),
    Verb("record", "the measures are taken", ()),
    Verb("close", "this December becomes the last one", ("year_end",)),
)  # fmt: skip

OPTIMAL = (
    Verb("set", "a new month begins", ()),
    Verb("earn", "each December a year's output of capital and ability", ("optimal_output",)),
    Verb("consume", "all but what the optimal policy keeps", ("optimal_consumption",)),
    Verb("invest", "what it keeps is kept, and a shock may strike it", ("optimal_investment",)),
    Verb("account", "twelve-month sums, poverty, spells", ("bookkeeping", "spells")),
    Verb("record", "the measures are taken", ()),
    Verb("close", "this December becomes the last one", ("year_end",)),
)  # fmt: skip


class Mode(Section):
    """By which list of verbs months are lived."""

    mode = Parameter(
        "monthly", choices=("monthly", "optimal"), mark="choice",
        doc="the model, or to check it: households alone with their capital, by the optimal policy and the year",
    )  # fmt: skip


def lived_by(scenario: Scenario) -> tuple[Verb, ...]:
    """The list of verbs that each month of a scenario is lived by; raises BadInput where its mode has no room for it.

    >>> from fupin_sim.catalogue import BUILT_IN
    >>> from fupin_sim.scenario import load
    >>> [verb.name for verb in lived_by(load({"model": {"mode": "optimal"}}, BUILT_IN))][1:4]
    ['earn', 'consume', 'invest']
    """
    if scenario.section("model")["mode"] == "monthly":
        return MONTH
    outside = [
        f"[[{kind}]] {entry.name}"
        for kind, entries in (("policy", scenario.policies), ("shock", scenario.shocks))
        for entry in entries
    ]
    if outside:
        raise BadInput(
            [f'{entry}: [model] mode = "optimal" is of households alone; take it out' for entry in outside],
            scenario.where,
        )
    return OPTIMAL
