"""The command `check`: all that is wrong with scenario or study files, without running them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from fupin_sim.errors import BadInput
from fupin_sim.experiment.study_file import holds_study, read_study
from fupin_sim.model import spec_of
from fupin_sim.scenario import Scenario
from fupin_sim.survey_report import survey_report


def check_files(files: Sequence[str], sets: Sequence[str]) -> int:
    """Print what is wrong with each file, or that it is right; the exit code."""
    mistaken = 0
    for file in files:
        try:
            if holds_study(file):
                print(study_told(file, sets), flush=True)
                continue
            scenario = spec_of(file, sets)
            populate(scenario)
        except BadInput as mistakes:
            mistaken += 1
            print(mistakes, file=sys.stderr)
        else:
            print(f"{file}: right{plugins_run(scenario)}", flush=True)
            if report := survey_report(scenario):
                print(f"\n{report}\n", flush=True)
    if mistaken and len(files) > 1:
        print(f"{mistaken} of {len(files)} files have mistakes.", file=sys.stderr)
    return 2 if mistaken else 0


def study_told(file: str, sets: Sequence[str]) -> str:
    """That a study is right, and how large it is; raises BadInput."""
    study = read_study(file, sets=sets)
    populate(next(iter(study.bases.values())))  # which all arms share
    counts = ((len(study.arms), "arm"), (len(study.points), "point"), (study.replicates.most, "replicate"))
    size = ", ".join(f"{n:,} {word}{'s' if n != 1 else ''}" for n, word in counts)
    return f"{file}: right; a study of {size} at most: up to {study.most_runs:,} runs"


def populate(scenario: Scenario) -> None:
    """Make the population, so that a survey that cannot be used is found too; raises BadInput."""
    from fupin_sim.cli.estimate import refuse_too_large
    from fupin_sim.draws import Draws
    from fupin_sim.population import build

    refuse_too_large(scenario)
    build(scenario, Draws(scenario.seed))


def plugins_run(scenario: Scenario) -> str:
    """Which files of the user's were run to check a scenario, for plugins are code."""
    entries = (*scenario.policies, *scenario.shocks, *scenario.measures)
    files = sorted({Path(entry.cls.origin.path).name for entry in entries if entry.cls.origin})
    return f" (plugins are code and were run: {', '.join(files)})" if files else ""
