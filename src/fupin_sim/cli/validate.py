"""`validate`: write the validation page."""

from __future__ import annotations

import sys
from pathlib import Path

from fupin_sim.errors import BadInput
from fupin_sim.targets import CHECK_SEEDS
from fupin_sim.validation import write


def write_page(out: Path, replicates: int) -> None:
    """Write the page; a folder that is not there, or may not be written, is refused before anything is computed."""
    if not out.parent.is_dir() or out.is_dir():
        raise BadInput(f"--out {out}: wanted is a file in a folder that is there")
    seeds = range(CHECK_SEEDS[0], CHECK_SEEDS[0] + replicates)
    write(out, seeds, lambda doing: print(doing, file=sys.stderr))
    print(f"Wrote {out}.")
