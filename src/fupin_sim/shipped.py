"""The scenarios that come with the package, by bare name."""

from __future__ import annotations

from pathlib import Path

from fupin_sim.errors import BadInput, nearest

PACKAGE = Path(__file__).resolve().parent


def folder() -> Path:
    """Where the scenarios stand: inside an installed package, or beside `src` in a checkout."""
    installed = PACKAGE / "scenarios"
    return installed if installed.is_dir() else PACKAGE.parents[1] / "scenarios"


def names() -> list[str]:
    """The bare names of all shipped scenarios, in order.

    >>> "baseline" in names()
    True
    """
    return sorted(path.stem for path in folder().glob("*.toml"))


def scenario_file(name: str | Path) -> Path:
    """The file behind a path or a bare name such as "baseline"; a file of that name here comes first.

    Raises BadInput for a bare name that is neither. A path with a folder or an ending is returned as it is.
    """
    path = Path(name)
    if path.exists() or path.suffix or path.name != str(name):
        return path
    if str(name) in names():
        return folder() / f"{name}.toml"
    listed = ", ".join(names())
    raise BadInput(f'no scenario called "{name}".{nearest(str(name), names())}  Shipped: {listed}; or give a file')
