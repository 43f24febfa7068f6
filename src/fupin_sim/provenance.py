"""Provenance: which program, scenario, seeds and command made these numbers, and nothing about who ran it."""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from fupin_sim.version import __version__

PACKAGE = "fupin-sim"
ROOT = Path(__file__).parent
LIBRARIES = ("numpy", "mesa", "pandas", "scipy", "duckdb", "matplotlib")


def program() -> dict[str, Any]:
    """The program and what it stands on; looked up without importing anything heavy."""
    return {
        "package": PACKAGE,
        "version": __version__,
        "source": source_digest(),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "platform": {"system": platform.system(), "machine": platform.machine(), "libc": " ".join(platform.libc_ver())},
    }


@cache
def source_digest() -> str:
    """BLAKE2b-128 of the package's own Python files, so that a changed program is never taken for the old one."""
    root = ROOT
    total = hashlib.blake2b(digest_size=16)
    for file in sorted(root.rglob("*.py"), key=lambda file: file.relative_to(root).as_posix()):
        total.update(file.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.blake2b(file.read_bytes()).digest())
    return total.hexdigest()


def command_told(arguments: Sequence[str] | None = None) -> list[str]:
    """The command line without the user's folders: a path outside the working folder is cut to its last part.

    >>> command_told(["/home/li/bin/fupin-sim", "run", "scenarios/a.toml", "--out=/home/li/x", "--set", "a.b=1"])
    ['fupin-sim', 'run', 'scenarios/a.toml', '--out=x', '--set', 'a.b=1']
    """
    given = list(sys.argv if arguments is None else arguments)
    return [PACKAGE, *(_without_folders(argument) for argument in given[1:])]


def files_told(files: Mapping[str, str]) -> list[dict[str, str]]:
    """Plugins and data with their digests, by name; two files of one name stay two entries."""
    return [{"file": _without_folders(str(name)), "digest": digest} for name, digest in sorted(files.items())]


def file_digests(paths: Iterable[Path], folder: Path) -> dict[str, str]:
    """BLAKE2b-128 of written files, by their path inside the folder."""
    return {path.relative_to(folder).as_posix(): file_digest(path) for path in sorted(paths)}


def file_digest(path: Path) -> str:
    """BLAKE2b-128 of one file, read piece by piece."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


# a path from the root, a home, a drive or a share, or one that climbs out; up to the quote or comma that ends it
_FOREIGN = re.compile(r"""(?<![^="'\[,{])(?:~|[A-Za-z]:[\\/]|[\\/]|(?:[^="'\[,{\\/]+[\\/])*\.\.(?![^\\/]))[^"',\]}]*""")


def _without_folders(text: str) -> str:
    return _FOREIGN.sub(lambda path: re.split(r"[\\/]", path[0].rstrip("\\/"))[-1] or ".", text)


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
