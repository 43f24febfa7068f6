"""Equal cost: one named amount of an arm is scaled until the arm is expected to cost what another one costs.

The root is searched on seeds of its own and confirmed on others; neither are seeds that a comparison would use.
"No setting" is an answer: the instrument may not reach far enough down or up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from fupin_sim.costs import Account, discount, opened
from fupin_sim.dated import Series, month_name, month_number
from fupin_sim.errors import BadInput
from fupin_sim.executors import Failure, run_all, tick
from fupin_sim.intervals import Interval, student
from fupin_sim.model import PovertyModel
from fupin_sim.parameter import Parameter
from fupin_sim.scenario import Scenario

TOLERANCE = 0.005
"""How far expected costs may be apart, as a share."""
AIM = TOLERANCE / 5
"""How near the search goes, so that other luck may still agree."""
SEARCH, CONFIRM = 10_000_000, 20_000_000
"""How far beyond the scenario's own seed the seeds of search and confirmation begin; replicates never count so far."""
HIGHEST = 64.0
"""The largest factor that is tried."""
ROUNDS = 40
ACCOUNTS = ("fiscal", "social")

Costs = Callable[[Scenario, Sequence[int]], list[Account]]


@dataclass(frozen=True)
class Closing:
    """The amount of a scenario that is scaled from the decision month on. decision: month number."""

    scenario: Scenario
    path: str
    decision: int

    def __post_init__(self) -> None:
        value, parameter = self.scenario.get(self.path), self.scenario.parameters()[self.path]
        if parameter.item != "float" or parameter.shape:
            raise BadInput(f"--closing {self.path}: cannot be scaled; name an amount", self.scenario.where)
        if value is None:
            raise BadInput(f'--closing {self.path}: is "none"; give it a number to scale', self.scenario.where)
        if not parameter.dated and not self._begins_with_the_decision():
            told = f"--closing {self.path}: takes no dates, and would change what was before the decision as well"
            raise BadInput(told, self.scenario.where)
        if not any(self._later()):
            raise BadInput(f"--closing {self.path}: is 0, of which all multiples are 0", self.scenario.where)

    def at(self, factor: float) -> Scenario:
        """The scenario with the amount multiplied from the decision month on; to six digits, as it will be written."""
        return self.scenario.with_({self.path: self.value(factor)})

    def value(self, factor: float) -> object:
        """What a scenario file says of it: a number, or a table of dates."""
        value = self.scenario.get(self.path)
        if not self._parameter.dated:
            return _rounded(value * factor)
        series = value if isinstance(value, Series) else Series((self.decision,), (value,))
        before = [(m, series.at(m)) for m in {self.decision - 1, *series.months} if m < self.decision]
        months = [self.decision, *(m for m in series.months if m > self.decision)]
        after = [(m, _rounded(series.at(m) * factor)) for m in months]
        return {month_name(month): number for month, number in sorted([*before, *after])}

    @property
    def most(self) -> float:
        """The largest factor that the limits of the parameter allow, HIGHEST at most."""
        high = (self._parameter.limits or (None, None))[1]
        return HIGHEST if high is None else min(HIGHEST, float(high) / max(self._later()))

    @property
    def _parameter(self) -> Parameter:
        return self.scenario.parameters()[self.path]

    def _later(self) -> list[float]:
        value = self.scenario.get(self.path)
        if not isinstance(value, Series):
            return [float(value)]
        return [float(value.at(m)) for m in (self.decision, *value.months) if m >= self.decision]

    def _begins_with_the_decision(self) -> bool:
        """Whether the path is of a policy that is not in force before the decision."""
        owner, _, _ = self.path.rpartition(".")
        values = self.scenario.values()
        if not owner.startswith("policy.") or values.get(f"{owner}.in_burn_in", True):
            return False
        start = values.get(f"{owner}.start")
        return (self.scenario.start if start is None else month_number(start)) >= self.decision


@dataclass(frozen=True)
class Solution:
    """What the search found for one arm.

    factor: NaN where there is no setting; then `least` and `most` are the costs that can be reached, as shares of the
    aim. search, confirm: differences of paired runs as shares of the aim. reference, arm: the accounts of those runs.
    """

    closing: Closing
    account: str
    factor: float
    search: Interval
    confirm: Interval
    reference: tuple[Account, ...]
    arm: tuple[Account, ...]
    least: float = math.nan
    most: float = math.nan

    @property
    def found(self) -> bool:
        return not math.isnan(self.factor)

    @property
    def agrees(self) -> bool:
        """Whether expected costs agree within TOLERANCE, on all runs together."""
        if not self.found:
            return False
        n, m = int(self.search.n), int(self.confirm.n)
        both = (float(self.search.mean) * n + float(self.confirm.mean) * m) / (n + m)
        return abs(both) <= TOLERANCE

    @property
    def scenario(self) -> Scenario:
        """The arm at equal cost."""
        return self.closing.at(self.factor)


