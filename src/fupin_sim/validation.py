"""Validation: one command writes what the model gets right, what it misses, and what no evidence settles."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from fupin_sim.dynamic_programme import TRAP, solve
from fupin_sim.files import write_text
from fupin_sim.simulation import simulate
from fupin_sim.targets import CHECK_SEEDS, compare

WITHOUT_RISK = ((1.0, 1.0),)
THRESHOLDS = (
    ("without risk", 0.96, 5.61), ("without risk", 0.98, 5.01), ("without risk", 1.00, 4.26),
    ("without risk", 1.02, 0.0), ("with risk", 0.98, np.inf), ("with risk", 1.00, 6.12), ("with risk", 1.02, 5.54),
    ("with risk", 1.04, 5.08), ("with risk", 1.06, 4.60), ("with risk", 1.08, 3.91), ("with risk", 1.10, 0.0),
)  # fmt: skip
"""Case, ability, capital at which an optimal household begins to aim high: 0 always, infinite never."""
TOLERANCE = 0.15

INTRODUCTION = """\
# Validation

`fupin-sim validate` writes this page. A miss stands here as a miss: no tolerance was widened after it was seen.
"""
TRIED = """\
What was tried against the misses: a fit by `python -m fupin_sim.calibrate`, which moves {levers} within their
plausible ranges and shares luck between all runs, so that small differences show. It was fitted on other seeds than
those of the table.
"""
UNIDENTIFIED = """\
## What no evidence used here settles

- Whether there is a poverty trap. The studies for China conflict, so every headline belongs under both technologies
  (`process.business.technology`).
- How much relief discourages work (`process.dependence.strength`): studies find nothing, little and a lot. Sweep it.
- How growth divides between wages, farms and transfers; it is assumed, and with it what is credited to policy.
- Every parameter that `fupin-sim show parameters` marks as assumed or unverified.
- Nothing here tests a policy against a trial that was not used in fitting; the patterns held out for that need
  institutions the model does not have yet.
"""


def thresholds() -> list[tuple[str, float, float, float]]:
    """Case, ability, expected and solved threshold of the two-technology problem.

    Source: Ikegami, Carter, Barrett & Janzen 2016, at discount .95, risk aversion 1.5, depreciation .08.
    """
    rows = []
    for case in dict.fromkeys(case for case, _, _ in THRESHOLDS):
        wanted = [(ability, expected) for its, ability, expected in THRESHOLDS if its == case]
        abilities = [ability for ability, _ in wanted]
        found = solve(TRAP, abilities, shocks=WITHOUT_RISK) if case == "without risk" else solve(TRAP, abilities)
        rows += [(case, a, e, float(k)) for (a, e), k in zip(wanted, found.threshold, strict=True)]
    return rows


def same_mean(seeds: Sequence[int]) -> tuple[float, float]:
    """Mean business income per person of the two technologies, yuan a year, over twelve years of the baseline."""
    name = "income_by_source source:business"
    trap, no_trap = (
        float(np.mean([simulate(technology, seed).headlines[name] for seed in seeds]))
        for technology in ("baseline", "no_trap")
    )
    return trap, no_trap


def page(seeds: Sequence[int] = CHECK_SEEDS, tell: Callable[[str], None] = lambda _: None) -> str:
    """The validation page in Markdown."""
    tell("solving the dynamic programme …")
    solved = [
        (case, f"{ability:.2f}", _told(expected), _told(found), _verdict(_agrees(expected, found)))
        for case, ability, expected, found in thresholds()
    ]
    tell("comparing the two technologies …")
    trap, no_trap = same_mean(seeds)
    apart = abs(no_trap / trap - 1)
    tell("comparing the baseline with its targets …")
    moments = [
        (
            str(row.moment), f"{row.target:,.4g} ± {row.tolerance:.3g}", f"{row.simulated:,.4g}",
            f"{row.low:,.4g} to {row.high:,.4g}", str(row.verdict), str(row.unit), str(row.source),
        )
        for row in compare(seeds).itertuples()
    ]  # fmt: skip
    hits = sum(row[4] == "hit" for row in moments)
    from fupin_sim.calibrate import STEPS

    return "\n".join(
        [
            INTRODUCTION,
            "## Exact: the threshold of the optimal household\n",
            f"Capital from which it pays to aim high, expected ± {TOLERANCE} and as solved.\n",
            _table(["case", "ability", "expected", "solved", "verdict"], solved),
            "\n## Exact: one mean income, two technologies\n",
            f"Business income per person and year: {trap:,.0f} yuan with the trap, {no_trap:,.0f} without, "
            f"{apart:.2%} apart ({_verdict(apart <= 0.01)}: at most 1 %). {len(seeds)} replicates.\n",
            "## Targets of the baseline\n",
            f"{hits} of {len(moments)} are hit. Mean and 95 % interval over {len(seeds)} replicates.\n",
            _table(["moment", "target", "simulated", "interval", "verdict", "unit", "source"], moments),
            "\n" + TRIED.format(levers=", ".join(f"`{path}`" for path in STEPS)),
            UNIDENTIFIED,
        ]
    )


def write(file: Path, seeds: Sequence[int] = CHECK_SEEDS, tell: Callable[[str], None] = lambda _: None) -> None:
    """Write the page; replaces the file only when the whole page is ready."""
    write_text(file, page(seeds, tell))


def _agrees(expected: float, found: float) -> bool:
    return expected == found or abs(expected - found) <= TOLERANCE


def _verdict(good: bool) -> str:
    return "hit" if good else "miss"


def _told(threshold: float) -> str:
    return "never" if np.isinf(threshold) else "always" if threshold == 0 else f"{threshold:.2f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])
