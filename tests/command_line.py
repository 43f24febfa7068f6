"""The command line as a test calls it: in this process, or as a real one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from fupin_sim.cli import main

COMMAND = Path(sys.executable).parent / "fupin-sim"

TINY = """
[scenario]
title = "Tiny"
start = "2016-01"
years = 2
seed = 5
[population]
counties = 2
villages = 4
households = 30
[burn_in]
months = 12
[[policy]]
use = "dibao"
in_burn_in = true
"""


@dataclass(frozen=True)
class Said:
    """What a command left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """`fupin("run", "tiny.toml")` in this process."""

    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str | Path) -> Said:
        self.capture.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        out, err = self.capture.readouterr()
        return Said(int(left.value.code or 0), out, err)


def start(*words: str | Path, folder: Path) -> subprocess.Popen[str]:
    """The installed command as a process of its own, in a folder."""
    return subprocess.Popen(
        [str(COMMAND), *map(str, words)], cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "COLUMNS": "80"},
    )  # fmt: skip


def files_in(folder: Path) -> set[str]:
    """Every file below a folder, by its path from there."""
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
