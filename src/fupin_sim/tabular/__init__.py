"""A data file of the user's as columns of texts, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from fupin_sim.errors import BadInput
from fupin_sim.tabular.cells import Cells, FileSettings
from fupin_sim.tabular.csv_file import read_csv
from fupin_sim.tabular.parquet_file import read_parquet
from fupin_sim.tabular.stata_file import read_stata

__all__ = ["READERS", "Cells", "FileSettings", "read_cells"]

Reader = Callable[[Path, Collection[str], FileSettings], Cells]
READERS: Mapping[str, Reader] = {".csv": read_csv, ".parquet": read_parquet, ".dta": read_stata}


def read_cells(path: Path, wanted: Collection[str], settings: FileSettings | None = None) -> Cells:
    """The wanted columns of a file, by the ending of its name; columns it does not have are left out.

    Raises BadInput where it is not the kind of file that its name says.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise BadInput(f"the ending {path.suffix!r} is not one of {', '.join(READERS)}; export the survey as CSV.")
    try:
        return reader(path, wanted, settings or FileSettings())
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror or type(error).__name__}.") from None
