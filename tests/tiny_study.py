"""A study of two tiny arms, which lives a run in a fifth of a second."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from fupin_sim.experiment.driver import Driver, Ears, Settings
from fupin_sim.experiment.study import Study
from fupin_sim.experiment.study_file import read_study
from fupin_sim.store import Store
from tests.command_line import TINY

STUDY = """
[study]
title = "Tiny arms"
scenario = "tiny.toml"
seed = 3
measures = ["headcount", "income"]
[arms.as_it_is]
[arms.cash]
[[arms.cash.policy]]
name = "cash"
use = "uniform_cash"
level = 900
[replicates]
first = 4
[compare]
baseline = "as_it_is"
"""


def write_study(folder: Path, more: str = "", text: str = STUDY, plugin: str = "") -> Path:
    """The study's files in a folder; more: tables after it. plugin: code of a policy that both arms have."""
    scenario = TINY
    if plugin:
        (folder / "own.py").write_text(plugin, encoding="utf-8")
        scenario += '[[policy]]\nuse = "own.py"\n'
    (folder / "tiny.toml").write_text(scenario, encoding="utf-8")
    file = folder / "tiny_study.toml"
    file.write_text(text + more, encoding="utf-8")
    return file


BRIEF = {"population.counties": 1, "population.villages": 1, "population.households": 10, "scenario.years": 1,
         "burn_in.months": 0}  # fmt: skip
"""Settings of a scenario with which a run takes some milliseconds."""


def study(folder: Path, more: str = "", **options: Any) -> Study:
    return read_study(write_study(folder, more, **options))


def driven(made: Study, store: Store, **settings: Any) -> Driver:
    """A driver that has done what there was to do."""
    ears = settings.pop("ears", Ears())
    driver = Driver(made, store, Settings(**{"on": "serial", **settings}), ears)
    driver.take_up()
    driver.drive()
    return driver


def kept(folder: Path) -> tuple[str, pd.DataFrame]:
    """What a finished study shows, and nothing that luck of time decides: its digest and its headlines."""
    with Store(folder, write=False) as store:
        assert store.verify(deep=True) == []
        frame = store.headlines().drop(columns="seconds")
        return store.digest(), frame.reset_index(drop=True)