def account_of(scenario: Scenario, seed: int, decision: int) -> Account:
    """Live a scenario once, from its burn-in to the end of the tail, and count what it costs from the decision on."""
    rules = scenario.section("cost")
    months = 12 * (rules["years"] + rules["tail"])
    years = math.ceil((decision + months - scenario.start) / 12)
    model = PovertyModel(scenario.with_({"scenario.years": years, "measures.use": ["spending"]}), seed=seed)
    account = opened(rules)
    while model.world.clock.month < decision + months - 1:
        model.step()
        later = model.world.clock.month - decision
        if later == 0:
            account.people = float(model.world.households.members.sum(dtype=np.int64))
        if later >= 0:
            account.add(model.world, discount(rules["rate"], later))
    tick()
    return account


def on_workers(decision: int, workers: int = 1) -> Costs:
    """Accounts of a scenario on some seeds, in their order. A run that fails raises RuntimeError."""

    known: dict[tuple[str, int], Account] = {}

    def costs(scenario: Scenario, seeds: Sequence[int]) -> list[Account]:
        key = scenario.key
        tasks = [(seed, (scenario, seed, decision)) for seed in seeds if (key, seed) not in known]
        for seed, account in run_all(account_of, tasks, workers):
            if isinstance(account, Failure):
                raise RuntimeError(f"seed {seed}: {account.error}\n{account.trace}")
            known[key, seed] = account
        return [known[key, seed] for seed in seeds]

    return costs


def solve(
    reference: Scenario,
    closing: Closing,
    costs: Costs,
    account: str = "fiscal",
    seeds: int = 8,
    again: int = 2,
    tell: Callable[[str], None] = lambda text: None,
) -> Solution:
    """Scale the closing amount until the arm's expected cost is that of the reference.

    seeds: pairs of runs in the search; as many others confirm. Where all together do not agree, twice as many are
    taken, `again` times at most.
    """
    factor = 1.0
    for turn in range(again + 1):
        number = seeds * 2**turn
        search = [reference.seed + SEARCH + i for i in range(number)]
        aim = costs(reference, search)

        def apart(factor: float, search: Sequence[int] = search, aim: Sequence[Account] = aim) -> float:
            off = float(np.mean(_differences(aim, costs(closing.at(factor), search), account)))
            tell(f"{closing.path} × {factor:.6g}: {100 * off:+.2f} % of the cost aimed at, on {len(search)} seeds")
            return off

        factor, ends = root(apart, factor, closing.most)
        if math.isnan(factor):
            nothing = student([math.nan])
            return Solution(closing, account, factor, nothing, nothing, tuple(aim), (), 1 + ends[0], 1 + ends[1])
        arm = closing.at(factor)
        fresh = [reference.seed + CONFIRM + i for i in range(number)]
        first, second = (costs(each, fresh) for each in (reference, arm))
        found = Solution(
            closing, account, factor, student(_differences(aim, costs(arm, search), account)),
            student(_differences(first, second, account)), tuple(first), tuple(second),
        )  # fmt: skip
        if found.agrees:
            break
    return found


def root(apart: Callable[[float], float], start: float, most: float) -> tuple[float, tuple[float, float]]:
    """The factor between 0 and `most` at which costs agree, by regula falsi (Illinois); NaN where there is none.

    apart: the difference of costs as a share of the aim. Also returns the smallest and largest difference seen.

    >>> factor, _ = root(lambda f: f * f - 2.0, 1.0, 64.0)
    >>> abs(factor * factor - 2.0) <= AIM
    True
    >>> root(lambda f: f + 0.5, 1.0, 64.0)
    (nan, (0.5, 1.5))
    """
    low, high = start, start
    at_low = at_high = apart(start)
    while at_high < -AIM and high < most:
        low, at_low, high = high, at_high, min(high * 2.0, most)
        at_high = apart(high)
    if at_low > AIM:
        low = 0.0
        at_low = apart(low)
    if at_low > AIM or at_high < -AIM:
        return math.nan, (min(at_low, at_high), max(at_low, at_high))
    for end, off in ((low, at_low), (high, at_high)):
        if abs(off) <= AIM:
            return end, (at_low, at_high)
    ends, side = (at_low, at_high), 0
    for _ in range(ROUNDS):
        tried = (low * at_high - high * at_low) / (at_high - at_low)
        off = apart(tried)
        if abs(off) <= AIM:
            return tried, ends
        # An end that stays for a second time counts half, or it would hold the search on its side.
        if off < 0:
            low, at_low, at_high, side = tried, off, at_high / (2.0 if side < 0 else 1.0), -1
        else:
            high, at_high, at_low, side = tried, off, at_low / (2.0 if side > 0 else 1.0), 1
    return math.nan, ends


def _differences(aim: Sequence[Account], arm: Sequence[Account], account: str) -> list[float]:
    """Differences of pairs as shares of the mean cost aimed at; raises BadInput where that is nothing."""
    mean = float(np.mean([each.of(account) for each in aim]))
    if not mean > 0:
        raise BadInput(f"the reference costs {mean:,.0f} yuan in the {account} account; nothing can be equal to that")
    return [(b.of(account) - a.of(account)) / mean for a, b in zip(aim, arm, strict=True)]


def _rounded(value: float) -> float:
    return float(f"{value:.6g}")
