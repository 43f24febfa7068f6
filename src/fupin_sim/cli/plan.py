"""A plan: what an order comes to, before anything is run."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from fupin_sim.cli.counted import counted
from fupin_sim.cli.estimate import (
    Estimate,
    estimate,
    refuse_too_large,
    seconds_for,
    spoken,
    workers_for,
)
from fupin_sim.cli.order import Order
from fupin_sim.dated import month_name
from fupin_sim.errors import BadInput
from fupin_sim.executors.capacity import free_memory, processors
from fupin_sim.given import last_seed
from fupin_sim.model import spec_of
from fupin_sim.output import RunFolder
from fupin_sim.scenario import Scenario


@dataclass(frozen=True)
class Plan:
    """The scenario read, the folder ready, the seeds still to be run, what one run costs, and who does the work."""

    order: Order
    scenario: Scenario
    folder: RunFolder | None
    seeds: Sequence[int]
    cost: Estimate | None
    workers: int

    @property
    def title(self) -> str:
        return self.scenario.title or self.order.scenario

    @property
    def burn_in(self) -> int:
        return int(self.scenario.section("burn_in")["months"])

    @property
    def months(self) -> int:
        """How many months one run lives."""
        return self.burn_in + self.scenario.months

    def say(self, text: str) -> None:
        """Tell the user, beside the result."""
        if not self.order.quiet:
            print(text, file=sys.stderr)


def planned(order: Order) -> Plan:
    """The plan of an order; raises BadInput before anything is written."""
    order.check()
    scenario = spec_of(order.scenario, order.settings())
    last_seed(scenario.seed, order.replicates)
    refuse_too_large(scenario)
    seeds = range(scenario.seed, scenario.seed + order.replicates)
    folder, missing = None, list(seeds)
    if order.out is not None:
        folder = RunFolder(order.out, scenario, seeds, order.households, order.words())
        folder.refuse_unless_ours(order.force)
        missing = [seed for _, seed in folder.missing()]
    cost = measured(scenario, order) if missing else None
    if order.out is not None:  # only now, when nothing is left to be wrong
        folder = RunFolder.prepare(
            order.out, scenario, seeds, households=order.households, force=order.force, command=order.words()
        )
    return Plan(order, scenario, folder, missing, cost, workers_of(order, cost, len(missing)))


def measured(scenario: Scenario, order: Order) -> Estimate | None:
    """The cost of one run; None where the trial raises, as then do the runs, which are recorded."""
    try:
        return estimate(scenario, order.households)
    except BadInput:
        raise
    except Exception:
        return None


def workers_of(order: Order, cost: Estimate | None, runs: int) -> int:
    """How many processes work: as many as wanted, or as make sense."""
    if order.wanted_workers is not None:
        return max(1, min(order.wanted_workers, runs))
    return workers_for(runs, cost, processors(), free_memory()) if cost and runs else 1


def announce(plan: Plan) -> None:
    """What is run, what it will cost, how much of it is there already."""
    scenario, cost, runs = plan.scenario, plan.cost, len(plan.seeds)
    end = month_name(scenario.start + scenario.months - 1)
    plan.say(f"{plan.title}\n{month_name(scenario.start)} to {end}, after {plan.burn_in} months of burn-in")
    if there := plan.order.replicates - runs:
        plan.say(f"{there} of {counted(plan.order.replicates, 'run', 'is', 'are')} there already.")
    if not runs:
        return
    plan.say(str(cost) if cost else "No estimate: the trial of three months failed.")
    about = f": about {spoken(seconds_for(runs, cost, plan.workers))}" if cost else ""
    plan.say(f"{counted(runs, 'run')} on {counted(plan.workers, 'worker')}{about}")
    free = free_memory()
    if cost and free is not None and plan.workers * cost.memory > free:
        plan.say(f"This may need more memory than is free ({free / 2**20:,.0f} MB); fewer --workers need less.")
