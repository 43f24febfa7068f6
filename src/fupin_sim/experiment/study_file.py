"""From a TOML file to a study: every mistake in one message, before anything is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fupin_sim.experiment.study import Study
from fupin_sim.scenario import Scenario


def read_study(file: str | Path, *, sets: Sequence[str] | Mapping[str, Any] = (), max_runs: int | None = None) -> Study:
    """The study of a file, every scenario of it resolved; raises BadInput with all mistakes.

    sets: "path=value" texts or {path: value}, on top of every arm; "replicates.most=40" and other keys of the study's
    own tables also change the study. max_runs: refuse a study that may need more runs.
    """
    raise NotImplementedError


def study_of(
    tables: Mapping[str, Any],
    *,
    folder: str | Path | None = None,
    sets: Sequence[str] | Mapping[str, Any] = (),
    max_runs: int | None = None,
    where: str = "the study given",
) -> Study:
    """The study of ready tables; `folder` is where they look for what they name. Raises BadInput."""
    raise NotImplementedError


def compare_study(
    scenarios: Sequence[str | Path | Scenario] | Mapping[str, str | Path | Scenario],
    *,
    title: str = "",
    seed: int | None = None,
    measures: Sequence[str] = (),
    replicates: Mapping[str, Any] | None = None,
    contrasts: Sequence[tuple[str, str]] = (),
    households: bool = False,
    sets: Sequence[str] | Mapping[str, Any] = (),
    max_runs: int | None = None,
) -> Study:
    """Scenarios as arms, the first the baseline: files, shipped names or loaded scenarios, or a mapping by arm's name.

    replicates: as the table of a study file. Raises BadInput.
    """
    raise NotImplementedError
