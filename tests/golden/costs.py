"""What the scenarios compared at equal cost cost, written anew: `make costs`, or `python -m tests.golden.costs`."""

from __future__ import annotations

import numpy as np
import pandas as pd

from fupin_sim.equal_cost import CONFIRM, SEARCH, on_workers
from fupin_sim.intervals import student
from fupin_sim.model import spec_of
from fupin_sim.shipped import folder

PAIRS = {
    "assessment_strong": "assessment_weak",
    "assessment_too_strong": "assessment_weak",
    "flood": "drip",
    "line_relative": "line_stepped",
    "monitoring_marginal": "monitoring_ex_poor",
    "support_without_follow_on": "support_with_follow_on",
    "teams_matched": "teams_random",
    "teams_none_cash": "teams_random",
    "withdraw_when_stable": "withdraw_at_exit",
}
"""Each arm with its reference."""
SEEDS = {"line_relative": 32, "teams_none_cash": 16}
"""How many pairs are lived where luck is larger; otherwise 8. Half of them are those of a search, half of a check."""
FILE = "equal_cost.csv"


def seeds_of(arm: str) -> list[int]:
    """Seeds kept apart from those of any comparison."""
    half = SEEDS.get(arm, 8) // 2
    return [spec_of(arm).seed + base + i for base in (SEARCH, CONFIRM) for i in range(half)]


def row(arm: str, number: int | None = None) -> dict[str, object]:
    """Both accounts of an arm and its reference, yuan per resident, discounted; number: of the seeds, all if None."""
    reference, spec = spec_of(PAIRS[arm]), spec_of(arm)
    seeds, costs = seeds_of(arm)[:number], on_workers(spec.start)
    aim, found = costs(reference, seeds), costs(spec, seeds)
    mean = np.mean([each.fiscal for each in aim])
    off = student([100.0 * (b.fiscal - a.fiscal) / mean for a, b in zip(aim, found, strict=True)])
    return {
        "arm": arm, "reference": PAIRS[arm], "arm_key": spec.key, "reference_key": reference.key, "pairs": len(seeds),
        "first_arm": found[0].of("fiscal"), "first_reference": aim[0].of("fiscal"),
        **{
            f"{account}_{who}": np.mean([each.of(account) for each in runs])
            for account in ("fiscal", "social") for who, runs in (("arm", found), ("reference", aim))
        },
        "percent_off": float(off.mean), "low": float(off.low), "high": float(off.high),
    }  # fmt: skip


def read() -> pd.DataFrame:
    """The accounts as they were written, by arm."""
    return pd.read_csv(folder() / FILE, index_col="arm")


def main() -> None:
    rows = []
    for arm in PAIRS:
        rows.append(row(arm))
        print(f"{arm}: {rows[-1]['percent_off']:+.2f} % of {PAIRS[arm]}", flush=True)
    pd.DataFrame(rows).to_csv(folder() / FILE, index=False, float_format="%.10g", lineterminator="\n")


if __name__ == "__main__":
    main()
