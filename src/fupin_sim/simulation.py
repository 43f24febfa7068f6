"""Simulate: a scenario and a seed become a result; a run can be stopped, branched and taken up again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd

from fupin_sim.allocator import keep_memory
from fupin_sim.dated import month_name, month_number
from fupin_sim.errors import BadInput
from fupin_sim.model import PovertyModel, Snapshot, spec_of
from fupin_sim.panel import panel_frame
from fupin_sim.recorder import Recorder
from fupin_sim.scenario import Scenario

Progress = Callable[[int, int], None]
PANELS: Mapping[str | None, str] = {None: "", "yearly": "year", "monthly": "month"}


@dataclass(frozen=True)
class Result:
    """What one run showed.

    series: tidy frame of month ("2016-12"), measure, group ("" for the whole, else such as "source:wage"), value.
    headlines: the mean of each measure over the months in which it is not missing; NaN where it always is. Of what adds
        up over a run, such as discounted cost, the sum.
    missing: in how many months each measure is missing, as a rate is when nobody was at risk.
    survival: years_since_exit, at_risk, returned: households, pooled over Decembers, by years since their last exit.
    households: the panel, if it was asked for: month and every household column, in the order of rows; money in yuan,
        months as dates.
    digest: BLAKE2b-128 of the measures' bytes: equal for equal scenario, seed and version. seconds: wall time.
    outcomes: one row a household, what became of it, if it was asked for; the columns are those of
        `fupin_sim.outcomes.COLUMNS`. To be held against another run's by `fupin_sim.counterfactual`.
    """

    scenario: Scenario
    seed: int
    series: pd.DataFrame
    headlines: Mapping[str, float]
    survival: pd.DataFrame
    households: pd.DataFrame | None
    digest: str
    seconds: float
    missing: Mapping[str, int]
    outcomes: pd.DataFrame | None = None

    @property
    def units(self) -> dict[str, str]:
        """The unit of each measure."""
        return {entry.name: str(getattr(entry.cls, "unit", "")) for entry in self.scenario.measures}


def simulate(
    scenario: Scenario | str | Path | None = None,
    seed: int | None = None,
    *,
    sets: Sequence[str] | Mapping[str, Any] = (),
    households: Literal["yearly", "monthly"] | None = None,
    outcomes: bool | str = False,
    check_books: bool = False,
    block: int | None = None,
    counties: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> Result:
    """Run a scenario once.

    scenario: a file, a loaded Scenario, or None for the defaults. seed: the scenario's own if None.
    sets: further settings, such as ["policy.dibao.level=0.8"]. households: keep the panel of households.
    outcomes: count what becomes of each household, from the start or from a decision month, such as "2021-01".
    check_books: verify every identity of the ledger in every month. block: households in a block; equal bits for any.
    counties: only these. progress: called with months done and months in all.
    Raises BadInput for what the user got wrong.

    >>> result = simulate(sets=["population.villages=4", "scenario.years=1"], seed=3)
    >>> result.series.columns.tolist()
    ['month', 'measure', 'group', 'value']
    """
    panel = _panel(households)
    keep_memory()
    began = time.perf_counter()
    model = PovertyModel(
        _with(scenario, sets), seed=seed, block=block, counties=counties, check_books=check_books, panel=panel,
        outcomes=_since(outcomes), progress=progress,
    )  # fmt: skip
    return _finish(model, progress, began)


def snapshot(
    scenario: Scenario | str | Path | None = None,
    month: str = "",
    seed: int | None = None,
    *,
    sets: Sequence[str] | Mapping[str, Any] = (),
    households: Literal["yearly", "monthly"] | None = None,
    outcomes: bool | str = False,
) -> Snapshot:
    """Run a scenario to the end of a month, such as "2018-12", and keep everything its future depends on.

    With month "" the snapshot is taken at the end of the burn-in. Raises BadInput for a month outside the run.
    """
    keep_memory()
    model = PovertyModel(_with(scenario, sets), seed=seed, panel=_panel(households), outcomes=_since(outcomes))
    spec = model.spec
    try:
        last = month_number(month) if month else spec.start - 1
    except ValueError as error:
        raise BadInput(f"month: {error}") from None
    if not spec.start - 1 <= last < spec.start + spec.months:
        end = month_name(spec.start + spec.months - 1)
        raise BadInput(f'month = "{month}": the run lasts from {month_name(spec.start)} to {end}')
    model.live_until(last)
    return model.snapshot()


def resume(
    moment: Snapshot,
    *,
    scenario: Scenario | str | Path | None = None,
    seed: int | None = None,
    outcomes: bool | str = False,
    check_books: bool = False,
    block: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Go on from a snapshot to the end.

    With nothing else given the result equals the undisturbed run bit for bit. scenario: another one from here on
    (a branch); its start and burn-in must be the same. seed: another luck from here on (another future). outcomes: True
    goes on as the snapshot did, or counts from here on; a month counts afresh from it. Causes of the first year are
    known where the snapshot was taken with outcomes.
    """
    keep_memory()
    began = time.perf_counter()
    spec = None if scenario is None else spec_of(scenario)
    model = PovertyModel(
        spec, snapshot=moment, seed=seed, check_books=check_books, block=block, panel=moment.recorder.panel_every,
        outcomes=_since(outcomes),
    )  # fmt: skip
    return _finish(model, progress, began)


def _with(scenario: Scenario | str | Path | None, sets: Sequence[str] | Mapping[str, Any]) -> Scenario:
    return spec_of(scenario, sets)


def _panel(households: str | None) -> str:
    if not isinstance(households, str | None) or households not in PANELS:
        raise BadInput(f'households = "{households}": allowed are yearly, monthly')
    return PANELS[households]


def _since(outcomes: bool | str) -> int | bool | None:
    """True, the number of the month named, or None for nothing asked."""
    if isinstance(outcomes, bool):
        return outcomes or None
    try:
        return month_number(outcomes)
    except ValueError as error:
        raise BadInput(f"outcomes: {error}") from None


def _finish(model: PovertyModel, progress: Progress | None, began: float) -> Result:
    model.live_until(model.spec.start + model.spec.months - 1, progress)
    recorder = model.recorder
    return Result(
        model.spec, model.world.draws.seed, series_of(recorder), recorder.headlines(), survival_of(recorder),
        panel_frame(recorder.panel) if recorder.panel_every else None, recorder.digest(),
        time.perf_counter() - began, recorder.missing(),
        None if recorder.outcomes is None else recorder.outcomes.frame(model.world),
    )  # fmt: skip


def series_of(recorder: Recorder) -> pd.DataFrame:
    """The recorded measures as a tidy frame."""
    frame = pd.DataFrame(recorder.rows, columns=["month", "measure", "group", "value"])
    frame["month"] = [month_name(month) for month in frame["month"]]
    return frame


def survival_of(recorder: Recorder) -> pd.DataFrame:
    """Households at risk and returned by years since exit, from the first year to the last with anybody at risk."""
    years = np.arange(1, int(np.max(np.flatnonzero(recorder.at_risk), initial=0)) + 1)
    return pd.DataFrame(
        {"years_since_exit": years, "at_risk": recorder.at_risk[years], "returned": recorder.returned[years]}
    )
