"""Work: what validation has to run, cut into tasks that may run anywhere, and what came of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from fupin_sim.calibrate import STEPS, Lever, levers
from fupin_sim.errors import BadInput
from fupin_sim.executors import Failure, run_all
from fupin_sim.patterns import PATTERNS, Numbers, Pattern
from fupin_sim.targets import CHECK_SEEDS, measured
from fupin_sim.validation import counts, identification, ruin, vanishing
from fupin_sim.validation.closed_forms import Known, closed_forms
from fupin_sim.validation.thresholds import WITH_RISK, WITHOUT_RISK, Row, business_income, frontier, thresholds

Key = tuple[str, ...]
Task = tuple[Key, tuple[Any, ...]]
ABILITIES = tuple(0.94 + 0.0025 * i for i in range(69))
EVERYTHING = ("campaign", "campaign_fitted")
"""The shipped scenarios in which every institution is in place: as it is, and fitted again in that world."""
OF_PARAMETERS = 2
"""Replicates of each end of each parameter: luck is shared, and there are many parameters."""


@dataclass(frozen=True)
class Plan:
    """seeds: one a replicate. sets: further settings of every run. paths: of the probability of ruin.

    parameters: how many of those not known have their ends tried; moved: how many of the fitted ones are moved; None:
    all.
    """

    seeds: Sequence[int] = CHECK_SEEDS
    sets: Mapping[str, Any] = field(default_factory=dict)
    paths: int = ruin.PATHS
    parameters: int | None = None
    moved: int | None = None

    @property
    def levers(self) -> list[Lever]:
        """The fitted parameters that are moved."""
        return levers(STEPS)[: self.moved]

    def tasks(self) -> list[Task]:
        """Keys, the long tasks first, with what to do."""
        return [*self._by_seed(), *self._by_parameter(), *self._exact()]

    def _by_seed(self) -> Iterator[Task]:
        for seed in self.seeds:
            for run in distinct_runs():
                yield ("run", run, str(seed)), (_run, run, seed, self.sets)
            for arm in counts.ARMS:
                yield ("count", arm, str(seed)), (counts.headcounts, arm, seed, self.sets)
            for technology in ("trap", "no_trap"):
                yield ("business", technology, str(seed)), (business_income, technology, seed, self.sets)
            for name, settings in identification.CONTESTED.items():
                yield ("contested", name, str(seed)), (identification.headline, settings, seed, self.sets)
            yield ("slope", str(seed)), (vanishing.slope, seed, self.sets)
            yield ("target", "", str(seed)), (_target, {}, seed, self.sets)
            for scenario in EVERYTHING:
                yield ("target of", scenario, str(seed)), (measured, seed, self.sets, scenario)
            for lever in self.levers:
                moved = {lever.path: identification.stepped(lever)}
                yield ("target", lever.path, str(seed)), (_target, moved, seed, self.sets)

    def _by_parameter(self) -> Iterator[Task]:
        seeds = tuple(self.seeds)[:OF_PARAMETERS]
        for path, ends in list(identification.open_parameters().items())[: self.parameters]:
            yield ("swing", path), (identification.swing, path, ends, seeds, self.sets)

    def _exact(self) -> Iterator[Task]:
        for case in ruin.CASES:
            yield ("ruin", *map(str, case)), (_ruin, case, self.paths)
        yield ("thresholds",), (thresholds,)
        for risk in (WITHOUT_RISK, WITH_RISK):
            yield ("frontier", risk), (frontier, risk, ABILITIES)
        yield ("closed forms",), (closed_forms,)
        yield ("vanishing",), (vanishing.checks,)


def distinct_runs() -> dict[str, Pattern]:
    """A pattern for each run: some patterns are read off the same."""
    found: dict[str, Pattern] = {}
    for pattern in PATTERNS:
        if not any(other.run is pattern.run for other in found.values()):
            found[pattern.key] = pattern
    return found


def _run(key: str, seed: int, sets: Mapping[str, Any]) -> Numbers:
    return distinct_runs()[key].run(seed, sets)


def _target(moved: Mapping[str, float], seed: int, sets: Mapping[str, Any]) -> Numbers:
    return measured(seed, {**sets, **moved})


def _ruin(case: ruin.Case, paths: int) -> float:
    return ruin.model(paths=paths).absorbed(*case)


def do(fn: Callable[..., Any], *arguments: Any) -> Any:
    """One task; in a worker, or here."""
    return fn(*arguments)


@dataclass(frozen=True)
class Findings:
    """What the tasks of a plan found, by key."""

    plan: Plan
    found: Mapping[Key, Any]

    def over_seeds(self, *key: str) -> list[Any]:
        """What each replicate found, in the order of seeds."""
        return [self.found[(*key, str(seed))] for seed in self.plan.seeds]

    def of_pattern(self, pattern: Pattern) -> dict[str, list[float]]:
        """What each replicate gave for each number of a pattern."""
        key = next(key for key, other in distinct_runs().items() if other.run is pattern.run)
        found: list[Numbers] = self.over_seeds("run", key)
        return {name: [each[name] for each in found] for name in found[0]}

    @property
    def thresholds(self) -> list[Row]:
        """Case, ability, published, solved."""
        rows: list[Row] = self.found["thresholds",]
        return rows

    @property
    def closed_forms(self) -> list[Known]:
        """Known answers and ours."""
        known: list[Known] = self.found["closed forms",]
        return known

    @property
    def vanishing(self) -> list[vanishing.Check]:
        """What may not change a bit."""
        checks: list[vanishing.Check] = self.found["vanishing",]
        return checks

    def jacobian(self) -> identification.Jacobian:
        """How the targets move with the levers."""
        moved = {lever.path: self.over_seeds("target", lever.path) for lever in self.plan.levers}
        return identification.jacobian(self.over_seeds("target", ""), moved)

    def swings(self) -> dict[str, Numbers]:
        """What the headline changes by from end to end of each parameter that is not known."""
        return {key[1]: value for key, value in self.found.items() if key[0] == "swing"}


def carried_out(
    plan: Plan,
    workers: int = 1,
    finished: Callable[[int, int], None] = lambda done, of: None,
    stopping: Callable[[], bool] = lambda: False,
) -> Findings | None:
    """Everything found, or None when stopped before the end. finished: told how many tasks of how many are done.

    Raises BadInput with all that failed: a page with holes is not written.
    """
    tasks, found, failed = plan.tasks(), {}, []
    with closing(run_all(do, tasks, workers, stopping=stopping)) as outcomes:
        for key, outcome in outcomes:
            if isinstance(outcome, Failure):
                failed.append(f"{' '.join(key)}: {outcome.error}")
            found[key] = outcome
            finished(len(found), len(tasks))
    if failed:
        raise BadInput(failed)
    return Findings(plan, found) if len(found) == len(tasks) else None
